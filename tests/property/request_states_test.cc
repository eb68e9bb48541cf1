// A request that was used in any way before decides as a new one that is given the same.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eval/engine.h"
#include "eval/value_json.h"
#include "tests/property/random.h"
#include "tests/support/program_of.h"

namespace licet::property {
namespace {

using test::program_of;
using Text = std::string_view;

constexpr const char* kPolicy = R"(
package t

permit read if {
	request.action == "read"
	"auditor" in user.roles
	user.level >= 2
}

permit own if {
	request.action == "write"
	user.name == dataset.owner
}

forbid blocked if user.name == "eve"

allow if request.action == "read"
)";

// Parts of it are the machine's.
constexpr const char* kMore = R"(
permit few if { count(user.roles) == 1; request.action == "list" }
forbid much if count(user.name) > 5
)";

struct Call {
  Symbol action;
  SymbolList roles;
  std::string_view name;
  std::string_view owner;
  std::int64_t level;
};

constexpr std::array<const char*, 4> kActions = {"read", "write", "list", "drop"};
constexpr std::array<std::string_view, 4> kNames = {"ann", "eve", "bob", "a longer name"};

class RequestStates {
 public:
  explicit RequestStates(std::uint64_t seed)
      : random_(seed),
        programs_{program_of(kPolicy), program_of(std::string(kPolicy) + kMore)},
        engine_(programs_[0]),
        roles_{engine_.symbol("intern"), engine_.symbol("auditor"), engine_.symbol("admin")},
        request_(engine_) {
    bind();
  }

  void step() {
    switch (random_.below(14)) {
      case 0:
      case 1:
      case 2:
        reset();
        return;
      case 3:
      case 4:
        return lend(whole_);
      case 5:
        return lend(part_);
      case 6:
        return apply("set action", [this, to = action_text()](Request& request) {
          request.set(*action_, std::string_view(to));
        });
      case 7:
        return apply("lend name",
                     [this, to = name()](Request& request) { request.lend(*name_, to); });
      case 8:
        return apply("set level", [this, to = static_cast<std::int64_t>(random_.below(4))](
                                      Request& request) { request.set(*level_, to); });
      case 9:
        return parse();
      case 10:
        return give_document_or_reject();
      case 11:
      case 12:
        return lend_group();
      default:
        return swap_or_bind();
    }
  }
  // Whether both decide alike.
  void compare() {
    Request fresh(engine_);
    for (const auto& one : done_) one(fresh);
    Arena arena;
    const Decision expected = engine_.decide(fresh);
    if (random_.chance(50)) {
      EXPECT_EQ(answer(request_), answer(fresh)) << story_;
    }
    const Decision found = engine_.decide(request_);
    EXPECT_EQ(found.cause(), expected.cause()) << story_;
    EXPECT_EQ(found.error(), expected.error()) << story_;
    if (random_.chance(20)) {
      EXPECT_EQ(json_from_value(request_.document(arena)), json_from_value(fresh.document(arena)))
          << story_;
    }
  }

 private:
  void bind() {
    whole_ = engine_
                 .bind(Member{"request.action", &Call::action}, Member{"user.roles", &Call::roles},
                       Member{"user.name", &Call::name}, Member{"dataset.owner", &Call::owner},
                       Member{"user.level", &Call::level})
                 .value();
    part_ = engine_.bind(Member{"request.action", &Call::action}, Member{"user.name", &Call::name})
                .value();
    action_ = engine_.slot<std::string_view>("request.action").value();
    name_ = engine_.slot<std::string_view>("user.name").value();
    level_ = engine_.slot<std::int64_t>("user.level").value();
    query_ = engine_.prepare("data.t.allow").value();
    all_ = engine_
               .slots<Text, StringList, Text, std::int64_t>(
                   {"request.action", "user.roles", "user.name", "user.level"})
               .value();
  }
  std::string answer(Request& request) {
    const auto answer = engine_.query(*query_, request);
    if (!answer) return "error";
    return answer.value().is_defined() ? json_from_value(answer.value()) : "undefined";
  }
  void reset() {
    story_ += "reset\n";
    request_.reset();
    done_.clear();
    kept_.clear();
  }
  void apply(const std::string& what, std::function<void(Request&)> one) {
    story_ += what + "\n";
    one(request_);
    done_.push_back(std::move(one));
  }
  void lend(const std::optional<StructBinding<Call>>& binding) {
    kept_.push_back(
        std::make_unique<Call>(Call{engine_.symbol(action_text()),
                                    SymbolList(roles_).subspan(random_.below(3), random_.below(2)),
                                    name(), name(), static_cast<std::int64_t>(random_.below(4))}));
    apply(
        &binding == &whole_ ? "lend whole" : "lend part",
        [&binding, call = kept_.back().get()](Request& request) { request.lend(*binding, *call); });
  }
  // Of slots that are kept, or that are gone as soon as their values are lent.
  void lend_group() {
    const Text action = action_text();
    const Text name = this->name();
    const auto level = static_cast<std::int64_t>(random_.below(4));
    static constexpr std::array<Text, 3> kRoles = {"intern", "auditor", "admin"};
    const StringList roles = StringList(kRoles).subspan(random_.below(3), random_.below(2));
    switch (random_.below(3)) {
      case 0:
        return apply("lend group", [this, action, roles, name, level](Request& request) {
          request.lend(*all_, action, roles, name, level);
        });
      case 1:
        return apply("lend pair", [this, action, name](Request& request) {
          request.lend(engine_.slots<Text, Text>({"request.action", "dataset.owner"}).value(),
                       action, name);
        });
      default:
        return apply("lend symbols",
                     [this, symbol = engine_.symbol(action), roles, name, level](Request& request) {
                       request.lend(*all_, symbol, roles, name, level);
                     });
    }
  }
  void parse() {
    const bool is_json = random_.chance(80);
    const std::string json = R"({"request": {"action": ")" + std::string(action_text()) +
                             R"("}, "user": {"name": "ann", "level": 2}})";
    done_.clear();  // it is a reset, too
    apply("parse", [text = json.substr(0, is_json ? json.size() : json.size() - 1)](
                       Request& request) { request.parse(text); });
  }
  void give_document_or_reject() {
    if (random_.chance(50)) {
      return apply("reject", [](Request& request) {
        request.reject({.path = "user", .expected = {}, .found = {}, .message = "user: no"});
      });
    }
    reset();
    apply("document", [this](Request& request) {
      request.set_document(
          value_from_json(R"({"user": {"name": "eve"}, "request": {"action": "read"}})", arena_)
              .value());
    });
  }
  void swap_or_bind() {
    if (random_.chance(50)) {
      story_ += "swap\n";
      engine_.swap(programs_[random_.below(2)]);
    } else {
      reset();  // a binding must live until then
      story_ += "bind\n";
      bind();
    }
  }
  const char* action_text() { return kActions[random_.below(kActions.size())]; }
  std::string_view name() { return kNames[random_.below(kNames.size())]; }

  Random random_;
  std::array<std::shared_ptr<const Program>, 2> programs_;
  Engine engine_;
  std::array<Symbol, 3> roles_;
  Arena arena_;
  std::optional<StructBinding<Call>> whole_;
  std::optional<StructBinding<Call>> part_;
  std::optional<Slot<std::string_view>> action_;
  std::optional<Slot<std::string_view>> name_;
  std::optional<Slot<std::int64_t>> level_;
  std::optional<PreparedQuery> query_;
  std::optional<SlotGroup<Text, StringList, Text, std::int64_t>> all_;
  Request request_;
  std::vector<std::unique_ptr<Call>> kept_;
  std::vector<std::function<void(Request&)>> done_;  // since the last reset
  std::string story_;
};

TEST(RequestStates, leave_nothing_behind) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    RequestStates states(seed);
    for (int i = 0; i < 60; ++i) {
      states.step();
      states.compare();
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace licet::property
