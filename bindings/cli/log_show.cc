// licet log show, grep, tail: entries as lines for people, or as they are.
#include <charconv>
#include <deque>

#include "bindings/cli/log_common.h"
#include "bindings/cli/terminal.h"
#include "eval/log_entry.h"
#include "eval/value_json.h"

namespace licet::cli {
namespace {

constexpr std::string_view kShowFooter =
    "LOG, then the decision id or index of one entry: printed in full. Without it, all entries.\n"
    "At a terminal one line an entry, else as they stand in the log: canonical JSON.\n"
    "--reveal decrypts what is encrypted for a data subject whose key still is.\n"
    "\n"
    "Exit codes: 0 found, 1 there is no such entry, 2 the log cannot be read.";

constexpr std::string_view kGrepFooter =
    "FILTER is PATH=VALUE or PATH!=VALUE; all must hold. PATH is a member of the entry (effect,\n"
    "cause, rules, controls, kind, ...) or an attribute that was read (user.id, model.stage). An\n"
    "attribute that the log holds as a token is compared with the token of VALUE.\n"
    "\n"
    "Exit codes: 0 some match, 1 none does, 2 the log cannot be read.\n"
    "\n"
    "Example:\n"
    "  licet log grep decisions -k file:log.key effect=deny user.id=ann";

struct Form {
  bool json = false;
  bool reveal = false;

  bool is_json() const { return json || !output_terminal().is_terminal; }
};

std::string revealed_text(const EntryView& entry, const log::LogReader& reader) {
  Arena arena;
  const Value read = entry.value.get("read");
  if (!read.is_object()) return std::string(entry.text);
  std::vector<Entry> members;
  for (const Entry& member : entry.value.entries()) members.push_back(member);
  std::vector<Entry> values;
  for (const Entry& value : read.entries()) {
    values.push_back({value.key, reader.revealed(value.value, value.key.as_string(),
                                                 entry.member("subject"), arena)});
  }
  for (Entry& member : members) {
    if (member.key.as_string() == "read") member.value = Value::object(values, arena);
  }
  return json_from_value(Value::object(members, arena));
}

void print_entry(const EntryView& entry, const Form& form, const log::LogReader& reader) {
  if (!form.is_json()) return print(entry_line(entry) + "\n");
  print((form.reveal ? revealed_text(entry, reader) : std::string(entry.text)) + "\n");
}

void form_options(CommandLine& command_line, Form& form) {
  command_line.flag("--json", form.json, "canonical JSON also at a terminal");
  command_line.flag("--reveal", form.reveal, "decrypt personal values (JSON only)");
}

}  // namespace

ExitCode run_log_show(std::vector<std::string> words) {
  LogPlace place;
  Form form;
  std::optional<std::string> id;
  CommandLine command_line("log show", "Prints entries of a log.", std::string(kShowFooter));
  log_place_options(command_line, place);
  command_line.positional("ENTRY", id, "a decision id or an index");
  form_options(command_line, form);
  if (const auto code = command_line.parse(std::move(words))) return *code;
  const auto reader = reader_or_report(place);
  if (!reader) return ExitCode::kError;
  std::optional<std::uint64_t> wanted;
  if (id) {
    const auto found = find_entry(*reader, *id);
    if (found) wanted = found->index;
    if (!wanted) return ExitCode::kNo;
    reader->rewind();
    form.json = true;
  }
  return for_each_entry(*reader, "read", [&](const EntryView& entry) {
    if (!wanted || *wanted == entry.index) print_entry(entry, form, *reader);
    return !wanted || entry.index < *wanted;
  });
}

ExitCode run_log_grep(std::vector<std::string> words) {
  LogPlace place;
  Form form;
  std::vector<std::string> filters;
  bool count_only = false;
  CommandLine command_line("log grep", "Prints the entries that match all filters.",
                           std::string(kGrepFooter));
  log_place_options(command_line, place);
  command_line.positional("FILTER", filters, "PATH=VALUE or PATH!=VALUE");
  command_line.flag("--count", count_only, "print only how many match");
  form_options(command_line, form);
  if (const auto code = command_line.parse(std::move(words))) return *code;
  EntryFilter filter;
  if (const auto wrong = EntryFilter::parse(filters, filter)) return command_line.misused(*wrong);
  const auto reader = reader_or_report(place);
  if (!reader) return ExitCode::kError;
  std::uint64_t count = 0;
  const ExitCode code = for_each_entry(*reader, "searched", [&](const EntryView& entry) {
    if (!filter.matches(entry, *reader)) return true;
    ++count;
    if (!count_only) print_entry(entry, form, *reader);
    return true;
  });
  if (code != ExitCode::kOk) return code;
  if (count_only) print(std::to_string(count) + "\n");
  return count > 0 ? ExitCode::kOk : ExitCode::kNo;
}

ExitCode run_log_tail(std::vector<std::string> words) {
  LogPlace place;
  Form form;
  std::optional<std::string> count_text;
  CommandLine command_line("log tail", "Prints the last entries of a log.",
                           "Exit codes: 0 read, 2 the log cannot be read.");
  log_place_options(command_line, place);
  command_line.option("-n,--lines", count_text, "COUNT", "how many; default 10");
  form_options(command_line, form);
  if (const auto code = command_line.parse(std::move(words))) return *code;
  std::size_t wanted = 10;
  if (count_text) {
    const char* const end = count_text->data() + count_text->size();
    const auto [at, error] = std::from_chars(count_text->data(), end, wanted);
    if (error != std::errc() || at != end || wanted > 1'000'000) {
      return command_line.misused("-n takes a number up to 1,000,000");
    }
  }
  const auto reader = reader_or_report(place);
  if (!reader) return ExitCode::kError;
  std::deque<std::pair<std::uint64_t, std::string>> last;
  const ExitCode code = for_each_entry(*reader, "read", [&](const EntryView& entry) {
    last.emplace_back(entry.index, entry.text);
    if (last.size() > wanted) last.pop_front();
    return true;
  });
  for (const auto& [index, text] : last) {
    Arena arena;
    const auto value = value_from_json(text, arena);
    if (value) print_entry({index, text, value.value()}, form, *reader);
  }
  return code;
}

}  // namespace licet::cli
