// P3 with real processes and a real disk: a process that is killed in the middle of a write.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "tests/unit/eval/log/log_fixture.h"

namespace licet::log {
namespace {

// Kills this process when so many bytes have been written to segments, between two bytes of a write
// if it comes to that.
class KillingFile final : public File {
 public:
  KillingFile(std::unique_ptr<File> file, std::uint64_t& left)
      : file_(std::move(file)), left_(left) {}

  std::int64_t write(std::string_view bytes) override {
    if (bytes.size() <= left_) {
      left_ -= bytes.size();
      return file_->write(bytes);
    }
    if (left_ > 0) file_->write(bytes.substr(0, left_));
    ::kill(::getpid(), SIGKILL);
    std::abort();
  }
  std::int64_t write_at(std::uint64_t offset, std::string_view bytes) override {
    return file_->write_at(offset, bytes);
  }
  std::int64_t read_at(std::uint64_t offset, char* to, std::size_t count) override {
    return file_->read_at(offset, to, count);
  }
  std::int64_t size() override { return file_->size(); }
  int sync() override { return file_->sync(); }
  int truncate(std::uint64_t size) override { return file_->truncate(size); }
  int link_count() override { return file_->link_count(); }
  int lock() override { return file_->lock(); }

 private:
  std::unique_ptr<File> file_;
  std::uint64_t& left_;
};

class KillingFiles final : public Files {
 public:
  explicit KillingFiles(std::uint64_t after_bytes) : left_(after_bytes) {}

  int open(const std::string& path, OpenFor what, std::unique_ptr<File>& file) override {
    const int error = files_->open(path, what, file);
    if (error == 0 && what != OpenFor::kReading && path.ends_with(".segment")) {
      file = std::make_unique<KillingFile>(std::move(file), left_);
    }
    return error;
  }
  int make_folder(const std::string& path) override { return files_->make_folder(path); }
  int list(const std::string& path, std::vector<std::string>& names) override {
    return files_->list(path, names);
  }
  int rename(const std::string& from, const std::string& to) override {
    return files_->rename(from, to);
  }
  int remove(const std::string& path) override { return files_->remove(path); }
  int sync_folder(const std::string& path) override { return files_->sync_folder(path); }

 private:
  std::shared_ptr<Files> files_ = system_files();
  std::uint64_t left_;
};

// Appends until it is killed; tells each id that was acknowledged.
[[noreturn]] void write_until_killed(LogOptions options, std::uint64_t bytes, int run, int pipe) {
  options.files = std::make_shared<KillingFiles>(bytes);
  const auto log = DecisionLog::open(options);
  if (!log) ::_exit(3);
  for (int i = 0;; ++i) {
    const std::string id = std::to_string(run) + "-" + std::to_string(i);
    if (i % 9 == 8) log.value()->rotate_segment();
    if (log.value()->append(test_plan(), packed_decision(id))) ::_exit(4);
    const std::string line = id + "\n";
    if (::write(pipe, line.data(), line.size()) < 0) ::_exit(5);
  }
}

std::vector<std::string> lines_of(int pipe) {
  std::string text;
  char buffer[4096];
  for (ssize_t count; (count = ::read(pipe, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos) break;
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

TEST(Kill, at_a_random_byte_of_a_random_write_loses_nothing_that_was_acknowledged) {
  const bool is_long = std::getenv("LICET_LONG_TESTS") != nullptr;
  const int kills = is_long ? 3000 : 40;
  const auto folder =
      std::filesystem::path(testing::TempDir()) / ("licet_kill_test_" + std::to_string(::getpid()));
  std::uint64_t random = 17;
  std::vector<std::string> acknowledged;
  LogOptions options = test_options(system_files());
  options.folder = folder.string();
  for (int run = 0; run < kills; ++run) {
    // A log takes several kills, one after the other.
    if (run % 10 == 0) {
      std::filesystem::remove_all(folder);
      acknowledged.clear();
    }
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const std::uint64_t bytes = random_number(random) % 20'000;
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) write_until_killed(options, bytes, run, ends[1]);
    ::close(ends[1]);
    const std::vector<std::string> lines = lines_of(ends[0]);
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status << " run " << run;
    acknowledged.insert(acknowledged.end(), lines.begin(), lines.end());
    if (!std::filesystem::exists(folder / "keys")) continue;
    open_log(options)->close();  // repairs
    const std::vector<std::string> ids = ids_of(options);
    for (const std::string& id : acknowledged) {
      ASSERT_EQ(std::count(ids.begin(), ids.end(), id), 1) << id << ", run " << run;
    }
    const VerifyReport report = verify(options);
    ASSERT_EQ(report.verdict, Verdict::kUnanchored) << "run " << run << findings_text(report);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace licet::log
