// licet_ratios: Licet against code that is written by hand for exactly one policy, in one process
// and in turns. bench/README.md tells how to read what it prints.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "bench/ratios/cache_gain.h"
#include "bench/ratios/compare.h"
#include "bench/ratios/general_policy.h"
#include "bench/ratios/report.h"
#include "bench/ratios/serve.h"
#include "bench/workload.h"

namespace licet::bench {
namespace {

constexpr const char* kUsage =
    "usage: licet_ratios [--json FILE] [--rounds N] [--slice-ms N] [--list] [REGEX]\n"
    "       licet_ratios --cache [--rounds N] [--slice-ms N]\n"
    "       licet_ratios --serve CONTENDER WORKLOAD\n"
    "Compares the workloads whose name REGEX finds: w2, w1_1000.rules, w3_...\n"
    "--cache compares decisions with and without a cache.\n"
    "--serve puts one contender at the service of bench/peers/run; WORKLOAD can also be "
    "general/NAME.\n"
    "Environment: LICET_WORKLOADS, the folder of their files; bench/run sets it. LICET_POLICIES, "
    "that\n"
    "of the general policies.\n";

struct Arguments {
  std::string json;
  std::string filter;
  std::string served;  // a contender
  MeasureSettings settings;
  bool list = false;
  bool cache = false;
};

int number_from_text(const char* text) {
  char* end = nullptr;
  const long number = std::strtol(text, &end, 10);
  if (end == text || *end != '\0' || number < 1 || number > 10'000) {
    give_up("`" + std::string(text) + "` is no number from 1 to 10000");
  }
  return static_cast<int>(number);
}

Arguments arguments_from(int count, char** words) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const auto value = [&] {
      if (i + 1 == count) give_up(word + " needs a value\n" + kUsage);
      return words[++i];
    };
    if (word == "--json") {
      arguments.json = value();
    } else if (word == "--rounds") {
      arguments.settings.rounds = number_from_text(value());
    } else if (word == "--slice-ms") {
      arguments.settings.slice = std::chrono::milliseconds(number_from_text(value()));
    } else if (word == "--serve") {
      arguments.served = value();
    } else if (word == "--cache") {
      arguments.cache = true;
    } else if (word == "--list") {
      arguments.list = true;
    } else if (word.starts_with("-")) {
      give_up("unknown option `" + word + "`\n" + kUsage);
    } else {
      arguments.filter = word;
    }
  }
  return arguments;
}

std::vector<std::string> chosen_workloads(const std::string& filter) {
  std::vector<std::string> chosen;
  try {
    const std::regex pattern(filter);
    for (const std::string& name : all_workload_names()) {
      if (std::regex_search(name, pattern)) chosen.push_back(name);
    }
  } catch (const std::regex_error&) {
    give_up("`" + filter + "` is no regular expression");
  }
  if (chosen.empty()) give_up("no workload has `" + filter + "` in its name; see --list");
  return chosen;
}

void write_json(const std::string& path, const std::vector<WorkloadResult>& results) {
  std::ofstream file(path);
  file << json_of_results(results);
  file.close();
  if (!file) give_up("cannot write `" + path + "`");
}

std::string folder_in(const char* variable) {
  const char* const folder = std::getenv(variable);
  if (folder == nullptr) give_up(std::string(variable) + " is not set; bench/run sets it");
  return folder;
}

int serve_contender(const Arguments& arguments) {
  constexpr std::string_view kGeneral = "general/";
  const std::string& name = arguments.filter;
  return serve(name.starts_with(kGeneral)
                   ? contest_of_policy(folder_in("LICET_POLICIES"), name.substr(kGeneral.size()))
                   : contest_of_workload(folder_in("LICET_WORKLOADS"), name),
               arguments.served);
}

int compare_caches(const Arguments& arguments) {
  std::fputs(cache_table_head().c_str(), stdout);
  const auto show = [](const CacheGainResult& result) {
    std::fputs(cache_table_row(result).c_str(), stdout);
    std::fflush(stdout);
  };
  for (const char* const name : {"w1_1000.rules", "w1_1000.data", "w2.rules", "w3_1000.rules"}) {
    show(cache_gain_of_workload(folder_in("LICET_WORKLOADS"), name, arguments.settings));
  }
  for (const char* const name : kGeneralPolicies) {
    show(cache_gain_of_policy(folder_in("LICET_POLICIES"), name, arguments.settings));
  }
  return 0;
}

int run(const Arguments& arguments) {
  if (arguments.cache) return compare_caches(arguments);
  if (!arguments.served.empty()) return serve_contender(arguments);
  const std::vector<std::string> names = chosen_workloads(arguments.filter);
  if (arguments.list) {
    for (const std::string& name : names) std::puts(name.c_str());
    return 0;
  }
  const std::string folder = folder_in("LICET_WORKLOADS");
  std::vector<WorkloadResult> results;
  std::fputs(table_head().c_str(), stdout);
  for (const std::string& name : names) {
    results.push_back(compare_workload(folder, name, arguments.settings));
    std::fputs(table_rows(results.back()).c_str(), stdout);
    std::fflush(stdout);
    if (!arguments.json.empty()) write_json(arguments.json, results);
  }
  std::puts("");
  for (const WorkloadResult& result : results) std::fputs(program_rows(result).c_str(), stdout);
  return 0;
}

}  // namespace
}  // namespace licet::bench

int main(int argc, char** argv) {
  return licet::bench::run(licet::bench::arguments_from(argc, argv));
}
