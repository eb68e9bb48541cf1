#include "eval/name_store.h"

#include <algorithm>
#include <new>

namespace licet {

Name NameStore::add(std::string_view text) {
  constexpr std::size_t kMostBlockBytes = std::size_t{256} * 1024;
  if (text.empty()) return {};
  if (text.size() > UINT32_MAX) throw std::bad_alloc();
  const auto size = static_cast<std::uint32_t>(text.size());
  const std::size_t need = sizeof size + text.size();
  if (need > left_) {
    left_ = std::max(need, next_block_bytes_);
    next_ = blocks_.emplace_back(new char[left_]).get();
    next_block_bytes_ = std::min(2 * next_block_bytes_, kMostBlockBytes);
  }
  char* const bytes = next_;
  std::memcpy(bytes, &size, sizeof size);
  std::copy(text.begin(), text.end(), bytes + sizeof size);
  next_ += need;
  left_ -= need;
  return Name(bytes);
}

}  // namespace licet
