// Policy texts and data -> Program: joins the passes. The first file of lang/ to read.
//
//   syntax    text -> syntax tree
//   resolve   names -> what they stand for; nested calls get names of their own (core.h)
//   check     safety and order, recursion, types and schemas
//   lower     permit and forbid -> rules of the core
//   plan      rules -> documents; read sets, slots
//   emit      documents -> bytecode
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eval/program.h"
#include "eval/value.h"
#include "lang/diagnostic.h"
#include "lang/source.h"

namespace licet::lang {

enum class Trace { kNo, kYes };  // kYes: for explain and test; slower code that records what held
enum class Indexing {
  kNo,
  kYes
};                                 // kNo: bodies are tried one by one; to check that it is the same
enum class Lint { kNo, kStrict };  // kStrict: OPA's strict mode: unused imports and variables ...

// What a query shows that is one call and nothing else, as `count([1, 2])`.
enum class BareCall {
  kShow,  // its answer, in a column named `$`, as for a bare term
  kTest,  // nothing: one empty row if it holds, as OPA's query API
};

struct CompileOptions {
  Trace trace = Trace::kNo;
  Indexing indexing = Indexing::kYes;  // programs with traces try all bodies, to speak of them
  Lint lint = Lint::kNo;
  // Compiled along with the policies: literals whose variables become the names of result rows
  // (Program::query). `query_package`: the package whose rules the query sees by name; may be
  // empty.
  std::optional<std::string> query;
  std::string query_package;
  BareCall bare_call = BareCall::kShow;
};

struct SourceText {
  std::string name;  // as the user gave it; used in messages and decisions
  std::string text;
};

struct Compilation {
  // The texts, for rendering the diagnostics; the query, if any, is the last one.
  SourceSet sources;
  Diagnostics diagnostics;
  // Null if there was an error. Warnings do not prevent it.
  std::shared_ptr<const Program> program;
};

// `data` is an object, already merged from all data files; it is copied into the program.
// Thread-safe: nothing is shared between calls.
Compilation compile(const std::vector<SourceText>& texts, const Value& data,
                    const CompileOptions& options = {});

// Reads one ground term of Rego text (`input_term` of the line protocol).
std::optional<Value> ground_term(const std::string& text, Arena& arena);

}  // namespace licet::lang
