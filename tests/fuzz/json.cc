// JSON and YAML text: what is read is written and read again as the same value, also as the
// canonical JSON of the decision log.
#include <string>

#include "eval/arena.h"
#include "eval/log_entry.h"
#include "eval/value_json.h"
#include "eval/value_yaml.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/targets.h"

namespace licet::fuzz {
namespace {

constexpr std::size_t kMemory = std::size_t{64} << 20;

void check_plain(const Value& value) {
  Arena arena;
  const std::string written = json_from_value(value);
  const auto again = value_from_json(written, arena);
  check(static_cast<bool>(again), "what was written does not read");
  check(again.value() == value, "what was written reads as another value");
  check(json_from_value(again.value()) == written, "one value is written in two ways");
  rego_text(value);
}

void check_canonical(const Value& value) {
  Arena arena;
  const std::string written = log::canonical_json(value);
  const auto again = value_from_json(written, arena);
  check(static_cast<bool>(again), "canonical JSON does not read");
  const Value meant = log::value_from_canonical(again.value(), arena);
  check(meant == value, "canonical JSON means another value");
  check(log::canonical_json(meant) == written, "canonical JSON is not canonical");
}

void check_json(std::string_view text, Arena& arena) {
  const auto value = value_from_json(text, arena);
  if (!value) return;
  check_plain(value.value());
  check_canonical(value.value());
  // Anything may stand where an entry of a log was expected.
  log::value_from_canonical(value.value(), arena);
}

}  // namespace

void run_json(std::string_view input) {
  Arena arena;
  arena.set_limit(kMemory);
  try {
    check_json(input, arena);
    for (const YamlMode mode : {YamlMode::kStrict, YamlMode::kLikeOpa}) {
      if (const auto value = value_from_yaml(input, arena, mode)) json_from_value(value.value());
    }
  } catch (const MemoryExceeded&) {
  }
}

}  // namespace licet::fuzz
