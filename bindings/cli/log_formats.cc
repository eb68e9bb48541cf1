#include "bindings/cli/log_formats.h"

#include <array>
#include <cstdio>

#include "bindings/cli/json_text.h"
#include "bindings/cli/log_request.h"

namespace licet::cli {
namespace {

bool is_permit(const EntryView& entry) { return entry.member("effect") == "permit"; }

std::string json_or(const Value& value, std::string_view otherwise) {
  return value.is_defined() ? json_from_value(value) : std::string(otherwise);
}

// A token is shown as the token.
std::string role(const EntryView& entry, const std::string& path) {
  const Value value = entry.read(path);
  const Value token = value.get("$token");
  return text_of_value(token.is_defined() ? token : value);
}

std::string message_of(const EntryView& entry) {
  std::string text;
  const Value messages = entry.value.get("messages");
  if (messages.is_array()) {
    for (const Value& message : messages.elements()) {
      text += (text.empty() ? "" : "; ") + text_of_value(message);
    }
  }
  if (!text.empty()) return text;
  return std::string(entry.member("effect")) + ", " + std::string(entry.member("cause"));
}

std::int64_t time_ns(const EntryView& entry) {
  return log::time_of_entry(entry.member("time")).value_or(0);
}

std::string opa_line(const EntryView& entry, const log::LogReader& reader, const Roles&) {
  Arena arena;
  const LoggedRequest request = request_of(entry, reader, arena);
  JsonArray erased;
  for (std::string path : request.hidden) {
    for (char& letter : path) letter = letter == '.' ? '/' : letter;
    erased.add("/input/" + path);
  }
  JsonObject result;
  result.string("effect", entry.member("effect"))
      .string("cause", entry.member("cause"))
      .raw("rules", json_or(entry.value.get("rules"), "[]"))
      .raw("messages", json_or(entry.value.get("messages"), "[]"))
      .raw("controls", json_or(entry.value.get("controls"), "[]"))
      .raw("obligations", json_or(entry.value.get("obligations"), "{}"));
  JsonObject event;
  event.raw("labels", JsonObject().string("app", "licet").text())
      .string("decision_id", entry.member("id"))
      .raw("bundles",
           JsonObject()
               .raw("licet", JsonObject().string("revision", entry.member("revision")).text())
               .text())
      .string("path", "licet/decision")
      .raw("input", json_from_value(request.document))
      .raw("result", result.text())
      .string("timestamp", entry.member("time"));
  if (!request.hidden.empty()) event.raw("erased", erased.text());
  const Value trace = entry.value.get("trace");
  if (trace.is_object()) {
    event.string("trace_id", text_of_value(trace.get("trace_id")))
        .string("span_id", text_of_value(trace.get("span_id")));
  }
  return event.text();
}

std::string ocsf_line(const EntryView& entry, const log::LogReader&, const Roles& roles) {
  const bool permits = is_permit(entry);
  const std::string action = role(entry, roles.action);
  JsonArray resources;
  resources.add_raw(JsonObject().string("uid", role(entry, roles.resource)).text());
  // The class wants an endpoint, and of an endpoint an address or a name.
  const std::string ip = role(entry, roles.ip);
  JsonObject endpoint;
  endpoint.string(ip.empty() ? "name" : "ip", ip.empty() ? "unknown" : ip);
  JsonObject event;
  event.number("category_uid", 6)
      .string("category_name", "Application Activity")
      .number("class_uid", 6003)
      .string("class_name", "API Activity")
      .number("activity_id", 99)
      .string("activity_name", action)
      .number("type_uid", 600'399)
      .number("time", static_cast<std::uint64_t>(time_ns(entry) / 1'000'000))
      .number("severity_id", permits ? 1 : 2)
      .number("status_id", permits ? 1 : 2)
      .string("status", permits ? "Success" : "Failure")
      .string("status_detail", entry.member("cause"))
      .string("message", message_of(entry))
      .number("action_id", permits ? 1 : 2)
      .string("action", permits ? "Allowed" : "Denied")
      .raw("actor", JsonObject()
                        .raw("user", JsonObject().string("uid", role(entry, roles.user)).text())
                        .text())
      .raw("api", JsonObject()
                      .string("operation", action)
                      .raw("service", JsonObject().string("name", "licet").text())
                      .text())
      .raw("resources", resources.text())
      .raw("src_endpoint", endpoint.text())
      .raw("metadata",
           JsonObject()
               .string("version", "1.3.0")
               .string("uid", entry.member("id"))
               .raw("product",
                    JsonObject().string("name", "Licet").string("vendor_name", "Licet").text())
               .text())
      .raw("unmapped", std::string(entry.text));
  return event.text();
}

std::string attribute(std::string_view key, std::string_view value) {
  return JsonObject()
      .string("key", key)
      .raw("value", JsonObject().string("stringValue", value).text())
      .text();
}

std::string otlp_line(const EntryView& entry, const log::LogReader&, const Roles& roles) {
  JsonArray attributes;
  for (const std::string_view key : {"id", "effect", "cause", "revision"}) {
    attributes.add_raw(attribute("licet." + std::string(key), entry.member(key)));
  }
  attributes.add_raw(attribute("licet.rules", json_or(entry.value.get("rules"), "[]")));
  attributes.add_raw(attribute("enduser.id", role(entry, roles.user)));
  attributes.add_raw(attribute("licet.entry", entry.text));
  JsonObject record;
  record.string("timeUnixNano", std::to_string(time_ns(entry)))
      .number("severityNumber", is_permit(entry) ? 9 : 13)
      .string("severityText", is_permit(entry) ? "INFO" : "WARN")
      .raw("body", JsonObject().string("stringValue", message_of(entry)).text())
      .raw("attributes", attributes.text());
  const Value trace = entry.value.get("trace");
  if (trace.is_object()) {
    record.string("traceId", text_of_value(trace.get("trace_id")))
        .string("spanId", text_of_value(trace.get("span_id")));
  }
  const std::string service = attribute("service.name", "licet");
  return "{\"resourceLogs\":[{\"resource\":{\"attributes\":[" + service +
         "]},\"scopeLogs\":[{\"scope\":{\"name\":\"licet.decision_log\"},\"logRecords\":[" +
         record.text() + "]}]}]}";
}

std::string splunk_line(const EntryView& entry, const log::LogReader&, const Roles&) {
  char seconds[32];
  const std::int64_t ms = time_ns(entry) / 1'000'000;
  std::snprintf(seconds, sizeof seconds, "%lld.%03lld", static_cast<long long>(ms / 1000),
                static_cast<long long>(ms % 1000));
  return JsonObject()
      .raw("time", seconds)
      .string("source", "licet")
      .string("sourcetype", "licet:decision")
      .raw("event", std::string(entry.text))
      .raw("fields", JsonObject()
                         .string("effect", entry.member("effect"))
                         .string("cause", entry.member("cause"))
                         .text())
      .text();
}

std::string cloudtrail_line(const EntryView& entry, const log::LogReader&, const Roles& roles) {
  const std::string time(entry.member("time").substr(0, 19));
  JsonObject event;
  event.string("eventVersion", "1.08")
      .raw("userIdentity", JsonObject()
                               .string("type", "Unknown")
                               .string("principalId", role(entry, roles.user))
                               .text())
      .string("eventTime", time + "Z")
      .string("eventSource", "licet")
      .string("eventName", role(entry, roles.action))
      .string("sourceIPAddress", role(entry, roles.ip))
      .raw("requestParameters", json_or(entry.value.get("read"), "{}"))
      .raw("responseElements", json_or(entry.value.get("obligations"), "{}"))
      .string("eventID", entry.member("id"))
      .string("eventType", "LicetDecision")
      .boolean("readOnly", false)
      .string("eventCategory", "Data");
  if (!is_permit(entry)) {
    event.string("errorCode", "AccessDenied").string("errorMessage", message_of(entry));
  }
  return event.text();
}

std::string csv_cell(std::string text) {
  // What a spreadsheet would take for a formula gets an apostrophe.
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) {
    text.insert(0, "'");
  }
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text)
    quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return quoted + "\"";
}

std::string joined(const Value& values) {
  std::string text;
  if (values.is_array()) {
    for (const Value& value : values.elements()) {
      text += (text.empty() ? "" : " ") + text_of_value(value);
    }
  }
  return text;
}

std::string csv_line(const EntryView& entry, const log::LogReader&, const Roles& roles) {
  std::string line;
  for (std::string cell :
       {std::to_string(entry.index), std::string(entry.member("time")),
        std::string(entry.member("id")), std::string(entry.member("effect")),
        std::string(entry.member("cause")), joined(entry.value.get("rules")), message_of(entry),
        joined(entry.value.get("controls")), role(entry, roles.user), role(entry, roles.resource),
        role(entry, roles.action), std::string(entry.member("revision"))}) {
    line += (line.empty() ? "" : ",") + csv_cell(std::move(cell));
  }
  return line;
}

std::string jsonl_line(const EntryView& entry, const log::LogReader&, const Roles&) {
  return std::string(entry.text);
}

constexpr std::array kFormats = {
    LogFormat{"jsonl", "the entries as they are", "", jsonl_line},
    LogFormat{"opa", "OPA decision-log events", "", opa_line},
    LogFormat{"ocsf", "OCSF API Activity (class 6003)", "", ocsf_line},
    LogFormat{"otlp", "OpenTelemetry log records, OTLP/JSON", "", otlp_line},
    LogFormat{"splunk", "Splunk HTTP Event Collector events", "", splunk_line},
    LogFormat{"cloudtrail", "records shaped as CloudTrail's", "", cloudtrail_line},
    LogFormat{"csv", "a table",
              "index,time,id,effect,cause,rules,message,controls,user,resource,action,revision",
              csv_line},
};

}  // namespace

std::span<const LogFormat> log_formats() { return kFormats; }

}  // namespace licet::cli
