#include "eval/place_table.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace licet {
namespace {

TEST(PlaceTable, gives_back_what_it_was_given) {
  std::mt19937 engine(1);
  const auto random = [&] { return static_cast<std::uint32_t>(engine()); };
  std::vector<SourcePlace> places = {{0, 0, 0}, {0, 1, 1}, {0, UINT32_MAX, UINT32_MAX}, {3, 1, 1}};
  for (std::uint32_t i = 0; i < 1000; ++i) {
    SourcePlace next = places.back();
    if (random() % 4 == 0) next.file = random() % 3;
    if (random() % 2 == 0) next.line = random() % 8 == 0 ? random() : next.line + 1;
    if (random() % 2 == 0) next.column = random() % 200;
    places.push_back(next);
  }
  PlaceTable table;
  for (const SourcePlace& place : places) table.push_back(place);
  ASSERT_EQ(table.size(), places.size());
  for (std::size_t i = 0; i < places.size(); ++i) EXPECT_EQ(table[i], places[i]) << i;
  EXPECT_EQ(table[places.size()], SourcePlace());
}

// Fills a table with what an image may hold.
struct Forger {
  std::uint32_t size = 0;
  std::vector<std::uint32_t> begins;
  std::vector<std::uint8_t> bytes;

  void operator()(std::uint32_t& to) const { to = size; }
  void operator()(std::vector<std::uint8_t>& to) const { to = bytes; }
  void ascending(std::vector<std::uint32_t>& to) const { to = begins; }
};

TEST(PlaceTable, a_damaged_table_has_no_place) {
  const std::vector<Forger> all = {
      {.size = 1, .begins = {}, .bytes = {}},
      {.size = 1, .begins = {0}, .bytes = {}},
      {.size = 1, .begins = {7}, .bytes = {4}},
      {.size = 1, .begins = {0}, .bytes = {0x85}},
      {.size = 1, .begins = {0}, .bytes = {5, 0x80}},
      {.size = 1, .begins = {0}, .bytes = std::vector<std::uint8_t>(11, 0xFF)},
      {.size = UINT32_MAX, .begins = {0}, .bytes = {8, 8}},
  };
  for (const Forger& forger : all) {
    PlaceTable table;
    table.transfer(forger);
    EXPECT_EQ(table[0].line, forger.bytes.size() == 2 && forger.size > 1 ? 1U : 0U);
    EXPECT_EQ(table[70], SourcePlace());
  }
}

}  // namespace
}  // namespace licet
