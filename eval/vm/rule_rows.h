// Bodies of rules that say no more than a row of data.
//
//     permit p17 if { model.id == "m7"; request.action == "read"; "auditor" in user.roles }
//
// Problem: of ten thousand rules like this an index finds the few that are about one model, and
// then they are gone through one by one; the same as data costs one lookup for each role.
//
// Idea: a body that is nothing but attributes tied to constants and one membership in a list holds
// if, and only if, these attributes have its constants. So it is a row, and bodies that tie the
// same attributes are a table (eval/index/tuple_table.h). A graph (guard_graph.h) has one test for
// the table in place of all its bodies, which finds those that hold: a decision names their rules.
//
// Limits: kMostTables for all bodies of a verdict or of a document. Of a document all bodies must
// be rows and have one value. Bodies of decisions that are no rows, or whose rules have something
// to say, or that have too little company, stay code, if there are few of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "eval/index/numbers.h"
#include "eval/index/tuple_table.h"
#include "eval/program.h"
#include "eval/slot_values.h"

namespace licet::vm {

class Tables;

struct RowTable {
  std::vector<CellIndex> cells;     // ascending; by key of the table
  std::optional<std::size_t> list;  // the one of which some element is the key
  index::TupleTable rows;           // those of a decision are called what their rule is
};

// Immutable once made; any thread may ask.
struct RuleRows {
  std::vector<RowTable> tables;
  // An attribute that is missing makes some of the bodies unknown instead of false.
  bool may_be_unknown = false;
  std::vector<std::uint32_t> others;  // of a verdict: units that are in no table
  std::uint32_t next = 0;             // of a document: where the code goes on when a body holds

  // Fewer cost less one by one: also if a graph by key (keyed_graphs.h) has those of one key only.
  static constexpr std::size_t kFewestBodies = 16;
  static constexpr std::size_t kFewestBodiesByKey = 128;
  static constexpr std::size_t kMostTables = 4;
  static constexpr std::size_t kMostOthers = 32;
};

// Nothing if the bodies had better be code, as fewer than `fewest_bodies` are.
std::optional<RuleRows> rows_of_verdict(const Tables& tables, Verdict verdict,
                                        std::size_t fewest_bodies, index::Numbers& numbers);
// Of the bodies that the instruction at `find`, a kFindBodies, goes through.
std::optional<RuleRows> rows_of_document(const Program& program, std::uint32_t find,
                                         std::size_t fewest_bodies, index::Numbers& numbers);

}  // namespace licet::vm
