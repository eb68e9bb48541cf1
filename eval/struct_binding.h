// Structs of the caller's as requests: Engine::bind says once which member is which attribute, and
// Request::lend then takes a struct as it is.
//
//     struct Call { Symbol action; SymbolList roles; std::int64_t hour; };
//     auto binding = engine.bind(Member{"request.action", &Call::action},
//                                Member{"user.roles", &Call::roles},
//                                Member{"request.hour", &Call::hour});
//     engine.decide(request.reset().lend(binding.value(), call));
//
// A decision then reads the members that it comes to, and nothing is stored before
// (vm/struct_graph.h). Members are Symbol, SymbolList, std::string_view, StringList, std::int64_t
// or bool, and never missing: an attribute that may be is lent by its slot.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "eval/request.h"
#include "eval/struct_member.h"

namespace licet {

namespace vm {
class StructGraphs;
}

// An attribute, and the member of S that has its value.
template <class S, class T>
struct Member {
  std::string_view path;
  T S::*member;
};
template <class S, class T>
Member(std::string_view, T S::*) -> Member<S, T>;

namespace struct_binding {

template <class T>
inline constexpr std::optional<StructMember::Kind> kKindOf = std::nullopt;
template <>
inline constexpr std::optional<StructMember::Kind> kKindOf<Symbol> = StructMember::Kind::kSymbol;
template <>
inline constexpr std::optional<StructMember::Kind> kKindOf<SymbolList> =
    StructMember::Kind::kSymbols;
template <>
inline constexpr std::optional<StructMember::Kind> kKindOf<std::string_view> =
    StructMember::Kind::kText;
template <>
inline constexpr std::optional<StructMember::Kind> kKindOf<StringList> = StructMember::Kind::kTexts;
template <>
inline constexpr std::optional<StructMember::Kind> kKindOf<std::int64_t> =
    StructMember::Kind::kInteger;
template <>
inline constexpr std::optional<StructMember::Kind> kKindOf<bool> = StructMember::Kind::kBool;

// The slot that takes it.
template <class T>
using SlotType =
    std::conditional_t<std::is_same_v<T, Symbol>, std::string_view,
                       std::conditional_t<std::is_same_v<T, SymbolList>, StringList, T>>;

// In bytes from the beginning of the struct.
template <class S, class T>
std::uint32_t offset_of(T S::*member) {
  alignas(S) static const std::byte room[sizeof(S)] = {};  // no S; nothing of it is read
  const S& from = *reinterpret_cast<const S*>(room);
  return static_cast<std::uint32_t>(reinterpret_cast<const std::byte*>(&(from.*member)) - room);
}

}  // namespace struct_binding

// What requests know of a binding.
class BoundStruct {
 public:
  static constexpr std::uint64_t kNever = UINT64_MAX;

  BoundStruct();
  virtual ~BoundStruct();
  BoundStruct(const BoundStruct&) = delete;
  BoundStruct& operator=(const BoundStruct&) = delete;

  bool has_graphs() const { return graphs_ != nullptr; }
  // Lends each member by its slot.
  virtual void lend_to(Request& request, const void* from) const = 0;

 private:
  friend class Engine;
  friend class Request;

  std::uint64_t layout_ = kNever;  // in which `graphs_` may be walked
  std::unique_ptr<const vm::StructGraphs> graphs_;
};

// From Engine::bind. Stays good when the engine takes another program, only slower. May be used by
// all threads, and must live as long as a request that something was lent by it, until that is
// reset.
template <class S>
class StructBinding {
 private:
  friend class Engine;
  friend class Request;

  explicit StructBinding(std::shared_ptr<const BoundStruct> bound) : bound_(std::move(bound)) {}

  std::shared_ptr<const BoundStruct> bound_;
};

namespace struct_binding {

template <class S, class... T>
class BoundMembers final : public BoundStruct {
 public:
  BoundMembers(SlotGroup<SlotType<T>...> slots, T S::*... members)
      : slots_(std::move(slots)), members_(members...) {}

  void lend_to(Request& request, const void* from) const override {
    std::apply(
        [&](auto... member) { request.lend(slots_, static_cast<const S*>(from)->*member...); },
        members_);
  }

 private:
  SlotGroup<SlotType<T>...> slots_;
  std::tuple<T S::*...> members_;
};

}  // namespace struct_binding

namespace struct_binding {

// A struct that another thread filled, or that waited in a queue, comes from far in memory. Which
// of its lines a decision comes to is not known, so all of a struct of usual size are asked for at
// once; otherwise each would be waited for in its turn.
template <class S>
[[gnu::always_inline]] inline void prefetch(const S& from) {
  constexpr std::size_t kLine = 64;
  constexpr std::size_t kMostLines = 8;
  for (std::size_t at = 0; at < std::min(sizeof(S), kMostLines * kLine); at += kLine) {
    __builtin_prefetch(reinterpret_cast<const std::byte*>(&from) + at);
  }
}

}  // namespace struct_binding

template <class S>
Request& Request::lend(const StructBinding<S>& binding, const S& from) {
  if (bound_ == binding.bound_.get()) [[likely]] {
    struct_ = &from;
    struct_binding::prefetch(from);
  } else {
    lend_struct(*binding.bound_, &from);
  }
  return *this;
}

}  // namespace licet
