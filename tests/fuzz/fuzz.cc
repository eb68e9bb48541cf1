#include "tests/fuzz/fuzz.h"

#include <xxhash.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "eval/value_json.h"

namespace licet::fuzz {

void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void run_all(std::shared_ptr<const Program> program, std::string_view request) {
  EngineOptions options;
  options.limits.steps = 20'000;
  options.limits.memory_bytes = std::size_t{1} << 20;
  const Engine engine(std::move(program), options);
  CallOptions call;
  call.now_ns = 0;
  call.seed = 1;
  engine.decide_json(request, call);
  Arena arena;
  const auto input = value_from_json(request, arena);
  const Value given = input ? input.value() : Value::undefined();
  for (const EntryPoint& entry : engine.program()->entry_points) {
    const auto answer = engine.query("data." + entry.path, given, call);
    if (answer && answer.value().value.is_defined()) json_from_value(answer.value().value);
  }
}

void set_checksum(std::string& image) {
  constexpr std::size_t kHeader = 8 + 4 + 8 + 8;  // magic, version, instructions, checksum
  if (image.size() < kHeader) return;
  const std::uint64_t checksum = XXH3_64bits(image.data() + kHeader, image.size() - kHeader);
  std::memcpy(image.data() + kHeader - 8, &checksum, 8);
}

}  // namespace licet::fuzz
