// All builtins by name and by number. A family is added by a line in families.h and one here.
#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "eval/builtins.h"
#include "eval/builtins/builtin.h"
#include "eval/builtins/families.h"
#include "eval/builtins/signature.h"

namespace licet {
namespace {

using builtins::Family;
using builtins::Row;

std::vector<Family> families() {
  using namespace builtins;
  return {
      aggregates_family(), arithmetic_family(), arrays_family(),      base64_family(),
      bits_family(),       casts_family(),      cidr_family(),        comparison_family(),
      crypto_family(),     glob_family(),       graph_family(),       hex_family(),
      json_family(),       json_patch_family(), json_path_family(),   json_schema_family(),
      numbers_family(),    objects_family(),    omitted_family(),     print_family(),
      random_family(),     regex_family(),      regex_globs_family(), replace_family(),
      search_family(),     semver_family(),     sets_family(),        sprintf_family(),
      strings_family(),    template_family(),   time_family(),        trim_family(),
      types_family(),      units_family(),      uri_family(),         urlquery_family(),
      walk_family(),       yaml_family(),
  };
}

// The answers to every question about builtins; built once, then only read, by any thread.
class Registry {
 public:
  Registry() {
    for (const Family family : families()) {
      for (const Row& row : family) add(row);
    }
    for (const BuiltinInfo& info : infos_) by_name_.emplace(info.name, info.id);
  }

  const std::vector<BuiltinInfo>& infos() const { return infos_; }
  const Row& row(BuiltinId id) const { return *rows_[static_cast<std::size_t>(id)]; }
  const std::vector<std::uint16_t>& kinds(BuiltinId id) const {
    return kinds_[static_cast<std::size_t>(id)];
  }
  const std::vector<std::uint16_t>& kinds_to_check(BuiltinId id) const {
    return kinds_to_check_[static_cast<std::size_t>(id)];
  }
  const BuiltinInfo* find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &infos_[static_cast<std::size_t>(found->second)];
  }

 private:
  void add(const Row& row) {
    kinds_.push_back(builtins::accepted_kinds_of(row.signature));
    kinds_to_check_.push_back(kinds_.back());
    if (row.operand_check == builtins::OperandCheck::kByFunction) {
      std::fill(kinds_to_check_.back().begin(), kinds_to_check_.back().end(), UINT16_MAX);
    }
    infos_.push_back({.id = static_cast<BuiltinId>(rows_.size()),
                      .name = row.name,
                      .signature = row.signature,
                      .trait = row.trait,
                      .arity = static_cast<std::uint8_t>(kinds_.back().size()),
                      .infix = row.infix});
    rows_.push_back(&row);
  }

  std::vector<const Row*> rows_;
  std::vector<BuiltinInfo> infos_;
  std::vector<std::vector<std::uint16_t>> kinds_;           // by the signature
  std::vector<std::vector<std::uint16_t>> kinds_to_check_;  // before a call
  std::unordered_map<std::string_view, BuiltinId> by_name_;
};

const Registry& registry() {
  static const Registry all;
  return all;
}

}  // namespace

const BuiltinInfo* find_builtin(std::string_view name) { return registry().find(name); }

const std::vector<BuiltinInfo>& all_builtins() { return registry().infos(); }

std::uint16_t accepted_kinds(BuiltinId id, std::size_t argument) {
  return registry().kinds(id)[argument];
}

namespace builtins {

const Row& row_of(BuiltinId id) { return registry().row(id); }

std::span<const std::uint16_t> accepted_kinds(BuiltinId id) {
  return registry().kinds_to_check(id);
}

}  // namespace builtins
}  // namespace licet
