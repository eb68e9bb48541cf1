// Policies of many alternative bodies, each with literals that an index looks at: equality,
// membership, ranges, prefixes, networks, globs, negations, helper rules, joins with data; among
// literals that fail, conflict or have nothing to do with an index.
#include "tests/property/generate.h"

namespace licet::property {
namespace {

using Kind = Declaration::Kind;

class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  Case make(std::uint64_t seed) {
    Case result;
    result.seed = seed;
    std::vector<Declaration>& out = result.declarations;
    // Most bodies of a case say the same of the same attribute, so that an index is worth it.
    focus_ = random_.below(22);
    attribute_ = pick(kAttributes);
    add_helpers(out);
    const std::vector<void (Generator::*)(std::vector<Declaration>&)> families = {
        &Generator::add_complete, &Generator::add_values,  &Generator::add_function,
        &Generator::add_set,      &Generator::add_object,  &Generator::add_decisions,
        &Generator::add_joins,    &Generator::add_changed,
    };
    for (std::size_t n = 1 + random_.below(2); n > 0; --n) {
      (this->*families[random_.below(families.size())])(out);
    }
    result.request = request();
    result.data = data();
    return result;
  }

 private:
  std::string pick(const std::vector<std::string>& from) { return random_.pick(from); }
  std::string word() { return pick({"\"a\"", "\"b\"", "\"ab\"", "\"abc\"", "\"c\""}); }
  std::string number() { return pick({"0", "1", "2", "3", "1.0", "2.5"}); }
  std::string scalar() {
    return random_.chance(70) ? word() : pick({number(), "true", "null", "[\"a\"]", "{\"k\": 1}"});
  }
  std::string attribute() {
    if (random_.chance(75)) return attribute_;
    return pick(
        {"input.user.name", "input.user.team", "user.name", "input.path", "input[\"kind\"]"});
  }
  std::string list() { return pick({"input.user.roles", "input.tags", "user.roles"}); }
  std::string count() { return pick({"input.level", "input.user.age"}); }
  std::string local() { return "v" + std::to_string(locals_++); }

  std::string literal() {
    switch (random_.chance(60) ? focus_ : random_.below(22)) {
      case 0:
      case 1:
      case 2:
        return attribute() + " == " + scalar();
      case 3:
        return scalar() + " == " + attribute();
      case 4:
        return word() + " in " + list();
      case 5:
        return attribute() + " in {" + word() + ", " + word() + "}";
      case 6:
        return count() + pick({" < ", " <= ", " > ", " >= "}) + number();
      case 7:
        return number() + pick({" < ", " <= ", " > ", " >= "}) + count();
      case 8:
        return count() + " >= " + number() + "; " + count() + " < " + number();
      case 9:
        return "startswith(" + attribute() + ", " + word() + ")";
      case 10:
        return "endswith(" + attribute() + ", " + word() + ")";
      case 11:
        return "net.cidr_contains(" +
               pick({"\"10.0.0.0/8\"", "\"10.1.0.0/16\"", "\"10.1.2.0/24\"", "\"0.0.0.0/0\"",
                     "\"bad\"", "\"::/0\""}) +
               ", input.ip)";
      case 12:
        return "glob.match(" + pick({"\"a*\"", "\"ab?\"", "\"*\"", "\"b\"", "\"a[\""}) + ", " +
               pick({"[]", "null", "[\"/\"]"}) + ", " + attribute() + ")";
      case 13:
        return "not " + attribute() + " == " + word();
      case 14:
        return attribute() + " != " + word();
      case 15: {
        const std::string v = local();
        return "some " + v + " in " + list() + "; " + v + " == " + word();
      }
      case 16: {
        const std::string v = local();
        return v + " := " + list() + "[_]; " + v + " in {" + word() + ", " + word() + "}";
      }
      case 17: {
        const std::string v = local();
        return v + " := input.user; " + v + ".name == " + word();
      }
      case 18:
        return pick({"is_member", "is_known", "shaky"});
      case 19:
        return pick({"to_number(input.user.team) > 1", "count(input.tags) > 1", "torn == 1"});
      case 20:
        return list() + "[_] == " + word();
      default:
        return pick({"input.user.name == input.path", "input.user.active", "true",
                     "every t in input.tags { t != \"c\" }", "input.user.roles == input.tags"});
    }
  }

  std::vector<std::string> body() {
    std::vector<std::string> literals;
    for (std::size_t n = 1 + random_.below(3); n > 0; --n) {
      std::string text = literal();
      // Two literals of one case are two lines.
      for (std::size_t at = text.find("; "); at != std::string::npos; at = text.find("; ")) {
        literals.push_back(text.substr(0, at));
        text = text.substr(at + 2);
      }
      literals.push_back(text);
    }
    return literals;
  }

  std::size_t many() { return 4 + random_.below(17); }

  void add_helpers(std::vector<Declaration>& out) {
    out.push_back({Kind::kHelper, "is_member", {"\"a\" in input.user.roles"}, ""});
    out.push_back({Kind::kHelper, "is_member", {"\"b\" in input.user.roles"}, ""});
    out.push_back({Kind::kHelper, "default is_known := false", {}, ""});
    out.push_back({Kind::kHelper, "is_known", {"input.kind == \"a\""}, ""});
    out.push_back({Kind::kHelper, "shaky", {"to_number(input.kind) == 1"}, ""});
    out.push_back({Kind::kHelper, "torn := 1", {"input.kind == \"b\""}, ""});
    out.push_back({Kind::kHelper, "torn := 2", {"input.level == 1"}, ""});
  }
  void add_complete(std::vector<Declaration>& out) {
    if (random_.chance(50)) out.push_back({Kind::kHelper, "default allow := false", {}, ""});
    for (std::size_t n = many(); n > 0; --n) {
      Declaration rule{Kind::kHelper, "allow", body(), ""};
      if (random_.chance(15)) rule.tail = " else if " + attribute() + " == " + word();
      out.push_back(std::move(rule));
    }
  }
  void add_values(std::vector<Declaration>& out) {
    if (random_.chance(30)) out.push_back({Kind::kHelper, "default limit := 0", {}, ""});
    for (std::size_t n = many(); n > 0; --n) {
      const std::string value = pick({"1", "1", "2", "input.level", "input.user.name"});
      Declaration rule{Kind::kHelper, "limit := " + value, body(), ""};
      if (random_.chance(15)) rule.tail = " else := 7 if " + attribute() + " == " + word();
      out.push_back(std::move(rule));
    }
  }
  void add_function(std::vector<Declaration>& out) {
    for (std::size_t n = many(); n > 0; --n) {
      const std::string first = random_.chance(50) ? word() : "x";
      std::vector<std::string> literals = body();
      if (first == "x") {
        literals.insert(literals.begin(), pick({"x == ", "x != "}) + word());
        if (random_.chance(30)) literals.front() = word() + " in x";
      }
      out.push_back({Kind::kHelper, "rate(" + first + ", y) := " + pick({"1", "2", "y"}),
                     std::move(literals), ""});
    }
    out.push_back({Kind::kHelper, "rated := rate(input.user.name, input.level)", {"true"}, ""});
    out.push_back({Kind::kHelper, "listed := rate(input.tags, 1)", {"true"}, ""});
  }
  void add_set(std::vector<Declaration>& out) {
    for (std::size_t n = many(); n > 0; --n) {
      out.push_back(
          {Kind::kHelper, "found contains " + pick({"1", "2", "input.level"}), body(), ""});
    }
  }
  void add_object(std::vector<Declaration>& out) {
    for (std::size_t n = many(); n > 0; --n) {
      out.push_back(
          {Kind::kHelper,
           "table[" + pick({"\"k\"", "\"l\"", "input.user.name"}) + "] := " + pick({"1", "1", "2"}),
           body(), ""});
    }
    out.push_back({Kind::kHelper, "entry := table.k", {"true"}, ""});
  }
  void add_decisions(std::vector<Declaration>& out) {
    for (std::size_t n = many(); n > 0; --n) {
      const Kind kind = random_.chance(50) ? Kind::kForbid : Kind::kPermit;
      const std::string name = "d" + std::to_string(random_.below(6));
      out.push_back({kind, (kind == Kind::kForbid ? "forbid " : "permit ") + name, body(),
                     random_.chance(30) ? " because \"reason " + name + "\"" : ""});
    }
  }
  void add_joins(std::vector<Declaration>& out) {
    for (std::size_t n = 1 + random_.below(3); n > 0; --n) {
      const std::string head = pick({"joined", "joined_ids contains g.id"});
      std::vector<std::string> literals = join();
      if (head != "joined" && literals.front().find('g') == std::string::npos) continue;
      out.push_back({Kind::kHelper, head, std::move(literals), ""});
    }
    out.push_back({Kind::kForbid, "forbid by_grant", join(), ""});
    out.push_back({Kind::kPermit, "permit by_grant", join(), ""});
    out.push_back({Kind::kHelper, "none_joined", {"not joined"}, ""});
    out.push_back({Kind::kHelper,
                   "all_joined := [g.id | some g in data.grants; g.user == input.user.name]",
                   {},
                   ""});
    out.push_back({Kind::kHelper,
                   "changed",
                   {"joined with data.grants as [{\"id\": 9, \"user\": \"a\", \"action\": \"b\"}]"},
                   ""});
    out.push_back({Kind::kHelper, "joined", {"input.never"}, ""});
  }
  std::vector<std::string> join() {
    const std::string where = pick({"data.grants", "data.keyed", "data.deep.grants"});
    std::vector<std::string> literals = {pick({"some g in " + where, "some i, g in " + where,
                                               "g := " + where + "[_]", "g := " + where + "[i]"})};
    const std::vector<std::string> fields = {
        "g.user == input.user.name", "input.user.team == g.action",  "g.action in input.user.roles",
        "g.level == input.level",    "input.user.name in g.members", "g.scope.kind == input.kind",
        "g.user == \"a\"",           "g.level > input.level",        "g[\"action\"] == input.path",
        "to_number(g.user) == 1",
    };
    for (std::size_t n = 1 + random_.below(3); n > 0; --n) literals.push_back(pick(fields));
    return literals;
  }
  void add_changed(std::vector<Declaration>& out) {
    add_complete(out);
    out.push_back({Kind::kHelper,
                   "allowed_there",
                   {"allow with input.user as {\"name\": \"a\", \"roles\": [\"b\"]}"},
                   ""});
    out.push_back({Kind::kHelper, "allowed_for", {"allow with input.user.name as \"ab\""}, ""});
    out.push_back({Kind::kHelper, "allowed_mocked", {"allow with data.t.is_member as true"}, ""});
  }

  nlohmann::json text() { return pick({"a", "b", "ab", "abc", "c"}); }
  nlohmann::json any() {
    switch (random_.below(6)) {
      case 0:
        return static_cast<int>(random_.below(4));
      case 1:
        return nullptr;
      case 2:
        return true;
      case 3:
        return nlohmann::json::array({"a"});
      case 4:
        return nlohmann::json{{"k", 1}};
      default:
        return text();
    }
  }
  nlohmann::json maybe_wrong(nlohmann::json value) {
    return random_.chance(12) ? any() : std::move(value);
  }
  void put(nlohmann::json& object, const char* name, nlohmann::json value) {
    if (!random_.chance(12)) object[name] = maybe_wrong(std::move(value));
  }
  nlohmann::json texts() {
    nlohmann::json list = nlohmann::json::array();
    for (std::size_t n = random_.below(4); n > 0; --n) list.push_back(text());
    return list;
  }
  nlohmann::json request() {
    nlohmann::json user = nlohmann::json::object();
    put(user, "name", text());
    put(user, "team", text());
    put(user, "roles", texts());
    put(user, "age", static_cast<int>(random_.below(4)));
    put(user, "active", random_.chance(50));
    nlohmann::json request = nlohmann::json::object();
    put(request, "user", std::move(user));
    put(request, "path", text());
    put(request, "kind", text());
    put(request, "tags", texts());
    put(request, "level", static_cast<int>(random_.below(4)));
    put(request, "ip", pick({"10.1.2.3", "10.9.0.1", "192.168.0.1", "10.1.2.0/25", "x", "::1"}));
    return request;
  }
  nlohmann::json grant(int id) {
    nlohmann::json made = nlohmann::json::object();
    put(made, "user", text());
    put(made, "action", text());
    put(made, "level", static_cast<int>(random_.below(4)));
    put(made, "members", texts());
    put(made, "scope", {{"kind", text()}});
    made["id"] = id;
    return made;
  }
  nlohmann::json data() {
    nlohmann::json grants = nlohmann::json::array();
    nlohmann::json keyed = nlohmann::json::object();
    for (int id = static_cast<int>(random_.below(12)); id > 0; --id) {
      grants.push_back(maybe_wrong(grant(id)));
      keyed[std::string(1, static_cast<char>('a' + id))] = maybe_wrong(grant(100 + id));
    }
    return {{"grants", grants}, {"keyed", keyed}, {"deep", {{"grants", grants}}}};
  }

  inline static const std::vector<std::string> kAttributes = {"input.user.name", "input.user.team",
                                                              "user.name", "input.path"};

  Random& random_;
  std::size_t focus_ = 0;
  std::string attribute_;
  std::size_t locals_ = 0;
};

}  // namespace

Case generate_indexed(std::uint64_t seed) {
  Random random(seed);
  return Generator(random).make(seed);
}

}  // namespace licet::property
