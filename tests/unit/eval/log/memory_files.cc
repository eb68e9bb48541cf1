#include "tests/unit/eval/log/memory_files.h"

#include <algorithm>

namespace licet::log {
namespace {

using Call = MemoryFiles::Call;
constexpr std::size_t kSector = 512;

class MemoryFile final : public File {
 public:
  MemoryFile(MemoryFiles& disk, std::string path, std::shared_ptr<MemoryFiles::Content> content)
      : disk_(disk), path_(std::move(path)), content_(std::move(content)) {}
  ~MemoryFile() override {
    const std::lock_guard lock(disk_.mutex);
    if (has_lock_) disk_.locks[path_] = false;
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::int64_t write(std::string_view bytes) override {
    return write_bytes(content_->bytes.size(), bytes);
  }
  std::int64_t write_at(std::uint64_t offset, std::string_view bytes) override {
    return write_bytes(offset, bytes);
  }
  std::int64_t read_at(std::uint64_t offset, char* to, std::size_t count) override {
    const std::lock_guard lock(disk_.mutex);
    if (const auto answer = disk_.ask(Call::kRead, path_); answer.error) return -answer.error;
    if (offset >= content_->bytes.size()) return 0;
    return static_cast<std::int64_t>(content_->bytes.copy(to, count, offset));
  }
  std::int64_t size() override { return static_cast<std::int64_t>(content_->bytes.size()); }
  int sync() override {
    const std::lock_guard lock(disk_.mutex);
    if (const auto answer = disk_.ask(Call::kSync, path_); answer.error) return -answer.error;
    // Tests also change the bytes themselves.
    content_->on_disk.resize(
        std::min({content_->dirty_from, content_->on_disk.size(), content_->bytes.size()}));
    content_->on_disk.append(content_->bytes, content_->on_disk.size());
    content_->dirty_from = content_->bytes.size();
    disk_.tell(Call::kSync, path_);
    return 0;
  }
  int truncate(std::uint64_t size) override {
    const std::lock_guard lock(disk_.mutex);
    if (const auto answer = disk_.ask(Call::kOther, path_); answer.error) return -answer.error;
    content_->bytes.resize(size);
    content_->dirty_from = std::min<std::size_t>(content_->dirty_from, size);
    return 0;
  }
  int link_count() override { return content_->links; }
  int lock() override {
    const std::lock_guard lock(disk_.mutex);
    if (disk_.locks[path_]) return -EWOULDBLOCK;
    has_lock_ = disk_.locks[path_] = true;
    return 0;
  }

 private:
  std::int64_t write_bytes(std::uint64_t offset, std::string_view bytes) {
    const std::lock_guard lock(disk_.mutex);
    const auto answer = disk_.ask(Call::kWrite, path_);
    const std::string_view taken = bytes.substr(0, std::min(bytes.size(), answer.take));
    if (!taken.empty() && (answer.error == 0 || answer.take != SIZE_MAX)) {
      if (content_->bytes.size() < offset + taken.size()) {
        content_->bytes.resize(offset + taken.size());
      }
      content_->bytes.replace(offset, taken.size(), taken);
      content_->dirty_from = std::min<std::size_t>(content_->dirty_from, offset);
    }
    if (answer.error != 0) return -answer.error;
    disk_.tell(Call::kWrite, path_);
    return static_cast<std::int64_t>(taken.size());
  }

  MemoryFiles& disk_;
  std::string path_;
  std::shared_ptr<MemoryFiles::Content> content_;
  bool has_lock_ = false;
};

}  // namespace

int MemoryFiles::open(const std::string& path, OpenFor what, std::unique_ptr<File>& file) {
  const std::lock_guard lock(mutex);
  if (const auto answer = ask(Call::kOpen, path); answer.error) return -answer.error;
  const auto at = names.find(path);
  if (what == OpenFor::kReading && at == names.end()) return -ENOENT;
  if (what == OpenFor::kCreating && at != names.end()) return -EEXIST;
  auto& content = names[path];
  if (!content) content = std::make_shared<Content>();
  file = std::make_unique<MemoryFile>(*this, path, content);
  return 0;
}

int MemoryFiles::make_folder(const std::string& path) {
  const std::lock_guard lock(mutex);
  return -ask(Call::kOther, path).error;
}

int MemoryFiles::list(const std::string& path, std::vector<std::string>& found) {
  const std::lock_guard lock(mutex);
  if (const auto answer = ask(Call::kOther, path); answer.error) return -answer.error;
  for (const auto& [name, content] : names) {
    if (name.starts_with(path + "/")) found.push_back(name.substr(path.size() + 1));
  }
  return 0;
}

int MemoryFiles::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex);
  if (const auto answer = ask(Call::kOther, from); answer.error) return -answer.error;
  if (!names.contains(from)) return -ENOENT;
  names[to] = names[from];
  names.erase(from);
  return 0;
}

int MemoryFiles::remove(const std::string& path) {
  const std::lock_guard lock(mutex);
  if (const auto answer = ask(Call::kOther, path); answer.error) return -answer.error;
  const auto at = names.find(path);
  if (at == names.end()) return -ENOENT;
  at->second->links = 0;
  names.erase(at);
  return 0;
}

int MemoryFiles::sync_folder(const std::string& path) {
  const std::lock_guard lock(mutex);
  if (const auto answer = ask(Call::kSync, path); answer.error) return -answer.error;
  names_on_disk = names;
  return 0;
}

std::shared_ptr<MemoryFiles> MemoryFiles::copy() const {
  auto other = std::make_shared<MemoryFiles>();
  for (const auto& [name, content] : names) {
    other->names[name] = std::make_shared<Content>(
        Content{content->bytes, content->bytes, 1, content->bytes.size()});
  }
  other->names_on_disk = other->names;
  return other;
}

std::shared_ptr<MemoryFiles> MemoryFiles::after_power_loss(
    const std::function<bool()>& is_written) const {
  auto other = std::make_shared<MemoryFiles>();
  // A name that was not synced is there or not, as a whole.
  Names survivors = names_on_disk;
  for (const auto& [name, content] : names) {
    if (!names_on_disk.contains(name) && is_written()) survivors[name] = content;
  }
  for (const auto& [name, content] : survivors) {
    std::string bytes = content->on_disk;
    const std::string& wanted = content->bytes;
    if (is_written()) bytes.resize(std::max(bytes.size(), wanted.size()));  // zeros
    for (std::size_t at = 0; at < bytes.size() && at < wanted.size(); at += kSector) {
      const std::size_t count = std::min({kSector, bytes.size() - at, wanted.size() - at});
      if (is_written()) bytes.replace(at, count, wanted, at, count);
    }
    other->names[name] = std::make_shared<Content>(Content{bytes, bytes, 1, bytes.size()});
  }
  other->names_on_disk = other->names;
  return other;
}

}  // namespace licet::log
