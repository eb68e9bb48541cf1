#include "tests/support/allocations.h"

#include <openssl/crypto.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

thread_local std::uint64_t allocations = 0;

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

void* allocate(std::size_t bytes) {
  ++allocations;
  if (runs_out()) throw std::bad_alloc();
  if (void* const memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}

}  // namespace

// Replaces those of the library for the whole program; the other forms come down to these. Not so
// the form that does not throw where a sanitizer brings its own, so that is replaced, too.
void* operator new(std::size_t bytes) { return allocate(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  ++allocations;
  if (runs_out()) return nullptr;
  return std::malloc(bytes == 0 ? 1 : bytes);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

namespace licet::test {

std::uint64_t allocations_of_this_thread() { return allocations; }

AllocationFailure::AllocationFailure(std::uint64_t n, bool stays) {
  has_failed = !replaces_those_of_openssl;  // then nothing would be tested
  failure_stays = stays;
  fails_in = n + 1;
}

AllocationFailure::~AllocationFailure() { fails_in = 0; }

bool AllocationFailure::has_happened() const { return has_failed; }

}  // namespace licet::test
