#include "lang/check/rule_types.h"

#include <algorithm>

namespace licet::lang::check {
namespace {

bool has_only_further_keys(const StaticType& type) {
  return type.shape == Shape::kObject && type.properties.empty();
}

// The union with one member replaced by another type.
TypePtr with_member(const StaticType& all, const TypePtr& old, const TypePtr& now) {
  TypePtr result;
  for (const TypePtr& member : all.parts) result = either(result, member == old ? now : member);
  return result;
}

// The type of two rules of one path together. Sets and objects of rules that add to one document
// become one set or object; everything else is one or the other.
TypePtr merged(const TypePtr& a, const TypePtr& b) {
  if (a == nullptr) return b;
  if (b == nullptr) return a;
  if (a->shape == Shape::kSet && b->shape == Shape::kSet) return set_type(either(a->rest, b->rest));
  if (a->shape == Shape::kAny && b->shape != Shape::kAny) return merged(b, a);
  if (!has_only_further_keys(*a)) return either(a, b);
  if (has_only_further_keys(*b)) {
    if (!a->open) return b;
    if (!b->open) return a;
    return open_object_type({}, either(a->key, b->key), merged(a->rest, b->rest));
  }
  if (b->shape == Shape::kAny && a->open) {
    for (const TypePtr& member : b->parts) {
      if (!has_only_further_keys(*member) || !member->open) continue;
      return with_member(
          *b, member,
          open_object_type({}, either(member->key, a->key), either(member->rest, a->rest)));
    }
  }
  return either(a, b);
}

// The object with one more key at a path below it, as further keys of unknown number.
TypePtr with_path(const StaticType& object, std::span<const Value> path, const TypePtr& type) {
  const TypePtr key = type_of_value(path.front());
  const TypePtr below = path.size() == 1 ? type : with_path(StaticType{}, path.subspan(1), type);
  return open_object_type(object.properties, either(object.key, key), either(object.rest, below));
}

void add_leaves(TypePtr& object, const RuleTypeNode& node, std::vector<Value>& path) {
  for (const auto& [key, child] : node.children) {
    if (object->shape != Shape::kObject) return;
    path.push_back(key);
    if (child->type != nullptr) {
      object = with_path(*object, path, child->type);
    } else {
      add_leaves(object, *child, path);
    }
    path.pop_back();
  }
}

}  // namespace

const RuleTypeNode* RuleTypeNode::child(const Value& key) const {
  const auto found = children.find(key);
  return found == children.end() ? nullptr : found->second.get();
}

RuleTypeNode& RuleTypes::at(const std::vector<Value>& path) {
  RuleTypeNode* node = &root_;
  for (const Value& key : path) {
    auto& child = node->children[key];
    if (!child) child = std::make_unique<RuleTypeNode>();
    node = child.get();
  }
  return *node;
}

void RuleTypes::insert(const std::vector<Value>& path, const TypePtr& type) {
  RuleTypeNode* node = &root_;
  for (std::size_t i = 0; i < path.size(); ++i) {
    auto& child = node->children[path[i]];
    if (!child) {
      child = std::make_unique<RuleTypeNode>();
    } else if (child->type != nullptr && i + 1 < path.size() &&
               child->type->shape == Shape::kObject) {
      child->type = with_path(*child->type, std::span(path).subspan(i + 1), type);
    }
    node = child.get();
  }
  node->type = merged(node->type, type);
  if (node->type != nullptr && type->shape == Shape::kObject) {
    std::vector<Value> below;
    add_leaves(node->type, *node, below);
  }
}

TypePtr RuleTypes::extent(const RuleTypeNode& node) {
  if (node.type != nullptr) return node.type;
  std::vector<Property> properties;
  std::uint64_t weight = 0;
  for (const auto& [key, child] : node.children) {
    if (!key.is_string() && !key.is_number() && !key.is_bool()) continue;
    TypePtr type = extent(*child);
    weight += 1 + (type == nullptr ? 0 : type->weight);
    if (weight > kMaxTypeWeight) return anything();
    properties.push_back({key, std::move(type)});
  }
  return open_object_type(std::move(properties), scalar_type(Shape::kString), anything());
}

}  // namespace licet::lang::check
