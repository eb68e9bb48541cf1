#include "eval/log/entry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>

#include "eval/log/canonical.h"
#include "eval/log/mask.h"
#include "eval/value_json.h"

namespace licet::log {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86'400;

struct Date {
  std::int64_t year = 0;
  unsigned month = 0;
  unsigned day = 0;
};

// Howard Hinnant's civil_from_days and days_from_civil.
Date date_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year_of_era = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const unsigned of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted = (5 * of_year + 2) / 153;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0), month,
          of_year - (153 * shifted + 2) / 5 + 1};
}

std::int64_t days_from_date(const Date& date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned of_year =
      (153 * (date.month > 2 ? date.month - 3 : date.month + 9) + 2) / 5 + date.day - 1;
  const unsigned of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
  return era * 146'097 + static_cast<std::int64_t>(of_era) - 719'468;
}

// The parts of one packed decision, as views.
struct Decided {
  std::int64_t now_ns = 0;
  std::optional<std::uint64_t> seed;
  bool is_cached = false;
  Cause cause = Cause::kError;
  std::array<char, 48> id_digits;
  std::string_view id, package, error, trace_id, span_id;
  std::vector<std::string_view> rules, messages, controls, warnings;
  std::vector<std::pair<std::string_view, std::string_view>> obligations;
  std::vector<std::pair<std::uint32_t, std::string_view>> reads;  // path, packed value
  std::deque<std::string> from_json;                              // values that `reads` show

  void clear() {
    seed.reset();
    package = error = trace_id = span_id = {};
    for (auto* list : {&rules, &messages, &controls, &warnings}) list->clear();
    obligations.clear();
    reads.clear();
    from_json.clear();
  }
  std::string_view effect() const {
    return name_of(cause == Cause::kPermitted ? Effect::kPermit : Effect::kDeny);
  }
};

// DecisionId::text() without a string.
std::string_view id_text(const DecisionId& id, std::array<char, 48>& digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  char* to = digits.data();
  for (const std::uint64_t word : {id.engine[0], id.engine[1], id.number}) {
    for (int shift = 60; shift >= 0; shift -= 4) *to++ = kDigits[word >> shift & 15];
  }
  return {digits.data(), digits.size()};
}

// A value that the deciding thread cut out of the request's text.
void add_json(std::uint32_t path, std::string_view json, Decided& decided) {
  Arena arena;
  const auto value = value_from_json(json, arena);
  if (!value) {
    throw MaskingError({.code = LogErrorCode::kMasking,
                        .message = "a value of the request cannot be read again",
                        .help = {}});
  }
  std::string& packed = decided.from_json.emplace_back();
  pack_value(value.value(), packed);
  decided.reads.emplace_back(path, packed);
}

void take_part(const ReadPlan& plan, Unpacker& parts, Decided& decided) {
  switch (parts.part()) {
    case Part::kRule:
      decided.rules.push_back(plan.rules[parts.take<std::uint32_t>()]);
      return;
    case Part::kMessage:
      decided.messages.push_back(parts.text());
      return;
    case Part::kControl:
      decided.controls.push_back(parts.text());
      return;
    case Part::kWarning:
      decided.warnings.push_back(parts.text());
      return;
    case Part::kObligation: {
      const std::string_view key = parts.text();
      decided.obligations.emplace_back(key, parts.text());
      return;
    }
    case Part::kReadJson: {
      const auto path = parts.take<std::uint32_t>();
      return add_json(path, parts.text(), decided);
    }
    case Part::kFarRead: {
      const auto path = parts.take<std::uint32_t>();
      decided.reads.emplace_back(path, parts.value());
      return;
    }
    default: {
      const auto path = parts.take<std::uint16_t>();
      decided.reads.emplace_back(path, parts.value());
    }
  }
}

// The memory of one decision is used for the next one.
const Decided& decided_from_packed(const ReadPlan& plan, std::string_view packed) {
  thread_local Decided decided;
  decided.clear();
  Unpacker parts(packed);
  decided.now_ns = parts.take<std::int64_t>();
  const auto seed = parts.take<std::uint64_t>();
  const auto flags = parts.take<std::uint8_t>();
  decided.is_cached = (flags & kIsCached) != 0;
  if ((flags & kHasSeed) != 0) decided.seed = seed;
  decided.cause = static_cast<Cause>(parts.take<std::uint8_t>());
  if ((flags & kHasIdText) != 0) {
    decided.id = parts.text();
  } else {
    decided.id = id_text(parts.take<DecisionId>(), decided.id_digits);
  }
  if ((flags & kHasTexts) != 0) {
    for (std::string_view* text :
         {&decided.package, &decided.error, &decided.trace_id, &decided.span_id}) {
      *text = parts.text();
    }
  }
  while (!parts.at_end()) take_part(plan, parts, decided);
  return decided;
}

// Writes the members of an entry in their canonical order.
class EntryWriter {
 public:
  EntryWriter(const ReadPlan& plan, const Decided& decided, Masker& masker, std::string& out)
      : plan_(plan), decided_(decided), masker_(masker), out_(out) {}

  void write(std::string_view salt) {
    // Reading first: it tells what the texts must not say. The rest goes before it in the entry.
    const std::string& read = read_json();
    out_ += decided_.is_cached ? "{\"cached\":true," : "{\"cached\":false,";
    member("cause", name_of(decided_.cause));
    texts("controls", decided_.controls);
    member("effect", decided_.effect());
    if (!decided_.error.empty()) member("error", masker_.scrubbed(decided_.error));
    member("id", decided_.id);
    out_ += "\"kind\":\"decision\",";
    texts("messages", decided_.messages);
    obligations();
    if (!decided_.package.empty()) member("package", decided_.package);
    (out_ += "\"read\":").append(read).append(",");
    member("revision", plan_.revision);
    rules();
    member("salt", salt);
    if (decided_.seed) member("seed", std::to_string(*decided_.seed));
    if (masker_.has_subject()) member("subject", masker_.subject_text());
    member("time", time_text(decided_.now_ns));
    trace();
    out_ += "\"v\":" + std::to_string(kSchemaVersion);
    if (!decided_.warnings.empty()) {
      out_ += ",";
      texts("warnings", decided_.warnings);
      out_.pop_back();
    }
    out_ += '}';
  }

 private:
  void key(std::string_view name) { out_.append("\"").append(name).append("\":"); }
  void member(std::string_view name, std::string_view text) {
    key(name);
    append_canonical_string(text, out_);
    out_ += ',';
  }
  void append_scrubbed(std::string_view text) {
    if (masker_.hides_nothing()) return append_canonical_string(text, out_);
    append_canonical_string(masker_.scrubbed(text), out_);
  }
  void texts(std::string_view name, const std::vector<std::string_view>& all) {
    if (all.empty()) return;
    key(name);
    out_ += '[';
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) out_ += ',';
      append_scrubbed(all[i]);
    }
    out_ += "],";
  }
  void rules() {
    key("rules");
    out_ += '[';
    for (std::size_t i = 0; i < decided_.rules.size(); ++i) {
      if (i > 0) out_ += ',';
      append_canonical_string(decided_.rules[i], out_);
    }
    out_ += "],";
  }
  void obligations() {
    if (decided_.obligations.empty()) return;
    std::map<std::string, std::string> by_key;
    for (const auto& [name, json] : decided_.obligations) {
      std::string& values = by_key[masker_.scrubbed(name)];
      values += (values.empty() ? "" : ",") + masker_.scrubbed_json(json);
    }
    std::vector<std::pair<std::string, std::string>> sorted(by_key.begin(), by_key.end());
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return is_less_as_utf16(a.first, b.first); });
    out_ += "\"obligations\":{";
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (i > 0) out_ += ',';
      append_canonical_key(sorted[i].first, out_);
      out_ += "[" + sorted[i].second + "]";
    }
    out_ += "},";
  }
  void trace() {
    if (decided_.trace_id.empty() && decided_.span_id.empty()) return;
    out_ += "\"trace\":{";
    member("span_id", decided_.span_id);
    member("trace_id", decided_.trace_id);
    out_.back() = '}';
    out_ += ',';
  }
  // In the order of keys.
  const std::vector<std::pair<std::uint32_t, std::string_view>>& ordered_reads() {
    const bool has_ranks = !plan_.ranks.empty();
    const auto comes_before = [&](const auto& a, const auto& b) {
      if (has_ranks) return plan_.ranks[a.first] < plan_.ranks[b.first];
      return is_less_as_utf16(plan_.paths[a.first].text, plan_.paths[b.first].text);
    };
    if (std::is_sorted(decided_.reads.begin(), decided_.reads.end(), comes_before)) {
      return decided_.reads;
    }
    thread_local std::vector<std::pair<std::uint32_t, std::string_view>> ordered;
    ordered = decided_.reads;
    std::sort(ordered.begin(), ordered.end(), comes_before);
    return ordered;
  }
  const std::string& read_json() {
    thread_local std::string json;
    json = "{";
    for (const auto& [path, packed] : ordered_reads()) {
      const ReadPath& where = plan_.paths[path];
      if (json.size() > 1) json += ',';
      if (plan_.keys.empty()) {
        append_canonical_key(where.text, json);
      } else {
        json += plan_.keys[path];
      }
      Unpacker parts(packed);
      masker_.append_value(where.mask, where.text, parts, json);
    }
    json += '}';
    return json;
  }

  const ReadPlan& plan_;
  const Decided& decided_;
  Masker& masker_;
  std::string& out_;
};

}  // namespace

std::string time_text(std::int64_t ns_since_epoch) {
  std::int64_t seconds = ns_since_epoch / kSecond;
  std::int64_t ns = ns_since_epoch % kSecond;
  if (ns < 0) {
    ns += kSecond;
    --seconds;
  }
  std::int64_t days = seconds / kDay;
  std::int64_t of_day = seconds % kDay;
  if (of_day < 0) {
    of_day += kDay;
    --days;
  }
  const Date date = date_from_days(days);
  std::string text = "0000-00-00T00:00:00.000000000Z";
  const auto put = [&](std::size_t at, std::size_t digits, std::int64_t number) {
    for (std::size_t i = digits; i-- > 0; number /= 10) {
      text[at + i] = static_cast<char>('0' + number % 10);
    }
  };
  // INVARIANT: 64 bits of nanoseconds reach from 1677 to 2262.
  put(0, 4, date.year);
  put(5, 2, date.month);
  put(8, 2, date.day);
  put(11, 2, of_day / 3600);
  put(14, 2, of_day / 60 % 60);
  put(17, 2, of_day % 60);
  put(20, 9, ns);
  return text;
}

std::optional<std::int64_t> time_from_text(std::string_view text) {
  if (text.size() != 30 || text[10] != 'T' || text[19] != '.' || text[29] != 'Z') {
    return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t count) {
    std::int64_t value = -1;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + count, value);
    return error == std::errc() && end == text.data() + at + count ? value : -1;
  };
  const std::int64_t year = number(0, 4);
  const std::int64_t month = number(5, 2);
  const std::int64_t day = number(8, 2);
  const std::int64_t hour = number(11, 2);
  const std::int64_t minute = number(14, 2);
  const std::int64_t second = number(17, 2);
  const std::int64_t ns = number(20, 9);
  // Nanoseconds of 64 bits reach a little further.
  constexpr std::int64_t kFirstYear = 1678;
  constexpr std::int64_t kLastYear = 2261;
  if (year < kFirstYear || year > kLastYear || month < 1 || month > 12 || day < 1 || hour < 0 ||
      minute < 0 || second < 0 || ns < 0) {
    return std::nullopt;
  }
  const std::int64_t days =
      days_from_date({year, static_cast<unsigned>(month), static_cast<unsigned>(day)});
  const std::int64_t time =
      ((days * 24 + hour) * 60 + minute) * 60 * kSecond + second * kSecond + ns;
  // A time has one spelling: no 31st of February, no 25th hour, no other signs between the parts.
  return time_text(time) == text ? std::optional(time) : std::nullopt;
}

std::string new_salt() {
  // One call for many salts: drawing costs more than hashing the entry.
  thread_local std::array<std::uint8_t, 4096> drawn;
  thread_local std::size_t at = drawn.size();
  if (at == drawn.size()) {
    fill_random(drawn.data(), drawn.size());
    at = 0;
  }
  const std::string salt = base64_url(view(drawn).substr(at, 16));
  at += 16;
  return salt;
}

void append_decision_entry(const ReadPlan& plan, std::string_view packed, Vault& vault,
                           std::string& out) {
  const Decided& decided = decided_from_packed(plan, packed);
  const std::string salt = new_salt();
  Masker masker(vault, salt);
  for (const auto& [path, value] : decided.reads) {
    if (plan.subject == path && static_cast<Part>(value.front()) != Part::kNull) {
      masker.set_subject(value);
    }
  }
  EntryWriter(plan, decided, masker, out).write(salt);
}

void append_withheld_entry(std::string_view packed, const ReadPlan& plan, std::string& out) {
  const Decided& decided = decided_from_packed(plan, packed);
  std::map<std::string, std::string> members;
  const auto add = [&](const std::string& key, std::string_view text) {
    append_canonical_string(text, members[key]);
  };
  add("cause", name_of(decided.cause));
  add("effect", decided.effect());
  add("id", decided.id);
  add("revision", plan.revision);
  members["withheld"] = "true";
  out += event_entry("decision", decided.now_ns, members);
}

std::string event_entry(std::string_view kind, std::int64_t now_ns,
                        const std::map<std::string, std::string>& members) {
  std::map<std::string, std::string> all = members;
  append_canonical_string(kind, all["kind"]);
  append_canonical_string(new_salt(), all["salt"]);
  append_canonical_string(time_text(now_ns), all["time"]);
  all["v"] = std::to_string(kSchemaVersion);
  std::string json = "{";
  for (const auto& [key, value] : all) {
    if (json.size() > 1) json += ',';
    json.append("\"").append(key).append("\":").append(value);
  }
  return json + "}";
}

}  // namespace licet::log
