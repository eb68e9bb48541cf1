#include "licet/data.h"

#include <optional>
#include <utility>

#include "eval/builder.h"
#include "eval/value_json.h"
#include "eval/value_yaml.h"
#include "licet/files.h"

namespace licet {
namespace {

bool is_yaml_name(std::string_view name) {
  return name.ends_with(".yaml") || name.ends_with(".yml");
}

DataError error_in_text(const std::string& name, const JsonError& error) {
  const std::string shown = name == "-" ? "standard input" : name;
  std::string message = shown + ':' + std::to_string(error.line) + ':' +
                        std::to_string(error.column) + ": " + error.message;
  if (!error.path.empty()) message += " at `" + error.path + "`";
  return {name, error.line, error.column, error.path, std::move(message), {}};
}

std::string path_text(const std::vector<std::string_view>& path) {
  std::string text = "data";
  for (const std::string_view key : path) text.append(".").append(key);
  return text;
}

struct DataFile {
  std::string path;
  Value value;
};

// Merges files two by two. Remembers where it is, to name the place of a conflict.
class Merger {
 public:
  Merger(const std::vector<DataFile>& files, Arena& arena) : files_(files), arena_(arena) {}

  Result<Value, DataError> merge_all() {
    Value merged = Value::object({}, arena_);
    for (newest_ = 0; newest_ < files_.size(); ++newest_) {
      merged = merge(merged, files_[newest_].value);
      if (conflict_) return Failure{std::move(*conflict_)};
    }
    return merged;
  }

 private:
  // Depth is bounded by Value::kMaxDepth.
  Value merge(const Value& before, const Value& added) {
    ObjectBuilder object(arena_);
    for (const Entry& entry : before.entries()) object.add(entry.key, entry.value);
    for (const Entry& entry : added.entries()) {
      const Value there = before.get(entry.key);
      path_.push_back(entry.key.as_string());
      if (there.is_undefined()) {
        object.add(entry.key, entry.value);
      } else if (there.is_object() && entry.value.is_object()) {
        object.add(entry.key, merge(there, entry.value));
      } else if (!conflict_) {
        conflict_ = conflict_here();
      }
      path_.pop_back();
      if (conflict_) return before;
    }
    return object.object();
  }

  DataError conflict_here() const {
    const std::string path = path_text(path_);
    const std::string& file = files_[newest_].path;
    return {file,
            0,
            0,
            path,
            "`" + path + "` has a value in `" + first_file_with_path() + "` and another in `" +
                file + "`",
            "keep it in one of the two; only objects are merged"};
  }

  std::string first_file_with_path() const {
    for (const DataFile& file : files_) {
      Value value = file.value;
      for (const std::string_view key : path_) value = value.get(key);
      if (value.is_defined()) return file.path;
    }
    return {};
  }

  const std::vector<DataFile>& files_;
  Arena& arena_;
  std::size_t newest_ = 0;
  std::vector<std::string_view> path_;
  std::optional<DataError> conflict_;
};

}  // namespace

Result<Value, DataError> value_from_text(const std::string& name, std::string_view text,
                                         Arena& arena) {
  try {
    auto value = is_yaml_name(name) ? value_from_yaml(text, arena) : value_from_json(text, arena);
    if (!value) return Failure{error_in_text(name, value.error())};
    return value.value();
  } catch (const MemoryExceeded& error) {
    return Failure{DataError{name, 0, 0, {}, name + ": " + error.what(), {}}};
  }
}

Result<Value, DataError> value_from_file(const std::string& path, Arena& arena) {
  auto text = read_file(path);
  if (!text) return Failure{DataError{path, 0, 0, {}, text.error().message, text.error().help}};
  if (text.value().find_first_not_of(" \t\r\n") == std::string::npos) {
    const std::string name = path == "-" ? "standard input" : "`" + path + "`";
    return Failure{DataError{path, 0, 0, {}, name + " is empty", {}}};
  }
  return value_from_text(path, text.value(), arena);
}

namespace {

std::optional<DataError> add_file(const std::string& path, const Result<Value, DataError>& value,
                                  std::vector<DataFile>& files) {
  if (!value) return value.error();
  if (!value.value().is_object()) {
    const std::string message = "`" + path + "` holds " +
                                std::string(name_of(value.value().kind())) +
                                ", but data is an object";
    return DataError{path, 0, 0, {}, message, "put the value below a key"};
  }
  files.push_back({path, value.value()});
  return std::nullopt;
}

}  // namespace

Result<Value, DataError> read_data(const std::vector<std::string>& paths, Arena& arena) {
  std::vector<DataFile> files;
  for (const std::string& path : paths) {
    if (auto error = add_file(path, value_from_file(path, arena), files)) {
      return Failure{std::move(*error)};
    }
  }
  return Merger(files, arena).merge_all();
}

Result<Value, DataError> data_from_texts(const std::vector<NamedText>& texts, Arena& arena) {
  std::vector<DataFile> files;
  for (const NamedText& text : texts) {
    if (auto error = add_file(text.name, value_from_text(text.name, text.text, arena), files)) {
      return Failure{std::move(*error)};
    }
  }
  return Merger(files, arena).merge_all();
}

}  // namespace licet
