// Decisions with a cache, cold and warm, are those without one.
#include <gtest/gtest.h>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "tests/property/cases.h"

namespace licet::property {
namespace {

constexpr std::int64_t kNoon = 1'700'000'000'000'000'000;

// Some rules get literals that look at the clock or fail, and some get something to say.
Case generate_clocked(std::uint64_t seed) {
  Case c = generate_decisions(seed);
  Random random(seed ^ 0x5DEECE66DULL);
  const std::vector<std::string> literals = {
      "time.now_ns() >= 1700000000000000000", "time.now_ns() < 1700000000000000000",
      "time.clock(time.now_ns())[0] > 12",    "to_number(\"x\") > 1",
      "rand.intn(\"seed\", 2) == 1",
  };
  const std::vector<std::string> clauses = {
      " because \"said\"",
      " because $\"at {time.now_ns()}\"",
      " controls {\"c1\", \"c2\"}",
      " controls {\"c2\"} obliges {\"k\": 1}",
      " obliges {\"k\": 2, \"l\": time.now_ns()}",
  };
  for (Declaration& declaration : c.declarations) {
    if (declaration.body.empty()) continue;
    if (random.chance(25)) {
      const std::size_t at = random.below(declaration.body.size() + 1);
      declaration.body.insert(declaration.body.begin() + static_cast<std::ptrdiff_t>(at),
                              random.pick(literals));
    }
    if (declaration.kind != Declaration::Kind::kHelper && declaration.tail.empty() &&
        random.chance(40)) {
      declaration.tail = random.pick(clauses);
    }
  }
  return c;
}

std::string text_of(const Decision& decision) {
  std::string out(name_of(decision.cause()));
  for (const DeterminingRule& rule : decision.rules()) out += " " + rule.name;
  for (const std::string& message : decision.messages()) out += " message " + message;
  for (const std::string& control : decision.controls()) out += " control " + control;
  for (const Obligation& obligation : decision.obligations()) {
    out += " obligation " + obligation.key;
    for (const std::string& value : obligation.values) out += "=" + value;
  }
  for (const std::string& warning : decision.warnings()) out += " warning " + warning;
  return out + " " + decision.error();
}

// The request, and others that differ from it in an attribute that is missing.
std::vector<std::string> requests_of(const Case& c) {
  std::vector<std::string> requests = {c.request.dump()};
  for (const auto& [root, attributes] : c.request.items()) {
    if (!attributes.is_object()) continue;
    for (const auto& [name, value] : attributes.items()) {
      nlohmann::json other = c.request;
      other[root].erase(name);
      requests.push_back(other.dump());
      if (requests.size() == 5) return requests;
    }
  }
  return requests;
}

Finding check_cache(const Case& c) {
  Arena arena;
  const lang::Compilation compilation =
      lang::compile(c.sources(), value_from_json(c.data.dump(), arena).value());
  if (!compilation.program) return {Checked::kSkipped, ""};
  EngineOptions options;
  options.limits.time = std::chrono::minutes(1);  // a slow machine is no failure
  const Engine plain(compilation.program, options);
  options.cache_bytes = std::size_t{1} << 20;
  options.cache_use = CacheUse::kAlways;
  const Engine caching(compilation.program, options);
  for (const std::int64_t now : {kNoon, kNoon, kNoon - 1, kNoon + 7'200'000'000'000}) {
    for (const std::string& request : requests_of(c)) {
      CallOptions call;
      call.now_ns = now;
      call.seed = 7;
      const std::string expected = text_of(plain.decide_json(request, call));
      const Decision got = caching.decide_json(request, call);
      if (text_of(got) != expected) {
        return {Checked::kYes, request + "\nwithout the cache: " + expected + "\nwith it (" +
                                   (got.is_cached() ? "warm" : "cold") + "): " + text_of(got)};
      }
    }
  }
  return {};
}

TEST(Cache, decisions_are_the_same_without_cold_and_warm) {
  check_cases(1, case_count(1500), generate_clocked, check_cache);
}

}  // namespace
}  // namespace licet::property
