#include "bench/handwritten/w1.h"

#include <bit>
#include <utility>

namespace licet::bench {

std::vector<Grant> grants_from_value(const Value& workload) {
  std::vector<Grant> grants;
  for (const Value& grant : workload.get("grants").elements()) {
    const auto parts = grant.elements();
    grants.push_back({.role = std::string(parts[0].as_string()),
                      .model = std::string(parts[1].as_string()),
                      .action = std::string(parts[2].as_string())});
  }
  return grants;
}

Grants::Grants(std::vector<Grant> grants)
    : grants_(std::move(grants)), cells_(std::bit_ceil(grants_.size() * 2 + 2)) {
  for (const Grant& grant : grants_) {
    const std::uint64_t hash =
        mixed(hash_of_target(grant.model, grant.action) ^ hash_of(grant.role));
    std::size_t at = hash & (cells_.size() - 1);
    while (cells_[at].grant != nullptr) at = (at + 1) & (cells_.size() - 1);
    cells_[at] = {.hash = hash, .grant = &grant};
  }
}

std::uint64_t Grants::hash_of_target(std::string_view model, std::string_view action) {
  return std::rotl(hash_of(model), 17) ^ hash_of(action) * 0x9E3779B97F4A7C15ULL;
}

bool Grants::contains(std::uint64_t target, std::string_view role, std::string_view model,
                      std::string_view action) const {
  const std::uint64_t hash = mixed(target ^ hash_of(role));
  std::size_t at = hash & (cells_.size() - 1);
  for (; cells_[at].grant != nullptr; at = (at + 1) & (cells_.size() - 1)) {
    if (cells_[at].hash != hash) continue;
    const Grant& grant = *cells_[at].grant;
    if (grant.role == role && grant.model == model && grant.action == action) return true;
  }
  return false;
}

bool Grants::permits(const Facts& facts) const {
  const std::uint64_t target = hash_of_target(facts.model_id, facts.action);
  for (const std::string_view role : facts.roles) {
    if (contains(target, role, facts.model_id, facts.action)) return true;
  }
  return false;
}

InternedGrants::InternedGrants(const std::vector<Grant>& grants, Interner& interner)
    : cells_(std::bit_ceil(grants.size() * 2 + 2)) {
  for (const Grant& grant : grants) {
    const std::uint64_t added =
        key(interner.add(grant.role), interner.add(grant.model), interner.add(grant.action));
    std::size_t at = mixed(added) & (cells_.size() - 1);
    while (cells_[at] != 0) at = (at + 1) & (cells_.size() - 1);
    cells_[at] = added;
  }
}

// The workloads have some hundred thousand names: 21 bits are enough for each.
std::uint64_t InternedGrants::key(SymbolId role, SymbolId model, SymbolId action) {
  return std::uint64_t{role} << 42 | std::uint64_t{model} << 21 | action;
}

bool InternedGrants::contains(std::uint64_t wanted) const {
  std::size_t at = mixed(wanted) & (cells_.size() - 1);
  for (; cells_[at] != 0; at = (at + 1) & (cells_.size() - 1)) {
    if (cells_[at] == wanted) return true;
  }
  return false;
}

bool InternedGrants::permits(const InternedFacts& facts) const {
  for (const SymbolId role : facts.roles) {
    if (contains(key(role, facts.model_id, facts.action))) return true;
  }
  return false;
}

}  // namespace licet::bench
