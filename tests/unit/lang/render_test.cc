#include "lang/render.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace licet::lang {
namespace {

struct Fixture {
  SourceSet sources;
  Diagnostics diagnostics;
  SourceId file;

  explicit Fixture(std::string text) : file(sources.add("registry.licet", std::move(text))) {}

  Span span(std::string_view what) const {
    const auto begin = static_cast<std::uint32_t>(sources[file].text().find(what));
    return {file, begin, begin + static_cast<std::uint32_t>(what.size())};
  }
  void add(Code code, std::string_view what, std::string message, std::string label = {},
           std::string help = {}) {
    diagnostics.add({code, span(what), std::move(message), std::move(label), {}, std::move(help)});
  }
};

TEST(RenderText, shows_the_line_with_label_and_help) {
  Fixture f("package registry\n\n\n\n\npermit x if {\n    user.deparment == \"risk\"\n}\n");
  f.add(Code::kUnknownAttribute, "deparment", "unknown attribute `user.deparment`",
        "`user` has no attribute `deparment`", "did you mean `department`?");
  EXPECT_EQ(render_text(f.sources, f.diagnostics),
            "error[L0203]: unknown attribute `user.deparment`\n"
            "  --> registry.licet:7:10\n"
            "   |\n"
            " 7 |     user.deparment == \"risk\"\n"
            "   |          ^^^^^^^^^ `user` has no attribute `deparment`\n"
            "   |\n"
            "help: did you mean `department`?\n"
            "\n"
            "1 error\n");
}

TEST(RenderText, notes_have_their_own_line_and_tabs_align) {
  Fixture f("p := 1\n\n\n\n\n\n\n\n\n\tq :=\t2 # \xC3\xA9 x\n");
  f.add(Code::kSyntax, "2", "first");
  f.diagnostics.add({Code::kUnguardedOptional,
                     f.span("x"),
                     "second",
                     "here",
                     {{f.span("p"), "declared here"}},
                     ""});
  EXPECT_EQ(render_text(f.sources, f.diagnostics),
            "error[L0101]: first\n"
            "   --> registry.licet:10:7\n"
            "    |\n"
            " 10 |     q :=    2 # \xC3\xA9 x\n"
            "    |             ^\n"
            "\n"
            "warning[L0507]: second\n"
            "   --> registry.licet:10:13\n"
            "    |\n"
            " 10 |     q :=    2 # \xC3\xA9 x\n"
            "    |                   ^ here\n"
            "    |\n"
            "note: declared here\n"
            "   --> registry.licet:1:1\n"
            "    |\n"
            "  1 | p := 1\n"
            "    | ^\n"
            "\n"
            "1 error, 1 warning\n");
}

TEST(RenderText, long_lines_are_cut_around_the_span) {
  Fixture f("p := [" + std::string(300, '1') + " x " + std::string(300, '2') + "]\n");
  f.add(Code::kSyntax, "x", "here");
  const std::string text = render_text(f.sources, f.diagnostics);
  EXPECT_NE(text.find(" 1 | ..." + std::string(29, '1') + " x " + std::string(68, '2') + "...\n" +
                      "   | " + std::string(33, ' ') + "^\n"),
            std::string::npos)
      << text;
}

TEST(RenderText, spans_over_lines_and_at_the_end_show_one_line) {
  Fixture f("p := {\n1}\n");
  f.diagnostics.add({Code::kSyntax, {f.file, 5, 9}, "all of it", "", {}, ""});
  f.diagnostics.add({Code::kSyntax, {f.file, 10, 10}, "the end", "", {}, ""});
  EXPECT_EQ(render_text(f.sources, f.diagnostics),
            "error[L0101]: all of it\n  --> registry.licet:1:6\n   |\n 1 | p := {\n   |      ^\n\n"
            "error[L0101]: the end\n  --> registry.licet:3:0\n   |\n 3 |\n   | ^\n\n2 errors\n");
}

TEST(RenderText, what_is_marked_may_be_a_part_of_what_is_told) {
  Fixture f("p if f(\n1, x)\n");
  f.diagnostics.add({Code::kArgumentType, f.span("x"), "wrong", "here", {}, "", 5});
  EXPECT_EQ(render_text(f.sources, f.diagnostics),
            "error[L0501]: wrong\n  --> registry.licet:1:6\n   |\n 2 | 1, x)\n   |    ^ here\n\n"
            "1 error\n");
}

TEST(RenderText, control_characters_of_the_source_do_not_reach_the_terminal) {
  Fixture f("p := \"\x1b[2J\xE2\x80\xAE\" \x80 x\n");
  f.add(Code::kSyntax, "x", "bad \x1b[1m");
  const std::string text = render_text(f.sources, f.diagnostics);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("p := \"?[2J?\" ? x"), std::string::npos) << text;
}

TEST(RenderText, colour_is_optional) {
  Fixture f("p := x\n");
  f.add(Code::kSyntax, "x", "here");
  EXPECT_EQ(render_text(f.sources, f.diagnostics, Color::kYes).substr(0, 7), "\x1b[1;31m");
  EXPECT_EQ(render_text(f.sources, f.diagnostics).find('\x1b'), std::string::npos);
  EXPECT_EQ(render_text(f.sources, Diagnostics()), "");
}

TEST(RenderJson, every_field_is_there) {
  Fixture f("p := 1\nq := x\n");
  f.diagnostics.add(
      {Code::kSyntax, f.span("x"), "message", "label", {{f.span("p"), "note"}}, "help", 7});
  const auto json = nlohmann::json::parse(render_json(f.sources, f.diagnostics));
  const auto expected = nlohmann::json::parse(R"([{
    "code": "L0101", "severity": "error", "rego_code": "rego_parse_error", "message": "message",
    "label": "label", "file": "registry.licet", "line": 2, "column": 1, "begin_line": 2,
    "begin_column": 6, "end_line": 2, "end_column": 7, "help": "help",
    "notes": [{"message": "note", "file": "registry.licet", "line": 1, "column": 1,
               "begin_line": 1, "begin_column": 1, "end_line": 1, "end_column": 2}]}])");
  EXPECT_EQ(json, expected);
  EXPECT_EQ(nlohmann::json::parse(render_json(f.sources, Diagnostics())), nlohmann::json::array());
}

TEST(RenderSarif, has_what_the_standard_requires) {
  Fixture f("q := \"\xC3\xA9\" x\n");
  f.add(Code::kSyntax, "x", "message", "label", "help");
  f.add(Code::kUnguardedOptional, "q", "other");
  const auto sarif = nlohmann::json::parse(render_sarif(f.sources, f.diagnostics));
  EXPECT_EQ(sarif["version"], "2.1.0");
  const auto& run = sarif["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["name"], "licet");
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 2U);
  EXPECT_EQ(run["results"][0]["ruleId"], "L0101");
  EXPECT_EQ(run["results"][0]["level"], "error");
  EXPECT_EQ(run["results"][1]["level"], "warning");
  EXPECT_EQ(run["results"][1]["ruleIndex"], 1);
  const auto& place = run["results"][0]["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "registry.licet");
  EXPECT_EQ(place["region"]["startColumn"], 10);
}

}  // namespace
}  // namespace licet::lang
