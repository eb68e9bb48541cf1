// Strings that callers looked up.
//
// Problem: a decision that compares symbols as pointers must know that different pointers are
// different strings. Idea: all engines of the process have the same symbol for a string, so no
// decision asks whose a symbol is. Each engine is an owner of those that were looked up in it; the
// last one frees them.
#pragma once

#include <mutex>
#include <string_view>
#include <unordered_map>

#include "eval/symbol.h"

namespace licet {

// The symbols of one engine. Any thread may call it.
class SymbolPool {
 public:
  SymbolPool() = default;
  ~SymbolPool();
  SymbolPool(const SymbolPool&) = delete;
  SymbolPool& operator=(const SymbolPool&) = delete;

  // Lives as long as this.
  const SymbolData& find_or_add(std::string_view text);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string_view, const SymbolData*> known_;
};

}  // namespace licet
