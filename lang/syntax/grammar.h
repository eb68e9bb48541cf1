// The grammar of Rego v1 and Licet's declarations, as PEGTL rules. Included by parse.cc alone.
//
// It is linear: where two readings of the text begin alike (a set and a body, a comprehension and a
// union, a group and a term) there is one rule for what they share, and the converter decides
// afterwards. A rule that fails after it consumed text either made no node or is a `group`.
#pragma once

#include "lang/syntax/grammar_places.h"

namespace licet::lang::grammar {

using cst::Kind;
using peg::at;
using peg::eof;
using peg::not_at;
using peg::one;
using peg::opt;
using peg::plus;
using peg::seq;
using peg::sor;
using peg::star;
using peg::string;

struct word_end : not_at<peg::identifier_other> {};
template <char... C>
struct keyword : seq<string<C...>, word_end> {};
// A keyword that `.` or `[` would make the head of a reference.
template <char... C>
struct statement_word : seq<keyword<C...>, not_at<one<'.', '['>>> {};

struct kw_as : keyword<'a', 's'> {};
struct kw_if : keyword<'i', 'f'> {};
struct kw_else : statement_word<'e', 'l', 's', 'e'> {};
struct kw_with : statement_word<'w', 'i', 't', 'h'> {};
struct kw_not : statement_word<'n', 'o', 't'> {};
struct kw_contains : keyword<'c', 'o', 'n', 't', 'a', 'i', 'n', 's'> {};
struct kw_because : keyword<'b', 'e', 'c', 'a', 'u', 's', 'e'> {};

// --- scalars -------------------------------------------------------------------------------

struct digits : plus<peg::digit> {};
struct fraction : seq<one<'.'>, expect<Expected::kDigits, digits>> {};
struct exponent : seq<one<'e', 'E'>, opt<one<'+', '-'>>, expect<Expected::kExponent, digits>> {};
struct unsigned_number : sor<seq<digits, opt<fraction>>,
                             seq<one<'.'>, ws, expect<Expected::kDigitsAfterPoint, digits>>> {};
struct magnitude : told_at_begin<Code::kBadNumber, unsigned_number, opt<exponent>,
                                 expect<Expected::kNumberEnd, word_end>> {};
struct number : node<Kind::kNumber, opt<one<'-'>, ws>, magnitude> {};

struct escape_code
    : sor<one<'"', '\\', '/', 'b', 'f', 'n', 'r', 't'>, seq<one<'u'>, peg::rep<4, peg::xdigit>>> {};
struct escape : seq<one<'\\'>, expect<Expected::kEscape, escape_code>> {};
struct quoted_string
    : told_at_begin<Code::kBadString, node<Kind::kString, one<'"'>,
                                           star<sor<plus<peg::not_one<'"', '\n', '\\'>>, escape>>,
                                           expect<Expected::kStringEnd, one<'"'>>>> {};
struct raw_string
    : told_at_begin<Code::kBadString, node<Kind::kRawString, one<'`'>, star<peg::not_one<'`'>>,
                                           expect<Expected::kRawStringEnd, one<'`'>>>> {};
struct constant
    : node<Kind::kConstant, sor<keyword<'n', 'u', 'l', 'l'>, keyword<'t', 'r', 'u', 'e'>,
                                keyword<'f', 'a', 'l', 's', 'e'>>> {};

struct literal;
struct template_expression
    : node<Kind::kTemplateExpression, nested<one<'{'>, ws, expect<Expected::kTerm, literal>, ws,
                                             expect<Expected::kTemplateEnd, one<'}'>>>> {};
struct template_escape
    : seq<one<'\\'>, expect<Expected::kTemplateEscape, sor<one<'{'>, escape_code>>> {};
struct template_text : node<Kind::kTemplateText,
                            plus<sor<plus<peg::not_one<'"', '\n', '\\', '{'>>, template_escape>>> {
};
// What is wrong in the text behind a value is told where that text begins.
template <char kQuote, typename Text>
struct text_behind_value
    : told_at_begin<Code::kBadString, opt<Text>,
                    expect<Expected::kTemplateStringEnd, at<one<kQuote, '{'>>>> {};
template <char kQuote, Expected kEnd, typename Text>
struct template_parts
    : seq<opt<Text>,
          sor<one<kQuote>,
              seq<plus<template_expression, text_behind_value<kQuote, Text>>, one<kQuote>>,
              expect<kEnd, one<kQuote>>>> {};
struct quoted_template
    : told_at_begin<Code::kBadString,
                    node<Kind::kTemplate, string<'$', '"'>,
                         template_parts<'"', Expected::kStringEnd, template_text>>> {};
struct raw_template_text
    : node<Kind::kTemplateText, plus<sor<string<'\\', '{'>, peg::not_one<'`', '{'>>>> {};
struct raw_template
    : told_at_begin<Code::kBadString,
                    node<Kind::kRawTemplate, string<'$', '`'>,
                         template_parts<'`', Expected::kRawStringEnd, raw_template_text>>> {};

// --- terms ---------------------------------------------------------------------------------

struct operand;
struct chain;
struct value;
struct literals;

struct dot : seq<one<'.'>, expect<Expected::kNameAfterDot, node<Kind::kDot, word>>> {};
struct index : node<Kind::kIndex, nested<one<'['>, ws, expect<Expected::kTerm, value>, ws,
                                         expect<Expected::kCloseBracket, one<']'>>>> {};
struct more_chains : star<group<ws, one<','>, ws, chain>> {};
struct trailing_comma : opt<group<ws, node<Kind::kComma, one<','>>>> {};
struct arguments
    : node<Kind::kArguments, nested<one<'('>, ws, opt<chain, more_chains, trailing_comma>, ws,
                                    expect<Expected::kCloseParen, one<')'>>>> {};
struct suffix : sor<dot, index, arguments> {};

struct variable : node<Kind::kVariable, term_name> {};
struct named : node<Kind::kPostfix, variable, star<suffix>> {};
struct array;
struct brace;
struct paren;
struct scalar : sor<number, quoted_string, constant, raw_string, quoted_template, raw_template> {};
struct composite : sor<variable, brace, array, paren> {};
struct postfix : node<Kind::kPostfix, sor<seq<composite, star<suffix>>, without<scalar, suffix>>> {
};
struct negative : node<Kind::kNegative, one<'-'>, ws, expect<Expected::kMinusOperand, named>> {};
struct operand : sor<postfix, negative> {};
// Where a literal begins, any word before `.` or `[` is a name.
struct literal_operand
    : sor<node<Kind::kPostfix, node<Kind::kVariable, word>, at<one<'.', '['>>, plus<suffix>>,
          operand> {};

struct infix
    : node<Kind::kOperator,
           sor<string<'=', '='>, string<'!', '='>, string<'<', '='>, string<'>', '='>,
               one<'<', '>', '+', '-', '*', '/', '%', '&', '|'>, statement_word<'i', 'n'>>> {};
struct chain_tail : star<group<ws, infix, ws, expect<Expected::kOperand, operand>>> {};
struct chain : node<Kind::kChain, operand, chain_tail> {};
struct literal_chain : node<Kind::kChain, literal_operand, chain_tail> {};
// The first one in brackets: `[a | ...` is a comprehension, so the chain ends there.
struct bar : seq<ws, one<'|'>> {};
template <typename First>
struct chain_before_bar : node<Kind::kChain, First, sor<at<bar>, chain_tail>> {};

struct value : node<Kind::kValue, keyed<chain, chain>> {};
// What may be two elements of a list as well.
template <typename First>
struct listed_value : node<Kind::kValue, First, opt<group<ws, one<','>, ws, chain>>> {};

struct listed_literals;
struct bar_body : seq<bar, ws, node<Kind::kBarBody, expect<Expected::kLiteral, listed_literals>>> {
};
struct list : seq<chain, more_chains, trailing_comma> {};
struct leading_comma : seq<one<','>, ws> {};
// After `[a | b` a comma says that it was a union after all.
struct array_elements
    : sor<seq<leading_comma, expect<Expected::kTerm, chain>, more_chains, trailing_comma>,
          seq<chain_before_bar<operand>, else_list<list, opt<bar_body>>, more_chains,
              trailing_comma>> {};
struct array
    : node<
          Kind::kArray,
          nested<one<'['>, ws, contents<sor<at<one<']'>>, expect<Expected::kTerm, array_elements>>>,
                 ws, expect<Expected::kCloseBracket, one<']'>>>> {};

struct colon : node<Kind::kColon, one<':'>, not_at<one<'='>>> {};
struct colon_value : seq<group<ws, colon>, ws, expect<Expected::kTerm, chain>> {};
struct more_pairs
    : seq<star<group<ws, one<','>, ws, chain, ws, expect<Expected::kColon, colon_value>>>,
          trailing_comma> {};
// `{k: v | a, b: c}`: the body took the next key for the `b` of `a, b in c`.
struct brace_end : seq<ws, expect<Expected::kCloseBrace, at<one<'}'>>>> {};
struct first_pair : seq<group<ws, colon>, ws,
                        or_last<seq<expect<Expected::kTerm, chain>, more_pairs>,
                                expect<Expected::kTerm, chain_before_bar<operand>>, opt<bar_body>,
                                opt<colon_value>, more_pairs, brace_end>> {};
struct more_literals;
template <typename First>
struct listed_literal;
struct brace_elements
    : sor<seq<leading_comma, expect<Expected::kTerm, chain>,
              sor<seq<colon_value, more_pairs>, seq<more_chains, trailing_comma>>>,
          else_set<operand, list, listed_literal<chain_before_bar<literal_operand>>,
                   sor<first_pair, seq<else_list<list, opt<bar_body>>, more_chains, trailing_comma,
                                       more_literals, brace_end>>>> {};
// An object, a set, a comprehension or a body: the converter knows by what is in it.
struct brace
    : node<
          Kind::kBrace,
          nested<one<'{'>, ws, contents<sor<at<one<'}'>>, expect<Expected::kTerm, brace_elements>>>,
                 ws, expect<Expected::kCloseBrace, one<'}'>>>> {};
struct group_contents
    : seq<expect<Expected::kTerm, literal>, ws, expect<Expected::kCloseParen, at<one<')'>>>> {};
struct has_logic : sor<when<&Keywords::and_>, when<&Keywords::or_>> {};
// A value in parentheses, or a group of `and`, `or`, `not`.
struct paren
    : node<Kind::kParen, nested<one<'('>, ws,
                                sor<seq<has_logic, group_contents>,
                                    or_last<expect<Expected::kTerm, value>, group_contents>>,
                                ws, one<')'>>> {};

// --- literals ------------------------------------------------------------------------------

struct block : node<Kind::kBlock, nested<one<'{'>, ws, expect<Expected::kLiteral, literals>, ws,
                                         expect<Expected::kCloseBlock, one<'}'>>>> {};

struct assign_op : node<Kind::kAssignOp, sor<string<':', '='>, seq<one<'='>, not_at<one<'='>>>>> {};
template <typename Left>
struct expression_of
    : node<Kind::kExpression, Left, opt<group<ws, assign_op, ws, expect<Expected::kTerm, value>>>> {
};
struct expression : expression_of<value> {};
struct negated
    : node<
          Kind::kNot, kw_not, ws,
          expect<Expected::kNotOperand, sor<seq<when<&Keywords::braced_not>, block>, expression>>> {
};
struct with : node<Kind::kWith, kw_with, ws, expect<Expected::kWithTarget, named>, ws,
                   expect<Expected::kAs, kw_as>, ws, expect<Expected::kTerm, value>> {};
struct withs : star<group<ws, with>> {};
struct some : node<Kind::kSome, statement_word<'s', 'o', 'm', 'e'>, ws,
                   or_names<expect<Expected::kSomeName, chain>,
                            star<group<ws, one<','>, ws, expect<Expected::kSomeName, chain>>>>> {};
struct every : node<Kind::kEvery, statement_word<'e', 'v', 'e', 'r', 'y'>, ws,
                    expect<Expected::kTerm, value>, ws, expect<Expected::kBlock, block>> {};

struct and_op : seq<when<&Keywords::and_>, statement_word<'a', 'n', 'd'>> {};
struct or_op : seq<when<&Keywords::or_>, statement_word<'o', 'r'>> {};
struct logic_op : node<Kind::kLogicOp, sor<and_op, or_op>> {};
struct logic_operand : sor<block, negated, expression> {};
struct logic_tail
    : opt<plus<group<ws, logic_op, ws, expect<Expected::kOperand, logic_operand>>>, withs> {};
template <typename Left>
struct literal_of
    : node<Kind::kLiteral, sor<some, every, negated, expression_of<Left>>, withs, logic_tail> {};
struct literal : literal_of<node<Kind::kValue, keyed<literal_chain, chain>>> {};
template <typename First>
struct listed_literal : literal_of<listed_value<First>> {};
struct more_literals : star<sor<group<ws, one<';'>, ws, expect<Expected::kLiteral, literal>>,
                                group<line_break, literal>>> {};
struct literals : seq<literal, more_literals> {};
struct listed_literals : seq<listed_literal<literal_chain>, more_literals> {};

// --- rules ---------------------------------------------------------------------------------

struct path : node<Kind::kPostfix, node<Kind::kVariable, word>, star<sor<dot, index>>> {};
struct package_clause : node<Kind::kPackage, statement_word<'p', 'a', 'c', 'k', 'a', 'g', 'e'>, ws,
                             expect<Expected::kPackagePath, path>> {};
struct import_clause
    : node<Kind::kImport, statement_word<'i', 'm', 'p', 'o', 'r', 't'>, ws,
           expect<Expected::kImportPath, path>,
           opt<group<ws, kw_as, ws, expect<Expected::kAlias, node<Kind::kAlias, name>>>>> {};

struct head_name
    : sor<group<node<Kind::kVariable, word>, at<one<'.', '['>>>, node<Kind::kVariable, name>> {};
struct head : node<Kind::kPostfix, head_name, opt<group<ws, suffix>>, star<suffix>> {};
struct assigned : group<ws, assign_op, ws, expect<Expected::kTerm, value>> {};
struct contains : node<Kind::kContains, kw_contains, ws, expect<Expected::kTerm, value>> {};
// Braces that OPA can read as no value are a body.
struct rule_body : sor<seq<at<one<'{'>>, or_last<block, literal>>, literal> {};
template <typename If>
struct if_body_of : group<ws, If, ws, expect<Expected::kRuleBody, rule_body>> {};
struct if_body : if_body_of<kw_if> {};
struct else_body : group<ws, kw_if, ws, expect<Expected::kRuleBody, sor<block, literal>>> {};
// Always fails where a `{` follows: with a message for it, or for what is wrong in the braces.
template <Expected kExpected>
struct no_brace : opt<at<ws, one<'{'>>, ws, refuse<kExpected, block>> {};
struct else_clause
    : told_at_begin<
          Code::kMissingIf,
          node<Kind::kElse, kw_else, ws,
               expect<Expected::kElse, sor<seq<no_brace<Expected::kElseIf>, assigned,
                                               sor<else_body, no_brace<Expected::kElseIf>>>,
                                           else_body>>>> {};
template <typename If>
struct behind_head : sor<seq<if_body_of<If>, star<group<ws, else_clause>>, star<group<ws, block>>>,
                         no_brace<Expected::kIf>> {};
// Behind a value `if.` and `if[` begin another rule.
struct rule
    : told_at_begin<
          Code::kMissingIf,
          node<Kind::kRule, head,
               sor<seq<sor<assigned, group<ws, contains>>, behind_head<statement_word<'i', 'f'>>>,
                   behind_head<kw_if>>>> {};
// OPA takes a condition `(p) := 1` for a rule.
struct bracketed_rule : node<Kind::kRule, one<'('>, ws, head, ws, one<')'>, assigned> {};
struct default_start
    : named_after<statement_word<'d', 'e', 'f', 'a', 'u', 'l', 't'>, ws,
                  expect<Expected::kHead, at<sor<seq<word, one<'.', '['>>, name>>>> {};
struct default_rule
    : told_at_begin<Code::kDefaultValue,
                    node<Kind::kDefault, default_start, head,
                         expect<Expected::kDefaultValue, not_at<ws, kw_contains>>, opt<assigned>>> {
};

// --- Licet's declarations ------------------------------------------------------------------

// A name on the same line makes the word before it a keyword: Rego has no reading for the two.
template <char... C>
struct declaration_word : seq<keyword<C...>, blanks, at<name>> {};

// What Rego would read as a rule named like the clause.
struct rego_rule_follows
    : seq<ws, sor<one<'=', '(', '[', '.'>, string<':', '='>, kw_if, kw_contains>> {};
template <Kind kKind, char... C>
struct clause
    : node<kKind, keyword<C...>, not_at<rego_rule_follows>, ws, expect<Expected::kTerm, value>> {};
struct uses : node<Kind::kUses, keyword<'u', 's', 'e', 's'>, ws,
                   keyword<'p', 'r', 'o', 't', 'e', 'c', 't', 'e', 'd'>, ws,
                   expect<Expected::kBecause, kw_because>, ws, expect<Expected::kTerm, value>> {};
struct clauses
    : star<group<ws, sor<clause<Kind::kBecause, 'b', 'e', 'c', 'a', 'u', 's', 'e'>,
                         clause<Kind::kControls, 'c', 'o', 'n', 't', 'r', 'o', 'l', 's'>,
                         clause<Kind::kObliges, 'o', 'b', 'l', 'i', 'g', 'e', 's'>, uses>>> {};
struct verdict
    : node<Kind::kVerdict,
           sor<keyword<'p', 'e', 'r', 'm', 'i', 't'>, keyword<'f', 'o', 'r', 'b', 'i', 'd'>>> {};
struct decision : node<Kind::kDecision, verdict, blanks, node<Kind::kName, name>,
                       sor<if_body, no_brace<Expected::kIf>>, clauses> {};

struct type_expression;
struct element_type : seq<one<'['>, ws, expect<Expected::kType, type_expression>, ws,
                          expect<Expected::kCloseBracket, one<']'>>> {};
struct list_type
    : node<Kind::kList, keyword<'l', 'i', 's', 't'>, at<one<'['>>, nested<element_type>> {};
struct map_type : node<Kind::kMap, keyword<'m', 'a', 'p'>, at<one<'['>>, nested<element_type>> {};
struct record;
struct type_member : sor<list_type, map_type, record, quoted_string, raw_string, number, constant,
                         node<Kind::kName, name>> {};
struct type_expression : node<Kind::kUnion, type_member,
                              star<group<ws, one<'|'>, ws, expect<Expected::kType, type_member>>>> {
};
struct annotation : seq<one<'@'>, expect<Expected::kAnnotation, node<Kind::kAnnotation, word>>> {};
struct field : node<Kind::kField, node<Kind::kName, word>, opt<node<Kind::kOptional, one<'?'>>>, ws,
                    expect<Expected::kFieldColon, one<':'>>, ws,
                    expect<Expected::kType, type_expression>, star<group<ws, annotation>>> {};
struct field_separator : sor<seq<ws, one<','>, ws>, line_break> {};
struct record
    : node<Kind::kRecord, nested<one<'{'>, ws, opt<field, star<group<field_separator, field>>>,
                                 trailing_comma, ws, expect<Expected::kCloseRecord, one<'}'>>>> {};
struct schema : node<Kind::kSchema, declaration_word<'s', 'c', 'h', 'e', 'm', 'a'>,
                     node<Kind::kName, name>, ws, expect<Expected::kOpenRecord, record>> {};
struct type
    : node<Kind::kType, declaration_word<'t', 'y', 'p', 'e'>, node<Kind::kName, name>, ws,
           expect<Expected::kTypeEquals, one<'='>>, ws, expect<Expected::kType, type_expression>> {
};
struct window : node<Kind::kWindow, peg::digit, plus<sor<peg::alnum, one<'.'>>>> {};
struct meter
    : node<Kind::kMeter, declaration_word<'m', 'e', 't', 'e', 'r'>, node<Kind::kName, name>, ws,
           expect<Expected::kPer, keyword<'p', 'e', 'r'>>, ws, expect<Expected::kTerm, chain>, ws,
           expect<Expected::kOver, keyword<'o', 'v', 'e', 'r'>>, ws,
           expect<Expected::kWindow, window>, sor<if_body, no_brace<Expected::kIf>>> {};

struct declaration : sor<decision, schema, type, meter, default_rule, rule, bracketed_rule> {};

}  // namespace licet::lang::grammar
