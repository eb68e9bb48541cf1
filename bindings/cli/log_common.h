// What the commands below `licet log` have in common.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/cli/arguments.h"
#include "bindings/cli/output.h"
#include "eval/log_read.h"
#include "eval/value.h"

namespace licet::cli {

// DIR and --key URI.
struct LogPlace {
  std::optional<std::string> folder;
  std::optional<std::string> key;
};
void log_place_options(CommandLine& command_line, LogPlace& place);

void print_log_error(const log::LogError& error);
// nullptr: what is wrong was printed.
std::shared_ptr<log::KeyProvider> keys_or_report(const LogPlace& place);
std::unique_ptr<log::LogReader> reader_or_report(const LogPlace& place);

// An entry taken apart. All values live in the arena that it was read into.
struct EntryView {
  std::uint64_t index = 0;
  std::string_view text;
  Value value;

  std::string_view member(std::string_view key) const;  // a string; empty if it is none
  std::string_view kind() const { return member("kind"); }
  Value read(std::string_view path) const { return value.get("read").get(path); }
};
std::string text_of_value(const Value& value);  // a string as it is, anything else as JSON

// Entries in order, with a progress line; `each` answers false to stop. kError: what is wrong was
// printed.
ExitCode for_each_entry(log::LogReader& reader, std::string_view verb,
                        const std::function<bool(const EntryView&)>& each);

// PATH=VALUE, PATH!=VALUE: a member of the entry (effect=deny, rules=registry.deploy) or an
// attribute that was read (user.id=ann; tokens are compared with the token of the value).
class EntryFilter {
 public:
  // An error: what is not a filter.
  static std::optional<std::string> parse(const std::vector<std::string>& texts,
                                          EntryFilter& filter);
  bool matches(const EntryView& entry, const log::LogReader& reader) const;

 private:
  struct Term {
    std::string path;
    std::string value;
    bool is_negated = false;
  };
  std::vector<Term> terms_;
};

// The checkpoints that were kept outside. False: one is none, and that was printed.
bool read_anchors(const std::vector<std::string>& paths, std::vector<std::string>& anchors);

std::string entries_text(std::uint64_t count);  // "1 entry", "2 entries"
// One line for people: index, time, effect, cause, rules, message.
std::string entry_line(const EntryView& entry);
struct FoundEntry {
  std::uint64_t index = 0;
  std::string decision_id;  // empty: it is no decision
};
// The first entry with this decision id, or with this index; nullopt: none, and that was printed.
std::optional<FoundEntry> find_entry(log::LogReader& reader, const std::string& id);

ExitCode run_log_verify(std::vector<std::string> arguments);
ExitCode run_log_show(std::vector<std::string> arguments);
ExitCode run_log_grep(std::vector<std::string> arguments);
ExitCode run_log_tail(std::vector<std::string> arguments);
ExitCode run_log_stats(std::vector<std::string> arguments);
ExitCode run_log_prove(std::vector<std::string> arguments);
ExitCode run_log_verify_proof(std::vector<std::string> arguments);
ExitCode run_log_replay(std::vector<std::string> arguments);
ExitCode run_log_export(std::vector<std::string> arguments);
ExitCode run_log_outcome(std::vector<std::string> arguments);
ExitCode run_log_erase(std::vector<std::string> arguments);
ExitCode run_log_rotate(std::vector<std::string> arguments);
ExitCode run_log_key(std::vector<std::string> arguments);

}  // namespace licet::cli
