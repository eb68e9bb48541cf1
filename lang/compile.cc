#include "lang/compile.h"

#include <algorithm>

#include "eval/digest.h"
#include "eval/value_json.h"
#include "lang/check/attributes.h"
#include "lang/check/canonical.h"
#include "lang/check/omitted.h"
#include "lang/check/safety.h"
#include "lang/check/schema.h"
#include "lang/check/templates.h"
#include "lang/check/type_check.h"
#include "lang/emit/emit.h"
#include "lang/export/export.h"
#include "lang/lower/decisions.h"
#include "lang/plan/dependencies.h"
#include "lang/plan/presence.h"
#include "lang/plan/rule_conflicts.h"
#include "lang/plan/rule_tree.h"
#include "lang/plan/unused_defaults.h"
#include "lang/rego_export.h"
#include "lang/resolve/resolve.h"
#include "lang/syntax/parse.h"

namespace licet::lang {
namespace {

std::string revision_of(const std::vector<SourceText>& texts, const Value& data) {
  const std::string data_text = json_from_value(data);
  std::vector<std::string_view> parts;
  for (const SourceText& text : texts) {
    parts.emplace_back(text.name);
    parts.emplace_back(text.text);
  }
  parts.emplace_back(data_text);
  return "sha256:" + sha256_of_parts(parts);
}

core::Path path_of(const std::string& dotted) {
  core::Path path;
  std::size_t begin = 0;
  while (begin < dotted.size()) {
    const std::size_t end = std::min(dotted.find('.', begin), dotted.size());
    path.push_back(dotted.substr(begin, end - begin));
    begin = end + 1;
  }
  return path;
}

std::vector<ast::Module> parse_all(const std::vector<SourceText>& texts, SourceSet& sources,
                                   Diagnostics& diagnostics) {
  std::vector<ast::Module> modules;
  for (const SourceText& text : texts) {
    const SourceId id = sources.add(text.name, text.text);
    if (auto module = parse_module(sources, id, diagnostics)) {
      modules.push_back(std::move(*module));
    }
  }
  return modules;
}

std::optional<QueryText> parse_the_query(const CompileOptions& options,
                                         std::optional<SourceId> source, Compilation& result) {
  if (!source) return std::nullopt;
  auto body = parse_query(result.sources, *source, result.diagnostics);
  if (!body) return std::nullopt;
  return QueryText{std::move(*body), path_of(options.query_package),
                   options.bare_call == BareCall::kShow};
}

// What the passes before the last one make of the policies.
struct Planned {
  const core::Policy& policy;
  const std::vector<lower::DecisionGroup>& decisions;
  const plan::RuleTree& tree;
  const plan::Dependencies& dependencies;
  const plan::Presence& presence;
};

// The passes after parsing; `last` is the last one. Stops at the first one that leaves nothing
// sound to go on with.
template <class Last>
void build(const std::vector<ast::Module>& modules, const std::optional<QueryText>& query,
           Lint lint, Program& program, const SourceSet& sources, Diagnostics& diagnostics,
           const Last& last) {
  program.schema = check::build_schema(modules, program.arena, diagnostics);
  core::Policy policy = resolve_names(modules, query ? &*query : nullptr, program.arena,
                                      {lint == Lint::kStrict}, diagnostics);
  check::check_omitted(policy, diagnostics);
  check::check_templates(policy, diagnostics);
  for (core::DecisionBody& decision : policy.decisions) {
    if (decision.verdict == core::Verdict::kForbid) {
      check::order_canonically(decision.rule.body, sources);
    }
  }
  check::order_bodies(policy, diagnostics);
  check::check_attributes(policy, program.schema, diagnostics);
  const std::vector<lower::DecisionGroup> decisions = lower::group_decisions(policy, diagnostics);
  plan::check_rule_conflicts(policy, diagnostics);
  plan::check_defaults(policy, diagnostics);
  const plan::RuleTree tree(policy, decisions);
  const plan::Dependencies dependencies(tree, decisions, diagnostics);
  if (diagnostics.has_stopped()) return;
  check::check_types(policy, sources, diagnostics);
  check::check_deprecated(policy, diagnostics);
  if (diagnostics.has_errors()) return;
  const plan::Presence presence(program.schema);
  last(Planned{policy, decisions, tree, dependencies, presence});
}

}  // namespace

Compilation compile(const std::vector<SourceText>& texts, const Value& data,
                    const CompileOptions& options) {
  Compilation result;
  auto program = std::make_shared<Program>();
  const std::vector<ast::Module> modules = parse_all(texts, result.sources, result.diagnostics);
  std::optional<SourceId> asked;
  if (options.query) asked = result.sources.add("query", *options.query);
  const std::optional<QueryText> query = parse_the_query(options, asked, result);
  if (!result.diagnostics.has_errors()) {
    program->data = copy(data, program->arena);
    program->revision = revision_of(texts, program->data);
    const TracePoints trace = options.trace == Trace::kYes ? TracePoints::kYes : TracePoints::kNo;
    const bool indexed = options.indexing == Indexing::kYes && trace == TracePoints::kNo;
    build(modules, query, options.lint, *program, result.sources, result.diagnostics,
          [&](const Planned& p) {
            emit_program({p.policy, p.decisions, p.tree, p.dependencies, p.presence, result.sources,
                          trace, indexed ? BodyIndexes::kYes : BodyIndexes::kNo},
                         *program, result.diagnostics);
          });
  }
  result.diagnostics.sort(asked);
  if (!result.diagnostics.has_errors()) result.program = std::move(program);
  return result;
}

RegoExport export_rego(const std::vector<SourceText>& texts) {
  RegoExport result;
  Program program;
  const std::vector<ast::Module> modules = parse_all(texts, result.sources, result.diagnostics);
  if (!result.diagnostics.has_errors()) {
    build(modules, std::nullopt, Lint::kNo, program, result.sources, result.diagnostics,
          [&](const Planned& p) {
            const exporting::Context context{p.policy,       p.decisions,       p.tree,
                                             p.dependencies, p.presence,        program.schema,
                                             result.sources, result.diagnostics};
            for (exporting::Module& module : exporting::export_policy(context)) {
              result.modules.push_back({std::move(module.name), std::move(module.text)});
            }
          });
  }
  result.diagnostics.sort();
  if (result.diagnostics.has_errors()) result.modules.clear();
  return result;
}

std::optional<Value> ground_term(const std::string& text, Arena& arena) {
  SourceSet sources;
  Diagnostics diagnostics;
  const SourceId id = sources.add("term", text);
  auto term = parse_term(sources, id, diagnostics);
  if (!term) return std::nullopt;
  ast::Body body;
  ast::Literal literal;
  literal.span = term->span;
  literal.node = ast::Expression{std::move(*term)};
  body.push_back(std::move(literal));
  const QueryText query{std::move(body), {}, false};
  const core::Policy policy = resolve_names({}, &query, arena, {}, diagnostics);
  if (diagnostics.has_errors() || !policy.query || policy.query->body.size() != 1)
    return std::nullopt;
  const auto* unify = std::get_if<core::Unify>(&policy.query->body.front().node);
  if (unify == nullptr) return std::nullopt;
  const auto* constant = std::get_if<core::Constant>(&unify->right.node);
  if (constant == nullptr) return std::nullopt;
  return constant->value;
}

}  // namespace licet::lang
