// The terms of writer.h. Of each choice the first is the simplest, so that made-smaller choices
// make smaller modules.
#include "tests/differential/writer.h"

namespace licet::differential {

Type Writer::any_type() { return static_cast<Type>(random_.below(kTypes)); }

std::string Writer::constant(Type type, int depth) {
  const auto list = [&](Type element, const char* open, const char* close) {
    std::string text;
    for (std::size_t n = random_.below(4); n > 0; --n) {
      text += (text.empty() ? "" : ", ") + constant(element, depth - 1);
    }
    return open + text + close;
  };
  switch (type) {
    case Type::kNumber:
      return number_text(random_);
    case Type::kString:
      return string_text(random_);
    case Type::kBool:
      return random_.below(2) == 0 ? "true" : "false";
    case Type::kNumbers:
      return list(Type::kNumber, "[", "]");
    case Type::kStrings:
      return list(Type::kString, "[", "]");
    case Type::kSet: {
      const std::string text =
          list(random_.below(2) == 0 ? Type::kNumber : Type::kString, "{", "}");
      return text == "{}" ? "set()" : text;
    }
    case Type::kObject:
      return random_.below(2) == 0 ? "{\"a\": " + constant(Type::kNumber, 0) + "}"
                                   : "{\"a\": " + constant(Type::kNumber, 0) +
                                         ", \"b\": " + constant(Type::kNumber, 0) + "}";
    case Type::kRecords:
      return "[{\"id\": " + constant(Type::kString, 0) + ", \"n\": " + constant(Type::kNumber, 0) +
             "}]";
    case Type::kAny:
      break;
  }
  if (depth <= 0) return "null";
  switch (random_.below(3)) {
    case 0:
      return "null";
    case 1:
      return "{[1, 2]: {\"a\"}, null: 1, 2.5: []}";
    default:
      return constant(any_type(), depth - 1);
  }
}

std::string Writer::document(Type type) {
  const std::string& member = random_.pick(members(type));
  return (random_.below(3) == 2 ? "data.d." : "input.") + member;
}

std::string Writer::known_term(Type type, const Locals& locals, int depth) {
  std::vector<const Known*> fitting;
  for (const Known& known : known_) {
    const bool fits = type == Type::kAny ||
                      (known.kind == Known::Kind::kSet ? type == Type::kSet : known.type == type);
    if (fits) fitting.push_back(&known);
  }
  if (fitting.empty()) return document(type);
  const Known& known = *random_.pick(fitting);
  switch (known.kind) {
    case Known::Kind::kValue:
    case Known::Kind::kSet:
      return known.path;
    case Known::Kind::kObject:
      return known.path + "[" + term(Type::kString, locals, depth - 1) + "]";
    case Known::Kind::kFunction:
      break;
  }
  std::string arguments;
  for (const Type argument : known.arguments) {
    arguments += (arguments.empty() ? "" : ", ") + term(argument, locals, depth - 1);
  }
  return known.path + "(" + arguments + ")";
}

std::string Writer::term(Type wanted, const Locals& locals, int depth) {
  const Type type = is_wild() ? any_type() : wanted;
  std::vector<std::string> variables;
  for (const Local& local : locals) {
    if (local.type == type || type == Type::kAny) variables.push_back(local.name);
  }
  const std::size_t choice = random_.below(depth > 0 ? 11 : 5);
  if (choice == 0) return constant(type, 1);
  if (choice <= 2 && !variables.empty()) return random_.pick(variables);
  if (choice <= 4) return document(type);
  if (choice <= 6) return known_term(type, locals, depth);
  if (choice == 7) return composite(type, locals, depth - 1);
  if (choice == 10) return part_of(type, locals, depth - 1);
  return operation(type, locals, depth - 1);
}

// A part of something that is no name of a document: of a variable, of an answer, of what is
// written out.
std::string Writer::part_of(Type type, const Locals& locals, int depth) {
  static const std::vector<std::string> steps = {"[0]", "[_]", ".a", ".b", ".id", "[1]", ".n"};
  static const std::vector<Type> wholes = {Type::kNumbers, Type::kStrings, Type::kObject,
                                           Type::kRecords, Type::kSet,     Type::kAny};
  const Type whole = type == Type::kString ? Type::kStrings : random_.pick(wholes);
  std::vector<std::string> bases;
  for (const Local& local : locals) {
    if (local.type == whole || local.type == Type::kAny) bases.push_back(local.name);
  }
  std::string base;
  switch (random_.below(4)) {
    case 0:
      base = bases.empty() ? document(whole) : random_.pick(bases);
      break;
    case 1:
      base = known_term(whole, locals, depth);
      break;
    case 2:
      base = constant(whole == Type::kAny ? Type::kObject : whole, 1);
      break;
    default: {
      const std::vector<const Signature*>& fitting = builtins_of(whole);
      base = fitting.empty() ? document(whole) : call(*random_.pick(fitting), locals, depth);
      break;
    }
  }
  const std::string& step = random_.pick(steps);
  if (random_.below(4) != 3) return base + step;
  return base + "[" + term(random_.below(2) == 0 ? Type::kNumber : Type::kString, locals, 0) + "]";
}

std::string Writer::composite(Type type, const Locals& locals, int depth) {
  const auto element = [&](Type of) { return term(of, locals, depth); };
  if (random_.below(3) == 2) return comprehension(type, locals, depth);
  switch (type) {
    case Type::kNumbers:
      return "[" + element(Type::kNumber) + ", " + element(Type::kNumber) + "]";
    case Type::kStrings:
      return "[" + element(Type::kString) + ", " + element(Type::kString) + "]";
    case Type::kSet:
      return "{" + element(Type::kString) + ", " + element(Type::kString) + "}";
    case Type::kObject:
      return "{" + element(Type::kString) + ": " + element(Type::kNumber) + "}";
    case Type::kRecords:
      return "[{\"id\": " + element(Type::kString) + ", \"n\": " + element(Type::kNumber) + "}]";
    case Type::kString:
      return template_string(locals, depth);
    case Type::kAny:
      return "[" + element(Type::kAny) + ", " + element(Type::kAny) + "]";
    case Type::kNumber:
      return document(Type::kNumbers) + "[" + element(Type::kNumber) + "]";
    case Type::kBool:
      return "(" + comparison(locals, depth) + ")";
  }
  return "null";
}

std::string Writer::template_string(const Locals& locals, int depth) {
  if (random_.below(3) == 2) {
    Locals inner = locals;
    const std::string shown = term(any_type(), inner, depth);
    return "$\"{" + shown + "}\\{{" + term(Type::kAny, locals, 0) + "}\"";
  }
  if (random_.below(2) == 0) return "$\"v={" + term(any_type(), locals, depth) + "}\"";
  return "$`{" + term(Type::kString, locals, depth) + "} and {" + term(any_type(), locals, 0) +
         "}`";
}

std::string Writer::comprehension(Type type, const Locals& locals, int depth) {
  Locals inner = locals;
  std::string text = some_in(inner, depth);
  for (std::size_t n = random_.below(3); n > 0; --n) text += "; " + literal(inner, depth);
  switch (type) {
    case Type::kNumbers:
      return "[" + term(Type::kNumber, inner, 0) + " | " + text + "]";
    case Type::kNumber:
      return "sum([" + term(Type::kNumber, inner, 0) + " | " + text + "])";
    case Type::kSet:
      return "{" + term(random_.below(2) == 0 ? Type::kString : Type::kNumber, inner, 0) + " | " +
             text + "}";
    case Type::kObject:
      return "{" + term(Type::kString, inner, 0) + ": " + term(Type::kNumber, inner, 0) + " | " +
             text + "}";
    case Type::kString:
    case Type::kStrings:
    case Type::kBool:
    case Type::kRecords:
    case Type::kAny:
      break;
  }
  return "[" + term(type == Type::kStrings ? Type::kString : type, inner, 0) + " | " + text + "]" +
         (type == Type::kStrings || type == Type::kAny ? "" : "[0]");
}

std::string Writer::argument(const Signature& signature, std::size_t index, const Locals& locals,
                             int depth) {
  const Type type = random_.pick(signature.parameters[index].types);
  const bool special = type == Type::kString && random_.below(4) != 0;
  return special ? string_for(signature.builtin->name, random_) : term(type, locals, depth);
}

std::string Writer::call(const Signature& signature, const Locals& locals, int depth) {
  std::string text;
  for (std::size_t i = 0; i < signature.parameters.size(); ++i) {
    text += (text.empty() ? "" : ", ") + argument(signature, i, locals, depth);
  }
  return std::string(signature.builtin->name) + "(" + text + ")";
}

std::string Writer::operation(Type type, const Locals& locals, int depth) {
  if (random_.below(2) == 1) {
    const std::vector<const Signature*>& fitting = builtins_of(type);
    if (!fitting.empty()) return call(*random_.pick(fitting), locals, depth);
  }
  static const std::vector<std::string> arithmetic = {" + ", " - ", " * ", " / ", " % "};
  static const std::vector<std::string> of_sets = {" | ", " & ", " - "};
  const auto infix = [&](Type operand, const std::vector<std::string>& operators) {
    const std::string left = term(operand, locals, depth);
    const std::string& op = random_.pick(operators);
    return "(" + left + op + term(operand, locals, depth) + ")";
  };
  if (type == Type::kNumber && random_.below(8) == 7) {
    return "(-" + term(Type::kNumber, locals, 0) + ")";
  }
  if (type == Type::kNumber) return infix(Type::kNumber, arithmetic);
  if (type == Type::kSet) return infix(Type::kSet, of_sets);
  if (type == Type::kBool) return "(" + comparison(locals, depth) + ")";
  if (type == Type::kString) return document(Type::kObject) + "[" + term(type, locals, 0) + "]";
  return term(type, locals, depth);
}

}  // namespace licet::differential
