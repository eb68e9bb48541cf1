// Where tests find what is not compiled into them.
#pragma once

#include <filesystem>
#include <optional>

namespace licet::test {

// The root of the checkout.
const std::filesystem::path& source_dir();
// The program `licet`; nothing where it is not built.
const std::optional<std::filesystem::path>& licet_binary();

}  // namespace licet::test
