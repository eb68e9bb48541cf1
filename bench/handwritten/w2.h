// W2 by hand: thirteen rules as one function.
#pragma once

#include "bench/handwritten/facts.h"

namespace licet::bench {

bool w2_permits(const Facts& facts);

// The names that W2 speaks of; their numbers are W2Symbol's.
void add_w2_symbols(Interner& interner);  // PRECONDITION: it is empty
bool w2_permits(const InternedFacts& facts);
bool w2_permits(const HashedFacts& facts);

}  // namespace licet::bench
