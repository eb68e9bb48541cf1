// The literals of writer.h.
#include <cctype>

#include "tests/differential/writer.h"

namespace licet::differential {

std::string Writer::comparison(const Locals& locals, int depth) {
  static const std::vector<std::string> operators = {" == ", " == ", " != ", " < ",
                                                     " <= ", " > ",  " >= "};
  const std::vector<Type> types = {Type::kNumber, Type::kString,  Type::kAny,   Type::kBool,
                                   Type::kSet,    Type::kNumbers, Type::kObject};
  const Type type = random_.pick(types);
  const std::string left = term(type, locals, depth);
  const std::string& op = random_.pick(operators);
  return left + op + term(type, locals, depth);
}

std::string Writer::condition(const Locals& locals, int depth) {
  switch (random_.below(5)) {
    case 0:
    case 1:
      return comparison(locals, depth);
    case 2:
      return term(Type::kString, locals, depth) + " in " +
             term(random_.below(2) == 0 ? Type::kStrings : Type::kSet, locals, depth);
    case 3:
      return term(any_type(), locals, depth);
    default:
      return term(Type::kBool, locals, depth);
  }
}

// Something to iterate over.
std::string Writer::collection(Type& key, Type& element, const Locals& locals, int depth) {
  const std::vector<Type> types = {Type::kNumbers, Type::kStrings, Type::kObject,
                                   Type::kSet,     Type::kRecords, Type::kAny};
  const Type type = random_.pick(types);
  key = Type::kNumber;
  element = Type::kAny;
  if (type == Type::kNumbers) element = Type::kNumber;
  if (type == Type::kStrings || type == Type::kSet) element = Type::kString;
  if (type == Type::kObject) element = Type::kNumber;
  if (type == Type::kObject || type == Type::kSet) key = Type::kString;
  if (type == Type::kAny) key = Type::kAny;
  return term(type, locals, depth);
}

// A variable, a constant, or an array or object of them.
std::string Writer::pattern(Type type, Locals& locals, int depth) {
  const std::size_t choice = random_.below(depth > 0 ? 12 : 9);
  if (choice < 8) {
    const std::string name = fresh_name();
    locals.push_back({name, type});
    return name;
  }
  if (choice == 8) return "_";
  if (choice == 9) return constant(type, 0);
  const std::string first = pattern(Type::kAny, locals, depth - 1);
  const std::string second = pattern(Type::kAny, locals, depth - 1);
  if (choice == 10) return "[" + first + ", " + second + "]";
  return "{\"id\": " + first + ", \"n\": " + second + "}";
}

std::string Writer::some_in(Locals& locals, int depth) {
  Type key = Type::kAny;
  Type element = Type::kAny;
  const std::string over = collection(key, element, locals, depth);
  const std::size_t before = locals.size();
  std::string text = "some ";
  if (random_.below(4) == 3) text += pattern(key, locals, 0) + ", ";
  text += pattern(element, locals, random_.below(8) == 7 ? 1 : 0) + " in " + over;
  for (std::size_t i = before; i < locals.size(); ++i) declared_.push_back(locals[i].name);
  return text;
}

std::string Writer::every(const Locals& locals, int depth) {
  Type key = Type::kAny;
  Type element = Type::kAny;
  const std::string over = collection(key, element, locals, depth);
  Locals inner = locals;
  std::string names;
  if (random_.below(4) == 3) {
    names = fresh_name() + ", ";
    inner.push_back({names.substr(0, names.size() - 2), key});
  }
  inner.push_back({fresh_name(), element});
  names += inner.back().name;
  for (std::size_t i = locals.size(); i < inner.size(); ++i) declared_.push_back(inner[i].name);
  std::string text = condition({inner.back()}, 0);
  if (random_.below(3) == 2) text += "; " + literal(inner, 0);
  return "every " + names + " in " + over + " { " + text + " }";
}

std::string Writer::negation(const Locals& locals, int depth) {
  Locals inner = locals;
  if (logic_ && random_.below(3) == 2) {
    const std::string first = literal(inner, 0);
    return "not { " + first + "; " + literal(inner, 0) + " }";
  }
  return "not " + condition(locals, depth);
}

std::string Writer::assignment(Locals& locals, int depth) {
  const Type type = any_type();
  const std::string value = term(type, locals, depth);
  switch (random_.below(6)) {
    case 4: {
      const std::string left = pattern(type, locals, 2);
      return left + " = " + value;
    }
    case 5: {
      const std::string first = pattern(type, locals, 0);
      const std::string second = term(Type::kAny, locals, 0);
      return "[" + first + ", " + second + "] = [" + value + ", " + term(Type::kAny, locals, 0) +
             "]";
    }
    default:
      break;
  }
  const std::string name = fresh_name();
  locals.push_back({name, type});
  return name + (random_.below(4) == 3 ? " = " : " := ") + value;
}

// Iterates by an index that has no value yet.
std::string Writer::lookup(Locals& locals, int depth) {
  static const std::vector<Type> types = {Type::kNumbers, Type::kStrings, Type::kObject,
                                          Type::kRecords, Type::kSet,     Type::kAny};
  const Type type = random_.pick(types);
  std::vector<std::string> bases = {document(type), document(type)};
  for (const Known& known : known_) {
    if (known.kind != Known::Kind::kFunction) bases.push_back(known.path);
  }
  const std::string index = random_.below(3) == 0 ? "_" : fresh_name();
  const std::string reference = random_.pick(bases) + "[" + index + "]";
  const std::string value =
      term(type == Type::kStrings ? Type::kString : Type::kNumber, locals, depth);
  const std::size_t form = random_.below(5);
  if (index != "_")
    locals.push_back({index, type == Type::kObject ? Type::kString : Type::kNumber});
  if (form == 0) return reference;
  if (form == 4) return reference + "[" + fresh_name() + "] = " + value;
  if (form == 3) {
    const std::string name = fresh_name();
    locals.push_back({name, Type::kAny});
    return name + " = " + reference;
  }
  return reference + (form == 1 ? " == " : " != ") + value;
}

std::string Writer::walk(Locals& locals) {
  const std::string path = fresh_name();
  const std::string value = fresh_name();
  const std::string over = document(any_type());
  locals.push_back({path, Type::kAny});
  locals.push_back({value, Type::kAny});
  return "walk(" + over + ", [" + path + ", " + value + "])";
}

std::string Writer::with_clause(const Locals& locals, int depth) {
  const Type type = any_type();
  switch (random_.below(6)) {
    case 0:
    case 1:
      return " with input." + random_.pick(members(type)) + " as " + term(type, locals, depth);
    case 2:
      return " with data.d." + random_.pick(members(type)) + " as " + term(type, locals, depth);
    case 3:
      return " with input as " +
             term(random_.below(2) == 0 ? Type::kObject : Type::kAny, locals, depth);
    default:
      break;
  }
  // A rule, a function, or a builtin.
  std::vector<std::string> targets;
  for (const Known& known : known_) targets.push_back(known.path);
  if (random_.below(2) == 0 && !targets.empty()) {
    return " with " + random_.pick(targets) + " as " + term(type, locals, 0);
  }
  const Signature& replaced = random_.pick(signatures());
  std::string by = term(replaced.result, locals, 0);
  if (random_.below(3) == 2) by = random_.pick(signatures()).builtin->name;
  return " with " + std::string(replaced.builtin->name) + " as " + by;
}

std::string Writer::with(const Locals& locals, int depth) {
  std::string text = random_.below(3) == 0 ? negation(locals, depth) : condition(locals, depth);
  for (std::size_t n = 1 + random_.below(2); n > 0; --n) text += with_clause(locals, 0);
  return text;
}

// One `every` in another, with what else may stand in it.
std::string Writer::nested_every(const Locals& locals, int depth) {
  Type key = Type::kAny;
  Type element = Type::kAny;
  const std::string over = collection(key, element, locals, depth);
  const std::string name = fresh_name();
  declared_.push_back(name);
  Locals inner = locals;
  inner.push_back({name, element});
  std::string text = condition({inner.back()}, 0);
  for (std::size_t n = 1 + random_.below(2); n > 0; --n) {
    switch (random_.below(4)) {
      case 0:
        text += "; " + every(inner, 0);
        break;
      case 1:
        text += "; " + some_in(inner, 0);
        break;
      case 2:
        text += "; " + with(inner, 0);
        break;
      default:
        text += "; " + assignment(inner, 1);
        break;
    }
  }
  return "every " + name + " in " + over + " { " + text + " }";
}

// some x, y; then what gives them values.
std::string Writer::declaration(Locals& locals, int depth) {
  const Type type = any_type();
  const std::string first = fresh_name();
  const std::string second = fresh_name();
  const std::string value = term(type, locals, depth);
  const std::string other = document(Type::kNumbers);
  locals.push_back({first, type});
  locals.push_back({second, Type::kNumber});
  return "some " + first + ", " + second + "; " + first + " = " + value + "; " + other + "[" +
         second + "]";
}

// The answer of a builtin as its last argument.
std::string Writer::answer(Locals& locals, int depth) {
  const Signature& signature = random_.pick(signatures());
  const std::string text = call(signature, locals, depth);
  const std::string given = random_.below(3) == 2 ? term(signature.result, locals, 0)
                                                  : pattern(signature.result, locals, 1);
  const bool bare = text.ends_with("()");
  return text.substr(0, text.size() - 1) + (bare ? "" : ", ") + given + ")";
}

std::string Writer::logic(const Locals& locals, int depth) {
  if (!logic_) return condition(locals, depth);
  const std::string left = condition(locals, depth);
  const std::string op = random_.below(2) == 0 ? " or " : " and ";
  return left + op + condition(locals, 0);
}

std::string Writer::without_unused(std::string rule) const {
  for (const std::string& name : declared_) {
    std::vector<std::size_t> uses;
    for (std::size_t at = rule.find(name); at != std::string::npos; at = rule.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      if (end < rule.size() && std::isdigit(rule[end]) != 0) continue;
      if (at == 0 || std::isalnum(rule[at - 1]) == 0) uses.push_back(at);
    }
    if (uses.size() == 1) rule.replace(uses.front(), name.size(), "_");
  }
  return rule;
}

// A mistake, or what is close to one.
std::string Writer::unsound(Locals& locals, int depth) {
  switch (random_.below(16)) {
    case 12:
      return "not " + document(Type::kNumbers) + "[x91] == " + term(any_type(), locals, 0);
    case 13:
      return "every x0 in " + term(any_type(), locals, 0) + " { x0 == x90 }";
    case 14:
      return "some x0 in x0";
    case 15:
      return term(any_type(), locals, 0) + " with input.num as x89";
    case 0:
      return "x99 > 1";
    case 1:
      return "undefined_function(" + term(any_type(), locals, 0) + ")";
    case 2:
      return "count(" + term(any_type(), locals, 0) + ", 1)";
    case 3:
      return "x0 := " + term(any_type(), locals, depth);
    case 4:
      return "some x0";
    case 5:
      return "data.p.nothing == " + term(any_type(), locals, 0);
    case 6:
      return "input := 1";
    case 7:
      return term(any_type(), locals, 0) + " = " + term(any_type(), locals, 0);
    case 8:
      return "not x98 == " + term(any_type(), locals, 0);
    case 9:
      return "some x97, x96 in " + term(any_type(), locals, 0) + "; x97 == x96";
    case 10:
      return "x95 = x94; x94 = x95";
    default:
      return "[x93, " + term(any_type(), locals, 0) + "] = [" + term(any_type(), locals, 0) +
             ", x92]";
  }
}

std::string Writer::literal(Locals& locals, int depth) {
  if (is_wild() && random_.below(4) == 0) return unsound(locals, depth);
  const std::size_t choice = random_.below(26);
  if (choice < 5) return condition(locals, depth);
  if (choice < 8) return some_in(locals, depth);
  if (choice < 11) return assignment(locals, depth);
  if (choice < 13) return lookup(locals, depth);
  if (choice < 15) return negation(locals, depth);
  if (choice < 16) return every(locals, depth);
  if (choice < 18) return with(locals, depth);
  if (choice < 19) return logic(locals, depth);
  if (choice == 20) return nested_every(locals, depth);
  if (choice == 21) return declaration(locals, depth);
  if (choice == 22) return answer(locals, depth);
  if (choice == 23) {
    const std::string key = term(Type::kAny, locals, depth);
    return key + ", " + term(any_type(), locals, 0) + " in " + document(any_type());
  }
  if (choice == 24) {
    std::string text = random_.below(2) == 0 ? assignment(locals, depth) : some_in(locals, depth);
    return text + with_clause(locals, 0);
  }
  if (choice == 25) {
    return every(locals, depth) + with_clause(locals, 0);
  }
  return random_.below(2) == 0 ? walk(locals) : condition(locals, depth);
}

std::vector<std::string> Writer::body(std::size_t size, Locals& locals) {
  std::vector<std::string> literals;
  for (std::size_t i = 0; i < size; ++i) literals.push_back(literal(locals, 2));
  if (random_.below(6) == 5) random_.shuffle(literals);
  return literals;
}

}  // namespace licet::differential
