// References, and the documents that rules define.
#include <algorithm>

#include "eval/builder.h"
#include "tests/property/evaluator.h"

namespace licet::property {
namespace {

Value value_along(Value value, const Path& path) {
  for (const std::string& name : path) value = value.get(name);
  return value;
}

Path below(const Path& path, const std::string& name) {
  Path longer = path;
  longer.push_back(name);
  return longer;
}

bool has(const std::vector<Value>& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

std::vector<Entry> entries_of(const Value& collection) {
  std::vector<Entry> entries;
  if (collection.is_object()) {
    entries.assign(collection.entries().begin(), collection.entries().end());
  } else if (collection.is_array() || collection.is_set()) {
    std::int64_t index = 0;
    for (const Value& element : collection.elements()) {
      entries.push_back({collection.is_set() ? element : Value::integer(index), element});
      ++index;
    }
  }
  return entries;
}

bool Evaluator::is_global(const std::string& name, const Scope& scope) const {
  return name == "input" || name == "data" || policy_.is_root(name) ||
         policy_.is_rule(*scope.package, name);
}

bool Evaluator::is_unbound_variable(const ast::Term& t, const Scope& scope) const {
  const auto* variable = std::get_if<ast::Variable>(&t.node);
  return variable != nullptr && !scope.bound.contains(variable->name) &&
         !is_global(variable->name, scope);
}

void Evaluator::reference(const ast::Term& head, Operands operands, const Scope& scope,
                          const WithValue& use) {
  const auto* variable = std::get_if<ast::Variable>(&head.node);
  if (variable == nullptr || scope.bound.contains(variable->name)) {
    return term(head, scope,
                [&](const Value& value, const Scope& inner) { walk(value, operands, inner, use); });
  }
  const std::string& name = variable->name;
  if (name == "input") return walk(scope.world->input, operands, scope, use);
  if (name == "data") return walk_data({}, operands, scope, use);
  if (policy_.is_rule(*scope.package, name)) {
    return walk_data(below(*scope.package, name), operands, scope, use);
  }
  if (policy_.is_root(name)) return walk(scope.world->input.get(name), operands, scope, use);
  throw Unsupported("a variable without a value: " + name);
}

void Evaluator::walk(const Value& base, Operands operands, const Scope& scope,
                     const WithValue& use) {
  count_step();
  if (base.is_undefined()) return;
  if (operands.empty()) return use(base, scope);
  const ast::Term& operand = *operands.front().term;
  if (is_unbound_variable(operand, scope)) {
    for (const Entry& entry : entries_of(base)) {
      match(operand, entry.key, scope,
            [&](const Scope& inner) { walk(entry.value, operands.subspan(1), inner, use); });
    }
    return;
  }
  term(operand, scope, [&](const Value& key, const Scope& inner) {
    walk(base.get(key), operands.subspan(1), inner, use);
  });
}

bool Evaluator::is_own_document(const Path& path, const World& world) const {
  return world.replaced.contains(path) || policy_.rules.contains(path) || !policy_.is_package(path);
}

void Evaluator::walk_data(const Path& path, Operands operands, const Scope& scope,
                          const WithValue& use) {
  if (is_own_document(path, *scope.world) || operands.empty()) {
    return walk_document(path, operands, scope, use);
  }
  const ast::Term& operand = *operands.front().term;
  if (is_unbound_variable(operand, scope)) {
    for (const std::string& name : names_below(path, *scope.world)) {
      match(operand, Value::string(name, arena_), scope, [&](const Scope& inner) {
        walk_data(below(path, name), operands.subspan(1), inner, use);
      });
    }
    return;
  }
  term(operand, scope, [&](const Value& key, const Scope& inner) {
    if (!key.is_string()) return;
    walk_data(below(path, std::string(key.as_string())), operands.subspan(1), inner, use);
  });
}

// Asks an object of rules only for the key that is wanted, if it is known before.
void Evaluator::walk_document(const Path& path, Operands operands, const Scope& scope,
                              const WithValue& use) {
  if (operands.empty() || !closes(*operands.front().term, scope)) {
    return walk(document(path, *scope.world), operands, scope, use);
  }
  term(*operands.front().term, scope, [&](const Value& key, const Scope& inner) {
    walk(document(path, *scope.world, key).get(key), operands.subspan(1), inner, use);
  });
}

// Names in a package: its rules, the packages in it, and what is loaded beside them.
Names Evaluator::names_below(const Path& path, const World& world) const {
  Names names;
  for (const auto& [rule, bodies] : policy_.rules) {
    if (rule.size() <= path.size() || !std::equal(path.begin(), path.end(), rule.begin())) continue;
    if (!policy_.is_function(rule)) names.insert(rule[path.size()]);
  }
  const Value loaded = value_along(world.data, path);
  if (loaded.is_object()) {
    for (const Entry& entry : loaded.entries()) names.emplace(entry.key.as_string());
  }
  return names;
}

Value Evaluator::document(const Path& path, const World& world, const Value& wanted_key) {
  const auto replaced = world.replaced.find(path);
  if (replaced != world.replaced.end()) return replaced->second;
  if (policy_.rules.contains(path)) return rule_value(path, world, wanted_key);
  if (!policy_.is_package(path)) return value_along(world.data, path);
  ObjectBuilder package(arena_);
  for (const std::string& name : names_below(path, world)) {
    const Value value = document(below(path, name), world);
    if (value.is_defined()) package.add(name, value);
  }
  return package.object();
}

Value Evaluator::rule_value(const Path& path, const World& world, const Value& wanted_key) {
  const auto& rules = policy_.rules.at(path);
  const ast::RuleHead& head = rules.front().rule->head;
  if (head.arguments) return Value::undefined();
  if (head.kind == ast::HeadKind::kContains) return partial_set(rules, world);
  if (key_of_head(head) != nullptr) return partial_object(rules, world, wanted_key);
  return complete_value(rules, {}, world);
}

Value Evaluator::function_value(const Path& path, const std::vector<Value>& arguments,
                                const World& world) {
  const auto rules = policy_.rules.find(path);
  if (rules == policy_.rules.end()) throw Unsupported("no such function");
  return complete_value(rules->second, arguments, world);
}

// Complete rules and functions: one value or none.
Value Evaluator::complete_value(const std::vector<Policy::RuleOfModule>& rules,
                                const std::vector<Value>& arguments, const World& world) {
  std::vector<Value> values;
  Value fallback;
  const Kept outer(late_);
  for (const auto& [rule, package] : rules) {
    const Scope scope{package, &world, Logic::kRego, false, {}, {}};
    if (rule->is_default) {
      term(*rule->head.value, scope, [&](const Value& value, const Scope&) { fallback = value; });
      continue;
    }
    Terms parameters;
    if (rule->head.arguments) {
      for (const ast::Term& parameter : *rule->head.arguments) parameters.push_back(&parameter);
    }
    if (parameters.size() != arguments.size()) throw Unsupported("wrong number of arguments");
    match_all(parameters, arguments, scope,
              [&, its_rule = rule](const Scope& inner) { rule_chain(*its_rule, inner, values); });
    if (!values.empty()) late_ = outer.value() + 1;
  }
  if (values.size() > 1) throw Conflict();
  return values.empty() ? fallback : values.front();
}

// The distinct values of a rule, or else of the first of its else-branches that has one.
void Evaluator::rule_chain(const ast::Rule& rule, const Scope& scope, std::vector<Value>& values) {
  bool has_value = false;
  const auto branch = [&](const ast::TermPtr& value, const ast::Body& its_body) {
    const Kept outer(late_);
    Scope around = scope;
    if (value) around.names.merge(level_names(*value));
    const auto add = [&](const Value& v) {
      has_value = true;
      late_ = outer.value() + 1;
      if (!has(values, v)) values.push_back(v);
    };
    body(its_body, around, [&](const Scope& solution) {
      if (!value) return add(Value::boolean(true));
      term(*value, solution, [&](const Value& v, const Scope&) { add(v); });
    });
  };
  branch(rule.head.value, rule.body);
  for (const ast::Else& otherwise : rule.elses) {
    if (has_value) return;
    branch(otherwise.value, otherwise.body);
  }
}

Value Evaluator::partial_set(const std::vector<Policy::RuleOfModule>& rules, const World& world) {
  std::vector<Value> members;
  for (const auto& [rule, package] : rules) {
    Scope scope{package, &world, Logic::kRego, false, {}, level_names(*rule->head.value)};
    body(rule->body, scope, [&, member = rule->head.value.get()](const Scope& solution) {
      term(*member, solution, [&](const Value& value, const Scope&) { members.push_back(value); });
    });
  }
  return Value::set(members, arena_);
}

Value Evaluator::partial_object(const std::vector<Policy::RuleOfModule>& rules, const World& world,
                                const Value& wanted_key) {
  std::vector<Entry> entries;
  const auto add = [&](const Value& key, const Value& value) {
    for (const Entry& entry : entries) {
      if (entry.key == key && !(entry.value == value)) throw Conflict();
    }
    entries.push_back({key, value});
  };
  for (const auto& [rule, package] : rules) {
    const ast::Term* key = key_of_head(rule->head);
    const auto constant = constant_key(rule->head);
    const bool is_other =
        constant && wanted_key.is_defined() && !(Value::string(*constant, arena_) == wanted_key);
    if (is_other) continue;
    Terms parts{key};
    if (rule->head.value) parts.push_back(rule->head.value.get());
    Scope scope{package, &world, Logic::kRego, false, {}, {}};
    for (const ast::Term* part : parts) scope.names.merge(level_names(*part));
    body(rule->body, scope, [&](const Scope& solution) {
      terms(parts, solution, [&](const std::vector<Value>& values, const Scope&) {
        add(values.front(), values.size() == 1 ? Value::boolean(true) : values.back());
      });
    });
  }
  return Value::object(entries, arena_);
}

}  // namespace licet::property
