#include "eval/index/text_hash.h"

#include "eval/value_hash.h"

namespace licet::index::text_hash {

// Drawn before main(): no table is made before that.
const Seeds kSeeds{.first = hash_bytes("first"), .second = hash_bytes("second")};

std::uint64_t of_longer(const Text& text) { return hash_bytes(text.view()); }

}  // namespace licet::index::text_hash
