// The text of one value in JSON that is known to be strict.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace licet {

struct FoundJson {
  // As it stands; empty: there is no such value.
  std::string_view text;
  // A key on the way was written with escapes, so that nothing is certain.
  bool is_unsure = false;
};

// PRECONDITION: `json` is strict JSON. Looks at no more than what stands before the end of the
// value.
FoundJson find_json(std::string_view json, const std::vector<std::string>& keys);

}  // namespace licet
