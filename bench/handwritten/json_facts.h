// The facts that a workload needs straight from the bytes of a request, with simdjson.
#pragma once

#include <simdjson.h>

#include "bench/handwritten/facts.h"

namespace licet::bench {

// Reads one request after the other. The views are good until the next one. For one thread.
class JsonFacts {
 public:
  // What the decisions of W1 look at. An error is thrown as simdjson does.
  Facts read_grant(simdjson::padded_string_view json);
  // What those of W2 and W3 look at.
  Facts read_all(simdjson::padded_string_view json);

 private:
  simdjson::ondemand::parser parser_;
};

}  // namespace licet::bench
