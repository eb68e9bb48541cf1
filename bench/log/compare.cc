// licet_log_bench: what the decision log costs, against the raw disk and raw cryptography in the
// same process and the same minute, for the decisions of workload W2. Each round measures both
// sides, one after the other; the table shows medians of rounds and the ratio of each round's pair.
//
// usage: licet_log_bench FOLDER [ROUNDS] [deciding|async|durable]
//        FOLDER is on the disk to measure
//
// LICET_WORKLOADS: the folder of the workload files (bench/run log sets it).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "bench/handwritten/facts.h"
#include "bench/log/raw.h"
#include "bench/ratios/slot_requests.h"
#include "bench/workload.h"
#include "eval/value_json.h"
#include "licet/licet.h"

namespace licet::bench {
namespace {

struct Options {
  std::filesystem::path folder;
  int rounds = 7;
};

LogSettings settings_for(const Options& options, log::Mode mode) {
  std::filesystem::remove_all(options.folder / "log");
  LogSettings settings;
  settings.log.folder = options.folder / "log";
  settings.log.mode = mode;
  settings.log.queue_bytes = std::size_t{256} << 20;
  settings.log.keys = log::key_provider_from_text(log::new_key_line("k"), "bench").value();
  return settings;
}

std::unique_ptr<Log> open_log(const Options& options, log::Mode mode) {
  auto log = Log::open(settings_for(options, mode));
  if (!log) give_up(log::text_of(log.error()));
  return std::move(log).value();
}

// W2, ready to be decided.
struct Work {
  std::shared_ptr<const Workload> workload;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Arena> arena = std::make_unique<Arena>();
  std::vector<Value> documents;
  std::vector<Facts> facts;  // of the documents, as a serving process knows them

  std::size_t size() const { return workload->requests.size(); }
  const std::string& json(std::size_t i) const { return workload->requests[i % size()]; }
};

Work read_work() {
  const char* const folder = std::getenv("LICET_WORKLOADS");
  if (folder == nullptr) give_up("LICET_WORKLOADS is not set");
  auto workload = read_workload(folder, "w2.rules");
  if (!workload) give_up(workload.error());
  std::string error;
  const auto program = compile_workload(*workload.value(), Form::kLicet, error);
  if (!program) give_up(error);
  Work work;
  work.workload = workload.value();
  work.engine = std::make_unique<Engine>(program);
  for (const std::string& json : work.workload->requests) {
    work.documents.push_back(value_from_json(json, *work.arena).value());
    work.facts.push_back(facts_from_value(work.documents.back()));
  }
  const std::string wrong = wrong_decision(*work.engine, *work.workload, Form::kLicet);
  if (!wrong.empty()) give_up(wrong);
  return work;
}

// --- an entry by hand ----------------------------------------------------------------------------

// What a careful engineer writes who knows this one policy and logs its decisions as JSON lines.
struct ByHand {
  struct Attribute {
    std::string key;  // "user.roles":
    std::vector<std::string> texts;
    std::int64_t number = 0;
    enum class Kind { kText, kTexts, kNumber, kBool } kind = Kind::kText;
  };
  std::vector<Attribute> attributes;
  std::string revision;
  std::string rule = "authz.p1";
  std::string id = "a6513e508cc10541f01b9a2835761dc90000000000000102";
  std::int64_t now_ns = 1'795'642'207'570'392'382;

  static void append_text(const std::string& text, std::string& out) {
    out += '"';
    for (const char letter : text) {
      if (letter == '"' || letter == '\\') out += '\\';
      if (static_cast<unsigned char>(letter) < 0x20) give_up("a control character");
      out += letter;
    }
    out += '"';
  }

  void append(std::string& out) const {
    out += R"({"cached":false,"cause":"permitted","effect":"permit","id":")";
    out += id;
    out += R"(","kind":"decision","read":{)";
    bool is_first = true;
    for (const Attribute& attribute : attributes) {
      if (!is_first) out += ',';
      is_first = false;
      out += attribute.key;
      append_value(attribute, out);
    }
    out += R"(},"revision":")";
    out += revision;
    out += R"(","rules":[)";
    append_text(rule, out);
    out += R"(],"time":)";
    out += std::to_string(now_ns);
    out += R"(,"v":1})";
  }

  static void append_value(const Attribute& attribute, std::string& out) {
    switch (attribute.kind) {
      case Attribute::Kind::kText:
        return append_text(attribute.texts[0], out);
      case Attribute::Kind::kNumber:
        out += std::to_string(attribute.number);
        return;
      case Attribute::Kind::kBool:
        out += attribute.number != 0 ? "true" : "false";
        return;
      case Attribute::Kind::kTexts:
        break;
    }
    out += '[';
    for (std::size_t i = 0; i < attribute.texts.size(); ++i) {
      if (i > 0) out += ',';
      append_text(attribute.texts[i], out);
    }
    out += ']';
  }
};

ByHand by_hand_of(const Work& work, std::size_t index) {
  ByHand entry;
  entry.revision = work.engine->program()->revision;
  for (const Entry& root : work.documents[index].entries()) {
    for (const Entry& field : root.value.entries()) {
      if (field.key.as_string() == "id") continue;  // no rule reads it
      ByHand::Attribute& at = entry.attributes.emplace_back();
      at.key = "\"" + std::string(root.key.as_string()) + "." + std::string(field.key.as_string()) +
               "\":";
      const Value& value = field.value;
      if (value.is_string()) {
        at.texts.emplace_back(value.as_string());
      } else if (value.is_array()) {
        at.kind = ByHand::Attribute::Kind::kTexts;
        for (const Value& element : value.elements()) at.texts.emplace_back(element.as_string());
      } else {
        at.kind =
            value.is_bool() ? ByHand::Attribute::Kind::kBool : ByHand::Attribute::Kind::kNumber;
        at.number = value.is_bool() ? value.as_bool() : value.as_int64();
      }
    }
  }
  return entry;
}

std::string text_by_hand(const Work& work) {
  std::string text;
  by_hand_of(work, 0).append(text);
  return text;
}

// --- measuring -----------------------------------------------------------------------------------

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Of processor time: what others do meanwhile does not count.
double cpu_ns_of(const std::function<void()>& work, clockid_t clock = CLOCK_THREAD_CPUTIME_ID) {
  const auto now = [clock] {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
  };
  const double begin = now();
  work();
  return now() - begin;
}

double median(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return numbers[numbers.size() / 2];
}

struct Pair {
  std::vector<double> ours, raw;

  void add(double our_value, double raw_value) {
    ours.push_back(our_value);
    raw.push_back(raw_value);
  }
  void print(const std::string& name, const char* unit) const {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < ours.size(); ++i) ratios.push_back(ours[i] / raw[i]);
    const auto [low, high] = std::minmax_element(ratios.begin(), ratios.end());
    std::printf("| %s | %.0f | %.0f | %s | %.2f | %.2f to %.2f |\n", name.c_str(), median(ours),
                median(raw), unit, median(ratios), *low, *high);
    std::fflush(stdout);
  }
};

void on_threads(int threads, const std::function<void(int)>& work) {
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) all.emplace_back(work, t);
  for (std::thread& thread : all) thread.join();
}

// Every thread decides and logs; the raw side commits as many bytes and decides nothing.
void measure_durable(const Options& options, const Work& work, int threads) {
  const int each = 1500 / threads + 100;
  std::string text = text_by_hand(work);
  text.resize(text.size() + 60);  // salt, frame and tag
  Pair pair;
  for (int round = 0; round < options.rounds; ++round) {
    const double count = static_cast<double>(threads) * each;
    const auto log = open_log(options, log::Mode::kDurable);
    const double ours = seconds_of([&] {
      on_threads(threads, [&](int t) {
        Request request(*work.engine);
        for (int i = 0; i < each; ++i) {
          request.parse(work.json(static_cast<std::size_t>(t * each + i)));
          if (log->decide(*work.engine, request).cause() == Cause::kError) give_up("not logged");
        }
      });
    });
    log->entries().close();
    RawCommit raw(options.folder / "raw");
    const double theirs = seconds_of([&] {
      on_threads(threads, [&](int) {
        for (int i = 0; i < each; ++i) raw.append(text);
      });
    });
    pair.add(count / ours, count / theirs);
  }
  pair.print("durable, " + std::to_string(threads) + " callers / raw group commit", "decisions/s");
}

// From the decisions of one thread to the last byte on disk.
void measure_async(const Options& options, const Work& work, bool with_disk) {
  constexpr int kCount = 200'000;
  const std::string text = text_by_hand(work);
  Pair pair, cpu;
  for (int round = 0; round < options.rounds; ++round) {
    const auto log = open_log(options, log::Mode::kAsync);
    SlotRequests slots(*work.engine, Attributes::kOfW2);
    double ours = 0, theirs = 0;
    const double our_cpu = cpu_ns_of(
        [&] {
          ours = seconds_of([&] {
            for (std::size_t i = 0; i < kCount; ++i) {
              log->decide(*work.engine, slots.request_of(work.facts[i % work.size()]));
            }
            if (!log->entries().checkpoint()) give_up("the log could not be written");
          });
        },
        CLOCK_PROCESS_CPUTIME_ID);
    if (log->entries().stats().appended != kCount) give_up("entries are missing");
    log->entries().close();  // compresses, which is not to disturb the raw side
    const double their_cpu = cpu_ns_of([&] {
      theirs = seconds_of([&] {
        encrypt_and_hash(text, kCount,
                         with_disk ? options.folder / "raw" : std::filesystem::path());
      });
    });
    pair.add(kCount / ours, kCount / theirs);
    cpu.add(our_cpu / kCount, their_cpu / kCount);
  }
  pair.print(with_disk ? "async, to disk / encrypt, hash, write and sync"
                       : "async, to disk / encrypt and hash in memory",
             "decisions/s");
  cpu.print("the same, processor time of all threads, deciding included", "ns");
}

// What a logged decision takes of the deciding thread more than one that is not logged, and what
// making the same entry by hand takes.
void measure_deciding(const Options& options, const Work& work, bool from_json) {
  constexpr std::size_t kCount = 20'480;
  const ByHand by_hand = by_hand_of(work, 0);
  const auto log = open_log(options, log::Mode::kAsync);
  std::vector<double> plain, logged, added;
  Pair pair;
  Request from_text(*work.engine);
  SlotRequests slots(*work.engine, Attributes::kOfW2);
  // So few that what they are made of stays in the processor's cache, as it does where a request
  // has just been made.
  constexpr std::size_t kInTurn = 64;
  const auto request = [&](std::size_t number) -> Request& {
    const std::size_t i = number % kInTurn;
    if (!from_json) return slots.request_of(work.facts[i % work.size()]);
    from_text.parse(work.json(i));
    return from_text;
  };
  for (int round = 0; round <= 4 * options.rounds; ++round) {
    const double without = cpu_ns_of([&] {
      for (std::size_t i = 0; i < kCount; ++i) work.engine->decide(request(i));
    });
    const double with = cpu_ns_of([&] {
      for (std::size_t i = 0; i < kCount; ++i) log->decide(*work.engine, request(i));
    });
    std::string text;
    const double hand = cpu_ns_of([&] {
      for (std::size_t i = 0; i < kCount; ++i) {
        text.clear();
        by_hand.append(text);
      }
    });
    if (!log->entries().checkpoint()) give_up("the log could not be written");
    if (round == 0) continue;  // room is made once
    plain.push_back(without / kCount);
    logged.push_back(with / kCount);
    pair.add((with - without) / kCount, hand / kCount);
  }
  pair.print(std::string("async, added to the deciding thread, ") + (from_json ? "JSON" : "slots") +
                 " / the entry by hand",
             "ns");
  std::printf("<!-- a decision without the log %.0f ns, with it %.0f ns -->\n", median(plain),
              median(logged));
}

}  // namespace
}  // namespace licet::bench

int main(int count, char** arguments) {
  using namespace licet::bench;
  if (count < 2) give_up("usage: licet_log_bench FOLDER [ROUNDS] [deciding|async|durable]");
  Options options;
  options.folder = arguments[1];
  if (count > 2) options.rounds = std::max(1, std::atoi(arguments[2]));
  std::filesystem::create_directories(options.folder);
  const Work work = read_work();
  std::printf("| | Licet | raw | | ratio | range |\n|---|---|---|---|---|---|\n");
  const std::string part = count > 3 ? arguments[3] : "";
  if (part.empty() || part == "deciding") {
    for (const bool from_json : {false, true}) measure_deciding(options, work, from_json);
  }
  if (part.empty() || part == "async") {
    for (const bool with_disk : {false, true}) measure_async(options, work, with_disk);
  }
  if (part.empty() || part == "durable") {
    for (const int threads : {1, 2, 4, 8, 16}) measure_durable(options, work, threads);
  }
}
