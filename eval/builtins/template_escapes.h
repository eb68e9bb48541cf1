// What the functions html and js of templates do to text, and what a backslash means in theirs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace licet::builtins::text_template {

std::string escaped_html(std::string_view text);
std::string escaped_js(std::string_view text);

// Reads the escape that begins behind the backslash at text[at - 1], as Go does in literals between
// `quote`s, appends what it stands for, and moves `at` behind it. False: it is none.
bool append_unescaped(std::string_view text, std::size_t& at, char quote, std::string& out);

}  // namespace licet::builtins::text_template
