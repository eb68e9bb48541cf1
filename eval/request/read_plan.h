// What is to be taken from the JSON of a request, as a tree from its root down to the attributes
// that the policies read or a schema describes. Made once per program.
//
//   slots: request.action, user.roles, user.team.lead
//
//   (root) --+-- request --- action: slot 0
//            +-- user --+-- roles: slot 1
//                       +-- team --- lead: slot 2
//
// A value at an inner node is walked through, one at a leaf goes to its slot, everything else is
// skipped. A leaf with parts is made as a whole, and the slots inside are taken from that value:
// so it is where slots overlap (user and user.roles) and with positions (user.roles[0]).
//
// With a schema the tree has all that it describes, and each node knows what fits. It is enough to
// know that for certain: what may not fit is refused here, and check_request has the last word.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "eval/json/keys.h"
#include "eval/program.h"
#include "eval/schema_parts.h"

namespace licet {

class ReadPlan {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  enum class Fits : std::uint8_t {
    kAll,
    kString,
    kLiterals,     // one of some strings
    kStringList,   // array of strings
    kLiteralList,  // array of such strings
    kType,         // what fits_value says of the whole
    kRequest,      // what check_request says of it
    kNothing,
  };

  struct Child {
    json::Key key;
    std::uint32_t node = 0;
  };
  // The value below the node's, at `path`, is that of a slot.
  struct Part {
    SlotIndex slot = 0;
    std::span<const Value> path;
  };
  struct Node {
    // Inner nodes: keys that lead on.
    bool is_inner = false;
    bool is_record = false;      // only an object fits that has no other keys
    std::uint64_t required = 0;  // bits of children
    std::uint32_t depth = 0;     // keys above
    std::uint32_t first_child = 0;
    std::uint32_t child_count = 0;
    std::uint32_t first_of_table = 0;
    std::uint32_t table_shift = 63;
    std::uint64_t multiplier = 0;  // 0: seeded_hash
    // Leaves.
    Fits fits = Fits::kAll;
    SlotIndex slot = kNone;  // takes the value as it is
    std::uint32_t first_part = 0;
    std::uint32_t part_count = 0;
    std::uint32_t first_literal = 0;
    std::uint32_t literal_count = 0;
    TypeIndex type = 0;  // of kType
  };
  // What an object has is told by bits if the node has not more children than this.
  static constexpr std::uint32_t kMaxBits = 64;

  // Which slots the code of a program reads, by slot.
  static std::vector<bool> slots_read_by(const Program& program);

  // Fills the slots that are read. The program must outlive the plan.
  explicit ReadPlan(const Program& program) : ReadPlan(program, slots_read_by(program)) {}
  ReadPlan(const Program& program, const std::vector<bool>& is_read);
  ReadPlan(const ReadPlan&) = delete;

  const Node& root() const { return nodes_.front(); }
  std::span<const Part> parts(const Node& node) const {
    return std::span(parts_).subspan(node.first_part, node.part_count);
  }
  // Whether `text` is one of the node's literals.
  bool is_literal(const Node& node, const json::Key& text) const {
    for (std::uint32_t i = 0; i < node.literal_count; ++i) {
      if (literals_[node.first_literal + i] == text) return true;
    }
    return false;
  }
  const Schema& schema() const { return *schema_; }

  // Whether the leaf takes an array of strings as it is.
  static bool takes_texts(const Node& node) {
    return node.part_count == 0 && (node.fits == Fits::kAll || node.fits == Fits::kStringList ||
                                    node.fits == Fits::kLiteralList);
  }
  // Different for each plan of this process.
  std::uint64_t id() const { return id_; }

  // Which child of an inner node `key` leads to, from 0; kNone if to none.
  std::uint32_t find(const Node& node, const json::Key& key) const {
    const std::uint16_t* const table = table_.data() + node.first_of_table;
    for (std::uint32_t at = place_of(node, key); table[at] != 0; ++at) {
      const std::uint32_t child = table[at] - 1U;
      if (children_[node.first_child + child].key == key) return child;
    }
    return kNone;
  }
  const Node& child(const Node& node, std::uint32_t child) const {
    return nodes_[children_[node.first_child + child].node];
  }

 private:
  class Builder;

  // Where in the node's table the search for a key begins.
  static std::uint32_t place_of(const Node& node, const json::Key& key) {
    if (node.multiplier == 0) {
      return static_cast<std::uint32_t>(seeded_hash(key) >> node.table_shift);
    }
    const std::uint64_t all =
        key.words[0] + key.words[1] * 0x9E3779B97F4A7C15 + key.size * 0xD6E8FEB86659FD93;
    return static_cast<std::uint32_t>((all * node.multiplier) >> node.table_shift);
  }
  static std::uint64_t seeded_hash(const json::Key& key);

  std::uint64_t id_;
  const Schema* schema_;
  std::vector<Node> nodes_;
  std::vector<Child> children_;
  std::vector<std::uint16_t> table_;  // child + 1; 0 is empty
  std::vector<Part> parts_;
  std::vector<json::Key> literals_;
  std::deque<std::string> texts_;  // that keys and literals point to
};

}  // namespace licet
