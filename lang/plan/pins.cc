#include "lang/plan/pins.h"

#include <algorithm>

#include "lang/resolve/variables.h"

namespace licet::lang::plan {
namespace {

constexpr int kMaxHelperDepth = 3;
constexpr std::size_t kMostAlternatives = 64;

std::string_view builtin_name(const core::Call& call) {
  const auto* builtin = std::get_if<core::BuiltinCallee>(&call.callee);
  if (builtin == nullptr) return {};
  return all_builtins()[static_cast<std::size_t>(builtin->id)].name;
}

const Value* constant_of(const core::Term& term) {
  const auto* constant = std::get_if<core::Constant>(&term.node);
  return constant == nullptr ? nullptr : &constant->value;
}

bool is_constant_path(const std::vector<core::Term>& operands, std::size_t count) {
  return std::all_of(operands.begin(), operands.begin() + static_cast<std::ptrdiff_t>(count),
                     [](const core::Term& operand) {
                       const Value* value = constant_of(operand);
                       return value != nullptr && !value->is_composite();
                     });
}

// a.b.c.d/n with nothing odd about it; the rest is left to the builtin.
bool is_plain_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash + 3 < text.size() || slash + 1 == text.size()) {
    return false;
  }
  int dots = 0;
  int number = -1;
  int most = 255;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      if (number == 0) return false;  // a leading zero
      number = std::max(number, 0) * 10 + (c - '0');
      if (number > most) return false;
    } else if (c == '.' || c == '/') {
      if (number < 0) return false;
      dots += c == '.' ? 1 : 0;
      if (c == '/') most = 32;
      number = -1;
    } else {
      return false;
    }
  }
  return dots == 3 && number >= 0;
}

// The text before the first special character of a glob that is surely valid; empty: none.
std::string_view glob_prefix(std::string_view glob) {
  if (glob.find_first_of("[]{}\\!") != std::string_view::npos) return {};
  return glob.substr(0, glob.find_first_of("*?"));
}

// Adds a pin; of one key and test the first one counts, ranges are intersected.
void add_pin(std::vector<Pin>& pins, Pin pin) {
  const auto known = std::find_if(pins.begin(), pins.end(), [&](const Pin& p) {
    return p.key == pin.key && p.test == pin.test;
  });
  if (known == pins.end()) {
    pins.push_back(std::move(pin));
    return;
  }
  if (pin.test != IndexTest::kRange) {
    if (pin.values.size() < known->values.size()) *known = std::move(pin);
    return;
  }
  const auto narrower = [](const Value& a, bool a_open, const Value& b, bool b_open, int sign) {
    if (a.is_undefined() || b.is_undefined()) return a.is_defined();
    const int order = compare(a, b) * sign;
    return order != 0 ? order > 0 : a_open && !b_open;
  };
  if (narrower(pin.values[0], pin.low_open, known->values[0], known->low_open, 1)) {
    known->values[0] = pin.values[0];
    known->low_open = pin.low_open;
  }
  if (narrower(pin.values[1], pin.high_open, known->values[1], known->high_open, -1)) {
    known->values[1] = pin.values[1];
    known->high_open = pin.high_open;
  }
}

// Pins that both alternatives have, with the values of both.
void keep_common(std::vector<Pin>& pins, const std::vector<Pin>& other) {
  std::erase_if(pins, [&](Pin& pin) {
    if (pin.test != IndexTest::kEqual && pin.test != IndexTest::kElement) return true;
    const auto match = std::find_if(other.begin(), other.end(), [&](const Pin& p) {
      return p.key == pin.key && p.test == pin.test;
    });
    if (match == other.end()) return true;
    for (const Value& value : match->values) {
      if (std::find(pin.values.begin(), pin.values.end(), value) == pin.values.end()) {
        pin.values.push_back(value);
      }
    }
    return pin.values.size() > kMostAlternatives;
  });
}

}  // namespace

// Reads literals in the order in which they run.
class PinFinder::Scan {
 public:
  explicit Scan(PinFinder& finder) : finder_(finder) {}

  void parameters(const std::vector<core::Term>& patterns) {
    for (std::uint32_t i = 0; i < patterns.size(); ++i) {
      const Use use{.key = finder_.number_of({.parameter = i, .path = {}})};
      if (const Value* constant = value_of(patterns[i])) {
        pin(use, {*constant});
      } else if (const auto* variable = std::get_if<core::Variable>(&patterns[i].node)) {
        learn(*variable, use);
      }
    }
  }

  void literals(const std::vector<const core::Literal*>& literals) {
    std::vector<Pin> counted;
    for (const core::Literal* literal : literals) {
      if (literal->with.empty()) std::visit(Visitor{*this}, literal->node);
      if (stopped_ || finder_.harmless_(*literal)) continue;
      // What follows is read for the sake of the explanation only.
      stopped_ = true;
      counted.swap(pins_);
    }
    if (!stopped_) return;
    pins_too_late_ = !pins_.empty();
    pins_ = std::move(counted);
  }

  BodyPins take() { return {std::move(pins_), why()}; }
  WhyNotIndexed why() const {
    return pins_too_late_ ? WhyNotIndexed::kAfterErrors : WhyNotIndexed::kNoPin;
  }
  std::vector<Pin>& pins() { return pins_; }
  bool stopped() const { return stopped_; }

 private:
  // A term that stands for a key, or for any element of it.
  struct Use {
    PinKeyNumber key = 0;
    bool element = false;
  };

  struct Visitor {
    Scan& scan;
    void operator()(const core::Test& t) { scan.test(t.term); }
    void operator()(const core::Unify& u) {
      if (!scan.learn(u.left, u.right) && !scan.learn(u.right, u.left)) {
        scan.equal(u.left, u.right);
      }
    }
    void operator()(const core::Call& c) { scan.call(c); }
    void operator()(const core::SomeIn& s) {
      const auto use = scan.use_of(s.collection);
      if (!use || use->element) return;
      const Use element{.key = use->key, .element = true};
      if (const Value* constant = scan.value_of(s.value)) {
        scan.pin(element, {*constant});
      } else if (const auto* variable = std::get_if<core::Variable>(&s.value.node)) {
        scan.learn(*variable, element);
      }
    }
    void operator()(const core::Every&) {}
    void operator()(const core::Not& n) { scan.negation(n); }
    void operator()(const core::Logic&) {}
  };

  const Value* value_of(const core::Term& term) const {
    if (const auto* variable = std::get_if<core::Variable>(&term.node)) {
      const auto known = constants_.find(variable->id);
      return known == constants_.end() ? nullptr : known->second;
    }
    return constant_of(term);
  }

  void learn(const core::Variable& variable, const Use& use) {
    uses_.try_emplace(variable.id, use);
  }

  // `variable` = a constant, or something that stands for a key.
  bool learn(const core::Term& variable_term, const core::Term& other) {
    const auto* variable = std::get_if<core::Variable>(&variable_term.node);
    if (variable == nullptr || uses_.contains(variable->id)) return false;
    if (const Value* constant = value_of(other)) {
      return constants_.try_emplace(variable->id, constant).second;
    }
    const auto use = use_of(other);
    if (use) learn(*variable, *use);
    return use.has_value();
  }

  std::optional<Use> use_of(const core::Term& term) const {
    if (const auto* variable = std::get_if<core::Variable>(&term.node)) {
      const auto known = uses_.find(variable->id);
      if (known == uses_.end()) return std::nullopt;
      return known->second;
    }
    const auto* reference = std::get_if<core::Reference>(&term.node);
    if (reference == nullptr || reference->root == core::Root::kData) return std::nullopt;
    InputPath path;
    if (reference->root == core::Root::kTerm) {
      // x.name, where x stands for an attribute.
      const auto base = use_of(*reference->base);
      if (!base || base->element || finder_.key(base->key).parameter) return std::nullopt;
      path = finder_.key(base->key).path;
    }
    const std::vector<core::Term>& operands = reference->operands;
    // input.user.roles[x]: whatever x is, the value is an element.
    const bool element = !operands.empty() && !is_constant_path(operands, operands.size());
    const std::size_t fixed = operands.size() - (element ? 1 : 0);
    if (!is_constant_path(operands, fixed)) return std::nullopt;
    if (element && std::holds_alternative<core::Constant>(operands.back().node)) {
      return std::nullopt;
    }
    for (std::size_t i = 0; i < fixed; ++i) path.push_back(*constant_of(operands[i]));
    if (path.empty()) return std::nullopt;
    return Use{.key = finder_.number_of({.parameter = {}, .path = std::move(path)}),
               .element = element};
  }

  void pin(const Use& use, std::vector<Value> values) {
    if (values.empty() || values.size() > kMostAlternatives) return;
    add_pin(pins_, {.key = use.key,
                    .test = use.element ? IndexTest::kElement : IndexTest::kEqual,
                    .values = std::move(values)});
  }

  void equal(const core::Term& left, const core::Term& right) {
    const Value* constant = value_of(left);
    const core::Term& other = constant != nullptr ? right : left;
    if (constant == nullptr) constant = value_of(right);
    if (constant == nullptr) return;
    if (const auto use = use_of(other)) pin(*use, {*constant});
  }

  void range(const core::Call& call, std::string_view name) {
    const bool constant_first = value_of(call.arguments[0]) != nullptr;
    const Value* constant = value_of(call.arguments[constant_first ? 0 : 1]);
    const auto use = use_of(call.arguments[constant_first ? 1 : 0]);
    if (constant == nullptr || !use || use->element) return;
    const bool open = name == "lt" || name == "gt";
    const bool is_upper = (name == "lt" || name == "lte") != constant_first;
    Pin made{.key = use->key, .test = IndexTest::kRange, .values = {Value(), Value()}};
    made.values[is_upper ? 1 : 0] = *constant;
    (is_upper ? made.high_open : made.low_open) = open;
    add_pin(pins_, std::move(made));
  }

  void member(const core::Call& call) {
    const Value* element = value_of(call.arguments[0]);
    const Value* collection = value_of(call.arguments[1]);
    if (element != nullptr) {
      const auto use = use_of(call.arguments[1]);
      if (use && !use->element) pin({.key = use->key, .element = true}, {*element});
    } else if (collection != nullptr && collection->is_composite()) {
      const auto use = use_of(call.arguments[0]);
      if (!use) return;
      std::vector<Value> values;
      if (collection->is_object()) {
        for (const Entry& entry : collection->entries()) values.push_back(entry.value);
      } else {
        values.assign(collection->elements().begin(), collection->elements().end());
      }
      pin(*use, std::move(values));
    }
  }

  void text(const core::Call& call, std::size_t value_at, std::size_t constant_at, IndexTest test) {
    const Value* constant = value_of(call.arguments[constant_at]);
    const auto use = use_of(call.arguments[value_at]);
    if (constant == nullptr || !constant->is_string() || !use || use->element) return;
    Value value = *constant;
    if (test == IndexTest::kNetwork && !is_plain_network(value.as_string())) return;
    if (value.as_string().empty()) return;
    add_pin(pins_, {.key = use->key, .test = test, .values = {value}});
  }

  void glob(const core::Call& call) {
    const Value* pattern = value_of(call.arguments[0]);
    const Value* delimiters = value_of(call.arguments[1]);
    const auto use = use_of(call.arguments[2]);
    if (pattern == nullptr || !pattern->is_string() || !use || use->element) return;
    if (delimiters == nullptr || !(delimiters->is_null() || delimiters->is_array())) return;
    for (const Value& delimiter :
         delimiters->is_array() ? delimiters->elements() : std::span<const Value>()) {
      if (!delimiter.is_string() || delimiter.size() != 1) return;
    }
    const std::string_view prefix = glob_prefix(pattern->as_string());
    if (prefix.empty()) return;
    add_pin(pins_, {.key = use->key,
                    .test = IndexTest::kPrefix,
                    .values = {Value::string(prefix, finder_.arena_)}});
  }

  void call(const core::Call& call) {
    if (finder_.harmless_.replaced().callee(call.callee)) return;
    if (call.result) {
      const Value* wanted = value_of(*call.result);
      if (wanted == nullptr || !wanted->is_true()) return;
    }
    const std::string_view name = builtin_name(call);
    if (name == "equal") equal(call.arguments[0], call.arguments[1]);
    if (name == "lt" || name == "lte" || name == "gt" || name == "gte") range(call, name);
    if (name == "neq") unequal(call.arguments[0], call.arguments[1], IndexTest::kNotEqual);
    if (name == "internal.member_2") member(call);
    if (name == "startswith") text(call, 0, 1, IndexTest::kPrefix);
    if (name == "endswith") text(call, 0, 1, IndexTest::kSuffix);
    if (name == "net.cidr_contains") text(call, 1, 0, IndexTest::kNetwork);
    if (name == "glob.match") glob(call);
  }

  void unequal(const core::Term& left, const core::Term& right, IndexTest test) {
    const Value* constant = value_of(left);
    const auto use = use_of(constant != nullptr ? right : left);
    if (constant == nullptr) constant = value_of(right);
    if (constant == nullptr || !use || use->element) return;
    add_pin(pins_, {.key = use->key, .test = test, .values = {*constant}});
  }

  // not x == c
  void negation(const core::Not& negation) {
    if (negation.body.size() != 1 || !negation.body.front().with.empty()) return;
    const core::Literal::Node& node = negation.body.front().node;
    if (const auto* unify = std::get_if<core::Unify>(&node)) {
      unequal(unify->left, unify->right, IndexTest::kMissingOrNotEqual);
    } else if (const auto* call = std::get_if<core::Call>(&node)) {
      if (call->result || finder_.harmless_.replaced().callee(call->callee)) return;
      if (builtin_name(*call) != "equal") return;
      unequal(call->arguments[0], call->arguments[1], IndexTest::kMissingOrNotEqual);
    }
  }

  // A rule of its own that holds or not.
  void test(const core::Term& term) {
    const auto* reference = std::get_if<core::Reference>(&term.node);
    if (reference == nullptr || reference->root != core::Root::kData) return;
    if (!is_constant_path(reference->operands, reference->operands.size())) return;
    core::Path path;
    for (const core::Term& operand : reference->operands) {
      if (!constant_of(operand)->is_string()) return;
      path.emplace_back(constant_of(operand)->as_string());
    }
    const Node* node = finder_.harmless_.tree().find(path);
    if (node == nullptr || finder_.harmless_.replaced().path(path)) return;
    for (const Pin& pin : finder_.of_helper(*node)) add_pin(pins_, pin);
  }

  PinFinder& finder_;
  std::vector<Pin> pins_;
  std::map<core::VariableId, Use> uses_;
  std::map<core::VariableId, const Value*> constants_;
  bool stopped_ = false;
  bool pins_too_late_ = false;
};

PinKeyNumber PinFinder::number_of(const PinKey& key) {
  const auto [at, added] = numbers_.try_emplace(key, static_cast<PinKeyNumber>(keys_.size()));
  if (added) keys_.push_back(&at->first);
  return at->second;
}

namespace {

std::vector<const core::Literal*> pointers(const core::Body& body) {
  std::vector<const core::Literal*> all;
  for (const core::Literal& literal : body) all.push_back(&literal);
  return all;
}

}  // namespace

BodyPins PinFinder::of_body(const core::Body& body) {
  Scan scan(*this);
  scan.literals(pointers(body));
  return scan.take();
}

BodyPins PinFinder::of_rule(const core::Rule& rule) {
  std::optional<BodyPins> all;
  for (const core::Rule* branch = &rule; branch != nullptr; branch = branch->else_rule.get()) {
    Scan scan(*this);
    if (rule.parameters) scan.parameters(*rule.parameters);
    scan.literals(pointers(branch->body));
    if (!all) {
      all = scan.take();
    } else {
      keep_common(all->pins, scan.pins());
      if (all->pins.empty()) all->why = WhyNotIndexed::kElse;
    }
  }
  return *std::move(all);
}

BodyPins PinFinder::of_components(
    const std::vector<std::vector<const core::Literal*>>& components) {
  BodyPins all;
  for (const auto& component : components) {
    Scan scan(*this);
    scan.literals(component);
    ReadSet reads;
    for (const core::Literal* literal : component) reads.merge(dependencies_.reads(*literal));
    for (Pin& pin : scan.pins()) {
      const InputPath& path = key(pin.key).path;
      const bool reads_only_it = std::all_of(reads.begin(), reads.end(), [&](const InputPath& r) {
        return r.size() <= path.size() && std::equal(r.begin(), r.end(), path.begin());
      });
      if (reads_only_it) add_pin(all.pins, std::move(pin));
    }
    all.why = std::max(all.why, scan.why());
    if (scan.stopped()) break;
  }
  return all;
}

const std::vector<Pin>& PinFinder::of_helper(const Node& node) {
  const auto known = helpers_.find(&node);
  if (known != helpers_.end()) return known->second;
  static const std::vector<Pin> kNone;
  if (helper_depth_ >= kMaxHelperDepth) return kNone;
  std::optional<std::vector<Pin>> common;
  bool simple = node.is_complete() && node.children.empty() && harmless_(node);
  ++helper_depth_;
  for (const core::Rule* rule : node.rules) {
    if (!simple) break;
    const auto* value = std::get_if<core::Constant>(&rule->value.node);
    if (rule->is_default) {
      simple = value != nullptr && value->value.is_false();
    } else if (rule->else_rule || value == nullptr) {
      simple = false;
    } else if (!common) {
      common = of_rule(*rule).pins;
    } else {
      keep_common(*common, of_rule(*rule).pins);
    }
  }
  --helper_depth_;
  if (!simple || !common) common.emplace();
  return helpers_[&node] = *std::move(common);
}

}  // namespace licet::lang::plan
