// One text, parsed: for the tests of lang/syntax.
#pragma once

#include <optional>
#include <string>

#include "lang/syntax/parse.h"

namespace licet::lang::test {

struct Parsed {
  explicit Parsed(std::string text) {
    const SourceId source = sources.add("test.licet", std::move(text));
    module = parse_module(sources, source, diagnostics);
  }

  bool ok() const { return module.has_value() && !diagnostics.has_errors(); }
  // The messages with their places, one per line.
  std::string errors() const {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics.all()) {
      const Position place = position_of(diagnostic, sources);
      text += std::to_string(place.line) + ":" + std::to_string(place.column) + " " +
              text_of(diagnostic.code) + " " + diagnostic.message + "\n";
    }
    return text;
  }

  SourceSet sources;
  Diagnostics diagnostics;
  std::optional<ast::Module> module;
};

}  // namespace licet::lang::test
