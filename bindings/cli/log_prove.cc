// licet log prove, verify-proof: one entry, shown to somebody who does not get the log.
#include "bindings/cli/log_common.h"
#include "bindings/cli/terminal.h"
#include "eval/log_proof.h"
#include "licet/files.h"

namespace licet::cli {

ExitCode run_log_prove(std::vector<std::string> words) {
  LogPlace place;
  std::optional<std::string> id;
  CommandLine command_line(
      "log prove", "Prints a proof that an entry is in the log.",
      "The proof is a C2SP tlog-proof with the entry in it and the log's last signed checkpoint.\n"
      "`licet log verify-proof` checks it; the other entries are not shown.\n"
      "\n"
      "Exit codes: 0 proven, 1 there is no such entry, 2 the log cannot be read.");
  log_place_options(command_line, place);
  command_line.positional("ENTRY", id, "a decision id or an index", Presence::kRequired);
  if (const auto code = command_line.parse(std::move(words))) return *code;
  const auto reader = reader_or_report(place);
  if (!reader) return ExitCode::kError;
  const auto found = find_entry(*reader, *id);
  if (!found) return ExitCode::kNo;
  const auto proof = log::prove_entry(*reader, found->index);
  if (!proof) {
    print_log_error(proof.error());
    return ExitCode::kError;
  }
  print(log::text_of(proof.value()));
  return ExitCode::kOk;
}

ExitCode run_log_verify_proof(std::vector<std::string> words) {
  std::optional<std::string> file;
  std::optional<std::string> verifier;
  CommandLine command_line("log verify-proof",
                           "Checks a proof of `licet log prove`, without the log.",
                           "Prints the entry if the proof holds.\n"
                           "\n"
                           "Exit codes: 0 it holds, 1 it does not, 2 it cannot be read.");
  command_line.positional("PROOF", file, "a file; -: standard input", Presence::kRequired);
  command_line.option("--verifier", verifier, "KEY", "the log's public key: NAME+HASH+BASE64");
  if (const auto code = command_line.parse(std::move(words))) return *code;
  const auto key = verifier ? log::verifier_key_from_text(*verifier) : std::nullopt;
  if (!key) return command_line.misused("--verifier takes a public key, NAME+HASH+BASE64");
  const auto text = read_file(*file);
  if (!text) {
    print_error(text.error().message, text.error().help);
    return ExitCode::kError;
  }
  const auto proof = log::entry_proof_from_text(text.value());
  if (!proof) {
    print_error("`" + *file + "` is not a proof");
    return ExitCode::kError;
  }
  const auto checkpoint = log::verify_entry_proof(*proof, *key);
  if (!checkpoint) {
    print_error("the proof does not hold: " + checkpoint.error());
    return ExitCode::kNo;
  }
  print(proof->entry + "\n");
  print_note("entry " + grouped(proof->index) + " of " + grouped(checkpoint.value().size) +
             " in the log `" + checkpoint.value().origin + "`");
  return ExitCode::kOk;
}

}  // namespace licet::cli
