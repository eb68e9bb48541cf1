#include "eval/index/rule_index.h"

#include <algorithm>
#include <string>

#include "eval/index/network_key.h"

namespace licet::index {

RuleIndex::RuleIndex(const Program& program, const BodyIndex& plan)
    : program_(program), missing_(plan.missing) {
  groups_.reserve(plan.groups.size());
  for (const IndexGroup& group : plan.groups) {
    Group& made = groups_.emplace_back();
    made.plan = &group;
    switch (group.keys.front().test) {
      case IndexTest::kEqual:
      case IndexTest::kElement:
      case IndexTest::kNotEqual:
      case IndexTest::kMissingOrNotEqual:
        build_runs(made);
        break;
      case IndexTest::kRange:
        build_intervals(made);
        break;
      case IndexTest::kPrefix:
      case IndexTest::kSuffix:
      case IndexTest::kNetwork:
        build_prefixes(made);
        break;
    }
  }
  for (const NotIndexed& other : plan.others) others_.push_back(other.body);
}

void RuleIndex::build_runs(Group& group) const {
  const IndexGroup& plan = *group.plan;
  const std::size_t width = plan.keys.size();
  const auto hash = [&](std::uint32_t row) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < width; ++i) {
      sum = mixed(sum, constant(plan.values[row * width + i]).hash());
    }
    return sum;
  };
  const auto equal = [&](std::uint32_t a, std::uint32_t b) {
    for (std::size_t i = 0; i < width; ++i) {
      if (!(constant(plan.values[a * width + i]) == constant(plan.values[b * width + i]))) {
        return false;
      }
    }
    return true;
  };
  group.runs.build(static_cast<std::uint32_t>(plan.bodies.size()), hash, equal);
  group.runs.renumber([&](std::uint32_t row) { return plan.bodies[row]; });
}

namespace {

std::string reversed(std::string_view text) { return {text.rbegin(), text.rend()}; }

std::optional<std::string> text_key(IndexTest test, const Value& value) {
  if (!value.is_string()) return std::nullopt;
  if (test == IndexTest::kPrefix) return std::string(value.as_string());
  if (test == IndexTest::kSuffix) return reversed(value.as_string());
  const auto key = network_key_from_text(value.as_string());
  if (!key) return std::nullopt;
  return std::string(key->view());
}

}  // namespace

void RuleIndex::build_prefixes(Group& group) const {
  const IndexGroup& plan = *group.plan;
  std::vector<PrefixTable::Row> rows;
  for (std::size_t row = 0; row < plan.bodies.size(); ++row) {
    // The compiler takes sound constants only; any other one matches nothing.
    const auto text = text_key(plan.keys.front().test, constant(plan.values[row]));
    if (!text) continue;
    group.longest = std::max(group.longest, text->size());
    rows.emplace_back(*text, plan.bodies[row]);
  }
  group.prefixes.build(std::move(rows));
}

void RuleIndex::build_intervals(Group& group) const {
  const IndexGroup& plan = *group.plan;
  std::vector<Interval> intervals;
  const auto value_of = [&](std::uint32_t end) {
    return end == IndexGroup::kNoEnd ? Value::undefined() : constant(end & ~IndexGroup::kOpenEnd);
  };
  for (std::size_t row = 0; row < plan.bodies.size(); ++row) {
    const std::uint32_t low = plan.values[2 * row];
    const std::uint32_t high = plan.values[2 * row + 1];
    intervals.push_back({.low = value_of(low),
                         .high = value_of(high),
                         .low_open = (low & IndexGroup::kOpenEnd) != 0,
                         .high_open = (high & IndexGroup::kOpenEnd) != 0,
                         .number = plan.bodies[row]});
  }
  group.intervals.build(std::move(intervals));
}

void RuleIndex::add_run(const Group& group, std::span<const Value> keys, std::uint64_t hash,
                        std::vector<std::uint32_t>& out) const {
  const std::uint32_t* const values = group.plan->values.data();
  const auto run = group.runs.find(hash, [&](std::uint32_t row) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (!(constant(values[row * keys.size() + i]) == keys[i])) return false;
    }
    return true;
  });
  out.insert(out.end(), run.begin(), run.end());
}

void RuleIndex::find_text(const Group& group, const Value& value,
                          std::vector<std::uint32_t>& out) const {
  const auto add = [&](std::span<const std::uint32_t> bodies) {
    out.insert(out.end(), bodies.begin(), bodies.end());
  };
  const IndexTest test = group.plan->keys.front().test;
  if (!value.is_string()) {
    add_all(group, out);  // the builtin fails, and that must show
  } else if (test == IndexTest::kPrefix) {
    group.prefixes.find(value.as_string(), add);
  } else if (test == IndexTest::kSuffix) {
    // No suffix is longer than `longest`, so no more of the text matters.
    const std::string_view text = value.as_string();
    const std::string_view end = text.substr(text.size() - std::min(text.size(), group.longest));
    if (char turned[256]; end.size() <= sizeof turned) {
      std::reverse_copy(end.begin(), end.end(), turned);
      group.prefixes.find({turned, end.size()}, add);
    } else {
      group.prefixes.find(reversed(end), add);
    }
  } else if (const auto key = network_key_from_text(value.as_string())) {
    group.prefixes.find(key->view(), add);
  } else {
    add_all(group, out);
  }
}

void RuleIndex::find_unequal(const Group& group, const Value& value,
                             std::vector<std::uint32_t>& out) const {
  const std::vector<std::uint32_t>& bodies = group.plan->bodies;
  const auto equal = group.runs.find(mixed(0, value.hash()), [&](std::uint32_t row) {
    return constant(group.plan->values[row]) == value;
  });
  std::set_difference(bodies.begin(), bodies.end(), equal.begin(), equal.end(),
                      std::back_inserter(out));
}

void RuleIndex::find_intervals(const Group& group, const Value& value,
                               std::vector<std::uint32_t>& out) const {
  group.intervals.find(value, [&](std::uint32_t body) { out.push_back(body); });
}

void RuleIndex::settle(std::size_t begin, std::vector<std::uint32_t>& out) const {
  const auto first = out.begin() + static_cast<std::ptrdiff_t>(begin);
  if (out.size() - begin > 1) {
    std::sort(first, out.end());
    out.erase(std::unique(first, out.end()), out.end());
  }
  if (others_.empty()) return;
  // A merge from the back needs no second place. The two have no body in common.
  std::size_t found = out.size();
  std::size_t other = others_.size();
  out.resize(found + other);
  for (std::size_t to = out.size(); other > 0;) {
    const bool from_found = found > begin && out[found - 1] > others_[other - 1];
    out[--to] = from_found ? out[--found] : others_[--other];
  }
}

}  // namespace licet::index
