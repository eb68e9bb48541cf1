// Schemas as Rego: functions that hold for values that fit a type.
#pragma once

#include <string>

#include "eval/schema.h"

namespace licet::lang::exporting {

// Rules of one package: `request_fits`, and a function per type.
std::string schema_rules(const Schema& schema);

}  // namespace licet::lang::exporting
