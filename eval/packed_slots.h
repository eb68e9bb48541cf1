// The values of a group of slots (Engine::slots), lent as a struct.
//
// Problem: a cell takes a value of any form, so it is a line of memory; to lend seventeen
// attributes writes seventeen lines, and a walk finds out for each what form it has. Idea: what a
// group's values are is known when it is made. So they are put beside each other in the request,
// a struct that is bound as those of callers are (struct_binding.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "eval/request.h"
#include "eval/struct_binding.h"
#include "eval/struct_member.h"

namespace licet {

template <class... T>
class BoundGroup final : public BoundStruct {
 public:
  using Packed = std::tuple<T...>;
  // A number that is none is an error, which must be found when it is set.
  static constexpr bool kIsPossible = (struct_binding::kKindOf<T>.has_value() && ...);

  explicit BoundGroup(SlotGroup<T...> group) : group_(std::move(group)) {}

  void lend_to(Request& request, const void* from) const override {
    std::apply(
        [&](const T&... value) {
          request.lend_each(std::index_sequence_for<T...>(), group_, value...);
        },
        *static_cast<const Packed*>(from));
  }
  // Of no meaning for a group whose slots have no cells of one layout.
  std::vector<StructMember> members() const { return members(std::index_sequence_for<T...>()); }

 private:
  template <std::size_t... I>
  std::vector<StructMember> members(std::index_sequence<I...>) const {
    static const Packed packed{};
    const auto offset = [](const auto& value) {
      return static_cast<std::uint32_t>(reinterpret_cast<const std::byte*>(&value) -
                                        reinterpret_cast<const std::byte*>(&packed));
    };
    return {StructMember{.cell = SlotValues::cell_at_offset(group_.offsets_[I]),
                         .kind = *struct_binding::kKindOf<T>,
                         .offset = offset(std::get<I>(packed))}...};
  }

  SlotGroup<T...> group_;
};

template <class... T, class... V>
Request& Request::lend(const SlotGroup<T...>& group, const V&... values) {
  static_assert(sizeof...(T) == sizeof...(V), "a value for each slot of the group");
  // Symbols are no texts, and go into cells.
  if constexpr ((std::is_same_v<decltype(settable<T>(values)), T> && ...)) {
    using Packed = typename BoundGroup<T...>::Packed;
    static_assert(std::is_trivially_destructible_v<Packed>);
    const BoundStruct* const bound = group.packed_.get();
    // bound_ alone may be the address of another one that is gone; packed_ keeps its own.
    const bool is_ready = bound_ == bound && packed_.get() == bound;
    if (bound != nullptr && (is_ready || can_lend_packed(group.packed_, sizeof(Packed))))
        [[likely]] {
      struct_ = new (room_.get()) Packed(settable<T>(values)...);
      return *this;
    }
  }
  return lend_each(std::index_sequence_for<T...>(), group, values...);
}

}  // namespace licet
