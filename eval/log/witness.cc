#include "eval/log/file_tools.h"
#include "eval/log_proof.h"
#include "eval/log_witness.h"

namespace licet::log {
namespace {

// Why the note cannot come after what the file holds; empty: it can.
std::string objection(const std::string& path, std::string_view held_text, std::string_view text) {
  const auto held_note = note_from_text(held_text);
  const auto held = held_note ? checkpoint_from_text(held_note->text) : std::nullopt;
  const auto note = note_from_text(text);
  const auto next = note ? checkpoint_from_text(note->text) : std::nullopt;
  if (!held || !next) return "`" + path + "` holds something else than a checkpoint";
  if (held->origin != next->origin) return "`" + path + "` is of the log `" + held->origin + "`";
  const std::string sizes = "`" + path + "` has a checkpoint for " + std::to_string(held->size) +
                            " entries, the log signed for " + std::to_string(next->size);
  if (held->size > next->size) return sizes + ": it was rolled back";
  if (held->size == next->size && held->root != next->root) {
    return sizes + " others: it was written anew";
  }
  return {};
}

}  // namespace

std::function<Result<std::string, std::string>(const std::string& note)> witness_in_file(
    const std::string& path, std::shared_ptr<Files> files) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  return [=](const std::string& note) -> Result<std::string, std::string> {
    const std::string file = folder + "/" + name;
    if (exists(*files, file)) {
      const auto held = read_all(*files, file);
      if (!held) return Failure{held.error().message};
      if (std::string reason = objection(path, held.value(), note); !reason.empty()) {
        return Failure{std::move(reason)};
      }
    }
    if (const auto error = replace_file(*files, folder, name, note)) {
      return Failure{error->message};
    }
    return std::string();  // it signs nothing
  };
}

}  // namespace licet::log
