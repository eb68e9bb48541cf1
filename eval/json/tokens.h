// The tokens of a JSON text, found by simdjson: vectorised, and it checks UTF-8, quotes and control
// characters on the way. What it does not look at are the tokens themselves and their order; that
// is for whoever walks them.
//
// A token is known by where it starts; it ends where the next one starts, less the white space
// between. In a string's token that is right behind its closing quote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace licet::json {

// The next token in the list of starts. Behind the last one stands the size of the text, where
// there is a blank.
using TokenAt = const std::uint32_t*;

inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Keeps its memory from one text to the next. For one thread at a time.
class Tokens {
 public:
  Tokens();
  ~Tokens();

  // Copies a text. False: it is empty or too long. Throws std::bad_alloc.
  bool copy(std::string_view text);
  // Finds the tokens of the copy. False: there are none, or it is no JSON; why is for a reader to
  // tell that has the time.
  bool find();

  TokenAt begin() const { return begin_; }
  bool is_end(TokenAt at) const { return at == end_; }
  std::size_t count() const { return static_cast<std::size_t>(end_ - begin_); }

  // The copy. At least kPadding bytes behind its end may be read; they are blanks.
  static constexpr std::size_t kPadding = 32;
  const char* bytes() const { return bytes_.get(); }
  std::size_t size() const { return size_; }
  bool has_backslash() const { return has_backslash_; }

  char first_char(TokenAt at) const { return bytes_[*at]; }
  const char* begin_of(TokenAt at) const { return bytes_.get() + *at; }
  const char* end_of(TokenAt at) const {
    const char* end = bytes_.get() + at[1];
    while (is_space(end[-1])) --end;  // ends at the token's first character, which is none
    return end;
  }
  std::string_view token(TokenAt at) const {
    const char* const begin = begin_of(at);
    return {begin, static_cast<std::size_t>(end_of(at) - begin)};
  }

 private:
  struct Finder;

  void make_room(std::size_t bytes);

  std::unique_ptr<Finder> finder_;
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  TokenAt begin_ = nullptr;
  TokenAt end_ = nullptr;
  bool has_backslash_ = false;
};

}  // namespace licet::json
