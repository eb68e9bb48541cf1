// A string looked up before, from Engine::symbol.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

#include "eval/value.h"
#include "eval/value_text.h"

namespace licet {

class Engine;

// What is known of a symbol, in a line of the processor's cache. A string has one in the whole
// process, so two symbols are the same string if and only if they are the same, whichever engines
// they were looked up in.
struct alignas(64) SymbolData {
  Text text;  // `longer` is where the bytes are, also if they are few
  // What the string is called in the tables of the program that asked last: the tag of the tables
  // above the number. Whoever asks may write it.
  mutable std::atomic<std::uint64_t> number{0};
  Value value;  // the same as the text
  // The bits of an IPv4 address. 0: it is none, or not worth remembering.
  std::uint32_t v4 = 0;
  bool is_utf8 = false;

  std::string_view view() const { return {text.longer, text.size}; }
};
static_assert(sizeof(SymbolData) == 64);

inline bool operator==(const SymbolData& symbol, const Value& value) {
  return symbol.text == value;
}

// To set it costs no look at its bytes. Stays good when the engine takes another program, and may
// be used by all threads and with other engines. Lives as long as an engine that it was looked up
// in.
class Symbol {
 public:
  std::string_view text() const { return data_->view(); }
  // For the evaluator.
  const SymbolData& data() const { return *data_; }
  const Value& value() const { return data_->value; }

 private:
  friend class Engine;
  explicit Symbol(const SymbolData& data) : data_(&data) {}

  const SymbolData* data_;
};
static_assert(sizeof(Symbol) == sizeof(void*));

using SymbolList = std::span<const Symbol>;

}  // namespace licet
