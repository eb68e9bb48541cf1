// Decisions that are logged before they are handed out.
//
//   auto keys = licet::log::key_provider_from_file("log.key").value();
//   auto log = licet::Log::open({.log = {.folder = "decisions", .keys = keys}}).value();
//   licet::Decision decision = log->decide(engine, request);     // in the log when it returns
//   log->record_outcome(decision, "approved");
//
// If an entry cannot be logged the decision is a deny, and its error says why.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/decision.h"
#include "eval/engine.h"
#include "eval/log.h"
#include "eval/log_read.h"
#include "eval/request.h"

namespace licet {

struct LogSettings {
  log::LogOptions log;
  // Whose data an entry is about; values to encrypt are encrypted under this subject's key. Empty:
  // nobody's, and values to encrypt are left out.
  std::string subject = "user.id";
  // Attributes to log besides those that the policies read.
  std::vector<std::string> also;
  // Personal attributes to encrypt, besides what the schema says.
  std::vector<std::string> encrypt;
};

// The caller's trace, as in W3C Trace Context.
struct TraceIds {
  std::string_view trace_id;
  std::string_view span_id;
};

struct LogPlan;

// Thread-safe. After a decision with another program a thread keeps that program in memory until
// it decides with the next one.
class Log {
 public:
  static Result<std::unique_ptr<Log>, log::LogError> open(LogSettings settings);

  // Decides, logs, and answers. What could not be logged is a deny with the cause `error`; why goes
  // to `failure` too, if that is not null. Cost besides the decision: in async mode a copy of what
  // was read; in durable mode a sync of the disk. Attributes to log that no policy reads (the
  // subject, `also`) are looked for in the request's JSON. Where values are encrypted, and where
  // an entry may become too large, it is made by this thread.
  Decision decide(const Engine& engine, Request& request, const CallOptions& options = {},
                  const TraceIds& trace = {}, std::optional<log::LogError>* failure = nullptr);
  // What followed from a decision. `group` may be empty; outcome rates are reported by it.
  std::optional<log::LogError> record_outcome(const Decision& decision, std::string_view outcome,
                                              std::string_view group = {});
  std::optional<log::LogError> record_outcome(std::string_view decision_id, const Value& outcome,
                                              std::string_view group = {});

  // Checkpoints, keys, erasure, statistics.
  log::DecisionLog& entries() { return *log_; }

 private:
  Log(std::unique_ptr<log::DecisionLog> log, LogSettings settings);
  const LogPlan& plan_for(const std::shared_ptr<const Program>& program);
  std::optional<log::LogError> record(const LogPlan& plan, const Decision& decision,
                                      Request& request, const CallOptions& options,
                                      const TraceIds& trace);

  std::unique_ptr<log::DecisionLog> log_;
  LogSettings settings_;
  std::uint64_t number_;  // of the logs of this process
  std::mutex mutex_;
  std::shared_ptr<const LogPlan> plan_;  // of the program that decided last; guarded by mutex_
};

}  // namespace licet
