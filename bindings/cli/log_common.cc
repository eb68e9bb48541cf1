#include "bindings/cli/log_common.h"

#include <charconv>

#include "bindings/cli/progress.h"
#include "bindings/cli/terminal.h"
#include "eval/value_json.h"
#include "licet/files.h"

namespace licet::cli {

void log_place_options(CommandLine& command_line, LogPlace& place) {
  command_line.positional("LOG", place.folder, "the folder of the log", Presence::kRequired);
  command_line.option("-k,--key", place.key, "URI",
                      "the key over the log's keys: file:PATH, env:VARIABLE or "
                      "pkcs11:MODULE?token=T&key=K&pin-env=VARIABLE; default env:LICET_LOG_KEY");
}

void print_log_error(const log::LogError& error) { print_error(log::text_of(error), error.help); }

std::shared_ptr<log::KeyProvider> keys_or_report(const LogPlace& place) {
  auto keys = log::key_provider_from_uri(place.key.value_or("env:LICET_LOG_KEY"));
  if (keys) return keys.value();
  print_log_error(keys.error());
  return nullptr;
}

std::unique_ptr<log::LogReader> reader_or_report(const LogPlace& place) {
  const auto keys = keys_or_report(place);
  if (!keys) return nullptr;
  auto reader = log::LogReader::open(*place.folder, keys);
  if (reader) return std::move(reader).value();
  print_log_error(reader.error());
  return nullptr;
}

std::string_view EntryView::member(std::string_view key) const {
  const Value found = value.get(key);
  return found.is_string() ? found.as_string() : std::string_view();
}

std::string text_of_value(const Value& value) {
  if (value.is_undefined()) return {};
  return value.is_string() ? std::string(value.as_string()) : json_from_value(value);
}

ExitCode for_each_entry(log::LogReader& reader, std::string_view verb,
                        const std::function<bool(const EntryView&)>& each) {
  Progress progress(std::string(verb), reader.total_bytes());
  Arena arena;
  std::uint64_t count = 0;
  while (const auto logged = reader.next()) {
    arena.reset();
    auto value = value_from_json(logged->text, arena);
    if (!value || !value.value().is_object()) {
      print_error("entry " + std::to_string(logged->index) + " is not a JSON object");
      return ExitCode::kError;
    }
    if (!each({logged->index, logged->text, value.value()})) return ExitCode::kOk;
    progress.update(++count, reader.bytes_read());
  }
  progress.finish();
  if (!reader.error()) return ExitCode::kOk;
  print_log_error(*reader.error());
  return ExitCode::kError;
}

std::optional<std::string> EntryFilter::parse(const std::vector<std::string>& texts,
                                              EntryFilter& filter) {
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return "`" + text + "` is not PATH=VALUE or PATH!=VALUE";
    }
    const bool is_negated = text[equals - 1] == '!';
    filter.terms_.push_back(
        {text.substr(0, equals - (is_negated ? 1 : 0)), text.substr(equals + 1), is_negated});
  }
  return std::nullopt;
}

namespace {

bool is_equal(const Value& found, const std::string& wanted, const log::LogReader& reader) {
  if (found.is_array()) {
    for (const Value& element : found.elements()) {
      if (is_equal(element, wanted, reader)) return true;
    }
    return false;
  }
  const Value token = found.get("$token");
  if (token.is_string()) {
    Arena arena;
    return token.as_string() == reader.token_of(Value::string(wanted, arena));
  }
  return found.is_defined() && text_of_value(found) == wanted;
}

}  // namespace

bool EntryFilter::matches(const EntryView& entry, const log::LogReader& reader) const {
  for (const Term& term : terms_) {
    Value found = entry.value.get(term.path);
    if (found.is_undefined()) found = entry.read(term.path);
    if (is_equal(found, term.value, reader) == term.is_negated) return false;
  }
  return true;
}

bool read_anchors(const std::vector<std::string>& paths, std::vector<std::string>& anchors) {
  for (const std::string& path : paths) {
    auto text = read_file(path);
    if (!text) {
      print_error(text.error().message, text.error().help);
      return false;
    }
    const auto note = log::note_from_text(text.value());
    if (!note || !log::checkpoint_from_text(note->text)) {
      print_error("`" + path + "` is no signed checkpoint",
                  "a copy of the log's file `checkpoint`, made before");
      return false;
    }
    anchors.push_back(std::move(text).value());
  }
  return true;
}

std::string entries_text(std::uint64_t count) {
  return count == 1 ? "1 entry" : grouped(count) + " entries";
}

std::string entry_line(const EntryView& entry) {
  std::string line = std::to_string(entry.index) + "  " + std::string(entry.member("time"));
  if (entry.kind() != "decision") return line + "  " + printable(entry.text);
  line.append("  ").append(entry.member("effect")).append("  ").append(entry.member("cause"));
  for (const std::string_view key : {"rules", "messages"}) {
    const Value texts = entry.value.get(key);
    if (!texts.is_array()) continue;
    std::string joined;
    for (const Value& text : texts.elements()) {
      joined += (joined.empty() ? "" : ", ") + text_of_value(text);
    }
    line += "  " + printable(joined);
  }
  return line.append("  ").append(printable(entry.member("id")));
}

std::optional<FoundEntry> find_entry(log::LogReader& reader, const std::string& id) {
  std::uint64_t index = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), index);
  const bool is_index = id.size() < 20 && error == std::errc() && end == id.data() + id.size();
  std::optional<FoundEntry> found;
  const ExitCode code = for_each_entry(reader, "searched", [&](const EntryView& entry) {
    const bool is_decision = entry.kind() == "decision";
    const bool is_wanted =
        is_index ? entry.index == index : is_decision && entry.member("id") == id;
    if (is_wanted) {
      found = FoundEntry{entry.index, is_decision ? std::string(entry.member("id")) : ""};
    }
    return !is_wanted;
  });
  if (code == ExitCode::kOk && !found) {
    print_error("the log has no entry `" + printable(id) + "`",
                "an entry is named by its decision id or its index");
  }
  return found;
}

}  // namespace licet::cli
