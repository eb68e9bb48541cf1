#include "tests/differential/generate.h"

#include <filesystem>
#include <fstream>
#include <set>

#include "lang/rego_export.h"
#include "licet/sources.h"
#include "tests/differential/mutated.h"
#include "tests/differential/writer.h"
#include "tests/property/reference.h"
#include "tests/support/paths.h"

namespace licet::differential {
namespace {

using Kind = Known::Kind;

struct Package {
  std::string name;  // p.sub
  std::string text;
};

class Generator {
 public:
  Generator(Random& random, Style style)
      : random_(random), writer_(random, style == Style::kWild ? 12 : 0) {}

  Question question() {
    Question result;
    result.experimental = random_.below(6) == 5;
    if (result.experimental) writer_.use_logic();
    result.strict_errors = random_.below(8) == 7;
    static const std::vector<std::string> names = {"p", "q", "p.sub", "p"};
    for (std::size_t n = 1 + random_.below(3); n > 0; --n) {
      packages_.push_back({names[packages_.size()], ""});
    }
    for (std::size_t n = 1 + random_.below(5); n > 0; --n) add_rules();
    for (const Package& package : packages_) {
      result.modules.push_back(module_text(package, result.experimental));
    }
    const std::string base = random_.below(6) == 5 ? R"(, "p": {"base": 1, "sub": {"z": 3}})" : "";
    result.data = "{\"d\": " + document_text(random_, 5) + base + "}";
    if (random_.below(20) != 19) result.input = document_text(random_, 12);
    result.documents.assign(documents_.begin(), documents_.end());
    if (random_.below(4) == 3) result.documents.emplace_back("data.p");
    return result;
  }

 private:
  using Locals = Writer::Locals;

  std::string module_text(const Package& package, bool experimental) {
    static const std::vector<std::string> with_logic = {
        "import rego.v2\n",
        "import future.keywords.not\nimport future.keywords.and\nimport future.keywords.or\n"};
    static const std::vector<std::string> plain = {
        "", "", "", "import rego.v1\n", "import future.keywords\n", "import future.keywords.in\n"};
    std::string imports = random_.pick(experimental ? with_logic : plain);
    std::string text = package.text;
    // Rules of the package by their names alone.
    if (random_.below(3) == 2) replace_all(text, "data." + package.name + ".r", "r");
    if (random_.below(4) == 3) {
      static const std::vector<std::string> documents = {"data.p", "data.p.sub", "data.q",
                                                         "data.d", "input.deep", "input"};
      const std::string& imported = random_.pick(documents);
      const std::string alias = random_.below(2) == 0 ? "s" : "r7";
      imports += "import " + imported + " as " + alias + "\n";
      replace_all(text, imported + ".", alias + ".");
    }
    return "package " + package.name + "\n\n" + imports + (imports.empty() ? "" : "\n") + text;
  }
  static void replace_all(std::string& text, const std::string& what, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
      text.replace(at, what.size(), by);
    }
  }

  static std::string block(const std::vector<std::string>& literals) {
    std::string text = " if {\n";
    for (const std::string& literal : literals) text += "\t" + literal + "\n";
    return text + "}";
  }
  std::string body(Locals& locals, std::size_t most) {
    return block(writer_.body(1 + random_.below(most), locals));
  }

  void add_rules() {
    package_ = &packages_[random_.below(packages_.size())];
    // At times a name again: alternatives, or a conflict.
    const bool again = !known_names_.empty() && writer_.is_wild();
    name_ = again ? random_.pick(known_names_) : "r" + std::to_string(names_++);
    known_names_.push_back(name_);
    const std::size_t kind = random_.below(12);
    const std::size_t bodies = 1 + random_.below(3) / 2 + random_.below(4) / 3;
    if (kind < 3) return add_complete(bodies);
    if (kind < 5) return add_function(bodies);
    if (kind < 7) return add_set(bodies);
    if (kind < 8) return add_object(bodies);
    if (kind < 11) return add_path(bodies);
    add_far(bodies);
  }

  void write(const std::string& rule) {
    package_->text += (writer_.is_wild() ? rule : writer_.without_unused(rule)) + "\n\n";
  }
  std::string path() const { return "data." + package_->name + "." + name_; }
  void publish(Known known) {
    if (known.kind != Kind::kFunction) documents_.insert(known.path);
    writer_.add(std::move(known));
  }

  // := value if { ... } else := value if { ... }
  std::string valued(Type type, Locals locals) {
    const Locals parameters = locals;
    const std::string text = random_.below(8) == 7 ? "" : body(locals, 4);
    std::string rule = (type == Type::kBool && random_.below(2) == 0)
                           ? ""
                           : " := " + writer_.term(type, text.empty() ? parameters : locals, 1);
    rule += text;
    if (rule.empty()) return " := true";
    while (!text.empty() && random_.below(4) == 3) {
      Locals inner = parameters;
      const std::string other = body(inner, 2);
      rule += " else := " + writer_.term(type, inner, 1) + (random_.below(4) == 3 ? "" : other);
      if (!rule.ends_with("}")) break;
    }
    return rule;
  }

  void add_complete(std::size_t bodies) {
    const Type type = writer_.any_type();
    if (random_.below(4) == 3) write("default " + name_ + " := " + writer_.constant(type, 1));
    for (; bodies > 0; --bodies) {
      writer_.begin_rule();
      write(name_ + valued(type, {}));
    }
    publish({path(), Kind::kValue, type, {}});
  }

  void add_function(std::size_t bodies) {
    const Type type = writer_.any_type();
    std::vector<Type> arguments;
    for (std::size_t n = 1 + random_.below(2); n > 0; --n) arguments.push_back(writer_.any_type());
    if (random_.below(6) == 5) {
      write("default " + name_ + (arguments.size() == 1 ? "(_)" : "(_, _)") +
            " := " + writer_.constant(type, 1));
    }
    for (; bodies > 0; --bodies) {
      writer_.begin_rule();
      Locals locals;
      std::string parameters;
      for (const Type argument : arguments) {
        parameters += (parameters.empty() ? "" : ", ") + writer_.pattern(argument, locals, 1);
      }
      write(name_ + "(" + parameters + ")" + valued(type, locals));
    }
    publish({path(), Kind::kFunction, type, arguments});
  }

  void add_set(std::size_t bodies) {
    const Type type = random_.below(3) == 2 ? writer_.any_type() : Type::kString;
    for (; bodies > 0; --bodies) {
      writer_.begin_rule();
      Locals locals;
      const std::string text = body(locals, 3);
      write(name_ + " contains " + writer_.term(type, locals, 1) + text);
    }
    publish({path(), Kind::kSet, type, {}});
  }

  void add_object(std::size_t bodies) {
    const Type type = writer_.any_type();
    for (; bodies > 0; --bodies) {
      writer_.begin_rule();
      Locals locals;
      const std::string text = body(locals, 3);
      const std::string key =
          writer_.term(random_.below(4) == 3 ? Type::kAny : Type::kString, locals, 0);
      write(name_ + "[" + key + "] := " + writer_.term(type, locals, 1) + text);
    }
    publish({path(), Kind::kObject, type, {}});
  }

  // References in heads: r.a.b := v, r[k].b := v, r.a contains v, r[k] contains v.
  void add_path(std::size_t bodies) {
    const Type type = writer_.any_type();
    const std::size_t form = random_.below(9);
    static const std::vector<std::string> names = {"a", "b", "sub"};
    for (; bodies > 0; --bodies) {
      writer_.begin_rule();
      Locals locals;
      const std::string text = body(locals, 3);
      const std::string value = writer_.term(type, locals, 1);
      const std::string key = writer_.term(Type::kString, locals, 0);
      const std::string& below = random_.pick(names);
      if (form == 0) write(name_ + "." + below + " := " + value + text);
      if (form == 1) write(name_ + "[" + key + "]." + below + " := " + value + text);
      if (form == 2) write(name_ + "." + below + " contains " + value + text);
      if (form == 3) write(name_ + "[" + key + "] contains " + value + text);
      if (form == 4) write(name_ + "." + below + "[" + key + "] := " + value + text);
      if (form == 5) {
        const std::string other = writer_.term(Type::kAny, locals, 0);
        write(name_ + "[" + key + "][" + other + "] := " + value + text);
      }
      if (form == 6) write(name_ + "[" + writer_.constant(type, 0) + "] := " + value + text);
      if (form == 7) write(name_ + "." + below + "." + random_.pick(names) + " := " + value + text);
      if (form == 8)
        write(name_ + "[" + key + "]." + below + "[" + key + "] contains " + value + text);
    }
    publish({path(), Kind::kValue, Type::kAny, {}});
  }

  // A rule of another package: in package p, sub.r0 := v.
  void add_far(std::size_t bodies) {
    const Type type = writer_.any_type();
    const std::string near = name_;
    const bool below = package_->name == "p" && random_.below(2) == 0;
    name_ = (below ? "sub." : near + ".") + near;
    for (; bodies > 0; --bodies) {
      writer_.begin_rule();
      Locals locals;
      const std::string text = body(locals, 3);
      write(name_ + " := " + writer_.term(type, locals, 1) + text);
    }
    publish({path(), Kind::kValue, type, {}});
    name_ = near;
  }

  Random& random_;
  Writer writer_;
  std::vector<Package> packages_;
  Package* package_ = nullptr;
  std::string name_;
  int names_ = 0;
  std::vector<std::string> known_names_;
  std::set<std::string> documents_;
};

}  // namespace

namespace {

Generated generate_property(Random& random) {
  Generated result{{}, property::rego_case(random), {}};
  const property::Case& its_case = *result.reference_case;
  for (const lang::SourceText& source : its_case.sources()) {
    result.question.modules.push_back(source.text);
  }
  result.question.data = its_case.data.dump();
  result.question.input = its_case.request.dump();
  const auto reference = property::Reference::of(its_case);
  if (!reference) return result;
  for (const std::string& rule : reference->rule_names()) {
    result.question.documents.push_back("data.t." + rule);
  }
  return result;
}

// Without documents, so without questions, if the policies do not compile.
Generated exported(std::vector<lang::SourceText> policies) {
  Generated result;
  for (const lang::SourceText& module : lang::export_rego(policies).modules) {
    result.question.modules.push_back(module.text);
  }
  if (!result.question.modules.empty()) result.question.documents = {"data.licet.decision"};
  result.exported_from = std::move(policies);
  return result;
}

Generated generate_decisions(Random& random) {
  const property::Case its_case = property::decision_case(random);
  Generated result = exported(its_case.sources());
  result.question.data = its_case.data.dump();
  result.question.input = its_case.request.dump();
  return result;
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

Generated generate_registry(Random& random) {
  static const std::filesystem::path folder = test::source_dir() / "examples/registry";
  static const std::vector<std::string> requests = lines_of(folder / "requests.jsonl");
  static const std::vector<lang::SourceText> policies =
      read_sources({(folder / "policy").string()}).value();
  static const Generated same = exported(policies);
  Generated result = same;
  result.question.input = random.pick(requests);
  return result;
}

}  // namespace

Generated generate(Style style, Random& random) {
  switch (style) {
    case Style::kTyped:
    case Style::kWild:
      return {Generator(random, style).question()};
    case Style::kProperty:
      return generate_property(random);
    case Style::kDecisions:
      return generate_decisions(random);
    case Style::kRegistry:
      return generate_registry(random);
    case Style::kMutated:
      break;
  }
  return {mutated_question(random)};
}

}  // namespace licet::differential
