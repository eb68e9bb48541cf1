// Images of programs: what is accepted can be run. Images change with every instruction, so the
// input is not one but changes to one: a byte that says which policy it is made from, then offset
// (two bytes) and new byte, again and again. The checksum is put right, as nothing would come past
// it otherwise.
#include "eval/image.h"

#include <string>
#include <vector>

#include "lang/compile.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/targets.h"

namespace licet::fuzz {
namespace {

constexpr const char* kPolicies[] = {
    "package p\npermit a if request.action == \"a\"\n"
    "forbid b if { some r in user.roles; not startswith(r, \"a\") } because $\"no {user.id}\"\n",
    "package p\nimport rego.v2\nf(x) := y if { y := x + 1 } else := 0\n"
    "s contains v if { some i, v in input.x; f(i) > 0 or v == null }\n"
    "o[k] := v if { some k, v in {\"a\": 1, \"b\": [1.5, {2}]} }\ndefault d := 1\n"
    "w := {y | y := s with input.x as [1]}\ne if every q in input.x { q != 7 }\n",
    "package p\nschema user { id: string @token, roles: list[\"a\" | \"b\"], n?: map[int] }\n"
    "permit a if { user.id == \"u\" } obliges {\"k\": user.roles[_]} controls {\"c\"}\n",
};

std::string image_of(const char* policy) {
  Arena arena;
  const auto compiled = lang::compile({{"fuzz.licet", policy}}, Value::object({}, arena));
  check(compiled.program != nullptr, "a policy of this target does not compile");
  return image_from_program(*compiled.program);
}

}  // namespace

void run_image(std::string_view input) {
  static const std::vector<std::string> images = [] {
    std::vector<std::string> list;
    for (const char* policy : kPolicies) list.push_back(image_of(policy));
    return list;
  }();
  if (input.empty()) return;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(input[at]); };
  std::string image = images[byte(0) % images.size()];
  for (std::size_t i = 1; i + 3 <= input.size(); i += 3) {
    const std::size_t offset = byte(i) + std::size_t{256} * byte(i + 1);
    image[offset % image.size()] = input[i + 2];
  }
  set_checksum(image);
  auto program = program_from_image(image);
  if (!program) return;
  disassembly_from_program(*program.value());
  run_all(std::move(program).value(), kRequest);
}

}  // namespace licet::fuzz
