#include "tests/property/generate.h"

#include "tests/property/attributes.h"
#include "tests/property/writer.h"

namespace licet::property {
namespace {

using Kind = Declaration::Kind;

class Generator {
 public:
  Generator(Random& random, Dialect dialect) : random_(random), writer_(random, dialect) {}

  // One rule or several bodies of it.
  void add_helper(std::vector<Declaration>& out) {
    switch (random_.below(6)) {
      case 0:
      case 1:
        return add_rule(out);
      case 2:
      case 3:
        return add_function(out);
      case 4:
        return add_set(out);
      default:
        return add_object(out);
    }
  }
  Declaration decision(Kind kind, const std::string& name) {
    writer_.begin_declaration();
    Writer::Locals locals;
    const bool forbid = kind == Kind::kForbid;
    const std::size_t size = 1 + random_.below(forbid ? 5 : 4);
    return {kind, (forbid ? "forbid " : "permit ") + name,
            writer_.body(size, locals, forbid ? Mood::kForbid : Mood::kRego), ""};
  }

 private:
  std::string next_name(const char* prefix) { return prefix + std::to_string(names_++); }

  // Adds ` := value if body`, with else-branches at times.
  Declaration valued(const std::string& head, Type type, Writer::Locals locals) {
    const Writer::Locals parameters = locals;
    Declaration rule{Kind::kHelper, head, {}, ""};
    rule.body = writer_.body(random_.below(3) + 1, locals, Mood::kRego);
    if (type != Type::kBool || random_.chance(30))
      rule.head += " := " + writer_.term(type, locals, 1);
    while (random_.chance(25)) {
      Writer::Locals inner = parameters;
      const std::vector<std::string> body = writer_.body(1, inner, Mood::kRego);
      rule.tail += " else := " + writer_.term(type, inner, 1) + " if {\n\t" + body.front() + "\n}";
    }
    return rule;
  }
  void add_rule(std::vector<Declaration>& out) {
    const std::string name = next_name("rule");
    const Type type = random_type();
    if (random_.chance(30)) {
      const std::string value = type == Type::kString ? "\"a\""
                                : type == Type::kInt  ? "2"
                                                      : "false";
      out.push_back({Kind::kHelper, "default " + name + " := " + value, {}, ""});
    }
    for (std::size_t bodies = random_.chance(30) ? 2 : 1; bodies > 0; --bodies) {
      writer_.begin_declaration();
      out.push_back(valued(name, type, {}));
    }
    writer_.add_helper({name, Helper::Kind::kRule, type, Type::kInt});
  }
  void add_function(std::vector<Declaration>& out) {
    const std::string name = next_name("function");
    const Type type = random_type();
    const Type parameter = random_.chance(50) ? Type::kInt : Type::kString;
    for (std::size_t bodies = random_.chance(25) ? 2 : 1; bodies > 0; --bodies) {
      writer_.begin_declaration();
      out.push_back(valued(name + "(arg)", type, {{"arg", parameter}}));
    }
    writer_.add_helper({name, Helper::Kind::kFunction, type, parameter});
  }
  void add_set(std::vector<Declaration>& out) {
    const std::string name = next_name("set");
    for (std::size_t bodies = random_.chance(25) ? 2 : 1; bodies > 0; --bodies) {
      writer_.begin_declaration();
      Writer::Locals locals;
      Declaration rule{Kind::kHelper, "", writer_.body(1 + random_.below(3), locals, Mood::kRego),
                       ""};
      rule.head = name + " contains " + writer_.term(Type::kString, locals, 1);
      out.push_back(std::move(rule));
    }
    writer_.add_helper({name, Helper::Kind::kSet, Type::kString, Type::kInt});
  }
  void add_object(std::vector<Declaration>& out) {
    const std::string name = next_name("object");
    writer_.begin_declaration();
    Writer::Locals locals;
    Declaration rule{Kind::kHelper, "", writer_.body(1 + random_.below(3), locals, Mood::kRego),
                     ""};
    rule.head = name + "[" + writer_.term(Type::kString, locals, 1) +
                "] := " + writer_.term(Type::kInt, locals, 1);
    out.push_back(std::move(rule));
    writer_.add_helper({name, Helper::Kind::kObject, Type::kInt, Type::kInt});
  }
  Type random_type() {
    static const std::vector<Type> types = {Type::kBool, Type::kBool, Type::kInt, Type::kString};
    return random_.pick(types);
  }

  Random& random_;
  Writer writer_;
  int names_ = 0;
};

}  // namespace

std::string Declaration::text() const {
  if (body.empty()) return head + "\n";
  std::string text = head + " if {\n";
  for (const std::string& literal : body) text += "\t" + literal + "\n";
  return text + "}" + tail + "\n";
}

std::vector<lang::SourceText> Case::sources(std::size_t files) const {
  std::vector<lang::SourceText> result;
  for (std::size_t i = 0; i < files; ++i) {
    result.push_back({"file" + std::to_string(i) + ".licet", "package t\n\n"});
  }
  if (has_schema) result.back().text += schema_text() + "\n";
  for (std::size_t i = 0; i < declarations.size(); ++i) {
    result[i % files].text += declarations[i].text() + "\n";
  }
  return result;
}

std::string Case::text() const {
  return "seed " + std::to_string(seed) + "\n--- policy\n" + sources().front().text +
         "--- request\n" + request.dump() + "\n--- data\n" + data.dump() + "\n";
}

Case generate_rego(std::uint64_t seed) {
  Random random(seed);
  Case result = rego_case(random);
  result.seed = seed;
  return result;
}

Case rego_case(Random& random) {
  Case result;
  Generator generator(random, Dialect::kRego);
  for (std::size_t n = 1 + random.below(4); n > 0; --n) generator.add_helper(result.declarations);
  result.request = generate_request(random, Missing::kAnything);
  result.data = generate_data(random);
  return result;
}

Case generate_decisions(std::uint64_t seed) {
  Random random(seed);
  Case result = decision_case(random);
  result.seed = seed;
  return result;
}

Case decision_case(Random& random) {
  Case result;
  result.has_schema = random.chance(50);
  Generator generator(random, Dialect::kDecision);
  for (std::size_t n = random.below(4); n > 0; --n) generator.add_helper(result.declarations);
  for (std::size_t n = 1 + random.below(6); n > 0; --n) {
    // The same name twice is one rule with two bodies.
    const std::string name = "decision" + std::to_string(random.below(6));
    const Kind kind = random.chance(60) ? Kind::kForbid : Kind::kPermit;
    result.declarations.push_back(generator.decision(kind, name));
  }
  const Missing missing = result.has_schema ? Missing::kOptional : Missing::kAnything;
  result.request = generate_request(random, missing);
  result.data = generate_data(random);
  return result;
}

Declaration generate_decision(Kind kind, Random& random) {
  Generator generator(random, Dialect::kDecision);
  // Another body of a rule that may be there already, or a rule of its own.
  return generator.decision(kind, "decision" + std::to_string(random.below(12)));
}

}  // namespace licet::property
