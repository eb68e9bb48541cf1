#include "eval/decision_source.h"

namespace licet {
namespace {

// Trivial, so that it can be asked after all else of a thread has gone.
constinit thread_local bool has_ended = false;

}  // namespace

// A thread that ends gives back what it has. What is destroyed after that counts for itself.
struct SharedSource::EndOfThread {
  bool is_awaited = false;

  ~EndOfThread() {
    has_ended = true;
    leave();
  }
  static void await() {
    thread_local EndOfThread end;
    end.is_awaited = true;
  }
};

SharedSource::SharedSource(DecisionSource source)
    : counted_(new Counted{.source = std::move(source), .shares = 1}) {}

// INVARIANT: this is or was made of an owner, so the count is not 0.
void SharedSource::take_one() const { counted_->shares.fetch_add(1, std::memory_order_relaxed); }

void SharedSource::turn_thread() const {
  if (has_ended) return;
  EndOfThread::await();
  leave();
  counted_->shares.fetch_add(kSharesAtATime, std::memory_order_relaxed);
  stock = {.source = counted_, .shares = kSharesAtATime};
}

void SharedSource::leave_thread() const {
  if (stock.source == counted_) leave();
}

void SharedSource::leave() {
  const Stock had = std::exchange(stock, Stock{nullptr, 0});
  if (had.source != nullptr) give_back(had.source, had.shares);
}

void SharedSource::give_back(Counted* source, std::int64_t shares) {
  if (source->shares.fetch_sub(shares, std::memory_order_acq_rel) == shares) delete source;
}

}  // namespace licet
