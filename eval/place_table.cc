#include "eval/place_table.h"

namespace licet {
namespace {

// A place is a number: twice the step of the line, which may be negative (zigzag), times four, plus
// flags that say what else is another than in the place before; then what the flags announce.
constexpr std::uint32_t kOtherColumn = 1;
constexpr std::uint32_t kOtherFile = 2;
constexpr int kFlagBits = 2;

std::uint64_t zigzag(std::int64_t step) {
  return static_cast<std::uint64_t>(step) << 1 ^ static_cast<std::uint64_t>(step >> 63);
}

std::int64_t step_from_zigzag(std::uint64_t number) {
  return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
}

class Numbers {
 public:
  Numbers(const std::vector<std::uint8_t>& bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  std::uint64_t next() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ >= bytes_.size()) break;
      const std::uint8_t byte = bytes_[at_++];
      number |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return number;
    }
    is_damaged_ = true;
    return 0;
  }
  bool is_damaged() const { return is_damaged_; }

 private:
  const std::vector<std::uint8_t>& bytes_;
  std::size_t at_;
  bool is_damaged_ = false;
};

}  // namespace

void PlaceTable::write(std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) bytes_.push_back(static_cast<std::uint8_t>(number | 0x80));
  bytes_.push_back(static_cast<std::uint8_t>(number));
}

void PlaceTable::push_back(const SourcePlace& place) {
  if (size_ % kGroup == 0) {
    begins_.push_back(static_cast<std::uint32_t>(bytes_.size()));
    last_ = {};
  }
  std::uint64_t number = zigzag(std::int64_t{place.line} - last_.line) << kFlagBits;
  if (place.column != last_.column) number |= kOtherColumn;
  if (place.file != last_.file) number |= kOtherFile;
  write(number);
  if (place.column != last_.column) write(place.column);
  if (place.file != last_.file) write(place.file);
  last_ = place;
  ++size_;
}

SourcePlace PlaceTable::operator[](std::size_t number) const {
  const std::size_t group = number / kGroup;
  if (number >= size_ || group >= begins_.size()) return {};
  Numbers numbers(bytes_, begins_[group]);
  SourcePlace place;
  for (std::size_t i = group * kGroup; i <= number; ++i) {
    const std::uint64_t next = numbers.next();
    place.line = static_cast<std::uint32_t>(place.line + step_from_zigzag(next >> kFlagBits));
    if ((next & kOtherColumn) != 0) place.column = static_cast<std::uint32_t>(numbers.next());
    if ((next & kOtherFile) != 0) place.file = static_cast<std::uint32_t>(numbers.next());
  }
  return numbers.is_damaged() ? SourcePlace() : place;
}

}  // namespace licet
