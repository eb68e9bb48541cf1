#include "eval/builtins/elements.h"

#include <cstring>
#include <string>

namespace licet::builtins {

Value fail_element(Context& context, int operand, const Value& composite, const Value& element,
                   std::string_view expected) {
  const std::string kind(name_of(composite.kind()));
  std::string text = "operand " + std::to_string(operand) + " must be " + kind + " of ";
  text += expected;
  text += "s but got " + kind + " containing ";
  text += name_of(element.kind());
  return fail_type(context, std::move(text));
}

std::optional<Texts> texts_of(Context& context, int operand, const Value& composite) {
  Texts texts(context.arena);
  texts.reserve(composite.size());
  for (const Value& element : composite.elements()) {
    if (!element.is_string()) {
      fail_element(context, operand, composite, element, "string");
      return std::nullopt;
    }
    texts.push_back(element.as_string());
  }
  return texts;
}

std::size_t code_point_count(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    i += static_cast<unsigned char>(text[i]) < 0x80 ? 1 : code_point_at(text, i).size;
  }
  return count;
}

// memmem is linear where std::string_view::find is quadratic: a^n b in a^m.
std::size_t find_text(std::string_view text, std::string_view part, std::size_t from) {
  if (from > text.size()) return std::string_view::npos;
  const void* const found =
      memmem(text.data() + from, text.size() - from, part.data(), part.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace licet::builtins
