// Terms: names, references, composites, comprehensions.
#include <algorithm>
#include <set>
#include <utility>

#include "eval/number.h"
#include "eval/value_json.h"
#include "lang/resolve/resolver.h"
#include "lang/resolve/variables.h"

namespace licet::lang::resolve {
namespace {

bool is_constant(const core::Term& term) {
  return std::holds_alternative<core::Constant>(term.node);
}
const Value& value_of(const core::Term& term) { return std::get<core::Constant>(term.node).value; }
bool all_constant(const std::vector<core::Term>& terms) {
  return std::all_of(terms.begin(), terms.end(), is_constant);
}
std::vector<Value> values_of(const std::vector<core::Term>& terms) {
  std::vector<Value> values;
  values.reserve(terms.size());
  for (const core::Term& term : terms) values.push_back(value_of(term));
  return values;
}

bool is_scalar(const ast::Term& term) {
  if (const auto* negative = std::get_if<ast::Negative>(&term.node)) {
    return std::holds_alternative<ast::Number>(negative->operand->node);
  }
  return std::holds_alternative<ast::Null>(term.node) ||
         std::holds_alternative<ast::Boolean>(term.node) ||
         std::holds_alternative<ast::Number>(term.node) ||
         std::holds_alternative<ast::String>(term.node);
}

// Which entries of an object a later one with the same literal key replaces.
std::vector<bool> replaced_entries(const ast::Object& object) {
  std::vector<bool> replaced(object.entries.size(), false);
  std::set<std::string> later;
  for (std::size_t i = object.entries.size(); i-- > 0;) {
    const ast::Term& key = object.entries[i].key;
    if (const auto* string = std::get_if<ast::String>(&key.node)) {
      replaced[i] = !later.insert("\"" + string->value).second;
    } else if (const auto* number = std::get_if<ast::Number>(&key.node)) {
      replaced[i] = !later.insert(number->text).second;
    }
  }
  return replaced;
}

int key_rank(const core::Term& key) {
  if (std::holds_alternative<core::Variable>(key.node)) return 1;
  const auto* constant = std::get_if<core::Constant>(&key.node);
  return constant != nullptr && !constant->value.is_composite() ? 0 : 2;
}

}  // namespace

core::Term path_reference(core::Root root, const core::Path& path, Span span, Arena& arena) {
  core::Reference reference{root, nullptr, {}};
  for (const std::string& element : path) {
    reference.operands.push_back({core::Constant{Value::string(element, arena)}, span});
  }
  return {std::move(reference), span};
}

bool is_call(const ast::Term& term) {
  return std::holds_alternative<ast::Call>(term.node) ||
         std::holds_alternative<ast::Infix>(term.node) ||
         std::holds_alternative<ast::Membership>(term.node) ||
         std::holds_alternative<ast::Negative>(term.node);
}

void too_long(Span span, Diagnostics& diagnostics) {
  diagnostics.add({Code::kTooNested,
                   span,
                   "this path is too long",
                   "more than " + std::to_string(kMaxPath) + " elements",
                   {},
                   {}});
}

core::Term clone(const core::Term& term) {
  struct Visitor {
    Span span;
    core::Term operator()(const core::Constant& c) const { return {c, span}; }
    core::Term operator()(const core::Variable& v) const { return {v, span}; }
    core::Term operator()(const core::Reference& r) const {
      core::Reference copy{
          r.root, r.base ? std::make_unique<core::Term>(clone(*r.base)) : nullptr, {}};
      for (const core::Term& operand : r.operands) copy.operands.push_back(clone(operand));
      return {std::move(copy), span};
    }
    core::Term operator()(const core::Array& a) const {
      core::Array copy;
      for (const core::Term& element : a.elements) copy.elements.push_back(clone(element));
      return {std::move(copy), span};
    }
    core::Term operator()(const core::Set& s) const {
      core::Set copy;
      for (const core::Term& element : s.elements) copy.elements.push_back(clone(element));
      return {std::move(copy), span};
    }
    core::Term operator()(const core::Object& o) const {
      core::Object copy;
      for (const auto& [key, value] : o.entries) copy.entries.push_back({clone(key), clone(value)});
      return {std::move(copy), span};
    }
    // INVARIANT: with-values and hoisted parts are never comprehensions (see Resolver::with).
    core::Term operator()(const core::Comprehension&) const { std::abort(); }
  };
  return std::visit(Visitor{term.span}, term.node);
}

core::VariableId Resolver::fresh(std::string name, Span span, bool generated) {
  has_eq_ = has_eq_ || name == "eq";
  variables_.push_back({std::move(name), span, generated});
  return static_cast<core::VariableId>(variables_.size() - 1);
}

core::Term Resolver::constant(Value value, Span span) const {
  return {core::Constant{value}, span};
}

core::Term Resolver::hoist(core::Term term, Sink& sink) {
  const Span span = term.span;
  const core::VariableId id = fresh("_", span, true);
  variables_[id].of_reference = std::holds_alternative<core::Reference>(term.node);
  core::Unify part{{core::Variable{id}, span}, std::move(term)};
  if (sink.waiting == nullptr) {
    emit(sink, std::move(part));
  } else {
    sink.waiting->push_back(literal_of(sink, std::move(part)));
  }
  return {core::Variable{id}, span};
}

std::optional<core::Term> Resolver::document_name(const std::string& name, Span span) {
  if (in_pattern_ && name != "input" && name != "data") return std::nullopt;
  if (const AbsolutePath* import = context_.imports.find(name)) {
    context_.imports.mark_used(name);
    return path_reference(import->root, import->path, span, context_.arena);
  }
  if (context_.globals.has_rule(context_.package, name)) {
    core::Path path = context_.package;
    path.push_back(name);
    return path_reference(core::Root::kData, path, span, context_.arena);
  }
  if (name == "input") return path_reference(core::Root::kInput, {}, span, context_.arena);
  if (name == "data") return path_reference(core::Root::kData, {}, span, context_.arena);
  return std::nullopt;
}

core::Term Resolver::name(const std::string& name, Span span, Scope& scope) {
  if (name == "_") return {core::Variable{fresh("_", span, false)}, span};
  // As in OPA `input` by itself is no use of a name, `input.a` is.
  if (name != "input" && name != "data") scope.mark_seen(name);
  if (Local* local = scope.find(name)) {
    local->used = true;
    return {core::Variable{local->id}, span};
  }
  if (!scope.hides(name)) {
    if (auto document = document_name(name, span)) return std::move(*document);
    const bool is_hidden = in_pattern_ && (context_.imports.find(name) != nullptr ||
                                           context_.globals.has_rule(context_.package, name));
    if (!is_hidden && context_.globals.is_root(name)) {
      return path_reference(core::Root::kInput, {name}, span, context_.arena);
    }
  }
  // A name that open() did not see: an inner scope's own.
  const core::VariableId id = fresh(name, span, false);
  scope.add(name, {id, Origin::kUsed, span, true});
  return {core::Variable{id}, span};
}

core::Term Resolver::number(const ast::Number& number, Span span, bool negative) {
  const std::string text = negative ? "-" + number.text : number.text;
  if (auto value = number_from_text(text, context_.arena)) return constant(*value, span);
  context_.diagnostics.add({Code::kBadNumber,
                            span,
                            "number out of range",
                            "too many digits or too large an exponent",
                            {},
                            {}});
  return constant(Value::integer(0), span);
}

// An operand of a reference: a constant, a variable, or a composite of them.
core::Term Resolver::operand(const ast::Term& term_, Scope& scope, Sink& sink) {
  core::Term result = term(term_, scope, sink);
  if (std::holds_alternative<core::Comprehension>(result.node)) {
    result = hoist(std::move(result), sink);
    variables_[std::get<core::Variable>(result.node).id].of_reference = true;
  } else if (std::holds_alternative<core::Reference>(result.node)) {
    return hoist(std::move(result), sink);
  }
  return result;
}

// An element of a composite: references inside are hoisted, comprehensions stay.
core::Term Resolver::part(const ast::Term& term_, Scope& scope, Sink& sink) {
  core::Term result = term(term_, scope, sink);
  if (std::holds_alternative<core::Reference>(result.node)) return hoist(std::move(result), sink);
  return result;
}

core::Term Resolver::argument(const ast::Term& term_, Scope& scope, Sink& sink) {
  return part(term_, scope, sink);
}

core::Term Resolver::parameter(const ast::Term& term_, Scope& scope, Sink& sink) {
  in_pattern_ = true;
  core::Term result = argument(term_, scope, sink);
  in_pattern_ = false;
  return result;
}

core::Term Resolver::head_value(const ast::Term& term_, Scope& scope, Sink& sink) {
  in_head_ = true;
  core::Term result = argument(term_, scope, sink);
  in_head_ = false;
  return result;
}

// What stands before the brackets and is no name: made before the literal, as calls are.
core::Term Resolver::base(const ast::Term& term_, Scope& scope, Sink& outer) {
  Sink sink = outer;
  sink.negated = false;
  core::Body waiting;
  sink.waiting = &waiting;
  sink.place = term_.place();
  core::Term result = term(term_, scope, sink);
  const bool simple = std::holds_alternative<core::Variable>(result.node) || is_constant(result);
  if (simple) {
    flush(sink);
    return result;
  }
  const core::VariableId id = fresh("_", term_.span, true);
  emit(sink, core::Unify{{core::Variable{id}, term_.span}, std::move(result)});
  return {core::Variable{id}, term_.span};
}

core::Term Resolver::reference(const ast::Reference& reference, Span span, Scope& scope,
                               Sink& sink) {
  if (reference.operands.size() > kMaxPath) {
    too_long(span, context_.diagnostics);
    return constant(Value::null(), span);
  }
  const bool named = std::holds_alternative<ast::Variable>(reference.head->node) ||
                     std::holds_alternative<ast::Reference>(reference.head->node);
  core::Term head = named ? term(*reference.head, scope, sink) : base(*reference.head, scope, sink);
  const auto* written = std::get_if<ast::Variable>(&reference.head->node);
  if (written != nullptr && written->name != "_") scope.mark_seen(written->name);
  core::Reference result;
  if (auto* inner = std::get_if<core::Reference>(&head.node)) {
    result = std::move(*inner);
  } else {
    result = {core::Root::kTerm, std::make_unique<core::Term>(std::move(head)), {}};
  }
  for (const ast::Operand& o : reference.operands) {
    result.operands.push_back(operand(*o.term, scope, sink));
  }
  return {std::move(result), span};
}

core::Term Resolver::array(const ast::Array& array, Span span, Scope& scope, Sink& sink) {
  core::Array result;
  for (const ast::Term& element : array.elements) {
    result.elements.push_back(part(element, scope, sink));
  }
  if (all_constant(result.elements)) {
    return constant(Value::array(values_of(result.elements), context_.arena), span);
  }
  return {std::move(result), span};
}

core::Term Resolver::set(const ast::Set& set, Span span, Scope& scope, Sink& sink) {
  core::Set result;
  for (const ast::Term& element : set.elements) {
    result.elements.push_back(part(element, scope, sink));
  }
  if (all_constant(result.elements)) {
    return constant(Value::set(values_of(result.elements), context_.arena), span);
  }
  return {std::move(result), span};
}

core::Term Resolver::object(const ast::Object& object, Span span, Scope& scope, Sink& sink) {
  core::Object result;
  bool ground = true;
  std::vector<Entry> entries;
  const std::vector<bool> replaced = replaced_entries(object);
  for (std::size_t i = 0; i < object.entries.size(); ++i) {
    if (replaced[i]) continue;
    const auto& [key, value] = object.entries[i];
    core::Term k = part(key, scope, sink);
    core::Term v = part(value, scope, sink);
    ground = ground && is_constant(k) && is_constant(v);
    if (ground) entries.push_back({value_of(k), value_of(v)});
    result.entries.push_back({std::move(k), std::move(v)});
  }
  if (ground) return constant(Value::object(entries, context_.arena), span);
  // Of equal keys the last one counts, in OPA's order: constants, variables, and then composites.
  std::stable_sort(result.entries.begin(), result.entries.end(),
                   [](const auto& a, const auto& b) { return key_rank(a.key) < key_rank(b.key); });
  return {std::move(result), span};
}

core::Term Resolver::comprehension(const ast::Comprehension& c, Span span, Scope& scope,
                                   Sink& sink) {
  const bool in_head = std::exchange(in_head_, false);
  std::set<std::string> shown = std::exchange(shown_, {});
  const bool is_apart = std::exchange(is_in_head_, false);
  const bool tells_unused = std::exchange(tells_unused_, !is_apart && tells_unused_);
  Scope inner(&scope, is_apart ? Scope::Around::kIsUnknown : Scope::Around::kCounts);
  BodyNames names;
  collect_names(c.body, names);
  if (c.key) collect_names(*c.key, names);
  collect_names(*c.head, names);
  open(inner, names);
  core::Comprehension result;
  result.kind = c.kind;
  result.body = body(c.body, inner);
  core::Body waiting;
  Sink tail{&result.body, nullptr, c.head->span, sink.origin, false, &waiting};
  if (c.key) result.key = std::make_unique<core::Term>(part(*c.key, inner, tail));
  flush(tail);
  result.head = std::make_unique<core::Term>(part(*c.head, inner, tail));
  flush(tail);
  core::note_inside(result);
  close(inner);
  if (is_apart) tells_unused_ = tells_unused;
  is_in_head_ = is_apart;
  in_head_ = in_head;
  shown_ = std::move(shown);
  return {std::move(result), span};
}

// What a template always is, if it shows nothing but constants.
std::optional<std::string> Resolver::constant_text(const ast::TemplateString& t, Scope& scope,
                                                   Sink& sink) {
  std::string result;
  for (const auto& p : t.parts) {
    if (const auto* text = std::get_if<std::string>(&p)) {
      result += *text;
      continue;
    }
    const auto& expression = std::get<ast::TemplateString::Expression>(p);
    if (!expression.with.empty() || !is_scalar(*expression.term)) return std::nullopt;
    const core::Term shown = term(*expression.term, scope, sink);
    const Value& value = value_of(shown);
    result += value.is_string() ? std::string(value.as_string()) : json_from_value(value);
  }
  return result;
}

// $"a {x}" is internal.template_string(["a ", {v | v = x}]): an undefined part is an empty set,
// which prints as <undefined> and does not make the string undefined.
core::Term Resolver::template_string(const ast::TemplateString& t, Span span, Scope& scope,
                                     Sink& sink) {
  const auto known = folds_templates_ ? constant_text(t, scope, sink) : std::nullopt;
  if (known) {
    return constant(Value::string(*known, context_.arena), span);
  }
  core::Array parts;
  for (const auto& p : t.parts) {
    if (const auto* text = std::get_if<std::string>(&p)) {
      parts.elements.push_back(constant(Value::string(*text, context_.arena), span));
      continue;
    }
    const auto& expression = std::get<ast::TemplateString::Expression>(p);
    const std::size_t outside = variables_.size();
    Scope inner(&scope);
    BodyNames names;
    names.looks_into_templates = false;  // those inside are looked at below, each once
    collect_names(*expression.term, names);
    open(inner, names);
    // Declaring one of them below is an error, as if it stood outside of the string.
    std::set<std::string> around = std::exchange(shown_, std::move(names.called));
    for (const auto& [name, at] : names.used) shown_.insert(name);
    for (const std::string& name : shown_) scope.mark_seen(name);
    core::Comprehension value;
    value.kind = ast::ComprehensionKind::kSet;
    Sink tail{&value.body, nullptr, expression.span, sink.origin};
    tail.place = span;
    const std::vector<core::With> with = withs(expression.with, inner, inner, tail);
    if (!with.empty()) tail.with = &with;
    refuse_relation(*expression.term);
    call_place_ = is_call(*expression.term) ? CallPlace::kStatement : CallPlace::kNested;
    shown_term_ = expression.term.get();
    core::Term inner_term = term(*expression.term, inner, tail);
    for (const std::string& name : shown_) scope.mark_seen(name);
    shown_.merge(around);
    value.head = std::make_unique<core::Term>(hoist(std::move(inner_term), tail));
    core::note_inside(value);
    close(inner);
    const bool is_name = std::holds_alternative<ast::Variable>(expression.term->node);
    if (!is_name) refuse_new_names(outside, inner, expression.term->place(), tail);
    parts.elements.push_back({std::move(value), expression.span});
  }
  core::Call call;
  call.callee = core::BuiltinCallee{find_builtin("internal.template_string")->id};
  call.arguments.push_back({std::move(parts), span});
  const core::VariableId id = fresh("_", span, true);
  call.result = core::Term{core::Variable{id}, span};
  Sink before = sink;
  before.negated = false;
  before.waiting = nullptr;
  before.place = span;
  emit(before, std::move(call));
  return {core::Variable{id}, span};
}

// Reports a call in a template that has many answers.
void Resolver::refuse_relation(const ast::Term& shown) {
  const auto* call = std::get_if<ast::Call>(&shown.node);
  const auto names = call == nullptr ? std::nullopt : constant_path(*call->function);
  const BuiltinInfo* info = names ? find_builtin(dotted(*names)) : nullptr;
  if (info == nullptr || info->trait != BuiltinTrait::kRelation) return;
  context_.diagnostics.add({Code::kRelationInTemplate,
                            shown.span,
                            "illegal call to relation built-in '" + std::string(info->name) +
                                "' that may cause multiple outputs",
                            "a part of a template has one value",
                            {},
                            "collect its answers in a comprehension before"});
}

// Reports names that only a part of a template has: it has one value, and does not search.
void Resolver::refuse_new_names(std::size_t outside, const Scope& scope, Span shown, Sink& part) {
  core::VariableSet names = core::variables_of(*part.out, core::Depth::kLevel);
  // Those of a call that was refused are in no body.
  for (const auto& [name, local] : scope.locals()) names.insert(local.id);
  for (const core::VariableId id : names.ids()) {
    const core::VariableInfo& variable = variables_[id];
    if (id < outside || variable.generated) continue;
    const Span span = variable.span;
    context_.diagnostics.add({Code::kUndeclaredVariable,
                              span,
                              "var " + variable.name + " is undeclared",
                              "nothing gives `" + variable.name + "` a value",
                              {},
                              {},
                              shown.begin});
    bind_anyway({core::Variable{id}, span}, part);
  }
}

core::Term Resolver::hoisted_call(const ast::Term& term_, Scope& scope, Sink& outer) {
  Sink sink = outer;
  sink.negated = false;  // the call itself is evaluated before, and not under a `not`
  core::Body waiting;
  sink.waiting = &waiting;
  sink.place = term_.place();
  sink.is_placeless = &term_ == shown_term_;
  auto call = call_of(term_, scope, sink);
  if (call) refuse_print(*call, term_.span);
  const core::VariableId id = fresh("_", term_.span, true);
  core::Term answer{core::Variable{id}, term_.span};
  if (call) {
    call->result = core::Term{core::Variable{id}, term_.span};
    emit(sink, std::move(*call));
  } else {
    bind_anyway({core::Variable{id}, term_.span}, sink);
  }
  return answer;
}

core::Term Resolver::term(const ast::Term& term_, Scope& scope, Sink& sink) {
  struct Visitor {
    Resolver& r;
    const ast::Term& t;
    Scope& scope;
    Sink& sink;
    core::Term operator()(const ast::Null&) { return r.constant(Value::null(), t.span); }
    core::Term operator()(const ast::Boolean& b) {
      return r.constant(Value::boolean(b.value), t.span);
    }
    core::Term operator()(const ast::Number& n) { return r.number(n, t.span, false); }
    core::Term operator()(const ast::String& s) {
      return r.constant(Value::string(s.value, r.context_.arena), t.span);
    }
    core::Term operator()(const ast::TemplateString& s) {
      return r.template_string(s, t.span, scope, sink);
    }
    core::Term operator()(const ast::Variable& v) { return r.name(v.name, t.span, scope); }
    core::Term operator()(const ast::Reference& f) {
      return r.reference(f, t.place(), scope, sink);
    }
    core::Term operator()(const ast::Call&) { return r.hoisted_call(t, scope, sink); }
    core::Term operator()(const ast::Infix&) { return r.hoisted_call(t, scope, sink); }
    core::Term operator()(const ast::Membership&) { return r.hoisted_call(t, scope, sink); }
    core::Term operator()(const ast::Negative& n) {
      const auto* literal = std::get_if<ast::Number>(&n.operand->node);
      if (literal != nullptr) return r.number(*literal, t.span, true);
      return r.hoisted_call(t, scope, sink);
    }
    core::Term operator()(const ast::Array& a) { return r.array(a, t.span, scope, sink); }
    core::Term operator()(const ast::Set& s) { return r.set(s, t.span, scope, sink); }
    core::Term operator()(const ast::Object& o) { return r.object(o, t.span, scope, sink); }
    core::Term operator()(const ast::Comprehension& c) {
      return r.comprehension(c, t.span, scope, sink);
    }
  };
  return std::visit(Visitor{*this, term_, scope, sink}, term_.node);
}

}  // namespace licet::lang::resolve
