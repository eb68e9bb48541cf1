// Calls: operators, builtins, functions.
#include <algorithm>
#include <utility>

#include "lang/resolve/operators.h"
#include "lang/resolve/resolve.h"
#include "lang/resolve/resolver.h"
#include "lang/resolve/variables.h"

namespace licet::lang::resolve {
namespace {

// Equality reads references where they stand: under `not` a missing one is a plain false.
bool keeps_references(std::string_view builtin) { return builtin == "equal"; }

}  // namespace

std::size_t arity_of_omitted(const std::string& name) {
  const std::string_view signature = find_omitted_builtin(name)->signature;
  const std::string_view parameters = signature.substr(1, signature.find(") =>") - 1);
  int depth = 0;
  std::size_t commas = 0;
  for (const char c : parameters) {
    if (c == '<' || c == '[') ++depth;
    if (c == '>' || c == ']') --depth;
    if (c == ',' && depth == 0) ++commas;
  }
  return parameters.empty() ? 0 : commas + 1;
}

namespace {

// The text of a number literal that is not written as an integer; null for everything else.
Value written_number(const ast::Term& term, Arena& arena) {
  const auto* negative = std::get_if<ast::Negative>(&term.node);
  const ast::Term& operand = negative == nullptr ? term : *negative->operand;
  const auto* number = std::get_if<ast::Number>(&operand.node);
  if (number == nullptr || number->text.find_first_of(".eE") == std::string::npos) {
    return Value::null();
  }
  return Value::string((negative == nullptr ? "" : "-") + number->text, arena);
}

// See core::Call::written.
std::optional<Value> written_numbers(const ast::Term& list, Arena& arena) {
  const auto* array = std::get_if<ast::Array>(&list.node);
  if (array == nullptr) return std::nullopt;
  std::vector<Value> texts;
  for (const ast::Term& element : array->elements) texts.push_back(written_number(element, arena));
  const bool all_null =
      std::all_of(texts.begin(), texts.end(), [](const Value& text) { return text.is_null(); });
  if (all_null) return std::nullopt;
  return Value::array(texts, arena);
}

}  // namespace

bool is_eq(const core::Callee& callee) {
  const auto* builtin = std::get_if<core::BuiltinCallee>(&callee);
  return builtin != nullptr && callee_text(callee) == function_of(ast::Operator::kUnify);
}

std::string callee_text(const core::Callee& callee) {
  if (const auto* rule = std::get_if<core::RuleCallee>(&callee)) return path_text(rule->path);
  if (const auto* omitted = std::get_if<core::OmittedCallee>(&callee)) return omitted->name;
  return std::string(
      all_builtins()[static_cast<std::size_t>(std::get<core::BuiltinCallee>(callee).id)].name);
}

std::string dotted(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ".") + name;
  return text;
}

bool Resolver::refuses_shadowed(const std::string& head, const std::string& name, Span span,
                                Scope& scope) {
  const CallPlace place = std::exchange(call_place_, CallPlace::kNested);
  Local* local = scope.find(head);
  if (head != "data" && head != "input") scope.mark_seen(head);
  if (local == nullptr) return false;
  // A name that nothing declares hides, as in OPA, only the builtin of just this name, and only if
  // it is used in the body itself.
  const bool hides = head == name && find_builtin(name) != nullptr && used_in_body_.contains(name);
  if (local->origin == Origin::kUsed && !hides) return false;
  local->used = true;
  const bool plain = place == CallPlace::kStatement || in_head_;
  context_.diagnostics.add(
      {plain ? Code::kUnknownFunction : Code::kShadowedFunction,
       span,
       plain ? "undefined function " + name : "called function " + name + " shadowed",
       "`" + head + "` is a variable here",
       {{local->span, "it appears here"}},
       "give the variable another name"});
  return true;
}

// What a document is called for: a rule or an import takes the place of a builtin of its name.
std::optional<core::Callee> Resolver::function_in(const core::Term& document,
                                                  const std::vector<std::string>& names, Span span,
                                                  const Sink& sink) {
  const auto& reference = std::get<core::Reference>(document.node);
  core::Path path;
  for (const core::Term& operand : reference.operands) {
    path.emplace_back(std::get<core::Constant>(operand.node).value.as_string());
  }
  path.insert(path.end(), names.begin() + 1, names.end());
  const bool is_data = reference.root == core::Root::kData;
  if (is_data && context_.globals.function_arity(path)) return core::RuleCallee{std::move(path)};
  if (std::exchange(may_call_value_, false) && is_data && context_.globals.is_value(path)) {
    refuse_value(path, span, sink);
    return std::nullopt;
  }
  const std::string text = dotted(names);
  const bool hides_builtin = find_builtin(text) != nullptr || find_omitted_builtin(text) != nullptr;
  if (!hides_builtin) {
    refuse_unknown(text, span, sink);
    return std::nullopt;
  }
  context_.diagnostics.add({Code::kUnknownFunction,
                            span,
                            "undefined function " + (is_data ? path_text(path) : text),
                            "`" + text + "` is called here, and a rule or an import hides it",
                            {},
                            "give the rule or import `" + names.front() + "` another name",
                            place_in(sink)});
  return std::nullopt;
}

void Resolver::refuse_unknown(const std::string& name, Span span, const Sink& sink) {
  if (context_.diagnostics.are_full()) return;
  std::vector<std::string> candidates = context_.globals.function_names(context_.package);
  for (const BuiltinInfo& info : all_builtins()) candidates.emplace_back(info.name);
  const auto near = suggestion(name, candidates);
  context_.diagnostics.add({Code::kUnknownFunction,
                            span,
                            "undefined function " + name,
                            "no rule and no builtin has this name",
                            {},
                            near ? "did you mean `" + *near + "`?" : "",
                            place_in(sink)});
}

// A rule that is called with nothing, or with what could be its answer: OPA finds out only when it
// looks at its type.
void Resolver::refuse_value(const core::Path& path, Span span, const Sink& sink) {
  context_.diagnostics.add({Code::kArgumentType,
                            span,
                            "undefined function " + path_text(path),
                            "a value, not a function",
                            {},
                            "leave the parentheses out",
                            place_in(sink)});
  called_value_ = path_reference(core::Root::kData, path, span, context_.arena);
}

// {"f": 1}.f(2), data.checks[name](input): which function that is would be known too late.
void Resolver::refuse_computed(const ast::Call& call, const Sink& sink) const {
  context_.diagnostics.add({Code::kUnknownFunction,
                            call.function->span,
                            "undefined function: it is not called by its name",
                            "no name of a function",
                            {},
                            "write the name, with constant keys only",
                            place_in(sink)});
}

std::optional<core::Callee> Resolver::callee(const std::vector<std::string>& names, Span span,
                                             Scope& scope, const Sink& sink) {
  const std::string& head = names.front();
  const std::string text = dotted(names);
  if (refuses_shadowed(head, text, span, scope)) return std::nullopt;
  if (const auto document = document_name(head, span)) {
    if (!scope.hides(head)) return function_in(*document, names, span, sink);
    refuse_unknown(text, span, sink);
    return std::nullopt;
  }
  if (const BuiltinInfo* builtin = find_builtin(text)) return core::BuiltinCallee{builtin->id};
  if (find_omitted_builtin(text) != nullptr) return core::OmittedCallee{text};
  refuse_unknown(text, span, sink);
  return std::nullopt;
}

bool Resolver::is_renamed(ast::Operator op, Scope& scope) const {
  const std::string name(function_of(op));
  const bool by_module =
      context_.renames_operators &&
      (context_.imports.find(name) != nullptr || context_.globals.has_rule(context_.package, name));
  return by_module || (op == ast::Operator::kUnify && has_eq_ && scope.find(name) != nullptr);
}

// `eq` and `assign` are conditions: they give no value, and as statements take no answer.
void Resolver::refuse_equation(const core::Callee& callee, CallPlace where, Span span,
                               const Sink& sink) const {
  const auto* builtin = std::get_if<core::BuiltinCallee>(&callee);
  if (builtin == nullptr) return;
  const std::string name = callee_text(callee);
  if (name != function_of(ast::Operator::kUnify) && name != function_of(ast::Operator::kAssign)) {
    return;
  }
  Diagnostic nested{Code::kUnsafeVariable,
                    span,
                    "`" + name + "` gives no value",
                    "a condition, not a value",
                    {},
                    "compare with `==`",
                    place_in(sink)};
  Diagnostic statement{Code::kArgumentType, span, name + ": too many arguments",
                       "takes 2 arguments", {},   {},
                       place_in(sink)};
  context_.diagnostics.add(where == CallPlace::kStatement ? std::move(statement)
                                                          : std::move(nested));
}

void Resolver::check_arity(const core::Callee& callee, std::size_t given, Span span,
                           LastArgument last, std::uint32_t place) {
  std::size_t wanted = given;
  std::string message;
  if (const auto* rule = std::get_if<core::RuleCallee>(&callee)) {
    wanted = *context_.globals.function_arity(rule->path);
    message = "function " + callee_text(callee) + " has arity " + std::to_string(wanted) +
              ", got " + std::to_string(given) + (given == 1 ? " argument" : " arguments");
  } else if (const auto* builtin = std::get_if<core::BuiltinCallee>(&callee)) {
    if (callee_text(callee) == "print") return;
    wanted = all_builtins()[static_cast<std::size_t>(builtin->id)].arity;
    message = callee_text(callee) + ": arity mismatch";
  } else {
    const std::string& name = std::get<core::OmittedCallee>(callee).name;
    wanted = arity_of_omitted(name);
    message = name + ": arity mismatch";
  }
  const bool has_answer = last == LastArgument::kMayBeAnswer && given == wanted + 1;
  if (given == wanted || has_answer) return;
  context_.diagnostics.add(
      {Code::kArity,
       span,
       message,
       "takes " + std::to_string(wanted) + (wanted == 1 ? " argument" : " arguments"),
       {},
       {},
       place});
}

std::optional<core::Call> Resolver::operator_call(const std::vector<std::string>& function,
                                                  std::vector<const ast::Term*> arguments,
                                                  Span span, Scope& scope, Sink& sink) {
  const std::string name = dotted(function);
  // Where its answer is used, the keys of its references give names values before it is made.
  const bool keeps = keeps_references(name) && call_place_ == CallPlace::kStatement;
  core::Call call;
  if (context_.renames_operators) {
    auto target = callee(function, span, scope, sink);
    if (target) {
      check_arity(*target, arguments.size(), span, LastArgument::kArgument, place_in(sink));
    }
    if (!target) {
      for (const ast::Term* a : arguments) look_at(*a, scope, sink);
      return std::nullopt;
    }
    call.callee = std::move(*target);
  } else {
    refuses_shadowed(function.front(), name, sink.place.value_or(sink.span), scope);
    call.callee = core::BuiltinCallee{find_builtin(name)->id};
  }
  for (const ast::Term* a : arguments) {
    call.arguments.push_back(keeps ? term(*a, scope, sink) : argument(*a, scope, sink));
  }
  return call;
}

// What a term uses cannot be declared below it, also where the term is not kept as it is.
void Resolver::see_names(const ast::Term& term, Scope& scope) {
  BodyNames names;
  collect_names(term, names);
  for (const auto& [name, at] : names.used) see_name(name, scope);
  for (const std::string& name : names.shown) see_name(name, scope);
}

// What is wrong in an argument of a call that is dropped is told, too.
void Resolver::look_at(const ast::Term& dropped, Scope& scope, const Sink& sink) {
  core::Body nowhere;
  Sink aside = sink;
  aside.out = &nowhere;
  aside.waiting = nullptr;
  argument(dropped, scope, aside);
}

void Resolver::see_name(const std::string& name, Scope& scope) {
  scope.mark_seen(name);
  if (Local* local = scope.find(name)) local->used = true;
}

std::optional<core::Call> Resolver::named_call(const ast::Call& call, Span span, Scope& scope,
                                               Sink& sink) {
  const LastArgument last = std::exchange(last_argument_, LastArgument::kArgument);
  const auto names = constant_path(*call.function);
  if (!names) {
    refuse_computed(call, sink);
    see_names(*call.function, scope);
  }
  const std::size_t answers = last == LastArgument::kMayBeAnswer ? 1 : 0;
  may_call_value_ = call.arguments.size() <= answers;
  auto target = names ? callee(*names, call.function->span, scope, sink) : std::nullopt;
  may_call_value_ = false;
  if (!target) {
    for (const ast::Term& a : call.arguments) look_at(a, scope, sink);
    return std::nullopt;
  }
  // As in OPA eq is no value, however many arguments it has.
  const bool is_nested_eq = answers == 0 && is_eq(*target);
  if (!is_nested_eq) check_arity(*target, call.arguments.size(), span, last, place_in(sink));
  if (call.arguments.size() > 1 || is_nested_eq) {
    const bool is_statement = answers > 0 && call.arguments.size() > 2;
    refuse_equation(*target, is_statement ? CallPlace::kStatement : CallPlace::kNested, span, sink);
  }
  core::Call result;
  result.callee = std::move(*target);
  if (callee_text(result.callee) == "sprintf" && call.arguments.size() >= 2) {
    result.written = written_numbers(call.arguments[1], context_.arena);
  }
  const bool prints = callee_text(result.callee) == "print";
  core::Array printed;
  for (const ast::Term& a : call.arguments) {
    if (!prints) {
      result.arguments.push_back(argument(a, scope, sink));
      continue;
    }
    // Each argument of print is a set of its values, so that an undefined one prints too.
    core::Comprehension value;
    value.kind = ast::ComprehensionKind::kSet;
    Scope inner(&scope);
    see_names(a, scope);
    Sink tail{&value.body, nullptr, a.span, sink.origin};
    value.head = std::make_unique<core::Term>(hoist(term(a, inner, tail), tail));
    core::note_inside(value);
    printed.elements.push_back({std::move(value), a.span});
  }
  if (prints) {
    result.callee = core::BuiltinCallee{find_builtin("internal.print")->id};
    result.arguments.push_back({std::move(printed), span});
  }
  return result;
}

void Resolver::refuse_print(const core::Call& call, Span span) const {
  if (callee_text(call.callee) != "internal.print") return;
  context_.diagnostics.add({Code::kPrintAsValue,
                            span,
                            "print used as value",
                            "gives nothing",
                            {},
                            "write it as a literal of its own"});
}

std::optional<core::Call> Resolver::call_of(const ast::Term& t, Scope& scope, Sink& sink) {
  if (const auto* call = std::get_if<ast::Call>(&t.node))
    return named_call(*call, t.span, scope, sink);
  if (const auto* infix = std::get_if<ast::Infix>(&t.node)) {
    return operator_call({std::string(function_of(infix->op))},
                         {infix->left.get(), infix->right.get()}, infix->op_span, scope, sink);
  }
  if (const auto* member = std::get_if<ast::Membership>(&t.node)) {
    if (member->key) {
      return operator_call({"internal", "member_3"},
                           {member->key.get(), member->value.get(), member->collection.get()},
                           t.span, scope, sink);
    }
    return operator_call({"internal", "member_2"}, {member->value.get(), member->collection.get()},
                         t.span, scope, sink);
  }
  const auto& negative = std::get<ast::Negative>(t.node);
  const ast::Term zero{ast::Number{"0"}, t.span};
  return operator_call({"minus"}, {&zero, negative.operand.get()}, t.span, scope, sink);
}

}  // namespace licet::lang::resolve
