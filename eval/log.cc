#include "eval/log.h"

#include "eval/log/canonical.h"
#include "eval/log/entry.h"
#include "eval/log/segment.h"
#include "eval/log/writer.h"

namespace licet::log {

DecisionLog::DecisionLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DecisionLog::~DecisionLog() = default;

Result<std::unique_ptr<DecisionLog>, LogError> DecisionLog::open(LogOptions options) {
  if (!options.keys) {
    return Failure{LogError{.code = LogErrorCode::kWrongUse,
                            .message = "a log needs a key provider",
                            .help = "key_provider_from_file(), for one"}};
  }
  if (options.max_entry_bytes > kMaxEntryBytes) options.max_entry_bytes = kMaxEntryBytes;
  auto impl = std::make_unique<Impl>(std::move(options));
  if (auto error = impl->open()) return Failure{*error};
  return std::unique_ptr<DecisionLog>(new DecisionLog(std::move(impl)));
}

std::optional<LogError> DecisionLog::append(const std::shared_ptr<const ReadPlan>& plan,
                                            std::string_view packed) {
  return impl_->append(plan, packed);
}

std::optional<LogError> DecisionLog::append_outcome(std::string_view decision_id,
                                                    const Value& outcome, std::string_view group) {
  std::map<std::string, std::string> members;
  append_canonical_string(decision_id, members["id"]);
  if (!group.empty()) append_canonical_string(group, members["group"]);
  append_canonical_json(outcome, members["outcome"]);
  return impl_->append_entry_text(event_entry("outcome", impl_->now_ns(), members));
}

Result<std::size_t, LogError> DecisionLog::erase_subject(const Value& subject_id) {
  return impl_->erase_subject(subject_id);
}

std::optional<LogError> DecisionLog::rotate_keys() { return impl_->rotate_keys(); }
std::optional<LogError> DecisionLog::rotate_segment() { return impl_->rotate_segment(); }
Result<std::string, LogError> DecisionLog::checkpoint() { return impl_->checkpoint(); }
VerifierKey DecisionLog::verifier() const { return impl_->verifier(); }
LogStats DecisionLog::stats() const { return impl_->stats(); }
std::optional<LogError> DecisionLog::close() { return impl_->close(); }

}  // namespace licet::log
