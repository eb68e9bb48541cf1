#include "eval/request_layout.h"

#include <algorithm>
#include <atomic>
#include <map>

#include "eval/path_text.h"
#include "eval/request/read_plan.h"

namespace licet {
namespace {

std::uint64_t next_layout_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

bool is_prefix(const std::vector<std::string>& prefix, const std::vector<std::string>& of) {
  return prefix.size() <= of.size() && std::equal(prefix.begin(), prefix.end(), of.begin());
}

bool overlap(const Attribute& a, const Attribute& b) {
  return is_prefix(a.path, b.path) || is_prefix(b.path, a.path);
}

}  // namespace

std::optional<Attribute> UnreadAttributes::find_or_add(Attribute attribute, CellIndex first_cell) {
  const std::lock_guard lock(mutex_);
  const std::span<const Attribute> known = all();
  for (const Attribute& one : known) {
    if (one.path == attribute.path) return one;
    if (overlap(one, attribute)) return std::nullopt;
  }
  if (known.size() == kMost) return std::nullopt;
  attribute.cell = first_cell + static_cast<CellIndex>(known.size());
  attribute.needs_document = false;
  attributes_[known.size()] = attribute;
  count_.store(known.size() + 1, std::memory_order_release);
  return attribute;
}

class RequestLayout::Builder {
 public:
  explicit Builder(RequestLayout& layout) : layout_(layout), program_(*layout.program_) {}

  void build() {
    add_schema();
    find_read_slots();
    add_slots();
    layout_.cell_count_ = program_.slots.size();
    for (Attribute& attribute : layout_.attributes_) settle(attribute);
    layout_.first_unread_cell_ = static_cast<CellIndex>(layout_.cell_count_);
    layout_.cell_count_ += UnreadAttributes::kMost;
    layout_.required_cells_.resize(layout_.cell_count_);
    bool has_required_part = false;  // that can only be seen in the whole
    for (const Attribute& attribute : layout_.attributes_) {
      if (!attribute.is_required) continue;
      if (attribute.cell) layout_.required_cells_.add(*attribute.cell);
      has_required_part |= !attribute.cell;
    }
    layout_.always_needs_document_ = reads_whole_ || has_bare_record_ || has_required_part;
  }

 private:
  enum class Required { kYes, kNo, kWithSiblings };

  void add_schema() {
    for (const RootType& root : program_.schema.roots) {
      add_type({root.name}, root.type, Required::kYes, /*is_private=*/false, 0);
    }
  }

  // Leaves of the schema become attributes. Returns how many of them are required.
  std::size_t add_type(const std::vector<std::string>& path, TypeIndex index, Required required,
                       bool is_private, int depth) {
    constexpr int kMaxDepth = 16;  // types may contain themselves
    const Type& type = program_.schema.types[index];
    Attribute attribute{.path = path,
                        .text = text_from_path(path),
                        .type = index,
                        .is_private = is_private,
                        .is_required = required == Required::kYes && type.kind != TypeKind::kRecord,
                        .is_read = false,
                        .cell = {},
                        .needs_document = required == Required::kWithSiblings};
    const bool counts = attribute.is_required;
    add(std::move(attribute));
    if (type.kind != TypeKind::kRecord || depth == kMaxDepth) return counts ? 1 : 0;
    std::size_t count = 0;
    for (const FieldType& field : type.fields) {
      std::vector<std::string> below = path;
      below.push_back(field.name);
      count += add_type(below, field.type, required_below(required, field),
                        is_private || field.redact || field.token, depth + 1);
    }
    // A record that must be there although nothing in it must.
    if (required == Required::kYes && count == 0 && depth > 0) has_bare_record_ = true;
    return count;
  }

  // Below an optional record an attribute can need its siblings.
  Required required_below(Required outer, const FieldType& field) const {
    if (outer == Required::kWithSiblings) return outer;
    if (!field.optional) return outer;
    return program_.schema.types[field.type].kind == TypeKind::kRecord ? Required::kWithSiblings
                                                                       : Required::kNo;
  }

  void add(Attribute attribute) {
    const auto index = static_cast<AttributeIndex>(layout_.attributes_.size());
    if (!layout_.by_text_.emplace(attribute.text, index).second) return;
    layout_.attributes_.push_back(std::move(attribute));
  }

  void find_read_slots() {
    const std::vector<bool> read = ReadPlan::slots_read_by(program_);
    for (SlotIndex slot = 0; slot < read.size(); ++slot) {
      if (read[slot]) add_read_slot(slot);
    }
  }

  void add_read_slot(SlotIndex slot) {
    std::vector<std::string> path;
    for (const Value& element : program_.slots[slot].elements) {
      if (!element.is_string()) break;  // user.roles[0] reads user.roles
      path.emplace_back(element.as_string());
    }
    if (path.empty()) {
      reads_whole_ = true;
    } else {
      const bool exact = path.size() == program_.slots[slot].elements.size();
      read_.emplace(std::move(path), exact ? std::optional(slot) : std::nullopt);
    }
  }

  void add_slots() {
    for (const auto& [path, slot] : read_) {
      Attribute attribute;
      attribute.path = path;
      attribute.text = text_from_path(path);
      add(std::move(attribute));
    }
  }

  // An attribute goes straight to its cell if no other slot lies above or below it.
  void settle(Attribute& attribute) {
    attribute.is_read = read_.contains(attribute.path);
    for (std::size_t size = 1; size < attribute.path.size(); ++size) {
      const std::vector<std::string> above(
          attribute.path.begin(), attribute.path.begin() + static_cast<std::ptrdiff_t>(size));
      if (read_.contains(above)) attribute.needs_document = true;
    }
    std::size_t at_or_below = 0;
    for (auto at = read_.lower_bound(attribute.path);
         at != read_.end() && is_prefix(attribute.path, at->first) && at_or_below < 2; ++at) {
      ++at_or_below;
      if (at->first == attribute.path && at->second) attribute.cell = at->second;
    }
    if (at_or_below > (attribute.cell ? 1U : 0U)) attribute.needs_document = true;
    if (attribute.needs_document) {
      attribute.cell.reset();
    } else if (!attribute.cell) {
      attribute.cell = static_cast<CellIndex>(layout_.cell_count_++);
    }
  }

  RequestLayout& layout_;
  const Program& program_;
  // Paths that are read; with the slot, unless it reads only a part.
  std::multimap<std::vector<std::string>, std::optional<SlotIndex>> read_;
  bool reads_whole_ = false;
  bool has_bare_record_ = false;
};

RequestLayout::RequestLayout(std::shared_ptr<const Program> program)
    : program_(std::move(program)), id_(next_layout_id()) {
  Builder(*this).build();
}

std::optional<AttributeIndex> RequestLayout::find(const std::string& path_text) const {
  const auto found = by_text_.find(path_text);
  if (found == by_text_.end()) return std::nullopt;
  return found->second;
}

namespace {

AttributeError unknown_attribute(const Schema& schema, const std::vector<std::string>& path,
                                 const std::string& text) {
  std::string message = "unknown attribute `" + text + "`";
  TypeIndex type = 0;
  for (const RootType& root : schema.roots) {
    if (root.name == path.front()) type = root.type;
  }
  for (std::size_t i = 1; i < path.size(); ++i) {
    const std::vector<FieldType>& fields = schema.types[type].fields;
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const FieldType& f) { return f.name == path[i]; });
    if (field != fields.end()) {
      type = field->type;
      continue;
    }
    std::vector<std::string_view> names;
    for (const FieldType& f : fields) names.push_back(f.name);
    const std::string_view meant = suggestion(path[i], names);
    if (!meant.empty()) message += ": did you mean `" + std::string(meant) + "`?";
    break;
  }
  return {text, message};
}

}  // namespace

Result<Attribute, AttributeError> RequestLayout::attribute(std::string_view path_text) const {
  const auto path = path_from_text(path_text);
  if (!path || path->empty()) {
    return Failure{AttributeError{std::string(path_text),
                                  "`" + std::string(path_text) + "` is no attribute path"}};
  }
  const std::string text = text_from_path(*path);
  if (const auto index = find(text)) return attributes_[*index];
  // Below what a schema describes there is only what it describes; in a map or a value of any
  // type there can be everything.
  for (std::size_t size = path->size(); size-- > 1;) {
    const auto above = find(text_from_path(std::span(*path).first(size)));
    if (!above || !attributes_[*above].type) continue;
    const Type& type = program_->schema.types[*attributes_[*above].type];
    if (type.kind == TypeKind::kMap || type.kind == TypeKind::kAny) break;
    return Failure{unknown_attribute(program_->schema, *path, text)};
  }
  Attribute attribute;
  attribute.path = *path;
  attribute.text = text;
  attribute.needs_document = true;
  if (!stands_alone(attribute)) return attribute;
  return unread_.find_or_add(attribute, first_unread_cell_).value_or(attribute);
}

// No policy and no schema looks at it, or at what it lies in or has in it.
bool RequestLayout::stands_alone(const Attribute& attribute) const {
  if (always_needs_document_) return false;
  return std::none_of(attributes_.begin(), attributes_.end(), [&](const Attribute& known) {
    return (known.is_read || known.type) && overlap(known, attribute);
  });
}

}  // namespace licet
