#include "lang/filter/condition.h"

#include <algorithm>
#include <utility>

namespace licet::lang::filter {

Filter constant(bool holds) {
  Filter condition;
  condition.kind = holds ? Filter::Kind::kTrue : Filter::Kind::kFalse;
  return condition;
}

bool is(const Filter& condition, Filter::Kind kind) { return condition.kind == kind; }

Filter attribute(Filter::Kind kind, std::vector<std::string> path) {
  Filter condition;
  condition.kind = kind;
  condition.path = std::move(path);
  return condition;
}

namespace {

// Whether the condition can hold only of an attribute that is there.
bool implies_present(const Filter& condition, const std::vector<std::string>& path) {
  switch (condition.kind) {
    case Filter::Kind::kTruthy:
    case Filter::Kind::kIn:
    case Filter::Kind::kContains:
      return condition.path == path;
    case Filter::Kind::kCompare:
      return condition.path == path || condition.other == path;
    default:
      return false;
  }
}

// Of parts that must all hold: those that others imply.
void drop_implied(std::vector<Filter>& parts) {
  std::vector<Filter> kept;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto implies = [&](const Filter& other) {
      return implies_present(other, parts[i].path) ||
             (is(other, Filter::Kind::kPresent) && other.path == parts[i].path);
    };
    const auto later = parts.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    const bool is_implied =
        is(parts[i], Filter::Kind::kPresent) && (std::any_of(later, parts.end(), implies) ||
                                                 std::any_of(kept.begin(), kept.end(), implies));
    if (!is_implied) kept.push_back(std::move(parts[i]));
  }
  parts = std::move(kept);
}

}  // namespace

Filter joined(Filter::Kind kind, std::vector<Filter> parts) {
  const bool is_and = kind == Filter::Kind::kAnd;
  const Filter::Kind neutral = is_and ? Filter::Kind::kTrue : Filter::Kind::kFalse;
  const Filter::Kind decisive = is_and ? Filter::Kind::kFalse : Filter::Kind::kTrue;
  Filter all;
  all.kind = kind;
  for (Filter& part : parts) {
    if (is(part, decisive)) return constant(!is_and);
    if (is(part, neutral)) continue;
    if (is(part, kind)) {
      std::move(part.parts.begin(), part.parts.end(), std::back_inserter(all.parts));
    } else {
      all.parts.push_back(std::move(part));
    }
  }
  if (is_and) drop_implied(all.parts);
  if (all.parts.empty()) return constant(is_and);
  if (all.parts.size() == 1) return Filter(all.parts.front());
  return all;
}

Filter both(Filter a, Filter b) {
  std::vector<Filter> parts;
  parts.push_back(std::move(a));
  parts.push_back(std::move(b));
  return joined(Filter::Kind::kAnd, std::move(parts));
}

Filter negated(Filter condition) {
  if (is(condition, Filter::Kind::kTrue)) return constant(false);
  if (is(condition, Filter::Kind::kFalse)) return constant(true);
  Filter negation;
  negation.kind = Filter::Kind::kNot;
  negation.parts.push_back(std::move(condition));
  return negation;
}

bool holds_of(std::string_view comparison, int order) {
  if (comparison == "==") return order == 0;
  if (comparison == "!=") return order != 0;
  if (comparison == "<") return order < 0;
  if (comparison == "<=") return order <= 0;
  return comparison == ">" ? order > 0 : order >= 0;
}

std::string mirrored(std::string_view comparison) {
  if (comparison == "<") return ">";
  if (comparison == "<=") return ">=";
  if (comparison == ">") return "<";
  if (comparison == ">=") return "<=";
  return std::string(comparison);
}

}  // namespace licet::lang::filter
