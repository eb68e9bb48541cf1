// Emits one block: registers, bound variables and the place to go when the current literal fails.
//
// A body is straight code. Each literal either falls through (it holds, and its variables are in
// registers) or jumps to fail_. A literal with several solutions moves fail_ to the head of its
// loop, so that whatever fails later comes back for the next solution; what ends a body jumps to
// fail_ too, to have all solutions, or elsewhere, to be content with the first.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lang/emit/assembler.h"
#include "lang/emit/emit.h"
#include "lang/plan/joins.h"
#include "lang/resolve/variables.h"

namespace licet::lang::emit {

class Documents;  // documents.h

// Where three-valued code goes.
struct Outcomes {
  Label holds;
  Label fails;
  Label unknown;
};

class Emitter {
 public:
  Emitter(Assembler& assembler, Documents& documents, const EmitInput& input,
          Diagnostics& diagnostics)
      : asm_(assembler), documents_(documents), input_(input), diagnostics_(diagnostics) {}

  // --- registers and variables
  Reg new_register(std::size_t count = 1);
  std::size_t registers_used() const { return most_registers_; }
  // A new rule: its variables are unbound, its temporaries begin after those in use at the mark.
  void begin_rule(const core::Rule& rule, std::string name, std::uint32_t body_number);
  void begin_query(const core::Query& query);
  std::size_t mark() const { return next_register_; }
  void release_to(std::size_t mark) { next_register_ = mark; }

  // --- failing
  Label fail() const { return fail_; }
  void set_fail(Label label) { fail_ = label; }
  void jump_to_fail() { asm_.jump(fail_); }
  // Writes the stubs that `with` and traces need behind the code so far.
  void flush_stubs();

  // --- literals.cc
  void body(const core::Body& body);
  // A body whose literals an explanation has spoken of already: without traces.
  void body_again(const core::Body& body);
  // The answer of a builtin that Licet leaves out, where no mock is in force: an error.
  Reg not_available(const core::OmittedCallee& callee);

  // --- terms.cc
  // The register of the term's value; may be the register of a variable. Binds unbound variables in
  // references, by iterating.
  Reg eval(const core::Term& term);
  void eval_to(const core::Term& term, Reg target);
  // Unifies a pattern with a value: binds its unbound variables, tests the rest.
  void match(const core::Term& pattern, Reg value);
  bool is_ground(const core::Term& term) const;
  void load(Reg target, const Value& value);
  void load_true(Reg target) { load(target, Value::boolean(true)); }

  // --- references.cc
  Reg input_reference(const std::vector<core::Term>& operands);
  Reg data_reference(const std::vector<core::Term>& operands);
  // From a value along operands[first ...].
  Reg walk(Reg value, const std::vector<core::Term>& operands, std::size_t first);
  // The value of a node's document; fails if it is undefined.
  Reg node_value(const plan::Node& node, const Value* first_key);
  std::vector<Value> path_of(const plan::Node& node);

  // --- kleene.cc
  // Three-valued: jumps to exactly one of the outcomes.
  void kleene_body(const core::Body& body, const Outcomes& outcomes);
  void kleene_negation(const core::Not& negation, const Outcomes& outcomes);
  // The same for the body of a decision rule. All its parts are evaluated when tracing; with
  // plain truth (permit) nothing is unknown.
  enum class Truth { kPlain, kKleene };
  void decision_body(const core::Body& body, Truth truth, const Outcomes& outcomes);

  // --- failing.cc
  bool leaves_errors(const core::Body& body) const;
  // The number of errors so far.
  Reg mark_errors();

  Assembler& assembler() { return asm_; }

 private:
  friend class LiteralEmitter;
  using Literals = std::vector<const core::Literal*>;

  struct Guard {
    Opcode opcode{};
    bool negated = false;
    plan::InputPath first{};
    plan::InputPath second{};  // of guards of two attributes
    Value constant{};          // of the others
    bool needs_all = false;    // it fails if an attribute is missing, also if negated
  };
  // What is evaluated in one step: a literal, or several that are one guard together.
  struct Unit {
    Literals literals;
    std::optional<Guard> guard;
    std::size_t at = 0;  // where the literal, the last one of a guard, stands among all
  };
  // A literal as written may have come apart into several: `first` of them begins it, `last` holds.
  struct Written {
    bool first = true;
    bool last = true;
  };

  // literals.cc
  void literals(const Literals& literals);
  void unit(const Unit& unit, const Literals& literals, const std::vector<Written>& parts);
  void literal(const core::Literal& literal);
  void node(const core::Literal& literal);
  void unify(const core::Term& left, const core::Term& right);
  enum class Side { kLeft, kRight };
  bool comes_before(const core::Term& other, Side side) const;
  void unify_comprehension(const core::Term& other, const core::Comprehension& made);
  using Pairs = std::vector<std::pair<const core::Term*, const core::Term*>>;
  bool take_apart(const core::Term& left, const core::Term& right, Pairs& pairs) const;
  void unify_pairs(const Pairs& pairs);
  void unify_part(const core::Term& left, const core::Term& right);
  void call(const core::Call& call);
  bool fused_test(const core::Call& call);
  Reg call_answer(const core::Call& call);
  Reg builtin_answer(const core::BuiltinCallee& callee, Reg window, std::size_t count);
  void answer(const core::Call& call, Reg value);
  void some_in(const core::SomeIn& some);
  void every(const core::Every& every);
  void match_element(const core::Every& every, Reg key, Reg value, Label next);
  void negation(const core::Not& negation);
  void logic(const core::Logic& logic);
  void exists(const core::Body& body);

  // environments.cc
  void in_environment(const core::Literal& literal);
  Reg enter_withs(const std::vector<core::With>& withs, Reg outer);
  Label leaving(Label target, Reg outer);

  // joins.cc
  // Makes what iterates over a collection of data go over the elements that an index finds, if the
  // literals from `at` on give it something to look up.
  void plan_join(const Literals& literals, std::size_t at);
  // Begins such an iteration if it is over data.path; nullopt: it is another one.
  std::optional<Reg> begin_join(const std::vector<Value>& path, Reg key, Reg value);

  // terms.cc
  Reg comprehension(const core::Comprehension& c);
  Reg reference(const core::Reference& reference);
  bool is_pattern(const core::Term& term) const;
  Reg unbound(const core::Term& term, const core::Variable& variable);

  // references.cc
  Reg along(const plan::Node& node, const std::vector<core::Term>& operands, std::size_t first,
            std::vector<Value>& path);
  Reg loaded_data(const std::vector<Value>& path);
  std::vector<Value> stored_path(std::vector<Value> path);
  Reg expand(const plan::Node& node, const std::vector<core::Term>& operands, std::size_t at,
             std::vector<Value>& path);
  // In which order entries are collected: nothing but rules; loaded keys, then rules; or by ranks.
  enum class Order { kOfRules, kLoadedFirst, kByRank };
  // A reference whose operand `at` goes over the children of a node, with those up to `stop`.
  struct Expansion {
    const std::vector<core::Term>& operands;
    std::size_t at;
    std::size_t stop;
    Reg entries;
    std::optional<Reg> key;  // if the operand has a value
    Order order;
  };
  Order order_of(const plan::Node& node);
  void expand_child(const plan::Node& child, const Expansion& all, std::vector<Value>& path);
  void expand_loaded(const plan::Node& node, const Expansion& all, const std::vector<Value>& path);
  void expand_value(const plan::Node* node, Reg value, const Expansion& all);
  template <class Follow>
  Reg value_below(const Expansion& all, const Follow& follow);
  static std::size_t stop_of(const plan::Node& node, const std::vector<core::Term>& operands,
                             std::size_t at);
  static std::vector<std::size_t> variable_operands(const Expansion& all);
  Reg next_of(Reg collection);
  Reg part_of(Reg array, std::size_t index);
  Reg nothing();
  void add_entry(Reg entries, std::optional<Reg> rank, Reg key, Reg value);

  // kleene.cc
  std::vector<Literals> components(const core::Body& body) const;
  void component(const Literals& part, const Outcomes& outcomes);
  bool has_own_truth(const Literals& part) const;
  void given_attributes(const Literals& part, const Outcomes& outcomes);
  void kleene_every(const core::Every& every, const Outcomes& outcomes);
  void kleene_logic(const core::Logic& logic, const Outcomes& outcomes);
  void search(const Literals& part, const Outcomes& outcomes);
  void hold_unless_doubtful(Reg mark, const Literals& part, std::optional<Reg> in_doubt,
                            const Outcomes& outcomes);
  PresenceIndex presence_of(const plan::ReadSet& reads);
  void jump_unless_known(Reg mark, const plan::ReadSet& reads, const Outcomes& outcomes);
  void components_in_turn(const std::vector<Literals>& parts, const Outcomes& outcomes);
  void all_components(const std::vector<Literals>& parts, Truth truth, const Outcomes& outcomes);

  // failing.cc
  struct Step;
  struct Skip {
    std::optional<Reg> mark;
    Label entry;
    Label behind;
    std::size_t first_register;
    std::size_t end_register;
  };
  bool may_fail(const core::Term& term) const;
  bool may_fail(const core::Body& body) const;
  bool may_fail(const Literals& part) const;
  void mark_errors(Reg mark, Label conflict);
  void nested(const std::function<void(const Outcomes&)>& kleene);
  Reg candidates(const Literals& literals);
  std::vector<Step> steps_of(const Literals& literals, const std::vector<Unit>& units);
  void step(const Step& step, Label behind, const std::function<void()>& literal);
  void skip(const Skip& skip);
  bool may_hold_in_doubt(const core::Literal& literal) const;
  bool may_hold_in_doubt(const core::Body& body) const;
  static bool is_nested(const core::Literal& literal);

  // guards.cc
  const core::Variable* fed_variable(const core::Literal& literal) const;
  std::optional<Guard> guard_of(const core::Literal& literal) const;
  std::optional<Guard> guard_of(std::span<const core::Literal* const> part) const;
  std::optional<Guard> guard_of_call(
      const core::Call& call, const std::map<core::VariableId, const core::Term*>& fed) const;
  static std::optional<Guard> guard_of_terms(std::string_view builtin, const core::Term& left,
                                             const core::Term& right);
  std::vector<Unit> units_of(const Literals& literals) const;
  static const core::Literal* negated_call(const core::Literal& literal);
  std::optional<std::vector<Unit>> guards_of_rule(const core::Rule& rule) const;
  void emit_guard(const Guard& guard, Label fail, std::optional<Reg> mark, bool unknown_fails);
  const plan::Node* guard_rule(const core::Term& term) const;
  void inline_rule(const plan::Node& rule);

  // trace.cc: nothing of these emits anything unless traces are wanted.
  std::uint32_t trace_point(const core::Literal& literal);
  std::vector<Written> written_parts(const Literals& literals) const;
  bool trace_begin(const core::Literal& literal, Written part);
  void trace_end(Written part);
  void trace_part(Span span, Reg reg);
  Outcomes traced(const Literals& part, const Outcomes& outcomes);
  bool traces() const { return input_.trace == TracePoints::kYes && !silent_; }

  struct Scope {  // what an inner scope must not change
    std::size_t bound;
    Label fail;
  };
  Scope enter() const { return {bound_.size(), fail_}; }
  void leave(Scope scope) {
    for (; bound_.size() > scope.bound; bound_.pop_back()) variables_[bound_.back()] = kUnbound;
    fail_ = scope.fail;
  }
  // Precondition: the variable is not bound.
  void bind(core::VariableId id, Reg reg) {
    variables_[id] = reg;
    bound_.push_back(id);
  }
  static constexpr std::int32_t kUnbound = -1;
  bool is_bound(core::VariableId id) const { return variables_[id] != kUnbound; }
  core::VariableSet bound_set() const;

  Assembler& asm_;
  Documents& documents_;
  const EmitInput& input_;
  Diagnostics& diagnostics_;
  std::vector<std::int32_t> variables_;  // register by VariableId
  std::vector<core::VariableId> bound_;  // in the order in which they were
  const std::vector<core::VariableInfo>* variable_infos_ = nullptr;
  std::size_t next_register_ = 0;
  std::size_t most_registers_ = 0;
  Label fail_{};
  std::vector<std::function<void()>> stubs_;
  // Inside a three-valued search: `not` and `every` must be certain.
  bool certain_ = false;
  // Where a literal of such a search goes on that is unknown; none: where it fails.
  std::optional<Label> unknown_;
  Reg step_mark_ = 0;  // the errors before that literal, or before what is in its `with`
  // Two values of one thing may go on here: no `with` or comprehension is in the way.
  bool resumes_ = true;
  std::vector<Reg> environments_;  // registers of all environments so far
  // Under an odd number of `not`: what holds must not hold because something is missing.
  bool negated_ = false;

  std::optional<plan::Join> join_;  // of the literal that is being emitted

  // Tracing.
  bool silent_ = false;
  std::string rule_name_;
  std::uint32_t body_number_ = 0;
  std::map<std::uint32_t, std::uint32_t> points_;  // by Literal::origin, of the current body
  struct OpenPoint {
    std::uint32_t point;
    Label recorded;  // the stub that records a failure
    Label outer;     // where to fail before the literal
  };
  std::vector<OpenPoint> open_points_;
};

}  // namespace licet::lang::emit
