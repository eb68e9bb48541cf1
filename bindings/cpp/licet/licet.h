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
// No function throws. Those that can fail answer a Result; ask it before you take the value.
#pragma once

#include "eval/decision.h"
#include "eval/engine.h"
#include "eval/options.h"
#include "eval/request.h"
#include "eval/result.h"
#include "licet/data.h"
#include "licet/files.h"
#include "licet/load.h"
#include "licet/log.h"
