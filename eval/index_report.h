// What the indexes of a program hold and what they find for one request; for people who want to
// know why a policy is fast or slow.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/program.h"
#include "eval/value.h"

namespace licet {

struct ReportedBody {
  std::string name;  // permit deploy, body 2
  std::string file;
  std::uint32_t line = 0;
};

struct ReportedGroup {
  std::vector<std::string> keys;  // input.request.action is the value
  std::vector<ReportedBody> bodies;
  // With a request: the keys' values as JSON, empty where one is missing, and what was found.
  std::vector<std::string> values;
  std::vector<std::uint32_t> found;  // indexes into `bodies`
};

struct ReportedRest {
  ReportedBody body;
  std::string why;  // it is tried each time
};

struct ReportedBodyIndex {
  std::string name;  // data.registry.allow, permit, forbid
  std::uint32_t body_count = 0;
  bool looked_up = false;  // for the request; what depends on arguments of a function is not
  std::vector<ReportedGroup> groups;
  std::vector<ReportedRest> rest;
};

struct ReportedDataIndex {
  std::string path;                 // data.grants
  std::vector<std::string> fields;  // .model is the value
  std::uint64_t elements = 0;
};

struct IndexReport {
  std::vector<ReportedBodyIndex> bodies;
  std::vector<ReportedDataIndex> data;
};

// `input`: the request, undefined for none.
IndexReport report_indexes(const Program& program, const Value& input);

}  // namespace licet
