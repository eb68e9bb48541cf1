// What the log does with each decision of a program; an internal part of log.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "eval/log_entry.h"
#include "eval/program.h"
#include "eval/request_layout.h"

namespace licet {

struct LogSettings;

// Immutable; any thread may use it.
struct LogPlan {
  // A value that lies ready in a cell of the request.
  struct Ready {
    CellIndex cell = 0;
    std::uint32_t path = 0;    // of `entries`
    bool may_be_text = false;  // it hides nothing, so the entry shows what the cell has
    std::vector<std::string> keys;
  };
  // One that must be looked for in the request as a whole.
  struct Sought {
    std::uint32_t path = 0;
    std::vector<std::string> keys;
    std::optional<CellIndex> cell;  // where it is if attributes were set one by one
    bool may_overlap = false;       // with other attributes that are set one by one
  };

  std::shared_ptr<const Program> program;
  std::shared_ptr<const log::ReadPlan> entries;
  std::vector<Ready> ready;  // in the order of an entry
  std::vector<Sought> sought;
  bool any_overlap = false;
};

// The attributes that the policies read, hidden as the program's schema says.
std::shared_ptr<const LogPlan> log_plan_for(std::shared_ptr<const Program> program,
                                            const LogSettings& settings);

}  // namespace licet
