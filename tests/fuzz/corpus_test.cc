// The fuzz targets without libFuzzer: every input of the corpora, and changes to them, drawn with a
// fixed seed. So each build of the tests, with sanitizers or without, runs what fuzzing has found;
// what finds new things is the long run (README.md).
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

#include "tests/fuzz/targets.h"
#include "tests/property/random.h"
#include "tests/support/paths.h"

namespace licet::fuzz {

void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

namespace {

// What runs now, so that it can be told when the process ends in it.
const Target* current_target = nullptr;
std::string current_input;  // NOLINT: the process may end at any time

void keep_input() {
  if (current_target == nullptr) return;
  const std::string path = std::string("crash-") + current_target->name;
  std::ofstream(path, std::ios::binary) << current_input;
  std::fprintf(stderr, "the input is in %s\n", path.c_str());
  current_target = nullptr;
}

void on_signal(int signal) {
  keep_input();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(const Target& target, std::string input) {
  current_input = std::move(input);
  current_target = &target;
  target.run(current_input);
  current_target = nullptr;
}

std::vector<std::string> corpus_of(const Target& target) {
  std::vector<std::string> inputs;
  const auto folder = test::source_dir() / "tests/fuzz/corpus" / target.name;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    inputs.push_back(text.str());
  }
  return inputs;
}

// The words of a dictionary of libFuzzer: one in quotes a line, with \" \\ and \xHH.
std::vector<std::string> words_of(const Target& target) {
  std::vector<std::string> words = {""};
  if (target.dictionary == nullptr) return words;
  std::ifstream file(test::source_dir() / "tests/fuzz" / target.dictionary);
  for (std::string line; std::getline(file, line);) {
    std::string word;
    for (std::size_t at = 1; at + 1 < line.size(); ++at) {
      if (line[at] == '\\' && line[at + 1] == 'x') {
        word += static_cast<char>(std::stoi(line.substr(at + 2, 2), nullptr, 16));
        at += 3;
      } else {
        if (line[at] == '\\') ++at;
        word += line[at];
      }
    }
    words.push_back(word);
  }
  return words;
}

// Bytes changed, left out, doubled and taken from another input or the dictionary.
std::string changed(const std::vector<std::string>& corpus, const std::vector<std::string>& words,
                    property::Random& random) {
  std::string input = corpus[random.below(corpus.size())];
  for (std::size_t edits = 1 + random.below(6); edits > 0; --edits) {
    const std::size_t at = random.below(input.size() + 1);
    const std::size_t count = std::min(1 + random.below(16), input.size() - at);
    switch (random.below(6)) {
      case 0:
        input.erase(at, count);
        break;
      case 1:
        input.insert(at, input.substr(at, count));
        break;
      case 2:
        input.insert(at, 1, static_cast<char>(random.below(256)));
        break;
      case 3: {
        const std::string& other = corpus[random.below(corpus.size())];
        const std::size_t from = random.below(other.size() + 1);
        input.replace(at, count, other.substr(from, 1 + random.below(48)));
        break;
      }
      case 4:
        input.replace(at, random.below(2) * count, random.pick(words));
        break;
      default:
        if (at < input.size()) input[at] = static_cast<char>(random.below(256));
    }
  }
  return input;
}

class FuzzCorpus : public testing::TestWithParam<Target> {
 protected:
  void SetUp() override {
    abort_ = std::signal(SIGABRT, on_signal);
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_set_death_callback(keep_input);
#else
    fault_ = std::signal(SIGSEGV, on_signal);
#endif
  }
  void TearDown() override {
    std::signal(SIGABRT, abort_);
#if !defined(__SANITIZE_ADDRESS__)
    std::signal(SIGSEGV, fault_);
#endif
  }

 private:
  using Handler = void (*)(int);
  Handler abort_ = SIG_DFL;
  [[maybe_unused]] Handler fault_ = SIG_DFL;
};

TEST_P(FuzzCorpus, holds_and_so_do_changes_to_it) {
  const std::vector<std::string> corpus = corpus_of(GetParam());
  ASSERT_FALSE(corpus.empty());
  run(GetParam(), "");
  for (const std::string& input : corpus) run(GetParam(), input);
  const char* const wanted = std::getenv("LICET_FUZZ_RUNS");
  const std::size_t runs = wanted == nullptr ? 1000 : std::stoul(wanted);
  const char* const seed = std::getenv("LICET_FUZZ_SEED");
  property::Random random(seed == nullptr ? 1 : std::stoul(seed));
  const std::vector<std::string> words = words_of(GetParam());
  for (std::size_t i = 0; i < runs; ++i) {
    run(GetParam(), changed(corpus, words, random));
  }
}

INSTANTIATE_TEST_SUITE_P(All, FuzzCorpus, testing::ValuesIn(kTargets),
                         [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace licet::fuzz
