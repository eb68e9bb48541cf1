#include "eval/arena.h"

#include <gtest/gtest.h>

#include "eval/counted_vector.h"

namespace licet {
namespace {

constexpr std::size_t kLimit = 1 << 20;

TEST(Arena, lends_what_it_has_room_for) {
  Arena arena(kLimit);
  arena.allocate(kLimit / 2);
  EXPECT_THROW(arena.borrow(kLimit * 3 / 4), MemoryExceeded);
  arena.borrow(kLimit / 4);
  EXPECT_THROW(arena.borrow(kLimit / 2), MemoryExceeded);
  arena.give_back(kLimit / 4);
  EXPECT_NO_THROW(arena.borrow(kLimit / 4));
}

TEST(Arena, keeps_its_own_room_while_it_lends) {
  Arena arena(kLimit);
  arena.borrow(kLimit);
  EXPECT_NO_THROW(arena.allocate(kLimit));
  EXPECT_THROW(arena.allocate(16), MemoryExceeded);
}

TEST(CountedVector, counts_for_as_long_as_it_lives) {
  Arena arena(kLimit);
  {
    CountedVector<char> held(kLimit / 2, 'a', arena);
    EXPECT_THROW(CountedVector<char>(kLimit * 3 / 4, 'a', arena), MemoryExceeded);
    EXPECT_THROW(held.resize(kLimit), MemoryExceeded);  // old and new live side by side
    const CountedVector<char> moved = std::move(held);
    EXPECT_THROW(arena.borrow(kLimit), MemoryExceeded);
  }
  EXPECT_NO_THROW(arena.borrow(kLimit));
}

}  // namespace
}  // namespace licet
