// Keeping checkpoints where who writes the log cannot take them back.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "eval/log_files.h"
#include "eval/result.h"

namespace licet::log {

// For LogOptions::witness: the file at `path` always has the last signed checkpoint, for
// `licet log verify --checkpoint`. It is worth something only where others keep it: on a mount or a
// disk that is not the log's. It refuses a checkpoint that cannot follow the one it has: of another
// log, or for fewer entries; the log was rolled back then.
std::function<Result<std::string, std::string>(const std::string& note)> witness_in_file(
    const std::string& path, std::shared_ptr<Files> files = system_files());

}  // namespace licet::log
