// Resolves the bodies and terms of one rule: names to variables and paths, nested calls to
// literals of their own. Internal to resolve/; terms.cc, calls.cc,
// literals.cc and withs.cc hold its parts.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "eval/arena.h"
#include "lang/diagnostic.h"
#include "lang/resolve/core.h"
#include "lang/resolve/globals.h"
#include "lang/resolve/scope.h"
#include "lang/syntax/ast.h"
#include "lang/syntax/equation.h"

namespace licet::lang::resolve {

// What all rules of a module share.
struct ModuleContext {
  const Globals& globals;
  Imports& imports;
  const core::Path& package;
  Arena& arena;  // of constants
  Diagnostics& diagnostics;
  Span package_span;  // of its declaration
  bool is_strict = false;
  bool renames_operators = false;  // see renames_operators()
};

// Where the parts that a literal is made of go, and what they have in common.
struct Sink {
  core::Body* out = nullptr;
  const std::vector<core::With>* with = nullptr;  // copied to each literal
  Span span{};
  std::uint32_t origin = 0;
  bool negated = false;  // see core::Literal
  // References that are hoisted wait here until the literal is emitted that they belong to: as in
  // OPA the calls in it are made before. Null: they do not wait.
  core::Body* waiting = nullptr;
  std::optional<Span> place = std::nullopt;  // see core::Literal; without it the span
  bool is_placeless = false;                 // see core::Literal; of the call that is resolved
};

enum class NestedNot {
  kHoist,   // Rego v1: calls inside `not` are made before it, so an undefined one fails the body
  kInside,  // `import rego.v2`, and forbid bodies: they belong to what is negated
};

// What OPA says of a call of a variable depends on where it stands.
enum class CallPlace { kNested, kStatement };

class Resolver {
 public:
  Resolver(ModuleContext& context, NestedNot nested_not)
      : context_(context), nested_not_(nested_not) {}

  // Before the body of a rule or of an `else`, and before the head that goes with it.
  void begin_branch(const BodyNames& body) {
    tells_unused_ = is_in_head_ = false;
    used_in_body_.clear();
    for (const auto& [name, span] : body.used) {
      if (!body.replaced.contains(name)) used_in_body_.insert(name);
    }
  }
  void begin_head() { is_in_head_ = true; }
  // A body in a scope that the caller has opened for it.
  core::Body body(const ast::Body& body, Scope& scope);
  // Gives every name that the body or the terms use, and that means nothing else, a variable here.
  void open(Scope& scope, const BodyNames& names);
  void report_unused(const std::string& name, const Local& local) const;
  // Reports what was declared and never used.
  void close(const Scope& scope);
  // A term; what must be evaluated before it goes to the sink.
  core::Term term(const ast::Term& term, Scope& scope, Sink& sink);
  // As term(), but an operand of a call: references are hoisted too.
  core::Term argument(const ast::Term& term, Scope& scope, Sink& sink);
  core::Term parameter(const ast::Term& term, Scope& scope, Sink& sink);
  // The same for the value of a head.
  core::Term head_value(const ast::Term& term, Scope& scope, Sink& sink);
  // `place`: where errors of it are told, and of nothing using it.
  core::VariableId declare(const std::string& name, Span span, Origin origin, Scope& scope,
                           std::uint32_t place);
  core::VariableId fresh(std::string name, Span span, bool generated);

  std::vector<core::VariableInfo>& variables() { return variables_; }
  std::uint32_t literal_count() const { return literals_; }
  core::Term constant(Value value, Span span) const;

 private:
  // terms.cc
  core::Term name(const std::string& name, Span span, Scope& scope);
  core::Term reference(const ast::Reference& reference, Span span, Scope& scope, Sink& sink);
  core::Term base(const ast::Term& term, Scope& scope, Sink& sink);
  core::Term operand(const ast::Term& term, Scope& scope, Sink& sink);
  core::Term part(const ast::Term& term, Scope& scope, Sink& sink);
  core::Term array(const ast::Array& array, Span span, Scope& scope, Sink& sink);
  core::Term set(const ast::Set& set, Span span, Scope& scope, Sink& sink);
  core::Term object(const ast::Object& object, Span span, Scope& scope, Sink& sink);
  core::Term comprehension(const ast::Comprehension& c, Span span, Scope& scope, Sink& sink);
  std::optional<std::string> constant_text(const ast::TemplateString& t, Scope& scope, Sink& sink);
  core::Term template_string(const ast::TemplateString& t, Span span, Scope& scope, Sink& sink);
  void refuse_relation(const ast::Term& shown);
  void refuse_new_names(std::size_t outside, const Scope& scope, Span shown, Sink& part);
  core::Term number(const ast::Number& number, Span span, bool negative);
  // A call as a term: hoisted, with a variable for its answer.
  core::Term hoisted_call(const ast::Term& term, Scope& scope, Sink& sink);
  core::Term hoist(core::Term term, Sink& sink);
  // After an error: gives the pattern's variables values, so that one mistake is one message.
  static void bind_anyway(core::Term pattern, Sink& sink);
  std::optional<core::Term> document_name(const std::string& name, Span span);

  // calls.cc
  // A call whose name is that of a variable. True: reported.
  bool refuses_shadowed(const std::string& head, const std::string& name, Span span, Scope& scope);
  std::optional<core::Call> call_of(const ast::Term& term, Scope& scope, Sink& sink);
  static void see_names(const ast::Term& term, Scope& scope);
  static void see_name(const std::string& name, Scope& scope);
  void look_at(const ast::Term& dropped, Scope& scope, const Sink& sink);
  std::optional<core::Call> named_call(const ast::Call& call, Span span, Scope& scope, Sink& sink);
  std::optional<core::Call> operator_call(const std::vector<std::string>& function,
                                          std::vector<const ast::Term*> arguments, Span span,
                                          Scope& scope, Sink& sink);
  std::optional<core::Callee> callee(const std::vector<std::string>& names, Span span, Scope& scope,
                                     const Sink& sink);
  std::optional<core::Callee> function_in(const core::Term& document,
                                          const std::vector<std::string>& names, Span span,
                                          const Sink& sink);
  void refuse_unknown(const std::string& name, Span span, const Sink& sink);
  void refuse_computed(const ast::Call& call, const Sink& sink) const;
  void refuse_value(const core::Path& path, Span span, const Sink& sink);
  void refuse_equation(const core::Callee& callee, CallPlace where, Span span,
                       const Sink& sink) const;
  // Whether `=` or `:=` means something else here.
  bool is_renamed(ast::Operator op, Scope& scope) const;
  // Where the answer of a call may be written as its last argument: f(x, y) for f(x) = y.
  // Reports a print where a value is wanted.
  void refuse_print(const core::Call& call, Span span) const;
  enum class LastArgument { kArgument, kMayBeAnswer };
  void check_arity(const core::Callee& callee, std::size_t given, Span span, LastArgument last,
                   std::uint32_t place);
  // literals.cc
  friend class LiteralResolver;
  void unify(const Equation& equation, Scope& scope, Sink& target, Sink& hoist);
  core::Term assigned(const ast::Term& pattern, Scope& scope, Sink& sink);
  void assign_pattern(const ast::Term& pattern, Scope& scope, std::uint32_t place);
  void declare_some(const std::vector<std::pair<std::string, Span>>& names, Scope& scope,
                    std::uint32_t place);
  // withs.cc
  std::vector<core::With> withs_of(const ast::Literal& literal, Scope& scope, Sink& sink);
  bool refuses_replacement(BuiltinId id, Span span) const;
  void refuse_part_of_language(std::string_view name, Span span) const;
  void refuse_target(const core::Term& element, Span span, std::uint32_t place) const;
  std::vector<core::With> withs(const std::vector<ast::With>& written, Scope& targets, Scope& scope,
                                Sink& sink);
  std::optional<core::With> with(const ast::With& with, Scope& targets, Scope& scope, Sink& sink);

  ModuleContext& context_;
  NestedNot nested_not_;
  std::vector<core::VariableInfo> variables_;
  std::uint32_t literals_ = 0;
  LastArgument last_argument_ = LastArgument::kArgument;  // of the next call that is resolved
  // Where calls stand that are no part of a literal, but one by themselves or the value of a head.
  CallPlace call_place_ = CallPlace::kNested;  // of the next call that is resolved
  // Only to be compared:
  const ast::Term* shown_term_ = nullptr;  // what a template shows
  const ast::Logic* operand_ = nullptr;    // what is an operand of `and` or `or` without braces
  bool in_head_ = false;
  std::set<std::string> shown_;         // used in the templates inside of the one that is resolved
  bool has_eq_ = false;                 // a variable named `eq`, which takes the place of `=`
  std::set<std::string> used_in_body_;  // of the branch, outside of inner scopes
  bool tells_unused_ = false;           // a declared name
  bool is_in_head_ = false;             // each comprehension tells of its unused names for itself
  bool folds_templates_ = true;         // whose texts are known
  bool may_call_value_ = false;         // the next call
  std::optional<core::Term> called_value_;
  bool has_declared_ = false;  // the names of the next `some ... in`, for its `with`
  // In parameters and what `some` declares, as in OPA, rules and imports have no names, only paths.
  bool in_pattern_ = false;
  // What the `with` of the next `every` or `not { ... }` uses of the names that are declared
  // inside.
  SharedNames shared_names_;
};

// Until its end, what goes to the sink is a part of what stands at `place`.
class At {
 public:
  At(Sink& sink, Span place) : sink_(sink), outer_(std::exchange(sink.place, place)) {}
  ~At() { sink_.place = outer_; }
  At(const At&) = delete;
  At& operator=(const At&) = delete;

 private:
  Sink& sink_;
  std::optional<Span> outer_;
};
// Where the errors of what goes to the sink are told.
std::uint32_t place_in(const Sink& sink);

// Without any, f() is an ordinary rule, as in OPA.
bool has_parameters(const ast::RuleHead& head);
core::With clone(const core::With& with);
// Only constants, variables and composites or references of them: what hoisting leaves.
core::Term clone(const core::Term& term);

// data.a.b and input.a.b.
core::Term path_reference(core::Root root, const core::Path& path, Span span, Arena& arena);

core::Literal literal_of(const Sink& sink, core::Literal::Node node);
// What waits, and the literal.
void emit(Sink& sink, core::Literal::Node node);
// What waits is emitted.
void flush(Sink& sink);
bool is_call(const ast::Term& term);
// Reports a path of more than kMaxPath elements.
void too_long(Span span, Diagnostics& diagnostics);
std::string callee_text(const core::Callee& callee);
// The builtin that `=` is.
bool is_eq(const core::Callee& callee);
// a.b.c
std::string dotted(const std::vector<std::string>& names);

}  // namespace licet::lang::resolve
