#include "bench/ratios/contest.h"

#include <malloc.h>

#include <deque>
#include <functional>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <utility>

#include "bench/handwritten/hashed_facts.h"
#include "bench/handwritten/json_facts.h"
#include "bench/handwritten/w1.h"
#include "bench/handwritten/w2.h"
#include "bench/handwritten/w3.h"
#include "bench/ratios/slot_requests.h"
#include "bench/workload.h"
#include "eval/image.h"
#include "eval/value_json.h"
#include "licet/data.h"

namespace licet::bench {
namespace {

constexpr Bar kTextBar = {.limit = 3, .aim = 2};
constexpr Bar kSymbolsBar = {.limit = 4, .aim = 4, .enough_nanoseconds = 30};
constexpr const char* kHashedName = "by hand, hashed";
constexpr Bar kJsonBar = {.limit = 1.5, .aim = 1.2};

// In use, with what the allocator keeps beside each piece.
std::size_t heap_bytes() {
  const auto heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

// The hand-written code of one workload.
struct ByHand {
  std::function<bool(const Facts&)> permits_text;
  std::function<bool(const InternedFacts&)> permits_symbols;
};

bool is_w1(const std::string& name) { return name.starts_with("w1"); }
bool is_w3(const std::string& name) { return name.starts_with("w3"); }
Attributes attributes_of(const std::string& name) {
  if (is_w1(name)) return Attributes::kOfW1;
  return is_w3(name) ? Attributes::kOfW3 : Attributes::kOfW2;
}

Value file_value(const std::string& path, Arena& arena) {
  auto value = value_from_file(path, arena);
  if (!value) give_up(value.error().message);
  return value.value();
}

// Everything that both sides need to decide one workload.
class Ring {
 public:
  Ring(const std::string& folder, const std::string& name) : name_(name) {
    auto read = read_workload(folder, name);
    if (!read) give_up(read.error());
    workload_ = std::move(read).value();
    read_requests();
    const std::string stem = name.substr(0, name.find('.'));
    if (is_w1(name)) {
      std::vector<Grant> grants =
          grants_from_value(file_value(folder + "/" + stem + ".json", description_));
      interned_grants_.emplace(grants, interner_);
      grants_.emplace(std::move(grants));
    } else if (is_w3(name)) {
      const Value description = file_value(folder + "/" + stem + ".json", description_);
      text_rules_ = text_model_rules(description);
      interned_rules_ = interned_model_rules(description, interner_);
      hashed_rules_ = hashed_model_rules(description, interner_);
    } else {
      add_w2_symbols(interner_);
    }
    for (const Facts& facts : facts_) interned_.push_back(interned(facts, interner_));
    names_.emplace(interner_);
  }

  const Workload& workload() const { return *workload_; }

  Contest contest() {
    add_baselines();
    for (const Form form : {Form::kLicet, Form::kRego}) add_licet(form);
    return {.name = name_,
            .rule_count = workload_->rule_count,
            .contenders = contenders_,
            .pairs = pairs_,
            .wanted = workload_->is_permitted,
            .programs = programs_,
            .keeps = {}};
  }

 private:
  enum Baseline : std::size_t { kText, kSymbols, kJson, kHashed };  // kHashed: not of W1

  void read_requests() {
    for (const std::string& json : workload_->requests) {
      padded_.emplace_back(json);
      const auto value = value_from_json(json, requests_);
      if (!value) give_up(name_ + ": a request is no JSON");
      facts_.push_back(facts_from_value(value.value()));
    }
  }

  // In the order of enum Baseline.
  void add_baselines() {
    if (is_w1(name_)) {
      add_baselines([this](const Facts& f) { return grants_->permits(f); },
                    [this](const InternedFacts& f) { return interned_grants_->permits(f); });
    } else if (is_w3(name_)) {
      add_baselines([this](const Facts& f) { return text_rules_.permits(f); },
                    [this](const InternedFacts& f) { return interned_rules_.permits(f); });
      contenders_.push_back(contender(kHashedName, [this](std::size_t i) {
        return hashed_rules_.permits(names_->facts_of_w3(facts_[i]));
      }));
    } else {
      add_baselines([](const Facts& f) { return w2_permits(f); },
                    [](const InternedFacts& f) { return w2_permits(f); });
      contenders_.push_back(contender(kHashedName, [this](std::size_t i) {
        return w2_permits(names_->facts_of_w2(facts_[i]));
      }));
    }
  }

  template <class OfText, class OfSymbols>
  void add_baselines(OfText of_text, OfSymbols of_symbols) {
    contenders_.push_back(
        contender("by hand, strings", [=, this](std::size_t i) { return of_text(facts_[i]); }));
    contenders_.push_back(contender("by hand, symbols",
                                    [=, this](std::size_t i) { return of_symbols(interned_[i]); }));
    contenders_.push_back(contender("by hand, JSON", [=, this](std::size_t i) {
      return of_text(is_w1(name_) ? json_facts_.read_grant(padded_[i])
                                  : json_facts_.read_all(padded_[i]));
    }));
  }

  void add_licet(Form form) {
    const std::string text = form == Form::kLicet ? "permit/forbid" : "Rego";
    std::string error;
    const auto begin = cpu_time();
    const auto program = compile_workload(*workload_, form, error);
    const auto compiled = cpu_time();
    if (!program) give_up(name_ + " does not compile: " + error);
    const std::string image = image_from_program(*program);
    const std::size_t heap = heap_bytes();
    const auto encoded = cpu_time();
    auto from_image = program_from_image(image);
    const auto loaded = cpu_time();
    if (!from_image) give_up(name_ + ": its image does not load: " + from_image.error());
    engines_.push_back(std::make_unique<Engine>(std::move(from_image).value()));
    using Milliseconds = std::chrono::duration<double, std::milli>;
    programs_.push_back(
        {.form = text,
         .compile_ms = Milliseconds(compiled - begin).count(),
         .load_ms = Milliseconds(loaded - encoded).count(),
         .image_bytes = image.size(),
         .text_bytes = (form == Form::kLicet ? workload_->licet : workload_->rego).size(),
         .resident_bytes = heap_bytes() - heap});
    if (form == Form::kLicet) {
      add_decisions(*engines_.back());
    } else {
      add_queries(*engines_.back());
    }
  }

  void add_pair(Contender contender, Baseline baseline, Bar bar) {
    pairs_.push_back({.licet = contenders_.size(), .baseline = baseline, .bar = bar});
    contenders_.push_back(std::move(contender));
  }

  // What one engine is asked with. The requests are the engine's.
  struct Asking {
    explicit Asking(const Engine& engine, Attributes attributes)
        : slots(engine, attributes), json(engine) {}
    SlotRequests slots;
    Request json;
    // One behind the other, as the facts of the code by hand are.
    std::pmr::monotonic_buffer_resource symbol_memory;
    std::pmr::monotonic_buffer_resource text_memory;
    std::pmr::deque<SymbolFacts> symbol_facts{&symbol_memory};
    std::pmr::deque<TextFacts> text_facts{&text_memory};
    std::vector<const SymbolFacts*> symbols;
    std::vector<const TextFacts*> texts;
  };

  Asking& asking(const Engine& engine) {
    askings_.push_back(std::make_unique<Asking>(engine, attributes_of(name_)));
    Asking& made = *askings_.back();
    SymbolTable table(engine);
    for (const Facts& facts : facts_) {
      SymbolFacts& symbols = made.symbol_facts.emplace_back(engine.symbol(""));
      table.fill(symbols, facts);
      made.symbols.push_back(&symbols);
      made.texts.push_back(&made.text_facts.emplace_back(facts));
    }
    return made;
  }

  void add_of_text(Contender contender) {
    add_pair(std::move(contender), kText, kTextBar);
    if (!is_w1(name_)) {
      pairs_.push_back({.licet = pairs_.back().licet, .baseline = kHashed, .bar = kTextBar});
    }
  }

  // `is_permitted` asks the engine about a request.
  template <class IsPermitted>
  void add_forms(const std::string& verb, const Engine& engine, IsPermitted is_permitted) {
    Asking& asked = asking(engine);
    add_of_text(contender(verb + ", slots", [this, &asked, is_permitted](std::size_t i) {
      return is_permitted(asked.slots.request_of(facts_[i]));
    }));
    add_of_text(contender(verb + ", struct", [&asked, is_permitted](std::size_t i) {
      return is_permitted(asked.slots.request_of(*asked.texts[i]));
    }));
    add_pair(contender(verb + ", symbols",
                       [&asked, is_permitted](std::size_t i) {
                         return is_permitted(asked.slots.request_of(*asked.symbols[i]));
                       }),
             kSymbols, kSymbolsBar);
    add_pair(contender(verb + ", JSON",
                       [this, &asked, is_permitted](std::size_t i) {
                         asked.json.parse(workload_->requests[i]);
                         return is_permitted(asked.json);
                       }),
             kJson, kJsonBar);
  }

  void add_decisions(const Engine& engine) {
    add_forms("decide", engine,
              [&engine](Request& request) { return static_cast<bool>(engine.decide(request)); });
  }

  void add_queries(const Engine& engine) {
    add_forms("query", engine,
              [&engine, query = engine.prepare(kRegoQuery).value()](Request& request) {
                const auto answer = engine.query(query, request);
                return answer && answer.value().is_true();
              });
  }

  std::string name_;
  std::shared_ptr<const Workload> workload_;
  Arena requests_;
  Arena description_;
  std::vector<simdjson::padded_string> padded_;
  std::vector<Facts> facts_;
  std::vector<InternedFacts> interned_;
  Interner interner_;
  std::optional<Grants> grants_;
  std::optional<InternedGrants> interned_grants_;
  TextModelRules text_rules_;
  InternedModelRules interned_rules_;
  HashedModelRules hashed_rules_;
  std::optional<HashedNames> names_;
  JsonFacts json_facts_;
  std::vector<std::unique_ptr<Engine>> engines_;
  std::vector<std::unique_ptr<Asking>> askings_;
  std::vector<Contender> contenders_;
  std::vector<Contest::Pair> pairs_;
  std::vector<ProgramCost> programs_;
};

}  // namespace

Contest contest_of_workload(const std::string& folder, const std::string& name) {
  const auto ring = std::make_shared<Ring>(folder, name);
  Contest contest = ring->contest();
  contest.keeps = ring;
  return contest;
}

}  // namespace licet::bench
