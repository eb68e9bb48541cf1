#include "eval/builder.h"
#include "eval/number.h"
#include "tests/property/evaluator.h"

namespace licet::property {
namespace {

std::string_view builtin_of(ast::Operator op) {
  switch (op) {
    case ast::Operator::kEqual:
      return "equal";
    case ast::Operator::kNotEqual:
      return "neq";
    case ast::Operator::kLess:
      return "lt";
    case ast::Operator::kLessEqual:
      return "lte";
    case ast::Operator::kGreater:
      return "gt";
    case ast::Operator::kGreaterEqual:
      return "gte";
    case ast::Operator::kAdd:
      return "plus";
    case ast::Operator::kSubtract:
      return "minus";
    case ast::Operator::kMultiply:
      return "mul";
    case ast::Operator::kDivide:
      return "div";
    case ast::Operator::kRemainder:
      return "rem";
    case ast::Operator::kAnd:
      return "and";
    case ast::Operator::kOr:
      return "or";
    case ast::Operator::kUnify:
    case ast::Operator::kAssign:
      break;
  }
  throw Unsupported("an assignment inside of a term");
}

// f, array.concat, data.t.f
Path dotted_name(const ast::Term& function) {
  if (const auto* variable = std::get_if<ast::Variable>(&function.node)) return {variable->name};
  const auto& reference = std::get<ast::Reference>(function.node);
  Path names = dotted_name(*reference.head);
  for (const ast::Operand& operand : reference.operands) {
    names.push_back(std::get<ast::String>(operand.term->node).value);
  }
  return names;
}

std::string joined(const Path& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ".") + name;
  return text;
}

}  // namespace

bool Evaluator::is_call(const ast::Term& t) {
  return std::holds_alternative<ast::Call>(t.node) || std::holds_alternative<ast::Infix>(t.node) ||
         std::holds_alternative<ast::Negative>(t.node) ||
         std::holds_alternative<ast::Membership>(t.node);
}

Evaluator::Terms Evaluator::arguments_of(const ast::Term& call) { return parts_of(call).terms; }

void Evaluator::term(const ast::Term& t, const Scope& scope, const WithValue& use) {
  count_step();
  if (is_call(t)) return call(t, scope, use);
  if (std::holds_alternative<ast::Null>(t.node)) return use(Value::null(), scope);
  if (const auto* b = std::get_if<ast::Boolean>(&t.node)) {
    return use(Value::boolean(b->value), scope);
  }
  if (const auto* n = std::get_if<ast::Number>(&t.node)) {
    return use(number_from_text(n->text, arena_).value(), scope);
  }
  if (const auto* s = std::get_if<ast::String>(&t.node)) {
    return use(Value::string(s->value, arena_), scope);
  }
  if (const auto* v = std::get_if<ast::Variable>(&t.node)) {
    const auto found = scope.bound.find(v->name);
    if (found != scope.bound.end()) return use(found->second, scope);
    return reference(t, {}, scope, use);
  }
  if (const auto* r = std::get_if<ast::Reference>(&t.node)) {
    return reference(*r->head, r->operands, scope, use);
  }
  if (const auto* c = std::get_if<ast::Comprehension>(&t.node)) {
    return use(comprehension(*c, scope), scope);
  }
  terms(parts_of(t).terms, scope, [&](const std::vector<Value>& values, const Scope& inner) {
    if (std::holds_alternative<ast::Array>(t.node)) return use(Value::array(values, arena_), inner);
    if (std::holds_alternative<ast::Set>(t.node)) return use(Value::set(values, arena_), inner);
    if (!std::holds_alternative<ast::Object>(t.node)) throw Unsupported("a template string");
    ObjectBuilder object(arena_);
    for (std::size_t i = 0; i < values.size(); i += 2) object.add(values[i], values[i + 1]);
    use(object.object(), inner);
  });
}

void Evaluator::terms(const Terms& list, const Scope& scope, const WithValues& use) {
  next_term(list, {}, scope, use);
}

void Evaluator::next_term(const Terms& list, std::vector<Value> values, const Scope& scope,
                          const WithValues& use) {
  if (values.size() == list.size()) return use(values, scope);
  bool has_value = false;
  term(*list[values.size()], scope, [&](const Value& value, const Scope& inner) {
    has_value = true;
    std::vector<Value> more = values;
    more.push_back(value);
    next_term(list, std::move(more), inner, use);
  });
  if (has_value) return;
  // It has no value already, but another evaluator may look at the others first.
  for (std::size_t i = values.size() + 1; i < list.size(); ++i) {
    if (closes(*list[i], scope)) look_at(*list[i], scope);
  }
}

// Only to see whether it fails or has no value.
void Evaluator::look_at(const ast::Term& t, const Scope& scope) {
  const Kept late(late_, late_ + 1);
  const std::uint64_t errors = late_errors_;
  bool has_value = false;
  try {
    term(t, scope, [&](const Value&, const Scope&) { has_value = true; });
  } catch (const Conflict&) {
    count_error();
  }
  if (!has_value && late_errors_ == errors) ++absences_;
}

// The same with the largest parts whose variables have values.
void Evaluator::look_at_parts(const ast::Term& t, const Scope& scope) {
  if (closes(t, scope)) return look_at(t, scope);
  for (const ast::Term* part : parts_of(t).terms) look_at_parts(*part, scope);
}

void Evaluator::call(const ast::Term& t, const Scope& scope, const WithValue& use) {
  terms(arguments_of(t), scope, [&](const std::vector<Value>& arguments, const Scope& inner) {
    const Value answer = apply(t, arguments, inner);
    if (answer.is_defined()) use(answer, inner);
  });
}

Value Evaluator::apply(const ast::Term& call, const std::vector<Value>& arguments,
                       const Scope& scope) {
  if (const auto* infix = std::get_if<ast::Infix>(&call.node)) {
    return builtin(builtin_of(infix->op), arguments);
  }
  if (std::holds_alternative<ast::Negative>(call.node)) {
    return builtin("minus", {Value::integer(0), arguments.front()});
  }
  if (std::holds_alternative<ast::Membership>(call.node)) {
    return builtin(arguments.size() == 2 ? "internal.member_2" : "internal.member_3", arguments);
  }
  const Path name = dotted_name(*std::get<ast::Call>(call.node).function);
  if (name.front() == "data") {
    return function_value(Path(name.begin() + 1, name.end()), arguments, *scope.world);
  }
  Path own = *scope.package;
  own.insert(own.end(), name.begin(), name.end());
  if (policy_.rules.contains(own)) return function_value(own, arguments, *scope.world);
  return builtin(joined(name), arguments);
}

Value Evaluator::builtin(std::string_view name, const std::vector<Value>& arguments) {
  const BuiltinInfo* info = find_builtin(name);
  if (info == nullptr) throw Unsupported("no builtin " + std::string(name));
  bool failed = false;
  Value answer;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto kind = static_cast<unsigned>(arguments[i].kind());
    failed = failed || (accepted_kinds(info->id, i) >> kind & 1U) == 0;
  }
  if (!failed) {
    builtins::Context context(arena_, regexes_);
    context.given_now_ns = 0;
    context.given_seed = 0;
    answer = builtins::row_of(info->id).function(context, arguments);
    failed = context.failure != builtins::Context::Failure::kNone;
  }
  if (!failed) return answer;
  count_error();
  return Value::undefined();
}

Value Evaluator::comprehension(const ast::Comprehension& c, const Scope& scope) {
  Scope around = scope;
  Terms heads;
  if (c.key) heads.push_back(c.key.get());
  heads.push_back(c.head.get());
  for (const ast::Term* head : heads) around.names.merge(level_names(*head));
  std::vector<Value> elements;
  std::vector<Entry> entries;
  body(c.body, around, [&](const Scope& solution) {
    terms(heads, solution, [&](const std::vector<Value>& values, const Scope&) {
      elements.push_back(values.back());
      if (c.kind != ast::ComprehensionKind::kObject) return;
      for (const Entry& entry : entries) {
        if (entry.key == values.front() && !(entry.value == values.back())) throw Conflict();
      }
      entries.push_back({values.front(), values.back()});
    });
  });
  switch (c.kind) {
    case ast::ComprehensionKind::kArray:
      return Value::array(elements, arena_);
    case ast::ComprehensionKind::kSet:
      return Value::set(elements, arena_);
    case ast::ComprehensionKind::kObject:
      break;
  }
  return Value::object(entries, arena_);
}

void Evaluator::match(const ast::Term& pattern, const Value& value, const Scope& scope,
                      const Next& next) {
  if (const auto* variable = std::get_if<ast::Variable>(&pattern.node)) {
    if (variable->name == "_") return next(scope);
    if (is_unbound_variable(pattern, scope)) return next(scope.with(variable->name, value));
  }
  const Terms parts = parts_of(pattern).terms;
  if (std::holds_alternative<ast::Array>(pattern.node)) {
    if (!value.is_array() || value.size() != parts.size()) return;
    return match_all(parts, {value.elements().begin(), value.elements().end()}, scope, next);
  }
  if (const auto* object = std::get_if<ast::Object>(&pattern.node)) {
    if (!value.is_object() || value.size() != object->entries.size()) return;
    Terms keys;
    Terms values;
    for (const auto& [key, inner] : object->entries) {
      keys.push_back(&key);
      values.push_back(&inner);
    }
    return terms(keys, scope, [&](const std::vector<Value>& names, const Scope& inner) {
      std::vector<Value> found;
      for (const Value& name : names) {
        found.push_back(value.get(name));
        if (found.back().is_undefined()) return;
      }
      match_all(values, found, inner, next);
    });
  }
  term(pattern, scope, [&](const Value& other, const Scope& inner) {
    if (other == value) next(inner);
  });
}

void Evaluator::match_all(const Terms& patterns, const std::vector<Value>& values,
                          const Scope& scope, const Next& next) {
  if (patterns.empty()) return next(scope);
  match(*patterns.front(), values.front(), scope, [&](const Scope& inner) {
    match_all({patterns.begin() + 1, patterns.end()}, {values.begin() + 1, values.end()}, inner,
              next);
  });
}

void Evaluator::count_step() {
  constexpr std::uint64_t kMaxSteps = 300'000;
  if (++steps_ > kMaxSteps) throw Unsupported("too many steps");
}

}  // namespace licet::property
