#include "eval/log/entry.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>

#include "eval/log/canonical.h"
#include "eval/log/mask.h"
#include "eval/value_json.h"

namespace licet::log {
namespace {

// The parts of one packed decision, as views.
struct Decided {
  std::int64_t now_ns = 0;
  std::optional<std::uint64_t> seed;
  bool is_cached = false;
  Cause cause = Cause::kError;
  std::array<char, 48> id_digits;
  std::string_view id, package, error, trace_id, span_id;
  std::vector<std::uint32_t> rules;
  std::vector<std::string_view> messages, controls, warnings;
  std::vector<std::pair<std::string_view, std::string_view>> obligations;
  std::vector<std::pair<std::uint32_t, std::string_view>> reads;  // path, packed value
  std::deque<std::string> from_json;                              // values that `reads` show

  // Keeps its memory.
  void clear() {
    seed.reset();
    package = error = trace_id = span_id = {};
    rules.clear();
    for (auto* list : {&messages, &controls, &warnings}) list->clear();
    obligations.clear();
    reads.clear();
    if (!from_json.empty()) from_json.clear();
  }
  // Texts that go before `read` in an entry, and repeat what stands there.
  bool has_texts_before_read() const {
    return !error.empty() || !messages.empty() || !controls.empty() || !obligations.empty();
  }
  std::string_view effect() const {
    return name_of(cause == Cause::kPermitted ? Effect::kPermit : Effect::kDeny);
  }
};

constexpr std::array<std::array<char, 2>, 256> kHexOfByte = [] {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {kDigits[i >> 4], kDigits[i & 15]};
  return pairs;
}();

// DecisionId::text() without a string.
std::string_view id_text(const DecisionId& id, std::array<char, 48>& digits) {
  char* to = digits.data();
  for (const std::uint64_t word : {id.engine[0], id.engine[1], id.number}) {
    for (int shift = 56; shift >= 0; shift -= 8, to += 2) {
      std::memcpy(to, kHexOfByte[word >> shift & 255].data(), 2);
    }
  }
  return {digits.data(), digits.size()};
}

// A value that the deciding thread cut out of the request's text.
void add_json(std::uint32_t path, std::string_view json, Decided& decided) {
  // Most are short texts without escapes.
  const bool is_short = json.size() >= 2 && json.size() <= UINT8_MAX && json.front() == '"';
  if (is_short && json.find('\\') == std::string_view::npos) {
    const std::string_view text = json.substr(1, json.size() - 2);
    std::string& packed = decided.from_json.emplace_back();
    put(packed, static_cast<std::uint8_t>(Part::kShortString));
    put(packed, static_cast<std::uint8_t>(text.size()));
    packed += text;
    decided.reads.emplace_back(path, packed);
    return;
  }
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

void take_part(Unpacker& parts, Decided& decided) {
  switch (parts.part()) {
    case Part::kRule:
      decided.rules.push_back(parts.take<std::uint32_t>());
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
      decided.reads.emplace_back(path, parts.bytes(parts.take<std::uint32_t>()));
      return;
    }
    default: {
      const auto path = parts.take<std::uint16_t>();
      decided.reads.emplace_back(path, parts.bytes(parts.take<std::uint16_t>()));
    }
  }
}

// The memory of one decision is used for the next one.
Decided& decided_from_packed(std::string_view packed) {
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
  while (!parts.at_end()) take_part(parts, decided);
  return decided;
}

// In the order of keys.
void put_reads_in_order(const ReadPlan& plan, Decided& decided) {
  using Read = std::pair<std::uint32_t, std::string_view>;
  const bool has_ranks = !plan.ranks.empty();
  const auto comes_before = [&](const Read& a, const Read& b) {
    if (has_ranks) return plan.ranks[a.first] < plan.ranks[b.first];
    return is_less_as_utf16(plan.paths[a.first].text, plan.paths[b.first].text);
  };
  std::vector<Read>& reads = decided.reads;
  if (std::is_sorted(reads.begin(), reads.end(), comes_before)) return;
  std::sort(reads.begin(), reads.end(), comes_before);
}

// Writes the members of an entry in their canonical order.
class EntryWriter {
 public:
  EntryWriter(const ReadPlan& plan, const Decided& decided, Masker& masker, RecordBuffer& out)
      : plan_(plan), decided_(decided), masker_(masker), out_(out) {}

  void write(std::string_view salt) {
    if (decided_.has_texts_before_read()) {
      // Reading first: it tells what the texts must not say.
      thread_local RecordBuffer read;
      read.clear();
      append_reads(read);
      append_before_read();
      out_.append(read.bytes());
    } else {
      append_before_read();
      append_reads(out_);
    }
    append_after_read(salt);
  }

 private:
  void append_before_read() {
    out_.append(decided_.is_cached ? "{\"cached\":true," : "{\"cached\":false,");
    word_member("\"cause\":\"", name_of(decided_.cause));
    texts("controls", decided_.controls);
    word_member("\"effect\":\"", decided_.effect());
    if (!decided_.error.empty()) member("error", masker_.scrubbed(decided_.error));
    member("id", decided_.id);
    out_.append("\"kind\":\"decision\",");
    texts("messages", decided_.messages);
    obligations();
    if (!decided_.package.empty()) member("package", decided_.package);
  }

  void append_after_read(std::string_view salt) {
    if (plan_.revision_text.empty()) {
      key("revision");
      append_canonical_string(plan_.revision, out_);
    } else {
      out_.append(plan_.revision_text);
    }
    rules();
    word_member("\"salt\":\"", salt);
    if (decided_.seed) member("seed", std::to_string(*decided_.seed));
    if (masker_.has_subject()) member("subject", masker_.subject_text());
    out_.append("\"time\":\"");
    write_time(decided_.now_ns, out_.room(kTimeLetters));
    out_.advance(kTimeLetters);
    out_.append("\",");
    trace();
    static_assert(kSchemaVersion == 1);
    out_.append("\"v\":1");
    if (!decided_.warnings.empty()) {
      out_ += ',';
      texts("warnings", decided_.warnings);
      out_.cut(out_.size() - 1);
    }
    out_ += '}';
  }

  void key(std::string_view name) { out_.append("\"").append(name).append("\":"); }
  // `begin` with the quotes before the word, which has nothing to escape.
  void word_member(std::string_view begin, std::string_view word) {
    out_.append(begin).append(word).append("\",");
  }
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
    out_.append("],");
  }
  void rules() {
    out_.append(",\"rules\":[");
    bool is_first = true;
    for (const std::uint32_t rule : decided_.rules) {
      if (plan_.rule_texts.empty()) {
        if (!is_first) out_ += ',';
        append_canonical_string(plan_.rules[rule], out_);
      } else {
        out_.append(std::string_view(plan_.rule_texts[rule]).substr(is_first ? 1 : 0));
      }
      is_first = false;
    }
    out_.append("],");
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
    out_.append("\"obligations\":{");
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (i > 0) out_ += ',';
      append_canonical_key(sorted[i].first, out_);
      out_.append("[").append(sorted[i].second).append("]");
    }
    out_.append("},");
  }
  void trace() {
    if (decided_.trace_id.empty() && decided_.span_id.empty()) return;
    out_.append("\"trace\":{");
    member("span_id", decided_.span_id);
    member("trace_id", decided_.trace_id);
    out_.cut(out_.size() - 1);
    out_.append("},");
  }
  void append_reads(RecordBuffer& out) {
    out.append("\"read\":{");
    bool is_first = true;
    for (const auto& [path, packed] : decided_.reads) {
      const ReadPath& where = plan_.paths[path];
      if (plan_.keys.empty()) {
        if (!is_first) out += ',';
        append_canonical_key(where.text, out);
      } else {
        out.append(std::string_view(plan_.keys[path]).substr(is_first ? 1 : 0));
      }
      is_first = false;
      Unpacker parts(packed);
      masker_.append_value(where.mask, where.text, parts, out);
    }
    out.append("},");
  }

  const ReadPlan& plan_;
  const Decided& decided_;
  Masker& masker_;
  RecordBuffer& out_;
};

}  // namespace

Salt new_salt() {
  // One call for many salts: drawing costs more than hashing the entry.
  thread_local std::array<std::uint8_t, 4096> drawn;
  thread_local std::size_t at = drawn.size();
  constexpr std::size_t kSaltBytes = 16;
  if (at == drawn.size()) {
    fill_random(drawn.data(), drawn.size());
    at = 0;
  }
  Salt salt;
  write_base64_url(view(drawn).substr(at, kSaltBytes), salt.letters.data());
  at += kSaltBytes;
  return salt;
}

void append_decision_entry(const ReadPlan& plan, std::string_view packed, Vault& vault,
                           RecordBuffer& out) {
  Decided& decided = decided_from_packed(packed);
  put_reads_in_order(plan, decided);
  const Salt salt = new_salt();
  Masker masker(vault, salt.text());
  if (plan.subject) {
    for (const auto& [path, value] : decided.reads) {
      if (plan.subject == path && static_cast<Part>(value.front()) != Part::kNull) {
        masker.set_subject(value);
      }
    }
  }
  EntryWriter(plan, decided, masker, out).write(salt.text());
}

void append_withheld_entry(std::string_view packed, const ReadPlan& plan, RecordBuffer& out) {
  const Decided& decided = decided_from_packed(packed);
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
  append_canonical_string(new_salt().text(), all["salt"]);
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
