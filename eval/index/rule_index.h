// Which of many alternative bodies can hold.
//
// Problem: a policy of ten thousand rules is ten thousand bodies, of which one or none holds. To
// try each costs as many steps as there are rules.
//
// Idea: nearly every body ties some attribute to a constant: `model.id == "m7"`, `"admin" in
// user.roles`, `request.hour < 6`, `startswith(request.path, "/eu/")`. The compiler finds these
// pins (lang/plan/pins.h) and groups the bodies by which attributes they pin (lang/plan/
// index_plan.h). Here each group gets one table, and one probe with the attribute's value answers
// which of its bodies are left:
//
//   equality, membership   a hash table from the tuple of pinned values; a list in the request is
//                          probed element by element
//   ranges                 sorted intervals with a tree of their upper ends
//   prefixes, networks     a sorted list in which each entry knows the longest one it begins with;
//                          suffixes are prefixes of the text turned round
//   inequality             all bodies but the run of the equal ones
//
// For `permit a if {model.id == "m1"; request.action == "read"}`, `permit b if {model.id == "m2";
// request.action == "read"}` there is one group with keys (model.id, request.action), and a request
// ("m2", "read") finds the run [b].
//
// Why it is exact: a pin is a necessary condition of its body, so a body that is not found has no
// solution. And it would have failed without a trace: the compiler takes a pin only if nothing
// before it in the body can end in an error. Where an answer needs more than the pin says, all
// bodies of the group are candidates: in a forbid when the attribute is missing (the rule may be
// indeterminate), and for prefixes, suffixes and networks when the value is of a wrong type (the
// builtin fails, which must show). What is found is still evaluated in full and in the order of the
// rules. Keys are read through the environment in force, so `with` needs no care.
//
// Limits: one list-valued attribute per group; a body that pins nothing is a candidate each time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "eval/index/interval_table.h"
#include "eval/index/prefix_table.h"
#include "eval/index/run_table.h"
#include "eval/program.h"

namespace licet::index {

// Immutable; any thread may ask. Refers to the program, which must live as long.
class RuleIndex {
 public:
  RuleIndex(const Program& program, const BodyIndex& plan);

  // Appends the candidates, ascending and each once, to `out`. `read(const IndexKey&)` gives the
  // value of a key, undefined if it is missing. Answers how many values were looked up.
  template <class Read>
  std::uint64_t find(const Read& read, std::vector<std::uint32_t>& out) const;

 private:
  struct Group {
    const IndexGroup* plan = nullptr;
    RunTable runs;            // kEqual, kElement and the negations
    PrefixTable prefixes;     // kPrefix, kSuffix, kNetwork
    std::size_t longest = 0;  // of the texts in `prefixes`
    IntervalTable intervals;  // kRange
  };

  void build_runs(Group& group) const;
  void build_prefixes(Group& group) const;
  void build_intervals(Group& group) const;
  const Value& constant(std::uint32_t number) const { return program_.constants[number]; }

  template <class Read>
  std::uint64_t find_in(const Group& group, const Read& read,
                        std::vector<std::uint32_t>& out) const;
  template <class Read>
  std::uint64_t find_tuple(const Group& group, const Read& read,
                           std::vector<std::uint32_t>& out) const;
  void add_run(const Group& group, std::span<const Value> keys, std::uint64_t hash,
               std::vector<std::uint32_t>& out) const;
  void find_text(const Group& group, const Value& value, std::vector<std::uint32_t>& out) const;
  void find_unequal(const Group& group, const Value& value, std::vector<std::uint32_t>& out) const;
  void find_intervals(const Group& group, const Value& value,
                      std::vector<std::uint32_t>& out) const;
  static void add_all(const Group& group, std::vector<std::uint32_t>& out) {
    out.insert(out.end(), group.plan->bodies.begin(), group.plan->bodies.end());
  }
  // Sorts what was found from `begin` on and merges the bodies of no group into it.
  void settle(std::size_t begin, std::vector<std::uint32_t>& out) const;

  static std::uint64_t mixed(std::uint64_t hash, std::uint64_t part) {
    hash = (hash ^ part) * 0x9E3779B97F4A7C15ULL;
    return hash ^ (hash >> 32);
  }
  static constexpr std::size_t kMostKeys = 8;

  const Program& program_;
  BodyIndex::Missing missing_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> others_;
};

template <class Read>
std::uint64_t RuleIndex::find(const Read& read, std::vector<std::uint32_t>& out) const {
  const std::size_t begin = out.size();
  std::uint64_t lookups = 0;
  for (const Group& group : groups_) lookups += find_in(group, read, out);
  settle(begin, out);
  return lookups;
}

template <class Read>
std::uint64_t RuleIndex::find_in(const Group& group, const Read& read,
                                 std::vector<std::uint32_t>& out) const {
  const IndexKey& key = group.plan->keys.front();
  if (key.test == IndexTest::kEqual || key.test == IndexTest::kElement) {
    return find_tuple(group, read, out);
  }
  const Value value = read(key);
  if (value.is_undefined()) {
    if (missing_ == BodyIndex::Missing::kUnknown || key.test == IndexTest::kMissingOrNotEqual) {
      add_all(group, out);
    }
  } else if (key.test == IndexTest::kRange) {
    find_intervals(group, value, out);
  } else if (key.test == IndexTest::kNotEqual || key.test == IndexTest::kMissingOrNotEqual) {
    find_unequal(group, value, out);
  } else {
    find_text(group, value, out);
  }
  return 1;
}

template <class Read>
std::uint64_t RuleIndex::find_tuple(const Group& group, const Read& read,
                                    std::vector<std::uint32_t>& out) const {
  const std::vector<IndexKey>& keys = group.plan->keys;
  Value values[kMostKeys];
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    values[i] = read(keys[i]);
    if (values[i].is_undefined()) {
      if (missing_ == BodyIndex::Missing::kUnknown) add_all(group, out);
      return 1;
    }
    if (keys[i].test == IndexTest::kEqual) hash = mixed(hash, values[i].hash());
  }
  const std::span<const Value> tuple(values, keys.size());
  if (keys.back().test == IndexTest::kEqual) {
    add_run(group, tuple, hash, out);
    return 1;
  }
  const Value list = values[keys.size() - 1];
  if (!list.is_composite()) return 1;
  const auto probe = [&](const Value& element) {
    values[keys.size() - 1] = element;
    add_run(group, tuple, mixed(hash, element.hash()), out);
  };
  if (list.is_object()) {
    for (const Entry& entry : list.entries()) probe(entry.value);
  } else {
    for (const Value& element : list.elements()) probe(element);
  }
  return 1 + list.size();
}

}  // namespace licet::index
