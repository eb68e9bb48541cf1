#include "bench/handwritten/w2.h"

#include <initializer_list>

namespace licet::bench {
namespace {

// In the order in which add_w2_symbols() adds them.
enum W2Symbol : SymbolId {
  kNoSymbol,
  kRead,
  kInfer,
  kTrain,
  kDeploy,
  kProduction,
  kStaging,
  kMlEngineer,
  kDataScientist,
  kAdmin,
  kIntern,
  kGlobal,
  kPii,
  kHigh,
  kCritical,
};

struct TextNames {
  static constexpr std::string_view read = "read", infer = "infer", train = "train",
                                    deploy = "deploy", production = "production",
                                    staging = "staging", ml_engineer = "ml_engineer",
                                    data_scientist = "data_scientist", admin = "admin",
                                    intern = "intern", global = "global", pii = "pii",
                                    high = "high", critical = "critical";
};

struct SymbolNames {
  static constexpr SymbolId read = kRead, infer = kInfer, train = kTrain, deploy = kDeploy,
                            production = kProduction, staging = kStaging, ml_engineer = kMlEngineer,
                            data_scientist = kDataScientist, admin = kAdmin, intern = kIntern,
                            global = kGlobal, pii = kPii, high = kHigh, critical = kCritical;
};

constexpr Network kAdminNetwork = network(10, 0, 0, 8);
constexpr Network kNetworks[] = {kAdminNetwork, network(172, 16, 0, 12), network(192, 168, 0, 16),
                                 network(203, 0, 113, 24), network(198, 51, 100, 25)};

bool is_in(const Network& network, std::uint32_t ip) { return network.contains(ip); }
bool is_in(const Network& network, std::string_view ip) {
  const auto address = address_from_text(ip);
  return address && network.contains(*address);
}

bool is_known(std::uint32_t ip) {
  for (const Network& network : kNetworks) {
    if (network.contains(ip)) return true;
  }
  return false;
}
bool is_known(std::string_view ip) {
  const auto address = address_from_text(ip);
  return address && is_known(*address);
}

template <class Names, class F>
bool builds_models(const F& f) {
  return f.roles.contains(Names::ml_engineer) || f.roles.contains(Names::data_scientist);
}

template <class N, class F>
bool is_permitted(const F& f) {
  if (f.action == N::read) {
    if (f.department == f.owner_department && f.clearance >= f.classification) return true;
    if (f.classification == 0) return true;
  } else if (f.action == N::infer) {
    if (f.stage == N::production) {
      if (f.clearance >= 1 && f.hour >= 6 && f.hour < 22) return true;
    } else if (f.stage == N::staging) {
      if (f.department == f.owner_department && builds_models<N>(f)) return true;
    }
  } else if (f.action == N::train) {
    if (f.clearance >= f.classification && builds_models<N>(f) && f.purposes.contains(f.purpose)) {
      return true;
    }
  } else if (f.action == N::deploy) {
    if (f.stage == N::staging && f.mfa && f.hour >= 8 && f.hour < 18 &&
        (f.roles.contains(N::ml_engineer) || f.roles.contains(N::admin))) {
      return true;
    }
  }
  return f.mfa && f.roles.contains(N::admin) && is_in(kAdminNetwork, f.ip);
}

template <class N, class F>
bool is_denied(const F& f) {
  if (f.action == N::deploy && f.roles.contains(N::intern)) return true;
  if (f.dataset_region != N::global && f.dataset_region != f.region) return true;
  if (f.tags.contains(N::pii) && !f.purposes.contains(f.purpose)) return true;
  if (f.rate_per_min > 600) return true;
  if (!f.mfa && (f.risk_tier == N::high || f.risk_tier == N::critical)) return true;
  return !is_known(f.ip);
}

}  // namespace

bool w2_permits(const Facts& facts) {
  return is_permitted<TextNames>(facts) && !is_denied<TextNames>(facts);
}

bool w2_permits(const InternedFacts& facts) {
  return is_permitted<SymbolNames>(facts) && !is_denied<SymbolNames>(facts);
}

bool w2_permits(const HashedFacts& facts) {
  return is_permitted<SymbolNames>(facts) && !is_denied<SymbolNames>(facts);
}

void add_w2_symbols(Interner& interner) {
  for (const char* const name :
       {"read", "infer", "train", "deploy", "production", "staging", "ml_engineer",
        "data_scientist", "admin", "intern", "global", "pii", "high", "critical"}) {
    interner.add(name);
  }
  // The rest is compared with one another only.
  for (const char* const name :
       {"dev",       "retired",  "low",     "medium",  "research",   "fraud",
        "health",    "ads",      "risk",    "infra",   "eu",         "us",
        "apac",      "viewer",   "analyst", "auditor", "contractor", "fraud_detection",
        "marketing", "care",     "billing", "audit",   "phi",        "public",
        "synthetic", "financial"}) {
    interner.add(name);
  }
}

}  // namespace licet::bench
