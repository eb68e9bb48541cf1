#include "eval/log/record_queue.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace licet::log {
namespace {

constexpr std::uint32_t kNoPlan = UINT32_MAX;
constexpr std::size_t kChunkBytes = std::size_t{1} << 16;
constexpr std::size_t kKeptChunks = 64;  // of an idle shard

struct Head {
  std::uint64_t place = 0;
  std::uint32_t size = 0;
  std::uint32_t plan = 0;
};
static_assert(sizeof(Head) == 16);

}  // namespace

RecordQueue::Cursor::Cursor(const Content& content) : content_(&content) { read(); }

void RecordQueue::Cursor::next() {
  at_ += sizeof(Head) + record_.bytes.size();
  read();
}

void RecordQueue::Cursor::read() {
  while (!at_end() && at_ == content_->chunks[chunk_].size) {
    ++chunk_;
    at_ = 0;
  }
  if (at_end()) return;
  const char* const at = content_->chunks[chunk_].bytes.get() + at_;
  Head head;
  std::memcpy(&head, at, sizeof head);
  place_ = head.place;
  record_ = {head.plan == kNoPlan ? nullptr : content_->plans[head.plan].get(),
             std::string_view(at + sizeof head, head.size)};
}

char* RecordQueue::Content::room(std::size_t count) {
  if (used == 0 || chunks[used - 1].capacity - chunks[used - 1].size < count) {
    if (used < chunks.size() && chunks[used].capacity < count) chunks.resize(used);
    if (used == chunks.size()) {
      const std::size_t capacity = std::max(kChunkBytes, count);
      chunks.push_back({std::unique_ptr<char[]>(new char[capacity]), 0, capacity});
    }
    ++used;
  }
  Chunk& chunk = chunks[used - 1];
  return chunk.bytes.get() + chunk.size;
}

void RecordQueue::Content::clear() {
  if (chunks.size() > kKeptChunks) chunks.resize(kKeptChunks);
  for (Chunk& chunk : chunks) chunk.size = 0;
  used = 0;
  plans.clear();
  record_count = 0;
  byte_count = 0;
}

RecordQueue::Shard& RecordQueue::shard_of_this_thread() {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t thread = threads.fetch_add(1, std::memory_order_relaxed);
  return shards_[thread % kShards];
}

void RecordQueue::put_record(Content& content, std::uint64_t place,
                             const std::shared_ptr<const ReadPlan>& plan, std::string_view bytes) {
  std::uint32_t plan_index = kNoPlan;
  if (plan) {
    if (content.plans.empty() || content.plans.back() != plan) content.plans.push_back(plan);
    plan_index = static_cast<std::uint32_t>(content.plans.size() - 1);
  }
  const Head head{place, static_cast<std::uint32_t>(bytes.size()), plan_index};
  char* const at = content.room(sizeof head + bytes.size());
  std::memcpy(at, &head, sizeof head);
  std::memcpy(at + sizeof head, bytes.data(), bytes.size());
  content.chunks[content.used - 1].size += sizeof head + bytes.size();
  content.byte_count += kHeadBytes + bytes.size();
  ++content.record_count;
}

RecordQueue::Added RecordQueue::add(const std::shared_ptr<const ReadPlan>& plan,
                                    std::string_view bytes) {
  const std::size_t size = kHeadBytes + bytes.size();
  const std::uint64_t place = reserved_.fetch_add(size, std::memory_order_relaxed);
  if (place + size - given_back_.load(std::memory_order_acquire) > limit_bytes_) [[unlikely]] {
    give_back(size);
    return Added::kFull;
  }
  Shard& shard = shard_of_this_thread();
  const std::lock_guard lock(shard.mutex);
  // Under the lock: what the writer takes after close() is all there will ever be.
  if (is_closed_.load(std::memory_order_acquire)) [[unlikely]] {
    give_back(size);
    return Added::kClosed;
  }
  try {
    put_record(shard.content, place, plan, bytes);
  } catch (...) {
    give_back(size);
    throw;
  }
  return Added::kYes;
}

void RecordQueue::take(Taken& taken) {
  for (Content& content : taken.contents_) content.clear();
  taken.record_count_ = 0;
  taken.byte_count_ = 0;
  // All at once: a record that is taken brings along what came before it on other threads.
  for (Shard& shard : shards_) shard.mutex.lock();
  for (std::size_t i = 0; i < kShards; ++i) {
    if (shards_[i].content.byte_count > 0) std::swap(shards_[i].content, taken.contents_[i]);
  }
  for (Shard& shard : shards_) shard.mutex.unlock();
  taken.cursor_count_ = 0;
  for (const Content& content : taken.contents_) {
    taken.byte_count_ += content.byte_count;
    taken.record_count_ += content.record_count;
    if (content.record_count > 0) taken.cursors_[taken.cursor_count_++] = Cursor(content);
  }
  taken.find_first();
}

void RecordQueue::Taken::find_first() {
  first_ = 0;
  for (std::size_t i = 1; i < cursor_count_; ++i) {
    if (cursors_[i].place() < cursors_[first_].place()) first_ = i;
  }
}

void RecordQueue::Taken::pop() {
  Cursor& cursor = cursors_[first_];
  cursor.next();
  if (cursor.at_end()) cursor = cursors_[--cursor_count_];
  if (cursor_count_ > 1) {
    find_first();
  } else {
    first_ = 0;
  }
}

}  // namespace licet::log
