// Writes random terms, literals and bodies of Rego.
#pragma once

#include <string>
#include <vector>

#include "tests/differential/signature.h"
#include "tests/differential/values.h"

namespace licet::differential {

// A rule that others may use.
struct Known {
  enum class Kind { kValue, kSet, kObject, kFunction };
  std::string path;  // data.p.r
  Kind kind = Kind::kValue;
  Type type = Type::kAny;       // of its value, members or values
  std::vector<Type> arguments;  // of functions
};

class Writer {
 public:
  // wild_percent: how often a term has any type, and a literal is not sound.
  Writer(Random& random, std::size_t wild_percent) : random_(random), wild_(wild_percent) {}

  struct Local {
    std::string name;
    Type type;
  };
  using Locals = std::vector<Local>;

  std::string term(Type type, const Locals& locals, int depth);
  // A literal; `locals` gets what it binds.
  std::string literal(Locals& locals, int depth);
  std::vector<std::string> body(std::size_t size, Locals& locals);
  // A pattern for a parameter or an element; adds its variables.
  std::string pattern(Type type, Locals& locals, int depth);
  std::string constant(Type type, int depth);
  Type any_type();

  std::string fresh_name() { return "x" + std::to_string(next_name_++); }
  void begin_rule() {
    next_name_ = 0;
    declared_.clear();
  }
  // The text of a rule without the names that `some` and `every` declare and that it does not use:
  // they are errors.
  std::string without_unused(std::string rule) const;
  void add(Known known) { known_.push_back(std::move(known)); }
  const std::vector<Known>& known() const { return known_; }
  void use_logic() { logic_ = true; }
  bool is_wild() { return wild_ > 0 && random_.below(100) >= 100 - wild_; }

 private:
  // terms.cc
  std::string composite(Type type, const Locals& locals, int depth);
  std::string operation(Type type, const Locals& locals, int depth);
  std::string document(Type type);
  std::string part_of(Type type, const Locals& locals, int depth);
  std::string known_term(Type type, const Locals& locals, int depth);
  std::string call(const Signature& signature, const Locals& locals, int depth);
  std::string argument(const Signature& signature, std::size_t index, const Locals& locals,
                       int depth);
  std::string comprehension(Type type, const Locals& locals, int depth);
  std::string template_string(const Locals& locals, int depth);
  // literals.cc
  std::string condition(const Locals& locals, int depth);
  std::string comparison(const Locals& locals, int depth);
  std::string collection(Type& key, Type& element, const Locals& locals, int depth);
  std::string some_in(Locals& locals, int depth);
  std::string every(const Locals& locals, int depth);
  std::string negation(const Locals& locals, int depth);
  std::string assignment(Locals& locals, int depth);
  std::string lookup(Locals& locals, int depth);
  std::string walk(Locals& locals);
  std::string nested_every(const Locals& locals, int depth);
  std::string declaration(Locals& locals, int depth);
  std::string answer(Locals& locals, int depth);
  std::string with(const Locals& locals, int depth);
  std::string with_clause(const Locals& locals, int depth);
  std::string logic(const Locals& locals, int depth);
  std::string unsound(Locals& locals, int depth);

  Random& random_;
  std::size_t wild_;
  bool logic_ = false;
  std::vector<Known> known_;
  std::vector<std::string> declared_;  // by `some` and `every` of this rule
  int next_name_ = 0;
};

}  // namespace licet::differential
