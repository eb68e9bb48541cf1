// Tables of several keys against looking at every row.
#include "eval/index/tuple_table.h"

#include <gtest/gtest.h>

#include "eval/index/lookup_index.h"
#include "eval/value_json.h"
#include "tests/property/random.h"

namespace licet::index {
namespace {

using property::Random;

// Small numbers are packed into a word, large ones are compared.
class TupleTables : public testing::TestWithParam<std::uint32_t> {};

TEST_P(TupleTables, find_the_rows_of_their_keys) {
  const std::uint32_t numbers = GetParam();
  for (std::size_t arity = 1; arity <= 4; ++arity) {
    Random random(arity);
    const auto any = [&] { return numbers - 1 - static_cast<std::uint32_t>(random.below(5)); };
    std::vector<std::uint32_t> tuples;
    constexpr std::size_t kRows = 60;
    for (std::size_t i = 0; i < kRows * arity; ++i) tuples.push_back(any());
    TupleTable table;
    table.build(arity, numbers, tuples);
    for (int i = 0; i < 1000; ++i) {
      std::vector<std::uint32_t> keys;
      for (std::size_t k = 0; k < arity; ++k) keys.push_back(any());
      if (i % 10 == 0) keys[0] = numbers + static_cast<std::uint32_t>(random.below(3));
      if (i % 10 == 1) keys[0] = Numbers::kNone;
      std::vector<std::uint32_t> wanted;
      for (std::uint32_t row = 0; row < kRows; ++row) {
        const auto at = tuples.begin() + static_cast<std::ptrdiff_t>(row * arity);
        if (std::equal(keys.begin(), keys.end(), at)) wanted.push_back(row);
      }
      const auto found = table.find(keys);
      EXPECT_EQ(std::vector<std::uint32_t>(found.begin(), found.end()), wanted);
      EXPECT_EQ(table.contains(keys), !wanted.empty());
      for (std::size_t open = 0; open < arity && table.is_packed(); ++open) {
        if (open != 0 && keys[0] >= numbers) continue;  // others must be numbers
        const TupleTable::Others others = table.others_of(keys, open);
        EXPECT_EQ(table.contains(others, keys[open]), !wanted.empty());
        EXPECT_TRUE(std::ranges::equal(table.find(others, keys[open]), wanted));
        EXPECT_FALSE(table.contains(others, Numbers::kNone));
        EXPECT_TRUE(table.find(others, Numbers::kNone).empty());
      }
    }
  }
}

TEST_P(TupleTables, find_rows_that_have_another_number) {
  const std::uint32_t numbers = GetParam();
  TupleTable table;
  table.build(2, numbers, {1, 2, 3, 4, 1, 2, 1, 2});
  const std::vector<std::uint32_t> elements = {7, 8, 9, 9};
  table.renumber([&](std::uint32_t row) { return elements[row]; });
  const std::vector<std::uint32_t> keys = {1, 2};
  const auto found = table.find(keys);
  EXPECT_EQ(std::vector<std::uint32_t>(found.begin(), found.end()),
            (std::vector<std::uint32_t>{7, 9}));
  EXPECT_TRUE(table.contains(keys));
}

TEST_P(TupleTables, find_rows_of_keys_that_come_once_by_another_number) {
  TupleTable table;
  table.build(2, GetParam(), {1, 2, 3, 4});
  table.renumber([](std::uint32_t row) { return 70 + row; });
  const auto found = table.find(std::vector<std::uint32_t>{3, 4});
  EXPECT_EQ(std::vector<std::uint32_t>(found.begin(), found.end()),
            (std::vector<std::uint32_t>{71}));
}

TEST_P(TupleTables, may_be_empty) {
  TupleTable table;
  table.build(2, GetParam(), {});
  EXPECT_FALSE(table.contains(std::vector<std::uint32_t>{1, 2}));
  EXPECT_TRUE(table.find(std::vector<std::uint32_t>{1, 2}).empty());
}

INSTANTIATE_TEST_SUITE_P(Widths, TupleTables, testing::Values(8U, 1000U, 1U << 31));

class LookupIndexes : public testing::Test {
 protected:
  Value value(const char* json) { return value_from_json(json, arena_).value(); }
  bool has(const LookupIndex& index, const char* a, const char* b) {
    return index.table().contains(
        std::vector<std::uint32_t>{numbers_.find(value(a)), numbers_.find(value(b))});
  }

  Arena arena_;
  Numbers numbers_;
  std::size_t rows_ = 100;
};

TEST_F(LookupIndexes, have_what_is_not_false) {
  const LookupIndex index(
      value(R"({"a":{"x":true,"y":false,"z":null,"0":0},"b":7,"c":{"x":[1]},"7":{}})"), 2, numbers_,
      rows_);
  ASSERT_TRUE(index.is_usable());
  EXPECT_TRUE(has(index, R"("a")", R"("x")"));
  EXPECT_FALSE(has(index, R"("a")", R"("y")"));
  EXPECT_TRUE(has(index, R"("a")", R"("z")"));
  EXPECT_TRUE(has(index, R"("a")", R"("0")"));
  EXPECT_FALSE(has(index, R"("a")", "0"));
  EXPECT_FALSE(has(index, R"("b")", R"("x")"));
  EXPECT_TRUE(has(index, R"("c")", R"("x")"));
  EXPECT_FALSE(has(index, R"("x")", R"("a")"));
  EXPECT_FALSE(has(index, R"("nobody")", R"("x")"));
  EXPECT_EQ(rows_, 96U);
}

TEST_F(LookupIndexes, are_of_objects_only) {
  EXPECT_FALSE(LookupIndex(value(R"({"a":["x"]})"), 2, numbers_, rows_).is_usable());
  EXPECT_TRUE(LookupIndex(value(R"({"a":["x"]})"), 1, numbers_, rows_).is_usable());
  EXPECT_TRUE(LookupIndex(value("3"), 2, numbers_, rows_).is_usable());
}

TEST_F(LookupIndexes, take_no_more_rows_than_there_are) {
  rows_ = 2;
  EXPECT_FALSE(LookupIndex(value(R"({"a":1,"b":1,"c":1})"), 1, numbers_, rows_).is_usable());
}

}  // namespace
}  // namespace licet::index
