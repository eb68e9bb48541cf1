#include "bench/log/raw.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

namespace licet::bench {

void give_up(const std::string& message) {
  std::fprintf(stderr, "error: %s\n", message.c_str());
  std::exit(1);
}

namespace {

int open_file(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
  if (descriptor < 0) give_up("cannot write `" + path.string() + "`");
  return descriptor;
}

void write_and_sync(int descriptor, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = ::write(descriptor, bytes, count);
    if (written <= 0) give_up("the disk does not take the bytes");
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
  if (::fdatasync(descriptor) != 0) give_up("the disk cannot be synced");
}

}  // namespace

RawCommit::RawCommit(const std::filesystem::path& path) : descriptor_(open_file(path)) {}

RawCommit::~RawCommit() { ::close(descriptor_); }

void RawCommit::append(const std::string& bytes) {
  std::unique_lock lock(mutex_);
  waiting_ += bytes;
  const std::uint64_t mine = batch_;
  while (done_ <= mine) {
    if (has_leader_) {
      wakes_.wait(lock);
      continue;
    }
    has_leader_ = true;
    std::string batch;
    batch.swap(waiting_);
    const std::uint64_t number = batch_++;
    lock.unlock();
    write_and_sync(descriptor_, batch.data(), batch.size());
    lock.lock();
    done_ = number + 1;
    has_leader_ = false;
    wakes_.notify_all();
  }
}

void encrypt_and_hash(const std::string& entry, int count, const std::filesystem::path& path) {
  constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
  constexpr std::size_t kTagBytes = 16;
  const int descriptor = path.empty() ? -1 : open_file(path);
  EVP_MD_CTX* const digest = EVP_MD_CTX_new();
  EVP_CIPHER_CTX* const cipher = EVP_CIPHER_CTX_new();
  EVP_MD* const sha = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_CIPHER* const gcm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  unsigned char key[32] = {};
  unsigned char nonce[12] = {};
  unsigned char hash[32];
  EVP_EncryptInit_ex2(cipher, gcm, key, nonce, nullptr);
  std::string block;
  std::vector<unsigned char> sealed(kBlockBytes + entry.size() + kTagBytes);
  for (int i = 0; i < count; ++i) {
    EVP_DigestInit_ex2(digest, sha, nullptr);
    EVP_DigestUpdate(digest, entry.data(), entry.size());
    EVP_DigestFinal_ex(digest, hash, nullptr);
    block += entry;
    if (block.size() < kBlockBytes && i + 1 < count) continue;
    int size = 0;
    ++nonce[0];
    EVP_EncryptInit_ex2(cipher, nullptr, nullptr, nonce, nullptr);
    EVP_EncryptUpdate(cipher, sealed.data(), &size,
                      reinterpret_cast<const unsigned char*>(block.data()),
                      static_cast<int>(block.size()));
    EVP_EncryptFinal_ex(cipher, sealed.data() + size, &size);
    if (descriptor >= 0) {
      write_and_sync(descriptor, reinterpret_cast<const char*>(sealed.data()), block.size());
    }
    block.clear();
  }
  EVP_MD_CTX_free(digest);
  EVP_CIPHER_CTX_free(cipher);
  EVP_MD_free(sha);
  EVP_CIPHER_free(gcm);
  if (descriptor >= 0) ::close(descriptor);
}

}  // namespace licet::bench
