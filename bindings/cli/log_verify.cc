// licet log verify: is the log what was written?
#include <algorithm>

#include "bindings/cli/json_text.h"
#include "bindings/cli/log_common.h"
#include "bindings/cli/progress.h"
#include "bindings/cli/terminal.h"

namespace licet::cli {
namespace {

constexpr std::string_view kFooter =
    "Checks every byte against the Merkle tree, every signature, and that the entries agree with\n"
    "checkpoints that were kept outside of the log's folder. Without such a checkpoint the best\n"
    "answer is UNANCHORED: who holds the keys could have written everything anew.\n"
    "\n"
    "Exit codes: 0 VERIFIED, 1 BROKEN, 2 the log cannot be read, 3 UNANCHORED.\n"
    "\n"
    "Examples:\n"
    "  licet log verify decisions -k file:log.key --checkpoint monday.note\n"
    "  licet log verify decisions -k file:log.key --verifier example.org+1a2b3c4d+AQ...";

constexpr auto kUnanchored = static_cast<ExitCode>(3);

// What an auditor may still rely on.
std::string trust_text(const log::VerifyReport& report) {
  const std::uint64_t anchored = std::min(report.anchored_entries, report.intact_entries);
  const std::uint64_t own = std::min(report.signed_entries, report.intact_entries);
  std::string text;
  if (anchored > 0) {
    text += "still to be trusted: the first " + grouped(anchored) +
            " entries, to which a checkpoint kept outside commits\n";
  }
  if (own > anchored) {
    text += "to be trusted if nobody else had the log's keys: the first " + grouped(own) +
            " entries, which the log itself signed\n";
  }
  if (text.empty()) text = "nothing that is left can be trusted\n";
  if (report.intact_entries == 0 && report.entries == 0) {
    text += "no entry could be read: is this the key, and the file `keys`, of this log?\n";
  }
  return text;
}

std::string text_for_people(const log::VerifyReport& report) {
  std::string text(name_of(report.verdict));
  text += ": " + entries_text(report.entries) + " in " + counted(report.segments, "segment") + "\n";
  for (const log::Finding& finding : report.findings) {
    text += "  " + (finding.file.empty() ? std::string("log") : finding.file);
    if (finding.offset > 0) text += " at byte " + grouped(finding.offset);
    text += ", entry " + grouped(finding.index) + ": " + finding.message + "\n";
  }
  text += "whole and in order: the first " + grouped(report.intact_entries) +
          "; signed by the log: " + grouped(report.signed_entries) +
          "; agreed by an outside checkpoint: " + grouped(report.anchored_entries) + "\n";
  if (report.verdict == log::Verdict::kUnanchored) {
    text +=
        "no checkpoint from outside was given: a log written anew by who holds its keys would "
        "look the same\n";
  }
  if (report.verdict == log::Verdict::kBroken) text += trust_text(report);
  return text;
}

std::string json_from_report(const log::VerifyReport& report) {
  JsonArray findings;
  for (const log::Finding& finding : report.findings) {
    findings.add_raw(JsonObject()
                         .string("file", finding.file)
                         .number("offset", finding.offset)
                         .number("entry", finding.index)
                         .string("message", finding.message)
                         .text());
  }
  return JsonObject()
      .string("verdict", name_of(report.verdict))
      .number("entries", report.entries)
      .number("segments", report.segments)
      .number("checkpoints", report.checkpoints)
      .number("intact_entries", report.intact_entries)
      .number("signed_entries", report.signed_entries)
      .number("anchored_entries", report.anchored_entries)
      .raw("findings", findings.text())
      .text();
}

std::optional<log::VerifierKey> key_or_report(const std::string& text) {
  auto key = log::verifier_key_from_text(text);
  if (!key) print_error("`" + text + "` is not a public key", "NAME+HASH+BASE64, as in `keys`");
  return key;
}

}  // namespace

ExitCode run_log_verify(std::vector<std::string> words) {
  LogPlace place;
  std::vector<std::string> checkpoints;
  std::optional<std::string> verifier;
  std::vector<std::string> witnesses;
  bool json = false;
  CommandLine command_line("log verify", "Checks a decision log.", std::string(kFooter));
  log_place_options(command_line, place);
  command_line.option("--checkpoint", checkpoints, "FILE",
                      "a signed checkpoint that was kept outside; repeatable");
  command_line.option("--verifier", verifier, "KEY",
                      "the log's public key as you know it; default: the one in the folder");
  command_line.option("--witness", witnesses, "KEY",
                      "a public key; each checkpoint must be signed by one of them; repeatable");
  command_line.flag("--json", json, "print one JSON object");
  if (const auto code = command_line.parse(std::move(words))) return *code;

  log::VerifyOptions options;
  options.keys = keys_or_report(place);
  if (!options.keys) return ExitCode::kError;
  if (!read_anchors(checkpoints, options.anchors)) return ExitCode::kError;
  if (verifier && !(options.verifier = key_or_report(*verifier))) return ExitCode::kError;
  for (const std::string& text : witnesses) {
    const auto key = key_or_report(text);
    if (!key) return ExitCode::kError;
    options.witnesses.push_back(*key);
  }
  std::optional<Progress> progress;
  options.progress = [&](std::uint64_t entries, std::uint64_t bytes, std::uint64_t total) {
    if (!progress) progress.emplace("verified", total);
    progress->update(entries, bytes);
  };
  const auto report = log::verify_log(*place.folder, options);
  if (progress) progress->finish();
  if (!report) {
    print_log_error(report.error());
    return ExitCode::kError;
  }
  print(json ? json_from_report(report.value()) + "\n" : text_for_people(report.value()));
  if (report.value().verdict == log::Verdict::kBroken) return ExitCode::kNo;
  return report.value().verdict == log::Verdict::kVerified ? ExitCode::kOk : kUnanchored;
}

}  // namespace licet::cli
