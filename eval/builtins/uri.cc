// uri.parse and uri.is_valid, with the rules of Go's net/url.
#include "eval/builtins/uri.h"

#include <algorithm>
#include <optional>

#include "eval/builtins/families.h"
#include "eval/builtins/ip.h"
#include "eval/builtins/operands.h"
#include "eval/builtins/url_escape.h"

namespace licet::builtins {
namespace {

struct Uri {
  std::string scheme;
  std::string host;  // without port and brackets
  std::string port;
  std::string path;      // unescaped
  std::string raw_path;  // as written, but unescaped if escaping the path gives the same text
  std::string raw_query;
  std::string fragment;  // unescaped
};

// Reads one text; each step returns false if the text is no URI.
class UriReader {
 public:
  std::optional<Uri> read(std::string_view text) {
    const std::size_t hash = text.find('#');
    if (!read_before_fragment(text.substr(0, hash))) return std::nullopt;
    if (hash != std::string_view::npos && !read_fragment(text.substr(hash + 1))) {
      return std::nullopt;
    }
    return uri_;
  }

 private:
  bool read_before_fragment(std::string_view text);
  bool read_fragment(std::string_view text);
  bool take_scheme(std::string_view& text);
  void take_query(std::string_view& text);
  bool read_authority(std::string_view text);
  bool read_host(std::string_view text);
  bool read_bracketed_host(std::string_view text);
  bool read_path(std::string_view text);

  Uri uri_;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "" or a colon and digits.
bool is_optional_port(std::string_view text) {
  if (text.empty()) return true;
  return text[0] == ':' && std::all_of(text.begin() + 1, text.end(), is_digit);
}

bool UriReader::read_fragment(std::string_view text) {
  const auto fragment = url_unescaped(text, UrlPart::kFragment);
  if (fragment) uri_.fragment = *fragment;
  return fragment.has_value();
}

bool UriReader::take_scheme(std::string_view& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_letter(c)) continue;
    if (is_digit(c) || c == '+' || c == '-' || c == '.') {
      if (i == 0) return true;
      continue;
    }
    if (c != ':') return true;
    if (i == 0) return false;
    uri_.scheme = text.substr(0, i);
    for (char& letter : uri_.scheme) {
      if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter + 32);
    }
    text.remove_prefix(i + 1);
    return true;
  }
  return true;
}

void UriReader::take_query(std::string_view& text) {
  const std::size_t mark = text.find('?');
  if (mark == std::string_view::npos) return;
  uri_.raw_query = text.substr(mark + 1);
  text = text.substr(0, mark);
}

bool UriReader::read_path(std::string_view text) {
  const auto path = url_unescaped(text, UrlPart::kPath);
  if (!path) return false;
  uri_.path = *path;
  uri_.raw_path = url_escaped(*path, UrlPart::kPath) == text ? *path : std::string(text);
  return true;
}

bool is_user_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("-._:~!$&'()*+,;=%@").find(c) != std::string_view::npos;
  });
}

bool UriReader::read_authority(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return read_host(text);
  const std::string_view user = text.substr(0, at);
  return read_host(text.substr(at + 1)) && is_user_text(user) &&
         url_unescaped(user, UrlPart::kUser).has_value();
}

// [v6 address] or [v6 address%25zone], then a port.
bool UriReader::read_bracketed_host(std::string_view text) {
  const std::size_t close = text.rfind(']');
  if (close == std::string_view::npos) return false;
  const std::string_view port = text.substr(close + 1);
  if (!is_optional_port(port)) return false;
  const std::string_view host = text.substr(1, close - 1);
  const std::size_t zone = std::min(host.find("%25"), host.size());
  const auto address = url_unescaped(host.substr(0, zone), UrlPart::kHost);
  const auto zone_text = url_unescaped(host.substr(zone), UrlPart::kZone);
  if (!address || !zone_text || zone_text->size() == 1) return false;
  if (address->find(':') == std::string::npos || !address_from_text(*address)) return false;
  uri_.host = *address + *zone_text;
  if (!port.empty()) uri_.port = port.substr(1);
  return true;
}

bool UriReader::read_host(std::string_view text) {
  const std::size_t bracket = text.rfind('[');
  if (bracket == 0) return read_bracketed_host(text);
  if (bracket != std::string_view::npos) return false;
  const std::size_t first_colon = text.find(':');
  const std::size_t last_colon = text.rfind(':');
  const bool is_web = uri_.scheme == "http" || uri_.scheme == "https";
  const std::size_t colon = is_web ? first_colon : last_colon;
  if (colon != std::string_view::npos && !is_optional_port(text.substr(colon))) return false;
  const auto host = url_unescaped(text, UrlPart::kHost);
  if (!host) return false;
  uri_.host = *host;
  if (last_colon == std::string_view::npos) return true;
  const std::size_t port = host->rfind(':');
  uri_.port = host->substr(port + 1);
  uri_.host = host->substr(0, port);
  return true;
}

bool UriReader::read_before_fragment(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; };
  if (std::any_of(text.begin(), text.end(), is_control)) return false;
  if (text == "*") return read_path(text);
  if (!take_scheme(text)) return false;
  take_query(text);
  if (!text.starts_with('/')) {
    if (!uri_.scheme.empty()) return true;  // opaque: mailto:x
    const std::string_view first_segment = text.substr(0, text.find('/'));
    if (first_segment.find(':') != std::string_view::npos) return false;
  }
  if (text.starts_with("//") && (!uri_.scheme.empty() || !text.starts_with("///"))) {
    text.remove_prefix(2);
    const std::size_t slash = std::min(text.find('/'), text.size());
    if (!read_authority(text.substr(0, slash))) return false;
    text.remove_prefix(slash);
  }
  return read_path(text);
}

std::optional<Uri> uri_from(std::string_view text) { return UriReader().read(text); }

Value uri_parse(Context& context, std::span<const Value> arguments) {
  const std::string_view text = arguments[0].as_string();
  if (!charge_bytes(context, 4 * text.size())) return Value::undefined();
  const std::optional<Uri> uri = uri_from(text);
  if (!uri) return context.fail("`" + std::string(text) + "` is not a URI");
  ObjectBuilder object(context.arena);
  const auto add = [&](std::string_view name, std::string_view part) {
    if (!part.empty()) object.add(name, context.string(part));
  };
  add("scheme", uri->scheme);
  add("hostname", uri->host);
  add("port", uri->port);
  add("path", uri->path);
  add("raw_path", uri->raw_path);
  add("raw_query", uri->raw_query);
  add("fragment", uri->fragment);
  return object.object();
}

Value uri_is_valid(Context& context, std::span<const Value> arguments) {
  if (!arguments[0].is_string() || arguments[0].size() == 0) return Value::boolean(false);
  if (!charge_bytes(context, 4 * arguments[0].size())) return Value::undefined();
  return Value::boolean(uri_from(arguments[0].as_string()).has_value());
}

constexpr Row kRows[] = {
    {"uri.parse",
     "(string) => object[string: string]",
     uri_parse,
     "The parts of a URI that are there: scheme, hostname, port, path, raw_path, raw_query, "
     "fragment.",
     {R"(uri.parse("https://example.com:8443/a?b=c#d"))",
      R"({"fragment": "d", "hostname": "example.com", "path": "/a", "port": "8443", )"
      R"("raw_path": "/a", "raw_query": "b=c", "scheme": "https"})"}},
    {"uri.is_valid",
     "(string) => boolean",
     uri_is_valid,
     "Whether the text is a URI and not empty; false for what is no string.",
     {R"(uri.is_valid("https://example.com:port/"))", "false"},
     BuiltinTrait::kPure,
     {},
     OperandCheck::kByFunction},
};

}  // namespace

std::optional<UriForm> uri_form(std::string_view text) {
  const std::optional<Uri> uri = uri_from(text);
  if (!uri) return std::nullopt;
  return UriForm{!uri->scheme.empty(), uri->path};
}

Family uri_family() { return kRows; }

}  // namespace licet::builtins
