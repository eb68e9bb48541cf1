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
  std::uint32_t end_of_condition(std::uint32_t begin);
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

// Where no rule begins OPA reads a condition: the offset where that cannot go on, or `begin` if
// what follows may be another declaration.
std::uint32_t Parser::end_of_condition(std::uint32_t begin) {
  Input probe(text_.data() + begin, text_.data() + text_.size(), "");
  state_.nodes.clear();
  try {
    if (!grammar::peg::parse<grammar::seq<grammar::literal, grammar::blanks>>(probe, state_)) {
      return begin;
    }
  } catch (const SyntaxError& error) {
    state_.depth = 0;
    return error.place.value_or(error.begin);
  }
  const std::uint32_t end = grammar::offset_of(probe, state_);
  if (end >= text_.size()) return begin;
  const std::string_view next = text_.substr(end, token_end(text_, end) - end);
  static constexpr std::string_view kGoOn[] = {":",  ",",        ")",    "]",  "}",  "=",
                                               "if", "contains", "else", "as", "in", "with"};
  return std::find(std::begin(kGoOn), std::end(kGoOn), next) == std::end(kGoOn) ? begin : end;
}

// Whether OPA takes a keyword for the name of a rule, by what follows it.
bool Parser::reads_as_rule(std::string_view keyword, std::uint32_t end) const {
  const std::size_t at = text_.find_first_not_of(" \t\r\n", end);
  if (at == std::string_view::npos) return false;
  const auto next = static_cast<std::uint32_t>(at);
  const std::string_view follower = text_.substr(next, token_end(text_, next) - next);
  if (keyword == "true" || keyword == "false" || keyword == "null") return false;
  const bool is_path = keyword == "package" || keyword == "import";
  if (follower == ":=" || follower == "=") return keyword != "with" && keyword != "else";
  if (follower == "if" || follower == "contains") {
    return !is_path && keyword != "with" && keyword != "else";
  }
  return follower == "(" && keyword != "not" && keyword != "and" && keyword != "or";
}

void Parser::fail_at_declaration() {
  const std::uint32_t begin = offset();
  const std::uint32_t end = token_end(text_, begin);
  const std::string found(text_.substr(begin, end - begin));
  if (grammar::is_keyword(found, state_.keywords)) {
    throw SyntaxError{Code::kKeywordName,
                      begin,
                      end,
                      "`" + found + "` cannot be the name of a rule",
                      "this is a keyword",
                      "",
                      reads_as_rule(found, end) ? begin : end_of_condition(begin)};
  }
  throw SyntaxError{
      Code::kSyntax,          begin, end, "expected a rule", "found `" + found + "`", "",
      end_of_condition(begin)};
}

void Parser::statement(ast::Module& module) {
  const std::uint32_t begin = offset();
  state_.nodes.clear();
  if (match<grammar::package_clause>()) {
    throw SyntaxError{Code::kSyntax, begin, offset(), "a file has one package", "", ""};
  }
  if (match<grammar::import_clause>()) {
    module.imports.push_back(converter_.import(tree(), state_.keywords));
  } else if (match<grammar::declaration>()) {
    converter_.declaration(tree(), state_.keywords, module.declarations);
  } else {
    fail_at_declaration();
  }
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
  at = std::min(at, text_.size());
  input_.bump(at - offset());
}

std::optional<ast::Module> Parser::module() {
  if (!is_readable()) return std::nullopt;
  ast::Module module;
  module.source = source_;
  try {
    package(module);
  } catch (const SyntaxError& error) {
    report(error);
    return std::nullopt;
  }
  for (skip_space(); !at_end(); skip_space()) {
    const std::uint32_t begin = offset();
    try {
      statement(module);
    } catch (SyntaxError& error) {
      state_.depth = 0;
      if (error.code == Code::kIncompleteRule) error.place = end_of_condition(error.begin);
      report(error);
      if (diagnostics_.are_full()) break;
      if (offset() == begin) skip_to_declaration(begin, error.begin);
    }
  }
  for (const auto& [begin, end] : state_.comments) {
    module.comments.push_back(
        {std::string(text_.substr(begin, end - begin)), {source_, begin, end}});
  }
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
