#include "lang/export/export.h"

#include <algorithm>
#include <functional>
#include <map>

#include "eval/value_json.h"
#include "lang/export/schema.h"
#include "lang/resolve/globals.h"

namespace licet::lang::exporting {
namespace {

using core::DecisionBody;
using lower::DecisionGroup;

std::string quoted(const std::string& text) {
  std::string json;
  append_json_string(text, json);
  return json;
}

bool is_forbid(const DecisionGroup& group) { return group.verdict == core::Verdict::kForbid; }

// forbid intern_deploys -> licet_forbid_intern_deploys
std::string base_name(const DecisionGroup& group) {
  return (is_forbid(group) ? "licet_forbid_" : "licet_permit_") + group.name;
}

class Exporter {
 public:
  explicit Exporter(const Context& context)
      : context_(context), taken_(context.policy), failures_(context) {}

  std::vector<Module> modules() {
    check_names();
    for (const core::Path& package : context_.policy.packages) texts_[package];
    for (const core::Rule& rule : context_.policy.rules) add_rule(rule);
    for (const DecisionGroup& group : context_.decisions) add_group(group);
    add_failures(context_.tree.root());
    if (!context_.decisions.empty()) texts_[{"licet"}] += decision_rules();
    std::vector<Module> result;
    for (const auto& [package, text] : texts_) {
      std::string name;
      for (const std::string& step : package) name += (name.empty() ? "" : ".") + step;
      std::string path = data_text(package).substr(5);
      result.push_back({name + ".rego", "package " + path + "\n\n" + text});
    }
    return result;
  }

 private:
  // The names that the export gives must be free.
  void check_names() const {
    if (context_.decisions.empty()) return;
    for (const core::Rule& rule : context_.policy.rules) {
      const bool in_package = rule.path.front() == "licet";
      if (!in_package && !rule.path[rule.package_size].starts_with("licet_")) continue;
      context_.diagnostics.add(
          {Code::kNotAvailable,
           rule.head_span,
           "`" + rule.shown_name + "` cannot be exported: the export gives this name itself",
           "a name that is taken",
           {},
           in_package ? "move it to another package" : "choose a name without `licet_`"});
    }
  }

  std::string place(Span span) const {
    const Position at = context_.sources.begin_of(span);
    return context_.sources[span.source].name() + ":" + std::to_string(at.line);
  }
  std::string& text_of(const core::Rule& rule) {
    return texts_[core::Path(rule.path.begin(),
                             rule.path.begin() + static_cast<std::ptrdiff_t>(rule.package_size))];
  }

  // What stands before the body: a.b[k](x) := v, a contains v.
  std::string head(const core::Rule& rule, const Text& text) {
    std::string result;
    for (std::size_t i = rule.package_size; i < rule.path.size(); ++i) {
      result += i == rule.package_size ? rule.path[i] : name_step(rule.path[i]);
    }
    for (const core::Term& key : rule.keys) result += "[" + text.term(key) + "]";
    if (rule.parameters) {
      std::string parameters;
      for (const core::Term& p : *rule.parameters) {
        parameters += (parameters.empty() ? "" : ", ") + text.term(p);
      }
      result += "(" + parameters + ")";
    }
    const bool member = rule.kind == core::HeadKind::kMember;
    return result + (member ? " contains " : " := ") + text.term(rule.value);
  }

  void add_rule(const core::Rule& rule) {
    const Text text(taken_, rule.variables);
    std::string result = "# " + place(rule.span) + "\n";
    if (rule.is_default) result += "default ";
    result += head(rule, text);
    if (!rule.body.empty()) result += block(text.lines(rule.body));
    for (const core::Rule* other = rule.else_rule.get(); other != nullptr;
         other = other->else_rule.get()) {
      result += " else := " + text.term(other->value);
      if (!other->body.empty()) result += block(text.lines(other->body));
    }
    text_of(rule) += result + "\n\n";
  }

  static std::string block(const Lines& lines) {
    return " if {\n\t" + joined(lines, "\n\t") + "\n}";
  }

  void add_group(const DecisionGroup& group) {
    std::string& out = texts_[group.package];
    const std::string base = base_name(group);
    std::string sets;
    for (std::size_t i = 0; i < group.bodies.size(); ++i) {
      const DecisionBody& body = *group.bodies[i];
      const std::string name = base + "_" + std::to_string(i + 1);
      out += "# " + place(body.name_span) + ": " + (is_forbid(group) ? "forbid " : "permit ") +
             group.name + "\n";
      out += is_forbid(group) ? forbid_rules(body, group.package, name) : permit_rules(body, name);
      out += clause_rules(body, name);
      const std::string set = is_forbid(group) ? "forbids" : "permits";
      sets += rule_text(set + " contains " + quoted(group.name), {name + " == \"holds\""});
      if (!is_forbid(group)) continue;
      sets += rule_text("indeterminate contains " + quoted(group.name),
                        {name + " == \"unknown\"", "not forbids[" + quoted(group.name) + "]"});
    }
    if (with_decisions_.insert(group.package).second) {
      for (const char* set : {"permits", "forbids", "indeterminate"}) {
        out += std::string(set) + " contains \"\" if false\n\n";
      }
    }
    out += sets;
  }

  std::string permit_rules(const DecisionBody& body, const std::string& name) {
    const Text text(taken_, body.rule.variables);
    const std::string head = name + " := \"holds\"";
    return body.rule.body.empty() ? head + "\n\n" : rule_text(head, text.lines(body.rule.body));
  }

  // "holds", "fails" or "unknown".
  std::string forbid_rules(const DecisionBody& body, const core::Path& package,
                           const std::string& name) {
    if (body.rule.body.empty()) return name + " := \"holds\"\n\n";
    Text text(taken_, body.rule.variables);
    Kleene kleene(context_, failures_, text, package, name, body.rule.variables);
    const Kleene::Names names = kleene.body(body.rule.body, {});
    return name + " := \"holds\" if {\n\t" + names.truth + "\n} else := \"fails\" if {\n\t" +
           names.falsity + "\n} else := \"unknown\"\n\n" + kleene.rules();
  }

  std::string clause_rules(const DecisionBody& body, const std::string& name) {
    const std::optional<DecisionBody::Clause>* const clauses[] = {&body.because, &body.controls,
                                                                  &body.obliges};
    static constexpr const char* kNames[] = {"_messages", "_controls", "_obligations"};
    const Text text(taken_, body.rule.variables);
    std::string rules;
    for (std::size_t i = 0; i < 3; ++i) {
      if (!*clauses[i]) continue;
      const DecisionBody::Clause& clause = **clauses[i];
      Lines lines;
      if (speaks_of_body(body, clause)) lines = text.lines(body.rule.body);
      for (std::string& line : text.lines(clause.hoisted)) lines.push_back(std::move(line));
      std::string member = text.term(clause.term);
      if (i == 1) {
        lines.push_back("licet_member = " + member + "[_]");
        member = "licet_member";
      }
      if (lines.empty()) lines.push_back("true");
      rules += rule_text(name + kNames[i] + " contains " + member, lines);
    }
    return rules;
  }

  static bool speaks_of_body(const DecisionBody& body, const DecisionBody::Clause& clause) {
    const core::VariableSet bound = core::variables_of(body.rule.body, core::Depth::kLevel);
    core::VariableSet used = core::variables_of(clause.term, core::Depth::kAll);
    core::add_variables(clause.hoisted, core::Depth::kAll, used);
    return used.intersects(bound);
  }

  void add_failures(const plan::Node& node) {
    if (!node.rules.empty() && !context_.decisions.empty() && failures_.may_fail(node)) {
      text_of(*node.rules.front()) += "# Whether a builtin failed in " +
                                      resolve::path_text(node.path()) + ".\n" +
                                      failures_.rules_of(node, taken_);
    }
    for (const auto& [name, child] : node.children) add_failures(*child);
  }

  // The package `licet`: data.licet.decision.
  std::string decision_rules() const {
    std::string rules;
    std::string told = "decision_rules := [";
    for (std::size_t i = 0; i < context_.decisions.size(); ++i) {
      const DecisionGroup& group = context_.decisions[i];
      const Position at = context_.sources.begin_of(group.bodies.front()->name_span);
      const std::string package = resolve::path_text(group.package).substr(5);
      told +=
          "\n\t{\"package\": " + quoted(package) + ", \"name\": " + quoted(group.name) +
          ", \"file\": " + quoted(context_.sources[group.bodies.front()->name_span.source].name()) +
          ", \"line\": " + std::to_string(at.line) + "},";
      rules += group_rules(group, std::to_string(i));
    }
    return "# The decision, and how it comes from the permits and forbids of all packages.\n" +
           std::string(kDecision) + told + "\n]\n\n" + rules + schema_rules(context_.schema);
  }

  // What one decision rule adds to the decision.
  static std::string group_rules(const DecisionGroup& group, const std::string& index) {
    const std::string package = data_text(group.package);
    const auto holds = [&](const std::string& set) {
      return quoted(group.name) + " in " + package + "." + set;
    };
    std::string rules;
    if (is_forbid(group)) {
      rules += rule_text("holding_forbids contains " + index, {holds("forbids")});
      rules += rule_text("unknown_forbids contains " + index, {holds("indeterminate")});
    } else {
      rules += rule_text("holding_permits contains " + index, {holds("permits")});
    }
    for (std::size_t i = 0; i < group.bodies.size(); ++i) {
      const DecisionBody& body = *group.bodies[i];
      const std::string name = package + "." + base_name(group) + "_" + std::to_string(i + 1);
      const auto add = [&](const char* head, const char* suffix, const char* step) {
        rules += rule_text(head, {index + " in determining", "state_of_cause == " + name,
                                  "value = " + name + suffix + "[_]" + step});
      };
      if (body.because) add("messages contains value", "_messages", "");
      if (body.controls) add("controls contains value", "_controls", "");
      if (body.obliges) add("asked contains [key, value]", "_obligations", "[key]");
    }
    return rules;
  }

  static constexpr const char* kDecision = R"(decision := {
	"effect": effect,
	"cause": cause,
	"rules": [rule | some i in determining; rule := decision_rules[i]],
	"messages": sort(messages),
	"controls": sort(controls),
	"obligations": obligations,
}

effect := "permit" if {
	cause == "permitted"
} else := "deny"

cause := "invalid_request" if {
	not request_fits
} else := "forbidden" if {
	count(holding_forbids) > 0
} else := "indeterminate" if {
	count(unknown_forbids) > 0
} else := "permitted" if {
	count(holding_permits) > 0
} else := "no_permit"

# The rules that determined the decision, as indexes of decision_rules.
determining := {
	"forbidden": holding_forbids,
	"indeterminate": unknown_forbids,
	"permitted": holding_permits,
	"invalid_request": set(),
	"no_permit": set(),
}[cause]

# Which of their bodies speak.
state_of_cause := "unknown" if {
	cause == "indeterminate"
} else := "holds"

obligations := {key: values |
	some pair in asked
	key := pair[0]
	values := [other[1] | some other in asked; other[0] == key]
}

# Each of these has members below, or is empty.
holding_forbids contains 0 if false

unknown_forbids contains 0 if false

holding_permits contains 0 if false

messages contains "" if false

controls contains "" if false

asked contains ["", null] if false

)";

  const Context& context_;
  TakenNames taken_;
  Failures failures_;
  std::map<core::Path, std::string> texts_;
  std::set<core::Path> with_decisions_;
};

}  // namespace

std::vector<Module> export_policy(const Context& context) { return Exporter(context).modules(); }

}  // namespace licet::lang::exporting
