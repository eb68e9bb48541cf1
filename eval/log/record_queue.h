// What waits for the writer of an `async` log: records of many threads, in a bounded number of
// bytes.
//
// Problem: the thread that decides must neither wait for the writer nor meet other threads that
// decide. Idea: there are several shards, each thread adds to one of them under the shard's own
// lock, and the writer takes what all of them have at once. What the threads do share is one
// counter: adding to it makes room and gives the place in the order of all records.
//
// INVARIANT: a record whose add() returned before another one's began comes before it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "eval/log_entry.h"

namespace licet::log {

class RecordQueue {
 public:
  enum class Added : std::uint8_t { kYes, kFull, kClosed };

  struct Record {
    const ReadPlan* plan = nullptr;  // null: an entry that is ready
    std::string_view bytes;

    // What the queue counts for it, to be given back.
    std::uint64_t queued_bytes() const { return kHeadBytes + bytes.size(); }
  };
  class Taken;

  explicit RecordQueue(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // For all threads. `plan` is null for an entry that is ready. Throws std::bad_alloc; nothing is
  // added then.
  Added add(const std::shared_ptr<const ReadPlan>& plan, std::string_view bytes);
  // Nothing is added after it.
  void close() { is_closed_.store(true, std::memory_order_release); }
  // Whether a record of this size could ever be added.
  bool can_hold(std::size_t bytes) const { return bytes + kHeadBytes <= limit_bytes_; }
  bool has_room(std::size_t bytes) const {
    return byte_count() + bytes + kHeadBytes <= limit_bytes_;
  }
  std::size_t byte_count() const {
    const std::uint64_t given_back = given_back_.load(std::memory_order_acquire);
    return static_cast<std::size_t>(reserved_.load(std::memory_order_acquire) - given_back);
  }

  // For the writer. Takes all there is; takes no memory.
  void take(Taken& taken);
  // So many bytes of what was taken are on disk, or given up.
  void give_back(std::uint64_t bytes) { given_back_.fetch_add(bytes, std::memory_order_release); }

 private:
  static constexpr std::size_t kShards = 16;
  // Before each record: its place in the order (8), its size (4), its plan (4).
  static constexpr std::size_t kHeadBytes = 16;

  // Records in pieces that stay where they are and are used again: memory that the system hands out
  // anew for each burst would cost more than packing.
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::size_t capacity = 0;
  };
  struct Content {
    std::vector<Chunk> chunks;
    std::size_t used = 0;                                // chunks
    std::vector<std::shared_ptr<const ReadPlan>> plans;  // that records name by index
    std::uint64_t record_count = 0;
    std::uint64_t byte_count = 0;

    char* room(std::size_t count);
    void clear();
  };
  struct alignas(64) Shard {
    std::mutex mutex;
    Content content;
  };

  // The records of one shard as the writer goes through them.
  class Cursor {
   public:
    Cursor() = default;
    explicit Cursor(const Content& content);
    bool at_end() const { return chunk_ == content_->used; }
    std::uint64_t place() const { return place_; }
    Record record() const { return record_; }
    void next();

   private:
    void read();

    const Content* content_ = nullptr;
    std::size_t chunk_ = 0;
    std::size_t at_ = 0;
    std::uint64_t place_ = 0;
    Record record_;
  };

  Shard& shard_of_this_thread();
  static void put_record(Content& content, std::uint64_t place,
                         const std::shared_ptr<const ReadPlan>& plan, std::string_view bytes);

  const std::size_t limit_bytes_;
  std::atomic<bool> is_closed_{false};
  // Both only grow; what is between them is in memory.
  alignas(64) std::atomic<std::uint64_t> reserved_{0};
  alignas(64) std::atomic<std::uint64_t> given_back_{0};
  std::array<Shard, kShards> shards_;
};

// What the writer took, in order. Going through it takes no memory. The records are good until the
// writer takes again.
class RecordQueue::Taken {
 public:
  std::uint64_t record_count() const { return record_count_; }  // all that were taken
  std::uint64_t byte_count() const { return byte_count_; }
  bool at_end() const { return cursor_count_ == 0; }
  // PRECONDITION of both: not at the end.
  Record front() const { return cursors_[first_].record(); }
  void pop();

 private:
  friend class RecordQueue;
  void find_first();

  std::array<Content, kShards> contents_;
  std::array<Cursor, kShards> cursors_;
  std::size_t cursor_count_ = 0;
  std::size_t first_ = 0;  // of the cursors: the one whose record comes first
  std::uint64_t record_count_ = 0;
  std::uint64_t byte_count_ = 0;
};

}  // namespace licet::log
