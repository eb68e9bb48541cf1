// Bookkeeping: indices, the queue of blocks, what is asked for by name.
#include "lang/emit/documents.h"

#include <algorithm>

#include "eval/value_json.h"
#include "lang/emit/emitter.h"
#include "lang/resolve/globals.h"
#include "lang/resolve/resolve.h"
#include "lang/resolve/visit.h"

namespace licet::lang::emit {
namespace {

constexpr std::size_t kMaxRegisters = 65'000;

Span span_of(const plan::Node& node) {
  if (!node.rules.empty()) return node.rules.front()->span;
  if (!node.decisions.empty()) return node.decisions.front()->bodies.front()->name_span;
  return {};
}

bool starts_with(const std::vector<Value>& path, const std::vector<Value>& prefix) {
  return prefix.size() <= path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

}  // namespace

std::string decision_name(const core::Path& package, const std::string& name) {
  return resolve::path_text(package) + "." + name;
}

Documents::Documents(Assembler& assembler, const EmitInput& input, Diagnostics& diagnostics)
    : asm_(assembler),
      input_(input),
      diagnostics_(diagnostics),
      pins_(input.tree, input.dependencies, replaced(), assembler.program().arena) {
  collect_targets();
  for (const lower::DecisionGroup& group : input.decisions) {
    for (std::uint32_t i = 0; i < group.bodies.size(); ++i) body_numbers_[group.bodies[i]] = i;
  }
}

// All paths and functions that any `with` replaces: only these need a look at run time.
void Documents::collect_targets() {
  core::Visitor visitor;
  visitor.enter = [this](const core::Literal& literal) {
    for (const core::With& with : literal.with) {
      if (with.target == core::WithTarget::kData) overlay_targets_.push_back(with.path);
      if (with.function) mocked_.insert(name_of(*with.function));
    }
  };
  for (const core::Rule& rule : input_.policy.rules) core::visit(rule, visitor);
  for (const core::DecisionBody& decision : input_.policy.decisions) core::visit(decision, visitor);
  if (input_.policy.query) core::visit(input_.policy.query->body, visitor);
  for (const std::vector<Value>& target : overlay_targets_) {
    const plan::Node* node = &input_.tree.root();
    above_targets_.insert(node);
    for (const Value& key : target) {
      node = key.is_string() ? node->child(std::string(key.as_string())) : nullptr;
      if (node == nullptr) break;
      above_targets_.insert(node);
    }
    if (node != nullptr) targets_.insert(node);
  }
}

const Documents::Place& Documents::place_of(const plan::Node& node) {
  const auto found = places_.find(&node);
  if (found != places_.end()) return found->second;
  Place place;
  if (node.parent == nullptr) {
    place.text = resolve::path_text({});
    place.loaded = asm_.program().data;
  } else {
    const Place& parent = place_of(*node.parent);
    place.text = parent.text + resolve::path_step_text(node.name);
    if (parent.loaded.is_object()) {
      place.loaded = parent.loaded.get(Value::string(node.name, asm_.program().arena));
    }
    place.is_below_target = parent.is_below_target;
  }
  place.is_below_target = place.is_below_target || targets_.contains(&node);
  if (place.is_below_target || above_targets_.contains(&node)) place.overlay = Overlay::kTouched;
  return places_.emplace(&node, std::move(place)).first->second;
}

std::string Documents::name_of(const core::Callee& callee) const {
  if (const auto* rule = std::get_if<core::RuleCallee>(&callee))
    return resolve::path_text(rule->path);
  if (const auto* omitted = std::get_if<core::OmittedCallee>(&callee)) return omitted->name;
  return std::string(
      all_builtins()[static_cast<std::size_t>(std::get<core::BuiltinCallee>(callee).id)].name);
}

Overlay Documents::overlay_of(const std::vector<Value>& path) const {
  for (const std::vector<Value>& target : overlay_targets_) {
    if (starts_with(path, target) || starts_with(target, path)) return Overlay::kTouched;
  }
  return Overlay::kNone;
}

bool Documents::is_mocked(const core::Callee& callee) const {
  if (mocked_.empty()) return false;
  return mocked_.contains(name_of(callee));
}

std::uint32_t Documents::mock(const core::Callee& callee) { return asm_.mock(name_of(callee)); }

void Documents::queue(BlockIndex block, Span span, std::size_t parameters, Code code) {
  queue_.push_back({block, std::move(code), parameters, span});
}

DocumentIndex Documents::new_document(std::string_view name, Span span, Code code) {
  const BlockIndex block = asm_.new_block();
  Program& program = asm_.program();
  program.documents.push_back({block, name.empty() ? Name() : program.names.add(name)});
  queue(block, span, 0, std::move(code));
  return static_cast<DocumentIndex>(program.documents.size() - 1);
}

DocumentIndex Documents::document(const plan::Node& node, const Value* first_key) {
  const bool keyed = first_key != nullptr && node.is_partial();
  const std::string key = keyed ? rego_text(*first_key) : "";
  const auto found = documents_.find({&node, key});
  if (found != documents_.end()) return found->second;
  const Value* wanted = keyed ? first_key : nullptr;
  const DocumentIndex index =
      new_document(place_of(node).text, span_of(node), code_for(node, wanted));
  documents_[{&node, key}] = index;
  return index;
}

FunctionIndex Documents::function(const core::Path& path) {
  const plan::Node* node = input_.tree.find(path);
  const auto found = functions_.find(node);
  if (found != functions_.end()) return found->second;
  const BlockIndex block = asm_.new_block();
  Program& program = asm_.program();
  program.functions.push_back({block, program.names.add(place_of(*node).text)});
  const auto index = static_cast<FunctionIndex>(program.functions.size() - 1);
  functions_[node] = index;
  queue(block, span_of(*node), node->rules.front()->parameters->size(),
        [this, node](Emitter& e) { function_code(e, *node); });
  return index;
}

FunctionIndex Documents::not_available(const core::OmittedCallee& callee) {
  const auto found = not_available_.find(callee.name);
  if (found != not_available_.end()) return found->second;
  const BlockIndex block = asm_.new_block();
  Program& program = asm_.program();
  program.functions.push_back({block, program.names.add(callee.name)});
  const auto index = static_cast<FunctionIndex>(program.functions.size() - 1);
  not_available_[callee.name] = index;
  const std::size_t arity = resolve::arity_of_omitted(callee.name);
  queue(block, {}, arity, [this, callee, arity](Emitter& e) {
    e.new_register(arity);
    const Label fails = asm_.new_label();
    e.set_fail(fails);
    asm_.emit(Opcode::kReturn, e.not_available(callee));
    e.flush_stubs();
    asm_.bind(fails);
    const Reg nothing = e.new_register();
    asm_.emit(Opcode::kClear, nothing);
    asm_.emit(Opcode::kReturn, nothing);
  });
  return index;
}

std::size_t Documents::arity_of(const core::Callee& callee) const {
  if (const auto* rule = std::get_if<core::RuleCallee>(&callee)) {
    return input_.tree.find(rule->path)->rules.front()->parameters->size();
  }
  if (const auto* omitted = std::get_if<core::OmittedCallee>(&callee)) {
    return resolve::arity_of_omitted(omitted->name);
  }
  return all_builtins()[static_cast<std::size_t>(std::get<core::BuiltinCallee>(callee).id)].arity;
}

FunctionIndex Documents::answering(const core::Term& document, const core::Callee& replaced) {
  core::Path path;
  for (const core::Term& name : std::get<core::Reference>(document.node).operands) {
    path.emplace_back(std::get<core::Constant>(name.node).value.as_string());
  }
  const std::string text = resolve::path_text(path);
  const std::size_t arity = arity_of(replaced);
  const auto [known, is_new] = answering_.try_emplace({text, arity});
  if (!is_new) return known->second;
  const BlockIndex block = asm_.new_block();
  Program& program = asm_.program();
  program.functions.push_back({block, program.names.add(text)});
  known->second = static_cast<FunctionIndex>(program.functions.size() - 1);
  // No node: all that is there are defaults that are never used.
  const plan::Node* node = input_.tree.find(path);
  queue(block, document.span, arity, [this, node, arity](Emitter& e) {
    e.new_register(arity);
    const Label fails = asm_.new_label();
    e.set_fail(fails);
    if (node != nullptr) asm_.emit(Opcode::kReturn, e.node_value(*node, nullptr));
    e.flush_stubs();
    asm_.bind(fails);
    const Reg nothing = e.new_register();
    asm_.emit(Opcode::kClear, nothing);
    asm_.emit(Opcode::kReturn, nothing);
  });
  return known->second;
}

void Documents::run_queue() {
  for (std::size_t i = 0; i < queue_.size(); ++i) {
    const Work work = std::move(queue_[i]);
    Emitter emitter(asm_, *this, input_, diagnostics_);
    asm_.begin_block(work.block);
    asm_.set_place(work.span);
    work.code(emitter);
    asm_.end_block(work.block, emitter.registers_used(), work.parameters);
    if (emitter.registers_used() > kMaxRegisters) {
      diagnostics_.add({lang::Code::kRuleTooLarge,
                        work.span,
                        "this rule is too large",
                        "needs more than 65000 registers",
                        {},
                        "split it into smaller rules"});
    }
  }
  queue_.clear();
}

void Documents::add_entry_points(const plan::Node& node) {
  const bool nothing = node.rules.empty() && node.children.empty() &&
                       node.provided == plan::Provided::kNothing && !node.is_package;
  if (!nothing && !node.is_function()) {
    const std::string& text = place_of(node).text;
    asm_.program().entry_points.push_back(
        {text.size() > 4 ? text.substr(5) : "", document(node, nullptr)});
  }
  // What lies below rules with keys of their own is a part of what all of them give.
  if (node.defines_document()) return;
  for (const auto& [name, child] : node.children) add_entry_points(*child);
}

void Documents::add_tests(const plan::Node& node) {
  for (const auto& [name, child] : node.children) add_tests(*child);
  const bool is_test = node.name.starts_with("test_") && !node.rules.empty() && !node.is_function();
  if (!is_test) return;
  const core::Rule& rule = *node.rules.front();
  const core::Path package(rule.path.begin(),
                           rule.path.begin() + static_cast<std::ptrdiff_t>(rule.package_size));
  asm_.program().tests.push_back({resolve::path_text(package).substr(5), rule.shown_name,
                                  asm_.source_place(rule.span), document(node, nullptr)});
}

void Documents::add_decision_rules() {
  Program& program = asm_.program();
  Name package;  // one for all rules of a package
  for (const lower::DecisionGroup& group : input_.decisions) {
    DecisionRule rule;
    rule.verdict = group.verdict == core::Verdict::kForbid ? Verdict::kForbid : Verdict::kPermit;
    rule.holds = holds(group);
    const std::string path = resolve::path_text(group.package).substr(5);
    if (package != path) package = program.names.add(path);
    rule.package = package;
    rule.name = program.names.add(group.name);
    std::vector<DecisionBody> bodies;
    for (const core::DecisionBody* body : group.bodies) {
      bodies.push_back({.holds = holds(*body),
                        .messages = clause_document(*body, Clause::kMessages),
                        .controls = clause_document(*body, Clause::kControls),
                        .obligations = clause_document(*body, Clause::kObligations)});
    }
    rule.bodies = keep(bodies, program.arena);
    rule_numbers_[&group] = static_cast<std::uint32_t>(program.decision_rules.size());
    program.decision_rules.push_back(rule);
  }
}

void Documents::add_query() {
  if (!input_.policy.query) return;
  const core::Query& query = *input_.policy.query;
  const BlockIndex block = asm_.new_block();
  asm_.program().query = block;
  for (const auto& [name, id] : query.names) asm_.program().query_names.push_back(name);
  queue(block, {}, 0, [this, &query](Emitter& e) {
    e.begin_query(query);
    const Label end = asm_.new_label();
    e.set_fail(end);
    e.body(query.body);
    const Reg window = e.new_register(query.names.size());
    for (std::size_t i = 0; i < query.names.size(); ++i) {
      e.eval_to({core::Variable{query.names[i].second}, {}}, static_cast<Reg>(window + i));
    }
    asm_.emit(Opcode::kQueryRow, window, static_cast<Reg>(query.names.size()));
    e.jump_to_fail();
    e.flush_stubs();
    asm_.bind(end);
    const Reg nothing = e.new_register();
    asm_.emit(Opcode::kClear, nothing);
    asm_.emit(Opcode::kReturn, nothing);
  });
}

void Documents::emit_all() {
  asm_.slot({});  // slot 0: the whole input
  add_decision_rules();
  add_decision_indexes();
  add_entry_points(input_.tree.root());
  add_tests(input_.tree.root());
  add_query();
  run_queue();
  auto& points = asm_.program().entry_points;
  std::sort(points.begin(), points.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  // Functions that nothing calls must compile too; a bundle's callers may name them.
  const std::function<void(const plan::Node&)> functions = [&](const plan::Node& node) {
    if (node.is_function()) function(node.path());
    for (const auto& [name, child] : node.children) functions(*child);
  };
  functions(input_.tree.root());
  run_queue();
  asm_.finish();
}

}  // namespace licet::lang::emit

namespace licet::lang {

void emit_program(const EmitInput& input, Program& program, Diagnostics& diagnostics) {
  emit::Assembler assembler(program, input.sources);
  for (std::size_t i = 0; i < input.sources.size(); ++i) {
    program.files.push_back(input.sources[static_cast<SourceId>(i)].name());
  }
  emit::Documents(assembler, input, diagnostics).emit_all();
}

}  // namespace licet::lang
