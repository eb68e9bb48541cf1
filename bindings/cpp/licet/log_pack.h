// From a decision and its request to the packed bytes of its log entry; an internal part of log.h.
#pragma once

#include <exception>

#include "eval/log_entry.h"
#include "licet/log.h"
#include "licet/log_plan.h"

namespace licet {

// What a caller lent has not been looked at, and an entry must be text.
struct NoText : std::exception {
  const char* what() const noexcept override {
    return "an attribute is no UTF-8 text, or longer than an entry can be";
  }
};

void pack_decision(const Decision& decision, const CallOptions& options, const TraceIds& trace,
                   log::DecisionPacker& packer);
// `record` is what the packer fills. Throws NoText.
void pack_reads(const LogPlan& plan, Request& request, log::RecordBuffer& record,
                log::DecisionPacker& packer);

}  // namespace licet
