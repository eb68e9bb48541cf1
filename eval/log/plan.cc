// What can be known of all entries of a program before the first one is made.
#include <algorithm>
#include <numeric>

#include "eval/log/canonical.h"
#include "eval/log/pack.h"
#include "eval/log_entry.h"

namespace licet::log {
namespace {

// How much longer canonical JSON is than its record, at most: a control character takes six bytes,
// the empty object of one byte and a length fewer.
constexpr std::size_t kJsonPerByte = 6;
// `a` in a message becomes `[token ` and 22 letters and `]`.
constexpr std::size_t kHiddenPerByte = 31;
// null, one byte, becomes {"$encrypted":"..."} with 43 letters, and a comma.
constexpr std::size_t kHiddenValueBytes = 64;
// Names of members, id, time, salt, subject.
constexpr std::size_t kOtherBytes = 1024;

struct Masks {
  bool are_there = false;
  bool are_repeated = false;  // for elements: nobody knows how many
  bool encrypt = false;
  std::size_t count = 0;

  void look_at(const MaskTree& tree) {
    if (tree.mask != Mask::kNone) {
      are_there = true;
      ++count;
    }
    encrypt = encrypt || tree.mask == Mask::kEncrypt;
    for (const auto& [name, field] : tree.fields) look_at(field);
    if (!tree.elements) return;
    are_repeated = true;
    look_at(*tree.elements);
  }
};

// With the comma that goes before it.
std::string text_of_key(const std::string& path) {
  std::string key = ",";
  append_canonical_key(path, key);
  return key;
}

std::string text_of_rule(const std::string& rule) {
  std::string text = ",";
  append_canonical_string(rule, text);
  return text;
}

std::size_t longest(const std::vector<std::string>& texts) {
  std::size_t longest = 0;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  return longest;
}

}  // namespace

void ReadPlan::settle() {
  keys.clear();
  rule_texts.clear();
  for (const std::string& rule : rules) rule_texts.push_back(text_of_rule(rule));
  revision_text = "\"revision\":";
  append_canonical_string(revision, revision_text);
  fixed_bytes = kOtherBytes + kJsonPerByte * revision.size();
  Masks masks;
  for (const ReadPath& path : paths) {
    keys.push_back({text_of_key(path.text), 0, path.mask.hides_nothing()});
    fixed_bytes += keys.back().text.size();
    masks.look_at(path.mask);
  }
  fixed_bytes += masks.count * kHiddenValueBytes;
  std::vector<std::uint32_t> order(paths.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return is_less_as_utf16(paths[a].text, paths[b].text);
  });
  for (std::uint32_t i = 0; i < order.size(); ++i) keys[order[i]].rank = i;
  is_encrypting = masks.encrypt;
  constexpr std::size_t kRuleRecordBytes = 1 + 4;
  bytes_per_byte = std::max(kJsonPerByte, longest(rule_texts) / kRuleRecordBytes + 1);
  if (masks.are_there) bytes_per_byte = std::max(bytes_per_byte, kHiddenPerByte);
  if (masks.are_there && masks.are_repeated) {
    bytes_per_byte = std::max(bytes_per_byte, kHiddenValueBytes);
  }
}

}  // namespace licet::log
