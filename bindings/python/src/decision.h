// What Python sees of a decision.
#pragma once

#include <pybind11/pybind11.h>

#include "eval/decision.h"

namespace licet::python {

// What was asked, kept so that a decision can be explained after the fact.
struct Asked {
  pybind11::object engine;    // null: nothing to ask
  pybind11::object prepared;  // what was prepared; may be null
  pybind11::object names;     // tuple of the names of `values`; null: the only value is a document
  pybind11::object values;    // tuple
  pybind11::object package;   // that the decision was restricted to; may be null
};

// Makes the type `licet.Decision`; called once, when the module is made.
pybind11::object make_decision_type();

pybind11::object python_from_decision(Decision decision, Asked asked);

// Of a decision's `explanation`, as licet.ExplainedLiteral objects.
pybind11::list python_from_explanation(const Explanation& explanation);

}  // namespace licet::python
