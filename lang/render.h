// Diagnostics -> text for a terminal, JSON, SARIF.
#pragma once

#include <string>

#include "lang/diagnostic.h"
#include "lang/source.h"

namespace licet::lang {

enum class Color { kNo, kYes };

// For people: every diagnostic with the line that it is about, then the summary. Empty if there is
// nothing to say. Control characters of the sources are shown as `?`.
std::string render_text(const SourceSet& sources, const Diagnostics& diagnostics,
                        Color color = Color::kNo);

// 2 errors, 1 warning
std::string render_summary(const Diagnostics& diagnostics);

// An array of objects: code, severity, rego_code, message, label, file, line, column, begin_line,
// begin_column, end_line, end_column, notes, help. `line` and `column` say where it is told,
// `begin_` and `end_` what is marked. Lines and columns count from 1, columns in characters;
// `column` is 0 where a text ends after a line break.
std::string render_json(const SourceSet& sources, const Diagnostics& diagnostics);

// SARIF 2.1.0, as code hosts read it. Columns count code points.
std::string render_sarif(const SourceSet& sources, const Diagnostics& diagnostics);

}  // namespace licet::lang
