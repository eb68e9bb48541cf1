#include "bindings/cli/eval_lines.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "bindings/cli/json_text.h"
#include "eval/engine.h"
#include "eval/number.h"
#include "lang/compile.h"

namespace licet::cli {
namespace {

// Ends the answer to one line with an error; caught in answer_line.
struct Refused {
  std::string code;
  std::string message;
};

struct Question {
  std::string id_json;  // empty: none was given
  std::vector<lang::SourceText> modules;
  Value data;
  Value input;  // undefined: there is none
  std::string query;
  bool strict_error = false;
  bool wants_terms = false;
  std::optional<std::int64_t> time_ns;
};

[[noreturn]] void refuse(std::string code, std::string message) {
  throw Refused{std::move(code), std::move(message)};
}

// The field, which may be absent or null.
Value optional_field(const Value& line, std::string_view name) {
  const Value field = line.get(name);
  return field.is_null() ? Value::undefined() : field;
}

bool flag_of(const Value& line, std::string_view name, bool otherwise) {
  const Value field = optional_field(line, name);
  if (field.is_undefined()) return otherwise;
  if (!field.is_bool()) refuse("bad_request", "`" + std::string(name) + "` must be true or false");
  return field.as_bool();
}

std::string text_of(const Value& value, const std::string& what) {
  if (!value.is_string()) refuse("bad_request", what + " must be a string");
  return std::string(value.as_string());
}

std::vector<lang::SourceText> modules_of(const Value& line) {
  std::vector<lang::SourceText> modules;
  const Value texts = optional_field(line, "modules");
  if (texts.is_undefined()) return modules;
  if (!texts.is_array()) refuse("bad_request", "`modules` must be an array of texts");
  for (const Value& text : texts.elements()) {
    modules.push_back({"m" + std::to_string(modules.size()) + ".rego", text_of(text, "a module")});
  }
  return modules;
}

Value data_of(const Value& line, Arena& arena) {
  const Value data = optional_field(line, "data");
  if (data.is_undefined()) return Value::object({}, arena);
  if (!data.is_object()) refuse("bad_data", "`data` must be an object");
  return data;
}

Value input_of(const Value& line, Arena& arena) {
  const Value term = optional_field(line, "input_term");
  if (term.is_defined()) {
    const auto input = lang::ground_term(text_of(term, "`input_term`"), arena);
    if (!input) refuse("bad_input", "`input_term` is not a ground term");
    return *input;
  }
  // A null that is given is an input; a field that is missing is none.
  return flag_of(line, "has_input", true) ? line.get("input") : Value::undefined();
}

Question question_of(const Value& line, Arena& arena) {
  Question question;
  question.modules = modules_of(line);
  question.query = text_of(line.get("query"), "`query`");
  question.strict_error = flag_of(line, "strict_error", false);
  question.wants_terms = flag_of(line, "terms", false);
  const Value time = optional_field(line, "time_ns");
  if (time.is_defined()) {
    if (!time.is_number() || !number_to_int64(time)) {
      refuse("bad_request", "`time_ns` must be an integer of 64 bits");
    }
    question.time_ns = number_to_int64(time);
  }
  question.data = data_of(line, arena);
  question.input = input_of(line, arena);
  return question;
}

// The one that OPA would tell first.
const lang::Diagnostic* first_error(const lang::Diagnostics& diagnostics) {
  const auto found = std::find_if(
      diagnostics.all().begin(), diagnostics.all().end(), [](const lang::Diagnostic& diagnostic) {
        return lang::info(diagnostic.code).severity == lang::Severity::kError;
      });
  return found == diagnostics.all().end() ? nullptr : &*found;
}

std::shared_ptr<const Program> program_of(const Question& question) {
  lang::CompileOptions options;
  options.bare_call = lang::BareCall::kTest;
  options.query = question.query;
  const lang::Compilation compilation = lang::compile(question.modules, question.data, options);
  if (const lang::Diagnostic* error = first_error(compilation.diagnostics)) {
    const lang::Position at = lang::position_of(*error, compilation.sources);
    refuse(std::string(lang::info(error->code).rego_code),
           compilation.sources[error->span.source].name() + ":" + std::to_string(at.line) + ":" +
               std::to_string(at.column) + ": " + error->message);
  }
  if (!compilation.program) refuse("internal_error", "no program and no diagnostic");
  return compilation.program;
}

Rows rows_of(const Question& question) {
  EngineOptions options;
  if (question.strict_error) options.builtin_errors = BuiltinErrors::kFail;
  const Engine engine(program_of(question), std::move(options));
  // The oracle's clock stands still, so that answers can be compared.
  constexpr std::int64_t kOraclesTime = 1'700'000'000'000'000'000;
  CallOptions call;
  call.now_ns = question.time_ns.value_or(kOraclesTime);
  call.seed = 1;
  auto rows = engine.run_query(question.input, call);
  if (!rows) refuse(std::string(licet::text_of(rows.error().code)), licet::text_of(rows.error()));
  return std::move(rows).value();
}

void add_rows(const Rows& rows, bool wants_terms, JsonObject& answer) {
  JsonArray result;
  JsonArray terms;
  for (const std::vector<Value>& row : rows.rows) {
    JsonObject values;
    JsonObject texts;
    for (std::size_t column = 0; column < row.size(); ++column) {
      if (row[column].is_undefined()) continue;
      values.value(rows.names[column], row[column]);
      if (wants_terms) texts.string(rows.names[column], rego_text(row[column]));
    }
    result.add_raw(values.text());
    if (wants_terms) terms.add_raw(texts.text());
  }
  answer.raw("result", result.text());
  if (wants_terms) answer.raw("terms", terms.text());
}

JsonObject answer_with_id(const std::string& id_json) {
  JsonObject answer;
  if (!id_json.empty()) answer.raw("id", id_json);
  return answer;
}

}  // namespace

std::string answer_line(std::string_view text) {
  std::string id_json;
  try {
    Arena arena;
    const auto line = value_from_json(text, arena);
    if (!line) refuse("bad_request", line.error().message);
    if (!line.value().is_object()) refuse("bad_request", "a line must hold an object");
    const Value id = line.value().get("id");
    if (id.is_defined()) id_json = json_from_value(id);
    const Question question = question_of(line.value(), arena);
    const Rows rows = rows_of(question);
    JsonObject answer = answer_with_id(id_json);
    add_rows(rows, question.wants_terms, answer);
    return answer.text();
  } catch (const Refused& refused) {
    JsonObject answer = answer_with_id(id_json);
    answer.string("error", refused.code).string("message", refused.message);
    return answer.text();
  }
}

ExitCode answer_lines(LineReader& lines) {
  while (const auto line = lines.next()) {
    const std::string answer = line->is_too_long
                                   ? R"({"error":"bad_request","message":"the line is too long"})"
                                   : answer_line(line->text);
    print(answer);
    print("\n");
    if (lines.would_wait()) flush();
  }
  if (!lines.error()) return ExitCode::kOk;
  print_error(lines.error()->message, lines.error()->help);
  return ExitCode::kError;
}

}  // namespace licet::cli
