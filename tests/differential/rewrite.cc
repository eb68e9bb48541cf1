#include "tests/differential/rewrite.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <sstream>

#include "eval/arena.h"
#include "eval/number.h"
#include "eval/value_json.h"
#include "tests/differential/question.h"

namespace licet::differential {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Whether `word` stands at `at`, whole, and neither below something else nor behind `with`.
bool reads(const std::string& text, std::size_t at, const std::string& word) {
  if (text.compare(at, word.size(), word) != 0) return false;
  const std::size_t end = at + word.size();
  if (end < text.size() && is_word(text[end])) return false;
  if (at > 0 && (is_word(text[at - 1]) || text[at - 1] == '.' || text[at - 1] == '"')) return false;
  return at < 5 || text.compare(at - 5, 5, "with ") != 0;
}

std::string replaced(const std::string& text, const std::string& word, const std::string& by) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (reads(text, at, word)) {
      result += by;
      at += word.size();
    } else {
      result += text[at++];
    }
  }
  return result;
}

// The end of the number that begins at `at`; `at` itself if there is none.
std::size_t number_end(const std::string& text, std::size_t at) {
  const auto digits = [&](std::size_t from) {
    while (from < text.size() && std::isdigit(static_cast<unsigned char>(text[from])) != 0) ++from;
    return from;
  };
  std::size_t end = digits(text[at] == '-' ? at + 1 : at);
  if (end == at || text[end - 1] == '-') return at;
  if (end < text.size() && text[end] == '.' && digits(end + 1) > end + 1) end = digits(end + 1);
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    const bool sign = end + 1 < text.size() && (text[end + 1] == '+' || text[end + 1] == '-');
    const std::size_t exponent = end + (sign ? 2 : 1);
    if (digits(exponent) > exponent) end = digits(exponent);
  }
  // An address, a version, a name.
  if (end < text.size() && (text[end] == '.' || is_word(text[end]))) return at;
  return end;
}

// Names of imports of documents written out.
std::string without_imports(const std::string& module) {
  static const std::regex import("import ((?:data|input)[a-z.]*) as (\\w+)\n");
  std::smatch found;
  std::string text = module;
  while (std::regex_search(text, found, import)) {
    const std::regex alias("\\b" + found[2].str() + "\\.");
    const std::string path = found[1].str() + ".";
    text = std::regex_replace(found.prefix().str() + found.suffix().str(), alias, path);
  }
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// data.p.r1.a["b"] and the like: OPA's index takes what no rule makes for a part of the data.
std::vector<std::string> parts_of_rules(const std::string& text,
                                        const std::vector<std::string>& modules) {
  std::vector<std::string> found;
  for (const std::string& module : modules) {
    const std::regex part("data\\." +
                          std::regex_replace(package_of(module), std::regex("\\."), "\\.") +
                          R"(\.\w+(?:\.\w+|\["[^"]*"\])*(?![\w(.\[]))");
    for (std::sregex_iterator at(text.begin(), text.end(), part), end; at != end; ++at) {
      const bool replaced_by_with = at->prefix().str().ends_with("with ");
      const bool is_rule =
          at->str().find_first_of(".[", 5 + package_of(module).size() + 1) == std::string::npos;
      if (!replaced_by_with && !(is_rule && at->str().find(".nothing") == std::string::npos)) {
        found.push_back(at->str());
      }
    }
  }
  return found;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace

std::string without_body(const std::string& module, std::size_t row) {
  std::vector<std::string> lines = lines_of(module);
  if (row == 0 || row > lines.size() || lines[row - 1].empty()) return module;
  std::size_t at = row - 1;
  if (lines[at].find(" := ") != std::string::npos && !lines[at].ends_with("{") &&
      !lines[at].starts_with("\t")) {
    lines[at] += " if false";
    return joined(lines);
  }
  while (at > 0 && !lines[at].empty() && !lines[at].ends_with(" {")) --at;
  if (!lines[at].ends_with(" {")) return module;
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at) + 1, "\tfalse");
  return joined(lines);
}

std::string without_literal(const std::string& module, std::size_t row) {
  std::vector<std::string> lines = lines_of(module);
  if (row == 0 || row > lines.size() || !lines[row - 1].starts_with("\t")) return module;
  lines[row - 1] = "\ttrue";
  return joined(lines);
}

std::string with_one_more_name(const std::string& module, std::size_t row) {
  std::vector<std::string> lines = lines_of(module);
  if (row == 0 || row > lines.size() || !lines[row - 1].starts_with("\tevery ")) return module;
  const std::size_t brace = lines[row - 1].find(" { ");  // no set and no object begins so
  std::size_t head = row - 1;
  while (head > 0 && lines[head].starts_with("\t")) --head;
  if (brace == std::string::npos || !lines[head].ends_with(" {")) return module;
  lines[row - 1].insert(brace + 3, "x78 == 1; ");
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(head) + 1, "\tx78 = 1");
  return joined(lines);
}

std::vector<std::string> with_word(std::vector<std::string> modules, const std::string& word,
                                   const std::string& by) {
  for (std::string& module : modules) {
    for (std::size_t at = 0; (at = module.find(word, at)) != std::string::npos; at += by.size()) {
      module.replace(at, word.size(), by);
    }
  }
  return modules;
}

std::string with_whole_paths(const std::string& module) {
  static const std::regex name("(^|[^\\w.])(r\\d+)\\b");
  const std::string package = package_of(module);
  std::string text;
  for (const std::string& line : lines_of(without_imports(module))) {
    // A head begins its line.
    const std::string keyword = "default ";
    const std::size_t begin = line.starts_with(keyword) ? keyword.size() : 0;
    const std::size_t head =
        line.substr(begin).starts_with("r") ? line.find_first_of(" .[(", begin) : begin;
    const std::size_t rest = std::min(head, line.size());
    text += line.substr(0, rest) +
            std::regex_replace(line.substr(rest), name, "$1data." + package + ".$2") + "\n";
  }
  return text;
}

std::vector<std::string> without_index(const std::vector<std::string>& modules,
                                       const std::string& data) {
  Arena arena;
  const auto loaded = value_from_json(data, arena);
  std::vector<std::string> keys;
  if (loaded && loaded.value().is_object()) {
    for (const Entry& entry : loaded.value().entries()) {
      // What has rules, too, is read with them.
      const std::string key(entry.key.as_string());
      const bool has_rules =
          std::any_of(modules.begin(), modules.end(), [&](const std::string& module) {
            return (package_of(module) + ".").starts_with(key + ".");
          });
      if (!has_rules) keys.push_back(key);
    }
  }
  std::vector<std::string> result;
  std::vector<std::string> parts;
  for (const std::string& module : modules) {
    std::string text = with_whole_paths(module);
    for (const std::string& part : parts_of_rules(text, modules)) {
      const auto known = std::find(parts.begin(), parts.end(), part);
      const auto index = std::to_string(known - parts.begin());
      if (known == parts.end()) parts.push_back(part);
      text = replaced(text, part, "data.unindexed.part_" + index);
    }
    text = replaced(text, "input", "data.unindexed.request");
    for (const std::string& key : keys) {
      text = replaced(text, "data." + key, "data.unindexed.loaded_" + key);
    }
    result.push_back(std::move(text));
  }
  std::string unindexed = "package unindexed\n\nrequest := input\n";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    unindexed += "\npart_" + std::to_string(i) + " := " + parts[i] + "\n";
  }
  for (const std::string& key : keys) unindexed += "\nloaded_" + key + " := data." + key + "\n";
  result.push_back(std::move(unindexed));
  return result;
}

std::string without_comprehension_index(const std::string& module) {
  std::vector<std::string> lines = lines_of(module);
  for (std::string& line : lines) {
    const bool literal = line.starts_with("\t") && !line.starts_with("\t\"") &&
                         !line.ends_with("{") && !line.ends_with(",");
    if (literal && line.find(" | ") != std::string::npos &&
        line.find(" with ") == std::string::npos) {
      line += " with data.unindexed as null";
    }
  }
  return joined(lines);
}

std::string with_ascii(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      result += c;
    } else if (byte >= 0xC0) {
      result += 'e';  // for all of the character
    }
  }
  return result;
}

std::string with_text_keys(const std::string& module) {
  static const std::regex key("^(\\w+(?:\\.\\w+)*)\\[(-?\\d[\\d.e]*|true|false|null)\\]");
  std::vector<std::string> lines = lines_of(module);
  for (std::string& line : lines) line = std::regex_replace(line, key, "$1[\"$2\"]");
  return joined(lines);
}

std::string with_texts_for_numbers(const std::string& module) {
  static const std::regex key(R"((\.\w+)\[(-?\d[\d.e]*)\])");
  return std::regex_replace(module, key, "$1[\"$2\"]");
}

std::vector<std::string> without_true(std::vector<std::string> modules) {
  for (std::string& module : modules) {
    module = replaced(replaced(module, "not true", "not 1"), "true with", "1 with");
  }
  return modules;
}

std::string with_plain_numbers(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const bool inside = at > 0 && (is_word(text[at - 1]) || text[at - 1] == '.');
    const std::size_t end = inside ? at : number_end(text, at);
    if (end == at) {
      result += text[at++];
      continue;
    }
    const std::string number = text.substr(at, end - at);
    Arena arena;
    const auto value = number_from_text(number, arena);
    result += value ? rego_text(*value) : number;
    at = end;
  }
  return result;
}

}  // namespace licet::differential
