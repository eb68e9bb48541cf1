#include <algorithm>

#include "lang/export/kleene.h"
#include "lang/resolve/visit.h"
#include "lang/syntax/quote.h"

namespace licet::lang::exporting {
namespace {

// Builtins that answer whatever they get.
bool never_fails(const core::Callee& callee) {
  const auto* builtin = std::get_if<core::BuiltinCallee>(&callee);
  if (builtin == nullptr) return false;
  const std::string_view name = all_builtins()[static_cast<std::size_t>(builtin->id)].name;
  static constexpr std::string_view kNames[] = {"eq",
                                                "equal",
                                                "neq",
                                                "lt",
                                                "lte",
                                                "gt",
                                                "gte",
                                                "internal.member_2",
                                                "internal.member_3",
                                                "internal.template_string",
                                                "type_name",
                                                "print",
                                                "walk",
                                                "json.is_valid",
                                                "yaml.is_valid",
                                                "json.marshal",
                                                "time.now_ns"};
  return name.starts_with("is_") ||
         std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// Lines without which a missing answer is no failure: the largest of no numbers.
Lines failure_guard(const core::Call& call, const Text& text) {
  const auto& callee = std::get<core::BuiltinCallee>(call.callee);
  const std::string_view name = all_builtins()[static_cast<std::size_t>(callee.id)].name;
  if (name != "max" && name != "min") return {};
  return {none("count(" + text.term(call.arguments.front()) + ") == 0")};
}

// What is looked up before the other parts of a literal: without it these are not looked at.
void add_lookup(const core::Term& term, const Text& text, Lines& lines) {
  if (std::holds_alternative<core::Reference>(term.node)) lines.push_back("_ = " + text.term(term));
}

}  // namespace

std::string rule_text(const std::string& head, const Lines& body) {
  if (body.empty()) return head + " := true\n\n";
  return head + " if {\n\t" + joined(body, "\n\t") + "\n}\n\n";
}

core::Visitor Failures::finder(bool& any) const {
  core::Visitor visitor;
  visitor.call = [this, &any](const core::Call& c, const core::Literal&) {
    if (const auto* rule = std::get_if<core::RuleCallee>(&c.callee)) {
      const plan::Node* called = context_.tree.find(rule->path);
      any = any || (called != nullptr && may_fail(*called));
    } else {
      any = any || !never_fails(c.callee);
    }
  };
  visitor.reference = [this, &any](const core::Reference& r, Span) {
    if (r.root != core::Root::kData) return;
    plan::for_each_read(context_.tree, r,
                        [&](const plan::Node& read) { any = any || may_fail(read); });
  };
  return visitor;
}

bool Failures::may_fail(const plan::Node& node) const {
  const auto found = known_.find(&node);
  if (found != known_.end()) return found->second;
  bool any = false;
  const core::Visitor visitor = finder(any);
  for (const core::Rule* rule : node.rules) core::visit(*rule, visitor);
  return known_[&node] = any;
}

bool Failures::may_fail(const core::Literal& literal) const {
  bool any = false;
  core::visit(literal, finder(any));
  return any;
}

bool Failures::may_fail(const core::Term& term) const {
  bool any = false;
  core::visit(term, finder(any));
  return any;
}

std::string Failures::name_of(const plan::Node& node) {
  const core::Rule& rule = *node.rules.front();
  const auto split = rule.path.begin() + static_cast<std::ptrdiff_t>(rule.package_size);
  std::string name = "licet_failed";
  for (auto at = split; at != rule.path.end(); ++at) {
    name += "_";
    for (const char c : *at) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  }
  return data_text(core::Path(rule.path.begin(), split)) + "." + name;
}

void Failures::of_body(const core::Body& body, const Text& text, const Lines& prefix,
                       std::vector<Lines>& out) const {
  std::vector<const core::Literal*> literals;
  for (const core::Literal& l : body) literals.push_back(&l);
  for (const Lines& condition : conditions(literals, text)) {
    Lines lines = prefix;
    lines.push_back(some(joined(condition, "; ")));
    out.push_back(std::move(lines));
  }
}

void Failures::of_term(const core::Term& term, const Text& text, const Lines& prefix,
                       std::vector<Lines>& out) const {
  struct Visitor {
    const Failures& failures;
    const Text& text;
    const Lines& prefix;
    std::vector<Lines>& out;

    void each(const std::vector<core::Term>& terms) {
      for (const core::Term& t : terms) std::visit(*this, t.node);
    }
    void operator()(const core::Constant&) {}
    void operator()(const core::Variable&) {}
    void operator()(const core::Reference& r) {
      if (r.base) std::visit(*this, r.base->node);
      each(r.operands);
      if (r.root != core::Root::kData) return;
      plan::for_each_read(failures.context_.tree, r, [&](const plan::Node& node) {
        if (node.rules.empty() || node.is_function() || !failures.may_fail(node)) return;
        Lines lines = prefix;
        add_keys(r, node, lines);
        lines.push_back(name_of(node));
        out.push_back(std::move(lines));
      });
    }
    // Only what the keys of the reference ask for is evaluated.
    void add_keys(const core::Reference& r, const plan::Node& node, Lines& lines) const {
      const core::Path path = node.path();
      for (std::size_t i = 0; i < path.size() && i < r.operands.size(); ++i) {
        if (std::holds_alternative<core::Constant>(r.operands[i].node)) continue;
        lines.push_back(text.term(r.operands[i]) + " = " + quoted(path[i]));
      }
    }
    void operator()(const core::Array& a) { each(a.elements); }
    void operator()(const core::Set& s) { each(s.elements); }
    void operator()(const core::Object& o) {
      for (const auto& [key, value] : o.entries) {
        std::visit(*this, key.node);
        std::visit(*this, value.node);
      }
    }
    void operator()(const core::Comprehension& c) {
      if (text.enter) text.enter(c);
      failures.of_body(c.body, text, prefix, out);
      std::vector<Lines> inner;
      if (c.key) failures.of_term(*c.key, text, text.lines(c.body), inner);
      failures.of_term(*c.head, text, text.lines(c.body), inner);
      if (text.leave) text.leave(c);
      for (const Lines& condition : inner) {
        Lines lines = prefix;
        lines.push_back(some(joined(condition, "; ")));
        out.push_back(std::move(lines));
      }
    }
  };
  std::visit(Visitor{*this, text, prefix, out}, term.node);
}

void Failures::of_call(const core::Call& call, const Text& text, const Lines& prefix,
                       std::vector<Lines>& out) const {
  Lines lines = prefix;
  for (const core::Term& argument : call.arguments) {
    of_term(argument, text, lines, out);
    add_lookup(argument, text, lines);
  }
  const std::string called = text.call(call.callee, call.arguments);
  if (const auto* rule = std::get_if<core::RuleCallee>(&call.callee)) {
    const plan::Node* node = context_.tree.find(rule->path);
    if (node == nullptr || node->rules.empty() || !may_fail(*node)) return;
    lines.push_back(name_of(*node) + called.substr(called.find('(')));
  } else {
    if (never_fails(call.callee)) return;
    for (std::string& line : failure_guard(call, text)) lines.push_back(std::move(line));
    lines.push_back(none("_ = (" + called + ")"));
  }
  out.push_back(std::move(lines));
}

void Failures::of_parts(const core::Literal& literal, const Text& text, const Lines& prefix,
                        std::vector<Lines>& out) const {
  struct Visitor {
    const Failures& failures;
    const Text& text;
    const Lines& prefix;
    std::vector<Lines>& out;

    void operator()(const core::Test& t) { failures.of_term(t.term, text, prefix, out); }
    void operator()(const core::Unify& u) {
      failures.of_term(u.left, text, prefix, out);
      Lines after = prefix;
      add_lookup(u.left, text, after);
      failures.of_term(u.right, text, after, out);
    }
    void operator()(const core::Call& c) { failures.of_call(c, text, prefix, out); }
    void operator()(const core::SomeIn& s) { failures.of_term(s.collection, text, prefix, out); }
    void operator()(const core::Every& e) {
      failures.of_term(e.domain, text, prefix, out);
      Lines inner = prefix;
      inner.push_back(text.term(e.value) + " = " + text.term(e.domain) + "[" +
                      (e.key ? text.term(*e.key) : "_") + "]");
      failures.of_body(e.body, text, inner, out);
    }
    void operator()(const core::Not& n) { failures.of_body(n.body, text, prefix, out); }
    void operator()(const core::Logic& l) {
      failures.of_body(l.left, text, prefix, out);
      failures.of_body(l.right, text, prefix, out);
    }
  };
  std::visit(Visitor{*this, text, prefix, out}, literal.node);
}

void Failures::of_literal(const core::Literal& literal, const Text& text, const Lines& prefix,
                          std::vector<Lines>& out) const {
  if (!may_fail(literal)) return;
  const std::size_t before = out.size();
  const std::string failed = nested ? nested(literal) : "";
  if (failed.empty()) {
    of_parts(literal, text, prefix, out);
  } else {
    out.push_back(prefix);
    out.back().push_back(failed);
  }
  const std::string withs = text.withs(literal);
  for (std::size_t i = before; i < out.size(); ++i) {
    for (std::size_t line = prefix.size(); line < out[i].size(); ++line) out[i][line] += withs;
  }
}

std::vector<Lines> Failures::conditions(const core::Literal& literal, const Text& text) const {
  std::vector<Lines> out;
  of_literal(literal, text, {}, out);
  return out;
}

std::vector<Lines> Failures::conditions(const core::Term& term, const Text& text) const {
  std::vector<Lines> out;
  of_term(term, text, {}, out);
  return out;
}

std::vector<Lines> Failures::conditions(const std::vector<const core::Literal*>& literals,
                                        const Text& text) const {
  std::vector<Lines> out;
  Lines prefix;
  for (const core::Literal* literal : literals) {
    of_literal(*literal, text, prefix, out);
    prefix.push_back(text.literal(*literal));
  }
  return out;
}

std::string Failures::rules_of(const plan::Node& node, const TakenNames& taken) const {
  std::string rules;
  const std::string full = name_of(node);
  const std::string name = full.substr(full.rfind('.') + 1);
  for (const core::Rule* rule : node.rules) {
    const Text text(taken, rule->variables);
    std::string head = name;
    if (rule->parameters) {
      std::string parameters;
      for (const core::Term& p : *rule->parameters) {
        parameters += (parameters.empty() ? "" : ", ") + text.term(p);
      }
      head += "(" + parameters + ")";
    }
    Lines earlier;  // branches that must not hold for this one to be looked at
    for (const core::Rule* branch = rule; branch != nullptr; branch = branch->else_rule.get()) {
      std::vector<const core::Literal*> literals;
      for (const core::Literal& l : branch->body) literals.push_back(&l);
      std::vector<Lines> all = conditions(literals, text);
      of_term(branch->value, text, text.lines(branch->body), all);
      for (const core::Term& key : branch->keys) of_term(key, text, text.lines(branch->body), all);
      for (const Lines& condition : all) {
        Lines lines = earlier;
        lines.insert(lines.end(), condition.begin(), condition.end());
        rules += rule_text(head, lines);
      }
      earlier.push_back(none(text.inline_body(branch->body)));
    }
  }
  return rules;
}

}  // namespace licet::lang::exporting
