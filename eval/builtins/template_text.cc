#include "eval/builtins/template_text.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "eval/builtins/operands.h"
#include "eval/builtins/template_escapes.h"

namespace licet::builtins::text_template {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_character(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return c == '_' || is_digit(c) || (lower >= 'a' && lower <= 'z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The text of an action, or plain text.
struct Piece {
  bool is_action = false;
  std::string_view text;
};

void trim_left(std::string_view& text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
}
void trim_right(std::string_view& text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
}

// Where the action that begins at `begin` ends: before its }}. npos: never.
std::size_t action_end(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (text.substr(i).starts_with("}}")) return i;
    if (c != '"' && c != '`' && c != '\'') continue;
    for (++i; i < text.size() && text[i] != c; ++i) {
      if (c != '`' && text[i] == '\\') ++i;
      if (c != '`' && i < text.size() && text[i] == '\n') return std::string_view::npos;
    }
  }
  return std::string_view::npos;
}

// {{- and -}} take the space beside them away. nullopt: an action is not closed.
std::optional<std::vector<Piece>> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  bool trims_next = false;
  while (true) {
    const std::size_t open = text.find("{{");
    std::string_view plain = text.substr(0, open);
    if (trims_next) trim_left(plain);
    if (open == std::string_view::npos) {
      pieces.push_back({false, plain});
      return pieces;
    }
    std::size_t begin = open + 2;
    if (text.substr(begin).starts_with('-') && begin + 1 < text.size() &&
        is_space(text[begin + 1])) {
      trim_right(plain);
      ++begin;
    }
    pieces.push_back({false, plain});
    std::string_view inside = text.substr(begin);
    trim_left(inside);
    const bool is_comment = inside.starts_with("/*");
    const std::size_t comment_end = is_comment ? text.find("*/", begin) : begin;
    if (comment_end == std::string_view::npos) return std::nullopt;
    const std::size_t end = action_end(text, comment_end);
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view action = text.substr(begin, end - begin);
    trims_next = action.size() > 1 && action.back() == '-' && is_space(action[action.size() - 2]);
    if (trims_next) action.remove_suffix(1);
    if (!is_comment) pieces.push_back({true, action});
    text.remove_prefix(end + 2);
  }
}

// --- actions
// --------------------------------------------------------------------------------------

class Parser {
 public:
  explicit Parser(std::vector<Piece> pieces) : pieces_(std::move(pieces)) {}

  std::vector<Node> parse_all();
  const std::string& error() const { return error_; }

 private:
  enum class End : std::uint8_t { kEnd, kElse, kText };

  bool fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
    return false;
  }
  void parse_list(std::vector<Node>& nodes, End& end);
  void parse_block(Node& node);
  void parse_else(Node& node);
  Node parse_action();
  bool parse_pipeline(Pipeline& pipeline, char close);
  bool parse_variables(Pipeline& pipeline);
  bool parse_command(Command& command, char close);
  bool parse_word(Word& word);
  bool parse_quoted(Word& word);
  bool parse_number(Word& word);
  bool parse_parenthesised(Word& word);
  bool parse_name_word(Word& word);
  std::string_view take_name();
  void skip_space() { trim_left(rest_); }
  std::string_view first_word();

  // Blocks and parentheses inside one another.
  static constexpr int kMaxDepth = 100;

  std::vector<Piece> pieces_;
  std::size_t at_ = 0;
  std::string_view rest_;  // of the action being read
  int depth_ = 0;
  std::vector<std::string> variables_ = {""};  // $ itself
  int loops_ = 0;
  std::string error_;
};

std::string_view Parser::take_name() {
  std::size_t length = 0;
  while (length < rest_.size() && is_name_character(rest_[length])) ++length;
  const std::string_view name = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return name;
}

std::string_view Parser::first_word() {
  skip_space();
  const std::string_view before = rest_;
  const std::string_view name = take_name();
  rest_ = before;
  return name;
}

std::vector<Node> Parser::parse_all() {
  std::vector<Node> nodes;
  End end = End::kText;
  parse_list(nodes, end);
  if (end == End::kEnd) fail("unexpected {{end}}");
  if (end == End::kElse) fail("unexpected {{else}}");
  return nodes;
}

// Up to {{end}}, {{else}} or the end of the text; rest_ is then behind that word.
void Parser::parse_list(std::vector<Node>& nodes, End& end) {
  end = End::kText;
  while (error_.empty() && at_ < pieces_.size()) {
    const Piece piece = pieces_[at_++];
    if (!piece.is_action) {
      if (!piece.text.empty()) nodes.push_back({.text = std::string(piece.text)});
      continue;
    }
    rest_ = piece.text;
    const std::string_view word = first_word();
    if (word == "end" || word == "else") {
      end = word == "end" ? End::kEnd : End::kElse;
      take_name();
      skip_space();
      if (end == End::kEnd && !rest_.empty()) fail("unexpected text in {{end}}");
      return;
    }
    nodes.push_back(parse_action());
  }
}

Node Parser::parse_action() {
  const std::string_view word = first_word();
  Node node{.kind = Node::Kind::kAction};
  if (word == "if" || word == "range" || word == "with") {
    take_name();
    node.kind = word == "if"      ? Node::Kind::kIf
                : word == "range" ? Node::Kind::kRange
                                  : Node::Kind::kWith;
    parse_block(node);
  } else if (word == "break" || word == "continue") {
    node.kind = word == "break" ? Node::Kind::kBreak : Node::Kind::kContinue;
    if (loops_ == 0) fail("{{" + std::string(word) + "}} outside {{range}}");
  } else if (word == "define" || word == "template" || word == "block") {
    fail("{{" + std::string(word) + "}} is not supported");
  } else {
    parse_pipeline(node.pipeline, '\0');
  }
  return node;
}

void Parser::parse_block(Node& node) {
  if (++depth_ > kMaxDepth) {
    fail("blocks nest too deep");
    return;
  }
  const std::size_t visible = variables_.size();
  if (!parse_pipeline(node.pipeline, '\0')) return;
  if (node.pipeline.variables.size() > 1 && node.kind != Node::Kind::kRange) {
    fail("too many variables");
  }
  const bool is_loop = node.kind == Node::Kind::kRange;
  loops_ += is_loop ? 1 : 0;
  End end = End::kText;
  parse_list(node.body, end);
  loops_ -= is_loop ? 1 : 0;
  if (end == End::kElse) {
    parse_else(node);
  } else if (end == End::kText) {
    fail("unexpected end of the template");
  }
  variables_.resize(visible);
  --depth_;
}

// {{else}}, {{else if}} and {{else with}}.
void Parser::parse_else(Node& node) {
  const std::string_view word = first_word();
  const bool chains = (word == "if" && node.kind == Node::Kind::kIf) ||
                      (word == "with" && node.kind == Node::Kind::kWith);
  if (chains) {
    take_name();
    Node inner{.kind = node.kind};
    parse_block(inner);
    node.otherwise.push_back(std::move(inner));
    return;
  }
  if (!rest_.empty()) fail("unexpected text in {{else}}");
  End end = End::kText;
  parse_list(node.otherwise, end);
  if (end != End::kEnd) fail("expected {{end}}");
}

// $a := or $i, $e := or $a =; leaves rest_ alone if none of them is there.
bool Parser::parse_variables(Pipeline& pipeline) {
  const std::string_view before = rest_;
  std::vector<std::string> names;
  while (true) {
    skip_space();
    if (!rest_.starts_with('$')) break;
    rest_.remove_prefix(1);
    names.emplace_back(take_name());
    skip_space();
    if (!rest_.starts_with(',')) break;
    rest_.remove_prefix(1);
  }
  const bool declares = rest_.starts_with(":=");
  if (names.empty() || names.size() > 2 || (!declares && !rest_.starts_with('='))) {
    rest_ = before;
    return true;
  }
  rest_.remove_prefix(declares ? 2 : 1);
  for (const std::string& name : names) {
    const bool known = std::find(variables_.begin(), variables_.end(), name) != variables_.end();
    if (!declares && !known) return fail("undefined variable `$" + name + "`");
  }
  pipeline.variables = std::move(names);
  pipeline.declares = declares;
  return true;
}

bool Parser::parse_pipeline(Pipeline& pipeline, char close) {
  if (!parse_variables(pipeline)) return false;
  while (true) {
    Command command;
    if (!parse_command(command, close)) return false;
    if (command.empty()) return fail("missing value for command");
    pipeline.commands.push_back(std::move(command));
    if (!rest_.starts_with('|')) break;
    rest_.remove_prefix(1);
  }
  if (pipeline.declares) {
    variables_.insert(variables_.end(), pipeline.variables.begin(), pipeline.variables.end());
  }
  return close == '\0' ? rest_.empty() || fail("unexpected text in an action") : true;
}

bool Parser::parse_command(Command& command, char close) {
  while (true) {
    skip_space();
    if (rest_.empty() || rest_[0] == '|' || (close != '\0' && rest_[0] == close)) return true;
    Word word;
    if (!parse_word(word)) return false;
    const bool ends_word = rest_.empty() || is_space(rest_[0]) || rest_[0] == '|' ||
                           rest_[0] == ')' || rest_[0] == '(';
    if (!ends_word) return fail("unexpected `" + std::string(rest_.substr(0, 1)) + "` in operand");
    command.push_back(std::move(word));
  }
}

bool Parser::parse_word(Word& word) {
  const char c = rest_[0];
  const char next = rest_.size() > 1 ? rest_[1] : '\0';
  if (is_digit(c) || ((c == '-' || c == '+' || c == '.') && is_digit(next))) {
    return parse_number(word);
  }
  if (c == '"' || c == '`' || c == '\'') return parse_quoted(word);
  if (c == '(') {
    if (!parse_parenthesised(word)) return false;
  } else if (c == '$') {
    rest_.remove_prefix(1);
    word.kind = Word::Kind::kVariable;
    word.text = take_name();
    if (std::find(variables_.begin(), variables_.end(), word.text) == variables_.end()) {
      return fail("undefined variable `$" + word.text + "`");
    }
  } else if (c == '.') {
    if (!is_name_character(next)) rest_.remove_prefix(1);  // the dot alone
  } else {
    return parse_name_word(word);
  }
  while (rest_.starts_with('.')) {
    rest_.remove_prefix(1);
    word.fields.emplace_back(take_name());
    if (word.fields.back().empty()) return fail("a field must have a name");
  }
  return true;
}

bool Parser::parse_name_word(Word& word) {
  word.text = take_name();
  if (word.text.empty()) {
    return fail("unexpected `" + std::string(rest_.substr(0, 1)) + "` in an action");
  }
  word.kind = word.text == "true"    ? Word::Kind::kTrue
              : word.text == "false" ? Word::Kind::kFalse
              : word.text == "nil"   ? Word::Kind::kNil
                                     : Word::Kind::kFunction;
  return true;
}

bool Parser::parse_parenthesised(Word& word) {
  if (++depth_ > kMaxDepth) return fail("parentheses nest too deep");
  rest_.remove_prefix(1);
  Pipeline pipeline;
  if (!parse_pipeline(pipeline, ')')) return false;
  if (!rest_.starts_with(')')) return fail("unclosed left parenthesis");
  rest_.remove_prefix(1);
  --depth_;
  word.kind = Word::Kind::kPipeline;
  word.pipeline = std::make_shared<const Pipeline>(std::move(pipeline));
  return true;
}

bool Parser::parse_number(Word& word) {
  std::size_t length = 1;
  while (length < rest_.size() &&
         (is_name_character(rest_[length]) || rest_[length] == '.' ||
          ((rest_[length] == '-' || rest_[length] == '+') && (rest_[length - 1] | 0x20) == 'e'))) {
    ++length;
  }
  std::string text(rest_.substr(0, length));
  rest_.remove_prefix(length);
  if (text[0] == '+') text.erase(0, 1);
  const char* const end = text.data() + text.size();
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  const auto integer = is_hex ? std::from_chars(text.data() + 2, end, word.integer, 16)
                              : std::from_chars(text.data(), end, word.integer);
  word.kind = Word::Kind::kInteger;
  if (integer.ec == std::errc{} && integer.ptr == end) return true;
  const auto number = std::from_chars(text.data(), end, word.number);
  if (number.ec != std::errc{} || number.ptr != end) return fail("bad number `" + text + "`");
  // 1e3 is an integer.
  constexpr double kExact = 9007199254740992.0;
  word.integer =
      word.number > -kExact && word.number < kExact ? static_cast<std::int64_t>(word.number) : 0;
  const bool is_whole = static_cast<double>(word.integer) == word.number;
  word.kind = is_whole ? Word::Kind::kInteger : Word::Kind::kFloat;
  return true;
}

// A string, or a character, which is a number.
bool Parser::parse_quoted(Word& word) {
  const char quote = rest_[0];
  std::string text;
  std::size_t i = 1;
  while (i < rest_.size() && rest_[i] != quote) {
    const char letter = rest_[i++];
    if (letter != '\\' || quote == '`') {
      text += letter;
    } else if (!append_unescaped(rest_, i, quote, text)) {
      return fail("unknown escape in a string");
    }
  }
  if (i >= rest_.size()) return fail("unterminated string");
  rest_.remove_prefix(i + 1);
  word.kind = quote == '\'' ? Word::Kind::kInteger : Word::Kind::kString;
  if (quote == '\'') {
    if (text.empty() || code_point_at(text, 0).size != text.size()) {
      return fail("malformed character constant");
    }
    word.integer = static_cast<std::int64_t>(code_point_at(text, 0).value);
  }
  word.text = std::move(text);
  return true;
}

}  // namespace

Result<std::vector<Node>, std::string> parse(std::string_view text) {
  std::optional<std::vector<Piece>> pieces = pieces_of(text);
  if (!pieces) return Failure{std::string("unclosed action")};
  Parser parser(std::move(*pieces));
  std::vector<Node> nodes = parser.parse_all();
  if (!parser.error().empty()) return Failure{parser.error()};
  return nodes;
}

}  // namespace licet::builtins::text_template
