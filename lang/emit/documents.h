// What gets a block: the documents of the rule tree, functions, decision rules. Each is emitted
// once, when first asked for or at the end.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "lang/emit/assembler.h"
#include "lang/emit/emit.h"
#include "lang/plan/index_plan.h"

namespace licet::lang::emit {

class Emitter;

// How `with` on data touches a path: not at all, or at, above or below it.
enum class Overlay { kNone, kTouched };

class Documents {
 public:
  Documents(Assembler& assembler, const EmitInput& input, Diagnostics& diagnostics);

  // The document of a node; with `first_key`, only what it has at that key.
  DocumentIndex document(const plan::Node& node, const Value* first_key);
  FunctionIndex function(const core::Path& path);
  // A function that fails as calls of the builtin do, for what `with` replaces by it.
  FunctionIndex not_available(const core::OmittedCallee& callee);
  // A function that answers calls of `replaced` with what a reference to a document has.
  FunctionIndex answering(const core::Term& document, const core::Callee& replaced);
  // The three-valued document of one body of a decision rule, and of the whole rule.
  DocumentIndex holds(const core::DecisionBody& body);
  DocumentIndex holds(const lower::DecisionGroup& group);

  Overlay overlay_of(const std::vector<Value>& path) const;
  Overlay overlay_of(const plan::Node& node) { return place_of(node).overlay; }
  // What data has where the node is; undefined: nothing.
  const Value& loaded_at(const plan::Node& node) { return place_of(node).loaded; }
  bool is_mocked(const core::Callee& callee) const;
  plan::Harmless& harmless() { return pins_.harmless(); }
  std::uint32_t mock(const core::Callee& callee);

  // Everything that can be asked for by name, and all that these need.
  void emit_all();

 private:
  struct Work {
    BlockIndex block;
    std::function<void(Emitter&)> code;
    std::size_t parameters = 0;
    Span span{};
  };
  using Code = std::function<void(Emitter&)>;

  // Those of decision rules need no name: they have their rule's.
  DocumentIndex new_document(std::string_view name, Span span, Code code);
  void queue(BlockIndex block, Span span, std::size_t parameters, Code code);
  void run_queue();
  void collect_targets();
  void add_entry_points(const plan::Node& node);
  void add_tests(const plan::Node& node);
  void add_decision_rules();
  void add_query();

  // indexes.cc
  // A choice among bodies in one block: those that an index finds, or all of them in turn.
  struct Choice {
    std::optional<BodyIndexNumber> index;
    Label next_body{};  // with an index: goes on with the next one that was found
  };
  // Begins the choice; `none` is where it goes when no body is left.
  Choice choose(Emitter& e, const std::vector<const core::Rule*>& bodies, const std::string& name,
                Label none);
  // The next body begins here; answers where it goes when it fails.
  Label begin_body(const Choice& choice);
  void end_body(const Choice& choice, Label next);
  std::optional<BodyIndexNumber> add_index(const std::vector<plan::BodyPins>& bodies,
                                           const std::string& name, BodyIndex::Missing missing);
  void add_decision_indexes();
  plan::Replaced replaced();
  std::string name_of(const core::Callee& callee) const;
  std::size_t arity_of(const core::Callee& callee) const;

  // rules.cc
  Code code_for(const plan::Node& node, const Value* first_key);
  void package(Emitter& e, const plan::Node& node);
  void complete(Emitter& e, const plan::Node& node, Reg result);
  const Value* settling_constant(const plan::Node& node);
  void chain(Emitter& e, const core::Rule& rule, Reg result, const Label* settled, Label next,
             const std::string& name, std::uint32_t number);
  void partial(Emitter& e, const plan::Node& node, const Value* first_key);
  void add_entries(Emitter& e, const plan::Node& node, std::vector<Value>& prefix,
                   const Value* first_key, Reg entries);
  void add_rule_entries(Emitter& e, const core::Rule& rule, const std::vector<Value>& prefix,
                        const Value* first_key, Reg entries, const std::string& name,
                        std::uint32_t number, const Choice& choice);
  void add_chain_entry(Emitter& e, const core::Rule& rule, const std::vector<Value>& prefix,
                       Reg entries, const std::string& name, std::uint32_t number, Label next);
  void member_set(Emitter& e, const plan::Node& node);
  void function_code(Emitter& e, const plan::Node& node);

  // decisions.cc
  void body_code(Emitter& e, const core::DecisionBody& body);
  void group_code(Emitter& e, const lower::DecisionGroup& group);
  void provided_set(Emitter& e, const plan::Node& node);
  enum class Clause { kMessages, kControls, kObligations };
  std::optional<DocumentIndex> clause_document(const core::DecisionBody& body, Clause clause);
  void clause_code(Emitter& e, const core::DecisionBody& body, Clause clause);
  void append_each(Emitter& e, Reg collection, Reg elements);

  Assembler& asm_;
  const EmitInput& input_;
  Diagnostics& diagnostics_;
  std::vector<Work> queue_;
  std::map<std::pair<const plan::Node*, std::string>, DocumentIndex> documents_;
  std::map<const plan::Node*, FunctionIndex> functions_;
  std::map<std::string, FunctionIndex> not_available_;
  std::map<std::pair<std::string, std::size_t>, FunctionIndex> answering_;  // by path and arity
  std::map<const core::DecisionBody*, DocumentIndex> body_documents_;
  std::map<const core::DecisionBody*, std::uint32_t> body_numbers_;  // within their rule
  std::map<const lower::DecisionGroup*, DocumentIndex> group_documents_;
  std::map<const lower::DecisionGroup*, std::uint32_t> rule_numbers_;  // in decision_rules
  // Where a node is. Of its parent's in one step, so that a path of hundreds costs what it says.
  struct Place {
    std::string text;
    Value loaded;  // what data has there
    Overlay overlay = Overlay::kNone;
    bool is_below_target = false;
  };
  const Place& place_of(const plan::Node& node);

  std::unordered_map<const plan::Node*, Place> places_;
  std::vector<std::vector<Value>> overlay_targets_;
  std::unordered_set<const plan::Node*> targets_;        // the nodes where these end,
  std::unordered_set<const plan::Node*> above_targets_;  // and those on the way and at the end
  std::set<std::string> mocked_;
  plan::PinFinder pins_;
};

std::string decision_name(const core::Path& package, const std::string& name);

}  // namespace licet::lang::emit
