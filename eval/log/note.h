// Signing of notes; reading and checking them is public, in eval/log_proof.h.
#pragma once

#include <string>
#include <string_view>

#include "eval/log/crypto.h"

namespace licet::log {

// The note's text with one signature line.
std::string signed_note(std::string_view text, std::string_view name, const SigningKey& key);
// A witness's line for a note that it has checked. `time_s`: seconds since the epoch.
std::string cosignature_line(std::string_view text, std::string_view name, const SigningKey& key,
                             std::uint64_t time_s);
// Whether it can be the name of a key, and the origin of a log.
bool is_key_name(std::string_view name);

}  // namespace licet::log
