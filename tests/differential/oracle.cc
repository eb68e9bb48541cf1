#include "tests/differential/oracle.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "eval/value_json.h"
#include "lang/compile.h"
#include "tests/support/process.h"
#include "tests/support/shared_data.h"

namespace licet::differential {
namespace {

namespace fs = std::filesystem;

void add_member(std::string& object, const char* name, const std::string& json) {
  object += (object.size() > 1 ? ",\"" : "\"") + std::string(name) + "\":" + json;
}

std::string json_text(const std::string& text) {
  std::string json;
  append_json_string(text, json);
  return json;
}

// The data and the input go in as they are: a JSON library would round their numbers.
std::string line_of(const Question& question, const std::string& document) {
  std::string modules;
  for (const std::string& module : question.modules) {
    modules += (modules.empty() ? "" : ",") + json_text(module);
  }
  std::string line = "{";
  add_member(line, "modules", "[" + modules + "]");
  add_member(line, "data", question.data);
  if (question.input.empty()) {
    add_member(line, "has_input", "false");
  } else {
    add_member(line, "input", question.input);
  }
  add_member(line, "query", json_text(document));
  if (question.strict_errors) add_member(line, "strict_error", "true");
  if (question.experimental) add_member(line, "experimental_keywords", "true");
  add_member(line, "terms", "true");
  return line + "}\n";
}

// OPA writes numbers as they were written, `1.0` and `1e3`; read and written again they are alike.
std::string normal_text(const std::string& term) {
  Arena arena;
  const auto value = lang::ground_term(term, arena);
  return value ? rego_text(*value) : term;
}

// Numbers may be larger than any that most readers of JSON take.
Outcome outcome_of(const std::string& line) {
  Arena arena;
  const auto read = value_from_json(line, arena);
  if (!read) return {"", "unreadable_answer", read.error().message, {}};
  const auto member = [&](const char* name) {
    return read.value().get(Value::string(name, arena));
  };
  const auto text = [](const Value& value) {
    return value.is_string() ? std::string(value.as_string()) : std::string();
  };
  if (const Value error = member("error"); error.is_defined()) {
    return {"", text(error), text(member("message")), {}};
  }
  const Value terms = member("terms");
  if (!terms.is_array() || terms.size() == 0) return {};
  // It gives variables with its own kind of name no value.
  const Value& first = terms.elements().front();
  if (first.size() == 0) return {"", "no_value", "", {}};
  return {normal_text(text(first.entries().front().value)), "", "", {}};
}

}  // namespace

std::unique_ptr<Oracle> Oracle::start(const std::string& program, const char* timeout) {
  int to[2];
  int from[2];
  if (!fs::is_regular_file(program) || pipe(to) != 0 || pipe(from) != 0) return nullptr;
  // An oracle that ends is an exception here, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  const pid_t child = fork();
  if (child < 0) return nullptr;
  if (child == 0) {
    dup2(to[0], STDIN_FILENO);
    dup2(from[1], STDOUT_FILENO);
    for (const int descriptor : {to[0], to[1], from[0], from[1]}) close(descriptor);
    execl(program.c_str(), program.c_str(), "-timeout", timeout, static_cast<char*>(nullptr));
    std::_Exit(127);
  }
  close(to[0]);
  close(from[1]);
  fcntl(to[1], F_SETFL, O_NONBLOCK);
  return std::unique_ptr<Oracle>(new Oracle(program, timeout, child, to[1], from[0]));
}

Oracle* Oracle::patient() {
  if (!patient_) patient_ = start(program_, "20s");
  return patient_.get();
}

Oracle::~Oracle() {
  if (child_ < 0) return;
  close(to_);
  close(from_);
  int status = 0;
  waitpid(child_, &status, 0);
}

void Oracle::write_some(std::string& text) const {
  const ssize_t count = write(to_, text.data(), text.size());
  if (count > 0) text.erase(0, static_cast<std::size_t>(count));
  if (count < 0 && errno != EAGAIN) throw std::runtime_error("the oracle does not read");
}

bool Oracle::read_some() {
  char chunk[1 << 16];
  const ssize_t count = read(from_, chunk, sizeof chunk);
  if (count <= 0) return false;
  read_.append(chunk, static_cast<std::size_t>(count));
  return true;
}

// Nudges were asked after everything else of their exchange, so their answers come first in the
// next one.
void Oracle::take_lines(std::vector<std::string>& lines, std::size_t count) {
  std::size_t begin = 0;
  while (lines.size() < count) {
    const std::size_t end = read_.find('\n', begin);
    if (end == std::string::npos) break;
    if (nudges_before_ > 0) {
      --nudges_before_;
    } else {
      lines.push_back(read_.substr(begin, end - begin));
    }
    begin = end + 1;
  }
  read_.erase(0, begin);
}

std::vector<std::string> Oracle::exchange(std::string text, std::size_t count) {
  // The oracle keeps its last answers until it is asked something else, so it is asked something.
  static const std::string kNudge = "{\"modules\":[],\"query\":\"1\"}\n";
  constexpr int kMostPatienceMs = 200;
  // Its time limit is one of evaluation; some modules take its compiler much longer.
  constexpr std::chrono::seconds kMostSilence{45};
  auto heard = std::chrono::steady_clock::now();
  int patience_ms = 2;  // grows: an answer may take seconds
  nudges_before_ += std::exchange(nudges_, 0);
  std::vector<std::string> lines;
  while (lines.size() < count || !text.empty()) {
    pollfd waited[] = {{from_, POLLIN, 0},
                       {to_, static_cast<short>(text.empty() ? 0 : POLLOUT), 0}};
    const int ready = poll(waited, 2, text.empty() ? patience_ms : kMostPatienceMs);
    if (std::chrono::steady_clock::now() - heard > kMostSilence) {
      throw std::runtime_error("the oracle does not answer");
    }
    if (ready == 0 && text.empty()) {
      text += kNudge;
      ++nudges_;
      patience_ms = std::min(2 * patience_ms, kMostPatienceMs);
      continue;
    }
    if ((waited[1].revents & POLLOUT) != 0) write_some(text);
    if ((waited[0].revents & (POLLIN | POLLHUP)) == 0) continue;
    if (!read_some()) throw std::runtime_error("the oracle has ended");
    heard = std::chrono::steady_clock::now();
    take_lines(lines, count);
  }
  return lines;
}

// Begins again with a program that has not ended.
void Oracle::restart() {
  kill(child_, SIGKILL);  // it may be at something that it does not stop for
  close(to_);
  close(from_);
  int status = 0;
  waitpid(child_, &status, 0);
  auto fresh = start(program_, timeout_);
  if (!fresh) throw std::runtime_error("the oracle cannot be run again");
  std::swap(child_, fresh->child_);
  std::swap(to_, fresh->to_);
  std::swap(from_, fresh->from_);
  fresh->child_ = -1;  // has ended and been closed
  read_.clear();
  nudges_ = 0;
  nudges_before_ = 0;
}

// Some calls take OPA more memory than there is, some modules much more time; all that were asked
// with one of them are asked again.
std::vector<Outcomes> Oracle::ask(const std::vector<Question>& questions) {
  try {
    return ask_together(questions);
  } catch (const std::runtime_error&) {
    restart();
  }
  std::vector<Outcomes> answers;
  if (questions.size() == 1) {
    answers.emplace_back(questions.front().documents.size(), Outcome{"", "oracle_panic", "", {}});
    return answers;
  }
  const auto middle = questions.begin() + static_cast<std::ptrdiff_t>(questions.size() / 2);
  for (Outcomes& outcomes : ask({questions.begin(), middle}))
    answers.push_back(std::move(outcomes));
  for (Outcomes& outcomes : ask({middle, questions.end()})) answers.push_back(std::move(outcomes));
  return answers;
}

std::vector<Outcomes> Oracle::ask_together(const std::vector<Question>& questions) {
  std::string text;
  std::size_t count = 0;
  for (const Question& question : questions) {
    for (const std::string& document : question.documents) text += line_of(question, document);
    count += question.documents.size();
  }
  const std::vector<std::string> lines = exchange(std::move(text), count);
  std::vector<Outcomes> answers;
  auto line = lines.begin();
  for (const Question& question : questions) {
    Outcomes& outcomes = answers.emplace_back();
    while (outcomes.size() < question.documents.size()) outcomes.push_back(outcome_of(*line++));
  }
  return answers;
}

std::unique_ptr<Oracle> find_oracle(const std::string& build_folder, std::string& why_not) {
  if (const char* given = std::getenv("LICET_ORACLE"); given != nullptr && *given != '\0') {
    auto oracle = Oracle::start(given);
    if (!oracle) why_not = "LICET_ORACLE names no program";
    return oracle;
  }
  const auto shared = test::shared_folder();
  if (!shared) {
    why_not = "neither LICET_ORACLE nor LICET_SHARED is set";
    return nullptr;
  }
  fs::create_directories(build_folder);
  const std::string program = (fs::absolute(build_folder) / "oracle").string();
  test::ProcessInput input;
  input.folder = *shared + "/oracle";
  const auto built = test::run_process("/bin/sh", {"-c", "go build -o '" + program + "' ."}, input);
  if (built.exit_code == 0) return Oracle::start(program);
  why_not =
      "LICET_SHARED/oracle cannot be built: " + built.errors.substr(0, built.errors.find('\n'));
  return nullptr;
}

}  // namespace licet::differential
