// What goes wrong with a log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace licet::log {

enum class LogErrorCode : std::uint8_t {
  kIo,        // the system refused a read or a write
  kFull,      // no space is left, or the queue is full
  kSync,      // the system could not say that the bytes are on disk
  kTooLarge,  // an entry is longer than the log takes
  kMasking,   // a personal value could not be hidden
  kCrypto,    // encrypting or signing failed
  kKey,       // a key is missing or wrong
  kDamaged,   // what is on disk is not what was written
  kInUse,     // another writer has the log
  kClosed,    // the log is closed, or belongs to the parent process
  kWrongUse,  // an argument makes no sense
  kMemory,    // there was none
};

std::string_view name_of(LogErrorCode code);  // log_io_error, log_full, ...

struct LogError {
  LogErrorCode code = LogErrorCode::kIo;
  std::string message;  // one line: what, where
  std::string help;     // what to do; may be empty
};

// log_full: cannot write `x.segment`: no space left on device
std::string text_of(const LogError& error);

}  // namespace licet::log
