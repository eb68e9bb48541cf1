// What the grammar writes to while it matches: the nodes, the comments, and what the module's
// imports made a keyword.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "lang/syntax/ast.h"
#include "lang/syntax/cst.h"
#include "lang/syntax/messages.h"
#include "lang/syntax/parse.h"

namespace licet::lang {

// Words that the module's imports turn into keywords.
struct Keywords {
  bool and_ = false;
  bool or_ = false;
  bool braced_not = false;  // `not { ... }`
  bool logic() const { return and_ || or_; }
};

// Wrong text is read again at most so often, and so deep: see grammar_places.h.
inline constexpr int kMaxRereads = 200;
inline constexpr int kMaxRereading = 2;

// A tree of operators may be this high; chains like 1 + 1 + 1 lean to the left.
inline constexpr std::uint32_t kMaxHeight = kMaxNesting * 5;

class ParseState {
 public:
  struct CommentRange {
    std::uint32_t begin;
    std::uint32_t end;
  };

  explicit ParseState(std::string_view source_text) : text(source_text) {}

  // Opens a node at `begin`; its children follow until close. Returns what close and cut take.
  std::uint32_t open(cst::Kind kind, std::uint32_t begin) {
    const auto index = static_cast<std::uint32_t>(nodes.size());
    nodes.push_back({kind, begin, begin, index + 1, 0});
    return index;
  }
  void close(std::uint32_t index, std::uint32_t end) {
    cst::Node& node = nodes[index];
    node.end = end;
    node.next = static_cast<std::uint32_t>(nodes.size());
    node.height = height_of(index);
    if (node.height > kMaxHeight) throw_too_nested(node.begin);
  }
  void cut(std::uint32_t size) { nodes.resize(size); }

  void enter(std::uint32_t offset) {
    if (++depth > kMaxNesting) throw_too_nested(offset);
  }
  void leave() { --depth; }

  // Text may be read more than once: a comment counts once.
  void add_comment(std::uint32_t begin, std::uint32_t end) {
    if (comments.empty() || comments.back().begin < begin) comments.push_back({begin, end});
  }

  std::string_view text;
  std::vector<cst::Node> nodes;
  std::vector<CommentRange> comments;
  Keywords keywords;
  int depth = 0;
  std::uint32_t contents = 0;  // where the contents of the innermost brackets begin
  // Of text that is known to be wrong, to find where that is told.
  int rereading = 0;
  int rereads = 0;

 private:
  std::uint32_t height_of(std::uint32_t index) const {
    std::uint32_t height = 0;
    std::uint32_t own = 0;
    for (std::uint32_t child = index + 1; child < nodes[index].next; child = nodes[child].next) {
      height = std::max(height, nodes[child].height);
      own += leans_left(nodes[child].kind) ? 1U : 0U;
    }
    return height + own;
  }
  // Every one of these puts what stands before it one level deeper.
  static bool leans_left(cst::Kind kind) {
    return kind == cst::Kind::kOperator || kind == cst::Kind::kLogicOp ||
           kind == cst::Kind::kArguments;
  }
  [[noreturn]] static void throw_too_nested(std::uint32_t offset) {
    throw SyntaxError{
        Code::kTooNested,      offset, offset + 1,
        "this nests too deep", "",     "name parts of it with rules or variables of their own"};
  }
};

}  // namespace licet::lang
