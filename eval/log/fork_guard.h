// Whether this process is a child of the one that made the guard, for the price of a load: asking
// the system for the process's number takes longer than packing a decision.
#pragma once

#include <cstdint>

namespace licet::log {

// Any thread may ask.
class ForkGuard {
 public:
  ForkGuard();
  ~ForkGuard();
  ForkGuard(const ForkGuard&) = delete;
  ForkGuard& operator=(const ForkGuard&) = delete;

  bool is_same_process() const {
    return page_ != nullptr ? *page_ == kMark : is_same_process_by_number();
  }

 private:
  static constexpr std::uint64_t kMark = 1;

  bool is_same_process_by_number() const;

  // A page that the system wipes in children; null if it cannot do that.
  volatile const std::uint64_t* page_ = nullptr;
  int process_;
};

}  // namespace licet::log
