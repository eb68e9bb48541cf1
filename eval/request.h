// A request: what is to be decided about. Filled attribute by attribute, or from JSON.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "eval/arena.h"
#include "eval/options.h"
#include "eval/request_layout.h"
#include "eval/result.h"
#include "eval/slot_values.h"
#include "eval/symbol.h"
#include "eval/value.h"

namespace licet {

class BoundStruct;
class Engine;
template <class S>
class StructBinding;
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
  template <class... All>
  friend class SlotGroup;
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

// Attributes that are set together, from Engine::slots. Stays good when the engine takes another
// program, only slower. May be used by all threads.
template <class... T>
class SlotGroup {
 private:
  friend class Engine;
  friend class Request;
  template <class... All>
  friend class BoundGroup;
  static constexpr std::uint64_t kNever = UINT64_MAX;

  explicit SlotGroup(Slot<T>... slots);

  std::tuple<Slot<T>...> slots_;
  std::uint64_t direct_layout_ = kNever;               // of all slots, if it is the same
  std::array<std::uint32_t, sizeof...(T)> offsets_{};  // of their cells
  CellSet all_;
  std::shared_ptr<const BoundStruct> packed_;  // how its values are lent as a struct, or null
};

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
    if (slot.direct_layout_ == direct_layout_ && value.data().is_utf8) [[likely]] {
      slots_.set(slot.cell_, value);
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

  // As set(), but text stays where it is: no byte of it is looked at before a policy asks for it.
  // PRECONDITION: texts and lists live, and are not changed, until the request is reset, destroyed
  // or set anew. Texts are UTF-8; those that are more than compared are checked when that is done.
  Request& lend(const Slot<std::string_view>& slot, std::string_view value) {
    if (slot.direct_layout_ == direct_layout_) [[likely]] {
      slots_.lend(slot.cell_, value);
      return *this;
    }
    return set(slot, value);
  }
  Request& lend(const Slot<StringList>& slot, StringList value) {
    if (slot.direct_layout_ == direct_layout_) [[likely]] {
      slots_.lend(slot.cell_, value);
      return *this;
    }
    return set(slot, value);
  }
  Request& lend(const Slot<std::string_view>& slot, const Symbol& value) {
    return set(slot, value);
  }
  Request& lend(const Slot<StringList>& slot, SymbolList value) { return set(slot, value); }
  Request& lend(const Slot<std::int64_t>& slot, std::int64_t value) { return set(slot, value); }
  Request& lend(const Slot<bool>& slot, bool value) { return set(slot, value); }
  Request& lend(const Slot<double>& slot, double value) { return set(slot, value); }
  // The same of attributes that are set together, which costs less than one by one. Values: what
  // set() and lend() take, in the order of the slots. Defined in packed_slots.h.
  template <class... T, class... V>
  Request& lend(const SlotGroup<T...>& group, const V&... values);
  // The same of a struct's members, none of which is looked at before. PRECONDITION: as above, also
  // of the struct itself. Defined in struct_binding.h.
  template <class S>
  Request& lend(const StructBinding<S>& binding, const S& from);
  template <class S>
  Request& lend(const StructBinding<S>& binding, S&& from) = delete;  // it would be gone

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
  Request& reset() {
    // What fills cells only has changed nothing else, and a struct that was lent nothing at all.
    if (direct_layout_ != 0 && direct_layout_ == layout_in_force_->load(std::memory_order_acquire))
        [[likely]] {
      arena_.reset();
      slots_.clear();
      return *this;
    }
    // If another program has come, a decision will find that.
    if (bound_ != nullptr) {
      struct_ = nullptr;
      return *this;
    }
    return reset_all();
  }

  // The request as one object; empty if nothing was set.
  Value document(Arena& arena);

  // For logs, which tell what a decision of `program` has read without a look at the rest. The
  // values of its slots; null if they are not all at hand: then document() must be asked. Cells
  // behind the slots are filled only if attributes were set one by one.
  const SlotValues* slots_of(const Program& program) {
    take_struct();
    return &layout_->program() == &program && is_ready(*layout_) ? &slots_ : nullptr;
  }
  bool was_set_by_slots() const { return mode_ == Mode::kSlots; }
  // The strict JSON that it was read from; empty if it was made in another way.
  std::string_view json() const;

 private:
  friend class Engine;
  friend struct EngineShared;
  friend class Lease;
  template <class... All>
  friend class BoundGroup;

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
  // Each into its cell.
  template <std::size_t... I, class... T, class... V>
  Request& lend_each(std::index_sequence<I...>, const SlotGroup<T...>& group, const V&... values);
  using Cell = SlotValues::Cell;
  // Into a cell that takes it as it is; it is not noted there that the cell is filled.
  static void put(Cell& cell, std::string_view value) { SlotValues::put_lent(cell, value); }
  static void put(Cell& cell, StringList value) { SlotValues::put_lent(cell, value); }
  static void put(Cell& cell, SymbolList value) { SlotValues::put_lent(cell, value); }
  static void put(Cell& cell, const Symbol& value) { SlotValues::put(cell, value); }
  static void put(Cell& cell, std::int64_t value) { SlotValues::put(cell, Value::integer(value)); }
  static void put(Cell& cell, bool value) { SlotValues::put(cell, Value::boolean(value)); }
  template <class V>
  static constexpr bool can_put = !std::is_same_v<V, double>;  // which may be no number
  // A value as what is set in a slot of T: nothing else becomes a boolean, nor a boolean a number.
  template <class T, class V>
  static auto settable(const V& value) {
    if constexpr (std::is_same_v<T, std::string_view> && std::is_same_v<V, Symbol>) {
      return std::cref(value);
    } else if constexpr (std::is_same_v<T, StringList> &&
                         std::is_convertible_v<const V&, SymbolList>) {
      return SymbolList(value);
    } else {
      static_assert(std::is_same_v<T, bool> == std::is_same_v<V, bool>, "a value of another type");
      return T(value);
    }
  }
  // Makes what was lent the request's own.
  void take_lent();
  // Whoever looks at cells, or sets some, first puts there what was lent as a struct.
  void take_struct() {
    if (bound_ != nullptr) [[unlikely]]
      lend_members();
  }
  void lend_members();
  void lend_struct(const BoundStruct& bound, const void* from);
  // Whether a struct can be lent that lies in room_, which has as many bytes then.
  bool can_lend_packed(const std::shared_ptr<const BoundStruct>& bound, std::size_t bytes);
  void forget_struct() {
    bound_ = nullptr;
    struct_ = nullptr;
    direct_layout_ = layout_of_struct_;
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
  std::span<const Text> kept_texts(const std::string& path, StringList list);
  void need_document();
  template <class Visit>
  void for_each_in_cell(Visit visit);
  void adopt_layout();
  Request& reset_all();
  void fail(std::string path, std::string message);
  // Whoever asks would have changed the request, or found something wrong with it.
  bool is_refused() {
    may_fit_another_schema_ = false;
    return error_.has_value();
  }

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
  const std::atomic<std::uint64_t>* layout_in_force_;  // of engine_
  // That of layout_ if setters may fill cells directly, else 0.
  // INVARIANT: if it is not 0, there are no errors, no texts of JSON and no values but in cells.
  std::uint64_t direct_layout_ = 0;
  SlotValues slots_;  // of layout_
  // A struct whose members are not in their cells yet, or null.
  const void* struct_ = nullptr;
  // How it is bound; kept when there is none any more, as most often the next one is bound alike.
  // INVARIANT: if it is not null, no cell is filled, there are no errors, and direct_layout_ is 0,
  // so that setters do not fill cells beside a struct. It may have gone if there is no struct.
  const BoundStruct* bound_ = nullptr;
  std::uint64_t layout_of_struct_ = 0;  // what direct_layout_ was
  // Of a struct of the request's own: the values of a group of slots.
  std::shared_ptr<const BoundStruct> packed_;
  std::unique_ptr<std::byte[]> room_;
  std::size_t room_bytes_ = 0;
  Mode mode_ = Mode::kSlots;
  Limits limits_;
  Arena arena_;
  std::optional<RequestError> error_;
  bool may_fit_another_schema_ = false;  // the error is that of a document, and the only one
  Value document_;                       // of parse()
  struct Assigned {
    std::vector<std::string> path;
    Value value;
  };
  std::vector<Assigned> ordered_;  // what was set first lies below what is set later
  std::unique_ptr<Evaluation> evaluation_;
};

template <class... T>
SlotGroup<T...>::SlotGroup(Slot<T>... slots) : slots_(std::move(slots)...) {
  std::size_t i = 0;
  std::apply(
      [&](const auto&... slot) {
        direct_layout_ = std::get<0>(slots_).direct_layout_;
        ((direct_layout_ = slot.direct_layout_ == direct_layout_ ? direct_layout_ : kNever), ...);
        ((offsets_[i++] = SlotValues::offset_of(slot.cell_)), ...);
        all_.resize(std::max({slot.cell_...}) + std::size_t{1});
        (all_.add(slot.cell_), ...);
      },
      slots_);
}

template <std::size_t... I, class... T, class... V>
Request& Request::lend_each(std::index_sequence<I...>, const SlotGroup<T...>& group,
                            const V&... values) {
  if (group.direct_layout_ == direct_layout_) [[likely]] {
    if constexpr ((can_put<T> && ...)) {
      (put(slots_.cell_at(group.offsets_[I]), settable<T>(values)), ...);
      slots_.add_filled(group.all_);
      return *this;
    }
  }
  (lend(std::get<I>(group.slots_), settable<T>(values)), ...);
  return *this;
}

// Fills `slots` from a document without a check against the schema.
void fill_slots(const Program& program, const Value& document, SlotValues& slots);

RequestError request_error(const SchemaError& error);

}  // namespace licet
