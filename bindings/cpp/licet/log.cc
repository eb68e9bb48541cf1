#include "licet/log.h"

#include <atomic>
#include <chrono>
#include <utility>

#include "eval/path_text.h"
#include "eval/slot_values.h"
#include "eval/utf8.h"
#include "licet/json_find.h"
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

std::int64_t system_now_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

void pack_details(const Decision& decision, log::DecisionPacker& packer) {
  for (const std::string& message : decision.messages()) packer.add_message(message);
  for (const std::string& control : decision.controls()) packer.add_control(control);
  for (const Obligation& obligation : decision.obligations()) {
    for (const std::string& value : obligation.values) {
      packer.add_obligation(obligation.key, value);
    }
  }
  for (const std::string& warning : decision.warnings()) packer.add_warning(warning);
}

void pack_decision(const Decision& decision, const CallOptions& options, const TraceIds& trace,
                   log::DecisionPacker& packer) {
  packer.head({.id = decision.id(),
               .now_ns = decision.now_ns() ? *decision.now_ns() : system_now_ns(),
               .seed = decision.seed(),
               .cause = decision.cause(),
               .package = options.package,
               .error = decision.error(),
               .trace_id = trace.trace_id,
               .span_id = trace.span_id,
               .is_cached = decision.is_cached()});
  for (const std::uint32_t rule : decision.rule_indexes()) packer.add_rule(rule);
  if (decision.has_details()) [[unlikely]]
    pack_details(decision, packer);
}

// What a caller lent has not been looked at, and an entry must be text.
struct NoText : std::exception {
  const char* what() const noexcept override { return "an attribute is no UTF-8 text"; }
};

Text checked_text(std::string_view bytes) {
  const Text text = text_from(bytes);
  if (bytes.size() <= Text::kInline && is_ascii_inline(text)) [[likely]]
    return text;
  if (first_invalid_utf8(bytes) != bytes.size()) throw NoText();
  return text;
}

template <class List, class TextOf>
void pack_lent_list(std::uint32_t path, const List& list, TextOf text_of,
                    log::DecisionPacker& packer) {
  thread_local std::vector<Text> texts;
  texts.clear();
  for (const auto& element : list) texts.push_back(checked_text(text_of(element)));
  packer.add_read(path, std::span<const Text>(texts));
}

void pack_cell(std::uint32_t path, const SlotValues::Cell& cell, log::DecisionPacker& packer) {
  switch (cell.form) {
    case SlotValues::Form::kLent:
      return packer.add_read(path, checked_text(cell.lent_text()));
    case SlotValues::Form::kLentList:
      return pack_lent_list(
          path, cell.lent, [](std::string_view text) { return text; }, packer);
    case SlotValues::Form::kLentSymbols:
      return pack_lent_list(
          path, cell.symbols, [](const Symbol& symbol) { return symbol.text(); }, packer);
    case SlotValues::Form::kValue:
      return packer.add_read(path, cell.value);
    case SlotValues::Form::kText:
    case SlotValues::Form::kTextMade:
      return packer.add_read(path, cell.text);
    case SlotValues::Form::kTexts:
    case SlotValues::Form::kTextsMade:
      return packer.add_read(path, cell.texts);
    case SlotValues::Form::kValues:
    case SlotValues::Form::kValuesMade:
      return packer.add_read(path, cell.values);
  }
}

void pack_from_document(const LogPlan& plan, Request& request, bool with_ready,
                        log::DecisionPacker& packer) {
  thread_local Arena arena;
  arena.reset();
  const bool was_wrong = request.error().has_value();
  const Value document = request.document(arena);
  if (request.error() && !was_wrong) throw NoText();  // that was lent
  const auto add = [&](std::uint32_t path, const std::vector<std::string>& keys) {
    Value value = document;
    for (const std::string& key : keys) value = value.get(key);
    packer.add_read(path, value);
  };
  if (with_ready) {
    for (const LogPlan::Ready& ready : plan.ready) add(ready.path, ready.keys);
  }
  for (const LogPlan::Sought& sought : plan.sought) add(sought.path, sought.keys);
}

// Cuts values out of the text of a request; who makes the entry reads them. False: that is not
// certain to find them.
bool pack_from_text(const LogPlan& plan, std::string_view json, log::DecisionPacker& packer) {
  for (const LogPlan::Sought& sought : plan.sought) {
    const FoundJson found = find_json(json, sought.keys);
    if (found.is_unsure) return false;
    if (!found.text.empty()) packer.add_read_json(sought.path, found.text);
  }
  return true;
}

// What was set one by one: in a cell of the plan's, or in one that the request's engine gave to an
// attribute that no policy reads. False: the values are parts of others.
bool pack_cells(const LogPlan& plan, const SlotValues& slots, const Request& request,
                log::DecisionPacker& packer) {
  for (const LogPlan::Sought& sought : plan.sought) {
    std::optional<CellIndex> cell = sought.cell;
    const std::string& wanted = plan.entries->paths[sought.path].text;
    for (const Attribute& attribute : request.layout().unread_attributes()) {
      if (!attribute.cell || !slots.has(*attribute.cell)) continue;
      if (attribute.text == wanted) {
        cell = attribute.cell;
      } else if (sought.keys.empty() || attribute.text.starts_with(wanted) ||
                 wanted.starts_with(attribute.text)) {
        return false;
      }
    }
    if (cell && slots.has(*cell)) pack_cell(sought.path, slots.cell(*cell), packer);
  }
  return true;
}

void pack_sought(const LogPlan& plan, const SlotValues& slots, Request& request,
                 log::RecordBuffer& record, log::DecisionPacker& packer) {
  const std::string_view json = request.json();
  const std::size_t size = record.size();
  if (!json.empty() && pack_from_text(plan, json, packer)) return;
  record.cut(size);
  if (!request.was_set_by_slots() || plan.any_overlap ||
      !pack_cells(plan, slots, request, packer)) {
    record.cut(size);
    pack_from_document(plan, request, /*with_ready=*/false, packer);
  }
}

void pack_reads(const LogPlan& plan, Request& request, log::RecordBuffer& record,
                log::DecisionPacker& packer) {
  const SlotValues* const slots = request.slots_of(*plan.program);
  if (slots == nullptr) return pack_from_document(plan, request, /*with_ready=*/true, packer);
  for (const LogPlan::Ready& ready : plan.ready) {
    if (slots->has(ready.cell)) pack_cell(ready.path, slots->cell(ready.cell), packer);
  }
  if (!plan.sought.empty()) pack_sought(plan, *slots, request, record, packer);
}

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
