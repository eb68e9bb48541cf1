// Reads the JSON of a request into the slots of a program: only what the read plan wants is
// converted, yet all of the text is checked.
//
// Problem: a policy reads a fraction of a request, but input must be strict in all its parts, and
// making values of everything costs several times what the decision does. Idea: simdjson finds the
// tokens, the plan is followed over them once; what is not wanted is looked at and skipped, short
// texts go to their cells as they stand in a copy of the request that is kept.
//
// Accepted are exactly the texts that value_from_json and check_request accept together, but not
// all of them: some that are rare are left to these two, as are all refusals, because they tell
// what is wrong and where.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "eval/arena.h"
#include "eval/json/scan.h"
#include "eval/request/frame.h"
#include "eval/request/read_plan.h"
#include "eval/slot_values.h"

namespace licet {

// Keeps its memory from one request to the next. For one thread at a time.
class JsonReader {
 public:
  // Fills the empty `slots` of the plan's program; what they point to lives in `arena` and in this
  // reader, until its next text. False: value_from_json has to read the text, and what the slots
  // have is of no use. `memory_bytes`: refuses what could take more than this as a Value.
  bool read(std::string_view text, const ReadPlan& plan, std::size_t memory_bytes, Arena& arena,
            SlotValues& slots);

  // Whether the last text was read along the frame of an earlier one.
  bool was_framed() const { return was_framed_; }
  // The text that was read last.
  std::string_view text() const { return {scan_.tokens().bytes(), scan_.tokens().size()}; }

 private:
  using At = json::TokenAt;

  bool read_tokens(std::size_t memory_bytes);
  bool is_within_limits(std::size_t memory_bytes) const;
  At read_value(const ReadPlan::Node& node, At at);
  At read_object(const ReadPlan::Node& node, At at);
  At read_member(const ReadPlan::Node& node, At at, std::uint64_t& seen);
  At read_texts(const ReadPlan::Node& node, At at);
  At read_whole(const ReadPlan::Node& node, At at);

  bool read_frames();
  void learn_frame();
  bool read_frame(const Frame& frame);
  const char* read_at(const Frame::Step& step, const char* at);
  const char* read_texts_at(const ReadPlan::Node* node, const char* at);
  const char* read_text_at(const char* at, std::string_view& text) const;
  const char* read_scalar_at(const char* at, Value& value);

  // Values to where they are wanted. False: they may not fit.
  bool put_text(const ReadPlan::Node& node, std::string_view text);
  bool add_text(const ReadPlan::Node* node, std::string_view text);  // to texts_
  void put_texts(const ReadPlan::Node& node);
  bool put(const ReadPlan::Node& node, const Value& value);

  json::Scan scan_;
  const ReadPlan* plan_ = nullptr;
  Arena* arena_ = nullptr;
  SlotValues* slots_ = nullptr;
  std::uint64_t comparisons_ = 0;  // that check_request would make, or more
  std::vector<Text> texts_;

  std::array<Frame, 4> frames_;
  bool was_framed_ = false;
  std::uint64_t plan_of_frames_ = 0;
  std::size_t last_match_ = 0;       // in frames_
  std::size_t next_learned_ = 0;     // in frames_
  std::uint32_t matches_ = 0;        // since a frame was learned
  std::uint32_t misses_ = 0;         // the same
  std::uint32_t wanted_misses_ = 1;  // until the next one is learned
};

}  // namespace licet
