#include "tests/differential/values.h"

#include <map>

#include "eval/value_json.h"

namespace licet::differential {
namespace {

const std::vector<std::string> kSmallNumbers = {"0", "1", "2", "3", "-1", "5", "0.5", "10"};
const std::vector<std::string> kEdgeNumbers = {"1.5",
                                               "-2.5",
                                               "0.1",
                                               "0.2",
                                               "1.0",
                                               "7",
                                               "-7",
                                               "64",
                                               "100",
                                               "1e3",
                                               "1e-3",
                                               "2147483648",
                                               "9007199254740993",
                                               "9223372036854775807",
                                               "-9223372036854775808",
                                               "9223372036854775808",
                                               "18446744073709551617",
                                               "1e21",
                                               "123456789012345678901234567890",
                                               "0.1234567890123456789012345",
                                               "3.141592653589793238462643383279",
                                               "1e100",
                                               "-1e-7",
                                               "1700000000000000000"};

const std::vector<std::string> kTexts = {"a",    "b",    "",      "ab",      "A",     "é",
                                         "日本", "x y",  "1",     "-1.5",    "a.b.c", "a,b",
                                         "%d",   "true", "aXbXc", "  pad ",  "😀",     "\\n\\\"",
                                         "null", "ß",    "İi",    "a\u0301", "data",  "0x1F"};

// By the beginning of the builtin's name; the first that fits counts.
const std::vector<std::pair<std::string_view, std::vector<std::string>>>& families() {
  static const std::vector<std::pair<std::string_view, std::vector<std::string>>> list = {
      {"net.cidr_expand", {"10.0.0.0/30", "10.0.0.1/24", "::1/128", "10.0.0.1", "x"}},
      {"net.",
       {"10.0.0.1", "10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/30", "192.168.1.0/24", "::1",
        "2001:db8::/32", "10.0.0.0/33", "x", "0.0.0.0/0", "10.0.0.1/24"}},
      {"time.parse_duration", {"1h", "1.5h", "-2m3s", "100ms", "1us", "1d", "", "0", "1h1"}},
      {"time.",
       {"2023-11-14T22:13:20Z", "2020-02-29T00:00:00+02:00", "2006-01-02T15:04:05Z07:00", "RFC3339",
        "2006-01-02", "2021-12-31", "Europe/Berlin", "UTC", "America/New_York", "",
        "Mon, 02 Jan 2006 15:04:05 MST", "15:04"}},
      {"regex.",
       {"a", "[a-z]+", "(a|b)(c?)", "^a.*b$", "(", "ab", "aXbXc", "\\\\d+", "(?i)A", "a{2,3}", "é",
        "", "a<[b-c]>d", "<", ".", "(?P<n>x)y", "$1-$2", "\\\\bx"}},
      {"glob.", {"*", "a.*", "**", "a.b.c", "{a,b}", "[a-c]", "a?c", "[", ".", "/", ""}},
      {"semver.", {"1.2.3", "1.2.3-rc.1", "1.10.0", "v1.0.0", "1.0", "1.0.0+b", "x"}},
      {"json.",
       {"{\\\"a\\\": [1, 2.0]}", "[1", "1e3", "\\\"x\\\"", "a/b", "/nums/0", "obj/a", "nums"}},
      {"yaml.", {"a: 1", "- 1\\n- b", "a: [1, {b: c}]", ": :", "x", "1.0", "a: &x 1\\nb: *x"}},
      {"hex.", {"61", "6a6B", "6", "zz", ""}},
      {"base64", {"YQ==", "YQ", "YWI_", "YWI/", "?", ""}},
      {"urlquery.", {"a=1&b=2&a=3", "a%20b", "a+b", "%", "=", "a b&c"}},
      {"uri.", {"http://u:p@h:80/p?q=1#f", "mailto:x", "/p", "http://[::1]:1/", "%zz", ""}},
      {"units.", {"1", "1K", "10Mi", "1.5Gi", "1KiB", "100m", "x", "", "1 K", "1e3"}},
      {"to_number", {"1", "1.5", "1e3", "-0", "01", "x", "", "1_0", "0x10", "1.", "+1", "inf"}},
      {"sprintf",
       {"%v", "%d %s", "%5.2f|", "%x", "%%", "%q", "%t", "%08d", "%-5s|", "%e", "%!", "%v %v"}},
      {"format_int", {"a"}},
      {"strings.render_template", {"{{.a}}", "{{range .xs}}{{.}},{{end}}", "x", "{{"}},
      {"crypto.", {"a", "", "é"}},
  };
  return list;
}

std::string in_quotes(const std::string& escaped) { return "\"" + escaped + "\""; }

std::string list_of(Random& random, std::string (*element)(Random&)) {
  std::string text;
  for (std::size_t n = random.below(4); n > 0; --n)
    text += (text.empty() ? "" : ", ") + element(random);
  return text;
}

std::string small_number(Random& random) { return random.pick(kSmallNumbers); }

std::string object_text(Random& random) {
  static const std::vector<std::string> keys = {"a", "b", "x y", "c", "1"};
  std::string text;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (random.below(2) == 0) continue;
    text += (text.empty() ? "\"" : ", \"") + keys[i] + "\": " + number_text(random);
  }
  return "{" + text + "}";
}

std::string record_text(Random& random) {
  std::string text = R"({"id": )" + string_text(random) + R"(, "n": )" + number_text(random);
  if (random.below(4) != 0) text += R"(, "tags": [)" + list_of(random, string_text) + "]";
  return text + "}";
}

std::string any_text(Random& random) {
  switch (random.below(7)) {
    case 0:
      return "null";
    case 1:
      return number_text(random);
    case 2:
      return string_text(random);
    case 3:
      return "false";
    case 4:
      return "[" + list_of(random, any_text) + "]";
    case 5:
      return object_text(random);
    default:
      return "true";
  }
}

std::string json_of(Type type, Random& random) {
  switch (type) {
    case Type::kNumber:
      return number_text(random);
    case Type::kString:
      return string_text(random);
    case Type::kBool:
      return random.below(2) == 0 ? "true" : "false";
    case Type::kNumbers:
      return "[" + list_of(random, small_number) + "]";
    case Type::kStrings:
    case Type::kSet:
      return "[" + list_of(random, string_text) + "]";
    case Type::kObject:
      return object_text(random);
    case Type::kRecords:
      return "[" + list_of(random, record_text) + "]";
    case Type::kAny:
      break;
  }
  return any_text(random);
}

}  // namespace

const std::string& number_text(Random& random) {
  return random.below(3) == 2 ? random.pick(kEdgeNumbers) : random.pick(kSmallNumbers);
}

std::string string_text(Random& random) {
  // The first few most of the time, so that strings are equal at times.
  return in_quotes(random.below(3) == 2 ? random.pick(kTexts) : kTexts[random.below(4)]);
}

std::string string_for(std::string_view builtin, Random& random) {
  for (const auto& [prefix, texts] : families()) {
    if (builtin.starts_with(prefix)) return in_quotes(random.pick(texts));
  }
  return string_text(random);
}

const std::vector<std::string>& members(Type type) {
  static const std::map<Type, std::vector<std::string>> names = {
      {Type::kNumber, {"num", "num2", "deep.num", "deep.x.num", "deep.if"}},
      {Type::kString, {"str", "str2", "deep.str", "not"}},
      {Type::kBool, {"flag", "deep.flag"}},
      {Type::kNumbers, {"nums", "deep.nums"}},
      {Type::kStrings, {"strs", "deep.strs"}},
      {Type::kSet, {"strs"}},
      {Type::kObject, {"obj", "deep.obj"}},
      {Type::kRecords, {"recs"}},
      {Type::kAny, {"any", "any2"}}};
  return names.at(type);
}

std::string document_text(Random& random, int missing_percent) {
  std::string top;
  std::string deep;
  std::string deeper;
  for (int i = 0; i < kTypes; ++i) {
    const auto type = static_cast<Type>(i);
    if (type == Type::kSet) continue;
    for (const std::string& name : members(type)) {
      const auto roll = static_cast<int>(random.below(100));
      if (roll >= 100 - missing_percent) continue;
      const Type its_type = roll >= 100 - 2 * missing_percent ? Type::kAny : type;
      const bool below = name.starts_with("deep.");
      const bool further = name.starts_with("deep.x.");
      std::string& into = further ? deeper : below ? deep : top;
      into += (into.empty() ? "\"" : ", \"") +
              name.substr(further ? 7
                          : below ? 5
                                  : 0) +
              "\": " + json_of(its_type, random);
    }
  }
  return "{" + top + (top.empty() ? "" : ", ") + "\"deep\": {" + deep + (deep.empty() ? "" : ", ") +
         "\"x\": {" + deeper + "}}}";
}

}  // namespace licet::differential
