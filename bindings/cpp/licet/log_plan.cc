// From a program's slots and schema to what its log entries say.
#include "licet/log_plan.h"

#include <algorithm>

#include "eval/path_text.h"
#include "licet/log.h"

namespace licet {
namespace {

using Elements = std::vector<std::string>;

bool reads_whole_request(const Program& program) {
  return std::any_of(program.code.begin(), program.code.end(), [](const Instruction& instruction) {
    return instruction.opcode == Opcode::kLoadSlot && instruction.extra == 0;
  });
}

bool is_below(const Elements& inner, const Elements& outer) {
  return inner.size() >= outer.size() && std::equal(outer.begin(), outer.end(), inner.begin());
}

// Drops what lies inside of something else that is logged.
void keep_outermost(std::vector<Elements>& paths) {
  std::sort(paths.begin(), paths.end());
  std::vector<Elements> kept;
  for (Elements& path : paths) {
    if (kept.empty() || !is_below(path, kept.back())) kept.push_back(std::move(path));
  }
  paths = std::move(kept);
}

log::Mask mask_of(const FieldType& field) {
  if (field.redact) return log::Mask::kRedact;
  if (field.is_protected) return log::Mask::kEncrypt;
  return field.token ? log::Mask::kToken : log::Mask::kNone;
}

class Masks {
 public:
  explicit Masks(const Schema& schema) : schema_(schema) {
    for (const RootType& root : schema_.roots) add(root.type, whole_.fields[root.name], 0);
  }

  void encrypt(const Elements& path) {
    log::MaskTree* tree = &whole_;
    for (const std::string& key : path) tree = &tree->fields[key];
    tree->mask = std::max(tree->mask, log::Mask::kEncrypt);
  }

  // The mask of a value at `path`, and of all that is inside of it.
  log::MaskTree at(const Elements& path) {
    log::MaskTree* tree = &whole_;
    for (const std::string& key : path) {
      const auto field = tree->fields.find(key);
      log::MaskTree* const inner =
          field != tree->fields.end() ? &field->second : tree->elements.get();
      log::MaskTree outer;
      outer.mask = tree->mask;
      if (inner == nullptr) return outer;
      // What is said of a value holds for its parts.
      inner->mask = std::max(inner->mask, tree->mask);
      tree = inner;
    }
    return copy(*tree);
  }

 private:
  static constexpr int kMaxDepth = 64;  // of types that contain themselves

  void add(TypeIndex index, log::MaskTree& tree, int depth) const {
    if (depth > kMaxDepth) return;
    const Type& type = schema_.types[index];
    if (type.kind == TypeKind::kUnion) {
      for (const TypeIndex member : type.members) add(member, tree, depth + 1);
    }
    if (type.kind == TypeKind::kList || type.kind == TypeKind::kMap) {
      if (!tree.elements) tree.elements = std::make_unique<log::MaskTree>();
      add(type.members[0], *tree.elements, depth + 1);
      drop_if_nothing(tree);
    }
    for (const FieldType& field : type.fields) {
      log::MaskTree& inner = tree.fields[field.name];
      inner.mask = std::max(inner.mask, mask_of(field));
      add(field.type, inner, depth + 1);
    }
  }

  static log::MaskTree copy(const log::MaskTree& tree) {
    log::MaskTree result;
    result.mask = tree.mask;
    for (const auto& [name, field] : tree.fields) result.fields.emplace(name, copy(field));
    if (tree.elements) result.elements = std::make_unique<log::MaskTree>(copy(*tree.elements));
    return result;
  }

  static void drop_if_nothing(log::MaskTree& tree) {
    if (tree.elements && tree.elements->hides_nothing()) tree.elements.reset();
  }

  const Schema& schema_;
  log::MaskTree whole_;
};

// Fields that hide nothing take time for each value.
void prune(log::MaskTree& tree) {
  for (auto& [name, field] : tree.fields) prune(field);
  std::erase_if(tree.fields, [](const auto& field) { return field.second.hides_nothing(); });
  if (!tree.elements) return;
  prune(*tree.elements);
  if (tree.elements->hides_nothing()) tree.elements.reset();
}

}  // namespace

namespace {

// The outermost paths that policies read or the settings name, and the subject's.
std::vector<Elements> logged_paths(const Program& program, const RequestLayout& layout,
                                   const LogSettings& settings,
                                   const std::optional<Elements>& subject) {
  std::vector<Elements> paths;
  if (reads_whole_request(program)) paths.emplace_back();
  for (const Attribute& attribute : layout.attributes()) {
    if (attribute.is_read) paths.push_back(attribute.path);
  }
  for (const std::string& also : settings.also) {
    if (auto elements = path_from_text(also)) paths.push_back(*std::move(elements));
  }
  keep_outermost(paths);
  // The subject has a place of its own also where a larger value contains it.
  if (subject && std::find(paths.begin(), paths.end(), *subject) == paths.end()) {
    paths.push_back(*subject);
  }
  return paths;
}

// The slot whose path this is, exactly.
std::optional<CellIndex> slot_of(const Program& program, const Elements& elements) {
  for (SlotIndex slot = 0; slot < program.slots.size(); ++slot) {
    const std::vector<Value>& path = program.slots[slot].elements;
    const bool is_same = std::equal(path.begin(), path.end(), elements.begin(), elements.end(),
                                    [](const Value& value, const std::string& key) {
                                      return value.is_string() && value.as_string() == key;
                                    });
    if (is_same) return slot;
  }
  return std::nullopt;
}

LogPlan::Sought sought_at(std::uint32_t path, const Elements& elements,
                          const RequestLayout& layout) {
  LogPlan::Sought sought;
  sought.path = path;
  sought.keys = elements;
  for (const Attribute& attribute : layout.attributes()) {
    if (attribute.path == elements && attribute.cell) {
      sought.cell = attribute.cell;
    } else if (attribute.cell &&
               (is_below(attribute.path, elements) || is_below(elements, attribute.path))) {
      sought.may_overlap = true;
    }
  }
  return sought;
}

}  // namespace

std::shared_ptr<const LogPlan> log_plan_for(std::shared_ptr<const Program> program,
                                            const LogSettings& settings) {
  const RequestLayout layout(program);
  const auto subject = path_from_text(settings.subject);
  auto entries = std::make_shared<log::ReadPlan>();
  entries->revision = program->revision;
  for (const DecisionRule& rule : program->decision_rules) {
    entries->rules.push_back(rule.package + "." + rule.name);
  }
  Masks masks(program->schema);
  for (const std::string& personal : settings.encrypt) {
    if (const auto elements = path_from_text(personal)) masks.encrypt(*elements);
  }
  auto plan = std::make_shared<LogPlan>();
  for (const Elements& elements : logged_paths(*program, layout, settings, subject)) {
    const auto index = static_cast<std::uint32_t>(entries->paths.size());
    if (subject && elements == *subject) entries->subject = index;
    log::ReadPath& path = entries->paths.emplace_back();
    path.text = elements.empty() ? "input" : text_from_path(elements);
    path.mask = masks.at(elements);
    prune(path.mask);
    const auto known = layout.find(path.text);
    const auto slot = slot_of(*program, elements);
    if (slot && known && layout.attributes()[*known].cell == slot) {
      plan->ready.push_back({.cell = *slot, .path = index, .keys = elements});
    } else {
      plan->sought.push_back(sought_at(index, elements, layout));
      plan->any_overlap = plan->any_overlap || plan->sought.back().may_overlap;
    }
  }
  entries->settle();
  for (LogPlan::Ready& ready : plan->ready) {
    ready.may_be_text = ready.path <= UINT16_MAX && entries->keys[ready.path].hides_nothing;
  }
  std::sort(plan->ready.begin(), plan->ready.end(),
            [&](const LogPlan::Ready& a, const LogPlan::Ready& b) {
              return entries->keys[a.path].rank < entries->keys[b.path].rank;
            });
  plan->program = std::move(program);
  plan->entries = std::move(entries);
  return plan;
}

}  // namespace licet
