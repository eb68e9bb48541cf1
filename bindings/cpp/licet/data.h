// Data files -> one object, what policies see as `data`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "eval/result.h"
#include "eval/value.h"

namespace licet {

struct DataError {
  std::string file;
  std::uint32_t line = 0;  // from 1; 0 if the error has no place in the text
  std::uint32_t column = 0;
  std::string path;     // in the document: models[2].owner; may be empty
  std::string message;  // one line that names the file
  std::string help;     // may be empty
};

// Reads one JSON or YAML text: YAML if the name ends in .yaml or .yml, else JSON, strictly. `name`
// stands in messages. The value lives in `arena`.
Result<Value, DataError> value_from_text(const std::string& name, std::string_view text,
                                         Arena& arena);
// The same from a file; `-` is standard input and JSON.
Result<Value, DataError> value_from_file(const std::string& path, Arena& arena);

// A file that is in memory already.
struct NamedText {
  std::string name;  // as in messages; the end of it says whether it is YAML or a policy
  std::string text;
};

// Reads data files and merges them into one object, key by key. Each must hold an object. Two
// files that give one path a value each are an error, unless both values are objects.
Result<Value, DataError> read_data(const std::vector<std::string>& paths, Arena& arena);
Result<Value, DataError> data_from_texts(const std::vector<NamedText>& texts, Arena& arena);

}  // namespace licet
