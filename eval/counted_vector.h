// A vector beside an arena: what it holds counts against the arena's limit for as long as it lives.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "eval/arena.h"

namespace licet {

// Takes memory from the heap; throws MemoryExceeded where the arena has no room for as much.
template <class T>
class CountedAllocator {
 public:
  using value_type = T;

  CountedAllocator(Arena& arena) : arena_(&arena) {}  // so that a vector is made with an arena
  template <class Other>
  CountedAllocator(const CountedAllocator<Other>& other) : arena_(other.arena_) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);  // a vector's count is within PTRDIFF_MAX bytes
    arena_->borrow(bytes);
    try {
      return std::allocator<T>().allocate(count);
    } catch (...) {
      arena_->give_back(bytes);
      throw;
    }
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    std::allocator<T>().deallocate(memory, count);
    arena_->give_back(count * sizeof(T));
  }

  template <class Other>
  bool operator==(const CountedAllocator<Other>& other) const {
    return arena_ == other.arena_;
  }

 private:
  template <class>
  friend class CountedAllocator;
  Arena* arena_;
};

template <class T>
using CountedVector = std::vector<T, CountedAllocator<T>>;

}  // namespace licet
