// The families of builtins; registry.cc lists them. A family that registers itself would vanish
// when the library is linked statically.
#pragma once

#include "eval/builtins/builtin.h"

namespace licet::builtins {

Family aggregates_family();
Family arithmetic_family();
Family arrays_family();
Family base64_family();
Family bits_family();
Family casts_family();
Family cidr_family();
Family comparison_family();
Family crypto_family();
Family glob_family();
Family graph_family();
Family hex_family();
Family json_family();
Family json_patch_family();
Family json_path_family();
Family json_schema_family();
Family numbers_family();
Family objects_family();
Family omitted_family();
Family print_family();
Family random_family();
Family regex_family();
Family regex_globs_family();
Family replace_family();
Family search_family();
Family semver_family();
Family sets_family();
Family sprintf_family();
Family strings_family();
Family template_family();
Family time_family();
Family trim_family();
Family types_family();
Family units_family();
Family uri_family();
Family urlquery_family();
Family walk_family();
Family yaml_family();

}  // namespace licet::builtins
