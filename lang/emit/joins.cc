// Iterations over data that begin with a lookup.
#include "lang/emit/documents.h"
#include "lang/emit/emitter.h"

namespace licet::lang::emit {
namespace {

// A shorter collection is gone through sooner.
constexpr std::size_t kFewestElements = 8;

Value value_at(Value value, const std::vector<Value>& path) {
  for (const Value& element : path) value = value.get(element);
  return value;
}

}  // namespace

void Emitter::plan_join(const Literals& literals, std::size_t at) {
  join_.reset();
  if (input_.indexes == BodyIndexes::kNo) return;
  const auto bound = [this](core::VariableId id) { return is_bound(id); };
  join_ = plan::find_join(literals, at, bound, documents_.harmless());
  if (!join_) return;
  const Value collection = value_at(asm_.program().data, join_->path);
  if (!collection.is_composite() || collection.size() < kFewestElements) join_.reset();
}

std::optional<Reg> Emitter::begin_join(const std::vector<Value>& path, Reg key, Reg value) {
  if (!join_ || !(join_->path == path)) return std::nullopt;
  const plan::Join join = *std::move(join_);
  join_.reset();
  const auto count = static_cast<Reg>(join.keys.size());
  const Reg probes = new_register(count);
  DataIndex index{.path = asm_.path(path), .fields = {}};
  for (std::size_t i = 0; i < join.keys.size(); ++i) {
    const plan::JoinKey& field = join.keys[i];
    index.fields.push_back({field.match, field.of_key, asm_.path(field.path)});
    eval_to(*field.probe, static_cast<Reg>(probes + i));
  }
  const DataIndexNumber number = asm_.data_index(std::move(index));
  const Reg iterator = new_register(2);
  const Label loop = asm_.new_label();
  asm_.jump_if(Opcode::kFindElements, fail_, iterator, probes, count, number);
  asm_.bind(loop);
  asm_.jump_if(Opcode::kNextElement, fail_, iterator, key, value, number);
  fail_ = loop;
  return iterator;
}

}  // namespace licet::lang::emit
