// The frame of a request: its text without the scalars in it.
//
// Problem: finding the tokens of a text, following the grammar over them and comparing the keys of
// each object takes as long as everything else that a decision does. Idea: the requests of one
// client look alike. Of a text that was found right the bytes between its scalars are kept:
//
//   {"user":{"id":  _  ,"roles":  _  ,"mfa":  _  }}
//
// A text that has the same bytes there and well-formed scalars between them is right as well: its
// grammar, nesting and keys are those of the other one, so no key comes twice. Where an array of
// strings was there may be one of another length. Everything else, a string with an escape for
// example, is no match, and the text is read token by token.
//
// This is only ever a faster way to say yes. What is kept depends on earlier requests, the answer
// does not.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "eval/json/scan.h"
#include "eval/request/read_plan.h"

namespace licet {

class Frame {
 public:
  // Longer texts gain little and would be kept for long.
  static constexpr std::size_t kMaxTextBytes = 4096;

  // The bytes before a value, and what becomes of it.
  struct Step {
    std::uint64_t words[2] = {0, 0};  // their first 16, zeros behind
    std::uint64_t masks[2] = {0, 0};  // which bytes of the words count
    std::uint32_t size = 0;
    std::uint32_t offset = 0;              // in text_
    const ReadPlan::Node* node = nullptr;  // null: nobody reads the value
    bool may_be_texts = false;             // it was an array of strings
  };

  // Keeps the frame of the text that was just accepted with this plan; or none, if a value is read
  // as a whole.
  void learn(json::Scan& scan, const ReadPlan& plan);
  void clear() { steps_.clear(); }
  bool is_empty() const { return steps_.empty(); }

  const std::vector<Step>& steps() const { return steps_; }
  // What stands behind the last value.
  const Step& last() const { return last_; }
  // Whether the step's bytes are at `at`. PRECONDITION: 16 bytes can be read there.
  bool is_at(const Step& step, const char* at, const char* end_of_text) const {
    std::uint64_t words[2];
    std::memcpy(words, at, sizeof words);
    const std::uint64_t difference =
        ((words[0] ^ step.words[0]) & step.masks[0]) | ((words[1] ^ step.words[1]) & step.masks[1]);
    if (difference != 0 || step.size > static_cast<std::size_t>(end_of_text - at)) return false;
    return step.size <= 16 ||
           std::memcmp(at + 16, text_.data() + step.offset + 16, step.size - 16) == 0;
  }

 private:
  class Learner;

  std::string text_;
  std::vector<Step> steps_;
  Step last_;
};

}  // namespace licet
