#include "eval/index/numbers.h"

#include <utility>

namespace licet::index {

std::uint32_t Numbers::find_or_add(const Value& key) {
  const std::uint32_t found = find(key);
  if (found != kNone) return found;
  const std::uint32_t number = size();
  keys_.push_back(key);
  if (is_short(key)) {
    if (++short_count_ * 2 > short_keys_.size()) grow_short();
    put_short(text_from(key.as_string()), number);
  } else {
    others_.find_or_add(key);
    others_numbers_.push_back(number);
  }
  return number;
}

void Numbers::put_short(const Text& text, std::uint32_t number) {
  const std::size_t mask = short_keys_.size() - 1;
  std::size_t at = key_hash(text) & mask;
  while (short_keys_[at].number != 0) at = (at + 1) & mask;
  short_keys_[at] = {.words = {text.words[0], text.words[1]},
                     .size = static_cast<std::uint32_t>(text.size),
                     .number = number + 1};
}

void Numbers::grow_short() {
  const std::vector<ShortKey> old =
      std::exchange(short_keys_, std::vector<ShortKey>(std::bit_ceil(short_count_ * 2)));
  for (const ShortKey& key : old) {
    if (key.number != 0) put_short(text_from(keys_[key.number - 1].as_string()), key.number - 1);
  }
}

std::uint32_t Numbers::next_tag() {
  static std::atomic<std::uint32_t> last{0};
  std::uint32_t tag = 0;
  while (tag == 0) tag = last.fetch_add(1, std::memory_order_relaxed) + 1;
  return tag;
}

}  // namespace licet::index
