// What a request was decided to be, and why.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval/decision_details.h"
#include "eval/decision_source.h"
#include "eval/program.h"

namespace licet {

enum class Effect : std::uint8_t { kPermit, kDeny };

// A decision always exists; everything that is not a clean permit is a deny that says why.
enum class Cause : std::uint8_t {
  kPermitted,
  kForbidden,       // a forbid holds
  kIndeterminate,   // what a forbid needs to know is missing or failed
  kNoPermit,        // no permit holds
  kInvalidRequest,  // the request does not fit the schema
  kError,           // a budget ran out
};

std::string_view name_of(Effect effect);  // permit, deny
std::string_view name_of(Cause cause);    // permitted, forbidden, no_permit, ...

// The permits that hold, or the forbids that hold or are indeterminate.
struct DeterminingRule {
  Verdict verdict = Verdict::kPermit;
  std::string package;
  std::string name;
  std::string file;
  std::uint32_t line = 0;
};

// Unique: of the engine, and a number. The numbers of one thread ascend; those of several threads
// interleave.
struct DecisionId {
  std::array<std::uint64_t, 2> engine{};
  std::uint64_t number = 0;

  std::string text() const;  // hexadecimal
  friend bool operator==(const DecisionId&, const DecisionId&) = default;
};

// Most decisions are looked at for their effect and forgotten, so a decision holds numbers, and
// what they stand for is looked up when it is asked for. It depends on nothing but itself: it
// outlives its request, its engine and a reload, and may go to another thread.
class Decision {
 public:
  Decision() = default;  // a deny with cause `error`
  // For the engine.
  explicit Decision(const SharedSource& source) : source_(SharedSource::often(source)) {}

  // Whether the request is permitted.
  explicit operator bool() const { return cause_ == Cause::kPermitted; }
  Effect effect() const { return *this ? Effect::kPermit : Effect::kDeny; }
  Cause cause() const { return cause_; }
  // One line for people: the messages of the rules, or what the cause is.
  std::string message() const;

  // By package and name. Cost: a string for each part.
  std::vector<DeterminingRule> rules() const;
  // The same as indexes into Program::decision_rules.
  std::span<const std::uint32_t> rule_indexes() const;
  const std::vector<std::string>& messages() const { return details().messages; }
  const std::vector<std::string>& controls() const { return details().controls; }
  const std::vector<Obligation>& obligations() const { return details().obligations; }
  // Errors that made expressions undefined; the first few.
  const std::vector<std::string>& warnings() const { return details().warnings; }
  // Of kInvalidRequest and kError.
  const std::string& error() const { return details().error; }
  const Explanation& explanation() const { return details().explanation; }  // with Explain::kYes
  // Whether there may be any of these: messages, controls, obligations, warnings, error.
  bool has_details() const { return static_cast<bool>(details_); }

  // Of the policies and data that decided.
  std::string_view revision() const;
  // Null in a decision that no engine made.
  const std::shared_ptr<const Program>& program() const;
  DecisionId id() const;
  // The time that the policies saw, and the seed of their rand.* and uuid.*; none if they did not
  // look and the caller gave none.
  std::optional<std::int64_t> now_ns() const { return now_ns_; }
  std::optional<std::uint64_t> seed() const { return seed_; }
  // Of the machine, or tests of a graph, that it took; see Limits.
  std::uint64_t steps() const { return steps_; }
  // Whether some of it was remembered from an earlier decision; see EngineOptions::cache_bytes.
  bool is_cached() const { return is_cached_; }

  // For the engine.
  void set_number(std::uint64_t number) { number_ = number; }
  void set_cause(Cause cause) { cause_ = cause; }
  static constexpr std::size_t kInlineRules = 6;  // more are in the details
  void set_rules(std::span<const std::uint32_t> rules);
  // The same of rules that were put into its room.
  std::array<std::uint32_t, kInlineRules>& room_for_rules() { return rules_; }
  void set_rule_count(std::uint32_t count) { rule_count_ = count; }
  void set_readings(std::optional<std::int64_t> now_ns, std::optional<std::uint64_t> seed) {
    now_ns_ = now_ns;
    seed_ = seed;
  }
  void set_steps(std::uint64_t steps) { steps_ = steps; }
  void set_cached(bool is_cached) { is_cached_ = is_cached; }
  // In place of what it had.
  DecisionDetails& new_details();
  // The same, in the room of `kept` where no other decision has that. What is in it is old.
  DecisionDetails& reuse_details(SharedDetails& kept);

 private:
  const DecisionDetails& details() const;

  SharedSource source_;
  SharedDetails details_;  // none: there is nothing in it
  std::uint64_t number_ = 0;
  std::uint64_t steps_ = 0;
  std::optional<std::int64_t> now_ns_;
  std::optional<std::uint64_t> seed_;
  Cause cause_ = Cause::kError;
  bool is_cached_ = false;
  std::uint32_t rule_count_ = 0;
  std::array<std::uint32_t, kInlineRules> rules_{};
};

}  // namespace licet
