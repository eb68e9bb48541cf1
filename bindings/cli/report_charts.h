// The charts of a report: SVG with titles, units, and colours that colour-blind readers tell apart
// (Okabe and Ito). Colours come from the page's style sheet, so that a dark page and paper have
// their own.
#pragma once

#include <string>

#include "bindings/cli/report_data.h"

namespace licet::cli {

std::string html_text(std::string_view text);  // escaped

std::string chart_of_time(const ReportData& data);
std::string chart_of_counts(const std::string& title, const std::string& unit,
                            const std::map<std::string, std::uint64_t>& counts);
std::string chart_of_users(const ReportData& data);
std::string chart_of_rates(const std::vector<GroupRate>& rates);

}  // namespace licet::cli
