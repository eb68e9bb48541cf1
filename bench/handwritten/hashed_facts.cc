#include "bench/handwritten/hashed_facts.h"

namespace licet::bench {

NameTable::NameTable(const Interner& interner)
    : cells_(std::bit_ceil(interner.ids().size() * 4 + 2)),
      shift_(64 - std::countr_zero(cells_.size())),
      long_(interner.ids().size()) {
  for (const auto& [text, id] : interner.ids()) {
    if (text.size() > kShort) {
      long_.insert(text, id);
      continue;
    }
    const Words words = words_of(text);
    std::size_t at = slot_of(words, text.size());
    while (cells_[at].id != 0) at = (at + 1) & (cells_.size() - 1);
    cells_[at] = {.words = words, .size = static_cast<std::uint32_t>(text.size()), .id = id};
  }
}

HashedFacts HashedNames::facts_of_w2(const Facts& facts) const {
  return {.action = names_.find(facts.action),
          .purpose = names_.find(facts.purpose),
          .ip = facts.ip,
          .hour = facts.hour,
          .rate_per_min = facts.rate_per_min,
          .department = names_.find(facts.department),
          .region = names_.find(facts.region),
          .clearance = facts.clearance,
          .mfa = facts.mfa,
          .roles = numbers_of(facts.roles),
          .stage = names_.find(facts.stage),
          .risk_tier = names_.find(facts.risk_tier),
          .owner_department = names_.find(facts.owner_department),
          .dataset_region = names_.find(facts.dataset_region),
          .classification = facts.classification,
          .tags = numbers_of(facts.tags),
          .purposes = numbers_of(facts.purposes)};
}

HashedFacts HashedNames::facts_of_w3(const Facts& facts) const {
  HashedFacts all = facts_of_w2(facts);
  all.model_id = names_.find(facts.model_id);
  return all;
}

}  // namespace licet::bench
