#include "eval/decision.h"

#include <algorithm>
#include <cstdio>

namespace licet {

std::string_view name_of(Effect effect) { return effect == Effect::kPermit ? "permit" : "deny"; }

std::string_view name_of(Cause cause) {
  switch (cause) {
    case Cause::kPermitted:
      return "permitted";
    case Cause::kForbidden:
      return "forbidden";
    case Cause::kIndeterminate:
      return "indeterminate";
    case Cause::kNoPermit:
      return "no_permit";
    case Cause::kInvalidRequest:
      return "invalid_request";
    case Cause::kError:
      break;
  }
  return "error";
}

std::string DecisionId::text() const {
  char text[49];
  std::snprintf(
      text, sizeof text, "%016llx%016llx%016llx", static_cast<unsigned long long>(engine[0]),
      static_cast<unsigned long long>(engine[1]), static_cast<unsigned long long>(number));
  return text;
}

namespace {

std::string names_of(const std::vector<DeterminingRule>& rules) {
  std::string text;
  for (const DeterminingRule& rule : rules) {
    if (!text.empty()) text += ", ";
    text += "`" + rule.package + "." + rule.name + "`";
  }
  return text;
}

}  // namespace

void Decision::set_rules(std::span<const std::uint32_t> rules) {
  rule_count_ = static_cast<std::uint32_t>(rules.size());
  if (rules.size() <= kInlineRules) {
    for (std::size_t i = 0; i < rules.size(); ++i) rules_[i] = rules[i];
  } else {
    (details_ ? *details_ : new_details()).rules.assign(rules.begin(), rules.end());
  }
}

std::span<const std::uint32_t> Decision::rule_indexes() const {
  if (rule_count_ > kInlineRules) return details().rules;
  return std::span(rules_).first(rule_count_);
}

std::vector<DeterminingRule> Decision::rules() const {
  std::vector<DeterminingRule> rules;
  for (const std::uint32_t index : rule_indexes()) {
    const DecisionRule& rule = program()->decision_rules[index];
    const std::vector<std::string>& files = program()->files;
    const SourcePlace place = place_of(*program(), rule);
    rules.push_back({.verdict = rule.verdict,
                     .package = std::string(rule.package),
                     .name = std::string(rule.name),
                     .file = place.file < files.size() ? files[place.file] : "",
                     .line = place.line});
  }
  return rules;
}

DecisionDetails& Decision::new_details() {
  details_ = SharedDetails::make();
  return *details_;
}

DecisionDetails& Decision::reuse_details(SharedDetails& kept) {
  if (!kept.has_one_holder()) kept = SharedDetails::make();
  details_ = kept;
  return *details_;
}

const DecisionDetails& Decision::details() const {
  static const DecisionDetails nothing;
  return details_ ? *details_ : nothing;
}

const std::shared_ptr<const Program>& Decision::program() const {
  static const std::shared_ptr<const Program> none;
  return source_ ? source_->program : none;
}

std::string_view Decision::revision() const {
  return program() ? std::string_view(program()->revision) : std::string_view();
}

DecisionId Decision::id() const {
  return {source_ ? source_->engine : std::array<std::uint64_t, 2>{}, number_};
}

std::string Decision::message() const {
  std::string text;
  for (const std::string& message : messages()) {
    if (!text.empty()) text += "; ";
    text += message;
  }
  if (!text.empty()) return text;
  switch (cause_) {
    case Cause::kPermitted:
      return "permitted by " + names_of(rules());
    case Cause::kForbidden:
      return "forbidden by " + names_of(rules());
    case Cause::kIndeterminate:
      return "the request lacks what " + names_of(rules()) + " must know";
    case Cause::kNoPermit:
      return "no permit applies";
    case Cause::kInvalidRequest:
    case Cause::kError:
      break;
  }
  return error();
}

}  // namespace licet
