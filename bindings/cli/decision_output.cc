#include "bindings/cli/decision_output.h"

#include "bindings/cli/json_text.h"

namespace licet::cli {
namespace {

std::string json_from_obligations(const std::vector<Obligation>& obligations) {
  JsonObject object;
  for (const Obligation& obligation : obligations) {
    JsonArray values;
    for (const std::string& value : obligation.values) values.add_raw(value);
    object.raw(obligation.key, values.text());
  }
  return object.text();
}

}  // namespace

std::string qualified_name(const DeterminingRule& rule) { return rule.package + "." + rule.name; }

std::string json_from_decision(const Decision& decision, std::uint64_t line) {
  JsonArray rules;
  for (const DeterminingRule& rule : decision.rules()) rules.add(qualified_name(rule));
  JsonObject object;
  if (line > 0) object.number("line", line);
  object.string("effect", name_of(decision.effect()))
      .string("cause", name_of(decision.cause()))
      .raw("rules", rules.text())
      .string("message", decision.message());
  if (!decision.controls().empty()) object.raw("controls", json_strings(decision.controls()));
  if (!decision.obligations().empty()) {
    object.raw("obligations", json_from_obligations(decision.obligations()));
  }
  if (!decision.warnings().empty()) object.raw("warnings", json_strings(decision.warnings()));
  return object.string("revision", decision.revision()).string("id", decision.id().text()).text();
}

std::vector<std::string> decision_columns() {
  return {"line", "effect", "cause", "rules", "message"};
}

std::vector<Cell> decision_row(const Decision& decision, std::uint64_t line) {
  std::string rules;
  for (const DeterminingRule& rule : decision.rules()) {
    rules += (rules.empty() ? "" : ", ") + qualified_name(rule);
  }
  const Style style = decision ? Style::kGreen : Style::kRed;
  return {{std::to_string(line), std::nullopt},
          {std::string(name_of(decision.effect())), style},
          {std::string(name_of(decision.cause())), std::nullopt},
          {printable(rules), std::nullopt},
          {printable(decision.message()), std::nullopt}};
}

}  // namespace licet::cli
