#include "tests/property/reads.h"

#include <algorithm>
#include <span>

#include "eval/number.h"

namespace licet::property {
namespace {

template <class Prefix>
bool is_prefix(const Prefix& prefix, const Prefix& path) {
  return prefix.size() <= path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

// Whether such rules can say more because something is missing: what stands behind a default or an
// else, or how many members there are.
bool is_doubtful(const std::vector<Policy::RuleOfModule>& rules) {
  return std::any_of(rules.begin(), rules.end(), [](const Policy::RuleOfModule& r) {
    const bool has_members = r.rule->head.kind == ast::HeadKind::kContains ||
                             (key_of_head(r.rule->head) != nullptr && !constant_key(r.rule->head));
    return r.rule->is_default || !r.rule->elses.empty() || has_members;
  });
}

const ast::Field* field_of(const ast::RecordType& record, const Value& name) {
  for (const ast::Field& field : record.fields) {
    if (name.is_string() && field.name.text == name.as_string()) return &field;
  }
  return nullptr;
}

bool is_required(const ast::Type& type, std::span<const Value> path, const Policy& policy);

bool is_required(const ast::RecordType& record, std::span<const Value> path, const Policy& policy) {
  if (path.empty()) return true;
  const ast::Field* field = field_of(record, path.front());
  return field != nullptr && !field->optional && is_required(*field->type, path.subspan(1), policy);
}

bool is_required(const ast::Type& type, std::span<const Value> path, const Policy& policy) {
  if (path.empty()) return true;
  if (const auto* record = std::get_if<ast::RecordType>(&type.node)) {
    return is_required(*record, path, policy);
  }
  if (const auto* all = std::get_if<ast::UnionType>(&type.node)) {
    return std::all_of(all->members.begin(), all->members.end(),
                       [&](const ast::Type& member) { return is_required(member, path, policy); });
  }
  if (const auto* named = std::get_if<ast::NamedType>(&type.node)) {
    const auto declared = policy.types.find(named->name.text);
    // What is below `any` no schema describes.
    if (declared == policy.types.end()) return named->name.text == "any";
    return is_required(*declared->second, path, policy);
  }
  return false;  // an element of a list, a key of a map
}

}  // namespace

void Reads::literal(const ast::Literal& l, const Path& package) {
  const std::size_t outer = replaced_.size();
  for (const ast::With& with : l.with) {
    term(with.value, package);
    if (auto path = input_path(with.target, package)) replaced_.push_back(std::move(*path));
  }
  const bool doubtful =
      std::holds_alternative<ast::Not>(l.node) || std::holds_alternative<ast::Every>(l.node);
  if (doubtful) enter_doubt();
  const Parts parts = parts_of(l);
  for (const ast::Term* part : parts.terms) term(*part, package);
  closures(parts, package);
  if (doubtful) --doubt_;
  replaced_.resize(outer);
}

void Reads::body(const ast::Body& b, const Path& package) {
  for (const ast::Literal& l : b) literal(l, package);
}

void Reads::term(const ast::Term& t, const Path& package) {
  if (auto path = input_path(t, package)) {
    if (!is_replaced(*path)) {
      if (doubt_ > 0) doubtful_paths.push_back(*path);
      paths.push_back(std::move(*path));
    }
  } else if (const auto* call = std::get_if<ast::Call>(&t.node)) {
    if (auto function = data_path(*call->function, package)) rules(*function);
  } else if (auto document = data_path(t, package)) {
    rules(*document);
  }
  const Parts parts = parts_of(t);
  for (const ast::Term* part : parts.terms) {
    const bool is_head = std::holds_alternative<ast::Reference>(t.node) &&
                         part == parts.terms.front() &&
                         std::holds_alternative<ast::Variable>(part->node);
    if (!is_head) term(*part, package);
  }
  closures(parts, package);
}

void Reads::enter_doubt() {
  has_doubt = true;
  ++doubt_;
}

void Reads::closures(const Parts& parts, const Path& package) {
  for (const Closure& closure : parts.closures) {
    const bool comprehension = closure.kind == Closure::Kind::kComprehension;
    if (comprehension) {
      enter_doubt();
      for (const ast::Term* head : closure.terms) term(*head, package);
    }
    body(*closure.body, package);
    if (comprehension) --doubt_;
  }
}

std::pair<std::string, InputPath> Reads::constant_part(const ast::Term& t) const {
  if (const auto* variable = std::get_if<ast::Variable>(&t.node)) return {variable->name, {}};
  const auto* reference = std::get_if<ast::Reference>(&t.node);
  if (reference == nullptr) return {};
  auto [name, path] = constant_part(*reference->head);
  for (const ast::Operand& operand : reference->operands) {
    if (const auto* text = std::get_if<ast::String>(&operand.term->node)) {
      path.push_back(Value::string(text->value, arena_));
    } else if (const auto* number = std::get_if<ast::Number>(&operand.term->node)) {
      path.push_back(number_from_text(number->text, arena_).value());
    } else {
      break;
    }
  }
  return {name, path};
}

std::optional<InputPath> Reads::input_path(const ast::Term& t, const Path& package) const {
  auto [name, path] = constant_part(t);
  if (name == "input") return path;
  if (name.empty() || policy_.is_rule(package, name) || !policy_.is_root(name)) return {};
  path.insert(path.begin(), Value::string(name, arena_));
  return path;
}

std::optional<Path> Reads::data_path(const ast::Term& t, const Path& package) const {
  const auto [name, operands] = constant_part(t);
  Path path;
  if (policy_.is_rule(package, name)) {
    path = package;
    path.push_back(name);
  } else if (name != "data") {
    return {};
  }
  for (const Value& operand : operands) {
    if (!operand.is_string()) break;
    path.emplace_back(operand.as_string());
  }
  return path;
}

void Reads::rules(const Path& path) {
  for (const auto& [rule_path, bodies] : policy_.rules) {
    const bool doubtful = is_doubtful(bodies);
    for (const auto& [rule, package] : bodies) {
      Path defines = rule_path;
      if (const auto key = constant_key(rule->head)) defines.push_back(*key);
      if (!is_prefix(path, defines) && !is_prefix(defines, path)) continue;
      // Seen from above it is a member of what is read.
      const bool is_member = path.size() < defines.size();
      if (doubtful || is_member) enter_doubt();
      whole(*rule, *package);
      if (doubtful || is_member) --doubt_;
    }
  }
}

void Reads::whole(const ast::Rule& rule, const Path& package) {
  if (const ast::Term* key = key_of_head(rule.head)) term(*key, package);
  if (rule.head.value) term(*rule.head.value, package);
  body(rule.body, package);
  for (const ast::Else& otherwise : rule.elses) {
    if (otherwise.value) term(*otherwise.value, package);
    body(otherwise.body, package);
  }
}

// What is above a path that `with` gives is there, too.
bool Reads::is_replaced(const InputPath& path) const {
  return std::any_of(replaced_.begin(), replaced_.end(), [&](const InputPath& given) {
    return is_prefix(given, path) || is_prefix(path, given);
  });
}

bool should_be_there(const InputPath& path, const Policy& policy) {
  if (path.empty() || !path.front().is_string()) return true;
  const auto schema = policy.schemas.find(std::string(path.front().as_string()));
  return schema == policy.schemas.end() ||
         is_required(*schema->second, std::span(path).subspan(1), policy);
}

}  // namespace licet::property
