// Environments: what `with` changes for the evaluation of one literal. Immutable; each has memos
// of its own. The same change made to the same environment gives the same one again, so what was
// computed there is still remembered.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "eval/arena.h"
#include "eval/program.h"
#include "eval/value.h"

namespace licet::vm {

// 0 is the root environment: the request and the loaded data as they are.
using EnvironmentIndex = std::uint32_t;
inline constexpr EnvironmentIndex kRootEnvironment = 0;

struct MockAnswer {
  enum class Kind : std::uint8_t { kNone, kValue, kFunction, kDocument, kBuiltin };
  Kind kind = Kind::kNone;
  std::uint16_t callee = 0;  // FunctionIndex or BuiltinId
  Value value;
};

struct Environment {
  bool has_input = false;  // `input` counts, not the request
  Value input;
  // All that was put into data, as one document, and the paths where it was put.
  Value overlay;
  struct Target {
    PathIndex path;
    const Target* previous;
  };
  const Target* targets = nullptr;
  struct Mocked {
    std::uint32_t mock;
    MockAnswer answer;
    const Mocked* previous;
  };
  const Mocked* mocks = nullptr;
};

class Environments {
 public:
  void reset();
  const Environment& operator[](EnvironmentIndex index) const { return all_[index]; }
  std::size_t size() const { return all_.size(); }

  // The environment that `change` makes of `base`, made by `make` if it is new. The key of a change
  // is the instruction's opcode and operands and the value that it puts in.
  struct Change {
    EnvironmentIndex base = 0;
    Opcode opcode{};
    std::uint32_t where = 0;
    std::uint32_t what = 0;
    Value value;
    bool operator==(const Change&) const = default;
  };
  template <class Make>
  EnvironmentIndex changed(const Change& change, Make make) {
    const auto found = known_.find(change);
    if (found != known_.end()) return found->second;
    Environment next = make(all_[change.base]);
    all_.push_back(next);
    const auto index = static_cast<EnvironmentIndex>(all_.size() - 1);
    known_.emplace(change, index);
    return index;
  }
  // The same without function mocks: in the body of a mock, functions are the real ones.
  EnvironmentIndex without_mocks(EnvironmentIndex index);

  MockAnswer mock(EnvironmentIndex index, std::uint32_t mock) const;

  // Heap bytes of one more environment, for the memory budget.
  static constexpr std::size_t kBytesEach = 256;

 private:
  struct ChangeHash {
    std::size_t operator()(const Change& change) const;
  };
  std::vector<Environment> all_ = std::vector<Environment>(1);
  std::unordered_map<Change, EnvironmentIndex, ChangeHash> known_;
};

// `base` with `value` at elements[at ...]; what is no object on the way becomes one.
// PRECONDITION: the elements are strings.
Value put(const Value& base, const std::vector<Value>& elements, const Value& value, Arena& arena);

// `over` laid over `under`: objects key by key, else `over`. Either may be undefined.
Value merge(const Value& over, const Value& under, Arena& arena);

// The value along a path; undefined if there is none.
Value walk(Value value, const std::vector<Value>& elements);

}  // namespace licet::vm
