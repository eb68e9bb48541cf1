#include "eval/log/exceptions.h"

#include <new>

#include "eval/log/crypto.h"

namespace licet::log {
namespace {

// As long as a string takes without asking for memory.
LogError no_memory() noexcept {
  return {.code = LogErrorCode::kMemory, .message = "out of memory", .help = {}};
}

}  // namespace

LogError error_from(const std::exception& exception) noexcept {
  try {
    if (dynamic_cast<const std::bad_alloc*>(&exception) != nullptr) return no_memory();
    if (const auto* masking = dynamic_cast<const MaskingError*>(&exception)) {
      return masking->error();
    }
    const bool is_crypto = dynamic_cast<const CryptoError*>(&exception) != nullptr;
    return {.code = is_crypto ? LogErrorCode::kCrypto : LogErrorCode::kMasking,
            .message = exception.what(),
            .help = {}};
  } catch (...) {
    return no_memory();
  }
}

}  // namespace licet::log
