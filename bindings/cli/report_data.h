// What a report tells, counted in one pass over a log.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bindings/cli/log_common.h"
#include "bindings/cli/log_formats.h"

namespace licet::cli {

struct Outcomes {
  std::uint64_t permitted = 0;
  std::uint64_t denied = 0;
  std::uint64_t undecided = 0;  // invalid_request, error

  void add(const EntryView& entry);
  std::uint64_t total() const { return permitted + denied + undecided; }
};

// How often a group had the good outcome.
struct GroupRate {
  std::string group;
  std::uint64_t good = 0;
  std::uint64_t all = 0;
  double rate = 0;
  // Against the group with the highest rate; with the 95 % interval of the ratio of two
  // proportions (Katz). `has_interval` is false where a rate of 0 leaves none.
  double ratio = 0;
  double low = 0;
  double high = 0;
  bool has_interval = false;
};

struct ReportOptions {
  Roles roles;
  std::vector<std::string> anomalies;      // filters; empty: kDefaultAnomaly
  std::vector<std::string> good_outcomes;  // texts of outcomes
  std::size_t search_entries = 5000;       // the last so many decisions are in the search box
};

struct SearchEntry {
  std::string id;
  std::uint64_t index = 0;
  std::string text;
  std::string proof;  // empty: not covered by a checkpoint, or the log is too long
};

struct Anomaly {
  std::string time, id, rules, message;
};

struct ReportData {
  std::uint64_t entries = 0;
  std::uint64_t lost = 0;
  Outcomes all;
  std::map<std::int64_t, Outcomes> minutes;  // since the epoch
  std::map<std::string, std::uint64_t> denials_by_rule;
  std::map<std::string, std::uint64_t> denials_by_control;
  std::map<std::string, std::map<std::string, Outcomes>> users;  // by user, by resource
  std::uint64_t anomaly_count = 0;
  std::vector<Anomaly> anomalies;                                         // the first kMaxAnomalies
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> groups;  // good, all
  std::map<std::string, std::uint64_t> revisions;
  std::vector<SearchEntry> search;

  static constexpr std::size_t kMaxAnomalies = 200;
};

// kError: what is wrong was printed.
ExitCode collect_report(log::LogReader& reader, const ReportOptions& options, ReportData& data);
std::vector<GroupRate> group_rates(const ReportData& data);

}  // namespace licet::cli
