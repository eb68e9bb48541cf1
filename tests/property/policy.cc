#include "tests/property/policy.h"

#include "lang/syntax/parse.h"

namespace licet::property {
namespace {

Path package_path(const ast::Package& package) {
  Path path;
  for (const ast::Name& name : package.path) path.push_back(name.text);
  return path;
}

std::string decision_key(const Path& package, const ast::DecisionRule& rule) {
  std::string key = rule.verdict == ast::Verdict::kForbid ? "forbid" : "permit";
  for (const std::string& name : package) key += " " + name;
  return key + " " + rule.name.text;
}

void add(const ast::Declaration& declaration, const Path& package, Policy& policy) {
  if (const auto* rule = std::get_if<ast::Rule>(&declaration)) {
    Path path = package;
    path.push_back(name_of_head(rule->head));
    policy.rules[path].push_back({rule, &package});
  } else if (const auto* decision = std::get_if<ast::DecisionRule>(&declaration)) {
    policy.decisions[decision_key(package, *decision)].push_back({decision, &package});
  } else if (const auto* schema = std::get_if<ast::Schema>(&declaration)) {
    policy.schemas[schema->root.text] = &schema->record;
  } else if (const auto* type = std::get_if<ast::TypeDeclaration>(&declaration)) {
    policy.types[type->name.text] = &type->type;
  }
}

}  // namespace

bool Policy::is_root(const std::string& name) const {
  return name == "user" || name == "model" || name == "dataset" || name == "request" ||
         schemas.contains(name);
}

bool Policy::is_rule(const Path& package, const std::string& name) const {
  Path path = package;
  path.push_back(name);
  return rules.contains(path);
}

bool Policy::is_function(const Path& path) const {
  const auto found = rules.find(path);
  return found != rules.end() && found->second.front().rule->head.arguments.has_value();
}

bool Policy::is_package(const Path& path) const {
  const auto next = rules.upper_bound(path);
  return next != rules.end() && next->first.size() > path.size() &&
         std::equal(path.begin(), path.end(), next->first.begin());
}

std::optional<Policy> parse_policy(const std::vector<lang::SourceText>& texts) {
  Policy policy;
  lang::SourceSet sources;
  lang::Diagnostics diagnostics;
  for (const lang::SourceText& text : texts) {
    auto module = lang::parse_module(sources, sources.add(text.name, text.text), diagnostics);
    if (!module) return std::nullopt;
    policy.modules.push_back(std::move(*module));
  }
  if (diagnostics.has_errors()) return std::nullopt;
  for (const ast::Module& module : policy.modules) {
    policy.packages.push_back(std::make_unique<Path>(package_path(module.package)));
    for (const ast::Declaration& declaration : module.declarations) {
      add(declaration, *policy.packages.back(), policy);
    }
  }
  return policy;
}

std::string name_of_head(const ast::RuleHead& head) {
  if (const auto* variable = std::get_if<ast::Variable>(&head.ref.node)) return variable->name;
  const auto& reference = std::get<ast::Reference>(head.ref.node);
  return std::get<ast::Variable>(reference.head->node).name;
}

const ast::Term* key_of_head(const ast::RuleHead& head) {
  const auto* reference = std::get_if<ast::Reference>(&head.ref.node);
  return reference == nullptr ? nullptr : reference->operands.front().term.get();
}

std::optional<std::string> constant_key(const ast::RuleHead& head) {
  const ast::Term* key = key_of_head(head);
  const auto* text = key == nullptr ? nullptr : std::get_if<ast::String>(&key->node);
  return text == nullptr ? std::nullopt : std::optional(text->value);
}

}  // namespace licet::property
