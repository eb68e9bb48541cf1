#include "eval/value_yaml.h"

#include <simdjson.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <istream>
#include <optional>
#include <streambuf>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "eval/number.h"
#include "eval/value_yaml_layout.h"

namespace licet {
namespace {

// Aliases may make a small text a large value: this many nodes for each byte of text, and some.
constexpr std::uint64_t kNodesPerByte = 16;
constexpr std::uint64_t kFreeNodes = 100'000;

// Ends the reading from inside yaml-cpp's callbacks; never leaves this file.
struct ReadingFailed {
  YAML::Mark mark;
  std::string message;
};

// --- scalars -------------------------------------------------------------------------------

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::optional<bool> boolean_from_plain(std::string_view text) {
  if (is_one_of(text, {"true", "True", "TRUE"})) return true;
  if (is_one_of(text, {"false", "False", "FALSE"})) return false;
  return std::nullopt;
}

bool is_not_finite(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return is_one_of(text, {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"});
}

struct BasedDigits {
  int base = 10;
  std::string_view digits;
};

BasedDigits split_base(std::string_view text) {
  if (text.size() < 2 || text[0] != '0') return {10, text};
  const char mark = static_cast<char>(text[1] | 0x20);
  if (mark == 'x') return {16, text.substr(2)};
  if (mark == 'o') return {8, text.substr(2)};
  if (mark == 'b') return {2, text.substr(2)};
  return {8, text.substr(1)};
}

// Integers of 64 bits in any base; `text` has no underscores.
std::optional<Value> based_integer(std::string_view text, Arena& arena) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  const BasedDigits based = split_base(text);
  std::uint64_t magnitude = 0;
  const char* const end = based.digits.data() + based.digits.size();
  const auto [stop, error] = std::from_chars(based.digits.data(), end, magnitude, based.base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number_from_text((negative ? "-" : "") + std::to_string(magnitude), arena);
}

// [0-9]+(.[0-9]*)? or .[0-9]+, then an exponent -> the same as a JSON number; empty if it is none.
std::string json_number_from_decimal(std::string_view text) {
  std::size_t at = 0;
  std::string out;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
    if (text[at] == '-') out += '-';
    ++at;
  }
  const auto take_digits = [&] {
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return text.substr(begin, at - begin);
  };
  std::string_view whole = take_digits();
  std::string_view fraction;
  if (at < text.size() && text[at] == '.') {
    ++at;
    fraction = take_digits();
  }
  if (whole.empty() && fraction.empty()) return {};
  while (whole.size() > 1 && whole[0] == '0') whole.remove_prefix(1);
  out += whole.empty() ? "0" : whole;
  if (!fraction.empty()) out.append(".").append(fraction);
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    out += 'e';
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) out += text[at++];
    const std::string_view exponent = take_digits();
    if (exponent.empty()) return {};
    out += exponent;
  }
  return at == text.size() ? out : std::string{};
}

std::optional<Value> number_from_plain(std::string_view text, Arena& arena, YamlMode mode) {
  if (text.empty() || std::string_view("+-.0123456789").find(text[0]) == std::string_view::npos) {
    return std::nullopt;
  }
  std::string plain(text);
  std::erase(plain, '_');
  if (auto integer = based_integer(plain, arena)) return integer;
  const std::string number = json_number_from_decimal(plain);
  if (number.empty()) return std::nullopt;
  const std::optional<Value> exact = number_from_text(number, arena);
  if (!exact || mode == YamlMode::kStrict) return exact;
  const double rounded = number_to_double(*exact);
  if (!std::isfinite(rounded)) return std::nullopt;
  // The shortest decimal that names the double, not its exact value.
  char digits[32];
  const auto written =
      std::to_chars(digits, digits + sizeof digits, rounded, std::chars_format::scientific);
  return number_from_text({digits, static_cast<std::size_t>(written.ptr - digits)}, arena);
}

// --- events -> values ----------------------------------------------------------------------

class ValueMaker final : public YAML::EventHandler {
 public:
  enum class Documents { kFirst, kLater };  // later ones must begin with ---

  // For one or more documents of `text`.
  ValueMaker(Arena& arena, YamlMode mode, std::uint64_t node_limit, std::string_view text,
             Documents documents)
      : arena_(arena), mode_(mode), node_limit_(node_limit), text_(text), documents_(documents) {}

  Value root() const { return root_; }
  // Where the reading stands, as in errors: user.roles[2].
  std::string path() const;
  // The parser takes a quote that nothing but blanks follow up to the end of the text for a closed
  // one.
  void check_last_quote() const;

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(mark, anchor, {Value::null(), 1, false});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    check_collection_tag(mark, tag, "tag:yaml.org,2002:seq");
    check_blanks_before(mark);
    frames_.push_back(
        {.mark = mark, .anchor = anchor, .is_flow = style == YAML::EmitterStyle::Flow});
  }
  void OnSequenceEnd() override;
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    check_collection_tag(mark, tag, "tag:yaml.org,2002:map");
    check_blanks_before(mark);
    const bool is_flow = style == YAML::EmitterStyle::Flow;
    frames_.push_back({.mark = mark, .anchor = anchor, .is_map = true, .is_flow = is_flow});
  }
  void OnMapEnd() override;

 private:
  struct Node {
    Value value;
    std::uint64_t size = 1;  // nodes after expansion of aliases
    bool is_merge_key = false;
  };
  struct Frame {
    YAML::Mark mark;
    YAML::anchor_t anchor = 0;
    bool is_map = false;
    bool is_flow = false;  // in brackets or braces
    bool has_key = false;
    bool key_is_merge = false;
    std::string key = {};
    std::uint64_t size = 1;
    std::vector<Value> elements = {};
    std::vector<Entry> entries = {};
    std::unordered_set<std::string> keys = {};
    std::vector<Value> merged = {};  // values of <<, in order
  };

  std::size_t offset_of(const YAML::Mark& mark) const {
    return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
  }
  [[noreturn]] static void fail(const YAML::Mark& mark, std::string message) {
    throw ReadingFailed{mark, std::move(message)};
  }
  void add(const YAML::Mark& mark, YAML::anchor_t anchor, const Node& node);
  void add_key(Frame& frame, const YAML::Mark& mark, const Node& node);
  void add_entry(Frame& frame, const YAML::Mark& mark, const Node& node);
  Node tagged_scalar(const YAML::Mark& mark, const std::string& tag, const std::string& text);
  Node plain_scalar(const YAML::Mark& mark, const std::string& text);
  void apply_merges(Frame& frame);
  static void check_collection_tag(const YAML::Mark& mark, const std::string& tag,
                                   std::string_view wanted);
  void check_blanks_before(const YAML::Mark& mark) const;

  Arena& arena_;
  YamlMode mode_;
  std::uint64_t node_limit_;
  std::string_view text_;
  Documents documents_;
  std::uint64_t nodes_ = 0;
  std::optional<YAML::Mark> last_scalar_;
  Value root_;
  std::vector<Frame> frames_;
  std::unordered_map<YAML::anchor_t, Node> anchors_;
};

std::string ValueMaker::path() const {
  std::string out;
  for (const Frame& frame : frames_) {
    if (!frame.is_map) {
      out += '[' + std::to_string(frame.elements.size()) + ']';
    } else if (frame.has_key) {
      if (!out.empty()) out += '.';
      out += frame.key;
    }
  }
  return out;
}

// yaml-cpp takes any text after a document for another one: what a wrong indentation cuts off.
void ValueMaker::OnDocumentStart(const YAML::Mark& mark) {
  if (documents_ == Documents::kFirst) return;
  if (!text_.substr(offset_of(mark)).starts_with("---")) {
    fail(mark, "text after the document");
  }
}

void ValueMaker::check_collection_tag(const YAML::Mark& mark, const std::string& tag,
                                      std::string_view wanted) {
  if (tag.starts_with("tag:yaml.org,2002:") && tag != wanted && tag != "tag:yaml.org,2002:set") {
    fail(mark, "the tag `" + tag + "` does not fit a collection");
  }
}

// Within brackets and braces tabs may be anywhere.
void ValueMaker::check_blanks_before(const YAML::Mark& mark) const {
  if (!frames_.empty() && frames_.back().is_flow) return;
  if (is_indented_by_tab(text_, offset_of(mark))) fail(mark, "a tab where only spaces may be");
}

void ValueMaker::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  check_blanks_before(mark);
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) fail(mark, "an anchor that contains itself");
  nodes_ += found->second.size;
  add(mark, 0, found->second);
}

void ValueMaker::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                          const std::string& text) {
  check_blanks_before(mark);
  last_scalar_ = mark;
  if (tag == "?") return add(mark, anchor, plain_scalar(mark, text));
  add(mark, anchor, tagged_scalar(mark, tag, text));
}

void ValueMaker::check_last_quote() const {
  if (last_scalar_ && is_open_quote(text_.substr(offset_of(*last_scalar_)))) {
    fail(*last_scalar_, "a quote that is not closed");
  }
}

ValueMaker::Node ValueMaker::plain_scalar(const YAML::Mark& mark, const std::string& text) {
  if (const auto boolean = boolean_from_plain(text)) return {Value::boolean(*boolean), 1, false};
  if (is_not_finite(text)) fail(mark, "`" + text + "` is not a number that can be used");
  if (const auto number = number_from_plain(text, arena_, mode_)) return {*number, 1, false};
  return {Value::string(text, arena_), 1, text == "<<"};
}

ValueMaker::Node ValueMaker::tagged_scalar(const YAML::Mark& mark, const std::string& tag,
                                           const std::string& text) {
  constexpr std::string_view kStandard = "tag:yaml.org,2002:";
  if (!tag.starts_with(kStandard)) return {Value::string(text, arena_), 1, false};
  const std::string_view kind = std::string_view(tag).substr(kStandard.size());
  if (kind == "str" || kind == "timestamp") return {Value::string(text, arena_), 1, false};
  if (kind == "null") return {Value::null(), 1, false};
  if (kind == "merge") return {Value::string(text, arena_), 1, true};
  if (kind == "bool") {
    if (const auto boolean = boolean_from_plain(text)) return {Value::boolean(*boolean), 1, false};
  } else if (kind == "int" || kind == "float") {
    const auto number = number_from_plain(text, arena_, mode_);
    if (number && (kind == "float" || is_integer(*number))) return {*number, 1, false};
  }
  fail(mark, "`" + text + "` cannot be read as !!" + std::string(kind));
}

void ValueMaker::add(const YAML::Mark& mark, YAML::anchor_t anchor, const Node& node) {
  if (++nodes_ > node_limit_) fail(mark, "aliases make the document too large");
  if (anchor != 0) anchors_[anchor] = node;
  if (frames_.empty()) {
    root_ = node.value;
    return;
  }
  Frame& frame = frames_.back();
  frame.size += node.size;
  if (!frame.is_map) {
    frame.elements.push_back(node.value);
  } else if (frame.has_key) {
    add_entry(frame, mark, node);
  } else {
    add_key(frame, mark, node);
  }
}

void ValueMaker::add_key(Frame& frame, const YAML::Mark& mark, const Node& node) {
  const Value& key = node.value;
  if (key.is_composite()) fail(mark, "a key must be a string, a number or a boolean");
  if (key.is_null()) fail(mark, "a key must not be null");
  frame.has_key = true;
  frame.key_is_merge = node.is_merge_key;
  frame.key = key.is_string()   ? std::string(key.as_string())
              : key.is_number() ? number_text(key)
                                : std::string(key.as_bool() ? "true" : "false");
  const bool is_new = node.is_merge_key || frame.keys.insert(frame.key).second;
  if (!is_new && mode_ == YamlMode::kStrict) fail(mark, "duplicate key `" + frame.key + "`");
}

void ValueMaker::add_entry(Frame& frame, const YAML::Mark& mark, const Node& node) {
  frame.has_key = false;
  if (!frame.key_is_merge) {
    frame.entries.push_back({Value::string(frame.key, arena_), node.value});
    return;
  }
  const auto add_merged = [&](const Value& value) {
    if (!value.is_object()) fail(mark, "`<<` merges mappings only");
    frame.merged.push_back(value);
  };
  if (node.value.is_array()) {
    for (const Value& element : node.value.elements()) add_merged(element);
  } else {
    add_merged(node.value);
  }
}

// Keys of the mapping itself win over merged ones, earlier merges over later ones.
void ValueMaker::apply_merges(Frame& frame) {
  for (const Value& merged : frame.merged) {
    for (const Entry& entry : merged.entries()) {
      if (frame.keys.insert(std::string(entry.key.as_string())).second) {
        frame.entries.push_back(entry);
      }
    }
  }
}

void ValueMaker::OnSequenceEnd() {
  const Frame frame = std::move(frames_.back());
  frames_.pop_back();
  add(frame.mark, frame.anchor, {Value::array(frame.elements, arena_), frame.size, false});
}

void ValueMaker::OnMapEnd() {
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  apply_merges(frame);
  add(frame.mark, frame.anchor, {Value::object(frame.entries, arena_), frame.size, false});
}

// --- the text ------------------------------------------------------------------------------

// yaml-cpp reads from a stream; this one does not copy the text.
class TextBuffer final : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    char* const begin = const_cast<char*>(text.data());  // never written to
    setg(begin, begin, begin + text.size());
  }
};

JsonError error_at(const YAML::Mark& mark, std::string path, std::string message) {
  const auto number = [](int from_zero) {
    return static_cast<std::uint32_t>(std::max(from_zero, 0) + 1);
  };
  return {.offset = static_cast<std::size_t>(std::max(mark.pos, 0)),
          .line = number(mark.line),
          .column = number(mark.column),
          .path = std::move(path),
          .message = std::move(message)};
}

std::optional<std::string> problem_with_bytes(std::string_view text, YamlMode mode) {
  if (!simdjson::validate_utf8(text.data(), text.size())) return "text that is not valid UTF-8";
  if (text.find('\0') != std::string_view::npos) return "a zero byte in the text";
  if (mode == YamlMode::kStrict && text.starts_with("\xEF\xBB\xBF")) return "a byte order mark";
  return std::nullopt;
}

}  // namespace

Result<Value, JsonError> value_from_yaml(std::string_view text, Arena& arena, YamlMode mode) {
  if (auto problem = problem_with_bytes(text, mode)) {
    return Failure{JsonError{.path = {}, .message = std::move(*problem)}};
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (has_unknown_directive(text)) {
    return Failure{JsonError{.path = {}, .message = "a directive that YAML does not have"}};
  }
  if (begins_with_tab(text)) {
    return Failure{JsonError{.path = {}, .message = "a tab where only spaces may be"}};
  }
  TextBuffer buffer(text);
  std::istream stream(&buffer);
  using Documents = ValueMaker::Documents;
  ValueMaker maker(arena, mode, kFreeNodes + kNodesPerByte * text.size(), text, Documents::kFirst);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(maker)) return Value::null();
    // Documents after the first do not count for OPA, but they must be YAML.
    ValueMaker rest(arena, mode, kFreeNodes, text, Documents::kLater);
    while (parser.HandleNextDocument(rest)) {
      if (mode == YamlMode::kLikeOpa) continue;
      return Failure{JsonError{.path = {}, .message = "more than one document"}};
    }
    maker.check_last_quote();
    rest.check_last_quote();
    return maker.root();
  } catch (const ReadingFailed& failure) {
    return Failure{error_at(failure.mark, maker.path(), failure.message)};
  } catch (const DepthExceeded& failure) {
    return Failure{JsonError{.path = maker.path(), .message = failure.what()}};
  } catch (const YAML::Exception& failure) {
    return Failure{error_at(failure.mark, maker.path(), failure.msg)};
  }
}

}  // namespace licet
