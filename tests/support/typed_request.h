// A request of JSON taken apart, to be set slot by slot again and again.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "eval/arena.h"
#include "eval/engine.h"
#include "eval/request.h"

namespace licet::test {

class TypedRequest {
 public:
  // kSymbols: texts were looked up before.
  enum class Way { kSet, kLend, kSymbols };
  static constexpr std::array kWays = {Way::kSet, Way::kLend, Way::kSymbols};

  TypedRequest(const Engine& engine, std::string_view json);

  // Whether it is made of what slots take: text, lists of text, integers, booleans.
  bool is_typed() const { return is_typed_; }
  // Takes nothing from the heap that the request has not taken before.
  void fill(Request& request, Way way) const;

 private:
  template <class T>
  struct Field {
    Slot<T> slot;
    T value;
  };
  struct TextField {
    Slot<std::string_view> slot;
    std::string_view value;
    Symbol symbol;
  };
  struct ListField {
    Slot<StringList> slot;
    std::vector<std::string_view> value;
    SlotGroup<StringList> group;  // lists of symbols are lent by groups only
    std::vector<Symbol> symbols;
  };

  void add(const Engine& engine, const std::string& path, const Value& value);
  void add_list(const Engine& engine, const std::string& path, const Value& list);

  Arena arena_;
  bool is_typed_ = true;
  std::vector<TextField> texts_;
  std::vector<ListField> lists_;
  std::vector<Field<std::int64_t>> integers_;
  std::vector<Field<bool>> booleans_;
};

}  // namespace licet::test
