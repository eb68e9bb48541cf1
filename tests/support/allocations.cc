#include "tests/support/allocations.h"

#include <malloc.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

namespace {

thread_local std::uint64_t allocations = 0;
thread_local std::int64_t held_bytes = 0;
thread_local std::int64_t peak_bytes = 0;

// 0: all is well. n: the n-th call from now fails.
std::atomic<std::uint64_t> fails_in{0};
std::atomic<bool> failure_stays{false};
std::atomic<bool> has_failed{false};

bool runs_out() {
  if (fails_in.load(std::memory_order_relaxed) == 0) return false;
  if (has_failed) return failure_stays;
  if (fails_in.fetch_sub(1) != 2) return false;
  has_failed = true;
  return true;
}

void* allocate_for_openssl(std::size_t bytes, const char*, int) {
  return runs_out() ? nullptr : std::malloc(bytes);
}
void* reallocate_for_openssl(void* memory, std::size_t bytes, const char*, int) {
  return runs_out() ? nullptr : std::realloc(memory, bytes);
}
void free_for_openssl(void* memory, const char*, int) { std::free(memory); }

// Before OpenSSL allocates for the first time; later it would refuse.
[[maybe_unused]] const bool replaces_those_of_openssl =
    CRYPTO_set_mem_functions(allocate_for_openssl, reallocate_for_openssl, free_for_openssl) == 1;

void* allocate(std::size_t bytes) noexcept {
  ++allocations;
  if (runs_out()) return nullptr;
  void* const memory = std::malloc(bytes == 0 ? 1 : bytes);
  held_bytes += static_cast<std::int64_t>(malloc_usable_size(memory));
  peak_bytes = std::max(peak_bytes, held_bytes);
  return memory;
}

void release(void* memory) noexcept {
  held_bytes -= static_cast<std::int64_t>(malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

// Replaces those of the library for the whole program; the other forms come down to these. Not so
// the form that does not throw where a sanitizer brings its own, so that is replaced, too.
void* operator new(std::size_t bytes) {
  if (void* const memory = allocate(bytes)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return allocate(bytes); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { release(memory); }

namespace licet::test {

std::uint64_t allocations_of_this_thread() { return allocations; }

HeapPeak::HeapPeak() : at_first_(held_bytes) { peak_bytes = held_bytes; }

std::size_t HeapPeak::bytes() const { return static_cast<std::size_t>(peak_bytes - at_first_); }

AllocationFailure::AllocationFailure(std::uint64_t n, bool stays) {
  has_failed = !replaces_those_of_openssl;  // then nothing would be tested
  failure_stays = stays;
  fails_in = n + 1;
}

AllocationFailure::~AllocationFailure() { fails_in = 0; }

bool AllocationFailure::has_happened() const { return has_failed; }

}  // namespace licet::test
