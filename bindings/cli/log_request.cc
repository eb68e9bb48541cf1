#include "bindings/cli/log_request.h"

#include <map>
#include <memory>

#include "eval/builder.h"
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

// `path` is that of the value, and the same again when it is done.
void find_hidden(const Value& value, std::vector<std::string>& path,
                 std::vector<HiddenValue>& hidden) {
  if (value.is_array()) {
    std::size_t index = 0;
    for (const Value& element : value.elements()) {
      path.push_back(std::to_string(index++));
      find_hidden(element, path, hidden);
      path.pop_back();
    }
  }
  if (!value.is_object()) return;
  for (const std::string_view mark : {"$token", "$redacted", "$encrypted"}) {
    if (value.size() == 1 && value.get(mark).is_defined()) {
      hidden.push_back({path, mark == "$token"});
    }
  }
  for (const Entry& entry : value.entries()) {
    std::string_view key = entry.key.as_string();
    if (key.starts_with("$$")) {
      key.remove_prefix(1);
    } else if (key.starts_with("$")) {
      continue;
    }
    path.emplace_back(key);
    find_hidden(entry.value, path, hidden);
    path.pop_back();
  }
}

}  // namespace

Value with_texts_for_hidden(const Value& document, Arena& arena) {
  if (document.is_array()) {
    ArrayBuilder array(arena);
    for (const Value& element : document.elements()) {
      array.add(with_texts_for_hidden(element, arena));
    }
    return array.array();
  }
  if (!document.is_object()) return document;
  if (document.size() == 1) {
    const Value token = document.get("$token");
    if (token.is_string()) return token;
    if (document.get("$redacted").is_defined() || document.get("$encrypted").is_defined()) {
      return Value::string("[hidden]", arena);
    }
  }
  ObjectBuilder object(arena);
  for (const Entry& entry : document.entries()) {
    object.add(entry.key, with_texts_for_hidden(entry.value, arena));
  }
  return object.object();
}

LoggedRequest request_of(const EntryView& entry, const log::LogReader& reader, Reveal reveal,
                         Arena& arena) {
  LoggedRequest request;
  Node root;
  const Value read = entry.value.get("read");
  if (read.is_object()) {
    for (const Entry& member : read.entries()) {
      const std::string path(member.key.as_string());
      const Value value = reveal == Reveal::kYes
                              ? reader.revealed(member.value, path, entry.member("subject"), arena)
                              : member.value;
      auto elements = path == "input" ? std::vector<std::string>()
                                      : path_from_text(path).value_or(std::vector{path});
      find_hidden(value, elements, request.hidden);
      request.was_hidden = request.was_hidden || !(value == member.value);
      Node* node = &root;
      for (const std::string& element : elements) {
        auto& inner = node->members[element];
        if (!inner) inner = std::make_unique<Node>();
        node = inner.get();
      }
      node->value = log::value_from_canonical(value, arena);
    }
  }
  request.was_hidden = request.was_hidden || !request.hidden.empty();
  request.document = document_of(root, arena);
  if (request.document.is_undefined()) request.document = Value::object({}, arena);
  return request;
}

}  // namespace licet::cli
