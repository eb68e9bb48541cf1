// Steps that look for rows of tables: of grants in data, or of rules.
#include <span>
#include <string_view>

#include "eval/vm/struct_step.h"

namespace licet::vm {

struct StructSteps::JoinSteps : Steps {
  // Symbols know their numbers.
  static std::uint32_t number_of(const Symbol& symbol, const index::Numbers& numbers) {
    return numbers.find(symbol.data());
  }
  static std::uint32_t number_of(std::string_view text, const index::Numbers& numbers) {
    return numbers.find(text);
  }

  // What no row has is found by none.
  template <class One>
  static Found finds_row(const At& at) {
    const Graph::Join& join = *at.node.join;
    const index::TupleTable& table = *join.table;
    const index::Numbers& numbers = *at.walk.graph->numbers_;
    Graph::Walk& walk = at.walk;
    std::uint32_t keys[GuardGraph::kMostProbes];
    bool may_have = true;
    for (std::size_t i = 0; i < join.size; ++i) {
      if (i == join.list) continue;
      keys[i] = number_of(member_at<One>(at.from, join.offsets[i]), numbers);
      may_have &= table.has_number(keys[i]);
    }
    const std::span<const std::uint32_t> all(keys, join.size);
    bool has_room = true;
    bool is_found = false;
    const auto add = [&](std::span<const std::uint32_t> rows) {
      is_found |= !rows.empty();
      has_room &= rows.size() <= walk.rules.size() - walk.rule_count;
      if (!has_room) return;
      for (const std::uint32_t rule : rows) walk.rules[walk.rule_count++] = rule;
    };
    if (join.list == Graph::kNoList) {
      if (!may_have) return Found::kNo;
      if (!join.finds_rules) return found_from(table.contains(all));
      add(table.find(all));
      return has_room ? found_from(is_found) : Found::kUnclear;
    }
    const auto list = member_at<std::span<const One>>(at.from, join.offsets[join.list]);
    if (list.size() > GuardGraph::kMostElements) return Found::kUnclear;
    if (!may_have) return Found::kNo;
    const index::TupleTable::Others others = table.others_of(all, join.list);
    if (join.finds_rules) {
      for (const One& one : list) add(table.find(others, number_of(one, numbers)));
      return has_room ? found_from(is_found) : Found::kUnclear;
    }
    for (const One& one : list) {
      if (table.contains(others, number_of(one, numbers))) return Found::kYes;
    }
    return Found::kNo;
  }
};

StructGraph::Step StructSteps::join_step_of(Test test) {
  return test == Test::kJoin ? JoinSteps::step<JoinSteps::finds_row<Symbol>>
                             : JoinSteps::step<JoinSteps::finds_row<std::string_view>>;
}

}  // namespace licet::vm
