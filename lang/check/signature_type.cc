#include "lang/check/signature_type.h"

#include <algorithm>
#include <vector>

namespace licet::lang::check {
namespace {

// The arena of the property names in signatures: they live as long as the program.
Arena& names() {
  static Arena arena;
  return arena;
}

// Reads the text from left to right; each function takes what it names.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  TypePtr function() {
    skip('(');
    std::vector<TypePtr> parameters;
    while (!at(')')) {
      parameters.push_back(type());
      skip(',');
    }
    skip(')');
    skip('=');
    skip('>');
    return function_type(std::move(parameters), type());
  }

 private:
  bool at(char c) {
    while (next_ < text_.size() && text_[next_] == ' ') ++next_;
    return next_ >= text_.size() || text_[next_] == c;
  }
  bool skip(char c) {
    if (!at(c) || next_ >= text_.size()) return false;
    ++next_;
    return true;
  }
  std::string_view word() {
    while (next_ < text_.size() && text_[next_] == ' ') ++next_;
    const std::size_t begin = next_;
    while (next_ < text_.size() &&
           std::string_view("<>[](),: ").find(text_[next_]) == std::string_view::npos) {
      ++next_;
    }
    return text_.substr(begin, next_ - begin);
  }

  TypePtr type() {
    const std::string_view name = word();
    if (name == "array") return array();
    if (name == "object") return object();
    if (name == "set") return skip('[') ? closed(set_type(type()), ']') : set_type(nullptr);
    if (name.substr(0, 3) == "any") return skip('<') ? any() : anything();
    if (name == "null") return scalar_type(Shape::kNull);
    if (name == "boolean") return scalar_type(Shape::kBoolean);
    if (name == "number") return scalar_type(Shape::kNumber);
    if (name == "string") return scalar_type(Shape::kString);
    return nullptr;
  }
  TypePtr closed(TypePtr type, char bracket) {
    skip(bracket);
    return type;
  }
  TypePtr any() {
    TypePtr all;
    while (!at('>')) {
      all = either(all, type());
      skip(',');
    }
    return closed(all, '>');
  }
  TypePtr array() {
    std::vector<TypePtr> first;
    if (skip('<')) {
      while (!at('>')) {
        first.push_back(type());
        skip(',');
      }
      skip('>');
    }
    TypePtr rest = skip('[') ? closed(type(), ']') : nullptr;
    return array_type(std::move(first), std::move(rest));
  }
  TypePtr object() {
    std::vector<Property> properties;
    if (skip('<')) {
      while (!at('>')) {
        const Value key = Value::string(word(), names());
        skip(':');
        properties.push_back({key, type()});
        skip(',');
      }
      skip('>');
    }
    std::sort(properties.begin(), properties.end(),
              [](const Property& a, const Property& b) { return a.key < b.key; });
    if (!skip('[')) return object_type(std::move(properties));
    TypePtr key = type();
    skip(':');
    TypePtr rest = type();
    skip(']');
    return open_object_type(std::move(properties), std::move(key), std::move(rest));
  }

  std::string_view text_;
  std::size_t next_ = 0;
};

}  // namespace

TypePtr type_of_signature(std::string_view signature) { return Reader(signature).function(); }

const TypePtr& type_of_builtin(BuiltinId id) {
  static const std::vector<TypePtr> kTypes = [] {
    std::vector<TypePtr> types;
    for (const BuiltinInfo& info : all_builtins()) {
      types.push_back(type_of_signature(info.signature));
    }
    return types;
  }();
  return kTypes[static_cast<std::size_t>(id)];
}

}  // namespace licet::lang::check
