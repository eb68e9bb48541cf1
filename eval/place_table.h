// Where in the policies each instruction comes from. Programs have many instructions and are asked
// for places only by messages and explanations, so a place is kept as its difference to the one
// before, in a byte or two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace licet {

// Where something stands in the policies; for messages and explanations.
struct SourcePlace {
  std::uint32_t file = 0;  // index into Program::files
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend bool operator==(const SourcePlace&, const SourcePlace&) = default;
};

class PlaceTable {
 public:
  // The place of the next instruction.
  void push_back(const SourcePlace& place);
  std::uint32_t size() const { return size_; }
  // Takes up to kGroup steps. Of a number that is none, or a table that is damaged: no place.
  SourcePlace operator[](std::size_t number) const;

  // For images; any content is safe to ask.
  template <class Archive>
  void transfer(Archive& archive) {
    archive(size_);
    archive.ascending(begins_);
    archive(bytes_);
  }

 private:
  static constexpr std::uint32_t kGroup = 64;

  void write(std::uint64_t number);

  std::uint32_t size_ = 0;
  std::vector<std::uint32_t> begins_;  // in bytes_, of each group of places
  std::vector<std::uint8_t> bytes_;
  SourcePlace last_;  // while it is filled
};

}  // namespace licet
