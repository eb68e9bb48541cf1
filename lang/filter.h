// Partial evaluation: what must hold of one unknown root for a decision to be a permit, the rest of
// the request being known.
//
// A filter never says more than the policies: what it cannot express it refuses, naming the clause.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "eval/result.h"
#include "eval/value.h"
#include "lang/compile.h"

namespace licet::lang {

// A condition on the attributes of the unknown root. It holds or it does not: of an attribute that
// is missing only kFalse parts and what kNot makes of them can be said.
struct Filter {
  enum class Kind {
    kTrue,
    kFalse,
    kAnd,       // all of `parts`
    kOr,        // some of `parts`
    kNot,       // not parts[0]
    kPresent,   // `path` is there
    kTruthy,    // `path` is there and not false
    kCompare,   // `path` is there, and `comparison` holds of it and `value`, or of it and `other`
    kIn,        // `path` is there and an element of the array `value`
    kContains,  // `path` is a list with the element `value`
  };
  Kind kind = Kind::kTrue;
  std::vector<Filter> parts;
  std::vector<std::string> path;  // below the unknown root
  std::string comparison;         // == != < <= > >=
  std::vector<std::string> other;
  Value value;
};

// Why there is no filter.
struct FilterRefusal {
  std::string message;
  std::string clause;  // as written
  std::string file;
  std::uint32_t line = 0;
};

struct FilterQuestion {
  std::string unknown;  // a root: dataset
  Value known;          // the request without it: an object
  std::string package;  // only rules of this package and those below it; empty: all
  // The value of a path of data that does not depend on the unknown root; undefined if it has none.
  std::function<Value(const std::vector<std::string>&)> known_data;
};

// PRECONDITION: the texts compile. Values of the filter live in `arena`.
Result<Filter, FilterRefusal> filter_of(const std::vector<SourceText>& texts,
                                        const FilterQuestion& question, Arena& arena);

}  // namespace licet::lang
