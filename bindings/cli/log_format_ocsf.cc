// OCSF 1.3, class API Activity (6003): schema.ocsf.io/1.3.0/classes/api_activity.
#include "bindings/cli/json_text.h"
#include "bindings/cli/log_formats.h"

namespace licet::cli {
namespace {

constexpr std::uint64_t kApplicationActivity = 6;
constexpr std::uint64_t kApiActivity = 6003;
constexpr std::uint64_t kOther = 99;  // an activity that is none of create, read, update, delete

// Which rules said so, of which policies.
std::string authorizations_of(const EntryView& entry) {
  const std::string_view decision = is_permit(entry) ? "allowed" : "denied";
  JsonArray all;
  const Value rules = entry.value.get("rules");
  if (rules.is_array()) {
    for (const Value& rule : rules.elements()) {
      all.add_raw(JsonObject()
                      .string("decision", decision)
                      .raw("policy", JsonObject()
                                         .string("name", text_of_value(rule))
                                         .string("version", entry.member("revision"))
                                         .text())
                      .text());
    }
  }
  const bool is_empty = !rules.is_array() || rules.size() == 0;
  if (is_empty) all.add_raw(JsonObject().string("decision", decision).text());
  return all.text();
}

// Objects want a name or an id: who is not known is said to be unknown.
std::string user_of(const std::string& user) {
  return user.empty() ? JsonObject().string("name", "unknown").text()
                      : JsonObject().string("uid", user).text();
}

std::string product() {
  return JsonObject()
      .string("name", "Licet")
      .string("vendor_name", "Licet")
      .string("version", LICET_VERSION)
      .text();
}

}  // namespace

std::string ocsf_line(const EntryView& entry, const log::LogReader&, const Roles& roles) {
  const bool permits = is_permit(entry);
  const std::string action = action_text(entry, roles);
  const std::string resource = role_text(entry, roles.resource);
  const std::string ip = role_text(entry, roles.ip);
  JsonObject event;
  event.number("category_uid", kApplicationActivity)
      .string("category_name", "Application Activity")
      .number("class_uid", kApiActivity)
      .string("class_name", "API Activity")
      .number("activity_id", kOther)
      .string("activity_name", action)
      .number("type_uid", kApiActivity * 100 + kOther)
      .string("type_name", "API Activity: Other")
      .number("time", time_ns(entry) / 1'000'000)
      .number("severity_id", permits ? 1 : 2)
      .string("severity", permits ? "Informational" : "Low")
      .number("status_id", permits ? 1 : 2)
      .string("status", permits ? "Success" : "Failure")
      .string("status_detail", entry.member("cause"))
      .string("message", message_text(entry))
      .raw("actor", JsonObject()
                        .raw("user", user_of(user_text(entry, roles)))
                        .raw("authorizations", authorizations_of(entry))
                        .text())
      .raw("api", JsonObject()
                      .string("operation", action)
                      .raw("service", JsonObject().string("name", "licet").text())
                      .text());
  if (!resource.empty()) {
    event.raw("resources", "[" + JsonObject().string("uid", resource).text() + "]");
  }
  event
      .raw("src_endpoint",
           JsonObject().string(ip.empty() ? "name" : "ip", ip.empty() ? "unknown" : ip).text())
      .raw("metadata", JsonObject()
                           .string("version", "1.3.0")
                           .string("uid", entry.member("id"))
                           .string("original_time", entry.member("time"))
                           .string("log_name", "licet.decision_log")
                           .raw("product", product())
                           .text())
      .raw("unmapped", std::string(entry.text));
  return event.text();
}

}  // namespace licet::cli
