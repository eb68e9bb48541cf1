#include "eval/name_store.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace licet {
namespace {

TEST(NameStore, names_stay_as_they_were_added) {
  NameStore store;
  std::vector<std::pair<std::string, Name>> all;
  for (std::size_t i = 0; i < 2000; ++i) {
    const std::string text = std::string(i % 7, 'x') + std::to_string(i);
    all.emplace_back(text, store.add(text));
  }
  const std::string longest(1 << 20, 'y');
  all.emplace_back(longest, store.add(longest));
  all.emplace_back("", store.add(""));
  for (const auto& [text, name] : all) EXPECT_EQ(name.view(), text);
}

TEST(NameStore, names_are_equal_by_their_text) {
  NameStore store;
  EXPECT_EQ(store.add("a"), store.add("a"));
  EXPECT_NE(store.add("a"), store.add("b"));
  EXPECT_EQ(Name(), store.add(""));
  EXPECT_EQ(store.add("a"), std::string_view("a"));
  EXPECT_EQ("x" + store.add("a") + "y", "xay");
}

}  // namespace
}  // namespace licet
