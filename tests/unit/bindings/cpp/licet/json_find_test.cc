#include "licet/json_find.h"

#include <gtest/gtest.h>

namespace licet {
namespace {

struct Case {
  const char* json;
  std::vector<std::string> keys;
  const char* found;
};

TEST(FindJson, cuts_out_what_stands_at_a_path) {
  const Case cases[] = {
      {R"({"user":{"id":"ann"}})", {"user", "id"}, "\"ann\""},
      {R"( { "a" : [ {"user":1}, "}" ] , "user" : { "x" : "\"}" , "id" : -1.5e3 } } )",
       {"user", "id"},
       "-1.5e3"},
      {R"({"user":{"id":{"a":[1,{"b":"]"}]}}})", {"user", "id"}, R"({"a":[1,{"b":"]"}]})"},
      {R"({"user":{"id":null}})", {"user", "id"}, "null"},
      {R"({"user":{}})", {"user", "id"}, ""},
      {R"({"user":[]})", {"user", "id"}, ""},
      {R"({"user":"id"})", {"user", "id"}, ""},
      {R"({})", {"user", "id"}, ""},
      {R"([{"user":{"id":1}}])", {"user", "id"}, ""},
      {" 7 ", {}, "7"},
      {R"( {"a":1} )", {}, R"({"a":1})"},
      {R"({"a":{"user":{"id":1}},"id":2})", {"user", "id"}, ""},
  };
  for (const Case& one : cases) {
    const FoundJson found = find_json(one.json, one.keys);
    EXPECT_EQ(found.text, one.found) << one.json;
    EXPECT_FALSE(found.is_unsure) << one.json;
  }
}

TEST(FindJson, is_unsure_about_keys_with_escapes) {
  EXPECT_TRUE(find_json(R"({"us\u0065r":{"id":1}})", {"user", "id"}).is_unsure);
  EXPECT_TRUE(find_json(R"({"user":{"\"":2,"id":1}})", {"user", "id"}).is_unsure);
  EXPECT_FALSE(find_json(R"({"user":{"id":1},"\"":2})", {"user", "id"}).is_unsure);
}

}  // namespace
}  // namespace licet
