// A request: what is to be decided about. Filled attribute by attribute, or from JSON.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eval/arena.h"
#include "eval/options.h"
#include "eval/request_layout.h"
#include "eval/result.h"
#include "eval/value.h"

namespace licet {

class Engine;

// What is wrong with a request.
struct RequestError {
  std::string path;      // user.roles[2]
  std::string expected;  // empty if it is not about a type
  std::string found;
  std::string message;  // one line: user.roles[2]: expected string, found number 3
};

// A typed handle of one attribute, from Engine::slot. Stays good when the engine takes another
// program, only slower. May be used by all threads.
template <class T>
class Slot {
 public:
  const std::string& path() const { return attribute_->text; }

 private:
  friend class Engine;
  friend class Request;
  Slot(std::shared_ptr<const Attribute> attribute, std::uint64_t layout,
       std::optional<AttributeIndex> index)
      : attribute_(std::move(attribute)), layout_(layout), index_(index) {}

  std::shared_ptr<const Attribute> attribute_;
  std::uint64_t layout_;                 // that index_ belongs to
  std::optional<AttributeIndex> index_;  // none: an attribute that no policy knows
};

using StringList = std::span<const std::string_view>;

// For one thread at a time. reset() makes it ready for the next request and keeps its memory.
// Errors stay until then: a decision about a request in error is a deny that tells the first one.
class Request {
 public:
  explicit Request(const Engine& engine);
  ~Request();

  Request& set(const Slot<std::string_view>& slot, std::string_view value);
  Request& set(const Slot<std::int64_t>& slot, std::int64_t value);
  Request& set(const Slot<double>& slot, double value);
  Request& set(const Slot<bool>& slot, bool value);
  Request& set(const Slot<StringList>& slot, StringList value);

  // The whole request from strict JSON. Replaces what was set. False: error() tells why.
  bool parse(std::string_view json);

  // For bindings that make the values themselves, in arena(); an index is one of layout().
  const RequestLayout& layout() const { return *layout_; }
  Arena& arena() { return arena_; }
  Request& set(AttributeIndex index, const Value& value);
  // The whole request as one value. PRECONDITION: nothing was set since reset().
  bool set_document(const Value& document);
  // What the caller found wrong with it.
  Request& reject(RequestError error);

  const std::optional<RequestError>& error() const { return error_; }
  Request& reset();

  // For the engine: the values of a program's slots, or what is wrong. The result lives in this
  // request, in `slots` and in `arena`.
  Result<std::span<const Value>, RequestError> slots_for(const RequestLayout& layout, Arena& arena,
                                                         std::vector<Value>& slots) const;
  // The request as one object; undefined if nothing was set.
  Value document(Arena& arena) const;

 private:
  template <class T, class Make>
  Request& set_value(const Slot<T>& slot, Make make);
  void store(const Attribute& attribute, std::optional<AttributeIndex> index, const Value& value);
  bool is_direct() const;
  bool fill_slots();
  void adopt_layout();
  void fail(std::string path, std::string message);

  std::unique_ptr<Engine> engine_;  // a handle
  std::shared_ptr<const RequestLayout> layout_;
  Limits limits_;
  Arena arena_;
  std::optional<RequestError> error_;
  bool is_parsed_ = false;
  Value document_;                        // of parse()
  std::vector<Value> slots_;              // of layout_
  std::vector<Value> values_;             // by AttributeIndex
  std::vector<AttributeIndex> assigned_;  // of values_, each once
  struct Other {
    std::vector<std::string> path;
    Value value;
  };
  std::vector<Other> others_;  // attributes that the layout does not know
  std::size_t required_set_ = 0;
  bool needs_document_ = false;
};

// The same for a document that is there already.
Result<std::span<const Value>, RequestError> slots_of_document(const RequestLayout& layout,
                                                               const Value& document,
                                                               std::vector<Value>& slots);
// Without a check against the schema.
std::span<const Value> unchecked_slots(const Program& program, const Value& document,
                                       std::vector<Value>& slots);

RequestError request_error(const SchemaError& error);

}  // namespace licet
