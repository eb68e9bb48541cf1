// What a number weighs before it is made.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace licet {

// At least the weight of the number that number_from_text would make. nullopt: it might make none.
std::optional<std::uint64_t> most_weight_of_number(std::string_view text);

}  // namespace licet
