// Literals under `with`: what they are evaluated in.
#include <utility>

#include "lang/emit/documents.h"
#include "lang/emit/emitter.h"

namespace licet::lang::emit {

// The environment of a `with` is left when the literal holds, and entered again when what follows
// fails and comes back for another solution.
void Emitter::in_environment(const core::Literal& literal) {
  const Label outer_fail = fail_;
  const Reg outer = new_register();
  asm_.emit(Opcode::kGetEnvironment, outer);
  const Reg inner = enter_withs(literal.with, outer);
  environments_.insert(environments_.end(), {outer, inner});
  asm_.emit(Opcode::kSetEnvironment, inner);
  const Label failed = asm_.new_label();
  fail_ = failed;
  const auto outer_unknown = unknown_;
  if (unknown_) {
    unknown_ = leaving(*unknown_, outer);
    step_mark_ = mark_errors();  // what failed in the values of the `with` counts
  }
  const bool outer_resumes = std::exchange(resumes_, false);
  node(literal);
  resumes_ = outer_resumes;
  unknown_ = outer_unknown;
  asm_.emit(Opcode::kSetEnvironment, outer);
  stubs_.push_back([this, failed, outer, outer_fail] {
    asm_.bind(failed);
    asm_.emit(Opcode::kSetEnvironment, outer);
    asm_.jump(outer_fail);
  });
  if (fail_ == failed) {
    fail_ = outer_fail;
    return;
  }
  const Label again = asm_.new_label();
  const Label inner_fail = fail_;
  stubs_.push_back([this, again, inner, inner_fail] {
    asm_.bind(again);
    asm_.emit(Opcode::kSetEnvironment, inner);
    asm_.jump(inner_fail);
  });
  fail_ = again;
}

// A label that goes to another one in the outer environment.
Label Emitter::leaving(Label target, Reg outer) {
  const Label label = asm_.new_label();
  stubs_.push_back([this, label, target, outer] {
    asm_.bind(label);
    asm_.emit(Opcode::kSetEnvironment, outer);
    asm_.jump(target);
  });
  return label;
}

Reg Emitter::enter_withs(const std::vector<core::With>& withs, Reg outer) {
  Reg current = outer;
  for (const core::With& with : withs) {
    const Reg next = new_register();
    const bool is_looked_up =
        with.value && std::holds_alternative<core::Reference>(with.value->node);
    const Reg value = with.value && !is_looked_up ? eval(*with.value) : Reg{0};
    const auto opcode =
        with.target == core::WithTarget::kInput ? Opcode::kWithInput : Opcode::kWithData;
    if (with.target != core::WithTarget::kFunction) {
      asm_.emit(opcode, next, current, value, asm_.path(with.path));
    } else {
      const std::uint32_t mock = documents_.mock(*with.function);
      if (is_looked_up) {
        const FunctionIndex f = documents_.answering(*with.value, *with.function);
        asm_.emit(Opcode::kWithDocument, next, current, static_cast<Reg>(f), mock);
      } else if (!with.replacement) {
        asm_.emit(Opcode::kWithValue, next, current, value, mock);
      } else if (const auto* b = std::get_if<core::BuiltinCallee>(&*with.replacement)) {
        asm_.emit(Opcode::kWithBuiltin, next, current, static_cast<Reg>(b->id), mock);
      } else {
        const auto* rule = std::get_if<core::RuleCallee>(&*with.replacement);
        const FunctionIndex f =
            rule != nullptr
                ? documents_.function(rule->path)
                : documents_.not_available(std::get<core::OmittedCallee>(*with.replacement));
        asm_.emit(Opcode::kWithFunction, next, current, static_cast<Reg>(f), mock);
      }
    }
    current = next;
  }
  return current;
}

}  // namespace licet::lang::emit
