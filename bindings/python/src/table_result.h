// The columns that deciding a table makes, and how Arrow sees them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bindings/python/src/arrow_abi.h"
#include "eval/decision.h"

namespace licet::python {

// Text of few different values: what they are, and which one each row has.
class TextDictionary {
 public:
  std::int32_t index_of(std::string_view text);
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::vector<std::string> texts_;
  std::unordered_map<std::string, std::int32_t> indexes_;
};

// What decisions by the same rules for the same cause look like: most rows share one with many.
struct DecisionTexts {
  std::int32_t rule = 0;                // in DecidedRows::rule_texts
  std::optional<std::int32_t> message;  // in message_texts, if the rules say nothing themselves
};

// Decisions about some rows that follow each other.
struct DecidedRows {
  std::vector<std::int32_t> effects;
  std::vector<std::int32_t> causes;
  std::vector<std::int32_t> rules;
  std::vector<std::int32_t> messages;
  TextDictionary rule_texts;
  TextDictionary message_texts;

  // Before the first and after the last row.
  void begin(std::size_t rows);
  void end();
  void add(const Decision& decision);

 private:
  DecisionTexts& texts_of(const Decision& decision);
  DecisionTexts& find_texts(const Decision& decision);

  // The cause, the number of rules, and their indexes, two by two.
  struct Key {
    std::uint64_t a = UINT64_MAX;
    std::uint64_t b = 0;
    std::uint64_t c = 0;
    std::uint64_t d = 0;

    // As one comparison, without a call.
    bool is_same(const Key& o) const {
      return ((a ^ o.a) | (b ^ o.b) | (c ^ o.c) | (d ^ o.d)) == 0;
    }
  };
  struct Remembered {
    Key key;
    DecisionTexts* texts = nullptr;
  };

  std::unordered_map<std::string, DecisionTexts> texts_;  // by the bytes of the same
  std::vector<Remembered> recent_;                        // by a hash of the key
};

// An array of a dictionary-encoded column: indexes, and the bytes of the texts.
struct EncodedColumn {
  std::vector<std::int32_t> indexes;
  std::vector<std::int64_t> offsets;
  std::string bytes;
};

struct TableColumns {
  EncodedColumn effect;
  EncodedColumn cause;
  EncodedColumn rule;
  EncodedColumn message;

  explicit TableColumns(const std::vector<DecidedRows>& parts);
  std::int64_t rows() const { return static_cast<std::int64_t>(effect.indexes.size()); }
};

// A stream of one record batch; what it gives away keeps the columns alive.
void export_stream(std::shared_ptr<const TableColumns> columns, ArrowArrayStream* out);

}  // namespace licet::python
