#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "eval/log_files.h"

namespace licet::log {
namespace {

std::int64_t answer(ssize_t result) { return result < 0 ? -errno : result; }

class SystemFile final : public File {
 public:
  explicit SystemFile(int descriptor) : descriptor_(descriptor) {}
  ~SystemFile() override { ::close(descriptor_); }
  SystemFile(const SystemFile&) = delete;
  SystemFile& operator=(const SystemFile&) = delete;

  std::int64_t write(std::string_view bytes) override {
    return answer(::write(descriptor_, bytes.data(), bytes.size()));
  }
  std::int64_t write_at(std::uint64_t offset, std::string_view bytes) override {
    return answer(::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset)));
  }
  std::int64_t read_at(std::uint64_t offset, char* to, std::size_t count) override {
    return answer(::pread(descriptor_, to, count, static_cast<off_t>(offset)));
  }
  std::int64_t size() override {
    struct stat status {};
    return ::fstat(descriptor_, &status) == 0 ? status.st_size : -errno;
  }
  int sync() override { return ::fdatasync(descriptor_) == 0 ? 0 : -errno; }
  int truncate(std::uint64_t size) override {
    return ::ftruncate(descriptor_, static_cast<off_t>(size)) == 0 ? 0 : -errno;
  }
  int link_count() override {
    struct stat status {};
    return ::fstat(descriptor_, &status) == 0 ? static_cast<int>(status.st_nlink) : -errno;
  }
  int lock() override { return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 ? 0 : -errno; }

 private:
  int descriptor_;
};

int flags_of(OpenFor what) {
  switch (what) {
    case OpenFor::kReading:
      return O_RDONLY;
    case OpenFor::kAppending:
      return O_RDWR | O_CREAT;
    case OpenFor::kCreating:
      break;
  }
  return O_RDWR | O_CREAT | O_EXCL | O_APPEND;
}

class SystemFiles final : public Files {
 public:
  int open(const std::string& path, OpenFor what, std::unique_ptr<File>& file) override {
    // Without waiting: a pipe that somebody put in the place of a file would stop the reader.
    const int flags = flags_of(what) | O_CLOEXEC | O_NONBLOCK;
    const int descriptor = ::open(path.c_str(), flags, 0600);
    if (descriptor < 0) return -errno;
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
      ::close(descriptor);
      return -EINVAL;
    }
    if (what == OpenFor::kAppending && ::lseek(descriptor, 0, SEEK_END) < 0) {
      const int error = -errno;
      ::close(descriptor);
      return error;
    }
    file = std::make_unique<SystemFile>(descriptor);
    return 0;
  }
  int make_folder(const std::string& path) override {
    return ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST ? 0 : -errno;
  }
  int list(const std::string& path, std::vector<std::string>& names) override {
    DIR* const folder = ::opendir(path.c_str());
    if (folder == nullptr) return -errno;
    while (const dirent* entry = ::readdir(folder)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    ::closedir(folder);
    std::sort(names.begin(), names.end());
    return 0;
  }
  int rename(const std::string& from, const std::string& to) override {
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : -errno;
  }
  int remove(const std::string& path) override { return ::unlink(path.c_str()) == 0 ? 0 : -errno; }
  int sync_folder(const std::string& path) override {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return -errno;
    const int result = ::fsync(descriptor) == 0 ? 0 : -errno;
    ::close(descriptor);
    return result;
  }
};

}  // namespace

std::shared_ptr<Files> system_files() {
  static const auto files = std::make_shared<SystemFiles>();
  return files;
}

}  // namespace licet::log
