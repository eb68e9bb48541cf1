#include "eval/index/indexes.h"

namespace licet::index {

Indexes::Indexes(const Program& program) {
  rules_.reserve(program.body_indexes.size());
  for (const BodyIndex& plan : program.body_indexes) rules_.emplace_back(program, plan);
  elements_.reserve(program.data_indexes.size());
  for (const DataIndex& plan : program.data_indexes) elements_.emplace_back(program, plan);
}

}  // namespace licet::index
