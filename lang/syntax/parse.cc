// Drives the grammar over a text, one declaration after the other, and goes on after errors. The
// only file that includes PEGTL (through grammar.h).
#include "lang/syntax/parse.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "lang/syntax/convert.h"
#include "lang/syntax/encoding.h"
#include "lang/syntax/grammar.h"
#include "lang/syntax/messages.h"
#include "lang/syntax/state.h"

namespace licet::lang {

namespace {

using Input = grammar::peg::memory_input<grammar::peg::tracking_mode::lazy>;

// Whether no statement begins with the token.
bool begins_nothing(std::string_view token) {
  static constexpr std::string_view kTokens[] = {":", ",",  ")",    "]",  "}",
                                                 "=", "if", "else", "as", "in"};
  return std::find(std::begin(kTokens), std::end(kTokens), token) != std::end(kTokens);
}

bool is_without_body(cst::View declaration) {
  if (!declaration.is(cst::Kind::kRule)) return false;
  for (const cst::View child : declaration) {
    if (child.is(cst::Kind::kLiteral) || child.is(cst::Kind::kContains)) return false;
  }
  return true;
}

class Parser {
 public:
  Parser(const SourceSet& sources, SourceId source, Diagnostics& diagnostics)
      : text_(sources[source].text()),
        source_(source),
        diagnostics_(diagnostics),
        input_(text_.data(), text_.data() + text_.size(), ""),
        state_(text_),
        converter_(text_, source) {}

  std::optional<ast::Module> module();
  std::optional<ast::Body> query();
  std::optional<ast::Term> term();

 private:
  template <typename Rule>
  bool match() {
    return grammar::peg::parse<Rule>(input_, state_);
  }
  // The tree of the last match.
  cst::View tree() const { return {state_.nodes, 0}; }
  std::uint32_t offset() const { return grammar::offset_of(input_, state_); }
  void skip_space() { match<grammar::ws>(); }
  bool at_end() const { return offset() >= text_.size(); }

  bool is_readable();
  void package(ast::Module& module);
  void statement(ast::Module& module);
  void skip_to_declaration(std::uint32_t begin, std::uint32_t error);
  [[noreturn]] void fail_at_declaration();
  [[noreturn]] void refuse_keyword(std::uint32_t begin, Code code,
                                   std::optional<std::uint32_t> place) const;
  void refuse_conditions(std::uint32_t begin);
  void place_among_conditions(SyntaxError& error);
  struct Conditions {
    std::uint32_t end;                   // where the next token begins
    std::optional<std::uint32_t> error;  // where they do not go on
  };
  Conditions conditions(std::uint32_t begin);
  void go_behind(std::uint32_t begin, const Conditions& read);
  std::string_view token_at(std::uint32_t offset) const;
  bool heads_reference(std::uint32_t offset) const;
  bool reads_as_rule(std::string_view keyword, std::uint32_t end) const;
  std::optional<ast::Literal> next_literal();
  void report(const SyntaxError& error);

  std::string_view text_;
  SourceId source_;
  Diagnostics& diagnostics_;
  Input input_;
  ParseState state_;
  Converter converter_;
};

void Parser::report(const SyntaxError& error) {
  const auto size = static_cast<std::uint32_t>(text_.size());
  const std::uint32_t begin = std::min(error.begin, size);
  const std::uint32_t end = std::max(begin, std::min(error.end, size));
  diagnostics_.add(
      {error.code, {source_, begin, end}, error.message, error.label, {}, error.help, error.place});
}

bool Parser::is_readable() {
  const auto problem = encoding_problem(text_);
  if (problem) report(*problem);
  return !problem;
}

void Parser::package(ast::Module& module) {
  skip_space();
  const std::uint32_t begin = offset();
  state_.nodes.clear();
  if (token_at(begin) == "package" && reads_as_rule("package", token_end(text_, begin))) {
    refuse_keyword(begin, Code::kKeywordName, std::nullopt);
  }
  if (!match<grammar::package_clause>()) {
    throw SyntaxError{Code::kNoPackage,
                      begin,
                      token_end(text_, begin),
                      "a file begins with its package",
                      "",
                      "write `package name` before everything else"};
  }
  module.package = converter_.package(tree());
}

// Where no rule with a body begins OPA reads conditions.
Parser::Conditions Parser::conditions(std::uint32_t begin) {
  for (std::uint32_t at = begin;;) {
    Input probe(text_.data() + at, text_.data() + text_.size(), "");
    state_.nodes.clear();
    try {
      if (!grammar::peg::parse<grammar::literal>(probe, state_)) return {at, at};
    } catch (const SyntaxError& error) {
      state_.depth = 0;
      return {at, error.place.value_or(error.begin)};
    }
    at = next_token(text_, grammar::offset_of(probe, state_));
    if (at < text_.size() && text_[at] == ';') {
      at = next_token(text_, at + 1);
    } else if (at < text_.size() && !heads_reference(at) && begins_nothing(token_at(at))) {
      return {at, at};
    } else {
      return {at, std::nullopt};
    }
  }
}

// Whether OPA takes a keyword for the name of a rule, by what follows it.
bool Parser::reads_as_rule(std::string_view keyword, std::uint32_t end) const {
  const std::size_t at = text_.find_first_not_of(" \t\r\n", end);
  if (at == std::string_view::npos) return false;
  const auto next = static_cast<std::uint32_t>(at);
  const std::string_view follower = text_.substr(next, token_end(text_, next) - next);
  if (keyword == "true" || keyword == "false" || keyword == "null" || keyword == "default") {
    return false;
  }
  const bool is_path = keyword == "package" || keyword == "import";
  if (follower == ":=" || follower == "=") return keyword != "with" && keyword != "else";
  if (follower == "if" || follower == "contains") {
    return !is_path && keyword != "with" && keyword != "else";
  }
  return follower == "(" && keyword != "not" && keyword != "and" && keyword != "or";
}

std::string_view Parser::token_at(std::uint32_t offset) const {
  return text_.substr(offset, token_end(text_, offset) - offset);
}

// Whether any word there is a name.
bool Parser::heads_reference(std::uint32_t offset) const {
  const std::uint32_t end = token_end(text_, offset);
  return grammar::is_word_start(text_[offset]) && end < text_.size() &&
         (text_[end] == '.' || text_[end] == '[');
}

void Parser::refuse_keyword(std::uint32_t begin, Code code,
                            std::optional<std::uint32_t> place) const {
  const std::string found(token_at(begin));
  throw SyntaxError{code,
                    begin,
                    token_end(text_, begin),
                    "`" + found + "` cannot be the name of a rule",
                    "this is a keyword",
                    "",
                    place};
}

void Parser::fail_at_declaration() {
  const std::uint32_t begin = offset();
  const std::string found(token_at(begin));
  const Conditions read = conditions(begin);
  go_behind(begin, read);
  if (grammar::is_keyword(found, state_.keywords)) {
    refuse_keyword(begin, read.error ? Code::kKeywordName : Code::kIncompleteRule, read.error);
  }
  throw SyntaxError{read.error ? Code::kSyntax : Code::kIncompleteRule,
                    begin,
                    token_end(text_, begin),
                    "expected a rule",
                    "found `" + found + "`",
                    "",
                    read.error};
}

// A rule without a body that OPA reads as conditions, because of what follows it.
void Parser::refuse_conditions(std::uint32_t begin) {
  const std::uint32_t next = next_token(text_, offset());
  const std::string_view word = token_at(next);
  const bool goes_on = word == ";" || word == "with" || (word == "and" && state_.keywords.and_) ||
                       (word == "or" && state_.keywords.or_);
  if (!goes_on || heads_reference(next)) return;
  const Conditions read = conditions(begin);
  go_behind(begin, read);
  throw SyntaxError{
      read.error ? Code::kSyntax : Code::kIncompleteRule,
      next,
      token_end(text_, next),
      "expected a line break or `if` after the value of a rule",
      "found `" + std::string(word) + "`",
      word == "with" ? "`with` follows a condition: `name := x if x := value with ...`" : "",
      read.error.value_or(begin)};
}

void Parser::statement(ast::Module& module) {
  const std::uint32_t begin = offset();
  const std::string_view word = token_at(begin);
  if (grammar::is_keyword(word, state_.keywords) && reads_as_rule(word, token_end(text_, begin))) {
    refuse_keyword(begin, Code::kKeywordName, std::nullopt);
  }
  state_.nodes.clear();
  if (match<grammar::package_clause>()) {
    throw SyntaxError{
        Code::kNoPackage, begin, offset(), "a file has one package, at its begin", "", ""};
  }
  if (match<grammar::import_clause>()) {
    module.imports.push_back(converter_.import(tree(), state_.keywords));
  } else if (match<grammar::declaration>()) {
    if (is_without_body(tree())) refuse_conditions(begin);
    converter_.declaration(tree(), state_.keywords, module.declarations);
  } else {
    fail_at_declaration();
  }
}

// What is no rule yet may be the begin of a condition.
void Parser::place_among_conditions(SyntaxError& error) {
  Conditions read = conditions(error.begin);
  const std::uint32_t name_end = token_end(text_, error.begin);
  if (name_end < text_.size() &&
      std::string_view("+-*/%&|=!<>").find(text_[name_end]) != text_.npos) {
    // Directly behind the name of a rule OPA takes no operator.
    read.error = name_end;
  } else if (!read.error && read.end < offset()) {
    read = conditions(read.end);
  }
  if (read.error) error.code = Code::kSyntax;
  error.place = read.error;
  go_behind(error.begin, read);
}

void Parser::go_behind(std::uint32_t begin, const Conditions& read) {
  if (read.error) return skip_to_declaration(begin, *read.error);
  if (read.end > offset()) input_.bump(read.end - offset());
}

// To the first line that begins a declaration: after the line of `begin`, and not before the line
// of the error.
void Parser::skip_to_declaration(std::uint32_t begin, std::uint32_t error) {
  const std::size_t line = text_.rfind('\n', std::min<std::size_t>(error, text_.size() - 1));
  std::size_t at = line == std::string_view::npos ? 0 : line;
  at = std::max<std::size_t>(at, text_.find('\n', begin));
  while (at < text_.size()) {
    if (at + 1 < text_.size() && grammar::is_word_start(text_[at + 1])) {
      ++at;
      break;
    }
    at = text_.find('\n', at + 1);
  }
  at = std::clamp<std::size_t>(at, offset(), text_.size());
  input_.bump(at - offset());
}

std::optional<ast::Module> Parser::module() {
  if (!is_readable()) return std::nullopt;
  ast::Module module;
  module.source = source_;
  bool has_package = true;
  try {
    package(module);
  } catch (const SyntaxError& error) {
    report(error);
    // OPA finds that it is missing when it has read all of the file.
    if (error.code != Code::kNoPackage) return std::nullopt;
    has_package = false;
  }
  for (skip_space(); !at_end(); skip_space()) {
    const std::uint32_t begin = offset();
    try {
      statement(module);
    } catch (SyntaxError& error) {
      state_.depth = 0;
      if (error.code == Code::kIncompleteRule && !error.place) place_among_conditions(error);
      report(error);
      if (diagnostics_.are_full()) break;
      if (offset() == begin) skip_to_declaration(begin, error.begin);
    }
  }
  for (const auto& [begin, end] : state_.comments) {
    module.comments.push_back(
        {std::string(text_.substr(begin, end - begin)), {source_, begin, end}});
  }
  if (!has_package) return std::nullopt;
  return module;
}

std::optional<ast::Literal> Parser::next_literal() {
  state_.nodes.clear();
  if (!match<grammar::literal>()) throw_expected(Expected::kLiteral, offset(), text_);
  return converter_.literal(tree(), state_.keywords);
}

std::optional<ast::Body> Parser::query() {
  if (!is_readable()) return std::nullopt;
  try {
    ast::Body body;
    skip_space();
    do {
      body.push_back(*next_literal());
      skip_space();
      if (!at_end() && text_[offset()] == ';') {
        input_.bump(1);
        skip_space();
        if (at_end()) throw_expected(Expected::kLiteral, offset(), text_);
      }
    } while (!at_end());
    return body;
  } catch (const SyntaxError& error) {
    report(error);
    return std::nullopt;
  }
}

std::optional<ast::Term> Parser::term() {
  auto body = query();
  if (!body) return std::nullopt;
  auto* expression = std::get_if<ast::Expression>(&body->front().node);
  if (body->size() != 1 || expression == nullptr || !body->front().with.empty()) {
    report(
        {Code::kSyntax, 0, static_cast<std::uint32_t>(text_.size()), "expected one value", "", ""});
    return std::nullopt;
  }
  return std::move(expression->term);
}

}  // namespace

std::optional<ast::Module> parse_module(const SourceSet& sources, SourceId source,
                                        Diagnostics& diagnostics) {
  return Parser(sources, source, diagnostics).module();
}

std::optional<ast::Body> parse_query(const SourceSet& sources, SourceId source,
                                     Diagnostics& diagnostics) {
  return Parser(sources, source, diagnostics).query();
}

std::optional<ast::Term> parse_term(const SourceSet& sources, SourceId source,
                                    Diagnostics& diagnostics) {
  return Parser(sources, source, diagnostics).term();
}

}  // namespace licet::lang
