// Indexes over alternative bodies: which of them a document, function or decision has to try.
#include <algorithm>

#include "lang/emit/documents.h"
#include "lang/emit/emitter.h"
#include "lang/plan/components.h"
#include "lang/resolve/globals.h"

namespace licet::lang::emit {
namespace {

// Fewer bodies are tried sooner than looked up.
constexpr std::size_t kFewestBodies = 4;

}  // namespace

plan::Replaced Documents::replaced() {
  return {.path =
              [this](const core::Path& path) {
                std::vector<Value> elements;
                for (const std::string& element : path) {
                  elements.push_back(Value::string(element, asm_.program().arena));
                }
                return overlay_of(elements) != Overlay::kNone;
              },
          .callee = [this](const core::Callee& callee) { return is_mocked(callee); }};
}

std::optional<BodyIndexNumber> Documents::add_index(const std::vector<plan::BodyPins>& bodies,
                                                    const std::string& name,
                                                    BodyIndex::Missing missing) {
  const plan::IndexTables tables{
      .constant = [this](const Value& value) { return asm_.constant(value); },
      .key =
          [this](plan::PinKeyNumber number, IndexTest test) {
            const plan::PinKey& key = pins_.key(number);
            if (key.parameter) return IndexKey{IndexKey::Source::kRegister, test, *key.parameter};
            return IndexKey{IndexKey::Source::kSlot, test, asm_.slot(key.path)};
          }};
  plan::IndexPlan plan = plan::plan_index(bodies, tables);
  if (plan.groups.empty()) return std::nullopt;
  BodyIndex index;
  index.name = name;
  index.missing = missing;
  index.body_count = static_cast<std::uint32_t>(bodies.size());
  index.groups = std::move(plan.groups);
  index.others = std::move(plan.others);
  asm_.program().body_indexes.push_back(std::move(index));
  return static_cast<BodyIndexNumber>(asm_.program().body_indexes.size() - 1);
}

Documents::Choice Documents::choose(Emitter& e, const std::vector<const core::Rule*>& bodies,
                                    const std::string& name, Label none) {
  Choice choice;
  if (input_.indexes == BodyIndexes::kNo || bodies.size() < kFewestBodies) return choice;
  std::vector<plan::BodyPins> pins;
  for (const core::Rule* rule : bodies) pins.push_back(pins_.of_rule(*rule));
  choice.index = add_index(pins, name, BodyIndex::Missing::kFails);
  if (!choice.index) return choice;
  const Reg iterator = e.new_register(2);
  choice.next_body = asm_.new_label();
  asm_.jump_if(Opcode::kFindBodies, none, iterator, 0, 0, *choice.index);
  asm_.bind(choice.next_body);
  asm_.jump_if(Opcode::kNextBody, none, iterator, 0, 0, *choice.index);
  return choice;
}

Label Documents::begin_body(const Choice& choice) {
  if (!choice.index) return asm_.new_label();
  asm_.program().body_indexes[*choice.index].targets.push_back(
      static_cast<std::uint32_t>(asm_.program().code.size()));
  return choice.next_body;
}

void Documents::end_body(const Choice& choice, Label next) {
  if (!choice.index) asm_.bind(next);
}

// Over the bodies of all forbids, and of all permits.
void Documents::add_decision_indexes() {
  if (input_.indexes == BodyIndexes::kNo) return;
  for (const core::Verdict verdict : {core::Verdict::kForbid, core::Verdict::kPermit}) {
    const bool forbid = verdict == core::Verdict::kForbid;
    std::vector<plan::BodyPins> pins;
    for (const lower::DecisionGroup& group : input_.decisions) {
      if (group.verdict != verdict) continue;
      for (const core::DecisionBody* body : group.bodies) {
        pins.push_back(forbid ? pins_.of_components(plan::components_of(body->rule.body, {}))
                              : pins_.of_body(body->rule.body));
      }
    }
    if (pins.size() < kFewestBodies) continue;
    const auto missing = forbid ? BodyIndex::Missing::kUnknown : BodyIndex::Missing::kFails;
    (forbid ? asm_.program().forbid_index : asm_.program().permit_index) =
        add_index(pins, forbid ? "forbid" : "permit", missing);
  }
}

}  // namespace licet::lang::emit
