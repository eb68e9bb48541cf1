#include "licet/log.h"

#include <atomic>
#include <utility>

#include "eval/path_text.h"
#include "licet/log_pack.h"
#include "licet/log_plan.h"

namespace licet {

namespace {

std::uint64_t next_log_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

Log::Log(std::unique_ptr<log::DecisionLog> log, LogSettings settings)
    : log_(std::move(log)), settings_(std::move(settings)), number_(next_log_number()) {}

Result<std::unique_ptr<Log>, log::LogError> Log::open(LogSettings settings) {
  std::vector<std::string> paths = settings.also;
  paths.insert(paths.end(), settings.encrypt.begin(), settings.encrypt.end());
  if (!settings.subject.empty()) paths.push_back(settings.subject);
  for (const std::string& path : paths) {
    if (!path_from_text(path)) {
      return Failure{log::LogError{.code = log::LogErrorCode::kWrongUse,
                                   .message = "`" + path + "` is not the path of an attribute",
                                   .help = {}}};
    }
  }
  auto opened = log::DecisionLog::open(settings.log);
  if (!opened) return Failure{opened.error()};
  return std::unique_ptr<Log>(new Log(std::move(opened).value(), std::move(settings)));
}

// The plan that this thread used last is at hand without a lock. It keeps its program, so that
// another one cannot have the same address.
const LogPlan& Log::plan_for(const std::shared_ptr<const Program>& program) {
  struct Last {
    std::uint64_t log = 0;
    std::shared_ptr<const LogPlan> plan;
  };
  thread_local Last last;
  if (last.log == number_ && last.plan->program == program) [[likely]]
    return *last.plan;
  const std::lock_guard lock(mutex_);
  if (!plan_ || plan_->program != program) plan_ = log_plan_for(program, settings_);
  last = {number_, plan_};
  return *plan_;
}

namespace {

// The caller learns nothing of what was decided but that it is not out.
Decision denied(const Decision& decision, const log::LogError& error) {
  try {
    Decision deny = decision;
    deny.set_rules({});
    deny.new_details().error = "the decision could not be logged: " + log::text_of(error);
    deny.set_cause(Cause::kError);
    return deny;
  } catch (const std::exception&) {  // no memory for words
    return {};
  }
}

}  // namespace

std::optional<log::LogError> Log::record(const LogPlan& plan, const Decision& decision,
                                         Request& request, const CallOptions& options,
                                         const TraceIds& trace) {
  thread_local log::RecordBuffer record;
  log::DecisionPacker packer(record);
  pack_decision(decision, options, trace, packer);
  // What does not fit the schema is not taken apart: nobody knows what in it is personal.
  if (decision.cause() != Cause::kInvalidRequest) [[likely]]
    pack_reads(plan, request, record, packer);
  return log_->append(plan.entries, record.bytes());
}

Decision Log::decide(const Engine& engine, Request& request, const CallOptions& options,
                     const TraceIds& trace, std::optional<log::LogError>* failure) {
  Decision decision = engine.decide(request, options);
  std::optional<log::LogError> error;
  try {
    // Of the program that decided, also if another one is in force by now.
    error = record(plan_for(decision.program()), decision, request, options, trace);
  } catch (const NoText& no_text) {
    error =
        log::LogError{.code = log::LogErrorCode::kMasking, .message = no_text.what(), .help = {}};
  } catch (const std::exception&) {
    error =
        log::LogError{.code = log::LogErrorCode::kMemory, .message = "out of memory", .help = {}};
  }
  if (!error) return decision;
  Decision deny = denied(decision, *error);
  if (failure != nullptr) *failure = std::move(error);
  return deny;
}

std::optional<log::LogError> Log::record_outcome(const Decision& decision, std::string_view outcome,
                                                 std::string_view group) {
  Arena arena;
  return log_->append_outcome(decision.id().text(), Value::string(outcome, arena), group);
}

std::optional<log::LogError> Log::record_outcome(std::string_view decision_id, const Value& outcome,
                                                 std::string_view group) {
  return log_->append_outcome(decision_id, outcome, group);
}

}  // namespace licet
