// Random policies with requests, the same for the same seed on every machine.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lang/compile.h"
#include "tests/property/random.h"

namespace licet::property {

// One rule, in pieces so that a failing case can be made smaller.
struct Declaration {
  enum class Kind { kHelper, kPermit, kForbid };
  Kind kind = Kind::kHelper;
  std::string head;
  std::vector<std::string> body;
  std::string tail;  // else-branches

  std::string text() const;
};

struct Case {
  std::uint64_t seed = 0;
  bool has_schema = false;
  std::vector<Declaration> declarations;
  nlohmann::json request;
  nlohmann::json data;

  // The declarations in `files` files of the package `t`.
  std::vector<lang::SourceText> sources(std::size_t files = 1) const;
  // All that is needed to repeat it.
  std::string text() const;
};

// Rules, functions, partial sets and objects of plain Rego.
Case generate_rego(std::uint64_t seed);
Case rego_case(Random& random);
// Permits and forbids with helpers.
Case generate_decisions(std::uint64_t seed);
// Many alternative bodies that an index can find, and joins with data.
Case generate_indexed(std::uint64_t seed);
Case decision_case(Random& random);
// One more permit or forbid, that needs no helpers.
Declaration generate_decision(Declaration::Kind kind, Random& random);

// The smallest case found that still `fails`: without declarations, literals and attributes that do
// not matter.
Case shrink(Case failing, const std::function<bool(const Case&)>& fails);

}  // namespace licet::property
