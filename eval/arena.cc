#include "eval/arena.h"

#include <algorithm>

namespace licet {

void* Arena::allocate_slow(std::size_t bytes) {
  const std::size_t need = (bytes + 15) & ~std::size_t{15};
  if (need < bytes) throw MemoryExceeded();
  const std::size_t doubled = blocks_.empty() ? first_block_bytes_ : blocks_.back().size * 2;
  const std::size_t size = std::max(need, std::min(doubled, kMaxBlockBytes));
  if (size > limit_ || reserved_ > limit_ - size) throw MemoryExceeded();
  blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
  reserved_ += size;
  next_ = blocks_.back().memory.get();
  end_ = next_ + size;
  std::byte* const result = next_;
  next_ += need;
  return result;
}

void Arena::reset() {
  if (blocks_.empty()) return;
  blocks_.resize(1);
  reserved_ = blocks_.front().size;
  next_ = blocks_.front().memory.get();
  end_ = next_ + reserved_;
}

}  // namespace licet
