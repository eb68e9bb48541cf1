// What others ask about a URI, with the rules of Go's net/url.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace licet::builtins {

struct UriForm {
  bool has_scheme = false;
  std::string path;  // unescaped
};
// nullopt: not a URI or a reference to one.
std::optional<UriForm> uri_form(std::string_view text);

}  // namespace licet::builtins
