// What only some decisions have: messages, obligations, warnings and the like.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "eval/explanation.h"
#include "eval/value.h"

namespace licet {

// For one key, the distinct values that the determining rules ask for, as JSON.
struct Obligation {
  std::string key;
  std::vector<std::string> values;
};

// One of these values, as the machine found it.
struct AskedObligation {
  Value key;
  Value value;

  friend bool operator==(const AskedObligation& a, const AskedObligation& b) {
    return a.key == b.key && a.value == b.value;
  }
  friend bool operator<(const AskedObligation& a, const AskedObligation& b) {
    const int keys = compare(a.key, b.key);
    return keys != 0 ? keys < 0 : a.value < b.value;
  }
};

struct DecisionDetails {
  std::vector<std::uint32_t> rules;  // if they are too many for the decision itself
  std::vector<std::string> messages;
  std::vector<std::string> controls;
  std::vector<Obligation> obligations;
  std::vector<std::string> warnings;
  std::string error;
  Explanation explanation;

  // Their room, while others are fewer than before.
  std::vector<std::string> spare_texts;
  std::vector<Obligation> spare_obligations;
};

// The details that a decision shares with its copies, which never change them, and with the request
// that it was made with. That fills them anew for a later decision once no other has them, so that
// decisions with messages do not allocate either. (std::shared_ptr::use_count is a hint only where
// another thread may let go.)
class SharedDetails {
 public:
  SharedDetails() = default;
  SharedDetails(const SharedDetails& other) : block_(other.block_) {
    if (block_) block_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  SharedDetails(SharedDetails&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedDetails& operator=(SharedDetails other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedDetails() {
    if (block_ && block_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete block_;
  }

  static SharedDetails make() {
    SharedDetails made;
    made.block_ = new Block;
    return made;
  }
  explicit operator bool() const { return block_ != nullptr; }
  // Nobody else can come to hold it then.
  bool has_one_holder() const {
    return block_ && block_->holders.load(std::memory_order_acquire) == 1;
  }
  DecisionDetails& operator*() const { return block_->details; }
  DecisionDetails* operator->() const { return &block_->details; }

 private:
  struct Block {
    DecisionDetails details;
    std::atomic<std::uint32_t> holders{1};
  };
  Block* block_ = nullptr;
};

}  // namespace licet
