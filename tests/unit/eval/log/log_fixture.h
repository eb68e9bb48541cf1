// Logs for tests: keys, options, entries, and what was read back.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "eval/log.h"
#include "eval/log_read.h"
#include "tests/unit/eval/log/memory_files.h"

namespace licet::log {

// Keys `first`, and for "second" also a later one in front of it.
std::shared_ptr<KeyProvider> test_keys(const std::string& current = "first");
LogOptions test_options(std::shared_ptr<Files> files);
// Opens or ends the test program: for what is not the point of a test.
std::unique_ptr<DecisionLog> open_log(const LogOptions& options);

// A plan that reads user.id (@token, the subject), user.email (@redact), user.sex (encrypted) and
// model.id.
std::shared_ptr<const ReadPlan> test_plan();
// A decision with this id; the user is `user`.
std::string packed_decision(const std::string& id, const std::string& user = "ann");

std::vector<std::string> entries_of(const LogOptions& options);
// The ids of decisions in the log, in order.
std::vector<std::string> ids_of(const LogOptions& options);
VerifyReport verify(const LogOptions& options, std::vector<std::string> anchors = {});
std::string findings_text(const VerifyReport& report);
std::uint64_t random_number(std::uint64_t& state);

}  // namespace licet::log
