// Sources of policy text and positions in them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace licet::lang {

enum class SourceId : std::uint32_t {};

// A half-open range of bytes [begin, end) in one source.
struct Span {
  SourceId source{};
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

// A place as people count: line and column from 1; a column is one character (a code point), as in
// OPA.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

// One policy file: its name as the user gave it and its text.
class Source {
 public:
  Source(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  Position position(std::uint32_t offset) const;
  // Where the line with `offset` begins.
  std::uint32_t line_begin(std::uint32_t offset) const;
  // The text of a line (from 1), without its line break.
  std::string_view line(std::uint32_t number) const;
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
  std::vector<std::uint32_t> continued_;  // bytes that do not begin a character
};

// The sources of one compilation. A SourceId is valid for the set that gave it.
class SourceSet {
 public:
  SourceId add(std::string name, std::string text);
  const Source& operator[](SourceId id) const { return sources_[static_cast<std::size_t>(id)]; }
  std::size_t size() const { return sources_.size(); }
  Position begin_of(Span span) const { return (*this)[span.source].position(span.begin); }
  std::string_view text_of(Span span) const {
    return (*this)[span.source].text().substr(span.begin, span.end - span.begin);
  }

 private:
  std::vector<Source> sources_;
};

}  // namespace licet::lang
