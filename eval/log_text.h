// Values of a packed decision that stand in it as their entry shows them: as canonical JSON.
//
// Most attributes are texts of a few ASCII letters and small numbers. Writing their JSON costs no
// more than copying them, and who makes the entry then only copies it on.
#pragma once

#include <cstdint>
#include <cstring>

#include "eval/log_entry.h"
#include "eval/value_letters.h"
#include "eval/value_text.h"

namespace licet::log {

// Copies 16 bytes. Whether the first `size` of them are ASCII and stand for themselves in JSON.
inline bool copy_if_plain(const char* from, std::size_t size, char* to) {
  std::memcpy(to, from, Text::kInline);
  const std::uint32_t of_text = (1U << size) - 1;
  return (text::special_letters(to) & of_text) == 0;
}

// Writes a text of at most 16 bytes as JSON, and answers where it ended; null if it is longer, not
// ASCII, or has something to be escaped. PRECONDITION: kTextRoom bytes at `to`.
inline constexpr std::size_t kTextRoom = 2 + Text::kInline;
inline char* write_plain_text(const Text& text, char* to) {
  const auto* const bytes = reinterpret_cast<const char*>(text.words);
  if (text.size > Text::kInline || !copy_if_plain(bytes, text.size, to + 1)) return nullptr;
  *to = '"';
  to[1 + text.size] = '"';
  return to + 2 + text.size;
}
// The same of bytes of which nothing is known.
inline char* write_plain_text(std::string_view bytes, char* to) {
  constexpr std::uintptr_t kPage = 4096;
  const std::size_t size = bytes.size();
  const bool is_in_page =
      (reinterpret_cast<std::uintptr_t>(bytes.data()) & (kPage - 1)) <= kPage - Text::kInline;
  if (!text::kMayReadPast || !is_in_page || size - 1 >= Text::kInline) [[unlikely]] {
    return write_plain_text(text_from(bytes), to);
  }
  // What lies behind the text is copied along; see text::load_words.
  if (!copy_if_plain(text::without_bounds(bytes.data()), size, to + 1)) return nullptr;
  *to = '"';
  to[1 + size] = '"';
  return to + 2 + size;
}

// One read of a decision that is being packed.
class TextRead {
 public:
  static constexpr std::size_t kMostBytes = UINT16_MAX;

  // PRECONDITION: no more than kMostBytes.
  TextRead(std::uint16_t path, std::size_t most, RecordBuffer& out)
      : out_(out), begin_(out.room(kHeadBytes + most)) {
    *begin_ = static_cast<char>(kPart);
    std::memcpy(begin_ + 1, &path, sizeof path);
  }
  // Where the JSON goes; nothing is added unless it is finished.
  char* json() const { return begin_ + kHeadBytes; }
  void finish(const char* end) {
    const auto size = static_cast<std::uint16_t>(end - json());
    std::memcpy(begin_ + 3, &size, sizeof size);
    out_.advance(kHeadBytes + size);
  }

  static constexpr std::uint8_t kPart = 16;  // Part::kReadText

 private:
  static constexpr std::size_t kHeadBytes = 1 + 2 + 2;

  RecordBuffer& out_;
  char* const begin_;
};

}  // namespace licet::log
