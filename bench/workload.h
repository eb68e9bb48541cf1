// The work that Licet is measured with: policies, requests and the decisions that are wanted. The
// files come from the generator of the shared test data (README.md); tests read them too.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "eval/engine.h"
#include "eval/program.h"
#include "eval/request.h"
#include "eval/result.h"
#include "eval/value.h"

namespace licet::bench {

// A policy is measured in two forms that mean the same.
enum class Form {
  kRego,   // as given: answers kRegoQuery
  kLicet,  // each of its rules as a permit or forbid
};

// What Form::kRego is asked.
inline constexpr std::string_view kRegoQuery = "data.authz.allow";

struct Workload {
  std::string name;            // w1_100.data: grants as data, one rule that reads them
  std::size_t rule_count = 0;  // rules, or grants in the data
  std::string rego;
  std::string licet;
  std::shared_ptr<const Arena> arena;  // keeps `data` alive
  Value data;                          // an object
  std::vector<std::string> requests;   // JSON
  std::vector<bool> is_permitted;      // for each request
};

// w1_10.rules, w1_10.data, w1_10.keyed, w1_100.rules, ... w2.rules, ... w3_10000.rules
std::vector<std::string> workload_names();
// Those, and what bench/workloads.py adds: larger ones, and w1_N.joined, whose join is written in
// another order.
std::vector<std::string> all_workload_names();

// The error is one line that names the file.
Result<std::shared_ptr<const Workload>, std::string> read_workload(const std::string& folder,
                                                                   const std::string& name);

// Null if the policy does not compile; the compiler's first message goes to `error`.
std::shared_ptr<const Program> compile_workload(const Workload& workload, Form form,
                                                std::string& error);

// The requests in the engine's own form. The values live in `arenas`, one for each request, or in
// the requests.
struct ReadyRequests {
  std::vector<std::unique_ptr<Arena>> arenas;
  std::vector<Value> documents;                    // Form::kRego
  std::vector<std::unique_ptr<Request>> requests;  // Form::kLicet
};
ReadyRequests ready_requests(const Engine& engine, const Workload& workload, Form form);

// Which of the requests number 0, `stride`, 2 x `stride` ... is decided in another way than wanted,
// for people; empty if none is.
std::string wrong_decision(const Engine& engine, const Workload& workload, Form form,
                           std::size_t stride = 1);

}  // namespace licet::bench
