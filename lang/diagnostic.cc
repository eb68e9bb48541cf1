#include "lang/diagnostic.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace licet::lang {

namespace {

using enum Severity;
using enum Stage;

bool is_error(const Diagnostic& diagnostic) { return info(diagnostic.code).severity == kError; }

bool ends_its_run(const Diagnostic& diagnostic) {
  return is_error(diagnostic) && stops(info(diagnostic.code).stage) &&
         diagnostic.code != Code::kTooManyErrors;
}

std::tuple<SourceId, std::uint32_t, std::uint32_t, std::uint32_t, Code, std::string_view> order_of(
    const Diagnostic& diagnostic) {
  return {diagnostic.span.source, diagnostic.told_at(), diagnostic.span.begin,
          diagnostic.span.end,    diagnostic.code,      diagnostic.message};
}

bool is_repetition(const Diagnostic& a, const Diagnostic& b) {
  const auto same_note = [](const Note& x, const Note& y) {
    return x.span == y.span && x.message == y.message;
  };
  return order_of(a) == order_of(b) && a.label == b.label && a.help == b.help &&
         std::equal(a.notes.begin(), a.notes.end(), b.notes.begin(), b.notes.end(), same_note);
}

// The number of single-character edits from `a` to `b`, where swapping two neighbours is one; gives
// up above `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size() + limit || b.size() > a.size() + limit) return limit + 1;
  std::vector<std::size_t> before;
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before = std::exchange(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

// Longer texts are no typos of names, and the distance costs their product.
constexpr std::size_t kMaxSuggestionLength = 100;

}  // namespace

Position position_of(const Diagnostic& diagnostic, const SourceSet& sources) {
  const Source& source = sources[diagnostic.span.source];
  const std::uint32_t at = diagnostic.told_at();
  Position position = source.position(at);
  if (info(diagnostic.code).stage != kParse) return position;
  const bool ends = at >= source.text().size();
  if (ends && at > 0) --position.column;
  if (!ends && source.text()[at] == '\n') return {position.line + 1, 0};
  return position;
}

const std::vector<CodeInfo>& all_codes() {
  static const std::vector<CodeInfo> codes = {
#define LICET_DIAGNOSTIC(name, number, severity, rego_code, stage, summary) \
  {Code::name, #name, severity, rego_code, stage, summary},
#include "lang/diagnostics.def"
#undef LICET_DIAGNOSTIC
  };
  return codes;
}

const CodeInfo& info(Code code) {
  const auto& codes = all_codes();
  // Every Code has a row: both come from diagnostics.def.
  return *std::find_if(codes.begin(), codes.end(),
                       [&](const CodeInfo& row) { return row.code == code; });
}

std::string text_of(Code code) {
  const std::string number = std::to_string(static_cast<unsigned>(code));
  return "L" + std::string(number.size() < 4 ? 4 - number.size() : 0, '0') + number;
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (errors_ > kMaxErrors) return;
  if (info(diagnostic.code).severity == kError && ++errors_ > kMaxErrors) {
    all_.push_back({Code::kTooManyErrors,
                    diagnostic.span,
                    "more than " + std::to_string(kMaxErrors) + " errors; the rest is not shown",
                    "",
                    {},
                    "correct the first ones and run again"});
    return;
  }
  all_.push_back(std::move(diagnostic));
}

// The last stage that OPA comes to, by the diagnostics that count.
template <class Counts>
Stage Diagnostics::last_stage(const Counts& counts) const {
  Stage last = kTypes;
  for (const Diagnostic& diagnostic : all_) {
    const bool ends = counts(diagnostic) && ends_its_run(diagnostic);
    if (ends) last = std::min(last, info(diagnostic.code).stage);
  }
  // Of files, as OPA, one is read after the other.
  return std::max(last, kStatements);
}

std::set<SourceId> Diagnostics::unreadable_sources() const {
  std::set<SourceId> sources;
  for (const Diagnostic& diagnostic : all_) {
    if (info(diagnostic.code).stage == kParse && diagnostic.code != Code::kTooManyErrors) {
      sources.insert(diagnostic.span.source);
    }
  }
  return sources;
}

bool Diagnostics::has_stopped() const {
  return errors_ > kMaxErrors || std::any_of(all_.begin(), all_.end(), ends_its_run);
}

void Diagnostics::sort(std::optional<SourceId> query) {
  const auto is_of_query = [&](const Diagnostic& d) { return d.span.source == query; };
  const Stage last = last_stage([&](const Diagnostic& d) { return !is_of_query(d); });
  const Stage last_of_query = last_stage(is_of_query);
  const std::set<SourceId> unreadable = unreadable_sources();
  const auto key = [&](const Diagnostic& diagnostic) {
    const Stage stage = info(diagnostic.code).stage;
    const bool asks = is_of_query(diagnostic);
    const bool later = diagnostic.code == Code::kTooManyErrors ||
                       (is_error(diagnostic) && stage > (asks ? last_of_query : last)) ||
                       (stage == kStatements && unreadable.contains(diagnostic.span.source));
    return std::tuple_cat(std::make_tuple(asks, later, !diagnostic.has_place()),
                          order_of(diagnostic));
  };
  std::stable_sort(all_.begin(), all_.end(),
                   [&key](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
  const auto end = std::unique(all_.begin(), all_.end(), is_repetition);
  all_.erase(end, all_.end());
  errors_ = static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), is_error));
}

std::optional<std::string> suggestion(std::string_view name,
                                      const std::vector<std::string>& candidates) {
  if (name.size() > kMaxSuggestionLength) return std::nullopt;
  // One edit for every three characters: more is another word.
  std::size_t best = std::max<std::size_t>(1, name.size() / 3) + 1;
  std::optional<std::string> nearest;
  for (const std::string& candidate : candidates) {
    if (candidate == name || candidate.size() > kMaxSuggestionLength) continue;
    const std::size_t distance = edit_distance(name, candidate, best);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace licet::lang
