// Joins and lookups in graphs.
//
//     some role in user.roles                  list: roles
//     some g in data.grants                    join: grants by (role, model)
//     g.role == role                           settled by the join
//     g.model == model.id                      settled by the join
// All this is one test: whether some element of the list has a match. What is found is of no use
// but for literals that the join has settled, so a second solution would differ in nothing, and an
// iterator that is asked again has ended. Code that does anything else with elements has no graph,
// and neither has code that goes on with a list or a lookup that nothing has tested.
#include <algorithm>

#include "eval/vm/graph_builder.h"

namespace licet::vm {

namespace {

template <class T>
std::uint32_t number_in(std::vector<T>& all, const T& one) {
  const auto found = std::find(all.begin(), all.end(), one);
  if (found != all.end()) return static_cast<std::uint32_t>(found - all.begin());
  all.push_back(one);
  return static_cast<std::uint32_t>(all.size() - 1);
}

}  // namespace

bool GraphBuilder::step_over_data(State& state, const Instruction& i) {
  using Kind = Register::Kind;
  Frame& frame = state.frames.back();
  const auto at = [&](std::uint16_t number) { return reg(state, number); };
  switch (i.opcode) {
    case Opcode::kScan:
      if (at(i.b).kind != Kind::kSlot || state.list) return false;
      reg(state, i.a) = {Kind::kList, at(i.b).number};
      return true;
    case Opcode::kNext: {
      const Register iterator = at(i.a);
      reg(state, i.a).kind = Kind::kEnded;
      if (iterator.kind == Kind::kEnded) {
        frame.at = i.target;
        return true;
      }
      state.list = iterator.number;
      reg(state, i.b) = {Kind::kOther, 0};
      reg(state, i.c) = {Kind::kListElement, iterator.number};
      return iterator.kind == Kind::kList;
    }
    case Opcode::kNextElement: {
      const Register iterator = at(i.a);
      reg(state, i.a).kind = Kind::kEnded;
      if (iterator.kind == Kind::kEnded) {
        frame.at = i.target;
        return true;
      }
      reg(state, i.b) = {Kind::kElementKey, iterator.number};
      reg(state, i.c) = {Kind::kElement, iterator.number};
      return iterator.kind == Kind::kElements;
    }
    case Opcode::kLoadData: {
      const Value& data = tables_.loaded[i.extra];
      if (data.is_undefined()) {
        frame.at = i.target;
        return true;
      }
      const GuardGraph::Lookup lookup{.from = data, .keys = {}};
      reg(state, i.a) = {Kind::kLookup, number_in(graph_.lookups_, lookup)};
      return true;
    }
    case Opcode::kGet: {
      const Register from = at(i.b);
      const Register key = at(i.c);
      if (key.kind != Kind::kConstant) return look_up(state, reg(state, i.a), from, key);
      return go_to(reg(state, i.a), from, program_.constants[key.number]);
    }
    case Opcode::kGetConstant: {
      const Register from = at(i.b);
      return go_to(reg(state, i.a), from, program_.constants[i.extra]);
    }
    case Opcode::kTestEqual:
      return is_settled(at(i.a), at(i.b), ElementField::Match::kEqual) ||
             is_settled(at(i.b), at(i.a), ElementField::Match::kEqual);
    case Opcode::kTestIn:
      return is_settled(at(i.a), at(i.b), ElementField::Match::kProbeElement) ||
             is_settled(at(i.b), at(i.a), ElementField::Match::kFieldElement);
    default:
      return false;
  }
}

// Further down along a constant.
bool GraphBuilder::go_to(Register& target, const Register& from, const Value& key) {
  using Kind = Register::Kind;
  if (from.kind == Kind::kElement || from.kind == Kind::kField) {
    Field field =
        from.kind == Kind::kField ? fields_[from.number] : Field{.join = from.number, .path = {}};
    field.path.push_back(key);
    target = {Kind::kField, number_in(fields_, field)};
    return is_there(field);
  }
  if (from.kind != Kind::kLookup) return false;
  GuardGraph::Lookup lookup = graph_.lookups_[from.number];
  lookup.from = lookup.from.get(key);
  if (!lookup.keys.empty() || lookup.from.is_undefined()) return false;
  target = {Kind::kLookup, number_in(graph_.lookups_, lookup)};
  return true;
}

// All elements that a join finds have it.
bool GraphBuilder::is_there(const Field& field) const {
  const DataIndexNumber number = graph_.joins_[field.join].number;
  for (const ElementField& known : program_.data_indexes[number].fields) {
    const std::vector<Value>& path = program_.paths[known.path].elements;
    if (!known.of_key && path.size() >= field.path.size() &&
        std::equal(field.path.begin(), field.path.end(), path.begin())) {
      return true;
    }
  }
  return false;
}

bool GraphBuilder::look_up(State& state, Register& target, const Register& from,
                           const Register& key) {
  using Kind = Register::Kind;
  const bool is_list = key.kind == Kind::kListElement;
  if (from.kind != Kind::kLookup || (key.kind != Kind::kSlot && !is_list)) return false;
  if (state.lookup && *state.lookup != from.number) return false;
  GuardGraph::Lookup lookup = graph_.lookups_[from.number];
  if (lookup.ends_with_list) return false;
  lookup.keys.push_back(key.number);
  lookup.ends_with_list = is_list;
  target = {Kind::kLookup, number_in(graph_.lookups_, lookup)};
  state.lookup = target.number;
  return true;
}

std::optional<std::uint32_t> GraphBuilder::join_at(const Frame& frame, const Instruction& i) {
  const index::ElementIndex& index = tables_.indexes().elements(i.extra);
  const std::vector<ElementField>& fields = program_.data_indexes[i.extra].fields;
  if (!index.is_usable() || fields.size() != i.c || fields.size() > GuardGraph::kMostProbes ||
      i.b + i.c > frame.registers.size()) {
    return std::nullopt;
  }
  GuardGraph::Join join{.table = &index.table(), .number = i.extra, .probes = {}};
  for (std::size_t field = 0; field < fields.size(); ++field) {
    const Register& probe = frame.registers[i.b + field];
    const bool is_element = probe.kind == Register::Kind::kListElement;
    const bool is_list = is_element || fields[field].match == ElementField::Match::kProbeElement;
    if (!is_element && probe.kind != Register::Kind::kSlot) return std::nullopt;
    // Of an element of a list it is not known whether it is a list, and two lists are too many.
    if (is_element && fields[field].match == ElementField::Match::kProbeElement) {
      return std::nullopt;
    }
    if (is_list && join.list != GuardGraph::kNoList) return std::nullopt;
    if (is_list) join.list = field;
    join.probes.push_back(probe.number);
  }
  return number_in(graph_.joins_, join);
}

// Whether a test of an element's field against another value is one of those that the join makes.
bool GraphBuilder::is_settled(const Register& a, const Register& b,
                              ElementField::Match match) const {
  using Kind = Register::Kind;
  if (a.kind != Kind::kField && a.kind != Kind::kElementKey && a.kind != Kind::kElement)
    return false;
  const Field field =
      a.kind == Kind::kField ? fields_[a.number] : Field{.join = a.number, .path = {}};
  const GuardGraph::Join& join = graph_.joins_[field.join];
  const std::vector<ElementField>& fields = program_.data_indexes[join.number].fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const bool is_same = fields[i].match == match &&
                         fields[i].of_key == (a.kind == Kind::kElementKey) &&
                         program_.paths[fields[i].path].elements == field.path;
    if (!is_same || join.probes[i] != b.number) continue;
    // An element of a list is probed, or a list as a whole, or the one attribute itself.
    const bool is_list = join.list == i;
    const bool is_whole = match == ElementField::Match::kProbeElement;
    if (b.kind == Kind::kListElement && is_list && !is_whole) return true;
    if (b.kind == Kind::kSlot && is_list == is_whole) return true;
  }
  return false;
}

void GraphBuilder::make_data_node(Open& open, const State& state, const Instruction& i) {
  Node& node = open.node;
  const Frame& frame = state.frames.back();
  if (i.opcode == Opcode::kTestTrue) {
    node.test = Test::kLookup;
    node.extra = frame.registers[i.a].number;
    GuardGraph::Lookup& lookup = graph_.lookups_[node.extra];
    if (lookup.keys.empty() || state.lookup != node.extra) return fail();
    if (state.list && !lookup.ends_with_list) return fail();
    node.cell = static_cast<std::uint16_t>(lookup.keys.back());
    if (lookup.keys.size() <= GuardGraph::kMostProbes) {
      lookup.index = tables_.lookup_index(lookup.from, lookup.keys.size());
    }
    return;
  }
  const auto join = join_at(frame, i);
  if (!join || state.lookup) return fail();
  if (state.list && graph_.joins_[*join].list == GuardGraph::kNoList) return fail();
  node.test = Test::kJoin;
  node.extra = *join;
  node.cell = static_cast<std::uint16_t>(graph_.joins_[*join].probes.back());
}

}  // namespace licet::vm
