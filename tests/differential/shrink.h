// Makes failing choices smaller: fewer of them, and smaller ones. Whatever the generator makes of
// the smaller tape is a smaller case, or is not wanted.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace licet::differential {

using Tape = std::vector<std::uint32_t>;

// The smallest tape found that still `fails`, trying at most `most_tries`.
Tape shrink(Tape failing, const std::function<bool(const Tape&)>& fails, std::size_t most_tries);

}  // namespace licet::differential
