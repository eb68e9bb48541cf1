// What a request has in some slots: bytes, and large values, which are not written out. They are
// hashed already, so the bytes have their hash, and whoever finds equal bytes compares them as they
// are: nothing is written for that, and what is unequal shows at once.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "eval/program.h"
#include "eval/slot_values.h"

namespace licet::cache {

// From this weight on (Value::weight) a list, set or object is large.
inline constexpr std::uint64_t kLargeWeight = 256;

// Appends the values of the slots, missing ones included. Equal bytes and equal large values mean
// equal values. False: they take more than `max_bytes`, and what was appended says nothing.
bool append_key(const SlotValues& values, std::span<const SlotIndex> slots, std::size_t max_bytes,
                std::string& bytes, std::vector<Value>& large);

}  // namespace licet::cache
