// Licet: permit or deny, and why.
//
//   #include <licet/licet.h>
//
//   auto engine = licet::load("policies/").value();                     // or a compiled image
//   auto department = engine.slot<std::string_view>("user.department").value();
//   licet::Request request(engine);                                     // reusable
//   request.set(department, "risk");                                    // or request.parse(json)
//   licet::Decision decision = engine.decide(request);
//   if (!decision) reply(403, decision.message());
//
// Fastest is a struct of yours that is lent as it is; its members are bound to attributes once:
//
//   struct Call { std::string_view department; licet::StringList roles; std::int64_t hour; };
//   auto binding = engine.bind(licet::Member{"user.department", &Call::department},
//                              licet::Member{"user.roles", &Call::roles},
//                              licet::Member{"request.hour", &Call::hour}).value();
//   licet::Decision decision = engine.decide(request.reset().lend(binding, call));
//
// No function throws. Those that can fail answer a Result; ask it before you take the value.
#pragma once

#include "eval/decision.h"
#include "eval/engine.h"
#include "eval/options.h"
#include "eval/request.h"
#include "eval/result.h"
#include "eval/struct_binding.h"
#include "licet/data.h"
#include "licet/files.h"
#include "licet/load.h"
#include "licet/log.h"
