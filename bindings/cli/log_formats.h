// Entries in other programs' formats: one row each.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "bindings/cli/log_common.h"

namespace licet::cli {

// Which attributes play which part in formats that ask for it.
struct Roles {
  std::string user = "user.id";
  std::string resource = "model.id";
  std::string action = "request.action";
  std::string ip = "request.ip";
};

struct LogFormat {
  std::string_view name;
  std::string_view summary;
  std::string_view header;  // a line before all others; may be empty
  // One line for an entry of kind `decision`; empty: the format has no place for the entry.
  std::string (*line)(const EntryView& entry, const log::LogReader& reader, const Roles& roles);
};

std::span<const LogFormat> log_formats();

// --- for the formats -----------------------------------------------------------------------------

bool is_permit(const EntryView& entry);
// What is in the attribute, as text; a token as it is; empty: nothing that may be shown.
std::string role_text(const EntryView& entry, const std::string& path);
// The user, or if it is encrypted the keyed hash of the subject.
std::string user_text(const EntryView& entry, const Roles& roles);
// The action, or a word for what an entry is about anyway.
std::string action_text(const EntryView& entry, const Roles& roles);
// The messages, or else the effect and its cause.
std::string message_text(const EntryView& entry);
std::string json_or(const Value& value, std::string_view otherwise);
std::uint64_t time_ns(const EntryView& entry);  // 0 if it is before 1970

std::string opa_line(const EntryView& entry, const log::LogReader& reader, const Roles& roles);
std::string ocsf_line(const EntryView& entry, const log::LogReader& reader, const Roles& roles);
std::string otlp_line(const EntryView& entry, const log::LogReader& reader, const Roles& roles);

}  // namespace licet::cli
