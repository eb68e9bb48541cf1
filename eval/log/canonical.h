// Canonical JSON (RFC 8785) piece by piece.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "eval/log/pack.h"

namespace licet::log {

// `Out`: std::string or RecordBuffer.
template <class Out>
void append_canonical_string(std::string_view text, Out& out);
// A JSON number; see append_canonical_json.
template <class Out>
void append_canonical_number(std::string_view text, Out& out);
// Key and colon; a key that begins with `$` gets a second one.
template <class Out>
void append_canonical_key(std::string_view key, Out& out);
// One packed value from the front of `parts`.
template <class Out>
void append_canonical_packed(Unpacker& parts, Out& out);
std::string canonical_from_packed(std::string_view packed);
// A binary64 as ECMAScript writes it. PRECONDITION: finite.
std::string ecmascript_text(double number);

}  // namespace licet::log
