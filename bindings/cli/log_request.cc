#include "bindings/cli/log_request.h"

#include <map>
#include <memory>

#include "eval/log_entry.h"
#include "eval/path_text.h"

namespace licet::cli {
namespace {

struct Node {
  Value value;  // undefined: only `members`
  std::map<std::string, std::unique_ptr<Node>> members;
};

// Objects that are read whole and parts of them that stand for themselves become one.
Value document_of(const Node& node, Arena& arena) {
  if (node.members.empty()) return node.value;
  std::vector<Entry> entries;
  if (node.value.is_object()) {
    for (const Entry& entry : node.value.entries()) {
      if (!node.members.contains(std::string(entry.key.as_string()))) entries.push_back(entry);
    }
  }
  for (const auto& [name, member] : node.members) {
    entries.push_back({Value::string(name, arena), document_of(*member, arena)});
  }
  return Value::object(entries, arena);
}

void find_hidden(const Value& value, const std::string& path, std::vector<std::string>& hidden) {
  if (value.is_array()) {
    for (const Value& element : value.elements()) find_hidden(element, path, hidden);
  }
  if (!value.is_object()) return;
  for (const std::string_view mark : {"$token", "$redacted", "$encrypted"}) {
    if (value.size() == 1 && value.get(mark).is_defined()) hidden.push_back(path);
  }
  for (const Entry& entry : value.entries()) {
    if (!entry.key.as_string().starts_with("$")) {
      find_hidden(entry.value, path + "." + std::string(entry.key.as_string()), hidden);
    }
  }
}

}  // namespace

LoggedRequest request_of(const EntryView& entry, const log::LogReader& reader, Arena& arena) {
  LoggedRequest request;
  Node root;
  const Value read = entry.value.get("read");
  if (read.is_object()) {
    for (const Entry& member : read.entries()) {
      const std::string path(member.key.as_string());
      const Value revealed = reader.revealed(member.value, path, entry.member("subject"), arena);
      find_hidden(revealed, path, request.hidden);
      const auto elements = path == "input" ? std::vector<std::string>()
                                            : path_from_text(path).value_or(std::vector{path});
      Node* node = &root;
      for (const std::string& element : elements) {
        auto& inner = node->members[element];
        if (!inner) inner = std::make_unique<Node>();
        node = inner.get();
      }
      node->value = log::value_from_canonical(revealed, arena);
    }
  }
  request.document = document_of(root, arena);
  if (request.document.is_undefined()) request.document = Value::object({}, arena);
  return request;
}

}  // namespace licet::cli
