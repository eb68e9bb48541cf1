#include "lang/plan/index_plan.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

namespace licet::lang::plan {
namespace {

constexpr std::size_t kMostGroups = 16;
constexpr std::size_t kMostKeys = 6;
// Below this many bodies that a lookup spares it costs more than they do.
constexpr double kWorthALookup = 3;
// A run of this many candidates is short enough.
constexpr double kShortRun = 3;
constexpr std::size_t kMostRowsOfBody = 64;

// One way to look bodies up.
struct Dimension {
  PinKeyNumber key = 0;
  IndexTest test = IndexTest::kEqual;

  friend auto operator<=>(const Dimension&, const Dimension&) = default;
};

bool is_hashed(IndexTest test) { return test == IndexTest::kEqual || test == IndexTest::kElement; }

const Pin* pin_of(const BodyPins& body, const Dimension& dimension) {
  for (const Pin& pin : body.pins) {
    if (pin.key == dimension.key && pin.test == dimension.test) return &pin;
  }
  return nullptr;
}

struct ValueHash {
  std::size_t operator()(const Value& value) const {
    return static_cast<std::size_t>(value.hash());
  }
};
using Counts = std::unordered_map<Value, double, ValueHash>;

// How many of the bodies a lookup leaves, if requests are spread like the rules.
double expected_run(const Counts& counts, double total) {
  double squares = 0;
  for (const auto& [value, count] : counts) squares += count * count;
  return total == 0 ? 0 : squares / total;
}

using Bodies = std::vector<std::uint32_t>;

class Planner {
 public:
  Planner(const std::vector<BodyPins>& bodies, const IndexTables& tables)
      : bodies_(bodies), tables_(tables) {}

  IndexPlan plan() {
    Bodies left;
    for (std::uint32_t i = 0; i < bodies_.size(); ++i) {
      if (bodies_[i].pins.empty()) {
        plan_.others.push_back({i, bodies_[i].why});
      } else {
        left.push_back(i);
      }
    }
    while (!left.empty() && plan_.groups.size() < kMostGroups) {
      const auto best = best_dimension(left);
      if (!best) break;
      left = take_group(left, *best);
    }
    for (const std::uint32_t body : left) {
      plan_.others.push_back({body, WhyNotIndexed::kFewBodies});
    }
    std::sort(plan_.others.begin(), plan_.others.end(),
              [](const NotIndexed& a, const NotIndexed& b) { return a.body < b.body; });
    if (plan_.groups.empty()) plan_.others.clear();
    return std::move(plan_);
  }

 private:
  struct Spread {
    double bodies = 0;
    double rows = 0;
    Counts counts;
  };

  static double spared(const Dimension& dimension, const Spread& spread) {
    const double run = expected_run(spread.counts, spread.rows);
    switch (dimension.test) {
      case IndexTest::kEqual:
        return spread.bodies - run;
      case IndexTest::kElement:
        return spread.bodies - 3 * run;  // a lookup for each element of the request's list
      case IndexTest::kRange:
        return spread.bodies / 2 - run;  // half of them is left, as a guess
      case IndexTest::kPrefix:
      case IndexTest::kSuffix:
      case IndexTest::kNetwork:
        return spread.bodies - 2 * run;  // shorter ones are found, too
      case IndexTest::kNotEqual:
      case IndexTest::kMissingOrNotEqual:
        return run / 2;
    }
    return 0;
  }

  std::optional<Dimension> best_dimension(const Bodies& left) const {
    std::map<Dimension, Spread> spreads;
    for (const std::uint32_t body : left) {
      for (const Pin& pin : bodies_[body].pins) {
        Spread& spread = spreads[{pin.key, pin.test}];
        ++spread.bodies;
        for (const Value& value : pin.values) {
          ++spread.rows;
          if (value.is_defined()) ++spread.counts[value];
        }
      }
    }
    std::optional<Dimension> best;
    double most = kWorthALookup;
    for (const auto& [dimension, spread] : spreads) {
      const double saving = spared(dimension, spread);
      if (saving < most) continue;
      best = dimension;
      most = saving;
    }
    return best;
  }

  // Makes a group of those that pin the dimension; answers the others.
  Bodies take_group(const Bodies& from, const Dimension& first) {
    Bodies members;
    for (const std::uint32_t body : from) {
      if (pin_of(bodies_[body], first) != nullptr) members.push_back(body);
    }
    std::vector<Dimension> dimensions{first};
    if (is_hashed(first.test)) narrow(members, dimensions);
    // The list-valued key comes last.
    std::stable_partition(dimensions.begin(), dimensions.end(), [](const Dimension& dimension) {
      return dimension.test != IndexTest::kElement;
    });
    add_group(members, dimensions);
    Bodies left;
    std::set_difference(from.begin(), from.end(), members.begin(), members.end(),
                        std::back_inserter(left));
    return left;
  }

  // Adds keys while runs are long and most members pin one more; the other members go back.
  void narrow(Bodies& members, std::vector<Dimension>& dimensions) const {
    while (dimensions.size() < kMostKeys) {
      const double run = run_of(members, dimensions);
      std::optional<Dimension> best;
      Bodies best_members;
      double best_run = run / 2;
      for (const Dimension& dimension : more_dimensions(members, dimensions)) {
        Bodies kept;
        for (const std::uint32_t body : members) {
          if (pin_of(bodies_[body], dimension) != nullptr) kept.push_back(body);
        }
        const bool all = kept.size() == members.size();
        // A further equality that all share costs next to nothing.
        const bool free = all && dimension.test == IndexTest::kEqual;
        if (!free && (run <= kShortRun || kept.size() * 2 < members.size())) continue;
        std::vector<Dimension> more = dimensions;
        more.push_back(dimension);
        const double narrower =
            run_of(kept, more) * (dimension.test == IndexTest::kElement ? 3 : 1);
        if (narrower >= best_run) continue;
        best = dimension;
        best_members = std::move(kept);
        best_run = narrower;
      }
      if (!best) return;
      dimensions.push_back(*best);
      members = std::move(best_members);
    }
  }

  std::vector<Dimension> more_dimensions(const Bodies& members,
                                         const std::vector<Dimension>& dimensions) const {
    const bool has_list = std::any_of(dimensions.begin(), dimensions.end(), [](const Dimension& d) {
      return d.test == IndexTest::kElement;
    });
    std::map<Dimension, std::size_t> counts;
    for (const std::uint32_t body : members) {
      for (const Pin& pin : bodies_[body].pins) {
        if (is_hashed(pin.test)) ++counts[{pin.key, pin.test}];
      }
    }
    std::vector<Dimension> more;
    for (const auto& [dimension, count] : counts) {
      const bool taken =
          std::find(dimensions.begin(), dimensions.end(), dimension) != dimensions.end();
      const bool second_list = has_list && dimension.test == IndexTest::kElement;
      if (!taken && !second_list && count * 2 >= members.size()) more.push_back(dimension);
    }
    return more;
  }

  // Calls `visit` with each combination of the values that a body pins.
  template <class Visit>
  void for_each_row(std::uint32_t body, const std::vector<Dimension>& dimensions,
                    Visit visit) const {
    std::vector<const Pin*> pins;
    std::size_t rows = 1;
    for (const Dimension& dimension : dimensions) {
      pins.push_back(pin_of(bodies_[body], dimension));
      rows *= pins.back()->values.size();
    }
    std::vector<Value> row(dimensions.size());
    for (std::size_t n = 0; n < rows; ++n) {
      std::size_t rest = n;
      for (std::size_t i = 0; i < pins.size(); ++i) {
        row[i] = pins[i]->values[rest % pins[i]->values.size()];
        rest /= pins[i]->values.size();
      }
      visit(row);
    }
  }

  // The expected run, and many if a body would need too many rows.
  double run_of(const Bodies& members, const std::vector<Dimension>& dimensions) const {
    std::unordered_map<std::uint64_t, double> counts;
    double total = 0;
    for (const std::uint32_t body : members) {
      std::size_t rows = 1;
      for (const Dimension& d : dimensions) rows *= pin_of(bodies_[body], d)->values.size();
      if (rows > kMostRowsOfBody) return static_cast<double>(members.size());
      for_each_row(body, dimensions, [&](const std::vector<Value>& row) {
        std::uint64_t hash = 0;
        for (const Value& value : row) hash = (hash ^ value.hash()) * 0x9E3779B97F4A7C15ULL;
        ++counts[hash];
        ++total;
      });
    }
    double squares = 0;
    for (const auto& [hash, count] : counts) squares += count * count;
    return total == 0 ? 0 : squares / total;
  }

  void add_group(const Bodies& members, const std::vector<Dimension>& dimensions) {
    IndexGroup& group = plan_.groups.emplace_back();
    for (const Dimension& dimension : dimensions) {
      group.keys.push_back(tables_.key(dimension.key, dimension.test));
    }
    for (const std::uint32_t body : members) {
      if (dimensions.front().test == IndexTest::kRange) {
        add_range(group, body, *pin_of(bodies_[body], dimensions.front()));
        continue;
      }
      for_each_row(body, dimensions, [&](const std::vector<Value>& row) {
        group.bodies.push_back(body);
        for (const Value& value : row) group.values.push_back(tables_.constant(value));
      });
    }
    group.bodies.shrink_to_fit();
    group.values.shrink_to_fit();
  }

  void add_range(IndexGroup& group, std::uint32_t body, const Pin& pin) const {
    const auto end = [&](const Value& value, bool open) {
      if (value.is_undefined()) return IndexGroup::kNoEnd;
      return tables_.constant(value) | (open ? IndexGroup::kOpenEnd : 0);
    };
    group.bodies.push_back(body);
    group.values.push_back(end(pin.values[0], pin.low_open));
    group.values.push_back(end(pin.values[1], pin.high_open));
  }

  const std::vector<BodyPins>& bodies_;
  const IndexTables& tables_;
  IndexPlan plan_;
};

}  // namespace

IndexPlan plan_index(const std::vector<BodyPins>& bodies, const IndexTables& tables) {
  return Planner(bodies, tables).plan();
}

}  // namespace licet::lang::plan
