#include "eval/value_text.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace licet {
namespace {

// A page, and behind it one that must not be read.
class LastPage {
 public:
  LastPage() {
    void* const memory =
        mmap(nullptr, 2 * kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(memory, MAP_FAILED);
    bytes_ = static_cast<char*>(memory);
    EXPECT_EQ(mprotect(bytes_ + kBytes, kBytes, PROT_NONE), 0);
    for (std::size_t i = 0; i < kBytes; ++i) bytes_[i] = static_cast<char>('a' + i % 26);
  }
  ~LastPage() { munmap(bytes_, 2 * kBytes); }
  LastPage(const LastPage&) = delete;
  LastPage& operator=(const LastPage&) = delete;

  std::string_view before_end(std::size_t distance, std::size_t size) const {
    return {bytes_ + kBytes - distance - size, size};
  }

 private:
  static constexpr std::size_t kBytes = 4096;
  char* bytes_ = nullptr;
};

TEST(Text, takes_its_bytes_and_no_others_wherever_they_lie) {
  const LastPage page;
  for (std::size_t size = 0; size <= 40; ++size) {
    for (std::size_t distance = 0; distance <= 40; ++distance) {
      const std::string_view bytes = page.before_end(distance, size);
      const Text text = text_from(bytes);
      char wanted[Text::kInline] = {};
      std::memcpy(wanted, bytes.data(), std::min(size, Text::kInline));
      EXPECT_EQ(std::memcmp(wanted, text.words, sizeof wanted), 0) << size << " " << distance;
      EXPECT_EQ(text.view(), bytes);
    }
  }
}

TEST(Text, equals_strings_of_the_same_bytes_only) {
  const std::string texts[] = {"",
                               "a",
                               "b",
                               std::string("a\0", 2),
                               "eight by",
                               "eight bytes more",
                               "eight bytes mor",
                               "eight bytes more.",
                               "eight bytes more!",
                               "a long text that goes on and on"};
  Arena arena;
  for (const std::string& a : texts) {
    for (const std::string& b : texts) {
      EXPECT_EQ(text_from(a) == Value::string(b, arena), a == b) << a << " " << b;
      EXPECT_EQ(text_from(a) == text_from(b), a == b) << a << " " << b;
    }
    EXPECT_FALSE(text_from(a) == Value::integer(1));
  }
}

}  // namespace
}  // namespace licet
