#include "tests/differential/signature.h"

#include <array>
#include <string>

namespace licet::differential {
namespace {

// Reads `(string, any<array[any], set[any]>) => number`.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Signature signature(const BuiltinInfo& builtin) {
    Signature result{&builtin, {}, Type::kAny};
    take("(");
    while (!take(")")) {
      result.parameters.push_back(parameter());
      take(", ");
    }
    take(" => ");
    result.result = parameter().types.front();
    return result;
  }

 private:
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  // Past the text in brackets that opens here, which it returns.
  std::string_view bracketed() {
    const std::size_t begin = at_ + 1;
    int depth = 0;
    do {
      const char c = text_[at_++];
      if (c == '[' || c == '<') ++depth;
      if (c == ']' || c == '>') --depth;
    } while (depth > 0 && at_ < text_.size());
    return text_.substr(begin, at_ - begin - 1);
  }

  Parameter parameter() {
    Parameter result;
    const std::size_t begin = at_;
    while (at_ < text_.size() && (std::isalpha(text_[at_]) != 0 || text_[at_] == '?')) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    const auto at_bracket = [this] {
      return at_ < text_.size() && (text_[at_] == '[' || text_[at_] == '<');
    };
    const bool opens = at_bracket();
    // object<known: string>[string: any] has two.
    std::string_view inside;
    while (at_bracket()) inside = bracketed();
    if (name == "any" && opens) {
      Reader members(inside);
      while (members.at_ < inside.size()) {
        for (const Type type : members.parameter().types) result.types.push_back(type);
        members.take(", ");
      }
      return result;
    }
    result.types = {type_of(name, inside)};
    return result;
  }

  static Type type_of(std::string_view name, std::string_view inside) {
    if (name == "number") return Type::kNumber;
    if (name == "string") return Type::kString;
    if (name == "boolean") return Type::kBool;
    if (name == "object") return Type::kObject;
    if (name == "set") return Type::kSet;
    if (name != "array") return Type::kAny;
    if (inside == "string") return Type::kStrings;
    if (inside.starts_with("object")) return Type::kRecords;
    return Type::kNumbers;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// A call of one is a compile error: modules would be about nothing else.
bool is_deprecated(std::string_view name) {
  for (const std::string_view deprecated :
       {"all", "any", "net.cidr_overlap", "re_match", "set_diff"}) {
    if (name == deprecated) return true;
  }
  return name.starts_with("cast_");
}

bool takes_part(const BuiltinInfo& builtin) {
  const std::string_view name = builtin.name;
  if (is_deprecated(name)) return false;
  for (const std::string_view prefix : {"print", "trace", "rand.", "uuid.", "internal.", "ml."}) {
    if (name.starts_with(prefix)) return false;
  }
  return builtin.infix.empty() && builtin.trait != BuiltinTrait::kRelation;
}

}  // namespace

const std::vector<Signature>& signatures() {
  static const std::vector<Signature> all = [] {
    std::vector<Signature> list;
    for (const BuiltinInfo& builtin : all_builtins()) {
      if (takes_part(builtin)) list.push_back(Reader(builtin.signature).signature(builtin));
    }
    return list;
  }();
  return all;
}

const std::vector<const Signature*>& builtins_of(Type result) {
  static const auto by_type = [] {
    std::array<std::vector<const Signature*>, kTypes> lists;
    for (const Signature& signature : signatures()) {
      lists[static_cast<std::size_t>(signature.result)].push_back(&signature);
      lists[static_cast<std::size_t>(Type::kAny)].push_back(&signature);
    }
    return lists;
  }();
  return by_type[static_cast<std::size_t>(result)];
}

}  // namespace licet::differential
