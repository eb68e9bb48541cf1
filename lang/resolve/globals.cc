#include "lang/resolve/globals.h"

#include <algorithm>

#include "lang/resolve/resolver.h"

namespace licet::lang::resolve {
namespace {

bool is_plain_name(const std::string& text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
}

// A key that no two paths share: names cannot hold a NUL.
std::string key_of(const core::Path& path) {
  std::string key;
  for (const std::string& element : path) (key += element) += '\0';
  return key;
}

const std::string* constant_string(const ast::Term& term) {
  const auto* string = std::get_if<ast::String>(&term.node);
  return string == nullptr ? nullptr : &string->value;
}

}  // namespace

std::string path_step_text(const std::string& element) {
  return is_plain_name(element) ? "." + element : "[\"" + element + "\"]";
}

std::string path_text(const core::Path& path) {
  std::string text = "data";
  for (const std::string& element : path) text += path_step_text(element);
  return text;
}

std::vector<std::string> head_names(const ast::Term& ref) {
  if (const auto* variable = std::get_if<ast::Variable>(&ref.node)) return {variable->name};
  std::vector<std::string> names;
  const auto* reference = std::get_if<ast::Reference>(&ref.node);
  if (reference == nullptr) return names;
  if (const auto* head = std::get_if<ast::Variable>(&reference->head->node)) {
    names.push_back(head->name);
  }
  for (const ast::Operand& operand : reference->operands) {
    const std::string* name = constant_string(*operand.term);
    if (name == nullptr) break;
    names.push_back(*name);
  }
  return names;
}

bool has_parameters(const ast::RuleHead& head) {
  return head.arguments && !head.arguments->empty();
}

std::optional<std::vector<std::string>> constant_path(const ast::Term& term) {
  std::vector<std::string> names = head_names(term);
  const auto* reference = std::get_if<ast::Reference>(&term.node);
  const std::size_t wanted = reference == nullptr ? 1 : reference->operands.size() + 1;
  if (names.size() != wanted) return std::nullopt;
  return names;
}

core::Path package_path(const ast::Module& module) {
  core::Path path;
  for (const ast::Name& name : module.package.path) path.push_back(name.text);
  if (path.size() > kMaxPath) path.resize(kMaxPath);  // reported by resolve_names
  return path;
}

Globals::Globals(const std::vector<ast::Module>& modules) {
  for (const ast::Module& module : modules) {
    const core::Path package = package_path(module);
    packages_.push_back(package);
    add_documents(package);
    for (const ast::Declaration& declaration : module.declarations) {
      if (const auto* rule = std::get_if<ast::Rule>(&declaration)) add_rule(package, *rule);
      if (std::holds_alternative<ast::DecisionRule>(declaration)) {
        for (const char* name : {"permits", "forbids", "indeterminate"}) {
          rules_[key_of(package)].insert(name);
          core::Path path = package;
          path.emplace_back(name);
          add_documents(path);
        }
      }
      if (const auto* schema = std::get_if<ast::Schema>(&declaration)) {
        roots_.insert(schema->root.text);
      }
    }
  }
  std::sort(packages_.begin(), packages_.end());
  packages_.erase(std::unique(packages_.begin(), packages_.end()), packages_.end());
}

void Globals::add_rule(const core::Path& package, const ast::Rule& rule) {
  const std::vector<std::string> names = head_names(rule.head.ref);
  if (names.empty()) return;
  rules_[key_of(package)].insert(names.front());
  core::Path path = package;
  path.insert(path.end(), names.begin(), names.end());
  add_documents(path);
  if (!has_parameters(rule.head)) {
    values_.insert(key_of(path));
    return;
  }
  arities_[key_of(path)] = rule.head.arguments->size();
  functions_[package].insert(names.front());
}

void Globals::add_documents(const core::Path& path) {
  Place* at = &documents_;
  for (const std::string& name : path) {
    auto& below = at->below[name];
    if (!below) below = std::make_unique<Place>();
    at = below.get();
  }
}

bool Globals::has_document(const core::Path& path) const {
  const Place* at = &documents_;
  for (const std::string& name : path) {
    const auto below = at->below.find(name);
    if (below == at->below.end()) return false;
    at = below->second.get();
  }
  return true;
}

bool Globals::has_rule(const core::Path& package, const std::string& name) const {
  const auto found = rules_.find(key_of(package));
  return found != rules_.end() && found->second.contains(name);
}

bool Globals::is_value(const core::Path& path) const { return values_.contains(key_of(path)); }

std::optional<std::size_t> Globals::function_arity(const core::Path& path) const {
  const auto found = arities_.find(key_of(path));
  if (found == arities_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> Globals::function_names(const core::Path& package) const {
  const auto found = functions_.find(package);
  if (found == functions_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

Imports::Imports(const ast::Module& module, Diagnostics& diagnostics) {
  for (const ast::Import& import : module.imports) add(import, diagnostics);
}

void Imports::add(const ast::Import& import, Diagnostics& diagnostics) {
  const auto names = constant_path(import.path);
  if (!names || names->empty()) return;
  const std::string& head = names->front();
  const bool is_keyword = head == "rego" || head == "future";
  std::string text;
  for (const std::string& name : *names) text += (text.empty() ? "" : ".") + name;
  const std::string alias = import.alias ? import.alias->text : names->back();
  const std::string shown = text + (import.alias ? " as " + alias : "");
  const auto [first, is_new] = names_.try_emplace(alias, shown);
  if (!is_new) {
    diagnostics.add({Code::kImportShadows,
                     import.span,
                     "import must not shadow import " + first->second,
                     "this name is imported already",
                     {},
                     "remove it, or give it another name with `as`"});
    return;
  }
  if (is_keyword) {
    binds_not_ = binds_not_ || text == "rego.v2" || text == "future.keywords" ||
                 text == "future.keywords.not";
    return;
  }
  AbsolutePath target;
  target.root = head == "input" ? core::Root::kInput : core::Root::kData;
  target.path.assign(names->begin() + 1, names->end());
  entries_[alias] = {std::move(target), import.span, text};
}

const AbsolutePath* Imports::find(const std::string& name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &found->second.target;
}

void Imports::report_unused(Diagnostics& diagnostics) const {
  for (const auto& [name, entry] : entries_) {
    if (used_.contains(name)) continue;
    diagnostics.add({Code::kUnusedImport,
                     entry.span,
                     "import " + entry.text + " unused",
                     "nothing uses this import",
                     {},
                     "remove it"});
  }
}

}  // namespace licet::lang::resolve
