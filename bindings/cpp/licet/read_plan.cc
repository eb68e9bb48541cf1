// From a program's slots and schema to what its log entries say.
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

// The constant part of a slot's path, up to the first element that is not a key.
Elements elements_of(const Path& path) {
  Elements elements;
  for (const Value& element : path.elements) {
    if (!element.is_string()) break;
    elements.emplace_back(element.as_string());
  }
  return elements;
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

std::shared_ptr<const log::ReadPlan> read_plan_for(const Program& program,
                                                   const LogSettings& settings) {
  std::vector<Elements> paths;
  const bool has_whole = reads_whole_request(program);
  for (std::size_t i = 0; i < program.slots.size(); ++i) {
    Elements elements = elements_of(program.slots[i]);
    if (!elements.empty() || has_whole) paths.push_back(std::move(elements));
  }
  for (const std::string& also : settings.also) {
    if (auto elements = path_from_text(also)) paths.push_back(*std::move(elements));
  }
  const auto subject = path_from_text(settings.subject);
  keep_outermost(paths);
  // The subject has a place of its own also where a larger value contains it.
  if (subject && std::find(paths.begin(), paths.end(), *subject) == paths.end()) {
    paths.push_back(*subject);
  }
  auto plan = std::make_shared<log::ReadPlan>();
  plan->revision = program.revision;
  Masks masks(program.schema);
  for (const std::string& personal : settings.encrypt) {
    if (const auto elements = path_from_text(personal)) masks.encrypt(*elements);
  }
  for (const Elements& elements : paths) {
    if (subject && elements == *subject) {
      plan->subject = static_cast<std::uint32_t>(plan->paths.size());
    }
    log::ReadPath& path = plan->paths.emplace_back();
    path.text = elements.empty() ? "input" : text_from_path(elements);
    path.mask = masks.at(elements);
    prune(path.mask);
  }
  return plan;
}

}  // namespace licet
