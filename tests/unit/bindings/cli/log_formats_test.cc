// What `licet decide` cannot bring into a log: traces, and times that no format has room for.
#include "bindings/cli/log_formats.h"

#include <gtest/gtest.h>

#include "eval/value_json.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet::cli {
namespace {

class LogFormats : public testing::Test {
 protected:
  LogFormats() {
    const auto files = std::make_shared<log::MemoryFiles>();
    options_ = log::test_options(files);
    EXPECT_EQ(log::open_log(options_)->close(), std::nullopt);
    reader_ = log::LogReader::open(options_.folder, options_.keys, options_.files).value();
  }
  Value exported(std::string_view format, std::string_view entry_json) {
    EntryView entry;
    entry.text = entry_json;
    entry.value = value_from_json(entry_json, arena_).value();
    for (const LogFormat& row : log_formats()) {
      if (row.name == format) {
        return value_from_json(row.line(entry, *reader_, Roles{}), arena_).value();
      }
    }
    return Value::undefined();
  }
  Value otlp_record(std::string_view entry_json) {
    const Value resource = exported("otlp", entry_json).get("resourceLogs").elements()[0];
    return resource.get("scopeLogs").elements()[0].get("logRecords").elements()[0];
  }

  Arena arena_;
  log::LogOptions options_;
  std::unique_ptr<log::LogReader> reader_;
};

TEST_F(LogFormats, ids_of_a_trace_are_what_opentelemetry_takes_or_left_out) {
  const auto record_of = [&](const std::string& trace_id, const std::string& span_id) {
    return otlp_record(R"({"effect":"deny","read":{},"time":"2026-11-25T20:39:33.123456789Z",)"
                       R"("trace":{"span_id":")" +
                       span_id + R"(","trace_id":")" + trace_id + "\"}}");
  };
  const Value good = record_of("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
  EXPECT_EQ(good.get("traceId").as_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(good.get("spanId").as_string(), "00f067aa0ba902b7");
  EXPECT_EQ(good.get("timeUnixNano").as_string(), "1795639173123456789");
  const Value bad = record_of("00000000000000000000000000000000", "my-span");
  EXPECT_FALSE(bad.get("traceId").is_defined());
  EXPECT_FALSE(bad.get("spanId").is_defined());
}

TEST_F(LogFormats, opa_has_the_trace_as_it_is) {
  const Value event = exported(
      "opa", R"({"read":{},"trace":{"span_id":"s","trace_id":"t"},"effect":"permit","time":""})");
  EXPECT_EQ(event.get("trace_id").as_string(), "t");
  EXPECT_EQ(event.get("span_id").as_string(), "s");
}

TEST_F(LogFormats, pointers_of_opa_escape_keys_and_name_elements) {
  const Value event = exported("opa", R"({"effect":"deny","time":"","read":{"user.a":{"x/y~z":)"
                                      R"([1,{"$redacted":true}],"$$odd":{"$token":"t"}}}})");
  EXPECT_EQ(json_from_value(event.get("erased")), R"(["/input/user/a/x~1y~0z/1"])");
  EXPECT_EQ(json_from_value(event.get("masked")), R"(["/input/user/a/$odd"])");
  EXPECT_EQ(json_from_value(event.get("input")), R"({"user":{"a":{"$odd":"t","x/y~z":[1,null]}}})");
}

TEST_F(LogFormats, times_before_1970_are_0_where_they_must_not_be_negative) {
  const std::string entry =
      R"({"effect":"permit","read":{},"time":"1969-12-31T23:59:59.000000000Z"})";
  EXPECT_EQ(otlp_record(entry).get("timeUnixNano").as_string(), "0");
  EXPECT_EQ(exported("ocsf", entry).get("time"), Value::integer(0));
  EXPECT_EQ(json_from_value(exported("splunk", entry).get("time")), "0");
}

}  // namespace
}  // namespace licet::cli
