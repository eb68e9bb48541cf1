// The entry point of libFuzzer, of the target that LICET_FUZZ_TARGET names.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  licet::fuzz::LICET_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
