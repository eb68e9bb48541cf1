// What the compiler tells the policy author: values, rendered elsewhere (render.h).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lang/source.h"

namespace licet::lang {

// One enumerator per row of diagnostics.def.
enum class Code : std::uint16_t {
#define LICET_DIAGNOSTIC(name, number, severity, rego_code, stage, summary) name = number,
#include "lang/diagnostics.def"
#undef LICET_DIAGNOSTIC
};

enum class Severity { kError, kWarning };

// What OPA's compiler looks at, in its order. It ends after the first stage that finds an error,
// except for kNames and kTypes, after which it goes on. So these say which of several errors OPA
// tells; Licet tells the same ones first, and then the others.
enum class Stage {
  kParse,
  kStatements,  // told of a file without errors of kParse
  kReferences,
  kNames,
  kLocals,
  kPrints,
  kReplacements,
  kRules,
  kCalls,
  kHeads,
  kBodies,
  kRecursion,
  kTypes,
  kUntold  // what OPA does not tell
};
// Whether OPA goes no further than a stage with an error.
constexpr bool stops(Stage stage) {
  return stage != Stage::kNames && stage != Stage::kTypes && stage != Stage::kUntold;
}

struct CodeInfo {
  Code code;
  std::string_view name;  // kUnknownAttribute
  Severity severity;
  std::string_view rego_code;  // the code OPA gives: rego_parse_error, rego_unsafe_var_error, ...
  Stage stage;
  std::string_view summary;
};

const CodeInfo& info(Code code);
const std::vector<CodeInfo>& all_codes();
// L0203
std::string text_of(Code code);

struct Note {
  Span span;
  std::string message;
};

struct Diagnostic {
  Code code;
  Span span;            // the smallest text to change; it is what is marked
  std::string message;  // lower case, one line, no final stop, user text in backticks
  std::string label;    // what stands at the span; may be empty
  std::vector<Note> notes;
  std::string help;  // what to do; only if it is likely right
  // The offset in the source that the error is told at, if not where the span begins: as in OPA
  // where the statement, call, reference or token begins that the span is a part of.
  std::optional<std::uint32_t> place = std::nullopt;
  // The place of what OPA tells without one, after all that has one.
  static constexpr std::uint32_t kNoPlace = UINT32_MAX;

  bool has_place() const { return place != kNoPlace; }
  std::uint32_t told_at() const { return has_place() ? place.value_or(span.begin) : span.begin; }
};

// Line and column that a diagnostic is told at. As in OPA, where a text cannot be read, its end has
// the column of the last character, and a line break is column 0 of the line that it begins.
Position position_of(const Diagnostic& diagnostic, const SourceSet& sources);

// Collects what one compilation has to say. Not thread-safe; one per compilation.
class Diagnostics {
 public:
  void add(Diagnostic diagnostic);
  bool has_errors() const { return errors_ > 0; }
  std::size_t error_count() const { return errors_; }
  // More are not kept: who has to look for words about an error need not do so any more.
  bool are_full() const { return errors_ > kMaxErrors; }
  const std::vector<Diagnostic>& all() const { return all_; }
  // Whether there is an error of a stage that stops.
  bool has_stopped() const;
  // Orders by file and place, what OPA would report first; drops exact repetitions. A query is
  // looked at after the policies.
  void sort(std::optional<SourceId> query = std::nullopt);

  // After this many errors a run says so and stops collecting.
  static constexpr std::size_t kMaxErrors = 100;

 private:
  template <class Counts>
  Stage last_stage(const Counts& counts) const;
  std::set<SourceId> unreadable_sources() const;

  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
};

// The candidate nearest to `name` by edit distance, if near enough to be a likely typo.
std::optional<std::string> suggestion(std::string_view name,
                                      const std::vector<std::string>& candidates);

}  // namespace licet::lang
