// The slow reference evaluator: a policy's meaning straight over the syntax tree, written apart
// from the compiler and the VM so that the two can check each other.
//
// A body is solved by trying: the first literal whose variables have values gives solutions, one
// after the other, and each goes on to the literals that are left. Nothing is remembered, ordered
// or planned ahead. Solutions are handed on by calling the next step with them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "eval/arena.h"
#include "eval/builtins/builtin.h"
#include "eval/builtins/regex_cache.h"
#include "eval/value.h"
#include "tests/property/names.h"
#include "tests/property/policy.h"
#include "tests/property/reads.h"

namespace licet::property {

enum class Truth { kFalse, kUnknown, kTrue };

// Two values where there can be one: the evaluation ends.
struct Conflict : std::runtime_error {
  Conflict() : std::runtime_error("conflict") {}
};
// The language does not say which of two answers is right (see Evaluator::search).
struct Ambiguous : std::runtime_error {
  Ambiguous() : std::runtime_error("ambiguous") {}
};
// No order of the literals gives each variable a value, or it is something that this evaluator
// does not know, or it takes too long.
struct Unsupported : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What references see; `with` makes a changed copy.
struct World {
  Value input;
  Value data;                      // loaded
  std::map<Path, Value> replaced;  // rules that `with` gives a value
};

// How `not` and `every` count: true or not as in Rego, or only when certain, as in a forbid.
enum class Logic { kRego, kKleene };

struct Scope {
  const Path* package = nullptr;
  const World* world = nullptr;
  Logic logic = Logic::kRego;
  bool negated = false;  // inside of an odd number of `not`
  std::map<std::string, Value> bound;
  Names names;  // of this scope and those around it

  Scope with(const std::string& name, const Value& value) const {
    Scope next = *this;
    next.bound[name] = value;
    return next;
  }
};

// Each key of a collection with its value; of a set, the element is its own key. Scalars have none.
std::vector<Entry> entries_of(const Value& collection);

Negation negation_of(const Scope& scope);
// The parts of `x := y` and `x = y`; null for every other term.
const ast::Infix* assignment_in(const ast::Term& t);

// Keeps a variable and puts its value back at the end of the block, also after an exception.
template <class T>
class Kept {
 public:
  explicit Kept(T& variable) : variable_(variable), value_(variable) {}
  Kept(T& variable, T for_now) : Kept(variable) { variable_ = for_now; }
  ~Kept() { variable_ = value_; }
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
  const T& value() const { return value_; }

 private:
  T& variable_;
  T value_;
};

class Evaluator {
 public:
  Evaluator(const Policy& policy, Arena& arena) : policy_(policy), arena_(arena) {}

  // data.<path>; undefined if it has no value. An object may lack members other than that of
  // `wanted_key`. Throws Conflict, Unsupported.
  Value document(const Path& path, const World& world, const Value& wanted_key = {});
  // Whether a decision rule's body holds. Throws Conflict, Ambiguous, Unsupported.
  Truth permit_body(const ast::Body& body, const Path& package, const World& world);
  Truth forbid_body(const ast::Body& body, const Path& package, const World& world);

 private:
  using Next = std::function<void(const Scope&)>;
  using WithValue = std::function<void(const Value&, const Scope&)>;
  using WithValues = std::function<void(const std::vector<Value>&, const Scope&)>;
  using Terms = std::vector<const ast::Term*>;
  using Literals = std::vector<const ast::Literal*>;
  using Operands = std::span<const ast::Operand>;

  // evaluator_terms.cc: each solution of a term with its value.
  void term(const ast::Term& t, const Scope& scope, const WithValue& use);
  void terms(const Terms& list, const Scope& scope, const WithValues& use);
  void next_term(const Terms& list, std::vector<Value> values, const Scope& scope,
                 const WithValues& use);
  void look_at(const ast::Term& t, const Scope& scope);
  void look_at_parts(const ast::Term& t, const Scope& scope);
  void call(const ast::Term& t, const Scope& scope, const WithValue& use);
  Value apply(const ast::Term& call, const std::vector<Value>& arguments, const Scope& scope);
  Value builtin(std::string_view name, const std::vector<Value>& arguments);
  Value comprehension(const ast::Comprehension& c, const Scope& scope);
  // Unifies a pattern with a value.
  void match(const ast::Term& pattern, const Value& value, const Scope& scope, const Next& next);
  void match_all(const Terms& patterns, const std::vector<Value>& values, const Scope& scope,
                 const Next& next);
  static Terms arguments_of(const ast::Term& call);
  static bool is_call(const ast::Term& t);

  // evaluator_documents.cc: references, rules, functions.
  void reference(const ast::Term& head, Operands operands, const Scope& scope,
                 const WithValue& use);
  void walk(const Value& base, Operands operands, const Scope& scope, const WithValue& use);
  void walk_data(const Path& path, Operands operands, const Scope& scope, const WithValue& use);
  void walk_document(const Path& path, Operands operands, const Scope& scope, const WithValue& use);
  bool is_own_document(const Path& path, const World& world) const;
  Names names_below(const Path& path, const World& world) const;
  Value rule_value(const Path& path, const World& world, const Value& wanted_key);
  Value function_value(const Path& path, const std::vector<Value>& arguments, const World& world);
  Value complete_value(const std::vector<Policy::RuleOfModule>& rules,
                       const std::vector<Value>& arguments, const World& world);
  void rule_chain(const ast::Rule& rule, const Scope& scope, std::vector<Value>& values);
  Value partial_set(const std::vector<Policy::RuleOfModule>& rules, const World& world);
  Value partial_object(const std::vector<Policy::RuleOfModule>& rules, const World& world,
                       const Value& wanted_key);

  // evaluator_bodies.cc: literals.
  Scope enter(const ast::Body& body, const Scope& scope) const;
  void body(const ast::Body& b, const Scope& scope, const Next& next);
  bool has_solution(const ast::Body& b, const Scope& scope);
  void solve(const Literals& literals, const Scope& scope, const Next& next);
  void literal(const ast::Literal& l, const Scope& scope, const Next& next);
  void with(std::span<const ast::With> withs, const Scope& scope, World world,
            const std::function<void(const World&)>& use);
  void replace(const ast::Term& target, const Value& value, const Scope& scope, World& world);
  void statement(const ast::Literal& l, const Scope& scope, const Next& next);
  void expression(const ast::Term& t, const Scope& scope, const Next& next);
  void unify(const ast::Term& left, const ast::Term& right, const Scope& scope, const Next& next);
  void some_in(const ast::SomeIn& some, const Scope& scope, const Next& next);
  void every(const ast::Every& every, const Scope& scope, const Next& next);
  void if_true(const std::function<Truth()>& truth_of, const Scope& scope, const Next& next);
  static Scope element_scope(const ast::Every& every, const Entry& entry, const Scope& scope);
  void rego_not(const ast::Not& negation, const Scope& scope, const Next& next);
  static Terms nested_in(const ast::Term& t);

  // evaluator_order.cc
  // Whether the literal can be solved now.
  bool is_ready(const ast::Literal& l, const Scope& scope) const;
  bool can_unify(const ast::Term& left, const ast::Term& right, const Scope& scope) const;
  // Whether evaluating the term needs no variable that has no value; adds what it gives values.
  bool closes(const ast::Term& t, Scope& scope) const;
  bool closes(const ast::Term& t, const Scope& scope) const;
  bool all_bound(const Names& names, const Scope& scope) const;
  bool is_global(const std::string& name, const Scope& scope) const;
  bool is_unbound_variable(const ast::Term& t, const Scope& scope) const;

  // evaluator_kleene.cc: forbid bodies.
  Truth kleene_body(const ast::Body& b, const Scope& scope);
  std::vector<Literals> components(const ast::Body& b, const Scope& scope) const;
  Truth component(const Literals& literals, const Scope& scope);
  Truth kleene_every(const ast::Every& every, const Scope& scope);
  Truth search(const Literals& literals, const Scope& scope);
  Truth negation(const ast::Not& negation, const Scope& scope);
  bool misses(const std::vector<InputPath>& paths, const World& world) const;
  bool fails_alone(const Literals& literals, const Scope& scope);

  void count_step();
  void count_error() { ++(late_ == 0 ? errors_ : late_errors_); }

  const Policy& policy_;
  Arena& arena_;
  builtins::RegexCache regexes_;
  std::uint64_t steps_ = 0;
  std::uint64_t errors_ = 0;       // calls of builtins that failed
  std::uint64_t late_errors_ = 0;  // that an evaluator need not see, as it has its answer already
  int late_ = 0;
  std::uint64_t absences_ = 0;  // terms without a value beside one that has none
  // Which literals do not end a search though they have no solution.
  enum class Passing { kNone, kFailed };
  Passing passing_ = Passing::kNone;
};

}  // namespace licet::property
