// Which pins the compiler finds, how it groups them, and what it says of the rest.
#include "eval/index_report.h"

#include <gtest/gtest.h>

#include "eval/value_json.h"
#include "lang/compile.h"

namespace licet {
namespace {

// Ten bodies of data.t.p that differ in a number, which stands for N.
std::string policy(const std::string& body, const std::string& rest = "") {
  std::string text = "package t\n" + rest + "\n";
  for (int i = 10; i < 20; ++i) {
    std::string one = "p if { " + body + " }\n";
    for (std::size_t at = one.find('N'); at != std::string::npos; at = one.find('N')) {
      one.replace(at, 1, std::to_string(i));
    }
    text += one;
  }
  return text;
}

IndexReport report_of(const std::string& text, const std::string& data = "{}",
                      const std::string& input = "") {
  Arena arena;
  const auto compiled = lang::compile({{"t.licet", text}}, value_from_json(data, arena).value());
  if (!compiled.program) {
    ADD_FAILURE() << compiled.diagnostics.all().front().message << "\n" << text;
    return {};
  }
  const Value value = input.empty() ? Value() : value_from_json(input, arena).value();
  return report_indexes(*compiled.program, value);
}

std::string keys_of(const IndexReport& report) {
  std::string text;
  for (const ReportedBodyIndex& index : report.bodies) {
    for (const ReportedGroup& group : index.groups) {
      text += text.empty() ? "" : "; ";
      for (const std::string& key : group.keys) text += (&key == &group.keys[0] ? "" : ", ") + key;
    }
  }
  return text;
}

struct Row {
  const char* body;
  const char* keys;  // empty: no index
  const char* rest = "";
};

TEST(IndexReport, says_by_what_bodies_are_found) {
  for (const Row& row : std::vector<Row>{
           {"input.a == N", "input.a is a value"},
           {"N == input.a.b", "input.a.b is a value"},
           {"input.a = N", "input.a is a value"},
           {"input.a in {N, \"x\"}", "input.a is a value"},
           {"N in input.a", "input.a has an element"},
           {"some x in input.a; x == N", "input.a has an element"},
           {"x := input.a[_]; x == N", "input.a has an element"},
           {"input.a[_] == N", "input.a has an element"},
           {"x := input.a; x.b == N", "input.a.b is a value"},
           {"n := N; input.a == n", "input.a is a value"},
           {"input.a < N", "input.a lies in a range"},
           {"N <= input.a; input.a < N.5", "input.a lies in a range"},
           {"startswith(input.a, \"N\")", "input.a begins with a text"},
           {"endswith(input.a, \"N\")", "input.a ends with a text"},
           {"glob.match(\"N*\", [], input.a)", "input.a begins with a text"},
           {"net.cidr_contains(\"10.N.0.0/16\", input.a)", "input.a lies in a network"},
           {"input.a == N; input.b == 1", "input.a is a value"},
           {"input.b == 1; input.a == N", "input.a is a value"},
           {"input.a == N; to_number(input.b) > 1", "input.a is a value"},
           {"h; input.a == N", "input.a is a value", "h if input.b == 1\nh if input.c == 1"},
           // What can end in an error comes first, and the error must show.
           {"to_number(input.b) > 1; input.a == N", ""},
           {"startswith(input.b, \"x\"); input.a == N", ""},
           {"c == 1; input.a == N", "", "c := 1 if input.b\nc := 2 if input.d"},
           // Nothing ties a single attribute to a constant.
           {"input.a == input.b; input.c != N", ""},
           {"net.cidr_contains(\"10.N.0.0/99\", input.a)", ""},
           {"glob.match(\"[N*\", [], input.a)", ""},
           {"input.a == N with input.a as N", ""},
       }) {
    SCOPED_TRACE(row.body);
    EXPECT_EQ(keys_of(report_of(policy(row.body, row.rest))), row.keys);
  }
}

TEST(IndexReport, says_why_a_body_is_tried_each_time) {
  const IndexReport report = report_of(policy("input.a == N") +
                                       "p if input.c == input.d\n"
                                       "p if { to_number(input.c) == 1; input.a == 3 }\n"
                                       "p if startswith(input.e, \"x\")\n"
                                       "p if input.a == 4 else if input.f == 4\n");
  ASSERT_EQ(report.bodies.size(), 1U);
  const std::vector<ReportedRest>& rest = report.bodies[0].rest;
  ASSERT_EQ(rest.size(), 4U);
  EXPECT_EQ(rest[0].body.name, "data.t.p, body 11");
  EXPECT_EQ(rest[0].body.line, 13U);
  EXPECT_TRUE(rest[0].why.starts_with("no literal ties"));
  EXPECT_TRUE(rest[1].why.starts_with("what ties an attribute to constants comes after"));
  EXPECT_TRUE(rest[2].why.starts_with("too few bodies"));
  EXPECT_TRUE(rest[3].why.starts_with("its else-branches"));
}

TEST(IndexReport, says_what_a_request_finds) {
  std::string text = "package t\n";
  for (int i = 0; i < 8; ++i) {
    const std::string number = std::to_string(i);
    text += "permit p" + number + " if input.a == " + number + "\n";
    text += "forbid f" + number + " if input.a == " + number + "\n";
  }
  const IndexReport found = report_of(text, "{}", R"({"a": 3})");
  ASSERT_EQ(found.bodies.size(), 2U);
  for (const ReportedBodyIndex& index : found.bodies) {
    EXPECT_EQ(index.body_count, 8U);
    ASSERT_EQ(index.groups.size(), 1U);
    EXPECT_EQ(index.groups[0].values, std::vector<std::string>{"3"});
    ASSERT_EQ(index.groups[0].found.size(), 1U);
    const std::string name = index.groups[0].bodies[index.groups[0].found[0]].name;
    EXPECT_EQ(name, index.name + (index.name == "forbid" ? " t.f3" : " t.p3"));
  }
  // Without the attribute a forbid may be indeterminate, and a permit cannot hold.
  const IndexReport missing = report_of(text, "{}", "{}");
  for (const ReportedBodyIndex& index : missing.bodies) {
    EXPECT_EQ(index.groups[0].found.size(), index.name == "forbid" ? 8U : 0U);
  }
}

TEST(IndexReport, says_by_what_elements_of_data_are_found) {
  const std::string data = R"({"g": [{"a": 1}, {"a": 2}, {}, {}, {}, {}, {}, {}]})";
  const IndexReport report = report_of(
      "package t\np if { some x in data.g; x.a == input.a; x.b.c in input.c; input.d in x.d }",
      data);
  ASSERT_EQ(report.data.size(), 1U);
  EXPECT_EQ(report.data[0].path, "data.g");
  EXPECT_EQ(report.data[0].elements, 8U);
  EXPECT_EQ(report.data[0].fields,
            (std::vector<std::string>{"element.a is a value", "element.b.c is in a list"}));
  EXPECT_TRUE(report_of("package t\np if { some x in data.g; x.a == x.b }", data).data.empty());
  EXPECT_TRUE(report_of("package t\np if { some x in data.g; to_number(x.a) == 1; x.a == 1 }", data)
                  .data.empty());
}

}  // namespace
}  // namespace licet
