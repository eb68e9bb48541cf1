#include "bindings/cli/log_formats.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "bindings/cli/json_text.h"

namespace licet::cli {

bool is_permit(const EntryView& entry) { return entry.member("effect") == "permit"; }

std::string json_or(const Value& value, std::string_view otherwise) {
  return value.is_defined() ? json_from_value(value) : std::string(otherwise);
}

std::string role_text(const EntryView& entry, const std::string& path) {
  const Value value = entry.read(path);
  if (!value.is_defined() || value.is_null()) return {};
  const Value token = value.get("$token");
  if (token.is_defined()) return text_of_value(token);
  const bool is_hidden =
      value.get("$encrypted").is_defined() || value.get("$redacted").is_defined();
  return is_hidden ? std::string() : text_of_value(value);
}

std::string user_text(const EntryView& entry, const Roles& roles) {
  std::string user = role_text(entry, roles.user);
  const bool is_encrypted = entry.read(roles.user).get("$encrypted").is_defined();
  return is_encrypted ? std::string(entry.member("subject")) : user;
}

std::string action_text(const EntryView& entry, const Roles& roles) {
  std::string action = role_text(entry, roles.action);
  return action.empty() ? "decide" : action;
}

std::string message_text(const EntryView& entry) {
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

std::uint64_t time_ns(const EntryView& entry) {
  const std::int64_t time = log::time_of_entry(entry.member("time")).value_or(0);
  return static_cast<std::uint64_t>(std::max<std::int64_t>(time, 0));
}

namespace {

// docs.splunk.com, "Format events for HTTP Event Collector": seconds since the epoch with a
// fraction.
std::string splunk_line(const EntryView& entry, const log::LogReader&, const Roles&) {
  char seconds[32];
  const std::uint64_t ms = time_ns(entry) / 1'000'000;
  std::snprintf(seconds, sizeof seconds, "%llu.%03llu", static_cast<unsigned long long>(ms / 1000),
                static_cast<unsigned long long>(ms % 1000));
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

// The fields that CloudTrail's records always have, with its words for what is no AWS service.
std::string cloudtrail_line(const EntryView& entry, const log::LogReader&, const Roles& roles) {
  const std::string time(entry.member("time").substr(0, 19));
  const std::string user = user_text(entry, roles);
  const std::string ip = role_text(entry, roles.ip);
  JsonObject event;
  event.string("eventVersion", "1.08")
      .raw("userIdentity", JsonObject()
                               .string("type", "Unknown")
                               .string("principalId", user.empty() ? "unknown" : user)
                               .text())
      .string("eventTime", time + "Z")
      .string("eventSource", "licet")
      .string("eventName", action_text(entry, roles))
      .string("awsRegion", "none")
      .string("sourceIPAddress", ip.empty() ? "unknown" : ip)
      .string("userAgent", "licet")
      .raw("requestParameters", json_or(entry.value.get("read"), "null"))
      .raw("responseElements", json_or(entry.value.get("obligations"), "null"))
      .raw("additionalEventData", JsonObject()
                                      .string("cause", entry.member("cause"))
                                      .raw("rules", json_or(entry.value.get("rules"), "[]"))
                                      .raw("controls", json_or(entry.value.get("controls"), "[]"))
                                      .string("revision", entry.member("revision"))
                                      .text())
      .string("eventID", entry.member("id"))
      .string("eventType", "ActivityLog")
      .boolean("managementEvent", false)
      .boolean("readOnly", false)
      .string("eventCategory", "ActivityAuditLog");
  if (!is_permit(entry)) {
    event.string("errorCode", "AccessDenied").string("errorMessage", message_text(entry));
  }
  return event.text();
}

// RFC 4180. What a spreadsheet would take for a formula gets an apostrophe: also behind blanks, and
// in every line of a cell, for some split quoted cells into lines.
std::string csv_cell(const std::string& text) {
  std::string cell;
  bool is_at_start = true;
  for (const char letter : text) {
    if (is_at_start && std::string_view("=+-@|%").find(letter) != std::string_view::npos)
      cell += '\'';
    is_at_start =
        letter == '\n' || letter == '\r' || (is_at_start && (letter == ' ' || letter == '\t'));
    cell += letter == '"' ? "\"\"" : std::string(1, letter);
  }
  if (text.find_first_of(",\"\r\n\t;'") == std::string::npos) return cell;
  return '"' + cell + '"';
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
  for (const std::string& cell :
       {std::to_string(entry.index), std::string(entry.member("time")),
        std::string(entry.member("id")), std::string(entry.member("effect")),
        std::string(entry.member("cause")), joined(entry.value.get("rules")), message_text(entry),
        joined(entry.value.get("controls")), user_text(entry, roles),
        role_text(entry, roles.resource), role_text(entry, roles.action),
        std::string(entry.member("revision"))}) {
    line += (line.empty() ? "" : ",") + csv_cell(cell);
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
