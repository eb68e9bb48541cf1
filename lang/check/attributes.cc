#include "lang/check/attributes.h"

#include <algorithm>
#include <map>
#include <set>

#include "eval/builtins.h"
#include "eval/value_json.h"
#include "lang/check/known_type.h"
#include "lang/resolve/visit.h"

namespace licet::lang::check {
namespace {

std::string_view builtin_name(const core::Callee& callee) {
  const auto* builtin = std::get_if<core::BuiltinCallee>(&callee);
  return builtin == nullptr ? std::string_view{}
                            : all_builtins()[static_cast<std::size_t>(builtin->id)].name;
}

const Value* constant_of(const core::Term& term) {
  const auto* constant = std::get_if<core::Constant>(&term.node);
  return constant == nullptr ? nullptr : &constant->value;
}

std::string kinds_text(std::uint16_t kinds) {
  std::string text;
  for (unsigned i = 1; i < 8; ++i) {
    if ((kinds & (1U << i)) == 0) continue;
    text += (text.empty() ? "" : " or ") + std::string(name_of(static_cast<Kind>(i)));
  }
  return text;
}

class AttributeChecker {
 public:
  AttributeChecker(const Schema& schema, Diagnostics& diagnostics)
      : schema_(schema), diagnostics_(diagnostics) {
    visitor_.reference = [this](const core::Reference& r, Span span) { reference(r, span); };
    visitor_.call = [this](const core::Call& c, const core::Literal& l) { call(c, l); };
    visitor_.enter = [this](const core::Literal& l) {
      if (const auto* u = std::get_if<core::Unify>(&l.node)) unify(*u);
    };
  }

  const core::Visitor& visitor() const { return visitor_; }

  // Hoisting gives references names of their own; comparisons look through them.
  void learn(const core::Body& body) {
    for (const core::Literal& literal : body) {
      const auto* u = std::get_if<core::Unify>(&literal.node);
      if (u == nullptr || !literal.with.empty()) continue;
      const auto* variable = std::get_if<core::Variable>(&u->left.node);
      const auto* reference = std::get_if<core::Reference>(&u->right.node);
      if (variable != nullptr && reference != nullptr) named_[variable->id] = &u->right;
    }
  }
  void forget() { named_.clear(); }

  // A permit that reads an optional attribute does not apply when it is missing. A bare test of
  // the attribute shows that the author knows.
  void check_guards(const core::DecisionBody& permit) {
    std::set<std::string> guarded;
    std::vector<std::pair<std::string, Span>> reads;
    core::Visitor reader;
    reader.reference = [&](const core::Reference& r, Span span) {
      if (r.root != core::Root::kInput) return;
      const PathType type = type_of_path(schema_, r.operands);
      const bool fixed = std::all_of(r.operands.begin(), r.operands.end(),
                                     [](const core::Term& o) { return constant_of(o) != nullptr; });
      if (fixed && type.type && type.type->optional) reads.emplace_back(text_of(r.operands), span);
    };
    for (const core::Literal& literal : permit.rule.body) {
      if (const auto* test = std::get_if<core::Test>(&literal.node)) {
        if (const auto* r = std::get_if<core::Reference>(&test->term.node))
          guarded.insert(text_of(r->operands));
      }
      core::visit(literal, reader);
    }
    for (const auto& [path, span] : reads) {
      if (!guarded.insert(path).second) continue;
      diagnostics_.add({Code::kUnguardedOptional,
                        span,
                        "`" + path + "` may be missing",
                        "optional in the schema",
                        {},
                        "without it this permit does not apply; write `" + path +
                            "` as a literal of its own, or read it with object.get and a default"});
    }
  }

 private:
  static std::string text_of(const std::vector<core::Term>& operands) {
    std::string text;
    for (const core::Term& operand : operands) {
      const Value* value = constant_of(operand);
      if (value == nullptr) break;
      if (value->is_string()) {
        text += (text.empty() ? "" : ".") + std::string(value->as_string());
      } else {
        text += "[" + rego_text(*value) + "]";
      }
    }
    return text;
  }

  void reference(const core::Reference& r, Span span) {
    if (r.root != core::Root::kInput) return;
    const PathType type = type_of_path(schema_, r.operands);
    if (!type.unknown || diagnostics_.are_full()) return;
    const core::Term& step = r.operands[type.unknown->operand];
    const std::string name = constant_of(step)->is_string()
                                 ? std::string(constant_of(step)->as_string())
                                 : rego_text(*constant_of(step));
    const auto near = suggestion(name, type.unknown->candidates);
    const Span at = step.span.end > step.span.begin ? step.span : span;
    diagnostics_.add({Code::kUnknownAttribute,
                      at,
                      "unknown attribute `" + text_of(r.operands) + "`",
                      "`" + type.unknown->record + "` has no attribute `" + name + "`",
                      {},
                      near ? "did you mean `" + *near + "`?" : ""});
  }

  // The schema's types of a term that is an attribute, or a name for one.
  std::optional<AttributeType> type_of(const core::Term& term) const {
    const core::Term* target = &term;
    if (const auto* variable = std::get_if<core::Variable>(&term.node)) {
      const auto found = named_.find(variable->id);
      if (found == named_.end()) return std::nullopt;
      target = found->second;
    }
    const auto* r = std::get_if<core::Reference>(&target->node);
    if (r == nullptr || r->root != core::Root::kInput) return std::nullopt;
    return type_of_path(schema_, r->operands).type;
  }

  bool can_be(const AttributeType& type, const Value& value) const {
    return std::any_of(type.types.begin(), type.types.end(),
                       [&](TypeIndex t) { return admits(schema_, t, value); });
  }
  std::string text_of(const AttributeType& type) const {
    std::string text;
    for (const TypeIndex t : type.types)
      text += (text.empty() ? "" : " | ") + type_text(schema_, t);
    return text;
  }

  void never(Span span, const std::string& label, const std::string& help) {
    diagnostics_.add({Code::kNeverEqual, span, "this comparison can never hold", label, {}, help});
  }

  void never_value(const core::Term& constant, const AttributeType& type) {
    if (diagnostics_.are_full()) return;
    const Value& value = *constant_of(constant);
    std::vector<std::string> candidates;
    for (const TypeIndex t : type.types) literals(t, candidates);
    const auto near =
        value.is_string() ? suggestion(std::string(value.as_string()), candidates) : std::nullopt;
    never(constant.span, "the attribute is " + text_of(type),
          near ? "did you mean `\"" + *near + "\"`?" : "");
  }
  void literals(TypeIndex index, std::vector<std::string>& names) const {
    const Type& type = schema_.types[index];
    if (type.kind == TypeKind::kLiteral && type.literal.is_string())
      names.emplace_back(type.literal.as_string());
    for (const TypeIndex member : type.members) literals(member, names);
  }

  void equality(const core::Term& left, const core::Term& right, Span span) {
    const auto a = type_of(left);
    const auto b = type_of(right);
    if (a && b) {
      for (const TypeIndex x : a->types) {
        for (const TypeIndex y : b->types) {
          if (overlap(schema_, x, y)) return;
        }
      }
      never(span, text_of(*a) + " against " + text_of(*b), "");
    } else if (a && constant_of(right) != nullptr) {
      if (!can_be(*a, *constant_of(right))) never_value(right, *a);
    } else if (b && constant_of(left) != nullptr) {
      if (!can_be(*b, *constant_of(left))) never_value(left, *b);
    }
  }

  void unify(const core::Unify& u) {
    const auto* variable = std::get_if<core::Variable>(&u.left.node);
    if (variable != nullptr && named_.contains(variable->id)) return;  // what made the name
    equality(u.left, u.right, u.left.span);
  }

  void order(const core::Term& left, const core::Term& right) {
    const auto compare_kinds = [&](const AttributeType& type, const core::Term& other) {
      const Value* value = constant_of(other);
      if (value == nullptr) return;
      const bool same = std::any_of(type.types.begin(), type.types.end(), [&](TypeIndex t) {
        return (kinds_of(schema_, t) & (1U << static_cast<unsigned>(value->kind()))) != 0;
      });
      if (!same) {
        diagnostics_.add({Code::kNeverEqual,
                          other.span,
                          "these are of different types",
                          "the attribute is " + text_of(type),
                          {},
                          ""});
      }
    };
    if (const auto a = type_of(left)) compare_kinds(*a, right);
    if (const auto b = type_of(right)) compare_kinds(*b, left);
  }

  void membership(const core::Term& element, const core::Term& collection) {
    const auto whole = type_of(collection);
    if (whole && constant_of(element) != nullptr) {
      AttributeType elements;
      for (const TypeIndex t : whole->types) {
        const auto more = element_types(schema_, t);
        if (more.empty()) return;
        elements.types.insert(elements.types.end(), more.begin(), more.end());
      }
      if (!can_be(elements, *constant_of(element))) never_value(element, elements);
    }
    const auto one = type_of(element);
    const Value* values = constant_of(collection);
    if (!one || values == nullptr || (!values->is_set() && !values->is_array())) return;
    for (const Value& value : values->elements()) {
      if (can_be(*one, value)) continue;
      core::Term shown{core::Constant{value}, collection.span};
      never_value(shown, *one);
    }
  }

  void arguments(const core::Call& c, Span span) {
    const auto* builtin = std::get_if<core::BuiltinCallee>(&c.callee);
    if (builtin == nullptr) return;
    const BuiltinInfo& info = all_builtins()[static_cast<std::size_t>(builtin->id)];
    for (std::size_t i = 0; i < c.arguments.size() && i < info.arity; ++i) {
      const std::uint16_t wanted = accepted_kinds(builtin->id, i);
      const auto type = type_of(c.arguments[i]);
      if (!type) continue;
      std::uint16_t have = 0;
      for (const TypeIndex t : type->types)
        have = static_cast<std::uint16_t>(have | kinds_of(schema_, t));
      if ((have & wanted) != 0) continue;
      const Span at =
          c.arguments[i].span.end > c.arguments[i].span.begin ? c.arguments[i].span : span;
      diagnostics_.add({Code::kArgumentType,
                        at,
                        std::string(info.name) + ": invalid argument(s)",
                        "argument " + std::to_string(i + 1) + " must be " + kinds_text(wanted) +
                            ", not " + kinds_text(have),
                        {},
                        ""});
    }
  }

  void call(const core::Call& c, const core::Literal& literal) {
    const std::string_view name = builtin_name(c.callee);
    if (name.empty()) return;
    if (name == "equal" && !c.result) equality(c.arguments[0], c.arguments[1], literal.span);
    if (name == "lt" || name == "lte" || name == "gt" || name == "gte")
      order(c.arguments[0], c.arguments[1]);
    if (name == "internal.member_2" && !c.result) membership(c.arguments[0], c.arguments[1]);
    arguments(c, literal.span);
  }

  const Schema& schema_;
  Diagnostics& diagnostics_;
  core::Visitor visitor_;
  std::map<core::VariableId, const core::Term*> named_;
};

}  // namespace

void check_attributes(const core::Policy& policy, const Schema& schema, Diagnostics& diagnostics) {
  AttributeChecker checker(schema, diagnostics);
  for (const core::Rule& rule : policy.rules) {
    for (const core::Rule* branch = &rule; branch != nullptr; branch = branch->else_rule.get()) {
      checker.learn(branch->body);
    }
    core::visit(rule, checker.visitor());
    checker.forget();
  }
  for (const core::DecisionBody& decision : policy.decisions) {
    checker.learn(decision.rule.body);
    core::visit(decision, checker.visitor());
    checker.forget();
    if (decision.verdict == core::Verdict::kPermit) checker.check_guards(decision);
  }
}

}  // namespace licet::lang::check
