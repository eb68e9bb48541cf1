#include "eval/engine/symbol_pool.h"

#include <memory>

#include "eval/arena.h"
#include "eval/builtins/ip.h"
#include "eval/utf8.h"

namespace licet {
namespace {

struct Entry {
  explicit Entry(std::string_view text)
      : arena(Arena::kNoLimit, 0), data{.text = {}, .value = Value::string(text, arena)} {
    data.text = text_from(data.value.as_string());
    const std::uint64_t v4 = builtins::v4_from_text(text);
    if (v4 != builtins::kNoV4) data.v4 = static_cast<std::uint32_t>(v4);
    data.is_utf8 = first_invalid_utf8(text) == text.size();
  }

  Arena arena;  // of the string alone
  SymbolData data;
  std::size_t owners = 0;
};

// All symbols of the process.
class Registry {
 public:
  // Never destroyed, as engines may live until the process ends.
  static Registry& instance() {
    static Registry& registry = *new Registry;
    return registry;
  }

  const SymbolData& take(std::string_view text) {
    const std::lock_guard lock(mutex_);
    auto at = entries_.find(text);
    if (at == entries_.end()) {
      auto entry = std::make_unique<Entry>(text);
      const std::string_view key = entry->data.view();
      at = entries_.emplace(key, std::move(entry)).first;
    }
    ++at->second->owners;
    return at->second->data;
  }

  void give_back(const SymbolData& symbol) {
    const std::lock_guard lock(mutex_);
    const auto at = entries_.find(symbol.view());
    if (--at->second->owners == 0) entries_.erase(at);
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string_view, std::unique_ptr<Entry>> entries_;  // by their own text
};

}  // namespace

SymbolPool::~SymbolPool() {
  for (const auto& [text, symbol] : known_) Registry::instance().give_back(*symbol);
}

const SymbolData& SymbolPool::find_or_add(std::string_view text) {
  const std::lock_guard lock(mutex_);
  const auto known = known_.find(text);
  if (known != known_.end()) return *known->second;
  const SymbolData& symbol = Registry::instance().take(text);
  known_.emplace(symbol.view(), &symbol);
  return symbol;
}

}  // namespace licet
