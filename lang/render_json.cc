// Diagnostics for programs: JSON and SARIF.
#include <nlohmann/json.hpp>

#include "lang/render.h"

namespace licet::lang {

namespace {

using Json = nlohmann::ordered_json;

// Sources may hold invalid UTF-8; JSON may not.
std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string_view severity_of(Code code) {
  return info(code).severity == Severity::kError ? "error" : "warning";
}

void add_place(Json& object, Span span, Position told_at, const SourceSet& sources) {
  const Source& source = sources[span.source];
  const Position begin = source.position(span.begin);
  const Position end = source.position(span.end);
  object["file"] = source.name();
  object["line"] = told_at.line;
  object["column"] = told_at.column;
  object["begin_line"] = begin.line;
  object["begin_column"] = begin.column;
  object["end_line"] = end.line;
  object["end_column"] = end.column;
}

Json json_of(const Diagnostic& diagnostic, const SourceSet& sources) {
  Json object;
  object["code"] = text_of(diagnostic.code);
  object["severity"] = severity_of(diagnostic.code);
  object["rego_code"] = info(diagnostic.code).rego_code;
  object["message"] = diagnostic.message;
  object["label"] = diagnostic.label;
  add_place(object, diagnostic.span, position_of(diagnostic, sources), sources);
  object["notes"] = Json::array();
  for (const Note& note : diagnostic.notes) {
    Json entry;
    entry["message"] = note.message;
    add_place(entry, note.span, sources.begin_of(note.span), sources);
    object["notes"].push_back(std::move(entry));
  }
  object["help"] = diagnostic.help;
  return object;
}

// A relative file name as a URI reference (RFC 3986): other bytes are percent-encoded.
std::string uri_of(std::string_view name) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  static constexpr std::string_view kPlain = "-._~/";
  std::string uri;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool alphanumeric =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (alphanumeric || kPlain.find(c) != std::string_view::npos) {
      uri.push_back(c);
    } else {
      uri.append({'%', kHex[byte >> 4U], kHex[byte & 0xFU]});
    }
  }
  return uri;
}

Json sarif_location(Span span, const SourceSet& sources) {
  const Source& source = sources[span.source];
  const Position begin = source.position(span.begin);
  const Position end = source.position(span.end);
  Json location;
  location["physicalLocation"] = {{"artifactLocation", {{"uri", uri_of(source.name())}}},
                                  {"region",
                                   {{"startLine", begin.line},
                                    {"startColumn", begin.column},
                                    {"endLine", end.line},
                                    {"endColumn", end.column}}}};
  return location;
}

std::string sarif_message(const Diagnostic& diagnostic) {
  std::string message = diagnostic.message;
  if (!diagnostic.label.empty()) message += " (" + diagnostic.label + ")";
  if (!diagnostic.help.empty()) message += "; help: " + diagnostic.help;
  return message;
}

Json sarif_result(const Diagnostic& diagnostic, std::size_t rule_index, const SourceSet& sources) {
  Json result;
  result["ruleId"] = text_of(diagnostic.code);
  result["ruleIndex"] = rule_index;
  result["level"] = severity_of(diagnostic.code);
  result["message"] = {{"text", sarif_message(diagnostic)}};
  result["locations"] = Json::array({sarif_location(diagnostic.span, sources)});
  for (const Note& note : diagnostic.notes) {
    Json related = sarif_location(note.span, sources);
    related["message"] = {{"text", note.message}};
    result["relatedLocations"].push_back(std::move(related));
  }
  return result;
}

Json sarif_rule(Code code) {
  return {{"id", text_of(code)},
          {"name", info(code).name},
          {"shortDescription", {{"text", info(code).summary}}},
          {"defaultConfiguration", {{"level", severity_of(code)}}}};
}

}  // namespace

std::string render_json(const SourceSet& sources, const Diagnostics& diagnostics) {
  Json array = Json::array();
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    array.push_back(json_of(diagnostic, sources));
  }
  return text_of(array);
}

std::string render_sarif(const SourceSet& sources, const Diagnostics& diagnostics) {
  std::vector<Code> codes;
  Json results = Json::array();
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    auto place = std::find(codes.begin(), codes.end(), diagnostic.code);
    if (place == codes.end()) place = codes.insert(codes.end(), diagnostic.code);
    const auto index = static_cast<std::size_t>(place - codes.begin());
    results.push_back(sarif_result(diagnostic, index, sources));
  }
  Json rules = Json::array();
  for (const Code code : codes) rules.push_back(sarif_rule(code));
  Json run;
  run["tool"]["driver"] = {{"name", "licet"}, {"rules", std::move(rules)}};
  run["columnKind"] = "unicodeCodePoints";
  run["results"] = std::move(results);
  Json sarif;
  sarif["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
  sarif["version"] = "2.1.0";
  sarif["runs"] = Json::array({std::move(run)});
  return text_of(sarif);
}

}  // namespace licet::lang
