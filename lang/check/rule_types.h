// The types of rules by the path they define below `data`: a tree that fills up while the rules
// are checked, those that others need first.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "lang/check/static_type.h"

namespace licet::lang::check {

struct RuleTypeNode {
  std::map<Value, std::unique_ptr<RuleTypeNode>> children;
  TypePtr type;  // of the rules whose path ends here; null: none

  const RuleTypeNode* child(const Value& key) const;
};

class RuleTypes {
 public:
  const RuleTypeNode& root() const { return root_; }

  // A rule at `path` has this type: joined with what is known there, above and below.
  void insert(const std::vector<Value>& path, const TypePtr& type);
  // What is at `path` has this type, whatever is known there. An undefined key is one that no
  // reference has.
  void put(const std::vector<Value>& path, TypePtr type) { at(path).type = std::move(type); }

  // What a node and all below it make: its type, or an object of its children.
  static TypePtr extent(const RuleTypeNode& node);

 private:
  RuleTypeNode& at(const std::vector<Value>& path);

  RuleTypeNode root_;
};

}  // namespace licet::lang::check
