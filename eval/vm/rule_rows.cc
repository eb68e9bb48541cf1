#include "eval/vm/rule_rows.h"

#include <algorithm>
#include <utility>

#include "eval/vm/guard_graph.h"
#include "eval/vm/tables.h"

namespace licet::vm {
namespace {

constexpr std::size_t kMostRowsOfBody = 16;
// A row takes about 40 bytes, which is much for a rule that has several.
constexpr std::size_t kMostRowsPerBody = 2;
constexpr std::size_t kRowsForFree = 4096;

// An attribute and the constants of which it has to be one.
struct Pin {
  CellIndex cell = 0;
  bool is_list = false;  // one of its elements has to be
  std::span<const Value> constants;
};

std::optional<Pin> pin_of(const Program& program, const Instruction& i) {
  const bool is_pin =
      i.opcode == Opcode::kSlotEqual || i.opcode == Opcode::kSlotHas || i.opcode == Opcode::kSlotIn;
  if (!is_pin || (i.b & kGuardNegated) != 0) return std::nullopt;
  const Value& constant = program.constants[i.extra];
  Pin pin{.cell = i.a, .is_list = i.opcode == Opcode::kSlotHas, .constants = {&constant, 1}};
  if (i.opcode == Opcode::kSlotIn) {
    if (!constant.is_array() && !constant.is_set()) return std::nullopt;
    pin.constants = constant.elements();
  }
  const bool are_scalars = std::none_of(pin.constants.begin(), pin.constants.end(),
                                        [](const Value& one) { return one.is_composite(); });
  return are_scalars ? std::optional(pin) : std::nullopt;
}

// By attribute; nothing if the guards are more than a row.
std::optional<std::vector<Pin>> pins_of(const Program& program,
                                        std::span<const Instruction> guards) {
  std::vector<Pin> pins;
  std::size_t rows = 1;
  for (const Instruction& guard : guards) {
    const auto pin = pin_of(program, guard);
    if (!pin || pins.size() == GuardGraph::kMostProbes) return std::nullopt;
    rows *= pin->constants.size();
    if (rows > kMostRowsOfBody) return std::nullopt;
    pins.push_back(*pin);
  }
  std::sort(pins.begin(), pins.end(), [](const Pin& a, const Pin& b) { return a.cell < b.cell; });
  const bool is_twice =
      std::adjacent_find(pins.begin(), pins.end(),
                         [](const Pin& a, const Pin& b) { return a.cell == b.cell; }) != pins.end();
  if (is_twice ||
      std::count_if(pins.begin(), pins.end(), [](const Pin& pin) { return pin.is_list; }) > 1) {
    return std::nullopt;
  }
  return pins;
}

bool marks(std::span<const Instruction> guards) {
  return std::any_of(guards.begin(), guards.end(),
                     [](const Instruction& i) { return (i.b & kGuardMarks) != 0; });
}

// Bodies by the attributes that they tie.
class Collector {
 public:
  Collector(const Program& program, index::Numbers& numbers)
      : program_(program), numbers_(numbers) {}

  // False: the body is no row. `body` is what it is known by to the caller, `name` what its rows
  // are called.
  bool add(std::span<const Instruction> guards, std::uint32_t body, std::uint32_t name) {
    const auto pins = pins_of(program_, guards);
    if (!pins || pins->empty()) return false;
    std::vector<std::uint32_t> shape;
    for (const Pin& pin : *pins) shape.push_back(pin.cell * 2 + (pin.is_list ? 1 : 0));
    Shape& of = shapes_[std::move(shape)];
    of.bodies.push_back(body);
    of.may_be_unknown |= marks(guards);
    std::vector<std::uint32_t> row(pins->size());
    add_rows(*pins, 0, row, name, of);
    return true;
  }

  // Tables of so many bodies or more; what is not in one of them joins `rows.others`.
  void finish(std::size_t fewest, RuleRows& rows) {
    for (auto& [shape, of] : shapes_) {
      const bool is_large =
          of.names.size() > std::max(kRowsForFree, kMostRowsPerBody * of.bodies.size());
      if (of.bodies.size() < fewest || is_large || rows.tables.size() == RuleRows::kMostTables) {
        rows.others.insert(rows.others.end(), of.bodies.begin(), of.bodies.end());
        continue;
      }
      RowTable table;
      for (const std::uint32_t key : shape) {
        if (key % 2 != 0) table.list = table.cells.size();
        table.cells.push_back(key / 2);
      }
      table.rows.build(shape.size(), numbers_.size(), std::move(of.keys));
      // Rows that do not fit in a word are not worth a table.
      if (!table.rows.is_packed()) {
        rows.others.insert(rows.others.end(), of.bodies.begin(), of.bodies.end());
        continue;
      }
      table.rows.renumber([&names = of.names](std::uint32_t row) { return names[row]; });
      rows.may_be_unknown |= of.may_be_unknown;
      rows.tables.push_back(std::move(table));
    }
    shapes_.clear();
    std::sort(rows.others.begin(), rows.others.end());
  }

 private:
  struct Shape {
    std::vector<std::uint32_t> bodies;
    bool may_be_unknown = false;
    std::vector<std::uint32_t> keys;   // row after row
    std::vector<std::uint32_t> names;  // of the rows
  };

  // All combinations of the constants from the pin `at` on.
  void add_rows(const std::vector<Pin>& pins, std::size_t at, std::vector<std::uint32_t>& row,
                std::uint32_t name, Shape& of) {
    if (at == pins.size()) {
      of.keys.insert(of.keys.end(), row.begin(), row.end());
      of.names.push_back(name);
      return;
    }
    for (const Value& constant : pins[at].constants) {
      row[at] = numbers_.find_or_add(constant);
      add_rows(pins, at + 1, row, name, of);
    }
  }

  const Program& program_;
  index::Numbers& numbers_;
  std::map<std::vector<std::uint32_t>, Shape> shapes_;  // by cell * 2, plus 1 if it is a list
};

}  // namespace

std::optional<RuleRows> rows_of_verdict(const Tables& tables, Verdict verdict,
                                        std::size_t fewest_bodies, index::Numbers& numbers) {
  const Program& program = *tables.program;
  const std::vector<BodyUnit>& units =
      verdict == Verdict::kForbid ? tables.forbids : tables.permits;
  if (units.size() < fewest_bodies) return std::nullopt;
  RuleRows rows;
  Collector collector(program, numbers);
  for (std::uint32_t at = 0; at < units.size(); ++at) {
    const BodyUnit& unit = units[at];
    const bool is_row =
        unit.guard_count > 0 && !tables.has_clauses(unit.rule) &&
        collector.add({&program.code[unit.guards_begin()], unit.guard_count}, at, unit.rule);
    if (!is_row) rows.others.push_back(at);
    if (rows.others.size() > RuleRows::kMostOthers) return std::nullopt;
  }
  collector.finish(fewest_bodies, rows);
  if (rows.tables.empty() || rows.others.size() > RuleRows::kMostOthers) return std::nullopt;
  return rows;
}

std::optional<RuleRows> rows_of_document(const Program& program, std::uint32_t find,
                                         std::size_t fewest_bodies, index::Numbers& numbers) {
  const std::vector<Instruction>& code = program.code;
  const std::uint32_t next_body = find + 1;
  const std::vector<std::uint32_t>& targets = program.body_indexes[code[find].extra].targets;
  if (targets.size() < fewest_bodies || next_body == code.size()) return std::nullopt;
  const Instruction& next = code[next_body];
  if (next.opcode != Opcode::kNextBody || next.a != code[find].a ||
      next.extra != code[find].extra || next.target != code[find].target) {
    return std::nullopt;
  }
  RuleRows rows;
  Collector collector(program, numbers);
  for (std::uint32_t body = 0; body < targets.size(); ++body) {
    std::uint32_t end = targets[body];
    while (end < code.size() && end - targets[body] <= GuardGraph::kMostProbes &&
           is_guard(code[end].opcode) && code[end].target == next_body) {
      ++end;
    }
    if (end + 1 >= code.size()) return std::nullopt;
    if (body == 0) rows.next = end;
    // All give the same value and go on at the same place.
    const Instruction& loads = code[end];
    const Instruction& jumps = code[end + 1];
    const Instruction& first = code[rows.next];
    if (loads.opcode != Opcode::kLoadConstant || loads.a != first.a || loads.extra != first.extra ||
        jumps.opcode != Opcode::kJump || jumps.target != code[rows.next + 1].target) {
      return std::nullopt;
    }
    const std::span<const Instruction> guards(code.data() + targets[body], end - targets[body]);
    if (!collector.add(guards, body, body)) return std::nullopt;
  }
  collector.finish(1, rows);
  if (!rows.others.empty()) return std::nullopt;
  return rows;
}

}  // namespace licet::vm
