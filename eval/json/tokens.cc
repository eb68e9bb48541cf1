#include "eval/json/tokens.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace licet::json {
namespace {

constexpr std::size_t kFirstCapacity = std::size_t{4} << 10;
// More than this is given back after a text that needed it: it may have been the only one.
constexpr std::size_t kKeptCapacity = std::size_t{1} << 20;

}  // namespace

struct Tokens::Finder {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> implementation;
};

Tokens::Tokens() : finder_(std::make_unique<Finder>()) {}
Tokens::~Tokens() = default;

void Tokens::make_room(std::size_t bytes) {
  const bool is_kept_for_nothing = capacity_ > kKeptCapacity && bytes <= kKeptCapacity;
  if (bytes <= capacity_ && !is_kept_for_nothing) return;
  const std::size_t capacity = std::max(std::bit_ceil(bytes), kFirstCapacity);
  capacity_ = 0;
  // Its memory is as long as the longest text it has seen, so a smaller one is a new one.
  finder_->implementation.reset();
  bytes_.reset();
  const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
      capacity, 1, finder_->implementation);
  if (error != simdjson::SUCCESS) throw std::bad_alloc();
  bytes_ = std::make_unique_for_overwrite<char[]>(capacity + kPadding);
  capacity_ = capacity;
}

bool Tokens::copy(std::string_view text) {
  begin_ = end_ = nullptr;
  size_ = text.size();
  if (text.empty() || text.size() > simdjson::SIMDJSON_MAXSIZE_BYTES / 2) return false;
  make_room(text.size());
  std::memcpy(bytes_.get(), text.data(), text.size());
  std::memset(bytes_.get() + text.size(), ' ', kPadding);
  return true;
}

bool Tokens::find() {
  auto& finder = *finder_->implementation;
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(bytes_.get());
  const simdjson::error_code error = finder.stage1(bytes, size_, simdjson::stage1_mode::regular);
  if (error != simdjson::SUCCESS) return false;
  std::uint32_t* const starts = finder.structural_indexes.get();
  begin_ = starts;
  end_ = starts + finder.n_structural_indexes;
  starts[finder.n_structural_indexes] = static_cast<std::uint32_t>(size_);
  has_backslash_ = std::memchr(bytes_.get(), '\\', size_) != nullptr;
  return true;
}

}  // namespace licet::json
