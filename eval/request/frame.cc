#include "eval/request/frame.h"

#include <algorithm>

namespace licet {

using json::TokenAt;

// Goes through an accepted text once more. Functions take the token where a value starts and return
// the one behind it, or null if there is no frame.
class Frame::Learner {
 public:
  Learner(Frame& frame, json::Scan& scan, const ReadPlan& plan)
      : frame_(frame), scan_(scan), tokens_(scan.tokens()), plan_(plan) {}

  bool learn() {
    frame_.steps_.clear();
    frame_.text_.assign(tokens_.bytes(), tokens_.size());
    if (add_value(tokens_.begin(), &plan_.root()) == nullptr) return false;
    frame_.last_ = step_before(tokens_.size());
    return true;
  }

 private:
  // `node` is null where nobody reads.
  TokenAt add_value(TokenAt at, const ReadPlan::Node* node) {
    const char first = tokens_.first_char(at);
    const bool is_whole = node != nullptr && !node->is_inner;
    if (first == '{') return is_whole ? nullptr : add_members(at + 1, node);
    if (first != '[') return add_step(at, at + 1, is_whole ? node : nullptr, false);
    const TokenAt end = end_of_texts(at);
    if (end != nullptr && (!is_whole || ReadPlan::takes_texts(*node))) {
      return add_step(at, end, is_whole ? node : nullptr, true);
    }
    return is_whole ? nullptr : add_elements(at + 1);
  }

  TokenAt add_members(TokenAt at, const ReadPlan::Node* node) {
    if (tokens_.first_char(at) == '}') return at + 1;
    char next = ',';
    while (next == ',') {
      json::Key key;
      if (!scan_.read_key(at, key)) return nullptr;
      const std::uint32_t child = node != nullptr ? plan_.find(*node, key) : ReadPlan::kNone;
      at = add_value(at + 2, child == ReadPlan::kNone ? nullptr : &plan_.child(*node, child));
      if (at == nullptr) return nullptr;
      next = tokens_.first_char(at++);
    }
    return at;
  }

  TokenAt add_elements(TokenAt at) {
    if (tokens_.first_char(at) == ']') return at + 1;
    char next = ',';
    while (next == ',') {
      at = add_value(at, nullptr);
      if (at == nullptr) return nullptr;
      next = tokens_.first_char(at++);
    }
    return at;
  }

  // Behind an array of strings; null if it has anything else.
  TokenAt end_of_texts(TokenAt at) const {
    ++at;
    while (tokens_.first_char(at) == '"') at += tokens_.first_char(at + 1) == ',' ? 2 : 1;
    return tokens_.first_char(at) == ']' ? at + 1 : nullptr;
  }

  TokenAt add_step(TokenAt at, TokenAt end, const ReadPlan::Node* node, bool may_be_texts) {
    Step step = step_before(*at);
    step.node = node;
    step.may_be_texts = may_be_texts;
    frame_.steps_.push_back(step);
    begin_ = static_cast<std::size_t>(tokens_.end_of(end - 1) - tokens_.bytes());
    return end;
  }

  // The bytes since the last value.
  Step step_before(std::size_t end) const {
    Step step;
    step.offset = static_cast<std::uint32_t>(begin_);
    step.size = static_cast<std::uint32_t>(end - begin_);
    json::load_words(tokens_.bytes() + begin_, step.size, step.words);
    constexpr char kOnes[16] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
    json::load_words(kOnes, step.size, step.masks);
    return step;
  }

  Frame& frame_;
  json::Scan& scan_;
  const json::Tokens& tokens_;
  const ReadPlan& plan_;
  std::size_t begin_ = 0;  // of the bytes before the next value
};

void Frame::learn(json::Scan& scan, const ReadPlan& plan) {
  if (scan.tokens().size() > kMaxTextBytes || !Learner(*this, scan, plan).learn()) steps_.clear();
}

}  // namespace licet
