// From what is thrown inside of a log to what its callers are told.
#pragma once

#include <exception>

#include "eval/log_error.h"

namespace licet::log {

// Thrown when a personal value cannot be hidden; nothing of the entry may be used then.
class MaskingError : public std::exception {
 public:
  explicit MaskingError(LogError error) : error_(std::move(error)) {}
  const LogError& error() const { return error_; }
  const char* what() const noexcept override { return error_.message.c_str(); }

 private:
  LogError error_;
};

// Also when there is no memory for the words.
LogError error_from(const std::exception& exception) noexcept;

}  // namespace licet::log
