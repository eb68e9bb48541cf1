// Entries in other programs' formats: one row each.
#pragma once

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

}  // namespace licet::cli
