#include "eval/program.h"

#include <algorithm>

namespace licet {
namespace {

bool has_document(const DecisionBody& body, DocumentIndex document) {
  if (body.holds == document) return true;
  const auto is_it = [&](MaybeDocument clause) { return clause && *clause == document; };
  return is_it(body.messages) || is_it(body.controls) || is_it(body.obligations);
}

bool has_document(const DecisionRule& rule, DocumentIndex document) {
  return rule.holds == document ||
         std::any_of(rule.bodies.begin(), rule.bodies.end(),
                     [&](const DecisionBody& body) { return has_document(body, document); });
}

}  // namespace

std::string name_of(const DecisionRule& rule) { return "data." + rule.package + "." + rule.name; }

SourcePlace place_of(const Program& program, const DecisionBody& body) {
  return program.places_of_code[program.blocks[program.documents[body.holds].block].begin];
}

SourcePlace place_of(const Program& program, const DecisionRule& rule) {
  return rule.bodies.empty() ? SourcePlace() : place_of(program, rule.bodies.front());
}

std::string document_name(const Program& program, DocumentIndex document) {
  const std::string_view own = program.documents[document].name;
  if (!own.empty()) return std::string(own);
  for (const DecisionRule& rule : program.decision_rules) {
    if (has_document(rule, document)) return name_of(rule);
  }
  return "document " + std::to_string(document);
}

std::span<const DecisionBody> keep(const std::vector<DecisionBody>& bodies, Arena& arena) {
  DecisionBody* const kept = arena.allocate_array<DecisionBody>(bodies.size());
  std::uninitialized_copy(bodies.begin(), bodies.end(), kept);
  return {kept, bodies.size()};
}

}  // namespace licet
