// The page of a report: one file, no network.
#pragma once

#include <string>

#include "bindings/cli/report_data.h"

namespace licet::cli {

std::string report_page(const ReportData& data, const log::VerifyReport& integrity,
                        const std::string& verifier);

}  // namespace licet::cli
