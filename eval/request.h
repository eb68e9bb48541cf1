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
#include "eval/slot_values.h"
#include "eval/value.h"

namespace licet {

class Engine;
struct EngineShared;
struct EngineState;
struct Evaluation;
class Lease;

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
  static constexpr std::uint64_t kNever = UINT64_MAX;

  Slot(std::shared_ptr<const Attribute> attribute, std::uint64_t layout,
       std::optional<AttributeIndex> index)
      : attribute_(std::move(attribute)), layout_(layout), index_(index) {}

  std::shared_ptr<const Attribute> attribute_;
  std::uint64_t layout_;                 // that index_ belongs to
  std::optional<AttributeIndex> index_;  // none: an attribute that no policy knows
  // The layout in which every T goes to `cell_` as it is; kNever if values must be looked at.
  std::uint64_t direct_layout_ = kNever;
  CellIndex cell_ = 0;
};

using StringList = std::span<const std::string_view>;

// A string looked up before, from Engine::symbol: to set it costs no look at its bytes. Stays good
// when the engine takes another program, only slower. May be used by all threads.
class Symbol {
 public:
  std::string_view text() const { return *text_; }

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

// For one thread at a time. reset() makes it ready for the next request and keeps its memory.
// Errors stay until then: a decision about a request in error is a deny that tells the first one.
//
// A request holds all that a decision about it needs: registers, memos, the program in force.
// Keep one per thread and reuse it. After a reload an idle request keeps the old program in memory
// until it is used again.
class Request {
 public:
  explicit Request(const Engine& engine);
  ~Request();
  Request(Request&&) = delete;

  Request& set(const Slot<std::string_view>& slot, std::string_view value) {
    if (slot.direct_layout_ == direct_layout_ && slots_.set_short(slot.cell_, value)) [[likely]] {
      return *this;
    }
    return set_checked(slot, value);
  }
  Request& set(const Slot<std::string_view>& slot, const Symbol& value) {
    if (slot.direct_layout_ == direct_layout_ && value.layout_ == direct_layout_) [[likely]] {
      slots_.set(slot.cell_, value.value_);
      return *this;
    }
    return set(slot, value.text());
  }
  Request& set(const Slot<std::int64_t>& slot, std::int64_t value) {
    return set_scalar(slot, Value::integer(value));
  }
  Request& set(const Slot<bool>& slot, bool value) {
    return set_scalar(slot, Value::boolean(value));
  }
  Request& set(const Slot<double>& slot, double value);
  Request& set(const Slot<StringList>& slot, StringList value);
  Request& set(const Slot<StringList>& slot, SymbolList value);

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
  // The same, and what is missing; nothing if the request fits the schema of layout().
  std::optional<RequestError> problem();
  Request& reset();

  // The request as one object; undefined if nothing was set.
  Value document(Arena& arena);

 private:
  friend class Engine;
  friend struct EngineShared;
  friend class Lease;

  // Where the attributes are.
  enum class Mode : std::uint8_t {
    kSlots,     // each in its cell of slots_
    kDocument,  // in ordered_: some depend on each other
    kParsed,    // in document_; slots_ has been filled from it
  };

  explicit Request(std::shared_ptr<EngineShared> engine);

  template <class T>
  Request& set_scalar(const Slot<T>& slot, const Value& value) {
    if (slot.direct_layout_ == direct_layout_) [[likely]] {
      slots_.set(slot.cell_, value);
      return *this;
    }
    return set_checked(slot, value);
  }
  Request& set_checked(const Slot<std::string_view>& slot, std::string_view value);
  template <class T>
  Request& set_checked(const Slot<T>& slot, const Value& value);
  // Whatever a value costs to make, and whatever is wrong with it, ends here.
  template <class T, class Make>
  Request& set_value(const Slot<T>& slot, Make make);
  void store(const Attribute& given, std::optional<AttributeIndex> index, const Value& value);
  bool fill_from_document();
  Text kept_text(const std::string& path, std::string_view value);
  void need_document();
  template <class Visit>
  void for_each_in_cell(Visit visit);
  void adopt_layout();
  void fail(std::string path, std::string message);

  // The values of a program's slots, in this request or put together in `room` and `arena`; or what
  // is wrong.
  bool is_ready(const RequestLayout& layout) const {
    return layout.id() == layout_->id() && !error_ &&
           (mode_ == Mode::kParsed ||
            (mode_ == Mode::kSlots && slots_.filled().contains_all(layout.required_cells())));
  }
  Result<SlotValues*, RequestError> slots_for(const RequestLayout& layout, SlotValues& room,
                                              Arena& arena);

  std::shared_ptr<EngineShared> engine_;
  std::shared_ptr<const EngineState> state_;  // that layout_ and the values of symbols belong to
  const RequestLayout* layout_ = nullptr;
  std::uint64_t direct_layout_ = 0;  // that of layout_ if setters may fill cells directly, else 0
  SlotValues slots_;                 // of layout_
  Mode mode_ = Mode::kSlots;
  Limits limits_;
  Arena arena_;
  std::optional<RequestError> error_;
  Value document_;  // of parse()
  struct Assigned {
    std::vector<std::string> path;
    Value value;
  };
  std::vector<Assigned> ordered_;  // what was set first lies below what is set later
  std::unique_ptr<Evaluation> evaluation_;
};

// Fills `slots` from a document without a check against the schema.
void fill_slots(const Program& program, const Value& document, SlotValues& slots);

RequestError request_error(const SchemaError& error);

}  // namespace licet
