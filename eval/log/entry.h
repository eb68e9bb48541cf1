// Entries: the leaves of the log, as canonical JSON. README.md documents every field.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "eval/log/exceptions.h"
#include "eval/log/vault.h"
#include "eval/log_entry.h"

namespace licet::log {

inline constexpr int kSchemaVersion = 1;

// 2026-11-25T20:39:33.123456789Z
std::string time_text(std::int64_t ns_since_epoch);
inline constexpr std::size_t kTimeLetters = 30;
char* write_time(std::int64_t ns_since_epoch, char* to);  // answers where it ended
std::optional<std::int64_t> time_from_text(std::string_view text);

// 128 random bits that go into each entry, so that nobody can find out by trying what an entry
// says whose hash stands in a proof.
struct Salt {
  std::array<char, 22> letters;
  std::string_view text() const { return {letters.data(), letters.size()}; }
};
Salt new_salt();

// Appends the entry of a packed decision. Throws MaskingError and CryptoError.
void append_decision_entry(const ReadPlan& plan, std::string_view packed, Vault& vault,
                           RecordBuffer& out);
// The same decision when its values could not be hidden: without anything that was read or said.
void append_withheld_entry(std::string_view packed, const ReadPlan& plan, RecordBuffer& out);

// What the log tells of itself; `json` is what follows the kind, as `"lost":3`, ordered.
std::string event_entry(std::string_view kind, std::int64_t now_ns,
                        const std::map<std::string, std::string>& members);

}  // namespace licet::log
