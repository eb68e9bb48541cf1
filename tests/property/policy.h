// Parsed modules and what they define, by path: all that the reference evaluator knows of a policy.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lang/compile.h"
#include "lang/syntax/ast.h"
#include "tests/property/names.h"

namespace licet::property {

using Path = std::vector<std::string>;  // below `data`

struct Policy {
  struct RuleOfModule {
    const ast::Rule* rule = nullptr;
    const Path* package = nullptr;
  };
  struct DecisionOfModule {
    const ast::DecisionRule* rule = nullptr;
    const Path* package = nullptr;
  };

  std::vector<ast::Module> modules;
  std::vector<std::unique_ptr<Path>> packages;  // of the modules
  std::map<Path, std::vector<RuleOfModule>> rules;
  std::map<std::string, std::vector<DecisionOfModule>> decisions;  // by verdict, package and name
  std::map<std::string, const ast::RecordType*> schemas;           // by root
  std::map<std::string, const ast::Type*> types;

  bool is_root(const std::string& name) const;
  // What a name that is no variable stands for: a path below `data`, if a rule of the package.
  bool is_rule(const Path& package, const std::string& name) const;
  // Functions are called, not read.
  bool is_function(const Path& path) const;
  // Whether rules stand below this path.
  bool is_package(const Path& path) const;
};

// nullopt: does not parse.
std::optional<Policy> parse_policy(const std::vector<lang::SourceText>& texts);

// Parts of a rule's head: `p`, `p[key]`.
std::string name_of_head(const ast::RuleHead& head);
const ast::Term* key_of_head(const ast::RuleHead& head);  // null: none
// The key if it is known without running the rule: p["a"].
std::optional<std::string> constant_key(const ast::RuleHead& head);

}  // namespace licet::property
