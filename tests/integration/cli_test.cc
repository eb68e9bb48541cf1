// The program `licet`, run as a shell runs it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/paths.h"
#include "tests/support/process.h"

namespace licet::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kPolicy = R"(package registry

permit read_model if request.action == "read"

permit deploy_model if {
	request.action == "deploy"
	"ml_engineer" in user.roles
	model.stage == "staging"
	reviewed
} obliges {"notify": model.owner}

reviewed if count(model.approvals) >= 2

forbid intern_deploys if {
	request.action == "deploy"
	"intern" in user.roles
} because $"interns cannot deploy {model.id}; ask {model.owner}"
	controls {"ISO-27001:A.5.15"}
)";

constexpr const char* kRead =
    R"({"user": {"roles": ["intern"]}, "model": {"id": "m1", "owner": "ann"}, "request": {"action": "read"}})";
constexpr const char* kInternDeploys =
    R"({"user": {"roles": ["intern"]}, "model": {"id": "m1", "owner": "ann"}, "request": {"action": "deploy"}})";
constexpr const char* kUnreviewed =
    R"({"user": {"roles": ["ml_engineer"]}, "model": {"id": "m1", "owner": "ann", "stage": "none", "approvals": ["x"]}, "request": {"action": "deploy"}})";

// Each test has a folder of its own, in which the program runs.
class Cli : public testing::Test {
 protected:
  void SetUp() override {
    if (!licet_binary()) GTEST_SKIP() << "the program `licet` is not built";
    const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / (std::string("licet_cli_") + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("policies/registry.licet", kPolicy);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) {
    std::stringstream text;
    text << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
    return text.str();
  }
  ProcessResult licet(const std::vector<std::string>& arguments, const std::string& input = {},
                      const std::string& output_path = {}) {
    return run_process(
        licet_binary()->string(), arguments,
        {.text = input, .folder = folder_.string(), .environment = {}, .output_path = output_path});
  }
  static std::vector<Json> json_lines(const std::string& text) {
    std::vector<Json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(Json::parse(line));
    return lines;
  }

  fs::path folder_;
};

// --- the program -------------------------------------------------------------------------------

TEST_F(Cli, help_and_version) {
  EXPECT_TRUE(licet({"--version"}).output.starts_with("licet "));
  const ProcessResult help = licet({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* command :
       {"check", "decide", "eval", "test", "explain", "bench", "fmt", "export", "disasm"}) {
    EXPECT_NE(help.output.find(std::string("\n  ") + command), std::string::npos) << command;
    const ProcessResult own = licet({command, "--help"});
    EXPECT_EQ(own.exit_code, 0) << command;
    EXPECT_NE(own.output.find("Exit codes"), std::string::npos) << command;
    EXPECT_NE(own.output.find("Examples:"), std::string::npos) << command;
  }
}

TEST_F(Cli, an_unknown_command_or_option_suggests_the_nearest) {
  const ProcessResult command = licet({"chek"});
  EXPECT_EQ(command.exit_code, 2);
  EXPECT_EQ(command.errors, "error: unknown command `chek`\nhelp: did you mean `check`?\n");
  const ProcessResult option = licet({"decide", "-p", "policies", "--pakage", "x"});
  EXPECT_EQ(option.exit_code, 2);
  EXPECT_EQ(option.errors, "error: unknown option `--pakage`\nhelp: did you mean `--package`?\n");
  EXPECT_EQ(licet({}).exit_code, 2);
}

TEST_F(Cli, output_that_cannot_be_written_is_an_error) {
  const ProcessResult full = licet({"eval", "1 + 1"}, {}, "/dev/full");
  EXPECT_EQ(full.exit_code, 2);
  EXPECT_EQ(full.errors, "error: cannot write to standard output: No space left on device\n");
}

// --- check -------------------------------------------------------------------------------------

TEST_F(Cli, check_counts_what_compiles) {
  const ProcessResult result = licet({"check", "policies"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result.output, "ok: 1 file, 1 rule, 3 decision rules\n");
  EXPECT_EQ(licet({"check", "-p", "policies", "-p", "policies/registry.licet"}).output,
            result.output);
}

TEST_F(Cli, check_shows_diagnostics_as_text_json_and_sarif) {
  write("bad.rego", "package bad\n\np if x\n");
  const ProcessResult text = licet({"check", "bad.rego"});
  EXPECT_EQ(text.exit_code, 2);
  EXPECT_NE(text.errors.find("error[L0301]"), std::string::npos) << text.errors;
  EXPECT_NE(text.errors.find("--> bad.rego:3:6"), std::string::npos) << text.errors;
  const ProcessResult json = licet({"check", "--json", "bad.rego"});
  EXPECT_EQ(json.exit_code, 2);
  const Json report = Json::parse(json.output);
  EXPECT_EQ(report["ok"], false);
  EXPECT_EQ(report["diagnostics"][0]["code"], "L0301");
  const ProcessResult sarif = licet({"check", "--sarif", "bad.rego"});
  EXPECT_EQ(sarif.exit_code, 2);
  EXPECT_EQ(Json::parse(sarif.output)["version"], "2.1.0");
}

TEST_F(Cli, policies_that_cannot_be_read_are_clear_errors) {
  EXPECT_EQ(licet({"check", "none"}).errors,
            "error: cannot read `none`: no such file or directory\n");
  fs::create_directories(folder_ / "nothing");
  EXPECT_EQ(licet({"check", "nothing"}).errors,
            "error: cannot read `nothing`: the folder has no .licet or .rego file\n"
            "help: name the folder of the policies, or a file\n");
  write("empty.licet", "");
  write("binary.licet", std::string("\x7f"
                                    "ELF\0\xff\xfe\x01",
                                    8));
  for (const char* name : {"none", "nothing", "empty.licet", "binary.licet"}) {
    const ProcessResult result = licet({"check", name});
    EXPECT_EQ(result.exit_code, 2) << name;
    EXPECT_TRUE(result.errors.starts_with("error")) << result.errors;
  }
}

// --- decide ------------------------------------------------------------------------------------

TEST_F(Cli, the_exit_code_of_one_request_is_its_decision) {
  EXPECT_EQ(licet({"decide", "-p", "policies", "-"}, kRead).exit_code, 0);
  EXPECT_EQ(licet({"decide", "-p", "policies"}, kInternDeploys).exit_code, 1);
  EXPECT_EQ(licet({"decide", "-p", "policies"}, "{\"user\": {").exit_code, 2);
}

TEST_F(Cli, a_decision_is_a_json_line) {
  const auto lines = json_lines(licet({"decide", "-p", "policies"}, kInternDeploys).output);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0]["line"], 1);
  EXPECT_EQ(lines[0]["effect"], "deny");
  EXPECT_EQ(lines[0]["cause"], "forbidden");
  EXPECT_EQ(lines[0]["rules"], Json::array({"registry.intern_deploys"}));
  EXPECT_EQ(lines[0]["message"], "interns cannot deploy m1; ask ann");
  EXPECT_EQ(lines[0]["controls"], Json::array({"ISO-27001:A.5.15"}));
  EXPECT_TRUE(lines[0]["revision"].get<std::string>().starts_with("sha256:"));
}

TEST_F(Cli, a_bad_line_is_denied_and_the_others_go_on) {
  const std::string input = std::string(kRead) + "\nnonsense\n\n" + kInternDeploys + "\n";
  const ProcessResult result = licet({"decide", "-p", "policies"}, input);
  EXPECT_EQ(result.exit_code, 2);
  const auto lines = json_lines(result.output);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1]["line"], 2);
  EXPECT_EQ(lines[1]["effect"], "deny");
  EXPECT_EQ(lines[1]["cause"], "invalid_request");
  EXPECT_EQ(lines[2]["line"], 4);
  EXPECT_EQ(lines[2]["cause"], "forbidden");
}

TEST_F(Cli, several_requests_that_are_decided_end_well) {
  const std::string array = std::string("[") + kRead + ",\n" + kInternDeploys + "]";
  const ProcessResult result = licet({"decide", "-p", "policies"}, array);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(json_lines(result.output)[1]["line"], 2);
  EXPECT_EQ(licet({"decide", "-p", "policies"}, "[]").exit_code, 0);
}

TEST_F(Cli, requests_that_cannot_be_read_are_errors) {
  const ProcessResult empty = licet({"decide", "-p", "policies"}, "\n");
  EXPECT_EQ(empty.exit_code, 2);
  EXPECT_EQ(empty.errors, "error: there is no request in the input\n");
  EXPECT_EQ(licet({"decide", "-p", "policies", "policies"}).errors,
            "error: cannot read `policies`: it is a folder\n");
  EXPECT_EQ(licet({"decide", "-p", "policies", "none.json"}).exit_code, 2);
  EXPECT_EQ(licet({"decide", "-p", "policies"}, "[{}").exit_code, 2);
}

TEST_F(Cli, decide_can_be_restricted_to_a_package) {
  write("policies/other.licet", "package other\n\nforbid everything if true\n");
  const ProcessResult all = licet({"decide", "-p", "policies"}, kRead);
  EXPECT_EQ(all.exit_code, 1) << all.output;
  EXPECT_EQ(licet({"decide", "-p", "policies", "--package", "registry"}, kRead).exit_code, 0);
}

// --- eval --------------------------------------------------------------------------------------

TEST_F(Cli, eval_prints_bindings) {
  EXPECT_EQ(licet({"eval", "x := [1, {2}]; y := 3"}).output,
            "{\"result\":[{\"x\":[1,[2]],\"y\":3}]}\n");
  EXPECT_EQ(licet({"eval", "1 + 1"}).output, "{\"result\":[{\"$\":2}]}\n");
  EXPECT_EQ(licet({"eval", "-p", "policies", "-i", "-", "data.registry.permits"}, kRead).output,
            "{\"result\":[{\"$\":[\"read_model\"]}]}\n");
}

TEST_F(Cli, an_undefined_query_fails_on_demand) {
  EXPECT_EQ(licet({"eval", "data.nothing"}).exit_code, 0);
  const ProcessResult result = licet({"eval", "--fail", "data.nothing"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.output, "{\"result\":[]}\n");
}

TEST_F(Cli, eval_reads_data_and_input_as_json_and_yaml) {
  write("a.json", R"({"models": {"m1": {"tier": 1}}})");
  write("b.yaml", "models:\n  m2: {tier: 2}\n");
  write("input.yml", "id: m2\n");
  EXPECT_EQ(licet({"eval", "-d", "a.json", "-d", "b.yaml", "-i", "input.yml",
                   "data.models[input.id].tier"})
                .output,
            "{\"result\":[{\"$\":2}]}\n");
  write("c.yaml", "models: {m1: {tier: 3}}\n");
  const ProcessResult conflict = licet({"eval", "-d", "a.json", "-d", "c.yaml", "data"});
  EXPECT_EQ(conflict.exit_code, 2);
  EXPECT_EQ(conflict.errors,
            "error: `data.models.m1.tier` has a value in `a.json` and another in `c.yaml`\n"
            "help: keep it in one of the two; only objects are merged\n");
}

TEST_F(Cli, eval_tells_errors_by_code) {
  const ProcessResult strict = licet({"eval", "--strict-errors", "x := 1 / 0"});
  EXPECT_EQ(strict.exit_code, 2);
  EXPECT_EQ(Json::parse(strict.output)["error"], "eval_builtin_error");
  const ProcessResult undefined = licet({"eval", "x := 1 / 0"});
  EXPECT_EQ(undefined.exit_code, 0);
  EXPECT_TRUE(undefined.errors.starts_with("warning: ")) << undefined.errors;
  EXPECT_EQ(licet({"eval", "x ="}).exit_code, 2);
}

TEST_F(Cli, eval_lines_answer_in_order_and_survive_bad_ones) {
  const std::string input =
      R"json({"id": "a", "modules": ["package t\n\np := {1, 2}"], "query": "data.t.p"}
{"id": "b", "query": "x = {1}", "terms": true}
nonsense

{"id": "c", "query": "x ="}
{"id": "d", "modules": ["package t\n\np if 1 / 0 > 0"], "query": "data.t.p", "strict_error": true}
{"id": "e", "query": "input = x", "has_input": false, "input": 1}
{"id": "f", "query": "input = x", "input_term": "{1, 2}"}
{"id": "g", "query": "x := time.now_ns()", "time_ns": 5}
{"id": "h", "data": [1], "query": "data"}
[1]
{"id": "i", "query": "input = null", "input": null}
{"id": "j", "query": "count([1])"}
{"id": "k", "query": "data.m[input.k].t", "data": {"m": {"a": {"t": 2}}}, "input": {"k": "a"}})json";
  const ProcessResult result = licet({"eval", "--jsonl"}, input);
  EXPECT_EQ(result.exit_code, 0);
  const auto lines = json_lines(result.output);
  ASSERT_EQ(lines.size(), 13U) << result.output;
  EXPECT_EQ(lines[0], Json::parse(R"({"id": "a", "result": [{"$": [1, 2]}]})"));
  EXPECT_EQ(lines[1],
            Json::parse(R"({"id": "b", "result": [{"x": [1]}], "terms": [{"x": "{1}"}]})"));
  EXPECT_EQ(lines[2]["error"], "bad_request");
  EXPECT_EQ(lines[3]["error"], "rego_parse_error");
  EXPECT_EQ(lines[4]["error"], "eval_builtin_error");
  EXPECT_EQ(lines[5]["result"], Json::array());
  EXPECT_EQ(lines[6]["result"], Json::parse(R"([{"x": [1, 2]}])"));
  EXPECT_EQ(lines[7]["result"], Json::parse(R"([{"x": 5}])"));
  EXPECT_EQ(lines[8]["error"], "bad_data");
  EXPECT_EQ(lines[9]["error"], "bad_request");
  EXPECT_EQ(lines[10]["result"], Json::parse("[{}]"));
  EXPECT_EQ(lines[11]["result"], Json::parse("[{}]"));
  EXPECT_EQ(lines[12]["result"], Json::parse(R"([{"$": 2}])"));
}

// --- test --------------------------------------------------------------------------------------

constexpr const char* kTests = R"(package registry

import data.cases

test_intern_is_refused if {
	"intern_deploys" in data.registry.forbids with user as {"roles": ["intern"]}
		with request as {"action": "deploy"}
		with model as {"id": "m", "owner": "o"}
}

test_wrong_sum if {
	sum := 1 + 1
	sum == 3
}

test_conflict if conflicting == 1

conflicting := 1

conflicting := 2

test_cases[note] if {
	some note, c in cases
	c.got == c.want
}
)";
constexpr const char* kCases =
    R"({"cases": {"good": {"got": 1, "want": 1}, "bad": {"got": 2, "want": 3}}})";

TEST_F(Cli, tests_tell_what_failed_and_on_which_values) {
  write("policies/registry_test.licet", kTests);
  write("cases.json", kCases);
  const ProcessResult result = licet({"test", "policies", "-d", "cases.json"});
  EXPECT_EQ(result.exit_code, 1) << result.errors;
  EXPECT_EQ(result.output,
            "FAIL  registry.test_cases[bad]  policies/registry_test.licet:22\n"
            "  policies/registry_test.licet:24: c.got == c.want\n"
            "      c.got  = 2\n"
            "      c.want = 3\n"
            "ERROR  registry.test_conflict  policies/registry_test.licet:16\n"
            "  policies/registry_test.licet:20: eval_conflict_error: rule "
            "data.registry.conflicting produced conflicting values\n"
            "FAIL  registry.test_wrong_sum  policies/registry_test.licet:11\n"
            "  policies/registry_test.licet:13: sum == 3\n"
            "      sum = 2\n"
            "5 tests: 2 passed, 3 failed\n");
}

TEST_F(Cli, tests_are_chosen_by_name_and_written_as_junit) {
  write("policies/registry_test.licet", kTests);
  write("cases.json", kCases);
  const ProcessResult chosen =
      licet({"test", "-p", "policies", "--run", "intern", "-v", "--junit", "out.xml"});
  EXPECT_EQ(chosen.exit_code, 0) << chosen.output << chosen.errors;
  EXPECT_TRUE(chosen.output.starts_with("PASS  registry.test_intern_is_refused"));
  const std::string xml = read("out.xml");
  EXPECT_NE(xml.find("<testsuite name=\"registry\" tests=\"1\" failures=\"0\""), std::string::npos)
      << xml;
  const ProcessResult json = licet({"test", "policies", "-d", "cases.json", "--json"});
  EXPECT_EQ(json.exit_code, 1);
  const Json report = Json::parse(json.output);
  EXPECT_EQ(report["passed"], 2);
  EXPECT_EQ(report["failed"], 3);
  EXPECT_EQ(licet({"test", "policies", "--run", "("}).exit_code, 2);
  EXPECT_EQ(licet({"test", "none"}).exit_code, 2);
}

// --- explain -----------------------------------------------------------------------------------

TEST_F(Cli, explain_shows_each_part_with_its_values_and_what_to_change) {
  const ProcessResult result = licet({"explain", "-p", "policies"}, kUnreviewed);
  EXPECT_EQ(result.exit_code, 1) << result.errors;
  EXPECT_EQ(result.output,
            "deny (no_permit): no permit applies\n"
            "\n"
            "permit registry.read_model fails in 1 of 1 part  policies/registry.licet:3\n"
            "  ✗ request.action == \"read\"   request.action = \"deploy\"\n"
            "\n"
            "permit registry.deploy_model fails in 2 of 4 parts  policies/registry.licet:5\n"
            "  ✓ request.action == \"deploy\"    request.action = \"deploy\"\n"
            "  ✓ \"ml_engineer\" in user.roles   user.roles = [\"ml_engineer\"]\n"
            "  ✗ model.stage == \"staging\"      model.stage = \"none\"\n"
            "  ✗ reviewed                      reviewed has no value\n"
            "      data.registry.reviewed fails in 1 of 1 part  policies/registry.licet:12\n"
            "        ✗ count(model.approvals) >= 2   model.approvals = [\"x\"]\n"
            "\n"
            "What would have to be different:\n"
            "  registry.read_model would permit it with `request.action == \"read\"`\n"
            "  registry.deploy_model would permit it with `model.stage == \"staging\"` and "
            "`reviewed`\n");
}

TEST_F(Cli, explain_names_the_forbids_that_hold_and_the_permits_behind_them) {
  const ProcessResult result = licet({"explain", "-p", "policies", "--json", "--line", "2"},
                                     std::string(kRead) + "\n" + kInternDeploys + "\n");
  EXPECT_EQ(result.exit_code, 1) << result.errors;
  const Json report = Json::parse(result.output);
  EXPECT_EQ(report["decision"]["cause"], "forbidden");
  EXPECT_EQ(report["rules"][0]["name"], "registry.intern_deploys");
  EXPECT_EQ(report["rules"][0]["truth"], "holds");
  EXPECT_EQ(report["changes"][0]["must"], "fail");
  EXPECT_EQ(report["changes"][1]["rule"], "registry.read_model");
  EXPECT_EQ(report["changes"][1]["must"], "hold");
}

TEST_F(Cli, explain_shows_what_is_unknown) {
  const ProcessResult result =
      licet({"explain", "-p", "policies"}, R"({"request": {"action": "deploy"}})");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.output.find("registry.intern_deploys is indeterminate"), std::string::npos);
  EXPECT_NE(result.output.find("? \"intern\" in user.roles"), std::string::npos) << result.output;
}

TEST_F(Cli, explain_says_by_which_index_rules_are_found) {
  std::string policy = "package many\n";
  for (int i = 0; i < 6; ++i) {
    policy +=
        "permit p" + std::to_string(i) + " if request.action == \"a" + std::to_string(i) + "\"\n";
  }
  write("many/many.licet", policy + "permit other if user.a == user.b\n");
  const ProcessResult all = licet({"explain", "--index", "-p", "many"});
  EXPECT_EQ(all.exit_code, 0) << all.errors;
  EXPECT_NE(all.output.find("permit: 7 bodies, 1 lookup\n"
                            "  found where input.request.action is a value: 6 bodies\n"
                            "    permit many.p0  (many/many.licet:2)\n"),
            std::string::npos)
      << all.output;
  EXPECT_NE(
      all.output.find("  tried each time: 1 body\n    permit many.other  (many/many.licet:8): "
                      "no literal ties a single attribute to constants\n"),
      std::string::npos)
      << all.output;
  write("request.json", R"({"request": {"action": "a3"}})");
  const ProcessResult one = licet({"explain", "--index", "-p", "many", "request.json"});
  EXPECT_NE(one.output.find("    this request: \"a3\": 1 found, 5 skipped\n    permit many.p3  "),
            std::string::npos)
      << one.output;
  const Json json =
      Json::parse(licet({"explain", "--index", "--json", "-p", "many", "request.json"}).output);
  EXPECT_EQ(json["rules"][0]["groups"][0]["found"][0]["name"], "permit many.p3");
  EXPECT_NE(licet({"explain", "--index", "-p", "policies"}).output.find("no index"),
            std::string::npos);
}

TEST_F(Cli, explain_takes_one_request) {
  const ProcessResult two =
      licet({"explain", "-p", "policies"}, std::string(kRead) + "\n" + kRead + "\n");
  EXPECT_EQ(two.exit_code, 2);
  EXPECT_EQ(two.errors,
            "error: there is more than one request in the input\nhelp: pick one with --line N\n");
  EXPECT_EQ(licet({"explain", "-p", "policies"}, "{").exit_code, 2);
  EXPECT_EQ(licet({"explain", "-p", "policies"}, kRead).exit_code, 0);
}

// --- fmt and disasm ----------------------------------------------------------------------------

TEST_F(Cli, fmt_rewrites_checks_and_shows_differences) {
  write("p.rego", "package   p\nx:=1\n");
  const ProcessResult check = licet({"fmt", "--check", "p.rego"});
  EXPECT_EQ(check.exit_code, 1);
  EXPECT_EQ(check.output, "p.rego\n");
  const ProcessResult diff = licet({"fmt", "--diff", "p.rego"});
  EXPECT_EQ(diff.exit_code, 1);
  EXPECT_NE(diff.output.find("-package   p\n"), std::string::npos) << diff.output;
  EXPECT_EQ(read("p.rego"), "package   p\nx:=1\n");
  EXPECT_EQ(licet({"fmt", "p.rego"}).exit_code, 0);
  EXPECT_EQ(read("p.rego"), "package p\n\nx := 1\n");
  EXPECT_EQ(licet({"fmt", "--check", "p.rego"}).exit_code, 0);
  EXPECT_EQ(licet({"fmt"}, "package   p\nx:=1\n").output, "package p\n\nx := 1\n");
}

TEST_F(Cli, fmt_leaves_alone_what_it_cannot_read) {
  write("bad.rego", "package p\n\nx := \n");
  const ProcessResult result = licet({"fmt", "bad.rego"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(result.errors.starts_with("error[L0101]")) << result.errors;
  EXPECT_EQ(read("bad.rego"), "package p\n\nx := \n");
}

TEST_F(Cli, export_writes_rego_that_decides_the_same) {
  const ProcessResult result = licet({"export", "--to", "rego", "-p", "policies", "-o", "rego"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result.output, "rego/licet.rego\nrego/registry.rego\n");
  write("request.json", kInternDeploys);
  const ProcessResult cause =
      licet({"eval", "-p", "rego", "-i", "request.json", "data.licet.decision.messages[0]"});
  EXPECT_EQ(cause.exit_code, 0) << cause.errors;
  EXPECT_NE(cause.output.find("interns cannot deploy m1; ask ann"), std::string::npos)
      << cause.output;
  const ProcessResult other = licet({"export", "--to", "cedar", "-p", "policies"});
  EXPECT_EQ(other.exit_code, 2);
}

TEST_F(Cli, disasm_prints_bytecode) {
  const ProcessResult result = licet({"disasm", "policies"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_NE(result.output.find("data.registry.intern_deploys"), std::string::npos);
  EXPECT_NE(result.output.find("LoadSlot"), std::string::npos);
}

// --- bench -------------------------------------------------------------------------------------

TEST_F(Cli, bench_measures_what_deciding_costs) {
  write("requests.jsonl", std::string(kRead) + "\n" + kInternDeploys + "\n" + kRead + "\n");
  const ProcessResult result =
      licet({"bench", "-p", "policies", "--seconds", "0.01", "--json", "requests.jsonl"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const Json out = Json::parse(result.output);
  EXPECT_EQ(out["requests"], 3);
  EXPECT_EQ(out["rules"], 3);
  EXPECT_EQ(out["causes"], Json({{"permitted", 2}, {"forbidden", 1}}));
  EXPECT_GT(out["mean_steps"], 0);
  for (const char* const form : {"ready", "json"}) {
    EXPECT_GT(out[form]["decisions_per_second"], 0);
    EXPECT_GT(out[form]["p50_ns"], 0);
    EXPECT_LE(out[form]["p50_ns"], out[form]["p99_ns"]);
    EXPECT_LE(out[form]["p99_ns"], out[form]["max_ns"]);
    EXPECT_GE(out[form]["allocations"], 0);
  }
  EXPECT_EQ(out["cache_again"]["hits"], 3);
  EXPECT_EQ(out["cache_again"]["misses"], 0);
  const ProcessResult text =
      licet({"bench", "-p", "policies", "--seconds", "0.01", "requests.jsonl"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_NE(text.output.find("3 decision rules, 3 requests"), std::string::npos) << text.output;
  EXPECT_NE(text.output.find("all decided before:       100.0 % hit"), std::string::npos)
      << text.output;
}

// Of a few requests the cost of a new engine was reported as that of the cache.
TEST_F(Cli, bench_says_what_a_cache_brings_in_order_of_enough_requests_only) {
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += std::string(kRead) + "\n" + kInternDeploys + "\n";
  write("many.jsonl", requests);
  const Json many = Json::parse(
      licet({"bench", "-p", "policies", "--seconds", "0.01", "--json", "many.jsonl"}).output);
  EXPECT_EQ(many["cache_in_order"]["hits"], 98);
  EXPECT_EQ(many["cache_in_order"]["misses"], 2);
  EXPECT_EQ(many["cache_again"]["hits"], 100);
  write("few.jsonl", kRead);
  const Json few = Json::parse(
      licet({"bench", "-p", "policies", "--seconds", "0.01", "--json", "few.jsonl"}).output);
  EXPECT_TRUE(few["cache_in_order"].is_null());
  const ProcessResult text = licet({"bench", "-p", "policies", "--seconds", "0.01", "few.jsonl"});
  EXPECT_NE(text.output.find("too few requests to say"), std::string::npos) << text.output;
}

TEST_F(Cli, bench_says_how_far_indexes_narrow_rules_down) {
  std::string policy = "package many\n";
  for (int i = 0; i < 20; ++i) {
    const std::string number = std::to_string(i);
    policy += "permit p" + number + " if model.id == \"m" + number + "\"\n";
  }
  write("many.licet", policy);
  write("requests.jsonl", R"({"model":{"id":"m3"}})"
                          "\n"
                          R"({"model":{"id":"none"}})"
                          "\n");
  const ProcessResult result =
      licet({"bench", "-p", "many.licet", "--seconds", "0.01", "--json", "requests.jsonl"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(Json::parse(result.output)["indexes"],
            Json::parse(R"([{"name":"permit","bodies":20,"tried":0.5}])"));
  const ProcessResult text =
      licet({"bench", "-p", "many.licet", "--seconds", "0.01", "requests.jsonl"});
  EXPECT_NE(text.output.find("permit: 0.5 of 20 bodies tried"), std::string::npos) << text.output;
}

TEST_F(Cli, bench_says_what_is_wrong) {
  write("empty.jsonl", "\n");
  const ProcessResult empty = licet({"bench", "-p", "policies", "empty.jsonl"});
  EXPECT_EQ(empty.exit_code, 2);
  EXPECT_EQ(empty.errors, "error: there is no request in the input\n");
  EXPECT_EQ(licet({"bench", "-p", "policies", "missing.jsonl"}).exit_code, 2);
  write("plain.rego", "package plain\n\nimport rego.v1\n\nallow if input.x\n");
  write("one.jsonl", kRead);
  const ProcessResult plain = licet({"bench", "-p", "plain.rego", "one.jsonl"});
  EXPECT_EQ(plain.exit_code, 2);
  EXPECT_NE(plain.errors.find("there is nothing to decide"), std::string::npos) << plain.errors;
  write("requests.jsonl", kRead);
  for (const char* const seconds : {"0", "-1", "x", "1s", "1e9", "nan"}) {
    const ProcessResult wrong =
        licet({"bench", "-p", "policies", "--seconds", seconds, "requests.jsonl"});
    EXPECT_EQ(wrong.exit_code, 2) << seconds;
    EXPECT_NE(wrong.errors.find("--seconds takes a number"), std::string::npos) << wrong.errors;
  }
  write("broken.jsonl", std::string(kRead) + "\n{\"user\": \n" + kRead + "\n");
  const ProcessResult broken =
      licet({"bench", "-p", "policies", "--seconds", "0.001", "broken.jsonl"});
  EXPECT_EQ(broken.exit_code, 0);
  EXPECT_NE(broken.errors.find("1 of 3 requests cannot be decided"), std::string::npos)
      << broken.errors;
}

}  // namespace
}  // namespace licet::test
