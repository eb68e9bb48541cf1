// Runs the case files below tests/cases and the examples of the language reference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>

#include "eval/engine.h"
#include "eval/program/operands.h"
#include "eval/value_json.h"
#include "lang/compile.h"
#include "tests/cases/case_file.h"
#include "tests/support/paths.h"

namespace licet::test {
namespace {

bool updates() { return std::getenv("LICET_UPDATE_CASES") != nullptr; }

std::string source_folder() { return source_dir().string(); }

std::vector<std::string> all_files() {
  std::vector<std::string> files = case_files_below(source_folder() + "/tests/cases");
  files.push_back(source_folder() + "/lang/README.md");
  return files;
}

std::vector<lang::SourceText> sources_of(const Case& one) {
  std::vector<lang::SourceText> texts;
  for (std::size_t i = 0; i < one.modules.size(); ++i) {
    texts.push_back({"m" + std::to_string(i) + ".licet", one.modules[i]});
  }
  return texts;
}

// JSON, or undefined where there is none.
Value json_or_undefined(const std::string& text, Arena& arena) {
  if (text.empty()) return Value::undefined();
  const auto value = value_from_json(text, arena);
  EXPECT_TRUE(value.has_value()) << text << (value ? "" : value.error().message);
  return value ? value.value() : Value::undefined();
}

Value data_of(const Case& one, Arena& arena) {
  const Value data = json_or_undefined(one.data, arena);
  return data.is_undefined() ? Value::object({}, arena) : data;
}

std::string first_error(const lang::Compilation& compiled) {
  for (const lang::Diagnostic& diagnostic : compiled.diagnostics.all()) {
    const lang::CodeInfo& known = lang::info(diagnostic.code);
    if (known.severity == lang::Severity::kError) {
      return "error " + std::string(known.rego_code) + ": " + diagnostic.message;
    }
  }
  return "error";
}

std::string answer_of_query(const Case& one, const std::string& query) {
  Arena arena;
  lang::CompileOptions options;
  options.query = query;
  const lang::Compilation compiled = lang::compile(sources_of(one), data_of(one, arena), options);
  if (!compiled.program) return first_error(compiled);
  const auto rows = Engine(compiled.program).run_query(json_or_undefined(one.input, arena));
  if (!rows) return "error " + std::string(text_of(rows.error().code));
  if (rows.value().rows.empty()) return "undefined";
  std::string text;
  for (const auto& row : rows.value().rows) {
    text += text.empty() ? "" : " / ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string& name = rows.value().names[i];
      text += (i == 0 ? "" : ", ") + (name == "$" ? "" : name + " = ") + json_from_value(row[i]);
    }
    if (row.empty()) text += "true";
  }
  return text;
}

std::string answer_of_decision(const Case& one, const std::string& request) {
  Arena arena;
  const lang::Compilation compiled = lang::compile(sources_of(one), data_of(one, arena), {});
  if (!compiled.program) return first_error(compiled);
  const Decision decision = Engine(compiled.program).decide_json(request);
  std::string text =
      std::string(name_of(decision.effect())) + " " + std::string(name_of(decision.cause()));
  for (const DeterminingRule& rule : decision.rules()) text += " " + rule.package + "." + rule.name;
  for (const std::string& message : decision.messages()) text += " \"" + message + "\"";
  return text;
}

std::string answer(const Case& one, const std::string& question) {
  constexpr std::string_view kDecide = "decide ";
  if (question.starts_with(kDecide))
    return answer_of_decision(one, question.substr(kDecide.size()));
  return answer_of_query(one, question);
}

std::vector<std::string> diagnostics_of(const Case& one) {
  Arena arena;
  const lang::Compilation compiled = lang::compile(sources_of(one), data_of(one, arena), {});
  std::vector<std::string> lines;
  for (const lang::Diagnostic& diagnostic : compiled.diagnostics.all()) {
    const lang::Position at = lang::position_of(diagnostic, compiled.sources);
    std::string line = lang::text_of(diagnostic.code) + " " + std::to_string(at.line) + ":" +
                       std::to_string(at.column) + " " + diagnostic.message;
    if (!diagnostic.help.empty()) line += " (" + diagnostic.help + ")";
    lines.push_back(std::move(line));
  }
  return lines;
}

// Changes to a file, made from its end so that line numbers stay true.
struct Edit {
  std::size_t line = 0;
  std::size_t removed = 0;
  std::vector<std::string> added;
};

void rewrite(const CaseFile& file, std::vector<Edit> edits) {
  std::sort(edits.begin(), edits.end(),
            [](const Edit& a, const Edit& b) { return a.line > b.line; });
  std::vector<std::string> lines = file.lines;
  for (const Edit& edit : edits) {
    const auto at = lines.begin() + static_cast<std::ptrdiff_t>(edit.line);
    lines.erase(at, at + static_cast<std::ptrdiff_t>(edit.removed));
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(edit.line), edit.added.begin(),
                 edit.added.end());
  }
  std::ofstream out(file.path);
  for (const std::string& line : lines) out << line << "\n";
}

void check_answers(const CaseFile& file, const Case& one, std::vector<Edit>& edits) {
  for (const Line& line : one.expect) {
    const std::size_t arrow = line.text.find(" =>");
    if (line.text.empty()) continue;
    const std::string question = line.text.substr(0, arrow);
    const std::string wanted = arrow == std::string::npos || line.text.size() < arrow + 4
                                   ? ""
                                   : line.text.substr(arrow + 4);
    const std::string got = answer(one, question);
    if (updates()) {
      edits.push_back({line.number, 1, {question + " => " + got}});
    } else {
      EXPECT_EQ(got, wanted) << file.path << ":" << line.number + 1 << " " << question;
    }
  }
}

void check_diagnostics(const CaseFile& file, const Case& one, std::vector<Edit>& edits) {
  const std::vector<std::string> got = diagnostics_of(one);
  std::vector<std::string> wanted;
  for (const Line& line : one.diagnostics) wanted.push_back(line.text);
  if (updates()) {
    edits.push_back({one.diagnostics_begin, one.diagnostics.size(), got});
  } else {
    EXPECT_EQ(got, wanted) << file.path << " " << one.name;
  }
}

class CaseFiles : public testing::TestWithParam<std::string> {};

TEST_P(CaseFiles, answers_are_as_written) {
  const CaseFile file = read_case_file(GetParam());
  std::vector<Edit> edits;
  for (const Case& one : file.cases) {
    check_answers(file, one, edits);
    if (one.has_diagnostics) check_diagnostics(file, one, edits);
  }
  if (updates()) rewrite(file, std::move(edits));
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param.substr(source_folder().size() + 1);
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, CaseFiles, testing::ValuesIn(all_files()), test_name);

TEST(Registry, every_diagnostic_has_a_case) {
  std::set<std::string> shown;
  for (const std::string& path : all_files()) {
    for (const Case& one : read_case_file(path).cases) {
      for (const Line& line : one.diagnostics)
        shown.insert(line.text.substr(0, line.text.find(' ')));
    }
  }
  for (const lang::CodeInfo& info : lang::all_codes()) {
    // These need a text larger than a case file should be, or one that is not text; strict mode has
    // no case files. Unit tests show them.
    const std::set<lang::Code> elsewhere{lang::Code::kRuleTooLarge, lang::Code::kTooManyErrors,
                                         lang::Code::kTooNested, lang::Code::kBadUtf8,
                                         lang::Code::kUnusedImport};
    if (elsewhere.contains(info.code)) continue;
    EXPECT_TRUE(shown.contains(lang::text_of(info.code))) << info.name << ": " << info.summary;
  }
}

TEST(Registry, every_instruction_is_emitted_by_a_case) {
  std::set<Opcode> emitted;
  for (const std::string& path : all_files()) {
    for (const Case& one : read_case_file(path).cases) {
      for (const lang::Trace trace : {lang::Trace::kNo, lang::Trace::kYes}) {
        Arena arena;
        lang::CompileOptions options;
        options.trace = trace;
        options.query = "x = 1";
        const lang::Compilation compiled =
            lang::compile(sources_of(one), data_of(one, arena), options);
        if (!compiled.program) continue;
        for (const Instruction& instruction : compiled.program->code)
          emitted.insert(instruction.opcode);
      }
    }
  }
  for (std::size_t i = 0; i < program::kOpcodeCount; ++i) {
    const program::OpcodeInfo& info = program::kOpcodeInfos[i];
    EXPECT_TRUE(emitted.contains(static_cast<Opcode>(i))) << info.name << ": " << info.meaning;
  }
}

}  // namespace
}  // namespace licet::test
