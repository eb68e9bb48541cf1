#include "eval/request/read_plan.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <map>
#include <optional>

#include "eval/program/operands.h"
#include "eval/value_hash.h"

namespace licet {
namespace {

// Records in records beyond this are made as a whole: types may contain themselves.
constexpr int kMaxTypeDepth = 16;
// For the table of a node: odd, without a pattern. The last one stands for the seeded hash.
constexpr std::uint64_t kMultipliers[] = {0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F,
                                          0xD1B54A32D192ED03, 0xA0761D6478BD642F, 0};
// A table with a longer run than this has bad luck, or a policy that means harm.
constexpr std::uint32_t kLongestRun = 4;

std::uint64_t next_plan_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

// A node while paths and types are added.
struct Draft {
  std::map<std::string, Draft> children;
  std::vector<ReadPlan::Part> parts;  // slots at this node or at a position in it
  std::optional<TypeIndex> type;
  bool is_required = false;  // by the record around it
};

bool is_string_literal(const Schema& schema, TypeIndex index) {
  const Type& type = schema.types[index];
  return type.kind == TypeKind::kLiteral && type.literal.is_string();
}

// Strings of which the type wants one; empty if it wants anything else.
std::vector<std::string_view> string_literals(const Schema& schema, TypeIndex index) {
  const Type& type = schema.types[index];
  if (is_string_literal(schema, index)) return {type.literal.as_string()};
  std::vector<std::string_view> literals;
  if (type.kind != TypeKind::kUnion) return literals;
  for (const TypeIndex member : type.members) {
    if (!is_string_literal(schema, member)) return {};
    literals.push_back(schema.types[member].literal.as_string());
  }
  return literals;
}

void add_slot(Draft& root, const Program& program, SlotIndex slot) {
  const std::vector<Value>& path = program.slots[slot].elements;
  Draft* at = &root;
  std::size_t depth = 0;
  for (; depth < path.size() && path[depth].is_string(); ++depth) {
    at = &at->children[std::string(path[depth].as_string())];
  }
  at->parts.push_back({slot, std::span(path).subspan(depth)});
}

void add_type(Draft& draft, const Schema& schema, TypeIndex index, int depth) {
  draft.type = index;
  const Type& type = schema.types[index];
  if (type.kind != TypeKind::kRecord || depth == kMaxTypeDepth) return;
  for (const FieldType& field : type.fields) {
    Draft& child = draft.children[field.name];
    child.is_required = !field.optional;
    add_type(child, schema, field.type, depth + 1);
  }
}

void add_root_type(Draft& root, const Schema& schema, const RootType& type) {
  Draft& draft = root.children[type.name];
  const std::vector<FieldType>& fields = schema.types[type.type].fields;
  draft.is_required = std::any_of(fields.begin(), fields.end(),
                                  [](const FieldType& field) { return !field.optional; });
  add_type(draft, schema, type.type, 0);
}

}  // namespace

class ReadPlan::Builder {
 public:
  Builder(ReadPlan& plan, const Program& program) : plan_(plan), program_(program) {}

  void build(const std::vector<bool>& is_read) {
    Draft root;
    for (const RootType& type : program_.schema.roots) add_root_type(root, program_.schema, type);
    for (SlotIndex slot = 0; slot < program_.slots.size(); ++slot) {
      if (is_read[slot]) add_slot(root, program_, slot);
    }
    plan_.nodes_.emplace_back();
    finish(0, root, 0);
  }

 private:
  bool is_record(const Draft& draft) const {
    return draft.type && program_.schema.types[*draft.type].kind == TypeKind::kRecord;
  }
  bool is_any(const Draft& draft) const {
    return !draft.type || program_.schema.types[*draft.type].kind == TypeKind::kAny;
  }

  // Whether the values below are looked at one by one.
  bool is_inner(const Draft& draft) const {
    if (!draft.parts.empty()) return false;
    if (!is_record(draft) && !(is_any(draft) && !draft.children.empty())) return false;
    const bool has_required =
        std::any_of(draft.children.begin(), draft.children.end(),
                    [](const auto& child) { return child.second.is_required; });
    return draft.children.size() <= kMaxBits || !has_required;
  }

  void finish(std::uint32_t index, const Draft& draft, std::size_t depth) {
    Node node;
    node.depth = static_cast<std::uint32_t>(depth);
    if (is_inner(draft)) {
      finish_inner(node, draft);
    } else {
      finish_leaf(node, draft);
    }
    plan_.nodes_[index] = node;
  }

  void finish_inner(Node& node, const Draft& draft) {
    node.is_inner = true;
    node.is_record = is_record(draft);
    node.first_child = static_cast<std::uint32_t>(plan_.children_.size());
    node.child_count = static_cast<std::uint32_t>(draft.children.size());
    // The children of one node stand together; their own come behind them.
    const auto first_node = static_cast<std::uint32_t>(plan_.nodes_.size());
    plan_.nodes_.resize(first_node + node.child_count);
    std::uint32_t next = 0;
    for (const auto& [name, child] : draft.children) {
      if (child.is_required) node.required |= std::uint64_t{1} << next;
      plan_.children_.push_back({kept(name), first_node + next++});
    }
    add_table(node);
    next = 0;
    for (const auto& [name, child] : draft.children) {
      finish(first_node + next, child, node.depth + 1);
      const bool is_foreign = node.is_record && !child.type;
      if (is_foreign) plan_.nodes_[first_node + next] = {.fits = Fits::kNothing};
      ++next;
    }
  }

  void finish_leaf(Node& node, const Draft& draft) {
    node.first_part = static_cast<std::uint32_t>(plan_.parts_.size());
    add_parts(draft, node.depth);
    node.part_count = static_cast<std::uint32_t>(plan_.parts_.size()) - node.first_part;
    if (node.part_count == 1 && plan_.parts_.back().path.empty()) {
      node.slot = plan_.parts_.back().slot;
      node.part_count = 0;
    }
    if (node.depth == 0 && !program_.schema.roots.empty()) {
      node.fits = Fits::kRequest;
    } else if (!is_any(draft)) {
      set_fits(node, *draft.type);
    }
  }

  void add_parts(const Draft& draft, std::size_t depth) {
    for (const Part& part : draft.parts) {
      plan_.parts_.push_back(
          {part.slot, std::span(program_.slots[part.slot].elements).subspan(depth)});
    }
    for (const auto& [name, child] : draft.children) add_parts(child, depth);
  }

  void set_fits(Node& node, TypeIndex index) {
    const Type& type = program_.schema.types[index];
    node.type = index;
    node.fits = Fits::kType;
    if (type.kind == TypeKind::kString) node.fits = Fits::kString;
    if (set_literals(node, index)) node.fits = Fits::kLiterals;
    if (type.kind != TypeKind::kList) return;
    const TypeIndex element = type.members.front();
    if (program_.schema.types[element].kind == TypeKind::kString) node.fits = Fits::kStringList;
    if (set_literals(node, element)) node.fits = Fits::kLiteralList;
  }

  bool set_literals(Node& node, TypeIndex type) {
    node.first_literal = static_cast<std::uint32_t>(plan_.literals_.size());
    for (const std::string_view literal : string_literals(program_.schema, type)) {
      plan_.literals_.push_back(kept(literal));
      ++node.literal_count;
    }
    return node.literal_count > 0;
  }

  json::Key kept(std::string_view text) {
    std::string& padded = plan_.texts_.emplace_back(text);
    padded.append(json::kKeyPadding, '\0');
    return json::key_at(padded.data(), text.size());
  }

  // Linear probing at a quarter full, with room behind so that a run never wraps around.
  void add_table(Node& node) {
    const std::uint32_t size = std::bit_ceil(std::max(4 * node.child_count, 4U));
    node.table_shift = 64 - static_cast<std::uint32_t>(std::countr_zero(size));
    node.first_of_table = static_cast<std::uint32_t>(plan_.table_.size());
    for (const std::uint64_t multiplier : kMultipliers) {
      node.multiplier = multiplier;
      if (fill_table(node, size) <= kLongestRun) return;
    }
  }

  // Returns the longest run of taken places.
  std::uint32_t fill_table(const Node& node, std::uint32_t size) {
    std::vector<std::uint16_t>& table = plan_.table_;
    table.resize(node.first_of_table);
    table.resize(node.first_of_table + size + node.child_count + 1, 0);
    for (std::uint32_t child = 0; child < node.child_count; ++child) {
      const json::Key& key = plan_.children_[node.first_child + child].key;
      std::uint32_t at = node.first_of_table + plan_.place_of(node, key);
      while (table[at] != 0) ++at;
      table[at] = static_cast<std::uint16_t>(child + 1);
    }
    std::uint32_t run = 0;
    std::uint32_t longest = 0;
    for (std::uint32_t at = node.first_of_table; at < table.size(); ++at) {
      run = table[at] == 0 ? 0 : run + 1;
      longest = std::max(longest, run);
    }
    return longest;
  }

  ReadPlan& plan_;
  const Program& program_;
};

ReadPlan::ReadPlan(const Program& program, const std::vector<bool>& is_read)
    : id_(next_plan_id()), schema_(&program.schema) {
  Builder(*this, program).build(is_read);
}

std::vector<bool> ReadPlan::slots_read_by(const Program& program) {
  std::vector<bool> is_read(program.slots.size(), false);
  for (const PresenceSet& presence : program.presence_sets) {
    for (const SlotIndex slot : presence.slots) is_read[slot] = true;
  }
  for (const Instruction& i : program.code) {
    const program::OpcodeInfo& info = program::info_of(i.opcode);
    for (std::size_t p = 0; p < info.letters.size(); ++p) {
      if (info.letters[p] == 'S') is_read[program::operand(i, p)] = true;
    }
    // Puts something into the whole request.
    const bool is_deep = i.opcode == Opcode::kWithInput && !program.paths[i.extra].elements.empty();
    if (is_deep && !is_read.empty()) is_read[0] = true;
  }
  return is_read;
}

std::uint64_t ReadPlan::seeded_hash(const json::Key& key) { return hash_bytes(key.text()); }

}  // namespace licet
