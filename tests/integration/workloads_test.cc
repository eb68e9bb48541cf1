// The workloads of the benchmarks give every expected decision, in both forms.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/workload.h"
#include "eval/engine.h"
#include "eval/value_json.h"
#include "eval/vm/tables.h"
#include "tests/support/allocations.h"
#include "tests/support/cpu_time.h"
#include "tests/support/shared_data.h"
#include "tests/support/typed_request.h"

namespace licet {
namespace {

using bench::Form;
using bench::Workload;

std::shared_ptr<const Workload> workload_named(const std::string& name) {
  const auto folder = test::generated_folder("workloads/gen.py");
  if (!folder) return nullptr;
  auto read = bench::read_workload(*folder, name);
  if (read) return std::move(read).value();
  ADD_FAILURE() << read.error();
  return nullptr;
}

// All requests of most; of the largest policies, whose rules are looked at one by one, every 8th.
std::size_t stride_of(const Workload& workload) {
  constexpr std::size_t kLarge = 10'000;
  return workload.rule_count < kLarge ? 1 : 8;
}

struct Name {
  std::string workload;
  Form form;
};

class Workloads : public testing::TestWithParam<Name> {
 protected:
  void SetUp() override {
    if (!test::shared_folder()) GTEST_SKIP() << test::kNoSharedData;
    workload_ = workload_named(GetParam().workload);
    ASSERT_NE(workload_, nullptr);
  }
  std::shared_ptr<const Workload> workload_;
};

TEST_P(Workloads, every_decision_is_as_expected) {
  std::string error;
  const auto program = bench::compile_workload(*workload_, GetParam().form, error);
  ASSERT_NE(program, nullptr) << error;
  const Engine engine(program);
  EXPECT_EQ(bench::wrong_decision(engine, *workload_, GetParam().form, stride_of(*workload_)), "");
}

// Whether the request is permitted, asked in the way of the form.
class Asking {
 public:
  Asking(const Engine& engine, Form form) : engine_(engine) {
    if (form == Form::kRego) query_ = engine.prepare(bench::kRegoQuery).value();
  }
  bool permits(Request& request) const {
    if (query_) return engine_.query(*query_, request).value().is_true();
    return static_cast<bool>(engine_.decide(request));
  }

 private:
  const Engine& engine_;
  std::optional<PreparedQuery> query_;
};

TEST_P(Workloads, decisions_in_steady_state_take_nothing_from_the_heap) {
  using test::TypedRequest;
  constexpr std::size_t kRequests = 64;
  std::string error;
  const Engine engine(bench::compile_workload(*workload_, GetParam().form, error));
  const Asking asking(engine, GetParam().form);
  Request request(engine);
  std::vector<std::unique_ptr<TypedRequest>> typed;
  for (std::size_t i = 0; i < kRequests; ++i) {
    typed.push_back(std::make_unique<TypedRequest>(engine, workload_->requests[i]));
    ASSERT_TRUE(typed.back()->is_typed());
  }
  const auto wrong_decisions = [&] {
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < kRequests; ++i) {
      for (const auto way : TypedRequest::kWays) {
        typed[i]->fill(request, way);
        wrong += asking.permits(request) == workload_->is_permitted[i] ? 0 : 1;
      }
      request.parse(workload_->requests[i]);
      wrong += asking.permits(request) == workload_->is_permitted[i] ? 0 : 1;
    }
    return wrong;
  };
  EXPECT_EQ(wrong_decisions(), 0U);
  const std::uint64_t before = test::allocations_of_this_thread();
  EXPECT_EQ(wrong_decisions(), 0U);
  EXPECT_EQ(test::allocations_of_this_thread() - before, 0U);
}

// What makes them fast: a change of the compiler must not take it away unnoticed.
TEST_P(Workloads, are_decided_by_graphs_of_guards) {
  constexpr std::size_t kRequests = 64;
  std::string error;
  const auto program = bench::compile_workload(*workload_, GetParam().form, error);
  ASSERT_NE(program, nullptr) << error;
  const vm::Tables tables(program);
  const auto entry = std::find_if(program->entry_points.begin(), program->entry_points.end(),
                                  [](const EntryPoint& at) { return at.path == "authz.allow"; });
  std::size_t settled = 0;
  for (std::size_t i = 0; i < kRequests; ++i) {
    Arena arena;
    SlotValues slots;
    slots.begin(program->slots.size(), arena);
    fill_slots(*program, value_from_json(workload_->requests[i], arena).value(), slots);
    vm::GuardGraph::RuleRoom room;
    vm::GuardGraph::Walk walk(room);
    if (GetParam().form == Form::kLicet) {
      tables.walk_decision(slots, walk);
    } else {
      tables.walk_document(entry->document, slots, walk);
    }
    settled += walk.is_settled() ? 1 : 0;
  }
  EXPECT_EQ(settled, kRequests);
}

std::vector<Name> all_names() {
  std::vector<Name> names;
  for (const std::string& workload : bench::workload_names()) {
    names.push_back({workload, Form::kRego});
    names.push_back({workload, Form::kLicet});
  }
  return names;
}

std::string test_name(const testing::TestParamInfo<Name>& info) {
  std::string name = info.param.workload + (info.param.form == Form::kRego ? "_rego" : "_licet");
  for (char& c : name) {
    if (c == '.') c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Workloads, testing::ValuesIn(all_names()), test_name);

TEST(WorkloadCompilation, ten_thousand_rules_take_less_than_five_seconds) {
  if (!test::shared_folder()) GTEST_SKIP() << test::kNoSharedData;
  for (const char* const name : {"w1_10000.rules", "w3_10000.rules"}) {
    const auto workload = workload_named(name);
    ASSERT_NE(workload, nullptr);
    for (const Form form : {Form::kRego, Form::kLicet}) {
      std::string error;
      const auto time = test::cpu_time_of([&] { bench::compile_workload(*workload, form, error); });
      EXPECT_EQ(error, "") << name;
      EXPECT_LT(time, std::chrono::seconds(5) * test::build_slack()) << name;
    }
  }
}

}  // namespace
}  // namespace licet
