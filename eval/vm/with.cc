// Instructions that make environments: `with`.
#include "eval/vm/run.h"

namespace licet::vm {

EnvironmentIndex Run::environment_in(const Value& reg) const {
  if (reg.is_int64() && reg.as_int64() >= 0 &&
      static_cast<std::size_t>(reg.as_int64()) < environments_.size()) {
    return static_cast<EnvironmentIndex>(reg.as_int64());
  }
  end(EvalErrorCode::kInternal, "no such environment");
}

void Run::make_environment(Value* r, const Instruction& i) {
  const bool puts_a_value = i.opcode == Opcode::kWithInput || i.opcode == Opcode::kWithData ||
                            i.opcode == Opcode::kWithValue;
  const Value value = puts_a_value ? r[i.c] : Value::undefined();
  const Environments::Change change{.base = environment_in(r[i.b]),
                                    .opcode = i.opcode,
                                    .where = i.extra,
                                    .what = puts_a_value ? 0U : i.c,
                                    .value = value};
  const EnvironmentIndex made = environments_.changed(change, [&](const Environment& base) {
    charge_heap(Environments::kBytesEach);
    if (i.opcode == Opcode::kWithInput) return with_input(base, i.extra, value);
    if (i.opcode == Opcode::kWithData) return with_data(base, i.extra, value);
    return with_mock(base, i, value);
  });
  r[i.a] = Value::integer(made);
}

Value Run::put_at(const Value& base, PathIndex path, const Value& value) {
  const std::vector<Value>& elements = program_->paths[path].elements;
  for (const Value& element : elements) {
    if (!element.is_string()) end(EvalErrorCode::kConflict, "bad document path");
  }
  if (base.is_object()) charge(base.size());
  return put(base, elements, value, arena_);
}

Environment Run::with_input(Environment environment, PathIndex path, const Value& value) {
  const Value request = slots_->value(0);
  environment.input = put_at(environment.has_input ? environment.input : request, path, value);
  environment.has_input = true;
  return environment;
}

Environment Run::with_data(Environment environment, PathIndex path, const Value& value) {
  environment.overlay = put_at(environment.overlay, path, value);
  auto* target = arena_.allocate_array<Environment::Target>(1);
  *target = {.path = path, .previous = environment.targets};
  environment.targets = target;
  return environment;
}

Environment Run::with_mock(Environment environment, const Instruction& i, const Value& value) {
  auto* mocked = arena_.allocate_array<Environment::Mocked>(1);
  mocked->mock = i.extra;
  mocked->previous = environment.mocks;
  mocked->answer = {.kind = i.opcode == Opcode::kWithValue      ? MockAnswer::Kind::kValue
                            : i.opcode == Opcode::kWithFunction ? MockAnswer::Kind::kFunction
                            : i.opcode == Opcode::kWithDocument ? MockAnswer::Kind::kDocument
                                                                : MockAnswer::Kind::kBuiltin,
                    .callee = i.c,
                    .value = value};
  environment.mocks = mocked;
  return environment;
}

}  // namespace licet::vm
