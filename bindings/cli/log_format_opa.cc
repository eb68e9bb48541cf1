// OPA's decision-log events: openpolicyagent.org/docs/management-decision-logs.
#include "bindings/cli/json_text.h"
#include "bindings/cli/log_formats.h"
#include "bindings/cli/log_request.h"

namespace licet::cli {
namespace {

// A JSON pointer (RFC 6901) below `input`.
std::string pointer_of(const std::vector<std::string>& path) {
  std::string pointer = "/input";
  for (const std::string& key : path) {
    pointer += '/';
    for (const char letter : key) {
      if (letter == '~') {
        pointer += "~0";
      } else if (letter == '/') {
        pointer += "~1";
      } else {
        pointer += letter;
      }
    }
  }
  return pointer;
}

bool is_hidden(const Value& value, std::string_view mark) {
  return value.is_object() && value.size() == 1 && value.get(mark).is_defined();
}

// The input as an OPA that masks would log it: what is erased is not there, and a token stands for
// what is masked. An element of an array cannot go without moving others; it becomes null.
void append_input(const Value& value, std::string& json) {
  if (is_hidden(value, "$token")) return append_input(value.get("$token"), json);
  if (value.is_array()) {
    JsonArray array;
    for (const Value& element : value.elements()) {
      std::string text;
      append_input(element, text);
      array.add_raw(text.empty() ? "null" : text);
    }
    json += array.text();
  } else if (is_hidden(value, "$redacted") || is_hidden(value, "$encrypted")) {
    return;
  } else if (value.is_object()) {
    JsonObject object;
    for (const Entry& entry : value.entries()) {
      std::string text;
      append_input(entry.value, text);
      if (!text.empty()) object.raw(text_of_value(entry.key), text);
    }
    json += object.text();
  } else {
    json += json_from_value(value);
  }
}

}  // namespace

std::string opa_line(const EntryView& entry, const log::LogReader& reader, const Roles& roles) {
  Arena arena;
  const LoggedRequest request = request_of(entry, reader, Reveal::kNo, arena);
  JsonArray erased, masked;
  bool has_erased = false, has_masked = false;
  for (const HiddenValue& hidden : request.hidden) {
    (hidden.has_token ? masked : erased).add(pointer_of(hidden.path));
    (hidden.has_token ? has_masked : has_erased) = true;
  }
  std::string input;
  append_input(request.document, input);
  JsonObject result;
  result.string("effect", entry.member("effect"))
      .string("cause", entry.member("cause"))
      .raw("rules", json_or(entry.value.get("rules"), "[]"))
      .raw("messages", json_or(entry.value.get("messages"), "[]"))
      .raw("controls", json_or(entry.value.get("controls"), "[]"))
      .raw("obligations", json_or(entry.value.get("obligations"), "{}"));
  const std::string origin = reader.verifier().name;
  JsonObject event;
  event
      .raw("labels", JsonObject()
                         .string("app", "licet")
                         .string("id", origin)
                         .string("version", LICET_VERSION)
                         .text())
      .string("decision_id", entry.member("id"))
      .raw("bundles",
           JsonObject()
               .raw("licet", JsonObject().string("revision", entry.member("revision")).text())
               .text())
      .string("path", "licet/decision")
      .raw("input", input.empty() ? "{}" : input)
      .raw("result", result.text());
  const std::string ip = role_text(entry, roles.ip);
  if (!ip.empty()) event.string("requested_by", ip);
  event.string("timestamp", entry.member("time"));
  if (has_erased) event.raw("erased", erased.text());
  if (has_masked) event.raw("masked", masked.text());
  const std::string_view error = entry.member("error");
  if (!error.empty()) {
    event.raw("error", JsonObject().string("code", "error").string("message", error).text());
  }
  const Value trace = entry.value.get("trace");
  if (trace.is_object()) {
    event.string("trace_id", text_of_value(trace.get("trace_id")))
        .string("span_id", text_of_value(trace.get("span_id")));
  }
  return event.text();
}

}  // namespace licet::cli
