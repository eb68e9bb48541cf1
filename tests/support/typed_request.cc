#include "tests/support/typed_request.h"

#include <gtest/gtest.h>

#include "eval/value_json.h"

namespace licet::test {

TypedRequest::TypedRequest(const Engine& engine, std::string_view json) {
  add(engine, "", value_from_json(json, arena_).value());
}

void TypedRequest::add(const Engine& engine, const std::string& path, const Value& value) {
  const auto slot = [&]<class T>(T) { return engine.slot<T>(path).value(); };
  if (value.is_object()) {
    is_typed_ = is_typed_ && (path.empty() || value.size() > 0);
    for (const Entry& entry : value.entries()) {
      add(engine, path + (path.empty() ? "" : ".") + std::string(entry.key.as_string()),
          entry.value);
    }
  } else if (value.is_string()) {
    texts_.push_back(
        {slot(std::string_view()), value.as_string(), engine.symbol(value.as_string())});
  } else if (value.is_bool()) {
    booleans_.push_back({slot(false), value.is_true()});
  } else if (value.is_int64()) {
    integers_.push_back({slot(std::int64_t{0}), value.as_int64()});
  } else if (value.is_array()) {
    add_list(engine, path, value);
  } else {
    is_typed_ = false;
  }
}

void TypedRequest::add_list(const Engine& engine, const std::string& path, const Value& list) {
  std::vector<std::string_view> texts;
  std::vector<Symbol> symbols;
  for (const Value& element : list.elements()) {
    is_typed_ = is_typed_ && element.is_string();
    if (!is_typed_) continue;
    texts.push_back(element.as_string());
    symbols.push_back(engine.symbol(element.as_string()));
  }
  lists_.push_back({engine.slot<StringList>(path).value(), std::move(texts),
                    engine.slots<StringList>({path}).value(), std::move(symbols)});
}

void TypedRequest::fill(Request& request, Way way) const {
  request.reset();
  for (const auto& [slot, value] : integers_) request.set(slot, value);
  for (const auto& [slot, value] : booleans_) request.set(slot, value);
  for (const TextField& field : texts_) {
    switch (way) {
      case Way::kSet:
        request.set(field.slot, field.value);
        break;
      case Way::kLend:
        request.lend(field.slot, field.value);
        break;
      case Way::kSymbols:
        request.set(field.slot, field.symbol);
        break;
    }
  }
  for (const ListField& field : lists_) {
    switch (way) {
      case Way::kSet:
        request.set(field.slot, StringList(field.value));
        break;
      case Way::kLend:
        request.lend(field.slot, StringList(field.value));
        break;
      case Way::kSymbols:
        request.lend(field.group, SymbolList(field.symbols));
        break;
    }
  }
}

}  // namespace licet::test
