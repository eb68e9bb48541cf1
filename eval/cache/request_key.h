// What a request has in some slots, as bytes: equal bytes mean equal values.
#pragma once

#include <span>
#include <string>

#include "eval/program.h"
#include "eval/slot_values.h"

namespace licet::cache {

// Appends the values of the slots, missing ones included. False: they take more than `max_bytes`,
// and the bytes say nothing.
bool append_key(const SlotValues& values, std::span<const SlotIndex> slots, std::size_t max_bytes,
                std::string& bytes);

}  // namespace licet::cache
