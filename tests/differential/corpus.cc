#include "tests/differential/corpus.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "eval/builtins.h"
#include "lang/rego_export.h"
#include "licet/sources.h"
#include "tests/cases/case_file.h"
#include "tests/differential/places.h"
#include "tests/support/paths.h"
#include "tests/support/shared_data.h"

namespace licet::differential {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// FNV-1a: the same on every machine.
std::uint32_t hash_of(const WrittenPolicy& policy) {
  std::uint32_t hash = 2166136261U;
  for (const std::string& module : policy.modules) {
    for (const char c : module) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  }
  return hash;
}

// In Licet `user` alone is input.user; the other three, too.
bool is_root_of_licet(const std::string& path) {
  const std::string first = path.substr(0, path.find('.'));
  return first == "user" || first == "model" || first == "dataset" || first == "request";
}

// Whether all it calls answers the same in every engine: nothing that Licet leaves out, no numbers
// at random, nothing that writes; and all names mean the same.
bool is_comparable(const Places& places) {
  const auto is_shared = [](const std::string& name) {
    for (const char* prefix : {"print", "trace", "rand.", "uuid.rfc4122", "internal.", "ml."}) {
      if (name.starts_with(prefix)) return false;
    }
    return find_omitted_builtin(name) == nullptr;
  };
  for (const TermPlace& place : places.of_kind<lang::ast::Call>()) {
    const auto& call = std::get<lang::ast::Call>(place.term->node);
    if (!is_shared(dotted_name(*call.function))) return false;
  }
  for (const TermPlace& place : places.of_kind<lang::ast::Variable>()) {
    if (is_root_of_licet(dotted_name(*place.term))) return false;
  }
  return std::all_of(places.withs().begin(), places.withs().end(), [&](const auto* with) {
    const std::string target = dotted_name(with->target);
    return is_shared(target) && is_shared(dotted_name(with->value)) && !is_root_of_licet(target);
  });
}

class Corpus {
 public:
  Corpus() {
    const fs::path& root = test::source_dir();
    for (const char* folder : {"tests/cases", "lang", "eval"}) {
      for (const std::string& path : test::case_files_below((root / folder).string())) cases(path);
    }
    for (const char* folder : {"bench/policies", "examples"}) folder_of_rego(root / folder);
    exported_decisions(root / "examples/registry");
    if (const auto shared = test::shared_folder()) {
      for (const char* tier : {"visible_t1", "visible_t2", "visible_t3"}) {
        conformance(fs::path(*shared) / "conformance" / (std::string(tier) + ".jsonl"));
      }
    }
    std::stable_sort(policies_.begin(), policies_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }

  const WrittenPolicy& nearest(std::uint32_t hash) const {
    const auto found = std::lower_bound(
        policies_.begin(), policies_.end(), hash,
        [](const auto& policy, std::uint32_t wanted) { return policy.first < wanted; });
    return found == policies_.end() ? policies_.front().second : found->second;
  }

 private:
  void add(WrittenPolicy policy) {
    if (policy.modules.empty() || !Json::accept(policy.data)) return;
    if (!policy.input.empty() && !Json::accept(policy.input)) return;
    for (const std::string& module : policy.modules) {
      const auto places = Places::of(module);
      if (places == nullptr || !is_comparable(*places)) return;
    }
    const std::uint32_t hash = hash_of(policy);
    policies_.emplace_back(hash, std::move(policy));
  }

  void cases(const std::string& path) {
    for (const test::Case& one : test::read_case_file(path).cases) {
      add({one.modules, one.data.empty() ? "{}" : one.data, one.input, false});
    }
  }

  // Each file alone, with what lies beside it: x.rego, x.data.json, the first of x.inputs.jsonl.
  void folder_of_rego(const fs::path& folder) {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.path().extension() == ".rego" || entry.path().extension() == ".licet") {
        paths.push_back(entry.path());
      }
    }
    std::sort(paths.begin(), paths.end());
    for (const fs::path& path : paths) {
      const std::string data = text_of(fs::path(path).replace_extension(".data.json"));
      const std::string inputs = text_of(fs::path(path).replace_extension(".inputs.jsonl"));
      add({{text_of(path)},
           data.empty() ? "{}" : data,
           inputs.substr(0, inputs.find('\n')),
           false});
    }
  }

  void exported_decisions(const fs::path& folder) {
    const auto sources = read_sources({(folder / "policy").string()});
    if (!sources) return;
    WrittenPolicy policy;
    for (const lang::SourceText& module : lang::export_rego(sources.value()).modules) {
      policy.modules.push_back(module.text);
    }
    const std::string requests = text_of(folder / "requests.jsonl");
    policy.input = requests.substr(0, requests.find('\n'));
    add(std::move(policy));
  }

  void conformance(const fs::path& path) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      const Json one = Json::parse(line);
      WrittenPolicy policy;
      policy.modules = one.value("modules", std::vector<std::string>());
      for (std::string& module : policy.modules) module = with_usual_names(std::move(module));
      if (one.value("has_data", false)) policy.data = one["data"].dump();
      if (one.value("has_input", false)) policy.input = one["input"].dump();
      policy.strict_errors = one.value("strict_error", false);
      add(std::move(policy));
    }
  }

  // __local0__ is what OPA's compiler calls its own variables.
  static std::string with_usual_names(std::string module) {
    const std::string prefix = "__local";
    for (std::size_t at = 0; (at = module.find(prefix, at)) != std::string::npos;) {
      module.replace(at, prefix.size(), "local");
    }
    return module;
  }

  static std::string text_of(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  std::vector<std::pair<std::uint32_t, WrittenPolicy>> policies_;
};

}  // namespace

const WrittenPolicy& written_policy(property::Random& random) {
  static const Corpus corpus;
  const auto high = static_cast<std::uint32_t>(random.below(1U << 16U));
  return corpus.nearest(high << 16U | static_cast<std::uint32_t>(random.below(1U << 16U)));
}

}  // namespace licet::differential
