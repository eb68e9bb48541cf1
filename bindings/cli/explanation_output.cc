#include "bindings/cli/explanation_output.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "bindings/cli/decision_output.h"
#include "bindings/cli/json_text.h"
#include "bindings/cli/terminal.h"

namespace licet::cli {
namespace {

constexpr std::size_t kNearestShown = 3;
constexpr std::size_t kMaxValueColumns = 60;

std::string_view verdict_text(Verdict verdict) {
  return verdict == Verdict::kPermit ? "permit" : "forbid";
}

bool holds_or_unknown(const RuleView& rule) {
  return rule.truth == Truth::kHolds || rule.truth == Truth::kUnknown;
}

// --- text ------------------------------------------------------------------------------------

std::string mark_of(Truth truth) {
  const Terminal& terminal = output_terminal();
  switch (truth) {
    case Truth::kHolds:
      return styled("✓", Style::kGreen, terminal);
    case Truth::kFails:
      return styled("✗", Style::kRed, terminal);
    case Truth::kUnknown:
      return styled("?", Style::kYellow, terminal);
    case Truth::kNotReached:
      break;
  }
  return styled("·", Style::kDim, terminal);
}

// A long value keeps its beginning.
std::string shortened(std::string_view value) {
  const std::string text = printable(value);
  if (display_width(text) <= kMaxValueColumns) return text;
  std::size_t end = kMaxValueColumns;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string values_text(const std::vector<ExplainedPart>& values) {
  std::string text;
  for (const ExplainedPart& part : values) {
    text += (text.empty() ? "" : ", ") + printable(part.text) +
            (part.value.empty() ? " has no value" : " = " + shortened(part.value));
  }
  return text;
}

// A literal over several lines as one.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!is_blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return printable(out);
}

void append_rule(const RuleView& rule, const std::string& indent, std::string& out);

void append_body(const BodyView& body, const std::string& indent, std::string& out) {
  std::size_t width = 0;
  for (const LiteralView& literal : body.literals) {
    width = std::max(width, std::min<std::size_t>(display_width(one_line(literal.text)), 48));
  }
  for (const LiteralView& literal : body.literals) {
    const std::string text = one_line(literal.text);
    out.append(indent).append(mark_of(literal.truth)).append(" ").append(text);
    const std::string values = values_text(literal.values);
    if (!values.empty()) {
      out.append(width > display_width(text) ? width - display_width(text) : 0, ' ');
      out.append("   ").append(styled(values, Style::kDim, output_terminal()));
    }
    out += '\n';
    for (const RuleView& asked : literal.asks) append_rule(asked, indent + "    ", out);
  }
}

std::string heading_of(const RuleView& rule) {
  const bool is_asked = rule.name.starts_with("data.");
  std::string text = is_asked ? "" : std::string(verdict_text(rule.verdict)) + " ";
  text += styled(rule.name, Style::kBold, output_terminal());
  if (rule.truth == Truth::kHolds) {
    text += styled(" holds", rule.verdict == Verdict::kPermit ? Style::kGreen : Style::kRed,
                   output_terminal());
  } else if (rule.truth == Truth::kUnknown) {
    text += styled(" is indeterminate", Style::kYellow, output_terminal());
  } else {
    const BodyView& body = rule.nearest_body();
    text +=
        " fails in " + std::to_string(body.open()) + " of " + counted(body.literals.size(), "part");
  }
  const std::string place = rule.file + ":" + std::to_string(rule.line);
  return text + "  " + styled(place, Style::kDim, output_terminal());
}

void append_rule(const RuleView& rule, const std::string& indent, std::string& out) {
  out.append(indent).append(heading_of(rule)).append("\n");
  for (std::size_t i = 0; i < rule.bodies.size(); ++i) {
    if (rule.bodies.size() > 1) {
      out.append(indent).append("  body ").append(std::to_string(i + 1)).append("\n");
    }
    append_body(rule.bodies[i], indent + "  ", out);
    if (rule.bodies[i].literals.empty()) out.append(indent).append("  always\n");
  }
}

std::string headline(const Decision& decision) {
  const Style style = decision ? Style::kGreen : Style::kRed;
  return styled(name_of(decision.effect()), style, output_terminal()) + " (" +
         std::string(name_of(decision.cause())) + "): " + printable(decision.message()) + "\n";
}

void append_group(const std::vector<const RuleView*>& rules, Detail detail, std::string_view noun,
                  std::string& out) {
  std::size_t shown = 0;
  for (const RuleView* rule : rules) {
    if (detail == Detail::kNearest && !holds_or_unknown(*rule) && shown >= kNearestShown) {
      const std::size_t rest = rules.size() - shown;
      out += "\n" + counted(rest, noun) + " further away; --all shows " +
             (rest == 1 ? "it" : "them") + "\n";
      return;
    }
    out += '\n';
    append_rule(*rule, "", out);
    ++shown;
  }
}

// --- what would have to be different -----------------------------------------------------------

struct Change {
  const RuleView* rule = nullptr;
  bool must_hold = false;  // else it must not hold
};

// For a deny: every deciding forbid must fail, and one of the permits that are nearest must hold.
std::vector<Change> changes_of(const ExplainedDecision& explained) {
  std::vector<Change> changes;
  if (explained.decision) return changes;
  std::size_t permits = 0;
  bool is_permitted = false;
  for (const RuleView& rule : explained.rules) {
    is_permitted =
        is_permitted || (rule.verdict == Verdict::kPermit && rule.truth == Truth::kHolds);
  }
  for (const RuleView& rule : explained.rules) {
    if (rule.verdict == Verdict::kForbid && holds_or_unknown(rule)) {
      changes.push_back({&rule, false});
    } else if (rule.verdict == Verdict::kPermit && !is_permitted && permits < kNearestShown) {
      changes.push_back({&rule, true});
      ++permits;
    }
  }
  return changes;
}

std::vector<const LiteralView*> literals_of(const Change& change) {
  std::vector<const LiteralView*> literals;
  for (const LiteralView& literal : change.rule->nearest_body().literals) {
    const bool holds = literal.truth == Truth::kHolds;
    // Of an indeterminate forbid the unknown parts matter: with an answer they may be false.
    const bool matters = change.must_hold || change.rule->truth == Truth::kUnknown ? !holds : holds;
    if (matters) literals.push_back(&literal);
  }
  return literals;
}

std::string quoted_list(const std::vector<const LiteralView*>& literals, std::string_view joint) {
  std::string text;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    if (i > 0) text.append(i + 1 == literals.size() ? joint : ", ");
    text += "`" + one_line(literals[i]->text) + "`";
  }
  return text;
}

std::string change_text(const Change& change) {
  const std::vector<const LiteralView*> literals = literals_of(change);
  const std::string& name = change.rule->name;
  if (literals.empty()) return "  " + name + " always holds\n";
  if (change.must_hold) {
    return "  " + name + " would permit it with " + quoted_list(literals, " and ") + "\n";
  }
  if (change.rule->truth == Truth::kUnknown) {
    return "  " + name + " must know " + quoted_list(literals, " and ") + "\n";
  }
  return "  " + name + " would not forbid it without " + quoted_list(literals, " or ") + "\n";
}

// --- JSON ------------------------------------------------------------------------------------

std::string json_from_rule(const RuleView& rule);

std::string json_from_values(const std::vector<ExplainedPart>& values) {
  JsonArray array;
  for (const ExplainedPart& part : values) {
    JsonObject object;
    object.string("text", part.text);
    if (!part.value.empty()) object.raw("value", part.value);
    array.add_raw(object.text());
  }
  return array.text();
}

std::string json_from_literal(const LiteralView& literal) {
  JsonObject object;
  object.string("text", literal.text)
      .string("file", literal.file)
      .number("line", literal.line)
      .string("truth", name_of(literal.truth))
      .raw("values", json_from_values(literal.values));
  if (literal.asks.empty()) return object.text();
  JsonArray asks;
  for (const RuleView& rule : literal.asks) asks.add_raw(json_from_rule(rule));
  return object.raw("asks", asks.text()).text();
}

std::string json_from_rule(const RuleView& rule) {
  JsonArray bodies;
  for (const BodyView& body : rule.bodies) {
    JsonArray literals;
    for (const LiteralView& literal : body.literals) literals.add_raw(json_from_literal(literal));
    bodies.add_raw(literals.text());
  }
  JsonObject object;
  if (!rule.name.starts_with("data.")) object.string("verdict", verdict_text(rule.verdict));
  return object.string("name", rule.name)
      .string("file", rule.file)
      .number("line", rule.line)
      .string("truth", name_of(rule.truth))
      .raw("bodies", bodies.text())
      .text();
}

std::string json_from_change(const Change& change) {
  JsonArray literals;
  for (const LiteralView* literal : literals_of(change)) literals.add(literal->text);
  return JsonObject()
      .string("rule", change.rule->name)
      .string("must", change.must_hold ? "hold" : "fail")
      .raw("parts", literals.text())
      .text();
}

}  // namespace

std::string text_from_explanation(const ExplainedDecision& explained, Detail detail) {
  const bool is_permit = static_cast<bool>(explained.decision);
  std::array<std::vector<const RuleView*>, 2> groups;  // forbids, permits
  for (const RuleView& rule : explained.rules) {
    const bool shows = holds_or_unknown(rule) || detail == Detail::kAll ||
                       (rule.verdict == Verdict::kForbid) == is_permit;
    if (shows) groups[rule.verdict == Verdict::kForbid ? 0 : 1].push_back(&rule);
  }
  std::string out = headline(explained.decision);
  append_group(groups[0], detail, "forbid", out);
  append_group(groups[1], detail, "permit", out);
  const std::vector<Change> changes = changes_of(explained);
  if (changes.empty()) return out;
  out += "\nWhat would have to be different:\n";
  for (const Change& change : changes) out += change_text(change);
  return out;
}

std::string json_from_explanation(const ExplainedDecision& explained) {
  JsonArray rules;
  for (const RuleView& rule : explained.rules) rules.add_raw(json_from_rule(rule));
  JsonArray changes;
  for (const Change& change : changes_of(explained)) changes.add_raw(json_from_change(change));
  return JsonObject()
             .raw("decision", json_from_decision(explained.decision, 0))
             .raw("rules", rules.text())
             .raw("changes", changes.text())
             .text() +
         "\n";
}

}  // namespace licet::cli
