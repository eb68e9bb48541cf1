#include "tests/differential/mutated.h"

#include <algorithm>
#include <cctype>

#include "tests/differential/mutate.h"
#include "tests/differential/places.h"

namespace licet::differential {
namespace {

void add_new(std::vector<std::string>& list, std::string text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
}

bool is_plain(const std::string& path) {
  return std::all_of(path.begin(), path.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
  });
}

// The rules that are documents, and their packages; those that are asked for with names alone.
std::vector<std::string> documents_of(const std::vector<std::string>& modules) {
  std::vector<std::string> documents;
  std::vector<std::string> packages;
  for (const std::string& module : modules) {
    const auto places = Places::of(module);
    if (places == nullptr || !is_plain(package_path(places->module()))) continue;
    const std::string path = package_path(places->module());
    add_new(packages, path);
    for (const lang::ast::Rule* rule : places->rules()) {
      const std::string name = name_of(rule->head);
      if (!rule->head.arguments && !name.empty()) add_new(documents, path + "." + name);
    }
  }
  documents.insert(documents.end(), packages.begin(), packages.end());
  return documents;
}

bool needs_experimental_keywords(const std::vector<std::string>& modules) {
  static const std::vector<std::string> kImports = {"rego.v2", "future.keywords.and",
                                                    "future.keywords.or", "future.keywords.not"};
  return std::any_of(modules.begin(), modules.end(), [](const std::string& module) {
    return std::any_of(kImports.begin(), kImports.end(), [&](const std::string& name) {
      return module.find("import " + name) != std::string::npos;
    });
  });
}

}  // namespace

Question mutated_question(property::Random& random) {
  const WrittenPolicy& written = written_policy(random);
  const WrittenPolicy policy = shortened(mutated(written, written_policy(random), random), random);
  Question question;
  question.data = policy.data;
  question.input = policy.input;
  question.strict_errors = policy.strict_errors;
  // Most of them as `licet fmt` writes them, with a literal a line.
  const bool formatted = random.below(4) != 3;
  bool parses = true;
  for (const std::string& module : policy.modules) {
    const auto places = Places::of(module);
    parses &= places != nullptr;
    question.modules.push_back(places != nullptr && formatted ? places->formatted() : module);
  }
  question.experimental = needs_experimental_keywords(question.modules);
  question.documents = documents_of(question.modules);
  if (question.documents.empty()) question.documents = {"data"};
  // What cannot be read is the same for all documents.
  const std::size_t most = parses ? 5 : 1;
  if (question.documents.size() > most) {
    const auto first = static_cast<std::ptrdiff_t>(random.below(question.documents.size()));
    std::rotate(question.documents.begin(), question.documents.begin() + first,
                question.documents.end());
    question.documents.resize(most);
  }
  return question;
}

}  // namespace licet::differential
