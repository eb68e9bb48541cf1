#include "bindings/python/src/decision_log.h"

#include <pybind11/stl.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "bindings/python/src/loading.h"
#include "bindings/python/src/released.h"
#include "bindings/python/src/request_error.h"
#include "bindings/python/src/values.h"

namespace licet::python {
namespace {

namespace py = pybind11;

// Guarded by the GIL. Never freed: logs may outlive the module.
std::set<LogHandle*>& handles() {
  static auto* const all = new std::set<LogHandle*>;
  return *all;
}

// Text of a key file as bytes, or a URI as licet::log::key_provider_from_uri takes it.
std::shared_ptr<log::KeyProvider> keys_from_python(const py::object& keys) {
  const auto text = keys.cast<std::string>();
  std::optional<log::Provider> provider;
  if (py::isinstance<py::bytes>(keys)) {
    provider.emplace(log::key_provider_from_text(text, "keys"));
  } else {
    run_released([&] { provider.emplace(log::key_provider_from_uri(text)); });
  }
  if (!*provider) raise_log_error(provider->error());
  return std::move(*provider).value();
}

log::WhenFull when_full_from(const std::string& name) {
  if (name == "block") return log::WhenFull::kBlock;
  return name == "deny" ? log::WhenFull::kDeny : log::WhenFull::kDropAndCount;
}

LogSettings settings_from_python(const py::dict& given) {
  LogSettings settings;
  settings.subject = given["subject"].cast<std::string>();
  settings.also = given["also"].cast<std::vector<std::string>>();
  settings.encrypt = given["encrypt"].cast<std::vector<std::string>>();
  log::LogOptions& options = settings.log;
  options.folder = given["folder"].cast<std::string>();
  options.origin = given["origin"].cast<std::string>();
  options.keys = keys_from_python(given["keys"]);
  options.mode =
      given["mode"].cast<std::string>() == "async" ? log::Mode::kAsync : log::Mode::kDurable;
  options.when_full = when_full_from(given["when_full"].cast<std::string>());
  options.queue_bytes = given["queue_bytes"].cast<std::size_t>();
  options.max_entry_bytes = given["max_entry_bytes"].cast<std::size_t>();
  options.segment_bytes = given["segment_bytes"].cast<std::size_t>();
  options.segment_time = std::chrono::seconds(given["segment_seconds"].cast<std::int64_t>());
  options.checkpoint_interval =
      std::chrono::milliseconds(given["checkpoint_ms"].cast<std::int64_t>());
  options.compress_closed_segments = given["compress"].cast<bool>();
  return settings;
}

void raise_if(const std::optional<log::LogError>& error) {
  if (error) raise_log_error(*error);
}

Value value_from_python(const py::object& object, const char* name, Arena& arena) {
  ValueReader reader(arena);
  const py::str key(name);
  const Where where{.above = nullptr, .key = key.ptr()};
  Value value;
  read_or_refuse([&] { value = reader.read(object.ptr(), &where); },
                 [](const RequestError& error, const py::object& cause) {
                   raise_request_error(error, py::none(), cause);
                 });
  return value;
}

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) {
  return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

std::optional<TraceIds> trace_from_text(std::string_view text) {
  constexpr std::size_t kSize = 55;  // 00-(32)-(16)-01; later versions may say more
  const std::string_view version = text.substr(0, 2);
  if (text.size() < kSize || !is_hex(version) || version == "ff" ||
      (text.size() > kSize && (version == "00" || text[kSize] != '-'))) {
    return std::nullopt;
  }
  const TraceIds ids{.trace_id = text.substr(3, 32), .span_id = text.substr(36, 16)};
  const bool is_whole = text[2] == '-' && text[35] == '-' && text[52] == '-' &&
                        is_id(ids.trace_id) && is_id(ids.span_id) && is_hex(text.substr(53, 2));
  return is_whole ? std::optional(ids) : std::nullopt;
}

void raise_log_error(const log::LogError& error, const py::object& decision) {
  py::dict fields;
  fields["code"] = std::string(log::name_of(error.code));
  fields["help"] = error.help;
  fields["decision"] = decision;
  raise_licet_error("LogError", log::text_of(error), fields);
}

LogHandle::LogHandle(const py::dict& settings) {
  LogSettings wanted = settings_from_python(settings);
  std::optional<Result<std::unique_ptr<Log>, log::LogError>> opened;
  run_released([&] { opened.emplace(Log::open(std::move(wanted))); });
  if (!*opened) raise_log_error(opened->error());
  log_ = std::move(*opened).value();
  handles().insert(this);
}

LogHandle::~LogHandle() {
  handles().erase(this);
  if (!is_own_) {
    static_cast<void>(log_.release());  // its locks may be held by threads that are not here
  } else if (log_) {
    run_released([&] { log_.reset(); });
  }
}

Decision LogHandle::decide(const Engine& engine, Request& request, const CallOptions& options,
                           const TraceIds& trace, std::optional<log::LogError>& error) {
  return log_->decide(engine, request, options, trace, &error);
}

void LogHandle::require_own() const {
  if (is_own_) return;
  raise_log_error({.code = log::LogErrorCode::kClosed,
                   .message = "the log belongs to the parent process",
                   .help = "load an engine with a log in a folder of its own after the fork"});
}

void LogHandle::record_outcome(const std::string& decision_id, const py::object& outcome,
                               const std::string& group) {
  require_own();
  Arena arena;
  const Value value = value_from_python(outcome, "outcome", arena);
  std::optional<log::LogError> error;
  run_released([&] { error = log_->record_outcome(decision_id, value, group); });
  raise_if(error);
}

std::string LogHandle::checkpoint() {
  require_own();
  std::optional<Result<std::string, log::LogError>> note;
  run_released([&] { note.emplace(log_->entries().checkpoint()); });
  if (!*note) raise_log_error(note->error());
  return std::move(*note).value();
}

std::size_t LogHandle::erase_subject(const py::object& id) {
  require_own();
  Arena arena;
  const Value subject = value_from_python(id, "subject", arena);
  std::optional<Result<std::size_t, log::LogError>> erased;
  run_released([&] { erased.emplace(log_->entries().erase_subject(subject)); });
  if (!*erased) raise_log_error(erased->error());
  return erased->value();
}

void LogHandle::rotate_keys() {
  require_own();
  std::optional<log::LogError> error;
  run_released([&] { error = log_->entries().rotate_keys(); });
  raise_if(error);
}

void LogHandle::rotate_segment() {
  require_own();
  std::optional<log::LogError> error;
  run_released([&] { error = log_->entries().rotate_segment(); });
  raise_if(error);
}

std::string LogHandle::verifier() const {
  require_own();
  return log::text_of(log_->entries().verifier());
}

py::dict LogHandle::statistics() const {
  require_own();
  const log::LogStats stats = log_->entries().stats();
  py::dict fields;
  fields["entries"] = stats.entries;
  fields["appended"] = stats.appended;
  fields["refused"] = stats.refused;
  fields["lost"] = stats.lost;
  fields["syncs"] = stats.syncs;
  fields["queued_bytes"] = stats.queued_bytes;
  fields["failures"] = stats.failures;
  return fields;
}

void LogHandle::close() {
  if (is_closed_ || !is_own_) return;
  is_closed_ = true;
  std::optional<log::LogError> error;
  run_released([&] { error = log_->entries().close(); });
  raise_if(error);
}

void LogHandle::disown_all_after_fork() {
  for (LogHandle* const handle : handles()) handle->is_own_ = false;
}

void LogHandle::close_all() {
  std::vector<Log*> open;
  for (LogHandle* const handle : handles()) {
    if (handle->is_own_ && !std::exchange(handle->is_closed_, true)) {
      open.push_back(handle->log_.get());
    }
  }
  run_released([&] {
    for (Log* const log : open) static_cast<void>(log->entries().close());
  });
}

// --- reading -----------------------------------------------------------------------------------

namespace {

class ReaderHandle {
 public:
  ReaderHandle(const std::string& folder, const py::object& keys) {
    auto provider = keys_from_python(keys);
    std::optional<Result<std::unique_ptr<log::LogReader>, log::LogError>> opened;
    run_released([&] { opened.emplace(log::LogReader::open(folder, std::move(provider))); });
    if (!*opened) raise_log_error(opened->error());
    reader_ = std::move(*opened).value();
  }

  // The text of the next entry; None at the end.
  py::object next() {
    std::optional<log::LoggedEntry> entry;
    run_released([&] { entry = reader_->next(); });
    if (entry) return py::bytes(entry->text.data(), entry->text.size());
    raise_if(reader_->error());
    return py::none();
  }

 private:
  std::unique_ptr<log::LogReader> reader_;
};

py::dict verify_log(const std::string& folder, const py::object& keys,
                    const std::vector<std::string>& anchors, const std::string& verifier) {
  log::VerifyOptions options;
  options.keys = keys_from_python(keys);
  options.anchors = anchors;
  if (!verifier.empty()) {
    options.verifier = log::verifier_key_from_text(verifier);
    if (!options.verifier) throw py::value_error("verifier: expected NAME+HASH+BASE64");
  }
  std::optional<Result<log::VerifyReport, log::LogError>> report;
  run_released([&] { report.emplace(log::verify_log(folder, options)); });
  if (!*report) raise_log_error(report->error());
  const log::VerifyReport& found = report->value();
  py::list findings;
  for (const log::Finding& finding : found.findings) {
    findings.append(py::make_tuple(finding.file, finding.offset, finding.index, finding.message));
  }
  py::dict fields;
  fields["verdict"] = std::string(log::name_of(found.verdict));
  fields["findings"] = findings;
  fields["entries"] = found.entries;
  fields["intact_entries"] = found.intact_entries;
  fields["signed_entries"] = found.signed_entries;
  fields["anchored_entries"] = found.anchored_entries;
  return fields;
}

}  // namespace

void bind_log(const py::module_& module) {
  py::class_<LogHandle, std::shared_ptr<LogHandle>>(module, "Log")
      .def(py::init<const py::dict&>(), py::arg("settings"))
      .def("_record_outcome", &LogHandle::record_outcome)
      .def("_statistics", &LogHandle::statistics)
      .def("_erase_subject", &LogHandle::erase_subject)
      .def("checkpoint", &LogHandle::checkpoint,
           "Waits until everything so far is on disk, and signs for it: a signed note. Kept "
           "elsewhere, "
           "it\nshows that nothing before it was changed or cut off. Raises LogError.")
      .def("rotate_keys", &LogHandle::rotate_keys,
           "Wraps the keys under the first key of `keys`; new segments get a new one. Raises "
           "LogError.")
      .def("rotate_segment", &LogHandle::rotate_segment,
           "Closes the file that is being written and begins another. Raises LogError.")
      .def("close", &LogHandle::close,
           "Writes what is queued, signs and closes; later decisions raise LogError. Raises "
           "LogError "
           "with\nwhat could not be written.")
      .def_property_readonly("verifier", &LogHandle::verifier,
                             "The log's public key, for auditors: NAME+HASH+BASE64.")
      .def_property_readonly("closed", &LogHandle::is_closed, "Whether close() was called.");
  py::class_<ReaderHandle>(module, "LogReader")
      .def(py::init<const std::string&, const py::object&>(), py::arg("folder"), py::arg("keys"))
      .def("next", &ReaderHandle::next);
  py::module_ target = module;
  target.def("_verify_log", &verify_log);
  target.def("_new_key", [](const std::string& name) { return log::new_key_line(name); });
  target.def("_close_logs", &LogHandle::close_all);
}

}  // namespace licet::python
