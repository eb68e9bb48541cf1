#include "bindings/cli/report_data.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <tuple>

namespace licet::cli {
namespace {

constexpr std::int64_t kMinuteNs = 60'000'000'000;
// Hashes of more entries than this are not kept, and the search box has no proofs.
constexpr std::uint64_t kMaxProvenEntries = 2'000'000;

// Roots of complete subtrees by level: any proof is put together from them.
class TreeLevels {
 public:
  void add(const log::Hash& leaf) { add(0, leaf); }
  log::Hash root(const log::LeafRange& range) const {
    log::Hash hash{};
    bool is_first = true;
    // From the right: the largest subtrees stand on the left.
    std::uint64_t end = range.end;
    while (end > range.begin) {
      std::size_t level = 0;
      while (end % (std::uint64_t{2} << level) == 0 &&
             end - (std::uint64_t{2} << level) >= range.begin) {
        ++level;
      }
      const std::uint64_t size = std::uint64_t{1} << level;
      const log::Hash& part = levels_[level][(end - size) >> level];
      hash = is_first ? part : log::node_hash(part, hash);
      is_first = false;
      end -= size;
    }
    return hash;
  }
  std::uint64_t size() const { return levels_.empty() ? 0 : levels_[0].size(); }

 private:
  void add(std::size_t level, const log::Hash& hash) {
    if (level == levels_.size()) levels_.emplace_back();
    levels_[level].push_back(hash);
    const std::size_t count = levels_[level].size();
    if (count % 2 == 0) add(level + 1, log::node_hash(levels_[level][count - 2], hash));
  }

  std::vector<std::vector<log::Hash>> levels_;
};

// A token is shown as the token.
std::string role(const EntryView& entry, const std::string& path) {
  const Value value = entry.read(path);
  for (const std::string_view mark : {"$token", "$encrypted"}) {
    if (value.get(mark).is_string()) return text_of_value(value.get(mark)).substr(0, 12);
  }
  return text_of_value(value);
}

std::string joined(const Value& values) {
  std::string text;
  if (!values.is_array()) return text;
  for (const Value& value : values.elements()) {
    text += (text.empty() ? "" : ", ") + text_of_value(value);
  }
  return text;
}

class Collector {
 public:
  Collector(const log::LogReader& reader, const ReportOptions& options, ReportData& data)
      : reader_(reader), options_(options), data_(data) {}

  std::optional<std::string> prepare() {
    for (const std::string& text : options_.anomalies) {
      if (auto wrong = EntryFilter::parse({text}, filters_.emplace_back())) return wrong;
    }
    return std::nullopt;
  }

  void add(const EntryView& entry) {
    ++data_.entries;
    if (entry.index < kMaxProvenEntries) tree_.add(log::leaf_hash(entry.text));
    if (entry.kind() == "gap" && entry.value.get("lost").is_int64()) {
      data_.lost += static_cast<std::uint64_t>(entry.value.get("lost").as_int64());
    }
    if (entry.kind() == "outcome") add_outcome(entry);
    if (entry.kind() == "decision") add_decision(entry);
  }

  void finish() {
    const auto note = log::note_from_text(reader_.checkpoint());
    const auto checkpoint = note ? log::checkpoint_from_text(note->text) : std::nullopt;
    for (SearchEntry& entry : search_) {
      if (checkpoint && checkpoint->size <= tree_.size() && entry.index < checkpoint->size) {
        add_proof(entry, *checkpoint);
      }
      data_.search.push_back(std::move(entry));
    }
  }

 private:
  void add_decision(const EntryView& entry) {
    data_.all.add(entry);
    const std::int64_t time = log::time_of_entry(entry.member("time")).value_or(0);
    data_.minutes[time / kMinuteNs].add(entry);
    ++data_.revisions[std::string(entry.member("revision"))];
    if (entry.member("effect") == "deny") {
      count(entry.value.get("rules"), entry.member("cause"), data_.denials_by_rule);
      count(entry.value.get("controls"), {}, data_.denials_by_control);
    }
    const std::string user = role(entry, options_.roles.user);
    const std::string resource = role(entry, options_.roles.resource);
    if (!user.empty() && !resource.empty()) data_.users[user][resource].add(entry);
    if (is_anomaly(entry)) add_anomaly(entry);
    search_.push_back({std::string(entry.member("id")), entry.index, std::string(entry.text), {}});
    if (search_.size() > options_.search_entries) search_.pop_front();
  }

  // What no rule stands for is counted under its cause.
  static void count(const Value& names, std::string_view otherwise,
                    std::map<std::string, std::uint64_t>& counts) {
    if (names.is_array() && names.size() > 0) {
      for (const Value& name : names.elements()) ++counts[text_of_value(name)];
    } else if (!otherwise.empty()) {
      ++counts["(" + std::string(otherwise) + ")"];
    }
  }

  bool is_anomaly(const EntryView& entry) const {
    if (!filters_.empty()) {
      return std::any_of(filters_.begin(), filters_.end(),
                         [&](const EntryFilter& filter) { return filter.matches(entry, reader_); });
    }
    const std::string_view cause = entry.member("cause");
    if (cause == "indeterminate" || cause == "error" || cause == "invalid_request") return true;
    return joined(entry.value.get("controls")).find("ATLAS") != std::string::npos;
  }

  void add_anomaly(const EntryView& entry) {
    if (++data_.anomaly_count > ReportData::kMaxAnomalies) return;
    std::string message = joined(entry.value.get("messages"));
    if (message.empty()) message = entry.member("error");
    if (message.empty()) message = entry.member("cause");
    data_.anomalies.push_back({std::string(entry.member("time")), std::string(entry.member("id")),
                               joined(entry.value.get("rules")), message});
  }

  void add_outcome(const EntryView& entry) {
    const std::string_view group = entry.member("group");
    if (group.empty()) return;
    auto& [good, all] = data_.groups[std::string(group)];
    const std::string outcome = text_of_value(entry.value.get("outcome"));
    const auto& wanted = options_.good_outcomes;
    if (std::find(wanted.begin(), wanted.end(), outcome) != wanted.end()) ++good;
    ++all;
  }

  void add_proof(SearchEntry& entry, const log::Checkpoint& checkpoint) {
    log::EntryProof proof;
    proof.entry = entry.text;
    proof.index = entry.index;
    proof.checkpoint = reader_.checkpoint();
    for (const log::LeafRange& range : log::inclusion_ranges(entry.index, checkpoint.size)) {
      proof.hashes.push_back(tree_.root(range));
    }
    entry.proof = log::text_of(proof);
  }

  const log::LogReader& reader_;
  const ReportOptions& options_;
  ReportData& data_;
  TreeLevels tree_;
  std::deque<SearchEntry> search_;
  std::vector<EntryFilter> filters_;
};

}  // namespace

void Outcomes::add(const EntryView& entry) {
  const std::string_view cause = entry.member("cause");
  if (entry.member("effect") == "permit") {
    ++permitted;
  } else if (cause == "invalid_request" || cause == "error") {
    ++undecided;
  } else {
    ++denied;
  }
}

ExitCode collect_report(log::LogReader& reader, const ReportOptions& options, ReportData& data) {
  Collector collector(reader, options, data);
  if (const auto wrong = collector.prepare()) {
    print_error(*wrong);
    return ExitCode::kError;
  }
  const ExitCode code = for_each_entry(reader, "read", [&](const EntryView& entry) {
    collector.add(entry);
    return true;
  });
  if (code == ExitCode::kOk) collector.finish();
  return code;
}

std::vector<GroupRate> group_rates(const ReportData& data) {
  std::vector<GroupRate> rates;
  for (const auto& [group, counts] : data.groups) {
    GroupRate rate;
    rate.group = group;
    std::tie(rate.good, rate.all) = counts;
    rate.rate = static_cast<double>(rate.good) / static_cast<double>(rate.all);
    rates.push_back(rate);
  }
  if (rates.empty()) return rates;
  const GroupRate best = *std::max_element(
      rates.begin(), rates.end(), [](const auto& a, const auto& b) { return a.rate < b.rate; });
  for (GroupRate& rate : rates) {
    if (best.good == 0) continue;
    rate.ratio = rate.rate / best.rate;
    if (rate.good == 0 || rate.group == best.group) continue;
    const double variance = (1 - rate.rate) / static_cast<double>(rate.good) +
                            (1 - best.rate) / static_cast<double>(best.good);
    const double width = 1.959964 * std::sqrt(variance);
    rate.low = rate.ratio * std::exp(-width);
    rate.high = rate.ratio * std::exp(width);
    rate.has_interval = true;
  }
  return rates;
}

}  // namespace licet::cli
