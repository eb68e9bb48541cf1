#include "tests/support/paths.h"

namespace licet::test {

const std::filesystem::path& source_dir() {
  static const std::filesystem::path kPath = LICET_SOURCE_DIR;
  return kPath;
}

const std::optional<std::filesystem::path>& licet_binary() {
#ifdef LICET_BINARY
  static const std::optional<std::filesystem::path> kPath = LICET_BINARY;
#else
  static const std::optional<std::filesystem::path> kPath;
#endif
  return kPath;
}

}  // namespace licet::test
