// A program in force: decides requests, answers queries, runs tests. The first file of eval/ to
// read.
//
//   Request --> slots --> vm::Run (one per request) --> Decision
//   (request.h)           vm/loop.cc: the machine
//                         vm/decide.cc: permits and forbids -> effect and cause
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "eval/cache_statistics.h"
#include "eval/decision.h"
#include "eval/error.h"
#include "eval/explanation.h"
#include "eval/options.h"
#include "eval/packed_slots.h"
#include "eval/program.h"
#include "eval/request.h"
#include "eval/result.h"
#include "eval/struct_binding.h"
#include "eval/value.h"

namespace licet {

struct Answer {
  std::shared_ptr<const Arena> arena;  // keeps `value` alive
  Value value;                         // undefined if there is none
  std::vector<EvalError> warnings;     // builtin errors; the first few
  Explanation explanation;             // with Explain::kYes
  std::uint64_t steps = 0;             // that it took
};

struct Rows {
  std::shared_ptr<const Arena> arena;
  std::vector<std::string> names;
  std::vector<std::vector<Value>> rows;  // each as long as `names`
  std::vector<EvalError> warnings;
  Explanation explanation;
  std::uint64_t steps = 0;
};

// A path of data to ask for again and again, from Engine::prepare. Stays good when the engine takes
// another program, only slower. May be used by all threads.
class PreparedQuery {
 private:
  friend class Engine;
  std::vector<std::string> path_;
  std::uint64_t layout_ = 0;               // that document_ belongs to
  std::optional<DocumentIndex> document_;  // none: the path is put together or loaded data
};

inline const CallOptions kDefaultCall{};

// A handle: copies share the program in force. All functions may be called by any thread.
class Engine {
 public:
  explicit Engine(std::shared_ptr<const Program> program, EngineOptions options = {});

  // Never fails: what cannot be decided is a deny that says why. With a request of this engine no
  // lock is taken, and once the request has been used nothing is allocated, unless the decision has
  // messages, controls, obligations, warnings or an error.
  Decision decide(Request& request, const CallOptions& options = kDefaultCall) const {
    if (request.engine_.get() != shared_.get()) [[unlikely]]
      return decide_other(request, options);
    return request.struct_ != nullptr ? decide_struct(request, options)
                                      : decide_cells(request, options);
  }
  Decision decide(Request&& request, const CallOptions& options = kDefaultCall) const {
    return decide(request, options);
  }
  // The request as strict JSON.
  Decision decide_json(std::string_view json, const CallOptions& options = kDefaultCall) const;

  // A path as `data.registry.allow` for the function below; an error if it is none.
  Result<PreparedQuery, EvalError> prepare(std::string_view path) const;
  // Its value for a request, undefined if it has none; a request that does not fit the schema is an
  // error. The value lives until the request is used or changed again. As for decide, nothing is
  // allocated once the request has been used, if a rule lies at the path.
  Result<Value, EvalError> query(const PreparedQuery& query, Request& request,
                                 const CallOptions& options = kDefaultCall) const;

  // The value at a path of data, as `data.registry.allow`: rules, loaded data or both. `input` may
  // be undefined and is not checked against the schema.
  Result<Answer, EvalError> query(std::string_view path, const Value& input,
                                  const CallOptions& options = kDefaultCall) const;
  Result<Answer, EvalError> query(const std::vector<std::string>& path, const Value& input,
                                  const CallOptions& options = kDefaultCall) const;
  // The rows of the query that the program was compiled with. PRECONDITION: it has one.
  Result<Rows, EvalError> run_query(const Value& input,
                                    const CallOptions& options = kDefaultCall) const;
  // A test passes if its value is defined and not false. PRECONDITION: a test of this program.
  Result<Answer, EvalError> run_test(const TestCase& test,
                                     const CallOptions& options = kDefaultCall) const;

  // From now on `program` decides; calls that are under way end with the old one, and wait for
  // nothing. What refers to the old one (requests until they are used again, decisions) keeps it in
  // memory; it is freed by the first `swap` or `free_retired` that finds it unused, so that no
  // decision has to. Threads that swap wait for one another.
  void swap(std::shared_ptr<const Program> program);
  // Frees replaced programs that nothing refers to any more, some time after a swap.
  void free_retired();
  std::shared_ptr<const Program> program() const;
  const EngineOptions& options() const;
  // All zero without a cache.
  CacheStatistics cache_statistics() const;

  // A handle to set one attribute of requests. An attribute that the schema does not know, or that
  // has another type there, is an error; one that no policy reads is none.
  // T: std::string_view, std::int64_t, double, bool, StringList.
  template <class T>
  Result<Slot<T>, AttributeError> slot(std::string_view path) const;

  // Handles of several attributes that are set together; the first error if there is one. To be
  // kept: to make them is to go through what the policies test, so that it costs more than many
  // decisions.
  template <class... T>
  Result<SlotGroup<T...>, AttributeError> slots(
      const std::array<std::string_view, sizeof...(T)>& paths) const {
    auto group = slots_at<T...>(paths, std::index_sequence_for<T...>());
    if constexpr (BoundGroup<T...>::kIsPossible) {
      if (group) group->packed_ = packed(*group);
    }
    return group;
  }

  // A handle to lend requests structs as they are: `bind(Member{"user.roles", &Call::roles}, ...)`.
  // The first error if a member is no handle of its attribute.
  template <class S, class... T>
  Result<StructBinding<S>, AttributeError> bind(const Member<S, T>&... members) const {
    static_assert((struct_binding::kKindOf<T>.has_value() && ...),
                  "a member of a type that cannot be lent");
    auto group = slots_at<struct_binding::SlotType<T>...>({members.path...},
                                                          std::index_sequence_for<T...>());
    if (!group) return Failure{std::move(group).error()};
    auto bound =
        std::make_shared<struct_binding::BoundMembers<S, T...>>(group.value(), members.member...);
    std::apply(
        [&](const auto&... slot) {
          add_graphs(*bound, group.value().direct_layout_,
                     {StructMember{.cell = slot.cell_,
                                   .kind = *struct_binding::kKindOf<T>,
                                   .offset = struct_binding::offset_of(members.member)}...});
        },
        group.value().slots_);
    return StructBinding<S>(std::move(bound));
  }

  // A string to set in requests, looked up once. For strings that are known beforehand, such as the
  // names of roles: the engine keeps them as long as it lives.
  Symbol symbol(std::string_view text) const;

  // Where the attributes of requests go for the program in force.
  std::shared_ptr<const RequestLayout> layout() const;

 private:
  friend class Request;

  template <class... T, std::size_t... I>
  Result<SlotGroup<T...>, AttributeError> slots_at(
      const std::array<std::string_view, sizeof...(T)>& paths, std::index_sequence<I...>) const {
    std::tuple<Result<Slot<T>, AttributeError>...> found{slot<T>(paths[I])...};
    std::optional<AttributeError> error;
    ((error = error || std::get<I>(found) ? error : std::optional(std::get<I>(found).error())),
     ...);
    if (error) return Failure{*std::move(error)};
    return SlotGroup<T...>(std::move(std::get<I>(found)).value()...);
  }
  // Null if structs gain nothing.
  template <class... T>
  std::shared_ptr<const BoundStruct> packed(const SlotGroup<T...>& group) const {
    auto bound = std::make_shared<BoundGroup<T...>>(group);
    add_graphs(*bound, group.direct_layout_, bound->members());
    return bound->has_graphs() ? std::move(bound) : nullptr;
  }
  // Of the program in force, if that is the layout's.
  void add_graphs(BoundStruct& bound, std::uint64_t layout,
                  const std::vector<StructMember>& members) const;
  // The request is of this engine, or of another one.
  static Decision decide_cells(Request& request, const CallOptions& options);
  static Decision decide_struct(Request& request, const CallOptions& options);
  Decision decide_other(Request& request, const CallOptions& options) const;
  static void decide_outside(Decision& decision, Request& request, const CallOptions& options);
  // PRECONDITION: the request has a struct.
  static bool may_walk_struct(const Evaluation& evaluation, const Request& request,
                              const CallOptions& options);
  enum class Walk { kFirst, kWasInVain };  // of a graph
  static Decision decide_with(Evaluation& evaluation, Request& request, const CallOptions& options,
                              Walk walk = Walk::kFirst);

  std::shared_ptr<EngineShared> shared_;
};

}  // namespace licet
