// The core: rules with every name resolved and every nested call given a name of its own.
//
// resolve/ makes it from the syntax tree, check/ orders its bodies, lower/ adds the rules that
// decisions need, plan/ and emit/ read it. What the language writes in many ways is here once:
// a literal is a test, a unification, a call, an iteration, or a body under `not`, `every`,
// `and`, `or`. As in OPA, calls and references nested in a call are hoisted to literals before it,
// so that order and safety are questions about literals only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "eval/builtins.h"
#include "eval/value.h"
#include "lang/diagnostic.h"
#include "lang/resolve/variable_set.h"
#include "lang/source.h"
#include "lang/syntax/ast.h"

namespace licet::lang::core {

// The variable that stands for the answer of a query without variables.
inline constexpr const char* kAnswer = "$";

struct VariableInfo {
  std::string name;           // as written; `_` for wildcards
  Span span;                  // where it appears first
  bool generated = false;     // made by the compiler
  bool of_reference = false;  // stands for a reference that was hoisted, or for a key of one
};

struct Term;
struct Literal;
using TermPtr = std::unique_ptr<Term>;
using Body = std::vector<Literal>;

struct Constant {
  Value value;  // ground, of any kind
};
struct Variable {
  VariableId id = 0;
};
enum class Root { kInput, kData, kTerm };
// input.user.name, data.registry.allow[x], x[i].name. For kTerm the base is a Variable, a Constant
// or a composite; operands are constants, variables or composites of these.
struct Reference {
  Root root = Root::kInput;
  TermPtr base;  // kTerm only
  std::vector<Term> operands;
};
struct Array {
  std::vector<Term> elements;
};
struct Set {
  std::vector<Term> elements;
};
struct ObjectEntry;
struct Object {
  std::vector<ObjectEntry> entries;
};
struct Comprehension {
  ast::ComprehensionKind kind = ast::ComprehensionKind::kArray;
  TermPtr key;  // objects only
  TermPtr head;
  Body body;
  VariableSet inside;  // all variables in it, so that nobody has to go through what nests to know
};

struct Term {
  using Node = std::variant<Constant, Variable, Reference, Array, Set, Object, Comprehension>;
  Node node;
  Span span;
};
struct ObjectEntry {  // no std::pair: clang looks into that before Term is known
  Term key;
  Term value;
};

// Path of a rule or package below `data`: all elements are text.
using Path = std::vector<std::string>;

// What a call calls: a builtin, a builtin that Licet leaves out (it can only be mocked), or rules.
struct BuiltinCallee {
  BuiltinId id{};
};
struct OmittedCallee {
  std::string name;
};
struct RuleCallee {
  Path path;
};
using Callee = std::variant<BuiltinCallee, OmittedCallee, RuleCallee>;

struct Test {  // the term is defined and not false
  Term term;
};
struct Unify {
  Term left;
  Term right;
  bool assigns = false;  // left := right: names on the left give nothing on the right a value
};
struct Call {
  Callee callee;
  std::vector<Term> arguments;
  // Unified with the answer. Without it the answer must be defined and not false.
  std::optional<Term> result;
  bool answer_is_argument = false;  // f(x, y) for y = f(x)
  // Of sprintf only: for each element of its list the text of a number literal with a point or an
  // exponent, or null. Numbers are kept by value, but Go's formats tell 100.0 from 100.
  std::optional<Value> written = std::nullopt;
};
struct SomeIn {  // each key and value of a collection, unified with the patterns
  std::optional<Term> key;
  Term value;
  Term collection;
};
struct Every {
  std::optional<Term> key;  // Variable
  Term value;               // Variable
  Term domain;
  Body body;
  VariableSet inside;  // of the body
};
struct Not {
  Body body;
  // Its variables that stand nowhere else are its own (some value of them). Otherwise, as in Rego
  // v1, all its variables need values from outside.
  bool closure = false;
  // A closure without braces: its names need values from outside, what is made of them not.
  bool implicit = false;
  VariableSet inside = {};  // of a closure
};
struct Logic {
  ast::Connective connective = ast::Connective::kAnd;
  Body left;
  Body right;
  bool implicit_left = false;  // as of Not
  bool implicit_right = false;
  VariableSet inside = {};
};

enum class WithTarget { kInput, kData, kFunction };
struct With {
  WithTarget target = WithTarget::kInput;
  std::vector<Value> path;         // kInput, kData: below the root; scalars
  std::optional<Callee> function;  // kFunction: what is replaced
  // kFunction: what it is replaced by; else the value below.
  std::optional<Callee> replacement;
  // Variable or constant. Of kFunction also a reference to a document that rules make: as in OPA it
  // is looked up by each call, in what is in force there.
  std::optional<Term> value;
  Span span;
  Span target_span;
};

struct Literal {
  using Node = std::variant<Test, Unify, Call, SomeIn, Every, Not, Logic>;
  Node node;
  std::vector<With> with;
  Span span;  // of the literal as written; literals hoisted out of it have the same
  // Number of the literal as written in its body: hoisted parts share it (for explanations).
  std::uint32_t origin = 0;
  // A reference hoisted out of a call under `not`: it is evaluated before, but gives no names
  // values, as in OPA.
  bool negated = false;
  // Where OPA tells its errors: of a hoisted part the call that it is or belongs to.
  Span place{};
  // A call that a template shows: OPA knows no place of it.
  bool is_placeless = false;

  std::uint32_t told_at() const { return is_placeless ? Diagnostic::kNoPlace : place.begin; }
};

enum class HeadKind { kValue, kMember };

// One rule with its else-branches. `path` and `keys` say what it defines: p.q[x] := v has path
// (package, p, q) and key x.
struct Rule {
  Path path;
  std::size_t package_size = 0;  // how many elements of the path are the package
  std::vector<Term> keys;
  HeadKind kind = HeadKind::kValue;
  std::optional<std::vector<Term>> parameters;  // functions
  Term value;                                   // of kValue: the value; of kMember: the member
  Body body;
  std::unique_ptr<Rule> else_rule;  // only value and body of it are used
  bool is_default = false;
  std::vector<VariableInfo> variables;  // shared by the else chain: held by the first rule
  Span span;
  Span head_span;
  Span package_span;       // of the declaration of its module's package
  std::string shown_name;  // as OPA names it in messages: p, a.b.c, f
  std::uint32_t literal_count = 0;
  std::size_t value_begin =
      SIZE_MAX;  // index in `body` of the first literal that was made of the value
};

enum class Verdict { kPermit, kForbid };

struct DecisionBody {
  Verdict verdict = Verdict::kPermit;
  Path package;
  std::string name;
  // Body, message, controls and obligations are in the scope of `rule`; the rule's own value is
  // true. `because`, `controls`, `obliges` come with the literals that were hoisted out of them.
  Rule rule;
  struct Clause {
    Term term;
    Body hoisted;
  };
  std::optional<Clause> because;
  std::optional<Clause> controls;
  std::optional<Clause> obliges;
  Span name_span;
};

struct Query {
  Body body;
  std::vector<VariableInfo> variables;
  std::vector<std::pair<std::string, VariableId>> names;  // the columns of its rows
  std::uint32_t literal_count = 0;
};

struct Policy {
  std::vector<Rule> rules;
  std::vector<DecisionBody> decisions;
  std::vector<Path> packages;  // all declared, sorted, once each
  std::optional<Query> query;
};

}  // namespace licet::lang::core
