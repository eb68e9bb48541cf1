// What is asked of Licet and of OPA: modules, data, input, and a document of the policy.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace licet::differential {

struct Question {
  std::vector<std::string> modules;
  std::string data = "{}";  // JSON
  std::string input;        // JSON; empty: there is none
  bool strict_errors = false;
  bool experimental = false;           // needs keywords that OPA knows only when asked to
  std::vector<std::string> documents;  // data.p.r: what is compared, each on its own

  std::string text() const;
};

// a.b of `package a.b`.
std::string package_of(const std::string& module);

// What one side says about one document.
struct Outcome {
  std::string value;    // Rego text; empty: undefined or an error
  std::string error;    // rego_type_error, eval_conflict_error ...; empty: none
  std::string message;  // of the error; not compared
  // Of compile errors: all codes that were reported, as the first one is a question of order.
  std::vector<std::string> codes;

  // undefined, a value, or an error code.
  std::string text() const;
  std::string kind() const;
};

}  // namespace licet::differential
