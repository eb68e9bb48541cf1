// The builtins that OPA has and Licet leaves out.
#include <algorithm>
#include <array>

#include "eval/builtins.h"
#include "eval/builtins/families.h"

namespace licet {
namespace {

constexpr std::string_view kReachesOut =
    "a decision reads its request, the loaded data and the clock, nothing outside the process";
constexpr std::string_view kReflects = "policies do not read policies";
constexpr std::string_view kNoGraphql = "requests are attributes, not GraphQL documents";
constexpr std::string_view kNotYet = "not part of this version";

constexpr std::string_view kVerify = "(string, string) => boolean";

constexpr auto kOmitted = std::to_array<OmittedBuiltin>({
    {"crypto.parse_private_keys", "(string) => array[object[string: any]]", kNotYet},
    {"crypto.x509.parse_and_verify_certificates",
     "(string) => array<boolean, array[object[string: any]]>", kNotYet},
    {"crypto.x509.parse_and_verify_certificates_with_options",
     "(string, object[string: any]) => array<boolean, array[object[string: any]]>", kNotYet},
    {"crypto.x509.parse_certificate_request", "(string) => object[string: any]", kNotYet},
    {"crypto.x509.parse_certificates", "(string) => array[object[string: any]]", kNotYet},
    {"crypto.x509.parse_keypair", "(string, string) => object[string: any]", kNotYet},
    {"crypto.x509.parse_rsa_private_key", "(string) => object[string: any]", kNotYet},
    {"graphql.is_valid",
     "(any<string, object[any: any]>, any<string, object[any: any]>) => boolean", kNoGraphql},
    {"graphql.parse",
     "(any<string, object[any: any]>, any<string, object[any: any]>) => "
     "array<object[any: any], object[any: any]>",
     kNoGraphql},
    {"graphql.parse_and_verify",
     "(any<string, object[any: any]>, any<string, object[any: any]>) => "
     "array<boolean, object[any: any], object[any: any]>",
     kNoGraphql},
    {"graphql.parse_query", "(string) => object[any: any]", kNoGraphql},
    {"graphql.parse_schema", "(string) => object[any: any]", kNoGraphql},
    {"graphql.schema_is_valid", "(any<string, object[any: any]>) => boolean", kNoGraphql},
    {"http.send", "(object[string: any]) => object[any: any]", kReachesOut},
    {"io.jwt.decode", "(string) => array<object[any: any], object[any: any], string>", kNotYet},
    {"io.jwt.decode_verify",
     "(string, object[string: any]) => array<boolean, object[any: any], object[any: any]>",
     kNotYet},
    {"io.jwt.encode_sign",
     "(object[string: any], object[string: any], object[string: any]) => string", kNotYet},
    {"io.jwt.encode_sign_raw", "(string, string, string) => string", kNotYet},
    {"io.jwt.verify_eddsa", kVerify, kNotYet},
    {"io.jwt.verify_es256", kVerify, kNotYet},
    {"io.jwt.verify_es384", kVerify, kNotYet},
    {"io.jwt.verify_es512", kVerify, kNotYet},
    {"io.jwt.verify_hs256", kVerify, kNotYet},
    {"io.jwt.verify_hs384", kVerify, kNotYet},
    {"io.jwt.verify_hs512", kVerify, kNotYet},
    {"io.jwt.verify_ps256", kVerify, kNotYet},
    {"io.jwt.verify_ps384", kVerify, kNotYet},
    {"io.jwt.verify_ps512", kVerify, kNotYet},
    {"io.jwt.verify_rs256", kVerify, kNotYet},
    {"io.jwt.verify_rs384", kVerify, kNotYet},
    {"io.jwt.verify_rs512", kVerify, kNotYet},
    {"net.lookup_ip_addr", "(string) => set[string]", kReachesOut},
    {"opa.runtime", "() => object[string: any]", kReachesOut},
    {"providers.aws.sign_req",
     "(object[string: any], object[string: any], number) => object[any: any]", kReachesOut},
    {"rego.metadata.chain", "() => array[any]", kReflects},
    {"rego.metadata.rule", "() => any", kReflects},
    {"rego.parse_module", "(string, string) => object[string: any]", kReflects},
});

}  // namespace

const OmittedBuiltin* find_omitted_builtin(std::string_view name) {
  const auto found = std::lower_bound(
      kOmitted.begin(), kOmitted.end(), name,
      [](const OmittedBuiltin& omitted, std::string_view n) { return omitted.name < n; });
  return found != kOmitted.end() && found->name == name ? &*found : nullptr;
}

namespace builtins {
namespace {

// A call of one of the above where no mock is in force.
Value not_available(Context& context, std::span<const Value> arguments) {
  return context.fail("`" + std::string(arguments[0].as_string()) + "` is not available in Licet");
}

constexpr Row kRows[] = {
    {.name = "internal.not_available",
     .signature = "(string) => any",
     .function = not_available,
     .doc = "What the compiler makes of a builtin that Licet leaves out and tests mock: an error.",
     .example = {R"([1 | false; internal.not_available("http.send")])", "[]"}},
};

}  // namespace

Family omitted_family() { return kRows; }

}  // namespace builtins
}  // namespace licet
