#include "bench/workload.h"

#include <string_view>
#include <utility>

#include "eval/value_json.h"
#include "lang/compile.h"
#include "licet/data.h"
#include "licet/files.h"

namespace licet::bench {
namespace {

void remove(std::string& text, std::string_view part) {
  const std::size_t at = text.find(part);
  if (at != std::string::npos) text.erase(at, part.size());
}

// "allow if {" -> "permit p7 if {", for each rule another name.
void name_rules(std::string& text, std::string_view head, std::string_view named) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t count = 0, at = 0; (at = text.find(head, begin)) != std::string::npos; ++count) {
    out.append(text, begin, at - begin).append(named).append(std::to_string(count)).append(" if {");
    begin = at + head.size();
  }
  out.append(text, begin);
  text = std::move(out);
}

std::string licet_from_rego(std::string text) {
  remove(text, "default allow := false\n\n");
  remove(text, "allow if {\n\tpermit\n\tnot deny\n}\n\n");
  name_rules(text, "\npermit if {", "\npermit p");
  name_rules(text, "\ndeny if {", "\nforbid d");
  name_rules(text, "\nallow if {", "\npermit g");
  return text;
}

// w1_100.data -> w1_100: requests and decisions are those of all its policies.
std::string stem_of(const std::string& name) { return name.substr(0, name.find('.')); }

std::size_t rule_count_of(const std::string& name) {
  const std::string stem = stem_of(name);
  const std::size_t at = stem.find('_');
  constexpr std::size_t kRulesOfW2 = 13;
  return at == std::string::npos ? kRulesOfW2 : std::stoul(stem.substr(at + 1));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  return lines;
}

// Reads the files of one workload; the first error stays.
class Reader {
 public:
  explicit Reader(std::string prefix) : prefix_(std::move(prefix)) {}

  std::string text(const std::string& suffix) {
    auto found = read_file(prefix_ + suffix);
    if (found) return std::move(found).value();
    if (error_.empty()) error_ = found.error().message;
    return {};
  }
  Value json(const std::string& suffix, Arena& arena) {
    auto found = value_from_file(prefix_ + suffix, arena);
    if (found) return found.value();
    if (error_.empty()) error_ = found.error().message;
    return Value::object({}, arena);
  }
  const std::string& error() const { return error_; }

 private:
  std::string prefix_;
  std::string error_;
};

// "permit", "deny" or an error. A deny because a budget ran out is not one of the policy.
std::string ending(const Engine& engine, const Value& document) {
  const auto answer = engine.query(kRegoQuery, document);
  if (!answer) return text_of(answer.error());
  return answer.value().value.is_true() ? "permit" : "deny";
}

std::string ending(const Engine& engine, Request& request) {
  const Decision decision = engine.decide(request);
  return decision.error().empty() ? std::string(name_of(decision.effect())) : decision.error();
}

}  // namespace

std::vector<std::string> workload_names() {
  std::vector<std::string> names;
  for (const char* const count : {"10", "100", "1000", "10000"}) {
    for (const char* const kind : {".rules", ".data", ".keyed"}) {
      names.push_back(std::string("w1_") + count + kind);
    }
  }
  names.emplace_back("w2.rules");
  for (const char* const count : {"100", "1000", "10000"}) {
    names.push_back(std::string("w3_") + count + ".rules");
  }
  return names;
}

std::vector<std::string> all_workload_names() {
  std::vector<std::string> names;
  for (const char* const count : {"10", "100", "1000", "10000", "100000", "1000000"}) {
    const std::string stem = std::string("w1_") + count;
    if (stem != "w1_1000000") names.push_back(stem + ".rules");
    for (const char* const kind : {".data", ".joined", ".keyed"}) names.push_back(stem + kind);
  }
  names.emplace_back("w2.rules");
  for (const char* const count : {"10", "100", "1000", "10000", "100000"}) {
    names.push_back(std::string("w3_") + count + ".rules");
  }
  return names;
}

Result<std::shared_ptr<const Workload>, std::string> read_workload(const std::string& folder,
                                                                   const std::string& name) {
  auto workload = std::make_shared<Workload>();
  auto arena = std::make_shared<Arena>();
  Reader policy(folder + "/" + name);
  Reader requests(folder + "/" + stem_of(name));
  workload->name = name;
  workload->rule_count = rule_count_of(name);
  workload->rego = policy.text(".rego");
  workload->licet = licet_from_rego(workload->rego);
  workload->data =
      name.ends_with(".rules") ? Value::object({}, *arena) : policy.json(".data.json", *arena);
  workload->requests = lines_of(requests.text(".requests.jsonl"));
  const Value expected = requests.json(".expected.json", *arena);
  if (!policy.error().empty()) return Failure{policy.error()};
  if (!requests.error().empty()) return Failure{requests.error()};
  if (!expected.is_array() || expected.size() != workload->requests.size()) {
    return Failure{folder + "/" + name + ": not one expected decision for each request"};
  }
  for (const Value& one : expected.elements()) {
    workload->is_permitted.push_back(one == Value::integer(1));
  }
  workload->arena = std::move(arena);
  return std::shared_ptr<const Workload>(std::move(workload));
}

std::shared_ptr<const Program> compile_workload(const Workload& workload, Form form,
                                                std::string& error) {
  const bool is_rego = form == Form::kRego;
  const lang::Compilation compilation = lang::compile(
      {{workload.name + (is_rego ? ".rego" : ".licet"), is_rego ? workload.rego : workload.licet}},
      workload.data);
  if (!compilation.program) {
    const auto& diagnostics = compilation.diagnostics.all();
    error = diagnostics.empty() ? "no program and no diagnostic" : diagnostics.front().message;
  }
  return compilation.program;
}

ReadyRequests ready_requests(const Engine& engine, const Workload& workload, Form form) {
  ReadyRequests ready;
  for (const std::string& json : workload.requests) {
    if (form == Form::kLicet) {
      ready.requests.push_back(std::make_unique<Request>(engine));
      ready.requests.back()->parse(json);
    } else {
      Arena& arena = *ready.arenas.emplace_back(std::make_unique<Arena>());
      const auto document = value_from_json(json, arena);
      ready.documents.push_back(document ? document.value() : Value::undefined());
    }
  }
  return ready;
}

std::string wrong_decision(const Engine& engine, const Workload& workload, Form form,
                           std::size_t stride) {
  const ReadyRequests ready = ready_requests(engine, workload, form);
  for (std::size_t i = 0; i < workload.requests.size(); i += stride) {
    const std::string wanted = workload.is_permitted[i] ? "permit" : "deny";
    const std::string got = form == Form::kRego ? ending(engine, ready.documents[i])
                                                : ending(engine, *ready.requests[i]);
    if (got == wanted) continue;
    return workload.name + ", request " + std::to_string(i + 1) + ": expected " + wanted +
           ", got " + got + ": " + workload.requests[i];
  }
  return {};
}

}  // namespace licet::bench
