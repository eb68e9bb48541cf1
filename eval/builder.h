// Builds a composite value element by element.
#pragma once

#include "eval/counted_vector.h"
#include "eval/value.h"

namespace licet {

class ArrayBuilder {
 public:
  explicit ArrayBuilder(Arena& arena) : arena_(arena), elements_(arena) {}
  void reserve(std::size_t count) { elements_.reserve(count); }
  void add(const Value& value) { elements_.push_back(value); }
  Value array() const { return Value::array(elements_, arena_); }
  Value set() const { return Value::set(elements_, arena_); }  // any order, repetitions dropped
  std::size_t size() const { return elements_.size(); }

 private:
  Arena& arena_;
  CountedVector<Value> elements_;
};

class ObjectBuilder {
 public:
  explicit ObjectBuilder(Arena& arena) : arena_(arena), entries_(arena) {}
  void add(const Value& key, const Value& value) { entries_.push_back({key, value}); }
  void add(std::string_view key, const Value& value) {
    entries_.push_back({Value::string(key, arena_), value});
  }
  Value object() const { return Value::object(entries_, arena_); }  // of equal keys the last wins

 private:
  Arena& arena_;
  CountedVector<Entry> entries_;
};

}  // namespace licet
