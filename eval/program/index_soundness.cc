#include "eval/program/index_soundness.h"

#include <algorithm>

namespace licet::program {
namespace {

using Problem = std::optional<std::string>;

constexpr std::size_t kMostKeys = 8;  // of one group

bool is_hashed(IndexTest test) { return test == IndexTest::kEqual || test == IndexTest::kElement; }

// kEqual and kElement together, kElement last; any other test alone.
bool keys_go_together(const std::vector<IndexKey>& keys) {
  if (keys.empty() || keys.size() > kMostKeys) return false;
  if (keys.size() == 1) return true;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!is_hashed(keys[i].test)) return false;
    if (keys[i].test == IndexTest::kElement && i + 1 != keys.size()) return false;
  }
  return true;
}

bool keys_are_there(const IndexGroup& group, const Program& program) {
  return std::all_of(group.keys.begin(), group.keys.end(), [&](const IndexKey& key) {
    if (static_cast<std::size_t>(key.test) >= kIndexTestCount) return false;
    if (key.source == IndexKey::Source::kSlot) return key.number < program.slots.size();
    return key.source == IndexKey::Source::kRegister;
  });
}

bool values_are_there(const IndexGroup& group, const Program& program) {
  const bool range = group.keys.front().test == IndexTest::kRange;
  const std::size_t width = range ? 2 : group.keys.size();
  if (group.values.size() != group.bodies.size() * width) return false;
  return std::all_of(group.values.begin(), group.values.end(), [&](std::uint32_t value) {
    if (range && value == IndexGroup::kNoEnd) return true;
    return (range ? value & ~IndexGroup::kOpenEnd : value) < program.constants.size();
  });
}

Problem problem_of(const BodyIndex& index, const Program& program) {
  if (index.missing > BodyIndex::Missing::kUnknown) return "an index is of no kind";
  for (const IndexGroup& group : index.groups) {
    if (!keys_go_together(group.keys) || !keys_are_there(group, program)) {
      return "an index has keys that are none";
    }
    if (!values_are_there(group, program)) return "an index has values that are none";
    if (!std::is_sorted(group.bodies.begin(), group.bodies.end()) ||
        (!group.bodies.empty() && group.bodies.back() >= index.body_count)) {
      return "an index names bodies that are not there";
    }
  }
  std::uint32_t next = 0;
  for (const NotIndexed& other : index.others) {
    if (other.body < next || other.body >= index.body_count) {
      return "an index names bodies that are not there";
    }
    if (other.why > WhyNotIndexed::kElse) return "an index gives no reason";
    next = other.body + 1;
  }
  return std::nullopt;
}

Problem decision_index(const std::optional<BodyIndexNumber>& number, Verdict verdict,
                       const Program& program) {
  if (!number) return std::nullopt;
  if (*number >= program.body_indexes.size()) return "the decisions' index is not there";
  const BodyIndex& index = program.body_indexes[*number];
  std::size_t bodies = 0;
  for (const DecisionRule& rule : program.decision_rules) {
    if (rule.verdict == verdict) bodies += rule.bodies.size();
  }
  if (index.body_count != bodies || !index.targets.empty()) {
    return "the decisions' index does not fit them";
  }
  for (const IndexGroup& group : index.groups) {
    for (const IndexKey& key : group.keys) {
      if (key.source != IndexKey::Source::kSlot) return "the decisions' index reads a register";
    }
  }
  return std::nullopt;
}

Problem problem_of(const DataIndex& index, const Program& program) {
  if (index.path >= program.paths.size()) return "an index of data has no path";
  if (index.fields.empty() || index.fields.size() > kMostKeys) {
    return "an index of data has no fields";
  }
  for (const ElementField& field : index.fields) {
    if (field.match > ElementField::Match::kFieldElement || field.path >= program.paths.size()) {
      return "an index of data has a field that is none";
    }
    const bool equality = field.match == ElementField::Match::kEqual;
    if (!equality && &field != &index.fields.back()) return "an index of data has two lists";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> indexes_are_sound(const Program& program) {
  for (const DataIndex& index : program.data_indexes) {
    if (Problem problem = problem_of(index, program)) return problem;
  }
  for (const BodyIndex& index : program.body_indexes) {
    if (Problem problem = problem_of(index, program)) return problem;
  }
  if (Problem problem = decision_index(program.forbid_index, Verdict::kForbid, program)) {
    return problem;
  }
  return decision_index(program.permit_index, Verdict::kPermit, program);
}

}  // namespace licet::program
