#include "tests/support/executed_blocks.h"

namespace {

thread_local std::uint64_t blocks = 0;

}  // namespace

// What GCC has each block call with -fsanitize-coverage=trace-pc.
extern "C" void __sanitizer_cov_trace_pc();
extern "C" __attribute__((no_sanitize_coverage)) void __sanitizer_cov_trace_pc() { ++blocks; }

namespace licet::test {

bool are_blocks_counted() {
#ifdef LICET_COUNT_BLOCKS
  return true;
#else
  return false;
#endif
}

std::uint64_t executed_blocks() { return blocks; }

}  // namespace licet::test
