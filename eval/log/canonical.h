// Canonical JSON (RFC 8785) piece by piece.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "eval/log/pack.h"

namespace licet::log {

void append_canonical_string(std::string_view text, std::string& out);
void append_canonical_integer(std::int64_t number, std::string& out);
// A JSON number; see append_canonical_json.
void append_canonical_number(std::string_view text, std::string& out);
// Key and colon; a key that begins with `$` gets a second one.
void append_canonical_key(std::string_view key, std::string& out);
// One packed value from the front of `parts`.
void append_canonical_packed(Unpacker& parts, std::string& out);
// A binary64 as ECMAScript writes it. PRECONDITION: finite.
std::string ecmascript_text(double number);

}  // namespace licet::log
