// What terms stand for when all of a request is known but one root.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "eval/value.h"
#include "lang/filter.h"
#include "lang/plan/dependencies.h"
#include "lang/resolve/core.h"
#include "lang/source.h"

namespace licet::lang::filter {

// A value, an attribute of the unknown root, or nothing.
struct Meaning {
  std::optional<std::vector<std::string>> attribute;
  Value value;  // undefined: there is none
};

using Environment = std::map<core::VariableId, Meaning>;

class Terms {
 public:
  Terms(const plan::Dependencies& dependencies, const SourceSet& sources,
        const FilterQuestion& question)
      : dependencies_(dependencies), sources_(sources), question_(question) {}

  // Throws FilterRefusal for what no filter can say.
  Meaning meaning_of(const core::Term& term, const Environment& environment) const;
  [[noreturn]] void refuse(Span span, const std::string& why) const;

  bool reads_unknown(const plan::ReadSet& paths) const;
  // The value of a path of the request, undefined if there is none.
  Value known_at(const std::vector<std::string>& names) const;

 private:
  Meaning meaning_of(const core::Reference& reference, const core::Term& term,
                     const Environment& environment) const;
  Meaning input_at(const std::vector<Value>& keys, const core::Term& term) const;
  std::vector<std::string> extended(std::vector<std::string> path, const std::vector<Value>& keys,
                                    std::size_t from, const core::Term& term) const;
  Value data_at(const std::vector<Value>& keys, const core::Term& term) const;

  const plan::Dependencies& dependencies_;
  const SourceSet& sources_;
  const FilterQuestion& question_;
};

}  // namespace licet::lang::filter
