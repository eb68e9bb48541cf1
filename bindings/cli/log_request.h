// The request that an entry is about, put together again from what was read.
#pragma once

#include <string>
#include <vector>

#include "bindings/cli/log_common.h"

namespace licet::cli {

// Values that are encrypted under the key of their subject.
enum class Reveal { kNo, kYes };

// A value that is not known: where it is in the document, and whether a token stands for it.
struct HiddenValue {
  std::vector<std::string> path;
  bool has_token = false;
};

struct LoggedRequest {
  Value document;  // as policies saw it; hidden values stand as they are logged
  std::vector<HiddenValue> hidden;
  bool was_hidden = false;  // a value of the entry: texts that repeat it are not what policies said
};

// The document with texts in the place of hidden values, which fit a schema more often.
Value with_texts_for_hidden(const Value& document, Arena& arena);

LoggedRequest request_of(const EntryView& entry, const log::LogReader& reader, Reveal reveal,
                         Arena& arena);

}  // namespace licet::cli
