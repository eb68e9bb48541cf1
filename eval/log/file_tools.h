// Whole operations on files, with errors that name what could not be done.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "eval/log_error.h"
#include "eval/log_files.h"
#include "eval/result.h"

namespace licet::log {

// "cannot write `x`: no space left on device"; the code follows the system's reason.
LogError file_error(std::string_view doing, const std::string& path, std::int64_t error);

// All bytes at the end of the file, or an error: short writes are gone on with, once the system
// makes no progress any more it is an error.
std::optional<LogError> write_all(File& file, const std::string& path, std::string_view bytes);
// A file that is small by nature: more than kMaxReadAll bytes are an error.
Result<std::string, LogError> read_all(Files& files, const std::string& path);
inline constexpr std::size_t kMaxReadAll = std::size_t{16} << 20;
bool exists(Files& files, const std::string& path);
// A file that is there as a whole or not at all, also after a power loss.
std::optional<LogError> replace_file(Files& files, const std::string& folder,
                                     const std::string& name, std::string_view bytes);

}  // namespace licet::log
