#include "eval/index/indexes.h"

namespace licet::index {
namespace {

// Of all indexes of data together. A row takes about 30 bytes.
constexpr std::size_t kMostRows = std::size_t{1} << 26;

}  // namespace

Indexes::Indexes(const Program& program, Numbers& numbers) {
  rules_.reserve(program.body_indexes.size());
  for (const BodyIndex& plan : program.body_indexes) rules_.emplace_back(program, plan);
  elements_.reserve(program.data_indexes.size());
  std::size_t rows_left = kMostRows;
  for (const DataIndex& plan : program.data_indexes) {
    elements_.emplace_back(program, plan, numbers, rows_left);
  }
}

}  // namespace licet::index
