// A disk in memory that fails on command, and that can lose power.
#pragma once

#include <cerrno>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "eval/log_files.h"

namespace licet::log {

class MemoryFiles final : public Files {
 public:
  // One byte string that a name stands for.
  struct Content {
    std::string bytes;
    std::string on_disk;  // as of the last sync
    int links = 1;
    std::size_t dirty_from = 0;  // where the two differ first, at the earliest
  };
  using Names = std::map<std::string, std::shared_ptr<Content>>;

  enum class Call { kOpen, kWrite, kRead, kSync, kOther };
  // Asked before each call: an errno makes it fail. For kWrite, `take` is how many bytes get in.
  struct Answer {
    int error = 0;
    std::size_t take = SIZE_MAX;
  };
  std::function<Answer(Call call, const std::string& path)> intercept;
  // Told after each call that succeeded.
  std::function<void(Call call, const std::string& path)> observe;

  int open(const std::string& path, OpenFor what, std::unique_ptr<File>& file) override;
  int make_folder(const std::string& path) override;
  int list(const std::string& path, std::vector<std::string>& names) override;
  int rename(const std::string& from, const std::string& to) override;
  int remove(const std::string& path) override;
  int sync_folder(const std::string& path) override;

  Names names;          // as programs see them
  Names names_on_disk;  // as of the last sync of the folder
  std::uint64_t calls = 0;
  std::mutex mutex;
  std::map<std::string, bool> locks;

  // Another disk with the same files; nothing is shared.
  std::shared_ptr<MemoryFiles> copy() const;
  // What is there after the power was lost: what was synced, and of the rest, sector by sector,
  // what `is_written` says.
  std::shared_ptr<MemoryFiles> after_power_loss(const std::function<bool()>& is_written) const;

  Answer ask(Call call, const std::string& path) {
    ++calls;
    return intercept ? intercept(call, path) : Answer{};
  }
  void tell(Call call, const std::string& path) {
    if (observe) observe(call, path);
  }
};

}  // namespace licet::log
