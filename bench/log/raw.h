// The other side of each comparison: what the log does, without the log.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>

namespace licet::bench {

// Ends the program.
[[noreturn]] void give_up(const std::string& message);

// Zero-window group commit: bytes to a file, on disk when append() returns, and nothing else.
class RawCommit {
 public:
  explicit RawCommit(const std::filesystem::path& path);
  ~RawCommit();
  RawCommit(const RawCommit&) = delete;
  RawCommit& operator=(const RawCommit&) = delete;

  void append(const std::string& bytes);

 private:
  int descriptor_;
  std::mutex mutex_;
  std::condition_variable wakes_;
  std::string waiting_;
  std::uint64_t batch_ = 0;
  std::uint64_t done_ = 0;
  bool has_leader_ = false;
};

// Each entry hashed (SHA-256), each MiB of them sealed (AES-256-GCM), on one thread. With a path
// what is sealed is written there and synced.
void encrypt_and_hash(const std::string& entry, int count, const std::filesystem::path& path = {});

}  // namespace licet::bench
