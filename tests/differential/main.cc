// licet_differential: generated Rego, answered by Licet in all its configurations and by OPA.
//
// usage: licet_differential [--cases N] [--seed N] [--style STYLE]
// [--show N] [--seeds-of NAME]
//        [--one SEED] [--module FILE] [--oracle-folder FOLDER]
// Environment: LICET_ORACLE, or LICET_SHARED to build one from; without an oracle the
// configurations of Licet are compared with each other only.
// Exit code 0: no unexplained difference; 1: some; 2: usage.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <future>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "tests/differential/generate.h"
#include "tests/differential/known.h"
#include "tests/differential/licet_side.h"
#include "tests/differential/oracle.h"
#include "tests/differential/shrink.h"

namespace licet::differential {
namespace {

struct Options {
  std::uint64_t cases = 100'000;
  std::uint64_t seed = 1;
  std::optional<Style> style;  // default: all in turn
  std::size_t show = 10;       // unexplained differences that are made smaller and printed
  bool one = false;            // prints the case of `seed` and what each side says
  std::string module;          // a file: the same of a policy that somebody wrote
  std::string seeds_of;        // a known difference: which cases have it
  std::string oracle_folder = "build/oracle";
};

struct Counts {
  std::uint64_t cases = 0;
  std::uint64_t documents = 0;
  std::uint64_t configurations = 0;  // comparisons of one configuration with another
  std::uint64_t with_opa = 0;        // documents that OPA answered too
  std::uint64_t asked_anew = 0;      // cases that a new process of OPA was asked again
  std::uint64_t unexplained = 0;
  std::map<std::string, std::uint64_t> outcomes;  // of Licet
  std::map<std::string_view, std::uint64_t> known;
};

constexpr const char* kStyleNames[] = {"typed",     "wild",     "property",
                                       "decisions", "registry", "mutated"};

Style style_of(std::uint64_t seed, const Options& options) {
  if (options.style) return *options.style;
  static constexpr Style kTurns[] = {Style::kTyped,     Style::kTyped,   Style::kTyped,
                                     Style::kWild,      Style::kTyped,   Style::kWild,
                                     Style::kDecisions, Style::kProperty};
  return kTurns[seed % std::size(kTurns)];
}

class Runner {
 public:
  Runner(const Options& options, Oracle* oracle) : options_(options), oracle_(oracle) {}

  void run() {
    constexpr std::uint64_t kBatch = 200;
    for (std::uint64_t done = 0; done < options_.cases; done += kBatch) {
      run_batch(options_.seed + done, std::min(kBatch, options_.cases - done));
      if (done / kBatch % 25 == 24) progress(done + kBatch);
    }
  }
  const Counts& counts() const { return counts_; }

  void show_one() {
    Random random(options_.seed);
    show(generate(style_of(options_.seed, options_), random));
  }
  void show_module(const std::string& text) {
    Generated generated;
    generated.question.modules = {text};
    generated.question.documents = {"data." + package_of(text)};
    show(generated);
  }

 private:
  void show(const Generated& generated) {
    std::printf("%s", generated.question.text().c_str());
    const LicetAnswers answers = ask_licet(generated);
    std::vector<Outcomes> opa;
    if (oracle_ != nullptr) opa = oracle_->ask({generated.question});
    for (std::size_t i = 0; i < answers.outcomes.size(); ++i) {
      std::printf("%s\n  Licet %s\n", generated.question.documents[i].c_str(),
                  answers.outcomes[i].text().c_str());
      if (opa.empty()) continue;
      const Outcome& its = opa.front()[i];
      std::printf("  OPA   %s\n", its.text().c_str());
      if (answers.outcomes[i].error == its.error && answers.outcomes[i].value == its.value)
        continue;
      const auto known = explanation_of({generated, i, answers.outcomes, opa.front(), *oracle_});
      std::printf("  known difference: %s\n", std::string(known.value_or("none")).c_str());
    }
    for (const Disagreement& d : answers.disagreements) {
      std::printf("%s: %s says %s\n", d.document.c_str(), d.right.c_str(),
                  d.right_says.text().c_str());
    }
  }

  struct Case {
    std::uint64_t seed;
    Style style;
    Tape tape;
    Generated generated;
  };

  void run_batch(std::uint64_t first, std::uint64_t count) {
    std::vector<Case> cases;
    std::vector<Question> questions;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
      Random random(seed);
      const Style style = style_of(seed, options_);
      Generated generated = generate(style, random);
      questions.push_back(generated.question);
      cases.push_back({seed, style, random.tape(), std::move(generated)});
    }
    auto asked = std::async(std::launch::async, [&] {
      return oracle_ == nullptr ? std::vector<Outcomes>() : oracle_->ask(questions);
    });
    std::vector<LicetAnswers> answers;
    for (const Case& c : cases) answers.push_back(ask_licet(c.generated));
    const std::vector<Outcomes> opa = asked.get();
    for (std::size_t i = 0; i < cases.size(); ++i) {
      count_case(answers[i]);
      const std::uint64_t explained = counts_.known[options_.seeds_of];
      auto found =
          differences(cases[i].generated, answers[i], opa.empty() ? nullptr : &opa[i], &counts_);
      if (counts_.known[options_.seeds_of] > explained) tell_known(cases[i]);
      if (!found.empty() && oracle_ != nullptr) found = differences_anew(cases[i], answers[i]);
      if (found.empty()) continue;
      ++counts_.unexplained;
      report(cases[i], found.front());
    }
  }

  void tell_known(const Case& known) const {
    std::printf("seed %llu (%s): %s\n", static_cast<unsigned long long>(known.seed),
                kStyleNames[static_cast<int>(known.style)], options_.seeds_of.c_str());
    std::fflush(stdout);
  }

  void count_case(const LicetAnswers& answers) {
    ++counts_.cases;
    counts_.documents += answers.outcomes.size();
    counts_.configurations += answers.configurations;
    for (const Outcome& outcome : answers.outcomes) ++counts_.outcomes[outcome.kind()];
  }

  // All that nothing explains.
  std::vector<Disagreement> differences(const Generated& generated, const LicetAnswers& answers,
                                        const Outcomes* opa, Counts* counts) {
    std::vector<Disagreement> found = answers.disagreements;
    for (std::size_t i = 0; opa != nullptr && i < opa->size(); ++i) {
      if (counts != nullptr) ++counts->with_opa;
      if (i >= answers.outcomes.size()) break;  // no decision to compare with
      const Outcome& licet = answers.outcomes[i];
      const Outcome& its = (*opa)[i];
      if (licet.error == its.error && licet.value == its.value) continue;
      const auto known = explanation_of({generated, i, answers.outcomes, *opa, *oracle_});
      if (known && counts != nullptr) ++counts->known[*known];
      if (!known) found.push_back({generated.question.documents[i], "Licet", "OPA", licet, its});
    }
    return found;
  }

  // A process of OPA that was asked very much misses errors of types that a new one tells.
  std::vector<Disagreement> differences_anew(const Case& c, const LicetAnswers& answers) {
    oracle_->restart();
    ++counts_.asked_anew;
    const std::vector<Outcomes> opa = oracle_->ask({c.generated.question});
    return differences(c.generated, answers, &opa.front(), nullptr);
  }

  std::vector<Disagreement> differences_of(const Generated& generated) {
    const LicetAnswers answers = ask_licet(generated);
    if (oracle_ == nullptr) return differences(generated, answers, nullptr, nullptr);
    const std::vector<Outcomes> opa = oracle_->ask({generated.question});
    return differences(generated, answers, &opa.front(), nullptr);
  }

  void report(const Case& failing, const Disagreement& found) {
    std::printf("seed %llu (%s): %s, %s\n", static_cast<unsigned long long>(failing.seed),
                kStyleNames[static_cast<int>(failing.style)], found.document.c_str(),
                found.kind().c_str());
    std::fflush(stdout);
    if (++shown_[found.kind()] > 1 || shown_.size() > options_.show) return;
    // Of what OPA's time runs out at each try takes all of it.
    const std::size_t most_tries = found.right_says.error == "eval_cancel_error" ? 60 : 1500;
    const auto of = [&](const Tape& tape) {
      Random random(tape);
      return generate(failing.style, random);
    };
    const auto fails = [&](const Generated& generated) {
      for (const Disagreement& d : differences_of(generated)) {
        if (d.kind() == found.kind()) return true;
      }
      return false;
    };
    std::map<std::string, bool> tried;  // many tapes make the same case
    const auto fails_on = [&](const Tape& tape) {
      const Generated generated = of(tape);
      const auto [known, is_new] = tried.try_emplace(generated.question.text(), false);
      if (is_new) known->second = fails(generated);
      return known->second;
    };
    const Tape small = shrink(failing.tape, fails_on, most_tries);
    const Generated smallest = of(small);
    std::printf("\n=== seed %llu (%s)\n%s", static_cast<unsigned long long>(failing.seed),
                kStyleNames[static_cast<int>(failing.style)], smallest.question.text().c_str());
    for (const Disagreement& d : differences_of(smallest)) {
      std::printf("%s\n  %s says %s\n  %s says %s\n", d.document.c_str(), d.left.c_str(),
                  d.left_says.text().c_str(), d.right.c_str(), d.right_says.text().c_str());
    }
    std::fflush(stdout);
  }

  void progress(std::uint64_t done) const {
    std::fprintf(stderr, "%llu cases, %llu with an unexplained difference\n",
                 static_cast<unsigned long long>(done),
                 static_cast<unsigned long long>(counts_.unexplained));
  }

  const Options& options_;
  Oracle* oracle_;
  Counts counts_;
  std::map<std::string, int> shown_;
};

void print_summary(const Counts& counts, const std::string& no_oracle) {
  const auto number = [](std::uint64_t n) { return std::to_string(n); };
  std::string text = number(counts.cases) + " cases compared: " + number(counts.documents) +
                     " documents, " + number(counts.configurations) +
                     " further configurations of Licet";
  text += no_oracle.empty() ? ", " + number(counts.with_opa) + " answers of OPA\n"
                            : "; not with OPA: " + no_oracle + "\n";
  for (const auto& [kind, count] : counts.outcomes) {
    text += "  Licet says " + kind + ": " + number(count) + "\n";
  }
  for (const auto& [name, count] : counts.known) {
    if (count > 0) text += "  known difference, " + std::string(name) + ": " + number(count) + "\n";
  }
  if (counts.asked_anew > 0) {
    text += "  asked again of a new process of OPA: " + number(counts.asked_anew) + "\n";
  }
  text += number(counts.unexplained) + " cases with an unexplained difference\n";
  std::printf("\n%s", text.c_str());
}

bool read_options(int count, char** words, Options& options) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = words[i];
    const char* value = words[i + 1];
    const auto number = [&] { return std::strtoull(value, nullptr, 10); };
    if (name == "--cases") {
      options.cases = number();
    } else if (name == "--seed") {
      options.seed = number();
    } else if (name == "--show") {
      options.show = number();
    } else if (name == "--one") {
      options.one = true;
      options.seed = number();
    } else if (name == "--module") {
      options.module = value;
    } else if (name == "--seeds-of") {
      options.seeds_of = value;
    } else if (name == "--oracle-folder") {
      options.oracle_folder = value;
    } else if (name == "--style") {
      for (std::size_t style = 0; style < std::size(kStyleNames); ++style) {
        if (std::strcmp(value, kStyleNames[style]) == 0) options.style = static_cast<Style>(style);
      }
      if (!options.style) return false;
    } else {
      return false;
    }
  }
  return count % 2 == 1;
}

int run(int count, char** words) {
  Options options;
  if (!read_options(count, words, options)) {
    std::fprintf(
        stderr,
        "usage: licet_differential [--cases N] [--seed N] [--style "
        "typed|wild|property|decisions|registry|mutated] "
        "[--show N] [--one SEED] [--module FILE] [--seeds-of NAME] [--oracle-folder FOLDER]\n");
    return 2;
  }
  std::string why_not;
  const std::unique_ptr<Oracle> oracle = find_oracle(options.oracle_folder, why_not);
  Runner runner(options, oracle.get());
  if (options.one) {
    runner.show_one();
    return 0;
  }
  if (!options.module.empty()) {
    std::ifstream file(options.module);
    if (!file) {
      std::fprintf(stderr, "error: cannot read %s\n", options.module.c_str());
      return 2;
    }
    runner.show_module({std::istreambuf_iterator<char>(file), {}});
    return 0;
  }
  runner.run();
  print_summary(runner.counts(), why_not);
  return runner.counts().unexplained == 0 ? 0 : 1;
}

}  // namespace
}  // namespace licet::differential

int main(int count, char** words) { return licet::differential::run(count, words); }
