// The request that an entry is about, put together again from what was read.
#pragma once

#include <vector>

#include "bindings/cli/log_common.h"

namespace licet::cli {

struct LoggedRequest {
  Value document;                   // as policies saw it; hidden values stand as they are logged
  std::vector<std::string> hidden;  // paths of values that are not known
};

LoggedRequest request_of(const EntryView& entry, const log::LogReader& reader, Arena& arena);

}  // namespace licet::cli
