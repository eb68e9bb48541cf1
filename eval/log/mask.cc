#include "eval/log/mask.h"

#include <algorithm>
#include <cctype>

#include "eval/builder.h"
#include "eval/log/canonical.h"
#include "eval/number.h"
#include "eval/value_json.h"

namespace licet::log {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return lower;
}

// Shorter texts are replaced only where they stand as words: "noti[redacted]y" would tell what the
// value is.
constexpr std::size_t kReplacedInWords = 4;

bool is_word_letter(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return std::isalnum(byte) != 0 || byte >= 0x80;
}

bool is_whole_word(std::string_view text, std::size_t at, std::size_t size) {
  const std::size_t end = at + size;
  const bool joins_before = at > 0 && is_word_letter(text[at - 1]) && is_word_letter(text[at]);
  const bool joins_behind =
      end < text.size() && is_word_letter(text[end]) && is_word_letter(text[end - 1]);
  return !joins_before && !joins_behind;
}

bool is_digit_or_point(char letter) { return (letter >= '0' && letter <= '9') || letter == '.'; }

}  // namespace

void Masker::set_subject(std::string_view canonical_id) {
  subject_ = vault_.subject_token(canonical_id);
  has_subject_ = true;
}

std::string Masker::subject_text() const { return base64_url(view(subject_)); }

void Masker::append_value(const MaskTree& mask, std::string_view path, Unpacker& parts,
                          RecordBuffer& out) {
  if (mask.mask != Mask::kNone) return append_masked(mask.mask, path, parts.value(), out);
  if (mask.hides_nothing()) return append_canonical_packed(parts, out);
  const auto kind = parts.peek();
  if (kind != Part::kArray && kind != Part::kObject) return append_canonical_packed(parts, out);
  parts.part();
  const bool is_object = kind == Part::kObject;
  static const MaskTree kNothing;
  out += is_object ? '{' : '[';
  const auto count = parts.count();
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    const MaskTree* inner = mask.elements ? mask.elements.get() : &kNothing;
    std::string inner_path(path);
    if (is_object) {
      const std::string_view key = parts.text();
      append_canonical_key(key, out);
      const auto field = mask.fields.find(key);
      if (field != mask.fields.end()) inner = &field->second;
      inner_path.append(".").append(key);
    }
    append_value(*inner, inner_path, parts, out);
  }
  out += is_object ? '}' : ']';
}

void Masker::append_masked(Mask mask, std::string_view path, std::string_view packed,
                           RecordBuffer& out) {
  std::string replacement = "[redacted]";
  if (mask == Mask::kToken) {
    const std::string token = vault_.token(canonical_from_packed(packed));
    replacement = "[token " + token + "]";
    out.append("{\"$token\":\"").append(token).append("\"}");
  } else if (mask == Mask::kEncrypt && has_subject_) {
    replacement = "[encrypted]";
    append_encrypted(path, canonical_from_packed(packed), out);
  } else {
    out += std::string_view("{\"$redacted\":true}");
  }
  Unpacker parts(packed);
  hide(parts, replacement);
}

void Masker::append_encrypted(std::string_view path, std::string_view plain, RecordBuffer& out) {
  auto key = vault_.subjects().get_or_make(subject_);
  if (!key) {
    LogError error = key.error();
    if (error.code == LogErrorCode::kCrypto || error.code == LogErrorCode::kKey) {
      error.code = LogErrorCode::kMasking;
    }
    throw MaskingError(std::move(error));
  }
  out.append("{\"$encrypted\":\"")
      .append(base64_url(seal_value(key.value(), salt_, path, plain)))
      .append("\"}");
}

// Notes the scalars of a hidden value. Booleans and null are no more telling than any word.
void Masker::hide(Unpacker& parts, const std::string& replacement) {
  const Part kind = parts.part();
  if (kind == Part::kString) {
    const std::string_view text = parts.text();
    if (!text.empty()) hidden_.push_back({lower_case(text), replacement, false});
  } else if (kind == Part::kInteger) {
    const auto number = parts.integer();
    hidden_.push_back({std::to_string(number), replacement, true});
  } else if (kind == Part::kNumber) {
    hidden_.push_back({lower_case(parts.text()), replacement, true});
  } else if (kind == Part::kArray || kind == Part::kObject) {
    for (auto count = parts.count(); count > 0; --count) {
      if (kind == Part::kObject) parts.text();
      hide(parts, replacement);
    }
  }
}

// How many letters the longest hidden value at this place takes; 0: none begins here.
std::size_t Masker::match_at(std::string_view lower, std::size_t at, const Hidden*& found) const {
  std::size_t longest = 0;
  for (const Hidden& hidden : hidden_) {
    const std::size_t size = hidden.text.size();
    if (size <= longest || lower.compare(at, size, hidden.text) != 0) continue;
    if (size < kReplacedInWords && !is_whole_word(lower, at, size)) continue;
    if (hidden.is_number) {
      if (at > 0 && is_digit_or_point(lower[at - 1])) continue;
      const std::size_t end = at + size;
      if (end < lower.size() && lower[end] >= '0' && lower[end] <= '9') continue;
    }
    longest = size;
    found = &hidden;
  }
  return longest;
}

std::string Masker::scrubbed(std::string_view text) const {
  if (hidden_.empty()) return std::string(text);
  const std::string lower = lower_case(text);
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const Hidden* found = nullptr;
    const std::size_t size = match_at(lower, at, found);
    if (size == 0) {
      result += text[at++];
    } else {
      result += found->replacement;
      at += size;
    }
  }
  return result;
}

void Masker::append_scrubbed(const Value& value, std::string& packed) const {
  if (value.is_array() || value.is_object()) {
    const bool is_object = value.is_object();
    put(packed, static_cast<std::uint8_t>(is_object ? Part::kObject : Part::kArray));
    put(packed, static_cast<std::uint32_t>(value.size()));
    if (!is_object) {
      for (const Value& element : value.elements()) append_scrubbed(element, packed);
      return;
    }
    for (const licet::Entry& entry : value.entries()) {
      put_text(packed, scrubbed(entry.key.as_string()));
      append_scrubbed(entry.value, packed);
    }
    return;
  }
  const bool is_scalar_text = value.is_string() || value.is_number();
  if (!is_scalar_text) return pack_value(value, packed);
  const std::string text = value.is_string() ? std::string(value.as_string()) : number_text(value);
  const std::string safe = scrubbed(text);
  if (safe == text) return pack_value(value, packed);
  put(packed, static_cast<std::uint8_t>(Part::kString));
  put_text(packed, safe);
}

std::string Masker::scrubbed_json(std::string_view json) const {
  Arena arena;
  const auto value = value_from_json(json, arena);
  if (!value) return "null";
  std::string packed;
  append_scrubbed(value.value(), packed);
  return canonical_from_packed(packed);
}

}  // namespace licet::log
