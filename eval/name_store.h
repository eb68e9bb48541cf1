// Texts that live as long as a program: names of rules, documents and packages, of which a large
// policy has as many as rules. A Name is a place of 8 bytes; its text takes its bytes and 4 more.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace licet {

class Name {
 public:
  Name() = default;

  operator std::string_view() const { return view(); }
  std::string_view view() const {
    if (bytes_ == nullptr) return {};
    std::uint32_t size = 0;
    std::memcpy(&size, bytes_, sizeof size);
    return {bytes_ + sizeof size, size};
  }

  friend bool operator==(Name a, Name b) { return a.bytes_ == b.bytes_ || a.view() == b.view(); }
  friend bool operator==(Name a, std::string_view b) { return a.view() == b; }
  friend std::string operator+(std::string a, Name b) { return a.append(b.view()); }
  friend std::string operator+(Name a, const char* b) { return std::string(a.view()) + b; }

 private:
  friend class NameStore;
  explicit Name(const char* bytes) : bytes_(bytes) {}

  const char* bytes_ = nullptr;  // the size, then the text
};

// Not thread-safe; what it made may be read by any thread while the store lives.
class NameStore {
 public:
  Name add(std::string_view text);

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t next_block_bytes_ = 256;
};

}  // namespace licet
