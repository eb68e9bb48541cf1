// The files of a log behind an interface, so that tests make each system call fail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace licet::log {

// Results: what a function answers, or an errno as a negative number. Not thread-safe.
class File {
 public:
  virtual ~File() = default;
  // How many bytes were written at the end: fewer than asked is possible.
  virtual std::int64_t write(std::string_view bytes) = 0;
  virtual std::int64_t write_at(std::uint64_t offset, std::string_view bytes) = 0;
  virtual std::int64_t read_at(std::uint64_t offset, char* to, std::size_t count) = 0;
  virtual std::int64_t size() = 0;
  virtual int sync() = 0;  // the bytes are on disk when it answers 0
  virtual int truncate(std::uint64_t size) = 0;
  virtual int link_count() = 0;  // 0: somebody removed the file
  virtual int lock() = 0;        // against other writers, until the file is closed
};

enum class OpenFor : std::uint8_t {
  kReading,
  kAppending,  // made if it is not there
  kCreating,   // must not be there
};

// Thread-safe.
class Files {
 public:
  virtual ~Files() = default;
  virtual int open(const std::string& path, OpenFor what, std::unique_ptr<File>& file) = 0;
  virtual int make_folder(const std::string& path) = 0;  // 0 also if it is there
  virtual int list(const std::string& path, std::vector<std::string>& names) = 0;  // sorted
  virtual int rename(const std::string& from, const std::string& to) = 0;
  virtual int remove(const std::string& path) = 0;
  virtual int sync_folder(const std::string& path) = 0;
};

std::shared_ptr<Files> system_files();

}  // namespace licet::log
