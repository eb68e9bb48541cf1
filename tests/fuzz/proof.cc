// What an outsider is shown: notes, keys, checkpoints and proofs, as text or as changes to what is
// true. The first byte says which.
//
// Nothing is accepted but what the log made.
#include <string>
#include <vector>

#include "eval/log/crypto.h"
#include "eval/log/note.h"
#include "eval/log_read.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/targets.h"

namespace licet::fuzz {
namespace {

constexpr std::size_t kLeaves = 37;
constexpr const char* kName = "example.org/test";

struct Tree {
  log::SigningKey key = log::signing_key_from_seed({1, 2, 3});
  log::VerifierKey verifier =
      log::verifier_key(kName, log::SignatureKind::kEd25519, key.public_key);
  std::vector<std::string> entries;
  std::vector<log::Hash> roots{log::Frontier().root()};  // of the first so many entries
  std::string note;

  std::vector<log::Hash> hashes(std::vector<log::LeafRange> ranges) const {
    log::RangeHasher hasher(std::move(ranges));
    for (std::size_t i = 0; i < entries.size(); ++i) hasher.add(i, log::leaf_hash(entries[i]));
    return hasher.hashes();
  }
  std::string proof(std::size_t index) const {
    return log::text_of(log::EntryProof{.entry = entries[index],
                                        .index = index,
                                        .hashes = hashes(log::inclusion_ranges(index, kLeaves)),
                                        .checkpoint = note});
  }
};

const Tree& tree() {
  static const Tree all = [] {
    Tree made;
    log::Frontier frontier;
    for (std::size_t i = 0; i < kLeaves; ++i) {
      made.entries.push_back("{\"id\":\"d" + std::to_string(i) + "\"}");
      frontier.add(log::leaf_hash(made.entries.back()));
      made.roots.push_back(frontier.root());
    }
    const std::string text = log::text_of(log::Checkpoint{kName, kLeaves, frontier.root()});
    made.note = log::signed_note(text, kName, made.key);
    return made;
  }();
  return all;
}

void check_entry_proof(std::string_view text) {
  const auto proof = log::entry_proof_from_text(text);
  if (!proof) return;
  check(log::text_of(*proof) == text, "a proof has two spellings");
  const auto proven = log::verify_entry_proof(*proof, tree().verifier);
  if (!proven) return;
  check(proven.value().size == kLeaves && proof->index < kLeaves &&
            proof->entry == tree().entries[proof->index],
        "an entry is proven that the log does not have");
}

void check_texts(std::string_view text) {
  if (const auto key = log::verifier_key_from_text(text)) {
    const std::string written = log::text_of(*key);
    check(text.starts_with(written), "a key has two spellings");
  }
  if (const auto checkpoint = log::checkpoint_from_text(text)) {
    check(text.starts_with(log::text_of(*checkpoint)), "a checkpoint has two spellings");
  }
  if (const auto note = log::note_from_text(text)) {
    check(!log::is_signed_by(*note, tree().verifier) || tree().note.starts_with(note->text),
          "a note is taken for signed that was not");
  }
  log::time_of_entry(text);
  check_entry_proof(text);
}

// Edits of three bytes: a place, and what is added there.
std::string edited(std::string text, std::string_view edits) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(edits[at]); };
  for (std::size_t i = 0; i + 3 <= edits.size() && !text.empty(); i += 3) {
    const std::size_t at = (byte(i) + std::size_t{256} * byte(i + 1)) % text.size();
    if (byte(i + 2) == 0) {
      text.erase(at, 1);
    } else {
      text[at] = static_cast<char>(text[at] + edits[i + 2]);
    }
  }
  return text;
}

// Old size, new size, then edits of the hashes of the old root and of the proof.
void check_consistency(std::string_view input) {
  if (input.size() < 2) return;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(input[at]); };
  const std::size_t old_size = byte(0) % (kLeaves + 3);
  const std::size_t honest = std::min(old_size, kLeaves);
  std::vector<log::Hash> hashes = tree().hashes(log::consistency_ranges(honest, kLeaves));
  hashes.push_back(tree().roots[honest]);
  std::string bytes;
  for (const log::Hash& hash : hashes) bytes += log::view(hash);
  bytes = edited(bytes, input.substr(2));
  std::vector<log::Hash> changed;
  for (std::size_t at = 0; at + 32 <= bytes.size(); at += 32) {
    changed.push_back(log::array_from<32>(std::string_view(bytes).substr(at, 32)));
  }
  if (changed.empty()) return;
  const log::Hash old_root = changed.back();
  changed.pop_back();
  for (unsigned cut = byte(1) % 4; cut > 0 && !changed.empty(); --cut) changed.pop_back();
  if (!log::verify_consistency(old_size, old_root, kLeaves, tree().roots[kLeaves], changed)) return;
  check(old_size <= kLeaves && old_root == tree().roots[old_size],
        "a tree is taken for a prefix that is not");
}

}  // namespace

void run_proof(std::string_view input) {
  if (input.size() < 2) return;
  const auto first = static_cast<unsigned char>(input.front());
  const std::string_view rest = input.substr(1);
  switch (first % 4) {
    case 0:
      return check_texts(rest);
    case 1:
      return check_entry_proof(edited(tree().proof(first / 4 % kLeaves), rest));
    case 2:
      return check_texts(edited(tree().note, rest));
    default:
      return check_consistency(rest);
  }
}

}  // namespace licet::fuzz
