// What the parser says where the text does not go on as the grammar needs: one row per place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lang/diagnostic.h"

namespace licet::lang {

// An error of one declaration; parse.cc turns it into a Diagnostic and goes on with the next one.
// Internal to lang/syntax: never crosses parse.h.
struct SyntaxError {
  Code code = Code::kSyntax;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string message;
  std::string label;
  std::string help;
  std::optional<std::uint32_t> place = std::nullopt;  // see Diagnostic
};

enum class Expected : std::uint8_t {
  kTerm,
  kOperand,
  kMinusOperand,
  kLiteral,
  kNotOperand,
  kBlock,
  kNameAfterDot,
  kCloseBracket,
  kCloseParen,
  kCloseBrace,
  kCloseBlock,
  kColon,
  kSomeName,
  kWithTarget,
  kAs,
  kPackagePath,
  kImportPath,
  kAlias,
  kRuleBody,
  kElse,
  kIf,
  kElseIf,
  kHead,
  kDefaultValue,
  kStringEnd,
  kRawStringEnd,
  kEscape,
  kTemplateEscape,
  kTemplateEnd,
  kTemplateStringEnd,
  kDigits,
  kDigitsAfterPoint,
  kExponent,
  kNumberEnd,
  kBecause,
  kOpenRecord,
  kCloseRecord,
  kFieldColon,
  kType,
  kTypeEquals,
  kAnnotation,
  kPer,
  kOver,
  kWindow,
};

struct Message {
  Expected expected;
  Code code;
  std::string_view message;
  std::string_view help;
};

inline constexpr Message kMessages[] = {
    {Expected::kTerm, Code::kSyntax, "expected a value", ""},
    {Expected::kOperand, Code::kSyntax, "expected a value after the operator", ""},
    {Expected::kMinusOperand, Code::kSyntax, "expected a number or a name after `-`",
     "subtract from zero instead: `0 - (...)`"},
    {Expected::kLiteral, Code::kSyntax, "expected a condition", ""},
    {Expected::kNotOperand, Code::kSyntax, "expected a condition after `not`", ""},
    {Expected::kBlock, Code::kSyntax, "expected `{` with conditions", ""},
    {Expected::kNameAfterDot, Code::kSyntax, "expected a name after `.`",
     "write other keys in brackets: `[\"a key\"]`"},
    {Expected::kCloseBracket, Code::kSyntax, "expected `,` or `]`", ""},
    {Expected::kCloseParen, Code::kSyntax, "expected `)`", ""},
    {Expected::kCloseBrace, Code::kSyntax, "expected a line break, `;`, `,` or `}`",
     "conditions stand on lines of their own or are separated by `;`"},
    {Expected::kCloseBlock, Code::kSyntax, "expected a line break, `;` or `}`",
     "conditions stand on lines of their own or are separated by `;`"},
    {Expected::kColon, Code::kSyntax, "expected `:` after the key", ""},
    {Expected::kSomeName, Code::kSyntax, "expected a variable after `some`", ""},
    {Expected::kWithTarget, Code::kSyntax, "expected what `with` replaces",
     "`with` replaces input, data or a function: `with input.user as {...}`"},
    {Expected::kAs, Code::kSyntax, "expected `as`", ""},
    {Expected::kPackagePath, Code::kSyntax, "expected the name of the package", ""},
    {Expected::kImportPath, Code::kSyntax, "expected the path to import", ""},
    {Expected::kAlias, Code::kSyntax, "expected a name after `as`", ""},
    {Expected::kRuleBody, Code::kSyntax, "expected the conditions of the rule after `if`", ""},
    {Expected::kElse, Code::kSyntax, "expected `:=` or `if` after `else`", ""},
    {Expected::kIf, Code::kMissingIf, "a rule with a body needs `if`", "write `if` before the `{`"},
    {Expected::kElseIf, Code::kMissingIf, "an `else` with a body needs `if`",
     "write `if` before the `{`"},
    {Expected::kHead, Code::kSyntax, "expected the name of a rule", ""},
    {Expected::kDefaultValue, Code::kDefaultValue, "a default needs a value",
     "write `default name := value`"},
    {Expected::kStringEnd, Code::kBadString, "expected `\"` at the end of the string",
     "a string ends on its line; between backticks it may span lines"},
    {Expected::kRawStringEnd, Code::kBadString, "expected a backtick at the end of the string", ""},
    {Expected::kEscape, Code::kBadString, "unknown escape in a string",
     "the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX; write `\\\\` for a backslash"},
    {Expected::kTemplateEscape, Code::kBadString, "unknown escape in a template string",
     "the escapes are \\{ \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX; write `\\\\` for a backslash"},
    {Expected::kTemplateEnd, Code::kBadString, "expected `}` after the value in a template string",
     ""},
    {Expected::kTemplateStringEnd, Code::kBadString, "expected the end of the template string", ""},
    {Expected::kDigits, Code::kBadNumber, "expected digits after the point", ""},
    {Expected::kDigitsAfterPoint, Code::kBadNumber, "expected a number after the point",
     "a name after a point belongs directly behind what it is a part of"},
    {Expected::kExponent, Code::kBadNumber, "expected digits in the exponent", ""},
    {Expected::kNumberEnd, Code::kBadNumber, "a number ends with a letter", ""},
    {Expected::kBecause, Code::kSyntax, "expected `because` after `uses protected`",
     "say why: `uses protected because \"...\"`"},
    {Expected::kOpenRecord, Code::kSyntax, "expected `{` with the attributes", ""},
    {Expected::kCloseRecord, Code::kSyntax, "expected a line break, `,` or `}`",
     "attributes stand on lines of their own or are separated by `,`"},
    {Expected::kFieldColon, Code::kSyntax, "expected `:` and the type of the attribute", ""},
    {Expected::kType, Code::kSyntax, "expected a type",
     "types are string, bool, int, number, null, any, ip, cidr, uuid, time, list[T], map[T], "
     "literals, unions with `|` and records `{name: T}`"},
    {Expected::kTypeEquals, Code::kSyntax, "expected `=` and the type", ""},
    {Expected::kAnnotation, Code::kSyntax, "expected a name after `@`", ""},
    {Expected::kPer, Code::kSyntax, "expected `per` and what is counted",
     "write `meter name per user.id over 1m if ...`"},
    {Expected::kOver, Code::kSyntax, "expected `over` and the length of the window",
     "write `meter name per user.id over 1m if ...`"},
    {Expected::kWindow, Code::kSyntax, "expected the length of the window", "as in `1m` or `24h`"},
};

// Throws the error of what should stand at `offset`, with the word that stands there.
[[noreturn]] void throw_expected(Expected expected, std::uint32_t offset, std::string_view text);

// The end of the word, number or sign at `offset`; the offset itself at the end of the text.
std::uint32_t token_end(std::string_view text, std::uint32_t offset);
// Behind the blanks, line breaks and comments at `offset`.
std::uint32_t next_token(std::string_view text, std::uint32_t offset);

}  // namespace licet::lang
