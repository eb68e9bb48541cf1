// A request of JSON taken apart, to be set slot by slot again and again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "eval/arena.h"
#include "eval/engine.h"
#include "eval/request.h"

namespace licet::test {

class TypedRequest {
 public:
  enum class Way { kSet, kLend };

  TypedRequest(const Engine& engine, std::string_view json);

  // Whether it is made of what slots take: text, lists of text, integers, booleans.
  bool is_typed() const { return is_typed_; }
  // Takes nothing from the heap that the request has not taken before.
  void fill(Request& request, Way way) const;

 private:
  template <class T, class V = T>
  struct Field {
    Slot<T> slot;
    V value;
  };

  void add(const Engine& engine, const std::string& path, const Value& value);
  void add_list(const Engine& engine, const std::string& path, const Value& list);

  Arena arena_;
  bool is_typed_ = true;
  std::vector<Field<std::string_view>> texts_;
  std::vector<Field<StringList, std::vector<std::string_view>>> lists_;
  std::vector<Field<std::int64_t>> integers_;
  std::vector<Field<bool>> booleans_;
};

}  // namespace licet::test
