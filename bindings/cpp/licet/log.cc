#include "licet/log.h"

#include <chrono>
#include <utility>

#include "eval/path_text.h"

namespace licet {

struct Log::Plan {
  std::shared_ptr<const Program> program;
  std::shared_ptr<const log::ReadPlan> entries;
  std::vector<std::vector<std::string>> paths;  // of entries->paths
};

Log::Log(std::unique_ptr<log::DecisionLog> log, LogSettings settings)
    : log_(std::move(log)), settings_(std::move(settings)) {}

Result<std::unique_ptr<Log>, log::LogError> Log::open(LogSettings settings) {
  std::vector<std::string> paths = settings.also;
  paths.insert(paths.end(), settings.encrypt.begin(), settings.encrypt.end());
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

std::shared_ptr<const Log::Plan> Log::plan_for(const std::shared_ptr<const Program>& program) {
  const std::lock_guard lock(mutex_);
  if (plan_ && plan_->program == program) return plan_;
  auto plan = std::make_shared<Plan>();
  plan->program = program;
  plan->entries = read_plan_for(*program, settings_);
  for (const log::ReadPath& path : plan->entries->paths) {
    plan->paths.push_back(path.text == "input"
                              ? std::vector<std::string>()
                              : path_from_text(path.text).value_or(std::vector<std::string>()));
  }
  plan_ = plan;
  return plan;
}

namespace {

Value value_at(Value value, const std::vector<std::string>& path) {
  for (const std::string& key : path) value = value.get(key);
  return value;
}

std::int64_t system_now_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

void pack_decision(const Decision& decision, std::string_view id, const CallOptions& options,
                   const TraceIds& trace, log::DecisionPacker& packer) {
  packer.head({.id = id,
               .now_ns = decision.now_ns() ? *decision.now_ns() : system_now_ns(),
               .seed = decision.seed(),
               .effect = name_of(decision.effect()),
               .cause = name_of(decision.cause()),
               .package = options.package,
               .error = decision.error(),
               .trace_id = trace.trace_id,
               .span_id = trace.span_id,
               .is_cached = decision.is_cached()});
  for (const std::uint32_t index : decision.rule_indexes()) {
    const DecisionRule& rule = decision.program()->decision_rules[index];
    packer.add_rule(rule.package, rule.name);
  }
  for (const std::string& message : decision.messages()) packer.add_message(message);
  for (const std::string& control : decision.controls()) packer.add_control(control);
  for (const Obligation& obligation : decision.obligations()) {
    for (const std::string& value : obligation.values) {
      packer.add_obligation(obligation.key, value);
    }
  }
  for (const std::string& warning : decision.warnings()) packer.add_warning(warning);
}

// The caller learns nothing of what was decided but that it is not out.
Decision denied(const Decision& decision, const log::LogError& error) {
  Decision deny = decision;
  deny.set_rules({});
  deny.new_details().error = "the decision could not be logged: " + log::text_of(error);
  deny.set_cause(Cause::kError);
  return deny;
}

}  // namespace

std::optional<log::LogError> Log::record(const Plan& plan, const Decision& decision,
                                         Request& request, const CallOptions& options,
                                         const TraceIds& trace) {
  thread_local std::string packed;
  thread_local Arena arena;
  arena.reset();
  const std::string id = decision.id().text();
  log::DecisionPacker packer(packed);
  pack_decision(decision, id, options, trace, packer);
  // What does not fit the schema is not taken apart: nobody knows what in it is personal.
  if (decision.cause() != Cause::kInvalidRequest) {
    const Value document = request.document(arena);
    for (std::size_t i = 0; i < plan.paths.size(); ++i) {
      packer.add_read(static_cast<std::uint32_t>(i), value_at(document, plan.paths[i]));
    }
  }
  return log_->append(plan.entries, packed);
}

Decision Log::decide(const Engine& engine, Request& request, const CallOptions& options,
                     const TraceIds& trace, std::optional<log::LogError>* failure) {
  Decision decision = engine.decide(request, options);
  std::optional<log::LogError> error;
  try {
    // Of the program that decided, also if another one is in force by now.
    error = record(*plan_for(decision.program()), decision, request, options, trace);
  } catch (const std::exception& exception) {  // memory
    error =
        log::LogError{.code = log::LogErrorCode::kMasking, .message = exception.what(), .help = {}};
  }
  if (!error) return decision;
  if (failure != nullptr) *failure = error;
  return denied(decision, *error);
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
