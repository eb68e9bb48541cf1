#include "lang/render.h"

#include <algorithm>
#include <vector>

namespace licet::lang {

namespace {

constexpr std::size_t kTabWidth = 4;
// Wider source lines are cut around the span.
constexpr std::size_t kMaxWidth = 100;
constexpr std::size_t kContextBeforeSpan = 30;

constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[1;33m";
constexpr std::string_view kBlue = "\x1b[1;34m";
constexpr std::string_view kCyan = "\x1b[1;36m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kReset = "\x1b[0m";

// The length of the character at the start of `text`; invalid bytes are characters of their own.
std::size_t character_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  std::size_t length = 1;
  if (lead >= 0xC2) length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 1;
  if (length > text.size()) return 1;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80) return 1;
  }
  return length;
}

// Characters that would move the cursor or reorder the line: control and bidirectional ones.
bool is_shown(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return lead >= 0x20 && lead < 0x7F;
  if (character.size() == 2 && lead == 0xC2)
    return static_cast<unsigned char>(character[1]) >= 0xA0;
  const bool reorders = (character >= "\xE2\x80\xAA" && character <= "\xE2\x80\xAE") ||
                        (character >= "\xE2\x81\xA6" && character <= "\xE2\x81\xA9");
  return !(character.size() == 3 && reorders);
}

// What a terminal shows of a text, one cell per column.
std::vector<std::string> cells_of(std::string_view text) {
  std::vector<std::string> cells;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const std::string_view character = text.substr(0, length);
    if (character == "\t") {
      cells.insert(cells.end(), kTabWidth - cells.size() % kTabWidth, " ");
    } else {
      cells.emplace_back(is_shown(character) ? character : "?");
    }
    text.remove_prefix(length);
  }
  return cells;
}

std::string shown(std::string_view text) {
  std::string result;
  for (const std::string& cell : cells_of(text)) result += cell;
  return result;
}

class TextRenderer {
 public:
  TextRenderer(const SourceSet& sources, Color color) : sources_(sources), color_(color) {}

  void add(const Diagnostic& diagnostic);
  std::string take() { return std::move(out_); }

 private:
  std::string painted(std::string_view text, std::string_view color) const {
    if (color_ == Color::kNo) return std::string(text);
    return std::string(color).append(text).append(kReset);
  }
  void snippet(Span span, Position told_at, std::string_view label, std::string_view color);
  void source_line(std::string_view line, std::size_t begin, std::size_t end,
                   std::string_view label, std::string_view color);
  void gutter(std::string_view text) {
    const std::string padding(gutter_width_ - text.size(), ' ');
    out_ += painted(padding + std::string(text) + " |", kBlue);
  }
  std::size_t width_of_gutter(const Diagnostic& diagnostic) const;

  const SourceSet& sources_;
  Color color_;
  std::size_t gutter_width_ = 0;
  std::string out_;
};

std::size_t TextRenderer::width_of_gutter(const Diagnostic& diagnostic) const {
  std::uint32_t last_line = sources_.begin_of(diagnostic.span).line;
  for (const Note& note : diagnostic.notes) {
    last_line = std::max(last_line, sources_.begin_of(note.span).line);
  }
  return std::to_string(last_line).size() + 1;
}

void TextRenderer::add(const Diagnostic& diagnostic) {
  const bool is_error = info(diagnostic.code).severity == Severity::kError;
  const std::string_view color = is_error ? kRed : kYellow;
  gutter_width_ = width_of_gutter(diagnostic);
  out_ += painted(std::string(is_error ? "error[" : "warning[") + text_of(diagnostic.code) + "]",
                  color);
  out_ += painted(": " + shown(diagnostic.message), kBold) + "\n";
  snippet(diagnostic.span, position_of(diagnostic, sources_), diagnostic.label, color);
  for (const Note& note : diagnostic.notes) {
    gutter("");
    out_ += "\n" + painted("note", kCyan) + ": " + shown(note.message) + "\n";
    snippet(note.span, sources_.begin_of(note.span), "", kCyan);
  }
  if (!diagnostic.help.empty()) {
    gutter("");
    out_ += "\n" + painted("help", kCyan) + ": " + shown(diagnostic.help) + "\n";
  }
  out_ += "\n";
}

// The place that a diagnostic is told at, and the line where its span begins.
void TextRenderer::snippet(Span span, Position told_at, std::string_view label,
                           std::string_view color) {
  const Source& source = sources_[span.source];
  const Position begin = source.position(span.begin);
  const Position end = source.position(span.end);
  out_ += std::string(gutter_width_, ' ') + painted("--> ", kBlue) + shown(source.name()) + ":" +
          std::to_string(told_at.line) + ":" + std::to_string(told_at.column) + "\n";
  gutter("");
  out_ += "\n";
  gutter(std::to_string(begin.line));
  const std::string_view line = source.line(begin.line);
  const std::uint32_t line_begin = source.line_begin(span.begin);
  const std::size_t first = std::min<std::size_t>(span.begin - line_begin, line.size());
  // Of a span over several lines the first one is shown.
  const std::size_t last = end.line == begin.line
                               ? std::min<std::size_t>(span.end - line_begin, line.size())
                               : line.size();
  source_line(line, first, last, label, color);
}

void TextRenderer::source_line(std::string_view line, std::size_t begin, std::size_t end,
                               std::string_view label, std::string_view color) {
  const std::vector<std::string> cells = cells_of(line);
  const std::size_t first = cells_of(line.substr(0, begin)).size();
  std::size_t count = std::max<std::size_t>(cells_of(line.substr(0, end)).size() - first, 1);
  std::size_t from = 0;
  std::size_t to = cells.size();
  if (cells.size() > kMaxWidth) {
    from = first > kContextBeforeSpan ? first - kContextBeforeSpan : 0;
    to = std::min(cells.size(), from + kMaxWidth);
  }
  std::string text = from > 0 ? "..." : "";
  const std::size_t caret_column = text.size() + first - from;
  for (std::size_t i = from; i < to; ++i) text += cells[i];
  if (to < cells.size()) text += "...";
  while (!text.empty() && text.back() == ' ') text.pop_back();
  count = std::min(count, std::max<std::size_t>(to, first + 1) - first);
  out_ += (text.empty() ? "" : " ") + text + "\n";
  gutter("");
  std::string marks = std::string(count, '^');
  if (!label.empty()) marks += " " + shown(label);
  out_ += " " + std::string(caret_column, ' ') + painted(marks, color) + "\n";
}

std::string counted(std::size_t count, std::string_view word) {
  return std::to_string(count) + " " + std::string(word) + (count == 1 ? "" : "s");
}

}  // namespace

std::string render_summary(const Diagnostics& diagnostics) {
  const std::size_t errors = diagnostics.error_count();
  const std::size_t warnings = diagnostics.all().size() - errors;
  std::string summary;
  if (errors > 0) summary = counted(errors, "error");
  if (warnings > 0) summary += (errors > 0 ? ", " : "") + counted(warnings, "warning");
  return summary;
}

std::string render_text(const SourceSet& sources, const Diagnostics& diagnostics, Color color) {
  if (diagnostics.all().empty()) return {};
  TextRenderer renderer(sources, color);
  for (const Diagnostic& diagnostic : diagnostics.all()) renderer.add(diagnostic);
  return renderer.take() + render_summary(diagnostics) + "\n";
}

}  // namespace licet::lang
