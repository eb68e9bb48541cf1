// What must hold of the unknown root for literals to have a solution.
#pragma once

#include <string_view>
#include <vector>

#include "lang/filter.h"
#include "lang/filter/terms.h"
#include "lang/plan/dependencies.h"
#include "lang/resolve/core.h"

namespace licet::lang::filter {

using Literals = std::vector<const core::Literal*>;
Literals literals_of(const core::Body& body);

// All functions throw FilterRefusal for what no filter can say.
class Solutions {
 public:
  // Values of conditions live in `arena`.
  Solutions(const core::Policy& policy, const plan::Dependencies& dependencies, const Terms& terms,
            Arena& arena)
      : policy_(policy), dependencies_(dependencies), terms_(terms), arena_(arena) {}

  Filter holds(const Literals& body) { return holds(body, 0, {}); }
  Filter holds(const core::Body& body) { return holds(literals_of(body)); }

 private:
  Filter holds(const Literals& body, std::size_t at, Environment environment);
  Filter holds_here(const core::Literal& literal, Environment& environment);
  Filter holds_for_some(const core::SomeIn& some, const core::Literal& literal,
                        const Literals& body, std::size_t at, const Environment& environment);
  Filter holds_test(const core::Term& term, const Environment& environment);
  Filter holds_unify(const core::Unify& unify, Environment& environment);
  Filter holds_call(const core::Call& call, const core::Literal& literal,
                    const Environment& environment);
  Filter holds_rule(const core::Path& path, Span span);
  Filter compared(std::string_view comparison, const Meaning& left, const Meaning& right) const;
  Filter member(const Meaning& element, const Meaning& collection, Span span) const;
  const core::Path* unknown_rule(const core::Term& term) const;

  const core::Policy& policy_;
  const plan::Dependencies& dependencies_;
  const Terms& terms_;
  Arena& arena_;
  int work_ = 0;
};

}  // namespace licet::lang::filter
