// licet_log_bench: what the decision log costs, against the raw disk and raw cryptography in the
// same process and the same minute. Each round measures both sides, one after the other; the table
// shows medians of rounds and the ratio of each round's pair.
//
// usage: licet_log_bench FOLDER [ROUNDS]      FOLDER is on the disk to measure; it is emptied
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "eval/log.h"
#include "eval/log_entry.h"

namespace licet::bench {
namespace {

using Clock = std::chrono::steady_clock;

// An entry of workload W2: thirteen rules over twelve attributes.
struct Entry {
  Arena arena;
  std::shared_ptr<log::ReadPlan> plan = std::make_shared<log::ReadPlan>();
  std::vector<Value> values;

  Entry() {
    plan->revision = "sha256:f4a86b50fda7999732fe60c5d8256fe8c81b281eeff244dedfb4e6ce6a338a2c";
    const auto add = [&](const char* path, const Value& value) {
      plan->paths.emplace_back().text = path;
      values.push_back(value);
    };
    const Value roles[] = {text("ml_engineer"), text("reviewer")};
    const Value tags[] = {text("pii"), text("gold")};
    add("model.region", text("eu-west-1"));
    add("model.risk", Value::integer(3));
    add("model.stage", text("staging"));
    add("model.tags", Value::array(tags, arena));
    add("request.action", text("deploy"));
    add("request.hour", Value::integer(14));
    add("request.ip", text("10.1.2.3"));
    add("request.purpose", text("fraud"));
    add("request.rate", Value::integer(12));
    add("user.clearance", Value::integer(4));
    add("user.department", text("risk"));
    add("user.roles", Value::array(roles, arena));
  }
  Value text(const char* of) { return Value::string(of, arena); }

  void pack(std::string& packed) const {
    log::DecisionPacker packer(packed);
    packer.head({.id = "a6513e508cc10541f01b9a2835761dc90000000000000102",
                 .now_ns = 1'795'642'207'570'392'382,
                 .effect = "permit",
                 .cause = "permitted",
                 .package = {},
                 .error = {},
                 .trace_id = {},
                 .span_id = {}});
    packer.add_rule("authz", "engineer_deploys");
    for (std::uint32_t i = 0; i < values.size(); ++i) packer.add_read(i, values[i]);
  }
};

// The same entry as JSON, by hand.
void append_by_hand(const Entry& entry, std::string& out) {
  out += R"({"cached":false,"cause":"permitted","effect":"permit","id":")";
  out += "a6513e508cc10541f01b9a2835761dc90000000000000102";
  out += R"(","kind":"decision","read":{)";
  for (std::size_t i = 0; i < entry.values.size(); ++i) {
    if (i > 0) out += ',';
    out += '"';
    out += entry.plan->paths[i].text;
    out += "\":";
    log::append_canonical_json(entry.values[i], out);
  }
  out += R"(},"revision":")";
  out += entry.plan->revision;
  out += R"(","rules":["authz.engineer_deploys"],"time":"2026-11-25T21:30:07.570392382Z","v":1})";
}

struct Options {
  std::filesystem::path folder;
  int rounds = 7;
};

[[noreturn]] void give_up(const std::string& message) {
  std::fprintf(stderr, "error: %s\n", message.c_str());
  std::exit(1);
}

std::unique_ptr<log::DecisionLog> open_log(const Options& options, log::Mode mode) {
  std::filesystem::remove_all(options.folder / "log");
  log::LogOptions settings;
  settings.folder = options.folder / "log";
  settings.mode = mode;
  settings.queue_bytes = std::size_t{256} << 20;
  settings.keys = log::key_provider_from_text(log::new_key_line("k"), "bench").value();
  auto log = log::DecisionLog::open(settings);
  if (!log) give_up(log::text_of(log.error()));
  return std::move(log).value();
}

double seconds_of(const std::function<void()>& work) {
  const auto begin = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void on_threads(int threads, const std::function<void(int)>& work) {
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) all.emplace_back(work, t);
  for (std::thread& thread : all) thread.join();
}

// Raw zero-window group commit: the same bytes to the same disk, and nothing else.
class RawCommit {
 public:
  explicit RawCommit(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600)) {
    if (descriptor_ < 0) give_up("cannot write in the folder");
  }
  ~RawCommit() { ::close(descriptor_); }
  RawCommit(const RawCommit&) = delete;
  RawCommit& operator=(const RawCommit&) = delete;

  void append(const std::string& bytes) {
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
      if (::write(descriptor_, batch.data(), batch.size()) < 0 || ::fdatasync(descriptor_) != 0) {
        give_up("the disk does not take the bytes");
      }
      lock.lock();
      done_ = number + 1;
      has_leader_ = false;
      wakes_.notify_all();
    }
  }

 private:
  int descriptor_;
  std::mutex mutex_;
  std::condition_variable wakes_;
  std::string waiting_;
  std::uint64_t batch_ = 0;
  std::uint64_t done_ = 0;
  bool has_leader_ = false;
};

// Raw encrypt-and-hash: each entry hashed, each 64 KiB sealed. One thread, no disk.
void encrypt_and_hash(const std::string& entry, int count) {
  EVP_MD_CTX* const digest = EVP_MD_CTX_new();
  EVP_CIPHER_CTX* const cipher = EVP_CIPHER_CTX_new();
  const EVP_MD* const sha = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  const EVP_CIPHER* const gcm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  unsigned char key[32] = {};
  unsigned char nonce[12] = {};
  unsigned char hash[32];
  EVP_EncryptInit_ex2(cipher, gcm, key, nonce, nullptr);
  std::string block;
  std::vector<unsigned char> sealed(std::size_t{1} << 17);
  for (int i = 0; i < count; ++i) {
    EVP_DigestInit_ex2(digest, sha, nullptr);
    EVP_DigestUpdate(digest, entry.data(), entry.size());
    EVP_DigestFinal_ex(digest, hash, nullptr);
    block += entry;
    if (block.size() < (std::size_t{1} << 16) && i + 1 < count) continue;
    int size = 0;
    ++nonce[0];
    EVP_EncryptInit_ex2(cipher, nullptr, nullptr, nonce, nullptr);
    EVP_EncryptUpdate(cipher, sealed.data(), &size,
                      reinterpret_cast<const unsigned char*>(block.data()),
                      static_cast<int>(block.size()));
    EVP_EncryptFinal_ex(cipher, sealed.data() + size, &size);
    block.clear();
  }
  EVP_MD_CTX_free(digest);
  EVP_CIPHER_CTX_free(cipher);
}

struct Pair {
  std::vector<double> ours, raw;

  void add(double our_value, double raw_value) {
    ours.push_back(our_value);
    raw.push_back(raw_value);
  }
};

double median(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return numbers[numbers.size() / 2];
}

void report(const std::string& name, const Pair& pair, const char* unit) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < pair.ours.size(); ++i) ratios.push_back(pair.ours[i] / pair.raw[i]);
  const auto [low, high] = std::minmax_element(ratios.begin(), ratios.end());
  std::printf("%-34s %12.0f %12.0f %-10s %6.2f  (%.2f to %.2f)\n", name.c_str(), median(pair.ours),
              median(pair.raw), unit, median(ratios), *low, *high);
  std::fflush(stdout);
}

void measure_durable(const Options& options, const Entry& entry, int threads) {
  const int each = 2000 / threads + 100;
  std::string packed;
  entry.pack(packed);
  std::string text;
  append_by_hand(entry, text);
  text.resize(text.size() + 60);  // salt, frame and tag
  Pair pair;
  for (int round = 0; round < options.rounds; ++round) {
    const double count = static_cast<double>(threads) * each;
    auto log = open_log(options, log::Mode::kDurable);
    const double ours = seconds_of([&] {
      on_threads(threads, [&](int) {
        for (int i = 0; i < each; ++i) {
          if (log->append(entry.plan, packed)) give_up("an entry was refused");
        }
      });
    });
    log.reset();
    RawCommit raw(options.folder / "raw");
    const double theirs = seconds_of([&] {
      on_threads(threads, [&](int) {
        for (int i = 0; i < each; ++i) raw.append(text);
      });
    });
    pair.add(count / ours, count / theirs);
  }
  report("durable, " + std::to_string(threads) + " threads / raw commit", pair, "entries/s");
}

void measure_async(const Options& options, const Entry& entry) {
  constexpr int kCount = 200'000;
  std::string text;
  append_by_hand(entry, text);
  Pair pair;
  for (int round = 0; round < options.rounds; ++round) {
    auto log = open_log(options, log::Mode::kAsync);
    std::string packed;
    const double ours = seconds_of([&] {
      for (int i = 0; i < kCount; ++i) {
        entry.pack(packed);
        if (log->append(entry.plan, packed)) give_up("an entry was refused");
      }
      if (!log->checkpoint()) give_up("the log could not be written");
    });
    const double theirs = seconds_of([&] { encrypt_and_hash(text, kCount); });
    pair.add(kCount / ours, kCount / theirs);
  }
  report("async, to disk / encrypt and hash", pair, "entries/s");
}

// On the deciding thread: pack and enqueue, against encoding the same entry as JSON by hand.
void measure_deciding_thread(const Options& options, const Entry& entry) {
  constexpr int kCount = 100'000;
  Pair pair;
  for (int round = 0; round < options.rounds; ++round) {
    auto log = open_log(options, log::Mode::kAsync);
    std::string packed;
    const double ours = seconds_of([&] {
      for (int i = 0; i < kCount; ++i) {
        entry.pack(packed);
        if (log->append(entry.plan, packed)) give_up("an entry was refused");
      }
    });
    log.reset();
    std::string text;
    const double theirs = seconds_of([&] {
      for (int i = 0; i < kCount; ++i) {
        text.clear();
        append_by_hand(entry, text);
      }
    });
    pair.add(ours / kCount * 1e9, theirs / kCount * 1e9);
  }
  report("async, deciding thread / by hand", pair, "ns/entry");
}

}  // namespace
}  // namespace licet::bench

int main(int count, char** arguments) {
  using namespace licet::bench;
  if (count < 2) give_up("usage: licet_log_bench FOLDER [ROUNDS]");
  Options options;
  options.folder = arguments[1];
  if (count > 2) options.rounds = std::max(1, std::atoi(arguments[2]));
  std::filesystem::create_directories(options.folder);
  const Entry entry;
  std::printf("%-34s %12s %12s %-10s %6s  (range)\n", "", "Licet", "raw", "", "ratio");
  for (const int threads : {1, 8, 32}) measure_durable(options, entry, threads);
  measure_async(options, entry);
  measure_deciding_thread(options, entry);
}
