// licet log replay: what would these policies have decided?
#include <algorithm>
#include <map>

#include "bindings/cli/json_text.h"
#include "bindings/cli/log_common.h"
#include "bindings/cli/log_request.h"
#include "bindings/cli/policies.h"
#include "bindings/cli/terminal.h"
#include "eval/engine.h"
#include "eval/log_entry.h"
#include "eval/request.h"

namespace licet::cli {
namespace {

constexpr std::string_view kFooter =
    "Decides each logged request again, with the time and the seed of its entry, and reports what\n"
    "would be different: first what was denied and would be permitted. With the policies that\n"
    "decided (the same revision), every decision must be the same.\n"
    "\n"
    "Entries with values that are not known any more (@token, @redact, erased subjects) are "
    "decided\n"
    "with what is known, and counted apart. Not replayed are requests that did not fit the "
    "schema:\n"
    "nobody knows what in them is personal, so they are not in the log. Nor are entries whose "
    "values\n"
    "could not be hidden (`withheld`), and decisions restricted to a package of which a value "
    "that\n"
    "is no text is not known.\n"
    "\n"
    "Exit codes: 0 all the same, 1 some differ, 2 the log or the policies cannot be read.\n"
    "\n"
    "Example:\n"
    "  licet log replay decisions -k file:log.key -p policies-next/";

// What a decision says, in a form to compare.
struct Said {
  std::string effect, cause;
  std::vector<std::string> rules, messages, controls;
  std::string obligations;

  bool is_same(const Said& other, bool with_texts) const {
    const bool same = effect == other.effect && cause == other.cause && rules == other.rules;
    if (!same || !with_texts) return same;
    return messages == other.messages && controls == other.controls &&
           obligations == other.obligations;
  }
};

std::vector<std::string> sorted_texts(const Value& values) {
  std::vector<std::string> texts;
  if (values.is_array()) {
    for (const Value& value : values.elements()) texts.push_back(text_of_value(value));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

Said said_by_entry(const EntryView& entry, Arena& arena) {
  Said said;
  said.effect = entry.member("effect");
  said.cause = entry.member("cause");
  said.rules = sorted_texts(entry.value.get("rules"));
  said.messages = sorted_texts(entry.value.get("messages"));
  said.controls = sorted_texts(entry.value.get("controls"));
  const Value asked = entry.value.get("obligations");
  said.obligations =
      asked.is_object() ? json_from_value(log::value_from_canonical(asked, arena)) : "{}";
  return said;
}

Said said_by_decision(const Decision& decision) {
  Said said;
  said.effect = name_of(decision.effect());
  said.cause = name_of(decision.cause());
  for (const DeterminingRule& rule : decision.rules()) {
    said.rules.push_back(rule.package + "." + rule.name);
  }
  said.messages.assign(decision.messages().begin(), decision.messages().end());
  said.controls.assign(decision.controls().begin(), decision.controls().end());
  for (auto* texts : {&said.rules, &said.messages, &said.controls}) {
    std::sort(texts->begin(), texts->end());
  }
  JsonObject asked;
  for (const Obligation& obligation : decision.obligations()) {
    JsonArray values;
    for (const std::string& value : obligation.values) values.add_raw(value);
    asked.raw(obligation.key, values.text());
  }
  Arena arena;
  const auto obligations = value_from_json(asked.text(), arena);
  said.obligations = obligations ? json_from_value(obligations.value()) : asked.text();
  return said;
}

Said said_by_document(const Value& decision) {
  Said said;
  said.effect = text_of_value(decision.get("effect"));
  said.cause = text_of_value(decision.get("cause"));
  const Value rules = decision.get("rules");
  if (rules.is_array()) {
    for (const Value& rule : rules.elements()) {
      said.rules.push_back(text_of_value(rule.get("package")) + "." +
                           text_of_value(rule.get("name")));
    }
  }
  std::sort(said.rules.begin(), said.rules.end());
  said.messages = sorted_texts(decision.get("messages"));
  said.controls = sorted_texts(decision.get("controls"));
  said.obligations = json_from_value(decision.get("obligations"));
  return said;
}

class Replay {
 public:
  Replay(const Engine& engine, const log::LogReader& reader) : engine_(engine), reader_(reader) {}

  void add(const EntryView& entry) {
    if (entry.kind() != "decision") return;
    ++decisions_;
    if (entry.value.get("withheld").is_defined()) return skip("withheld");
    if (entry.member("cause") == "invalid_request") return skip("invalid_request");
    Arena arena;
    const LoggedRequest request = request_of(entry, reader_, Reveal::kYes, arena);
    const Said before = said_by_entry(entry, arena);
    const std::optional<Said> after = decide(entry, request.document);
    if (!after) return skip("package_and_hidden_values");
    const bool is_known = request.hidden.empty();
    if (!is_known) ++partly_known_;
    if (before.is_same(*after, !request.was_hidden)) {
      ++same_;
      return;
    }
    note(entry, before, *after, is_known);
  }

  // Deny to permit first.
  void print_result(bool json) const {
    for (const std::vector<std::string>* lines : {&opened_, &closed_, &other_}) {
      for (const std::string& line : *lines) print(line + "\n");
    }
    if (json) {
      print(JsonObject()
                .number("decisions", decisions_)
                .number("same", same_)
                .number("deny_to_permit", opened_.size() + more_[0])
                .number("permit_to_deny", closed_.size() + more_[1])
                .number("other_reasons", other_.size() + more_[2])
                .number("partly_known", partly_known_)
                .number("not_replayed", not_replayed())
                .raw("not_replayed_because", reasons())
                .text() +
            "\n");
      return;
    }
    print(grouped(decisions_) + " decisions: " + grouped(same_) + " the same, " +
          grouped(opened_.size() + more_[0]) + " from deny to permit, " +
          grouped(closed_.size() + more_[1]) + " from permit to deny, " +
          grouped(other_.size() + more_[2]) + " for other reasons; " + grouped(not_replayed()) +
          " not replayed" + reasons_in_words() + ", " + grouped(partly_known_) +
          " with values that are not known\n");
  }
  bool has_differences() const { return !opened_.empty() || !closed_.empty() || !other_.empty(); }

 private:
  static constexpr std::size_t kMaxLines = 10'000;  // of each kind; the rest is counted

  void skip(const char* reason) { ++skipped_[reason]; }
  std::uint64_t not_replayed() const {
    std::uint64_t count = 0;
    for (const auto& [reason, of_reason] : skipped_) count += of_reason;
    return count;
  }
  std::string reasons() const {
    JsonObject object;
    for (const auto& [reason, count] : skipped_) object.number(reason, count);
    return object.text();
  }
  std::string reasons_in_words() const {
    std::string text;
    for (const auto& [reason, count] : skipped_) {
      text += (text.empty() ? " (" : ", ") + grouped(count) + " " + reason;
    }
    return text.empty() ? text : text + ")";
  }

  // nullopt: a value that the schema wants is hidden.
  std::optional<Said> decide(const EntryView& entry, const Value& document) const {
    CallOptions options;
    options.now_ns = log::time_of_entry(entry.member("time"));
    const std::string_view seed = entry.member("seed");
    if (!seed.empty()) options.seed = std::strtoull(std::string(seed).c_str(), nullptr, 10);
    options.package = entry.member("package");
    if (!options.package.empty()) {
      Request request(engine_);
      if (!request.set_document(with_texts_for_hidden(document, request.arena()))) {
        return std::nullopt;
      }
      return said_by_decision(engine_.decide(request, options));
    }
    const auto answer = engine_.query("data.licet.decision", document, options);
    if (answer && answer.value().value.is_object()) return said_by_document(answer.value().value);
    Said said;
    said.effect = "deny";
    said.cause = answer ? "no_permit" : "error";
    said.obligations = "{}";
    return said;
  }

  void note(const EntryView& entry, const Said& before, const Said& after, bool is_known) {
    const int kind = before.effect == after.effect ? 2 : after.effect == "permit" ? 0 : 1;
    std::vector<std::string>& lines = kind == 0 ? opened_ : kind == 1 ? closed_ : other_;
    if (lines.size() == kMaxLines) {
      ++more_[kind];
      return;
    }
    JsonObject line;
    line.string("change", before.effect + " -> " + after.effect)
        .number("index", entry.index)
        .string("id", entry.member("id"))
        .string("was", before.cause)
        .raw("was_rules", json_strings(before.rules))
        .string("is", after.cause)
        .raw("is_rules", json_strings(after.rules));
    if (!is_known) line.boolean("partly_known", true);
    lines.push_back(line.text());
  }

  const Engine& engine_;
  const log::LogReader& reader_;
  std::uint64_t decisions_ = 0;
  std::uint64_t same_ = 0;
  std::uint64_t partly_known_ = 0;
  std::uint64_t more_[3] = {};
  std::map<std::string, std::uint64_t> skipped_;  // by reason
  std::vector<std::string> opened_, closed_, other_;
};

}  // namespace

ExitCode run_log_replay(std::vector<std::string> words) {
  LogPlace place;
  std::vector<std::string> policies;
  std::vector<std::string> data;
  bool json = false;
  CommandLine command_line("log replay", "Decides logged requests again.", std::string(kFooter));
  log_place_options(command_line, place);
  command_line.policy_options(policies, data);
  command_line.flag("--json", json, "the summary too as JSON");
  if (const auto code = command_line.parse(std::move(words))) return *code;
  const auto reader = reader_or_report(place);
  if (!reader) return ExitCode::kError;
  LoadOptions options;
  options.data = data;
  const auto loaded = load_or_report(policies, options);
  if (!loaded) return ExitCode::kError;
  const Engine engine(loaded->program, options.engine);
  Replay replay(engine, *reader);
  const ExitCode code = for_each_entry(*reader, "replayed", [&](const EntryView& entry) {
    replay.add(entry);
    return true;
  });
  if (code != ExitCode::kOk) return code;
  replay.print_result(json);
  return replay.has_differences() ? ExitCode::kNo : ExitCode::kOk;
}

}  // namespace licet::cli
