// OpenTelemetry log records as OTLP/JSON: opentelemetry.io/docs/specs/otlp. 64-bit numbers are
// texts there, and ids hexadecimal.
#include "bindings/cli/json_text.h"
#include "bindings/cli/log_formats.h"

namespace licet::cli {
namespace {

std::string string_value(std::string_view text) {
  return JsonObject().string("stringValue", text).text();
}

std::string attribute(std::string_view key, const std::string& value) {
  return JsonObject().string("key", key).raw("value", value).text();
}

std::string array_value(const Value& texts) {
  JsonArray values;
  if (texts.is_array()) {
    for (const Value& text : texts.elements()) values.add_raw(string_value(text_of_value(text)));
  }
  return JsonObject().raw("arrayValue", JsonObject().raw("values", values.text()).text()).text();
}

// Receivers refuse a whole request for one id that is none.
bool is_id(std::string_view text, std::size_t letters) {
  return text.size() == letters &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos &&
         text.find_first_not_of('0') != std::string_view::npos;
}

std::string attributes_of(const EntryView& entry, const Roles& roles) {
  JsonArray attributes;
  for (const std::string_view key : {"id", "effect", "cause", "revision"}) {
    attributes.add_raw(attribute("licet." + std::string(key), string_value(entry.member(key))));
  }
  attributes.add_raw(attribute("licet.rules", array_value(entry.value.get("rules"))));
  const std::string user = user_text(entry, roles);
  if (!user.empty()) attributes.add_raw(attribute("enduser.id", string_value(user)));
  const std::string ip = role_text(entry, roles.ip);
  if (!ip.empty()) attributes.add_raw(attribute("client.address", string_value(ip)));
  attributes.add_raw(attribute("licet.entry", string_value(entry.text)));
  return attributes.text();
}

}  // namespace

std::string otlp_line(const EntryView& entry, const log::LogReader&, const Roles& roles) {
  const std::string time = std::to_string(time_ns(entry));
  JsonObject record;
  record.string("timeUnixNano", time)
      .string("observedTimeUnixNano", time)
      .number("severityNumber", is_permit(entry) ? 9 : 13)
      .string("severityText", is_permit(entry) ? "INFO" : "WARN")
      .raw("body", string_value(message_text(entry)))
      .raw("attributes", attributes_of(entry, roles));
  const Value trace = entry.value.get("trace");
  if (trace.is_object()) {
    const std::string trace_id = text_of_value(trace.get("trace_id"));
    const std::string span_id = text_of_value(trace.get("span_id"));
    if (is_id(trace_id, 32)) record.string("traceId", trace_id);
    if (is_id(span_id, 16)) record.string("spanId", span_id);
  }
  const std::string scope =
      JsonObject().string("name", "licet.decision_log").string("version", LICET_VERSION).text();
  const std::string service = attribute("service.name", string_value("licet"));
  return "{\"resourceLogs\":[{\"resource\":{\"attributes\":[" + service +
         "]},\"scopeLogs\":[{\"scope\":" + scope + ",\"logRecords\":[" + record.text() + "]}]}]}";
}

}  // namespace licet::cli
