#include "bindings/cli/explained_rules.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace licet::cli {
namespace {

// How deep to follow the rules that a failing literal asks.
constexpr int kMaxAsked = 3;

using LiteralsOfRules = std::map<std::string, std::vector<const ExplainedLiteral*>, std::less<>>;

// In the order of the text, not in that of evaluation.
LiteralsOfRules by_rule(const Explanation& explanation) {
  LiteralsOfRules rules;
  for (const ExplainedLiteral& literal : explanation) rules[literal.rule].push_back(&literal);
  for (auto& [rule, literals] : rules) {
    std::stable_sort(
        literals.begin(), literals.end(), [](const ExplainedLiteral* a, const ExplainedLiteral* b) {
          return std::tie(a->file, a->line, a->column) < std::tie(b->file, b->line, b->column);
        });
  }
  return rules;
}

Truth truth_of(const ExplainedLiteral& literal) {
  if (literal.begun == 0) return Truth::kNotReached;
  if (literal.unknown > 0) return Truth::kUnknown;
  return literal.held > 0 ? Truth::kHolds : Truth::kFails;
}

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// The words of a literal that may be names of rules.
std::set<std::string_view> words_of(std::string_view text) {
  std::set<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_name_character(text[end])) ++end;
    if (end > at) words.insert(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

class Maker {
 public:
  Maker(const Program& program, const Explanation& explanation) : rules_(by_rule(explanation)) {
    std::set<std::string> decision_names;
    for (const DecisionRule& rule : program.decision_rules) {
      decision_names.insert("data." + rule.package + "." + rule.name);
    }
    for (const auto& [name, literals] : rules_) {
      if (decision_names.contains(name) || !was_reached(name)) continue;
      asked_[std::string_view(name).substr(name.rfind('.') + 1)].push_back(&name);
    }
  }

  std::vector<BodyView> bodies_of(const std::string& rule, int depth = 0) const {
    std::map<std::uint32_t, BodyView> bodies;
    const auto found = rules_.find(rule);
    if (found != rules_.end()) {
      for (const ExplainedLiteral* literal : found->second) {
        bodies[literal->body].literals.push_back(view_of(*literal, depth));
      }
    }
    std::vector<BodyView> out;
    for (auto& [number, body] : bodies) out.push_back(std::move(body));
    if (out.empty()) out.emplace_back();  // a rule without a body holds
    return out;
  }

  bool was_reached(const std::string& rule) const {
    const auto found = rules_.find(rule);
    if (found == rules_.end()) return true;
    return std::any_of(found->second.begin(), found->second.end(),
                       [](const ExplainedLiteral* literal) { return literal->begun > 0; });
  }

 private:
  LiteralView view_of(const ExplainedLiteral& literal, int depth) const {
    LiteralView view{.text = literal.text,
                     .file = literal.file,
                     .line = literal.line,
                     .truth = truth_of(literal),
                     .values = {},
                     .asks = {}};
    view.values =
        telling_parts(view.truth == Truth::kHolds ? literal.when_held : literal.when_failed);
    const bool is_open = view.truth == Truth::kFails || view.truth == Truth::kUnknown;
    if (is_open && depth < kMaxAsked) view.asks = asked_by(literal, depth);
    return view;
  }

  std::vector<RuleView> asked_by(const ExplainedLiteral& literal, int depth) const {
    std::vector<RuleView> asked;
    for (const std::string_view word : words_of(literal.text)) {
      const auto found = asked_.find(word);
      if (found == asked_.end()) continue;
      for (const std::string* name : found->second) {
        if (*name == literal.rule) continue;
        const ExplainedLiteral& first = *rules_.at(*name).front();
        RuleView rule{.name = *name,
                      .file = first.file,
                      .line = first.line,
                      .truth = Truth::kFails,
                      .bodies = bodies_of(*name, depth + 1)};
        if (rule.nearest_body().open() > 0) asked.push_back(std::move(rule));
      }
    }
    return asked;
  }

  LiteralsOfRules rules_;
  // Rules that are no decision rules and were evaluated, by the last element of their names.
  std::map<std::string_view, std::vector<const std::string*>> asked_;
};

bool is_below(std::string_view package, std::string_view prefix) {
  return prefix.empty() || (package.starts_with(prefix) &&
                            (package.size() == prefix.size() || package[prefix.size()] == '.'));
}

bool determines(const Decision& decision, const DecisionRule& rule) {
  const std::vector<DeterminingRule> rules = decision.rules();
  return std::any_of(rules.begin(), rules.end(), [&](const DeterminingRule& r) {
    return r.verdict == rule.verdict && r.package == rule.package && r.name == rule.name;
  });
}

Truth truth_of_bodies(const std::vector<BodyView>& bodies) {
  const auto any = [&](Truth truth) {
    return std::any_of(bodies.begin(), bodies.end(),
                       [&](const BodyView& body) { return body.truth() == truth; });
  };
  return any(Truth::kHolds)     ? Truth::kHolds
         : any(Truth::kUnknown) ? Truth::kUnknown
                                : Truth::kFails;
}

// An indeterminate body has no part that is false: what found no solution there is unknown.
void mark_unknown(std::vector<BodyView>& bodies) {
  for (BodyView& body : bodies) {
    const bool has_unknown =
        std::any_of(body.literals.begin(), body.literals.end(),
                    [](const LiteralView& literal) { return literal.truth == Truth::kUnknown; });
    if (!has_unknown) continue;
    for (LiteralView& literal : body.literals) {
      if (literal.truth == Truth::kFails) literal.truth = Truth::kUnknown;
    }
  }
}

auto order_of(const RuleView& rule) {
  const bool is_permit = rule.verdict == Verdict::kPermit;
  const bool decides = rule.truth == Truth::kHolds || rule.truth == Truth::kUnknown;
  return std::tuple(is_permit, !decides, rule.nearest_body().open(), std::string_view(rule.name));
}

}  // namespace

std::string_view name_of(Truth truth) {
  switch (truth) {
    case Truth::kHolds:
      return "holds";
    case Truth::kFails:
      return "fails";
    case Truth::kUnknown:
      return "unknown";
    case Truth::kNotReached:
      break;
  }
  return "not reached";
}

std::size_t BodyView::open() const {
  return static_cast<std::size_t>(
      std::count_if(literals.begin(), literals.end(),
                    [](const LiteralView& literal) { return literal.truth != Truth::kHolds; }));
}

Truth BodyView::truth() const {
  Truth truth = Truth::kHolds;
  for (const LiteralView& literal : literals) {
    if (literal.truth == Truth::kFails) return Truth::kFails;
    if (literal.truth == Truth::kUnknown) truth = Truth::kUnknown;
  }
  return truth;
}

const BodyView& RuleView::nearest_body() const {
  return *std::min_element(bodies.begin(), bodies.end(), [](const BodyView& a, const BodyView& b) {
    return a.open() < b.open();
  });
}

std::vector<ExplainedPart> telling_parts(const std::vector<ExplainedPart>& parts) {
  std::vector<ExplainedPart> telling;
  for (const ExplainedPart& part : parts) {
    bool is_base = false;
    bool lacks_value = false;
    for (const ExplainedPart& other : parts) {
      if (!other.text.starts_with(part.text + ".") && !other.text.starts_with(part.text + "["))
        continue;
      is_base = true;
      lacks_value = lacks_value || other.value.empty();
    }
    if (!is_base || lacks_value) telling.push_back(part);
  }
  return telling;
}

std::vector<RuleView> explained_rules(const Program& program, const Decision& decision,
                                      const Explanation& explanation, std::string_view package) {
  const Maker maker(program, explanation);
  std::vector<RuleView> rules;
  for (const DecisionRule& rule : program.decision_rules) {
    const std::string name = "data." + rule.package + "." + rule.name;
    if (!is_below(rule.package, package) || !maker.was_reached(name)) continue;
    const SourcePlace place = place_of(program, rule);
    RuleView view{.verdict = rule.verdict,
                  .name = rule.package + "." + rule.name,
                  .file = place.file < program.files.size() ? program.files[place.file] : "",
                  .line = place.line,
                  .bodies = maker.bodies_of(name)};
    view.truth = truth_of_bodies(view.bodies);
    if (determines(decision, rule)) {
      const bool is_unknown = decision.cause() == Cause::kIndeterminate;
      view.truth = is_unknown ? Truth::kUnknown : Truth::kHolds;
      if (is_unknown) mark_unknown(view.bodies);
    }
    rules.push_back(std::move(view));
  }
  std::sort(rules.begin(), rules.end(),
            [](const RuleView& a, const RuleView& b) { return order_of(a) < order_of(b); });
  return rules;
}

}  // namespace licet::cli
