#include "bindings/cli/index_output.h"

#include <algorithm>

#include "bindings/cli/json_text.h"

namespace licet::cli {
namespace {

// Of a long list this much is shown unless all is asked for.
constexpr std::size_t kShown = 10;

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

std::string bodies(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " body" : " bodies");
}

std::string line_of(const ReportedBody& body) {
  return body.name + "  (" + body.file + ":" + std::to_string(body.line) + ")";
}

class Text {
 public:
  explicit Text(Detail detail) : detail_(detail) {}

  std::string take() { return std::move(out_); }

  void add(const ReportedBodyIndex& index) {
    out_ += index.name + ": " + bodies(index.body_count) + ", " +
            counted(index.groups.size(), "lookup") + "\n";
    for (const ReportedGroup& group : index.groups) add(group, index.looked_up);
    if (!index.rest.empty()) {
      out_ += "  tried each time: " + bodies(index.rest.size()) + "\n";
      list(index.rest.size(),
           [&](std::size_t i) { return line_of(index.rest[i].body) + ": " + index.rest[i].why; });
    }
    out_ += "\n";
  }

  void add(const ReportedDataIndex& index) {
    out_ += index.path + ": " + counted(index.elements, "element") + ", looked up where " +
            joined(index.fields) + "\n\n";
  }

 private:
  void add(const ReportedGroup& group, bool looked_up) {
    out_ += "  found where " + joined(group.keys) + ": " + bodies(group.bodies.size()) + "\n";
    if (!looked_up) {
      list(group.bodies.size(), [&](std::size_t i) { return line_of(group.bodies[i]); });
      return;
    }
    std::vector<std::string> values = group.values;
    for (std::string& value : values) {
      if (value.empty()) value = "missing";
    }
    out_ += "    this request: " + joined(values) + ": " + std::to_string(group.found.size()) +
            " found, " + std::to_string(group.bodies.size() - group.found.size()) + " skipped\n";
    list(group.found.size(), [&](std::size_t i) { return line_of(group.bodies[group.found[i]]); });
  }

  template <class Line>
  void list(std::size_t count, Line line) {
    const std::size_t shown = detail_ == Detail::kAll ? count : std::min(count, kShown);
    for (std::size_t i = 0; i < shown; ++i) out_ += "    " + line(i) + "\n";
    if (shown < count) out_ += "    and " + std::to_string(count - shown) + " more\n";
  }

  Detail detail_;
  std::string out_;
};

std::string json_of(const ReportedBody& body) {
  return JsonObject()
      .string("name", body.name)
      .string("file", body.file)
      .raw("line", std::to_string(body.line))
      .text();
}

std::string json_of(const ReportedGroup& group, bool looked_up) {
  JsonArray all;
  JsonArray found;
  for (const ReportedBody& body : group.bodies) all.add_raw(json_of(body));
  for (const std::uint32_t body : group.found) found.add_raw(json_of(group.bodies[body]));
  JsonObject object;
  object.raw("keys", json_strings(group.keys)).raw("bodies", all.text());
  if (!looked_up) return object.text();
  JsonArray values;
  for (const std::string& value : group.values) values.add_raw(value.empty() ? "null" : value);
  return object.raw("values", values.text()).raw("found", found.text()).text();
}

std::string json_of(const ReportedBodyIndex& index) {
  JsonArray groups;
  JsonArray rest;
  for (const ReportedGroup& group : index.groups) groups.add_raw(json_of(group, index.looked_up));
  for (const ReportedRest& other : index.rest) {
    rest.add_raw(JsonObject().raw("body", json_of(other.body)).string("why", other.why).text());
  }
  return JsonObject()
      .string("name", index.name)
      .raw("bodies", std::to_string(index.body_count))
      .raw("groups", groups.text())
      .raw("tried_each_time", rest.text())
      .text();
}

}  // namespace

std::string text_from_indexes(const IndexReport& report, Detail detail) {
  if (report.bodies.empty() && report.data.empty()) {
    return "no index: no rule has enough bodies that tie an attribute to constants, and no "
           "iteration goes over enough data\n";
  }
  Text text(detail);
  for (const ReportedBodyIndex& index : report.bodies) text.add(index);
  for (const ReportedDataIndex& index : report.data) text.add(index);
  return text.take();
}

std::string json_from_indexes(const IndexReport& report) {
  JsonArray indexes;
  JsonArray data;
  for (const ReportedBodyIndex& index : report.bodies) indexes.add_raw(json_of(index));
  for (const ReportedDataIndex& index : report.data) {
    data.add_raw(JsonObject()
                     .string("path", index.path)
                     .raw("fields", json_strings(index.fields))
                     .raw("elements", std::to_string(index.elements))
                     .text());
  }
  return JsonObject().raw("rules", indexes.text()).raw("data", data.text()).text() + "\n";
}

}  // namespace licet::cli
