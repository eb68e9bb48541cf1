#include "eval/log/fork_guard.h"

#include <sys/mman.h>
#include <unistd.h>

namespace licet::log {
namespace {

std::size_t page_bytes() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

}  // namespace

ForkGuard::ForkGuard() : process_(::getpid()) {
#ifdef MADV_WIPEONFORK
  void* const page =
      ::mmap(nullptr, page_bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return;
  if (::madvise(page, page_bytes(), MADV_WIPEONFORK) != 0) {
    ::munmap(page, page_bytes());
    return;
  }
  *static_cast<std::uint64_t*>(page) = kMark;
  page_ = static_cast<const std::uint64_t*>(page);
#endif
}

ForkGuard::~ForkGuard() {
  if (page_ != nullptr) ::munmap(const_cast<std::uint64_t*>(page_), page_bytes());
}

bool ForkGuard::is_same_process_by_number() const { return process_ == ::getpid(); }

}  // namespace licet::log
