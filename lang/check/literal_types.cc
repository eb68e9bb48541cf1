#include "lang/check/literal_types.h"

#include <algorithm>

#include "eval/builtins.h"
#include "lang/check/signature_type.h"

namespace licet::lang::check {
namespace {

Span place_of(const core::Term& term, Span otherwise) {
  return term.span.end > term.span.begin ? term.span : otherwise;
}

class LiteralTypes {
 public:
  LiteralTypes(const core::Literal& literal, Inference& inference, ReferenceChecker& references,
               Diagnostics& out)
      : span_(literal.span),
        place_(literal.told_at()),
        inference_(inference),
        references_(references),
        out_(out) {}

  void operator()(const core::Test&) {}
  void operator()(const core::Unify& u) { equal(u.left, u.right); }
  void operator()(const core::Every& e) {
    if (is_unknown(inference_.type_of(e.domain))) learn(e.domain);
  }
  void operator()(const core::Logic&) {}
  // `not x` is x with its sign turned; a body in braces is one of its own.
  void operator()(const core::Not& n) {
    if (n.closure) return;
    for (const core::Literal& literal : n.body) std::visit(*this, literal.node);
  }

  void operator()(const core::Call& c) {
    const std::string_view name = builtin_name(c.callee);
    if (name == "equal" && !c.result) return equal(c.arguments[0], c.arguments[1]);
    if (name == "internal.template_string") {
      forget_names(c.arguments[0]);
      if (c.result) argument(c, 1, inference_.type_of(*c.result), scalar_type(Shape::kString));
      return;
    }
    if (name == "internal.member_2" && !member(c.arguments[0], c.arguments[1])) return;
    if (name == "internal.member_3" &&
        !(member_key(c.arguments[0], c.arguments[2]) && member(c.arguments[1], c.arguments[2]))) {
      return;
    }
    arguments(c);
  }

  Reason reason() const { return reason_; }

  // some key, value in collection: value = collection[key].
  void operator()(const core::SomeIn& s) {
    const auto* constant = std::get_if<core::Constant>(&s.collection.node);
    if (constant != nullptr && !constant->value.is_composite()) return of_nothing(s);
    if (is_unknown(inference_.type_of(s.collection))) learn_parts(s.collection);
    const TypePtr collection = inference_.type_of(s.collection);
    if (collection == nullptr) {  // a parameter: iterating says nothing of what it is
      learn(s.collection);
      if (s.key) learn(*s.key);
      return learn(s.value);
    }
    const TypePtr checked = references_.checked_type(s.collection);
    const std::size_t before = out_.error_count();
    if (s.key) {
      // Of nothing, as in OPA, nothing is learned of a key below.
      if (inference_.goes_over_nothing(s.collection)) return learn(s.value);
      references_.check_step(checked, *s.key, place_of(*s.key, span_), out_);
    } else if (checked != nullptr && !is_empty_collection(checked) && keys_of(checked) == nullptr) {
      never("a " + text_of(checked) + " has no elements", place_of(s.collection, span_));
    }
    if (out_.error_count() > before) {
      reason_ = Reason::kUnknownTypes;
      return;
    }
    TypePtr values = is_empty_collection(collection) ? anything() : values_of(collection);
    if (s.key) values = inference_.type_along(collection, std::span(&*s.key, 1));
    if (values == nullptr) return learn(s.value);
    const TypePtr have = inference_.type_of(s.value);
    if (!is_element(s.value, have, values)) never_equal(have, values, place_of(s.value, span_));
  }

 private:
  // Where neither is fully known, as in OPA only a name can be an element: of `[set()]` no pattern
  // is.
  bool is_element(const core::Term& value, const TypePtr& have, const TypePtr& values) {
    if (!is_unknown(values)) {
      return is_unknown(have) ? inference_.unify(value, values) : fits(have, values);
    }
    if (!is_unknown(have)) return fits(values, have);
    return std::holds_alternative<core::Variable>(value.node) &&
           inference_.unify(value, anything());
  }
  // A template takes anything. As in OPA, what is known of a variable that is a whole part of one
  // is forgotten with that.
  void forget_names(const core::Term& parts) {
    const auto* array = std::get_if<core::Array>(&parts.node);
    if (array == nullptr) return;
    for (const core::Term& part : array->elements) {
      const auto* shown = std::get_if<core::Comprehension>(&part.node);
      if (shown == nullptr || shown->body.size() != 1) continue;
      const auto* copied = std::get_if<core::Unify>(&shown->body.front().node);
      if (copied == nullptr) continue;
      if (const auto* name = std::get_if<core::Variable>(&copied->right.node)) {
        inference_.set_variable(name->id, anything());
      }
    }
  }
  // Of a written object or array of parameters: they can be anything.
  void learn_parts(const core::Term& collection) {
    const bool written = std::holds_alternative<core::Array>(collection.node) ||
                         std::holds_alternative<core::Object>(collection.node);
    if (written) learn(collection);
  }
  // Of a scalar: as in OPA only a variable that nothing is known of can stand for its elements.
  void of_nothing(const core::SomeIn& s) {
    if (s.key) learn(*s.key);
    const TypePtr have = inference_.type_of(s.value);
    if (std::holds_alternative<core::Variable>(s.value.node) && have == nullptr) {
      return learn(s.value);
    }
    never_equal(have, nullptr, place_of(s.value, span_));
  }
  void never(const std::string& label, Span span) {
    reason_ = Reason::kUnknownTypes;
    out_.add(
        {Code::kUndefinedReference, span, "undefined ref: nothing to iterate over", label, {}, {}});
  }
  void never_equal(const TypePtr& left, const TypePtr& right, Span span) {
    for (const TypePtr& type : {left, right}) {
      if (is_unknown(type) || is_function(type)) reason_ = Reason::kUnknownTypes;
    }
    out_.add({Code::kNeverEqual,
              span,
              "match error: this comparison can never hold",
              text_of(left) + " against " + text_of(right),
              {},
              {},
              place_});
  }
  void equal(const core::Term& left, const core::Term& right) {
    const TypePtr a = inference_.type_of(left);
    const TypePtr b = inference_.type_of(right);
    if (!inference_.unify(left, a, right, b)) never_equal(a, b, span_);
  }
  // Of something that nothing is known of, variables can be anything.
  void learn(const core::Term& pattern) { inference_.unify(pattern, anything()); }

  bool member(const core::Term& element, const core::Term& collection) {
    return occurs(element, values_of(inference_.type_of(collection)));
  }
  bool member_key(const core::Term& key, const core::Term& collection) {
    const TypePtr type = inference_.type_of(collection);
    return values_of(type) == nullptr || occurs(key, keys_of(type));
  }
  // Whether the term can be one of what has the type.
  bool occurs(const core::Term& term, const TypePtr& type) {
    if (is_unknown(type)) return true;
    const TypePtr have = inference_.type_of(term);
    if ((is_unknown(have) || fits(have, type)) && inference_.unify(term, type)) return true;
    never_equal(have, type, place_of(term, span_));
    return false;
  }

  void result(const core::Call& c, const TypePtr& type) {
    if (c.result) inference_.unify(*c.result, type);
  }

  void arguments(const core::Call& c) {
    const TypePtr function = type_of_callee(c.callee, inference_);
    // Of a function with a mistake in some body and none in another OPA knows nothing, and replaced
    // by a value it is none.
    const bool unknown = function == nullptr || (!is_function(function) && !is_anything(function));
    if (unknown && std::holds_alternative<core::RuleCallee>(c.callee)) {
      out_.add({Code::kArgumentType,
                span_,
                "undefined function " + name_of(c.callee),
                "",
                {},
                {},
                place_});
      return;
    }
    if (!is_function(function)) return result(c, anything());
    // What is learned from one argument does not count for the others: count([x], x).
    std::vector<TypePtr> before;
    for (const core::Term& term : c.arguments) before.push_back(inference_.type_of(term));
    // An answer that is no argument is compared afterwards.
    if (c.answer_is_argument) before.push_back(inference_.type_of(*c.result));
    for (std::size_t i = 0; i < c.arguments.size() && i < function->parts.size(); ++i) {
      if (!argument(c, i, before[i], function->parts[i])) return;
    }
    if (!c.result) return;
    place_ = span_.begin;  // the call is made before its answer is compared
    argument(c, c.arguments.size(),
             c.answer_is_argument ? before.back() : inference_.type_of(*c.result), function->rest);
  }
  bool argument(const core::Call& c, std::size_t index, const TypePtr& before,
                const TypePtr& wanted) {
    const bool is_answer = index == c.arguments.size();
    const core::Term& term = is_answer ? *c.result : c.arguments[index];
    // In OPA it has a name, and of one with a mistake inside that nothing is known of.
    const auto* comprehension = std::get_if<core::Comprehension>(&term.node);
    if (comprehension != nullptr && before == nullptr) {
      inference_.learn_comprehension(*comprehension, wanted);
      return true;
    }
    const bool may_fit = is_unknown(before) || fits(before, wanted);
    if (may_fit && inference_.unify(term, wanted)) return true;
    if (uses_unknown(c)) reason_ = Reason::kUnknownTypes;
    out_.add({Code::kArgumentType,
              place_of(term, span_),
              name_of(c.callee) + ": invalid argument(s)",
              (is_answer ? "the answer, argument " : "argument ") + std::to_string(index + 1) +
                  " is " + text_of(inference_.type_of(term)) + ", wanted is " + text_of(wanted),
              {},
              {},
              place_});
    return false;
  }

  // An answer that nothing takes yet counts, too.
  bool uses_unknown(const core::Call& c) const {
    const auto unknown = [&](const core::Term& term) {
      return is_unknown(inference_.type_of(term));
    };
    return std::any_of(c.arguments.begin(), c.arguments.end(), unknown) ||
           (c.result && unknown(*c.result));
  }

  Span span_;
  std::uint32_t place_;
  Inference& inference_;
  ReferenceChecker& references_;
  Diagnostics& out_;
  Reason reason_ = Reason::kKnownTypes;
};

}  // namespace

std::string_view builtin_name(const core::Callee& callee) {
  const auto* builtin = std::get_if<core::BuiltinCallee>(&callee);
  return builtin == nullptr ? std::string_view{}
                            : all_builtins()[static_cast<std::size_t>(builtin->id)].name;
}

std::string name_of(const core::Callee& callee) {
  if (const auto* omitted = std::get_if<core::OmittedCallee>(&callee)) return omitted->name;
  const auto* rule = std::get_if<core::RuleCallee>(&callee);
  if (rule == nullptr) return std::string(builtin_name(callee));
  std::string text = "data";
  for (const std::string& name : rule->path) text += "." + name;
  return text;
}

TypePtr type_of_callee(const core::Callee& callee, const Inference& inference) {
  if (const auto* builtin = std::get_if<core::BuiltinCallee>(&callee)) {
    return type_of_builtin(builtin->id);
  }
  if (const auto* omitted = std::get_if<core::OmittedCallee>(&callee)) {
    const OmittedBuiltin* found = find_omitted_builtin(omitted->name);
    return found == nullptr ? nullptr : type_of_signature(found->signature);
  }
  return inference.type_of_rules(std::get<core::RuleCallee>(callee).path);
}

Reason check_literal(const core::Literal& literal, Inference& inference,
                     ReferenceChecker& references, Diagnostics& out) {
  LiteralTypes types(literal, inference, references, out);
  std::visit(types, literal.node);
  return types.reason();
}

}  // namespace licet::lang::check
