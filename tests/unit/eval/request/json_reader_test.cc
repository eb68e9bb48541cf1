#include "eval/request/json_reader.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "eval/request.h"
#include "eval/value_json.h"
#include "tests/support/cpu_time.h"

namespace licet {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMemory = std::size_t{64} << 20;

// A program of slots only. Elements of a path are JSON: ["user","roles",0].
class Plan {
 public:
  explicit Plan(std::initializer_list<const char*> paths) {
    for (const char* const path : paths) {
      const auto elements = value_from_json(path, program_.arena).value().elements();
      program_.slots.push_back({{elements.begin(), elements.end()}});
    }
    slots_.begin(program_.slots.size(), arena_);
  }
  Schema& schema() { return program_.schema; }
  Program& program() { return program_; }
  const Program& program() const { return program_; }

  bool reads(std::string_view text, std::size_t memory_bytes = kMemory) {
    if (!plan_) plan_.emplace(program_, std::vector<bool>(program_.slots.size(), true));
    arena_.reset();
    slots_.clear();
    return reader_.read(text, *plan_, memory_bytes, arena_, slots_);
  }
  // What the slots have, as a list with `-` where one is empty.
  std::string slots() {
    std::string all;
    for (CellIndex cell = 0; cell < slots_.size(); ++cell) {
      if (cell > 0) all += ' ';
      all += slots_.has(cell) ? json_from_value(slots_.value(cell)) : "-";
    }
    return all;
  }
  SlotValues& values() { return slots_; }
  bool was_framed() const { return reader_.was_framed(); }

 private:
  Program program_;
  std::optional<ReadPlan> plan_;
  JsonReader reader_;
  Arena arena_;
  SlotValues slots_;
};

bool is_strict(std::string_view text) {
  Arena arena;
  return value_from_json(text, arena).has_value();
}

// Each text is put where it is skipped, where it is read, where a whole is read that has it inside,
// and at the top.
const char* const kSurroundings[] = {"@",
                                     "{\"skipped\":@}",
                                     "{\"read\":@}",
                                     "[@]",
                                     "{\"whole\":[@,{\"a\":@}]}",
                                     "{\"skipped\":{\"a\":[1,@]}}",
                                     "{\"u\":{\"v\":@}}",
                                     "{\"u\":@}"};

std::string surrounded(const char* surrounding, std::string_view text) {
  std::string all;
  for (const char* at = surrounding; *at != '\0'; ++at) {
    if (*at == '@') {
      all += text;
    } else {
      all += *at;
    }
  }
  return all;
}

constexpr std::string_view kAccepted[] = {
    "null",
    "true",
    "false",
    " \t\r\n true \n",
    "0",
    "-0",
    "7",
    "12345678",
    "123456789",
    "-9223372036854775808",
    "9223372036854775808",
    "123456789012345678901234567890",
    "0.1",
    "1e2",
    "1E+2",
    "-1.5e-3",
    "1e100000",
    "[]",
    "[ ]",
    "{}",
    "{ }",
    "[1,\"a\",[],{}]",
    "[\"a\",\"b\"]",
    "\"\"",
    "\"a\"",
    "\"0123456789abcdef\"",
    "\"0123456789abcdef0\"",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\u0041\\ud83d\\ude00\"",
    "\"\\u0000\"",
    "\"\x7f\"",
    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
    "\"\\\\\"",
    "\"{[,:]}\"",
    "{\"\":1}",
    "{\"a\":1,\"b\":2}",
    "{\"a\":{\"a\":1}}",
    "{\"a\":1,\"\\u0062\":2}",
    "{\"\\\\n\":1,\"\\n\":2}",
    "[\"a\\nb\",\"c\"]",
    "{\"0123456789abcdefX\":1,\"0123456789abcdefY\":2}",
};

constexpr std::string_view kRejected[] = {
    // whole texts, byte order marks, trailing bytes
    "",
    " ",
    "1 2",
    "[] x",
    "{}}",
    "[]]",
    "\"a\"1",
    "\"a\"\"b\"",
    "\xEF\xBB\xBF{}",
    "null\0"sv,
    "\0"sv,
    ",",
    ":",
    "]",
    "}",
    // literals
    "nul",
    "nulll",
    "True",
    "tru",
    "truee",
    "true1",
    "true\"a\"",
    "fals",
    "falsee",
    "NaN",
    "nan",
    "Infinity",
    "-Infinity",
    "undefined",
    "'a'",
    "//",
    "/**/1",
    "\f1",
    "1\f",
    // numbers
    "01",
    "-01",
    "00",
    "+1",
    "-",
    "--1",
    "- 1",
    ".5",
    "1.",
    "1.e1",
    "1e",
    "1e+",
    "0x1",
    "1_000",
    "1,5",
    "1a",
    "12345678a",
    "1e100001",
    "-1e-100001",
    "1.5.5",
    "\xEF\xBC\x91",
    // arrays
    "[",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[1,,2]",
    "[1 2]",
    "[1}",
    "[1:2]",
    "[\"a\" \"b\"]",
    "[\"a\",]",
    "[\"a\"}",
    "[\"a\":\"b\"]",
    "[\"a\",\"b\"",
    "[\"a\"\"b\"]",
    // objects
    "{",
    "{\"a\"",
    "{\"a\":",
    "{\"a\":1",
    "{\"a\":1,",
    "{\"a\":1,}",
    "{\"a\" 1}",
    "{\"a\":}",
    "{\"a\",1}",
    "{\"a\":1 \"b\":2}",
    "{\"a\":1:2}",
    "{a:1}",
    "{1:1}",
    "{\"a\":1]",
    "{\"a\"}",
    "{,}",
    "{:1}",
    "{\"a\"::1}",
    "{null:1}",
    "{[]:1}",
    "{\"a\":1,,\"b\":1}",
    // duplicate keys
    "{\"a\":1,\"a\":1}",
    "{\"a\":1,\"b\":2,\"a\":3}",
    "{\"\":1,\"\":2}",
    "{\"a\":1,\"\\u0061\":1}",
    "{\"v\":1,\"v\":1}",
    "{\"v\":1,\"\\u0076\":1}",
    "[{\"a\":[],\"a\":[]}]",
    "{\"0123456789abcdefX\":1,\"0123456789abcdefX\":2}",
    "{\"a\":1,\"b\":{\"c\":1,\"c\":2}}",
    "{\"\xc3\xa9\":1,\"\\u00e9\":1}",
    // strings
    "\"",
    "\"a",
    "\"\\\"",
    "\"a\nb\"",
    "\"\x1f\"",
    "\"\0\""sv,
    "\"\\x\"",
    "\"\\\"",
    "\"\\u12\"",
    "\"\\u12g4\"",
    "\"\\ud800\"",
    "\"\\ude00\"",
    "\"\\ud800\\ud800\"",
    "\"\\ud83dx\"",
    "\"\\ud83d\\n\"",
    "\"\\uD83D\\u0041\"",
    "{\"\\ud800\":1}",
    "{\"\\x\":1}",
    "[\"\\ud800\"]",
    "[\"a\",\"\\x\"]",
    // UTF-8
    "\"\xff\"",
    "\"\x80\"",
    "\"\xc0\x80\"",
    "\"\xc3\"",
    "\"\xed\xa0\x80\"",
    "\"\xf4\x90\x80\x80\"",
    "\"\xf5\x80\x80\x80\"",
    "\"\xe2\x82\"",
    "{\"\xff\":1}",
    "\xff",
};

TEST(JsonReaderOfRequests, accepts_strict_json_wherever_it_stands) {
  Plan plan({R"(["read"])", R"(["whole"])", R"(["whole",1,"a"])", R"(["u","v"])"});
  for (const std::string_view text : kAccepted) {
    for (const char* const surrounding : kSurroundings) {
      const std::string whole = surrounded(surrounding, text);
      ASSERT_TRUE(is_strict(whole)) << whole;
      EXPECT_TRUE(plan.reads(whole)) << whole;
    }
  }
}

TEST(JsonReaderOfRequests, refuses_what_is_not_strict_json_wherever_it_stands) {
  Plan plan({R"(["read"])", R"(["whole"])", R"(["whole",1,"a"])", R"(["u","v"])"});
  for (const std::string_view text : kRejected) {
    for (const char* const surrounding : kSurroundings) {
      const std::string whole = surrounded(surrounding, text);
      if (is_strict(whole)) continue;  // `1,5` in an array
      EXPECT_FALSE(plan.reads(whole)) << whole;
    }
    EXPECT_FALSE(is_strict(text)) << text;
  }
}

struct SlotCase {
  const char* text;
  const char* slots;
};

TEST(JsonReaderOfRequests, slots_get_what_stands_at_their_paths) {
  Plan plan({R"(["a"])", R"(["u","roles"])", R"(["u","roles",1])", R"(["u","team","lead"])",
             R"(["m"])", R"(["m","x"])", R"(["m","x",0,"y"])", R"(["long_key_of_more_than_16"])"});
  const SlotCase cases[] = {
      {"{}", "- - - - - - - -"},
      {"[]", "- - - - - - - -"},
      {"null", "- - - - - - - -"},
      {R"({"a":1})", "1 - - - - - - -"},
      {R"({"a":null})", "null - - - - - - -"},
      {R"({"a":-12.50})", "-12.5 - - - - - - -"},
      {R"({"a":18446744073709551616})", "18446744073709551616 - - - - - - -"},
      {R"({"a":"0123456789abcdef"})", R"("0123456789abcdef" - - - - - - -)"},
      {R"({"a":"0123456789abcdefg"})", R"("0123456789abcdefg" - - - - - - -)"},
      {R"({"a":"x\ny\u00e9"})", "\"x\\ny\xc3\xa9\" - - - - - - -"},
      {R"({"\u0061":[]})", "[] - - - - - - -"},
      {R"({"a":["x","y\t"]})", R"(["x","y\t"] - - - - - - -)"},
      {R"({"a":["x",1]})", R"(["x",1] - - - - - - -)"},
      {R"({"a":{"z":1,"b":[{}]}})", R"({"b":[{}],"z":1} - - - - - - -)"},
      {R"({"u":{"roles":["x","y"],"team":{"lead":true}}})", R"(- ["x","y"] "y" true - - - -)"},
      {R"({"u":{"roles":"x","team":[]}})", R"(- "x" - - - - - -)"},
      {R"({"u":["roles"]})", "- - - - - - - -"},
      {R"({"m":{"x":[{"y":2}],"w":0}})", R"(- - - - {"w":0,"x":[{"y":2}]} [{"y":2}] 2 -)"},
      {R"({"m":3,"skipped":{"a":5}})", "- - - - 3 - - -"},
      {R"({ "long_key_of_more_than_16" : "v" , "long_key_of_more_than_1" : 1 })",
       R"(- - - - - - - "v")"},
  };
  for (const SlotCase& c : cases) {
    ASSERT_TRUE(plan.reads(c.text)) << c.text;
    EXPECT_EQ(plan.slots(), c.slots) << c.text;
  }
}

TEST(JsonReaderOfRequests, the_whole_request_can_be_a_slot) {
  Plan plan({"[]", R"(["a"])", R"(["a",0])"});
  ASSERT_TRUE(plan.reads(R"({"b":2,"a":[1]})"));
  EXPECT_EQ(plan.slots(), R"({"a":[1],"b":2} [1] 1)");
  ASSERT_TRUE(plan.reads("3"));
  EXPECT_EQ(plan.slots(), "3 - -");
}

// More keys than there are bits for those that were seen.
TEST(JsonReaderOfRequests, wide_objects_are_read_and_their_duplicates_found) {
  Plan plan({});
  std::string text = "{";
  for (int i = 0; i < 300; ++i) {
    const std::string key = "attribute_number_" + std::to_string(i);
    plan.program().slots.push_back({{Value::string(key, plan.program().arena)}});
    text += (i > 0 ? ",\"" : "\"") + key + "\":" + std::to_string(i);
  }
  Arena arena;
  plan.values().begin(300, arena);
  ASSERT_TRUE(plan.reads(text + "}"));
  for (CellIndex cell = 0; cell < 300; ++cell) {
    ASSERT_TRUE(plan.values().has(cell));
    EXPECT_EQ(plan.values().value(cell), Value::integer(cell));
  }
  EXPECT_FALSE(plan.reads(text + ",\"attribute_number_7\":1}"));
  EXPECT_FALSE(plan.reads(text + ",\"x\":1,\"x\":1}"));
  EXPECT_TRUE(plan.reads(text + ",\"x\":1,\"y\":1}"));
}

TEST(JsonReaderOfRequests, nesting_ends_at_the_limit) {
  Plan plan({R"(["a"])", R"(["u","v"])"});
  for (const char* const key : {"s", "a", "u"}) {
    for (const std::size_t levels : {510, 511, 512, 5000}) {
      const std::string text = "{\"" + std::string(key) + "\":" + std::string(levels, '[') +
                               std::string(levels, ']') + "}";
      EXPECT_EQ(plan.reads(text), is_strict(text)) << key << levels;
    }
  }
}

// A number may weigh much more than its text.
TEST(JsonReaderOfRequests, refuses_what_is_too_heavy_as_a_value) {
  Plan plan({R"(["a"])"});
  std::string numbers = "1";
  for (int i = 0; i < 43'000; ++i) numbers += ",1e100000";
  Arena arena;
  EXPECT_THROW(static_cast<void>(value_from_json("[" + numbers + "]", arena)), MemoryExceeded);
  EXPECT_FALSE(plan.reads("[" + numbers + "]"));
  EXPECT_FALSE(plan.reads("{\"a\":[" + numbers + "]}"));
}

TEST(JsonReaderOfRequests, leaves_texts_that_may_take_too_much_memory_to_the_slow_way) {
  Plan plan({R"(["a"])"});
  std::string text = "{\"a\":1,\"b\":[[]";
  for (int i = 0; i < 10'000; ++i) text += ",[]";
  text += "]}";
  EXPECT_TRUE(plan.reads(text));
  EXPECT_FALSE(plan.reads(text, std::size_t{1} << 20));
}

// The text ends where memory ends: reading one byte more is a crash.
TEST(JsonReaderOfRequests, reads_no_byte_behind_the_text) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* const memory =
      mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  char* const end = static_cast<char*>(memory) + page;
  ASSERT_EQ(mprotect(end, page, PROT_NONE), 0);
  Plan plan({R"(["read"])", R"(["u","v"])"});
  for (const std::string_view text : kAccepted) {
    char* const begin = end - text.size();
    std::memcpy(begin, text.data(), text.size());
    EXPECT_TRUE(plan.reads({begin, text.size()})) << text;
  }
  for (std::size_t size = 0; size <= 200; ++size) {
    std::memset(end - size, ' ', size);
    if (size > 0) end[-1] = '7';
    EXPECT_EQ(plan.reads({end - size, size}), size > 0);
    EXPECT_FALSE(plan.reads({end - size, size / 2}));
  }
  munmap(memory, 2 * page);
}

TEST(JsonReaderOfRequests, texts_of_all_sizes_follow_one_another) {
  Plan plan({R"(["a"])"});
  for (const std::size_t size :
       {0, 1, 63, 64, 65, 4000, 4095, 4096, 4097, 100'000, 10, 2'000'000, 5}) {
    const std::string text = std::string(size, 'x');
    ASSERT_TRUE(plan.reads("{\"b\":\"" + text + "\",\"a\":\"" + text + "\"}"));
    ASSERT_TRUE(plan.values().has(0));
    EXPECT_EQ(plan.values().value(0).as_string(), text);
  }
}

// Twice the text must not take much more than twice the time.
TEST(JsonReaderOfRequests, time_is_linear_in_the_text) {
  const auto keys = [](int count, const char* prefix) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "\"" + (prefix + std::to_string(i)) + "\":1,";
    return text;
  };
  const auto seconds = [](const std::string& text) {
    Plan plan({R"(["a"])", R"(["u","v"])"});
    auto best = std::chrono::nanoseconds::max();
    for (int i = 0; i < 3; ++i) {
      best = std::min(best, test::cpu_time_of([&] { EXPECT_TRUE(plan.reads(text, SIZE_MAX)); }));
    }
    return std::chrono::duration<double>(best).count();
  };
  for (const char* const opening : {"{", "{\"u\":{", "{\"a\":{", "{\"s\":{"}) {
    const std::string closing = std::string_view(opening).size() > 1 ? "\"z\":1}}" : "\"z\":1}";
    const double once = seconds(opening + keys(40'000, "attribute_of_this_") + closing);
    const double twice = seconds(opening + keys(80'000, "attribute_of_this_") + closing);
    EXPECT_LT(twice, 4 * once) << opening;
  }
}

struct FramedCase {
  const char* text;
  const char* slots;  // null: not along the frame
};

// After a first request of the same look.
TEST(JsonReaderOfRequests, requests_that_look_alike_are_read_along_a_frame) {
  const FramedCase cases[] = {
      {R"({"u":{"id":"a","n":1,"roles":["x"]},"s":[1,{"t":null}],"l":["y"]})", R"("a" 1 ["x"])"},
      {R"({"u":{"id":"","n":-0,"roles":[]},"s":[1.5,{"t":true}],"l":[]})", R"("" 0 [])"},
      {R"({"u":{"id":"0123456789abcdefg","n":12345678,"roles":["x","0123456789abcdefg"]},)"
       R"("s":[1e2,{"t":"w"}],"l":["y", "z"]})",
       R"("0123456789abcdefg" 12345678 ["x","0123456789abcdefg"])"},
      {R"({"u":{"id":null,"n":123456789012345678901,"roles":"x"},"s":[0,{"t":0}],"l":0})",
       R"(null 123456789012345678901 "x")"},
      {R"({"u":{"id":false,"n":-1.50,"roles":[ "x" , "y" ]},"s":["",{"t":0}],"l":["y"]})",
       R"(false -1.5 ["x","y"])"},
      // Right, but not so simple.
      {R"({"u":{"id":"\u0061","n":1,"roles":["x"]},"s":[1,{"t":null}],"l":["y"]})", nullptr},
      {R"({"u":{"id":"a","n":1,"roles":["Ã©"]},"s":[1,{"t":null}],"l":["y"]})", nullptr},
      {R"({"u":{"id":"a","n":1,"roles":["x"]},"s":[[1],{"t":null}],"l":["y"]})", nullptr},
      {R"({"u":{"id":"a","n":1,"roles":["x",1]},"s":[1,{"t":null}],"l":["y"]})", nullptr},
      {R"({"u":{"n":1,"id":"a","roles":["x"]},"s":[1,{"t":null}],"l":["y"]})", nullptr},
      {R"({"u":{"id":"a","n":1,"roles":["x"]},"s":[1,{"t":null}],"l":["y"]} )", nullptr},
  };
  for (const FramedCase& c : cases) {
    Plan plan({R"(["u","id"])", R"(["u","n"])", R"(["u","roles"])"});
    ASSERT_TRUE(plan.reads(cases[0].text));
    EXPECT_FALSE(plan.was_framed());
    ASSERT_TRUE(plan.reads(c.text)) << c.text;
    EXPECT_EQ(plan.was_framed(), c.slots != nullptr) << c.text;
    if (c.slots != nullptr) {
      EXPECT_EQ(plan.slots(), c.slots) << c.text;
    }
  }
}

TEST(JsonReaderOfRequests, a_frame_lets_nothing_wrong_through) {
  const char* const first = R"({"a":"x","n":1,"l":["x"],"s":"y"})";
  const char* const cases[] = {
      R"({"a":"x","n":01,"l":["x"],"s":"y"})",
      R"({"a":"x","n":-,"l":["x"],"s":"y"})",
      R"({"a":"x","n":1.,"l":["x"],"s":"y"})",
      R"({"a":"x","n":1e,"l":["x"],"s":"y"})",
      R"({"a":"x","n":123456789a,"l":["x"],"s":"y"})",
      R"({"a":"x","n":,"l":["x"],"s":"y"})",
      R"({"a":"x","n":truee,"l":["x"],"s":"y"})",
      R"({"a":"x","n":NaN,"l":["x"],"s":"y"})",
      R"({"a":"x","n":1e100001,"l":["x"],"s":"y"})",
      R"({"a":"x","n":1 2,"l":["x"],"s":"y"})",
      R"({"a":"x"y","n":1,"l":["x"],"s":"y"})",
      R"({"a":"\x","n":1,"l":["x"],"s":"y"})",
      "{\"a\":\"\n\",\"n\":1,\"l\":[\"x\"],\"s\":\"y\"}",
      "{\"a\":\"\xff\",\"n\":1,\"l\":[\"x\"],\"s\":\"y\"}",
      "{\"a\":\"x\",\"n\":1,\"l\":[\"x\"],\"s\":\"\xc3\"}",
      R"({"a":"x","n":1,"l":["x",],"s":"y"})",
      R"({"a":"x","n":1,"l":[,"x"],"s":"y"})",
      R"({"a":"x","n":1,"l":["x""x"],"s":"y"})",
      R"({"a":"x","n":1,"l":["x","s":"y"})",
      R"({"a":"x","n":1,"l":["x"]],"s":"y"})",
      R"({"a":"x","n":1,"l":["x"],"s":"y"}})",
      R"({"a":"x","n":1,"l":["x"],"s":"y")",
      R"({"a":"x","n":1,"l":["x"],"s":"y)",
      R"({"a":"x","n":1,"l":["x"],"a":"y"})",
      R"({"a":"x","n":1,"l":["x"],"s":)",
      R"({"a":"x","n":1,"l":["x"],"s":"y"}x)",
      R"({"a":"x","n":1,"l":[)",
  };
  for (const char* const text : cases) {
    Plan plan({R"(["a"])", R"(["n"])", R"(["l"])"});
    ASSERT_TRUE(plan.reads(first));
    EXPECT_FALSE(plan.reads(text)) << text;
    ASSERT_TRUE(plan.reads(first));
    EXPECT_TRUE(plan.was_framed());
  }
}

// Clients take turns with some looks, each of which is learned.
TEST(JsonReaderOfRequests, more_than_one_frame_is_kept) {
  Plan plan({R"(["a"])"});
  const char* const texts[] = {R"({"a":1})", R"({"a":1,"b":2})", R"({ "a" : 1 })"};
  for (int i = 0; i < 100; ++i) {
    for (const char* const text : texts) ASSERT_TRUE(plan.reads(text));
  }
  for (const char* const text : texts) {
    ASSERT_TRUE(plan.reads(text));
    EXPECT_TRUE(plan.was_framed()) << text;
    EXPECT_EQ(plan.slots(), "1");
  }
}

}  // namespace
}  // namespace licet
