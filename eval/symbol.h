// A string looked up before, from Engine::symbol.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "eval/value.h"

namespace licet {

class Engine;
class Request;

// To set it costs no look at its bytes. Stays good when the engine takes another program, only
// slower. May be used by all threads.
class Symbol {
 public:
  std::string_view text() const { return *text_; }
  // For the evaluator: valid for the program that it was looked up in.
  const Value& value() const { return value_; }

 private:
  friend class Engine;
  friend class Request;
  Symbol(std::shared_ptr<const std::string> text, const Value& value, std::uint64_t layout)
      : text_(std::move(text)), value_(value), layout_(layout) {}

  std::shared_ptr<const std::string> text_;
  Value value_;           // lives as long as the program of the layout
  std::uint64_t layout_;  // that value_ belongs to
};

using SymbolList = std::span<const Symbol>;

}  // namespace licet
