// Memory of one decision, or of one program: taken in blocks, given back as a whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <vector>

namespace licet {

// Thrown when an arena would pass its limit; the VM and the JSON reader turn it into a typed
// error, so it never leaves eval/.
class MemoryExceeded : public std::exception {
 public:
  const char* what() const noexcept override { return "memory budget exceeded"; }
};

// A bump allocator. Not thread-safe; after its values are published it may be read by any thread.
class Arena {
 public:
  static constexpr std::size_t kNoLimit = SIZE_MAX;
  static constexpr std::size_t kFirstBlockBytes = 16 * 1024;

  explicit Arena(std::size_t limit_bytes = kNoLimit,
                 std::size_t first_block_bytes = kFirstBlockBytes)
      : limit_(limit_bytes), first_block_bytes_(first_block_bytes) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Memory aligned to 16 bytes, never null. Throws MemoryExceeded past the limit.
  void* allocate(std::size_t bytes) {
    const std::size_t need = (bytes + 15) & ~std::size_t{15};
    if (need < bytes || need > static_cast<std::size_t>(end_ - next_)) return allocate_slow(bytes);
    std::byte* const result = next_;
    next_ += need;
    return result;
  }
  template <class T>
  T* allocate_array(std::size_t count) {
    static_assert(alignof(T) <= 16);
    if (count > SIZE_MAX / 2 / sizeof(T)) throw MemoryExceeded();
    return static_cast<T*>(allocate(count * sizeof(T)));
  }

  // Forgets all values, keeps the first block for the next decision.
  void reset();
  // Bytes handed out since the last reset, rounded up to whole blocks.
  std::size_t used_bytes() const { return reserved_; }
  void set_limit(std::size_t limit_bytes) { limit_ = limit_bytes; }

  // Memory beside the arena that is held for a while, as the elements of an array that is made:
  // throws MemoryExceeded if there is no room for as much in the arena, so that both together stay
  // below twice the limit.
  void borrow(std::size_t bytes) {
    if (bytes > limit_ || reserved_ + borrowed_ > limit_ - bytes) throw MemoryExceeded();
    borrowed_ += bytes;
  }
  void give_back(std::size_t bytes) { borrowed_ -= bytes; }

 private:
  static constexpr std::size_t kMaxBlockBytes = 1024 * 1024;

  void* allocate_slow(std::size_t bytes);

  struct Block {
    std::unique_ptr<std::byte[]> memory;
    std::size_t size = 0;
  };
  std::vector<Block> blocks_;
  std::byte* next_ = nullptr;
  std::byte* end_ = nullptr;
  std::size_t reserved_ = 0;
  std::size_t borrowed_ = 0;
  std::size_t limit_;
  std::size_t first_block_bytes_;
};

}  // namespace licet
