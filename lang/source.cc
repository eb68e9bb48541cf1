#include "lang/source.h"

#include <algorithm>
#include <utility>

namespace licet::lang {

Source::Source(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
    if ((static_cast<unsigned char>(text_[i]) & 0xC0U) == 0x80) {
      continued_.push_back(static_cast<std::uint32_t>(i));
    }
  }
}

Position Source::position(std::uint32_t offset) const {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const std::uint32_t begin = *(after - 1);
  const auto continued_before = [this](std::uint32_t end) {
    return std::lower_bound(continued_.begin(), continued_.end(), end) - continued_.begin();
  };
  const auto continued =
      static_cast<std::uint32_t>(continued_before(offset) - continued_before(begin));
  return {static_cast<std::uint32_t>(after - line_starts_.begin()), offset - begin - continued + 1};
}

std::uint32_t Source::line_begin(std::uint32_t offset) const {
  return *(std::upper_bound(line_starts_.begin(), line_starts_.end(), offset) - 1);
}

std::string_view Source::line(std::uint32_t number) const {
  if (number == 0 || number > line_starts_.size()) return {};
  const std::size_t begin = line_starts_[number - 1];
  const std::size_t end = number < line_starts_.size() ? line_starts_[number] - 1 : text_.size();
  std::string_view line = std::string_view(text_).substr(begin, end - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

SourceId SourceSet::add(std::string name, std::string text) {
  sources_.emplace_back(std::move(name), std::move(text));
  return static_cast<SourceId>(sources_.size() - 1);
}

}  // namespace licet::lang
