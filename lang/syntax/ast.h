// The syntax tree as plain structs: what was written, nothing resolved. Comments stay in the
// module, with their spans, for the formatter and the METADATA reader.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lang/source.h"

namespace licet::lang::ast {

struct Term;
struct Literal;
struct With;
using TermPtr = std::unique_ptr<Term>;
using Body = std::vector<Literal>;  // literals of one { ... }; never empty after parsing

// --- terms ---------------------------------------------------------------------------------

struct Null {};
struct Boolean {
  bool value = false;
};
struct Number {
  std::string text;  // as written; the compiler keeps its exact value
};
struct String {
  std::string value;  // unescaped
  bool raw = false;   // written with backticks
};
// $"risk {user.name}": text and expressions in turn.
struct TemplateString {
  struct Expression {
    TermPtr term;
    Span span;
    std::vector<With> with;
  };
  std::vector<std::variant<std::string, Expression>> parts;
  bool raw = false;
};
struct Variable {
  std::string name;  // `_` is the wildcard
};
struct Operand {  // .name or [term]
  TermPtr term;   // a String for .name
  bool dotted = false;
};
struct Reference {  // head followed by at least one operand; the head is a Variable or any term
  TermPtr head;
  std::vector<Operand> operands;
};
struct Call {        // f(x), count(x), data.lib.f(x)
  TermPtr function;  // Variable, or Reference with constant operands
  std::vector<Term> arguments;
};
enum class Operator {
  kUnify,   // =
  kAssign,  // :=
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kRemainder,
  kAnd,
  kOr,  // & | on sets
};
struct Infix {
  Operator op = Operator::kUnify;
  Span op_span;
  TermPtr left;
  TermPtr right;
};
struct Negative {  // -x for a term that is not a number literal
  TermPtr operand;
};
struct Membership {  // value in collection; key, value in collection
  TermPtr key;       // may be null
  TermPtr value;
  TermPtr collection;
};
struct Array {
  std::vector<Term> elements;
};
struct Set {
  std::vector<Term> elements;  // set() has none
};
struct ObjectEntry;
struct Object {
  std::vector<ObjectEntry> entries;
};
enum class ComprehensionKind { kArray, kSet, kObject };
struct Comprehension {
  ComprehensionKind kind = ComprehensionKind::kArray;
  TermPtr key;  // objects only
  TermPtr head;
  Body body;
};

struct Term {
  using Node = std::variant<Null, Boolean, Number, String, TemplateString, Variable, Reference,
                            Call, Infix, Negative, Membership, Array, Set, Object, Comprehension>;
  Node node;
  Span span;
  bool parenthesised = false;
  // Where it begins for OPA, if not where the span does: without the parentheses around it or
  // around its first operand.
  std::optional<std::uint32_t> first = std::nullopt;

  Span place() const { return {span.source, first.value_or(span.begin), span.end}; }
};
struct ObjectEntry {  // no std::pair: clang looks into that before Term is known
  Term key;
  Term value;
};

// --- literals ------------------------------------------------------------------------------

struct Expression {  // a term as a statement: call, comparison, unification, reference ...
  Term term;
};
struct SomeNames {  // some x, y
  std::vector<Term> names;
};
struct SomeIn {  // some v in xs; some k, v in xs
  TermPtr key;   // may be null
  TermPtr value;
  TermPtr collection;
};
struct Every {  // every v in xs { ... }; every k, v in xs { ... }
  TermPtr key;  // may be null
  TermPtr value;
  TermPtr domain;
  Body body;
};
struct Not {  // not x; not { ... } (braces only where the module imports the keyword)
  Body body;
  bool braced = false;
};
enum class Connective { kAnd, kOr };
struct Logic {  // a and b; { ... } or c. Each operand is a body of its own
  Connective connective = Connective::kAnd;
  struct Side {
    Body body;
    bool braced = false;
    bool parenthesised = false;
  };
  Side left;
  Side right;
};
struct With {
  Term target;
  Term value;
  Span span;
};

struct Literal {
  using Node = std::variant<Expression, SomeNames, SomeIn, Every, Not, Logic>;
  Node node;
  std::vector<With> with;
  Span span;
};

// --- declarations --------------------------------------------------------------------------

struct Name {
  std::string text;
  Span span;
};

struct Package {
  std::vector<Name> path;  // without `data`
  Span span;
};

struct Import {
  Term path;  // Variable or Reference: data.x, input.y, rego.v1, future.keywords.in
  std::optional<Name> alias;
  Span span;
};

enum class HeadKind {
  kComplete,  // p, p := v, p.q.r := v, p[x] := v, f(x) := v
  kContains,  // p contains v
};
struct RuleHead {
  Term ref;                                    // Variable or Reference
  std::optional<std::vector<Term>> arguments;  // functions; f() is an empty list
  HeadKind kind = HeadKind::kComplete;
  TermPtr value;  // null: true
  // The value was given with `=` (kUnify) or `:=` (kAssign).
  Operator assignment = Operator::kAssign;
  Span span;
};
struct Else {
  TermPtr value;  // null: true
  Operator assignment = Operator::kAssign;
  Body body;  // empty: always
  Span span;
};
struct Rule {
  bool is_default = false;
  RuleHead head;
  Body body;  // empty: always
  std::vector<Else> elses;
  Span span;
};

// --- Licet declarations --------------------------------------------------------------------

struct Type;
struct NamedType {  // string, int, any, ip, time ..., or a `type` name
  Name name;
};
struct LiteralType {  // "a", 1, true, null
  Term value;
};
struct UnionType {
  std::vector<Type> members;  // at least two
};
struct ListType {
  std::unique_ptr<Type> element;
};
struct MapType {
  std::unique_ptr<Type> value;
};
struct Annotation {  // @redact
  Name name;
};
struct Field {
  Name name;
  bool optional = false;
  std::unique_ptr<Type> type;
  std::vector<Annotation> annotations;
  Span span;
};
struct RecordType {
  std::vector<Field> fields;
};
struct Type {
  using Node = std::variant<NamedType, LiteralType, UnionType, ListType, MapType, RecordType>;
  Node node;
  Span span;
};

struct TypeDeclaration {  // type Bounds = { ... }
  Name name;
  Type type;
  Span span;
};
struct Schema {  // schema user { ... }
  Name root;
  RecordType record;
  Span span;
};
enum class Verdict { kPermit, kForbid };
struct DecisionRule {  // permit name if { ... } because ... controls ... obliges ...
  Verdict verdict = Verdict::kPermit;
  Name name;
  Body body;        // empty: always
  TermPtr because;  // null where absent
  TermPtr controls;
  TermPtr obliges;
  TermPtr uses_protected_because;  // uses protected because "..."
  Span span;
};
struct Meter {  // meter name per key over 1m if ...
  Name name;
  TermPtr key;
  std::string window;  // as written: 1m
  Span window_span;
  Body body;  // empty: always
  Span span;
};

struct Comment {
  std::string text;  // with its #
  Span span;
};

using Declaration = std::variant<Rule, TypeDeclaration, Schema, DecisionRule, Meter>;

struct Module {
  SourceId source{};
  Package package;
  std::vector<Import> imports;
  std::vector<Declaration> declarations;  // in the order of the text
  std::vector<Comment> comments;          // in the order of the text
};

}  // namespace licet::lang::ast
