// Images of programs: what is accepted can be run. Images change with every instruction, so the
// input is not one but changes to one: a byte that says which policy it is made from, then offset
// (two bytes) and new byte, again and again. The checksum is put right, as nothing would come past
// it otherwise.
#include <vector>

#include "eval/image.h"
#include "lang/compile.h"
#include "tests/fuzz/fuzz.h"

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
}  // namespace licet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace licet;
  static const std::vector<std::string> images = [] {
    std::vector<std::string> list;
    for (const char* policy : fuzz::kPolicies) list.push_back(fuzz::image_of(policy));
    return list;
  }();
  if (size == 0) return 0;
  std::string image = images[data[0] % images.size()];
  for (std::size_t i = 1; i + 3 <= size; i += 3) {
    const std::size_t offset = data[i] + std::size_t{256} * data[i + 1];
    image[offset % image.size()] = static_cast<char>(data[i + 2]);
  }
  fuzz::set_checksum(image);
  auto program = program_from_image(image);
  if (!program) return 0;
  disassembly_from_program(*program.value());
  fuzz::run_all(std::move(program).value(), fuzz::kRequest);
  return 0;
}
