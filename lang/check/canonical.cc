#include "lang/check/canonical.h"

#include <algorithm>
#include <set>

#include "eval/builtins.h"
#include "lang/resolve/visit.h"

namespace licet::lang::check {
namespace {

// Builtins that have an answer for every operand.
bool cannot_fail(std::string_view name) {
  static constexpr std::string_view kTotal[] = {"equal",
                                                "neq",
                                                "lt",
                                                "lte",
                                                "gt",
                                                "gte",
                                                "is_array",
                                                "is_boolean",
                                                "is_null",
                                                "is_number",
                                                "is_object",
                                                "is_set",
                                                "is_string",
                                                "type_name",
                                                "internal.member_2",
                                                "internal.member_3"};
  return std::find(std::begin(kTotal), std::end(kTotal), name) != std::end(kTotal);
}

bool can_fail(const core::Literal& literal) {
  bool fails = false;
  core::Visitor visitor;
  visitor.call = [&](const core::Call& call, const core::Literal&) {
    const auto* builtin = std::get_if<core::BuiltinCallee>(&call.callee);
    fails = fails || builtin == nullptr ||
            !cannot_fail(all_builtins()[static_cast<std::size_t>(builtin->id)].name);
  };
  visitor.reference = [&](const core::Reference& reference, Span) {
    fails = fails || reference.root == core::Root::kData;  // perhaps a rule, and what it calls
  };
  core::visit(literal, visitor);
  return fails;
}

// A list is searched, or each element looked at.
bool is_search(const core::Literal& literal) {
  bool searches = std::holds_alternative<core::Every>(literal.node);
  core::Visitor visitor;
  visitor.call = [&](const core::Call& call, const core::Literal&) {
    const auto* builtin = std::get_if<core::BuiltinCallee>(&call.callee);
    searches = searches || (builtin != nullptr &&
                            all_builtins()[static_cast<std::size_t>(builtin->id)].name.starts_with(
                                "internal.member_"));
  };
  core::visit(literal, visitor);
  return searches;
}

void order_inside(core::Literal& literal, const SourceSet& sources) {
  if (auto* negation = std::get_if<core::Not>(&literal.node)) {
    order_canonically(negation->body, sources);
  } else if (auto* every = std::get_if<core::Every>(&literal.node)) {
    order_canonically(every->body, sources);
  } else if (auto* logic = std::get_if<core::Logic>(&literal.node)) {
    order_canonically(logic->left, sources);
    order_canonically(logic->right, sources);
  }
}

}  // namespace

void order_canonically(core::Body& body, const SourceSet& sources) {
  for (core::Literal& literal : body) order_inside(literal, sources);
  enum class Cost { kCompares, kSearches, kMayFail };
  struct Keyed {
    Cost cost;
    std::string_view text;
    core::Literal literal;
  };
  std::set<std::uint32_t> searches;  // by origin
  for (const core::Literal& literal : body) {
    if (is_search(literal)) searches.insert(literal.origin);
  }
  std::vector<Keyed> keyed;
  for (core::Literal& literal : body) {
    const Cost cost = can_fail(literal)                   ? Cost::kMayFail
                      : searches.contains(literal.origin) ? Cost::kSearches
                                                          : Cost::kCompares;
    keyed.push_back({cost, sources.text_of(literal.span), std::move(literal)});
  }
  std::stable_sort(keyed.begin(), keyed.end(), [](const Keyed& a, const Keyed& b) {
    return a.cost != b.cost ? a.cost < b.cost : a.text < b.text;
  });
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = std::move(keyed[i].literal);
}

}  // namespace licet::lang::check
