#include "tests/property/guards.h"

#include <cstddef>
#include <map>
#include <vector>

namespace licet::property {
namespace {

const std::vector<std::string> kTexts = {"read", "train",    "m1",  "m2",
                                         "m3",   "m4",       "low", "a text of many letters",
                                         "",     "10.1.2.3", "é",   "sixteen letters."};
const std::vector<std::string> kTextPaths = {"input.model.id", "input.request.action",
                                             "input.model.tier", "input.user.dept",
                                             "input.request.ip"};
const std::vector<std::string> kNumberPaths = {"input.user.level", "input.data.level"};
const std::vector<std::string> kListPaths = {"input.user.roles", "input.data.tags"};

const std::vector<std::string> kNetworks = {"10.0.0.0/8", "10.1.0.0/16", "192.168.3.0/24",
                                            "2001:db8::/32"};
// Rules of alternatives that ask one attribute. The first one is random.
const std::vector<std::string> kHelpers = {"helper", "near", "same", "known"};

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

enum class Helper { kMay, kMustNot };

// One literal over attributes.
std::string literal(Random& random, Helper helper) {
  const std::string path = random.pick(kTextPaths);
  const std::string number = std::to_string(random.below(4));
  switch (random.below(helper == Helper::kMay ? 15 : 12)) {
    case 0:
      return quoted(random.pick(kTexts)) + " in " + random.pick(kListPaths);
    case 1:
      return path + " != " + quoted(random.pick(kTexts));
    case 2:
      return random.pick(kNumberPaths) + " >= " + number;
    case 3:
      return random.pick(kNumberPaths) + " < " + number;
    case 4:
      return "input.user.level > input.data.level";
    case 5:
      return path + " == " + random.pick(kTextPaths);
    case 6:
      return path + " in " + random.pick(kListPaths);
    case 7:
      return "not " + path + " in " + random.pick(kListPaths);
    case 8:
      return (random.chance(50) ? "not " : "") + std::string("input.user.mfa");
    case 9:
      return path + " in {" + quoted(random.pick(kTexts)) + ", " + quoted(random.pick(kTexts)) +
             "}";
    case 10:
      return "startswith(" + path + ", \"m\")";
    case 11:
      return "net.cidr_contains(" + quoted(random.pick(kNetworks)) + ", input.request.ip)";
    case 12:
      return (random.chance(50) ? "not " : "") + random.pick(kHelpers);
    case 13:
      return "input.user.level >= " + number + "\n\tinput.user.level < " +
             std::to_string(1 + random.below(4));
    default:
      return path + " == " + quoted(random.pick(kTexts));
  }
}

// A body that goes over data; what stands before and after it makes it more or less than a join.
std::string data_literals(Random& random) {
  const std::string extra = random.chance(20) ? "\n\tg.level > 1" : "";
  switch (random.below(5)) {
    case 0:
      return "some g in data.grants\n\tg.model == input.model.id\n\tg.role in input.user.roles" +
             extra;
    case 1:
      return "some r in input.user.roles\n\tsome g in data.grants\n\tr == g.role\n"
             "\tinput.model.id == g.model" +
             extra;
    case 2:
      return "some r in input.user.roles\n\tdata.keyed[input.model.id][r]";
    case 3:
      return "data.keyed[input.model.id][input.request.action]";
    default:
      return "some g in data.grants\n\tg.model == input.model.id" + extra;
  }
}

std::string body(Random& random, std::size_t keys, Helper helper = Helper::kMay) {
  std::string text;
  if (!random.chance(10)) {
    text += "\n\tinput.model.id == " + quoted("m" + std::to_string(random.below(keys)));
  }
  for (std::size_t i = random.below(4); i-- > 0;) text += "\n\t" + literal(random, helper);
  if (random.chance(8)) text += "\n\t" + data_literals(random);
  if (text.empty()) text = "\n\t" + literal(random, helper);
  return " if {" + text + "\n}\n";
}

}  // namespace

std::string guard_policy(Random& random, std::size_t rules) {
  const std::size_t keys = random.chance(50) ? 4 : 40;
  std::string text = "package t\n\nhelper" + body(random, keys, Helper::kMustNot) + "helper" +
                     body(random, keys, Helper::kMustNot);
  for (const std::string& network : {random.pick(kNetworks), random.pick(kNetworks)}) {
    text += "near if net.cidr_contains(" + quoted(network) + ", input.request.ip)\n";
  }
  text += "same if input.model.tier == " + quoted(random.pick(kTexts)) +
          "\nsame if input.user.dept == input.model.tier\n";
  for (int i = 0; i < 3; ++i) {
    text += "known if " + quoted(random.pick(kTexts)) + " in input.user.roles\n";
  }
  std::size_t said = 0;
  for (std::size_t i = 0; i < rules; ++i) {
    const std::string number = std::to_string(i / 2);
    const std::string b = body(random, keys);
    text += "allow" + b + "blocked" + body(random, keys);
    text += (random.chance(50) ? "permit p" : "forbid f") + number + b;
    if (random.chance(2) && said++ < 2) {
      text.pop_back();
      text += " because \"so it is\"\n";
    }
  }
  return text + "default verdict := false\nverdict if {\n\tallow\n\tnot blocked\n}\n";
}

namespace {

// A body that is a row of constants, or nearly.
std::string row_body(Random& random, std::size_t keys, bool may_be_more) {
  const auto model = [&] { return quoted("m" + std::to_string(random.below(keys))); };
  const auto action = [&] { return quoted(random.chance(50) ? "read" : "train"); };
  std::string text = random.chance(80) ? "\n\tinput.model.id == " + model()
                                       : "\n\tinput.model.id in {" + model() + ", " + model() + "}";
  if (random.chance(85)) text += "\n\tinput.request.action == " + action();
  if (random.chance(5)) text += "\n\tinput.user.level == " + std::to_string(random.below(4));
  if (random.chance(90)) text += "\n\t" + quoted(random.pick(kTexts)) + " in input.user.roles";
  if (may_be_more && random.chance(3)) text += "\n\t" + literal(random, Helper::kMustNot);
  return " if {" + text + "\n}\n";
}

}  // namespace

std::string row_policy(Random& random, std::size_t rules) {
  const std::size_t keys = rules < 100 || random.chance(50) ? 4 : 40;
  const bool may_be_more = random.chance(50);
  const std::size_t forbids = random.pick(std::vector<std::size_t>{0, 3, 50});
  std::string text = "package t\n\nhelper" + row_body(random, keys, may_be_more);
  for (std::size_t i = 0; i < rules; ++i) {
    text += "allow" + row_body(random, keys, may_be_more && random.chance(20));
    if (i % 10 == 0) text += "blocked" + row_body(random, keys, may_be_more);
    const bool forbids_it = random.below(100) < forbids;
    text += (forbids_it ? "forbid f" : "permit p") + std::to_string(i / 2);
    text += row_body(random, keys, may_be_more);
  }
  return text + "default verdict := false\nverdict if {\n\tallow\n\tnot blocked\n}\n";
}

namespace {

std::string json_list(Random& random) {
  std::string text;
  const std::size_t size = random.chance(3) ? 70 : random.below(4);
  for (std::size_t i = 0; i < size; ++i) text += (i > 0 ? "," : "") + quoted(random.pick(kTexts));
  return "[" + text + "]";
}

// Most are as policies expect them.
std::string json_of(Random& random, const std::string& path) {
  if (random.chance(3)) return random.chance(50) ? "7" : "{\"a\":\"read\"}";
  if (path == "input.user.mfa") return random.chance(50) ? "true" : "false";
  if (path.ends_with("level")) return random.chance(5) ? "1.5" : std::to_string(random.below(4));
  if (path.ends_with("roles") || path.ends_with("tags")) return json_list(random);
  if (path == "input.model.id") return quoted("m" + std::to_string(random.below(42)));
  if (path == "input.request.ip" && random.chance(95)) {
    return quoted(random.pick(std::vector<std::string>{"10.1.2.3", "10.9.0.1", "192.168.3.4",
                                                       "192.168.4.4", "0.0.0.0", "2001:db8::1"}));
  }
  return quoted(random.pick(kTexts));
}

}  // namespace

std::string guard_request(Random& random) {
  std::vector<std::string> paths = kTextPaths;
  paths.insert(paths.end(), kNumberPaths.begin(), kNumberPaths.end());
  paths.insert(paths.end(), kListPaths.begin(), kListPaths.end());
  paths.emplace_back("input.user.mfa");
  std::map<std::string, std::string> roots;
  for (const std::string& path : paths) {
    if (random.chance(2)) continue;
    const std::size_t dot = path.find('.', 6);
    std::string& root = roots[path.substr(6, dot - 6)];
    root += (root.empty() ? "" : ",") + quoted(path.substr(dot + 1)) + ":" + json_of(random, path);
  }
  std::string text;
  for (const auto& [name, fields] : roots) {
    text += (text.empty() ? "" : ",") + quoted(name) + ":{" + fields + "}";
  }
  return "{" + text + "}";
}

std::string guard_data(Random& random) {
  std::string grants;
  std::string keyed;
  for (std::size_t i = 0; i < 12; ++i) {
    const std::string model = quoted("m" + std::to_string(random.below(6)));
    const std::string role = quoted(random.pick(kTexts));
    grants += (i > 0 ? "," : "") + std::string("{\"model\":") + model +
              ",\"level\":" + std::to_string(random.below(4)) +
              (random.chance(90) ? ",\"role\":" + role : "") + "}";
    keyed += (i > 0 ? "," : "") + quoted("m" + std::to_string(i)) + ":{" + role +
             (random.chance(50) ? ":true}" : ":false}");
  }
  return "{\"grants\":[" + grants + "],\"keyed\":{" + keyed + "}}";
}

}  // namespace licet::property
