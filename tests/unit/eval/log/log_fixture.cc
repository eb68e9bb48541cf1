#include "tests/unit/eval/log/log_fixture.h"

#include <cstdio>
#include <cstdlib>

#include "eval/value_json.h"

namespace licet::log {

std::shared_ptr<KeyProvider> test_keys(const std::string& current) {
  const std::string first = "first AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
  const std::string second = "second Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=\n";
  auto keys = key_provider_from_text(current == "second" ? second + first : first, "test");
  if (!keys) std::abort();
  return keys.value();
}

LogOptions test_options(std::shared_ptr<Files> files) {
  LogOptions options;
  options.folder = "log";
  options.origin = "example.org/test";
  options.keys = test_keys();
  options.files = std::move(files);
  // The housekeeper stays out of the way of tests that count calls.
  options.checkpoint_interval = std::chrono::hours(1);
  options.compress_closed_segments = false;
  return options;
}

std::unique_ptr<DecisionLog> open_log(const LogOptions& options) {
  auto log = DecisionLog::open(options);
  if (!log) {
    std::fprintf(stderr, "%s\n", text_of(log.error()).c_str());
    std::abort();
  }
  return std::move(log).value();
}

std::shared_ptr<const ReadPlan> test_plan() {
  auto plan = std::make_shared<ReadPlan>();
  plan->revision = "sha256:00";
  plan->rules = {"registry.intern_deploys"};
  plan->subject = 0;
  const std::pair<const char*, Mask> paths[] = {{"user.id", Mask::kToken},
                                                {"user.email", Mask::kRedact},
                                                {"user.sex", Mask::kEncrypt},
                                                {"model.id", Mask::kNone}};
  for (const auto& [text, mask] : paths) {
    ReadPath& path = plan->paths.emplace_back();
    path.text = text;
    path.mask.mask = mask;
  }
  return plan;
}

std::string packed_decision(const std::string& id, const std::string& user) {
  Arena arena;
  RecordBuffer packed;
  DecisionPacker packer(packed);
  packer.head({.id_text = id,
               .now_ns = 1'700'000'000'123'456'789,
               .seed = 7,
               .cause = Cause::kForbidden,
               .trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
               .span_id = "00f067aa0ba902b7"});
  packer.add_rule(0);
  packer.add_message("interns such as " + user + " (" + user + "@example.org) may not deploy");
  packer.add_control("ISO-27001:A.5.15");
  packer.add_obligation("notify", "\"" + user + "\"");
  packer.add_read(0, Value::string(user, arena));
  packer.add_read(1, Value::string(user + "@example.org", arena));
  packer.add_read(2, Value::string("sex of " + user, arena));
  packer.add_read(3, Value::string("m1", arena));
  return std::string(packed.bytes());
}

std::vector<std::string> entries_of(const LogOptions& options) {
  auto reader = LogReader::open(options.folder, options.keys, options.files);
  if (!reader) return {"cannot open: " + reader.error().message};
  std::vector<std::string> entries;
  while (const auto entry = reader.value()->next()) entries.emplace_back(entry->text);
  if (reader.value()->error()) entries.push_back("error: " + reader.value()->error()->message);
  return entries;
}

std::vector<std::string> ids_of(const LogOptions& options) {
  std::vector<std::string> ids;
  for (const std::string& text : entries_of(options)) {
    Arena arena;
    const auto entry = value_from_json(text, arena);
    if (!entry) {
      ids.push_back(text);
    } else if (entry.value().get("kind") == Value::string("decision", arena)) {
      ids.emplace_back(entry.value().get("id").as_string());
    }
  }
  return ids;
}

VerifyReport verify(const LogOptions& options, std::vector<std::string> anchors) {
  VerifyOptions verify_options;
  verify_options.keys = options.keys;
  verify_options.files = options.files;
  verify_options.anchors = std::move(anchors);
  auto report = verify_log(options.folder, verify_options);
  if (report) return report.value();
  VerifyReport broken;
  broken.findings.push_back({"", 0, 0, text_of(report.error())});
  return broken;
}

std::string findings_text(const VerifyReport& report) {
  std::string text;
  for (const Finding& finding : report.findings) {
    text += finding.file + ":" + std::to_string(finding.offset) + ": " + finding.message + "\n";
  }
  return text;
}

std::uint64_t random_number(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9E3779B97F4A7C15ULL);  // splitmix64
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace licet::log
