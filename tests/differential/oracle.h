// OPA behind a line protocol: one JSON line in, one out, in the same order. The program reads
//   {"modules": [text...], "data", "input" | "has_input": false, "query", "strict_error",
//    "experimental_keywords", "terms": true}
// and answers {"result": [...], "terms": [{name: Rego text}]} or {"error": code, "message"}.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/differential/licet_side.h"

namespace licet::differential {

class Oracle {
 public:
  // Runs the program as long as this lives. Null if it cannot be run.
  static std::unique_ptr<Oracle> start(const std::string& program, const char* timeout = "2s");
  ~Oracle();
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  // The same program with ten times as much time for a question; runs from the first call on.
  Oracle* patient();

  // Ends the program and runs it anew.
  void restart();

  // What the program ends of has the outcome oracle_panic. Throws std::runtime_error if it cannot
  // be run again.
  std::vector<Outcomes> ask(const std::vector<Question>& questions);

 private:
  Oracle(std::string program, const char* timeout, pid_t child, int to, int from)
      : program_(std::move(program)), timeout_(timeout), child_(child), to_(to), from_(from) {}
  std::vector<Outcomes> ask_together(const std::vector<Question>& questions);
  // Writes `text` while reading, until `count` more lines are there.
  std::vector<std::string> exchange(std::string text, std::size_t count);
  void write_some(std::string& text) const;
  bool read_some();
  void take_lines(std::vector<std::string>& lines, std::size_t count);

  std::string program_;
  const char* timeout_;  // a literal
  std::unique_ptr<Oracle> patient_;
  pid_t child_;
  int to_;
  int from_;
  std::string read_;  // not yet a whole line
  // Whose answers are still to come: after all that is asked now, and before.
  std::size_t nudges_ = 0;
  std::size_t nudges_before_ = 0;
};

// LICET_ORACLE, or else one built from LICET_SHARED/oracle with Go into `build_folder`. Null with
// the reason in `why_not`.
std::unique_ptr<Oracle> find_oracle(const std::string& build_folder, std::string& why_not);

}  // namespace licet::differential
