// What is wrong with a YAML text that the parser takes nevertheless.
#pragma once

#include <cstddef>
#include <string_view>

namespace licet {

// Directives before the first document are %YAML and %TAG; the parser would skip all others.
bool has_unknown_directive(std::string_view text);

// Whether a tab stands where the first document could begin, which the parser would skip. As in OPA
// comments that follow one may be indented by anything.
bool begins_with_tab(std::string_view text);

// Whether what is at `offset`, outside of brackets and braces, begins its line or comes after - or
// ?, with a tab before it: only spaces may be there.
bool is_indented_by_tab(std::string_view text, std::size_t offset);

// Whether a scalar that begins `text`, or before it a tag or an anchor, is quoted and goes on to
// the end of the text. The parser takes it for a closed one.
bool is_open_quote(std::string_view text);

}  // namespace licet
