// The formats of strings that schemas can ask for.
#include <algorithm>

#include "eval/builtins/ip.h"
#include "eval/builtins/json_schema.h"
#include "eval/builtins/regex_cache.h"
#include "eval/builtins/time_layout.h"
#include "eval/builtins/uri.h"

namespace licet::builtins::json_schema {
namespace {

bool is_time(std::string_view text, std::initializer_list<std::string_view> layouts) {
  return std::any_of(layouts.begin(), layouts.end(),
                     [&](std::string_view layout) { return parse_time(layout, text).has_value(); });
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_host_label(std::string_view label) {
  if (label.empty() || label.size() > 63) return false;
  return is_letter_or_digit(label.front()) && is_letter_or_digit(label.back()) &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return c == '-' || is_letter_or_digit(c); });
}

bool is_host_name(std::string_view text) {
  if (text.size() >= 256) return false;
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_host_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

// The characters of a word in an address; bytes beyond ASCII count, as in Go.
bool is_atom(std::string_view text) {
  constexpr std::string_view kSpecial = "!#$%&'*+-/=?^_`{|}~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
           kSpecial.find(c) != std::string_view::npos;
  });
}
bool is_dotted_atom(std::string_view text) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_atom(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}
std::string_view without_spaces(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}
bool is_quoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '"') return false;
    if (text[i] == '\\' && ++i + 1 >= text.size()) return false;
    if (static_cast<unsigned char>(text[i]) < ' ' && text[i] != '\t') return false;
  }
  return true;
}
bool is_address(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  const bool is_literal = domain.starts_with('[') && domain.ends_with(']') &&
                          address_from_text(domain.substr(1, domain.size() - 2)).has_value();
  return (is_dotted_atom(local) || is_quoted(local)) && (is_literal || is_dotted_atom(domain));
}
// ann@example.com, or Ann <ann@example.com>.
bool is_email(std::string_view text) {
  text = without_spaces(text);
  const std::size_t bracket = text.rfind('<');
  if (bracket == std::string_view::npos || !text.ends_with('>')) return is_address(text);
  std::string_view name = without_spaces(text.substr(0, bracket));
  const std::string_view address = text.substr(bracket + 1, text.size() - bracket - 2);
  if (!is_address(address)) return false;
  if (name.empty() || is_quoted(name)) return true;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return c == ' ' || c == '.' || is_atom({&c, 1});
  });
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_dash_place = i == 8 || i == 13 || i == 18 || i == 23;
    const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (is_dash_place ? c != '-' : !is_hex) return false;
  }
  return true;
}

// "" or /a/b with ~ only as ~0 and ~1.
bool is_json_pointer(std::string_view text) {
  if (!text.empty() && text[0] != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '~') continue;
    if (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')) return false;
  }
  return true;
}
bool is_relative_json_pointer(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  if (end == 0 || (end > 1 && text[0] == '0')) return false;
  const std::string_view rest = text.substr(end);
  return rest == "#" || is_json_pointer(rest);
}

// Every opening brace has a closing one after it.
bool has_closed_braces(std::string_view path) {
  std::size_t open = path.find('{');
  while (open != std::string_view::npos) {
    const std::size_t close = path.find('}', open);
    if (close == std::string_view::npos) return false;
    open = path.find('{', close);
  }
  return true;
}

bool is_uri(std::string_view text, std::string_view format) {
  if (text.find('\\') != std::string_view::npos) return false;
  const std::optional<UriForm> uri = uri_form(text);
  if (!uri) return false;
  if (format == "uri" || format == "iri") return uri->has_scheme;
  return format != "uri-template" || has_closed_braces(uri->path);
}

bool is_regex(Context& context, std::string_view text) {
  if (text.empty()) return true;
  const RegexCache::Pattern compiled = context.regexes.compile(text);
  return context.charge(compiled.steps) && compiled.regex->ok();
}

}  // namespace

bool has_format(Context& context, std::string_view text, std::string_view format) {
  if (!context.charge(1 + text.size() / 8)) return false;
  if (format == "date") return is_time(text, {"2006-01-02"});
  if (format == "time") return is_time(text, {"15:04:05Z07:00", "15:04:05"});
  if (format == "date-time") {
    return is_time(text, {"15:04:05", "15:04:05Z07:00", "2006-01-02", "2006-01-02T15:04:05Z07:00",
                          "2006-01-02T15:04:05.999999999Z07:00"});
  }
  if (format == "hostname") return is_host_name(text);
  if (format == "email" || format == "idn-email") return is_email(text);
  if (format == "ipv4" || format == "ipv6") {
    const char mark = format == "ipv4" ? '.' : ':';
    return text.find(mark) != std::string_view::npos && address_from_text(text).has_value();
  }
  const bool names_uri = format == "uri" || format == "uri-reference" || format == "iri" ||
                         format == "iri-reference" || format == "uri-template";
  if (names_uri) return is_uri(text, format);
  if (format == "uuid") return is_uuid(text);
  if (format == "regex") return is_regex(context, text);
  if (format == "json-pointer") return is_json_pointer(text);
  if (format == "relative-json-pointer") return is_relative_json_pointer(text);
  return true;
}

}  // namespace licet::builtins::json_schema
