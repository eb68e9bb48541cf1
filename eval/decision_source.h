// What decided, and how decisions keep it alive.
//
// Problem: each decision owns what it was made with, so that it may outlive its engine and a
// reload. A count of owners that any thread may change costs two locked instructions a decision.
// They also keep the processor from running ahead, so that less of what one decision waits for in
// memory is fetched while the one before it is still being made.
//
// Idea: weighted reference counting (Bevan, PARLE 1987): the count is of shares, and a thread that
// decides takes many at once. A decision made in that thread takes one of these, which is a plain
// number, and one that ends there gives it back. Only a decision that ends in another thread, and a
// thread that turns to another source, change the count itself.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "eval/program.h"

namespace licet {

struct DecisionSource {
  std::shared_ptr<const Program> program;
  std::array<std::uint64_t, 2> engine{};
};

// An owner of a source, or of none.
class SharedSource {
 public:
  SharedSource() = default;
  explicit SharedSource(DecisionSource source);
  SharedSource(const SharedSource& other) : counted_(other.counted_) {
    if (counted_ != nullptr) take();
  }
  SharedSource(SharedSource&& other) noexcept : counted_(std::exchange(other.counted_, nullptr)) {}
  SharedSource& operator=(SharedSource other) noexcept {
    std::swap(counted_, other.counted_);
    return *this;
  }
  ~SharedSource() {
    if (counted_ != nullptr) put();
  }

  // One more owner of `other`, which is not none, for a thread that will want many of them.
  static SharedSource often(const SharedSource& other) {
    SharedSource made;
    made.counted_ = other.counted_;
    if (stock.source != other.counted_) [[unlikely]]
      other.turn_thread();
    made.take();
    return made;
  }
  explicit operator bool() const { return counted_ != nullptr; }
  const DecisionSource* operator->() const { return &counted_->source; }
  // Gives back the shares of it that this thread has for owners to come. Without that a thread that
  // wanted many keeps the source, and with it a program, until it turns to another one or ends.
  void leave_thread() const;

 private:
  struct Counted {
    DecisionSource source;
    std::atomic<std::int64_t> shares;  // that owners and threads have; the last one frees it
  };
  // What this thread has for owners to come. Trivial, so that it is no more than a variable.
  struct Stock {
    Counted* source;      // null: nothing
    std::int64_t shares;  // more than 0 if there is a source
  };
  struct EndOfThread;
  static constexpr std::int64_t kSharesAtATime = 1 << 20;
  static thread_local Stock stock;

  void take() const {
    if (stock.source != counted_) [[unlikely]]
      return take_one();
    if (--stock.shares == 0) [[unlikely]]
      stock.source = nullptr;
  }
  void put() const {
    if (stock.source == counted_) [[likely]] {
      ++stock.shares;
    } else {
      give_back(counted_, 1);
    }
  }
  void take_one() const;
  void turn_thread() const;
  static void leave();
  static void give_back(Counted* source, std::int64_t shares);

  Counted* counted_ = nullptr;
};

inline constinit thread_local SharedSource::Stock SharedSource::stock{nullptr, 0};

}  // namespace licet
