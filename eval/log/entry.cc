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

// A value as the packed decision has it.
struct Read {
  std::uint32_t path = 0;
  bool is_text = false;  // canonical JSON, of a value that hides nothing; else packed
  std::string_view bytes;

  bool is_null() const { return static_cast<Part>(bytes.front()) == Part::kNull; }
};

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
  std::vector<Read> reads;
  std::deque<std::string> from_json;  // packed values that `reads` show

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
    decided.reads.push_back({path, false, packed});
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
  decided.reads.push_back({path, false, packed});
}

bool hides_nothing(const ReadPlan& plan, std::uint32_t path) {
  return plan.keys.empty() ? plan.paths[path].mask.hides_nothing() : plan.keys[path].hides_nothing;
}

void take_part(const ReadPlan& plan, Unpacker& parts, Decided& decided) {
  switch (parts.part()) {
    case Part::kReadText: {
      const auto path = parts.take<std::uint16_t>();
      const std::string_view text = parts.bytes(parts.take<std::uint16_t>());
      if (!hides_nothing(plan, path)) return add_json(path, text, decided);
      decided.reads.push_back({path, true, text});
      return;
    }
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
      decided.reads.push_back({path, false, parts.bytes(parts.take<std::uint32_t>())});
      return;
    }
    default: {
      const auto path = parts.take<std::uint16_t>();
      decided.reads.push_back({path, false, parts.bytes(parts.take<std::uint16_t>())});
    }
  }
}

// The memory of one decision is used for the next one.
Decided& decided_from_packed(const ReadPlan& plan, std::string_view packed) {
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

// In the order of keys.
void put_reads_in_order(const ReadPlan& plan, Decided& decided) {
  const bool has_ranks = !plan.keys.empty();
  const auto comes_before = [&](const Read& a, const Read& b) {
    if (has_ranks) return plan.keys[a.path].rank < plan.keys[b.path].rank;
    return is_less_as_utf16(plan.paths[a.path].text, plan.paths[b.path].text);
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
    out_.append_literal("{\"cached\":");
    out_.append_short(decided_.is_cached ? "true" : "false");
    out_.append_literal(",\"cause\":\"").append_short(name_of(decided_.cause));
    out_.append_literal("\",");
    texts("controls", decided_.controls);
    out_.append_literal("\"effect\":\"").append_short(decided_.effect());
    out_.append_literal("\",");
    if (!decided_.error.empty()) member("error", masker_.scrubbed(decided_.error));
    member("id", decided_.id);
    out_.append_literal("\"kind\":\"decision\",");
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
    out_.append_literal("\"salt\":\"").append_short(salt).append_literal("\",");
    if (decided_.seed) member("seed", std::to_string(*decided_.seed));
    if (masker_.has_subject()) member("subject", masker_.subject_text());
    out_.append_literal("\"time\":\"");
    write_time(decided_.now_ns, out_.room(kTimeLetters));
    out_.advance(kTimeLetters);
    out_.append_literal("\",");
    trace();
    static_assert(kSchemaVersion == 1);
    out_.append_literal("\"v\":1");
    if (!decided_.warnings.empty()) {
      out_ += ',';
      texts("warnings", decided_.warnings);
      out_.cut(out_.size() - 1);
    }
    out_ += '}';
  }

  void key(std::string_view name) { out_.append_literal("\"").append_short(name).append("\":"); }
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
    out_.append_literal("],");
  }
  void rules() {
    out_.append_literal(",\"rules\":[");
    bool is_first = true;
    for (const std::uint32_t rule : decided_.rules) {
      if (plan_.rule_texts.empty()) {
        if (!is_first) out_ += ',';
        append_canonical_string(plan_.rules[rule], out_);
      } else {
        out_.append_short(std::string_view(plan_.rule_texts[rule]).substr(is_first ? 1 : 0));
      }
      is_first = false;
    }
    out_.append_literal("],");
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
    out_.append_literal("\"obligations\":{");
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (i > 0) out_ += ',';
      append_canonical_key(sorted[i].first, out_);
      out_.append_literal("[").append(sorted[i].second).append("]");
    }
    out_.append_literal("},");
  }
  void trace() {
    if (decided_.trace_id.empty() && decided_.span_id.empty()) return;
    out_.append_literal("\"trace\":{");
    member("span_id", decided_.span_id);
    member("trace_id", decided_.trace_id);
    out_.cut(out_.size() - 1);
    out_.append_literal("},");
  }
  void append_reads(RecordBuffer& out) {
    out.append_literal("\"read\":{");
    bool is_first = true;
    for (const Read& read : decided_.reads) {
      if (plan_.keys.empty()) {
        if (!is_first) out += ',';
        append_canonical_key(plan_.paths[read.path].text, out);
      } else {
        out.append_short(std::string_view(plan_.keys[read.path].text).substr(is_first ? 1 : 0));
      }
      is_first = false;
      if (read.is_text) {
        out.append_short(read.bytes);
        continue;
      }
      const ReadPath& where = plan_.paths[read.path];
      Unpacker parts(read.bytes);
      masker_.append_value(where.mask, where.text, parts, out);
    }
    out.append_literal("},");
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
  Decided& decided = decided_from_packed(plan, packed);
  put_reads_in_order(plan, decided);
  const Salt salt = new_salt();
  Masker masker(vault, salt.text());
  if (plan.subject) {
    for (const Read& read : decided.reads) {
      if (plan.subject != read.path || read.is_null()) continue;
      masker.set_subject(read.is_text ? std::string(read.bytes)
                                      : canonical_from_packed(read.bytes));
    }
  }
  EntryWriter(plan, decided, masker, out).write(salt.text());
}

void append_withheld_entry(std::string_view packed, const ReadPlan& plan, RecordBuffer& out) {
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
