#include "lang/export/schema.h"

#include <algorithm>

#include "eval/value_json.h"
#include "lang/export/kleene.h"

namespace licet::lang::exporting {
namespace {

std::string quoted(const std::string& text) {
  std::string json;
  append_json_string(text, json);
  return json;
}

std::string fits(TypeIndex type, const std::string& term) {
  return "fits_" + std::to_string(type) + "(" + term + ")";
}

// 32 or 128 bits of an address; what has a slash is none.
constexpr const char* kIsIp =
    "net.cidr_is_valid(concat(\"\", [x, \"/32\"]))\n\tnot contains(x, \":\")";
constexpr const char* kIsIp6 =
    "net.cidr_is_valid(concat(\"\", [x, \"/128\"]))\n\tcontains(x, \":\")";

std::string record_rule(const Type& type, const std::string& head) {
  Lines lines = {"is_object(x)"};
  std::string known;
  for (const FieldType& field : type.fields) {
    known += (known.empty() ? "" : ", ") + quoted(field.name);
    const std::string at = "x[" + quoted(field.name) + "]";
    // Present and fitting; an optional one may be absent.
    if (!field.optional) lines.push_back(fits(field.type, at));
    if (field.optional) lines.push_back(none("v = " + at + "; not " + fits(field.type, "v")));
  }
  lines.push_back("count(object.remove(x, [" + known + "])) == 0");
  return rule_text(head, lines);
}

std::string type_rules(const Schema& schema, TypeIndex index) {
  const Type& type = schema.types[index];
  const std::string head = fits(index, "x");
  const auto one = [&](const std::string& line) { return rule_text(head, {line}); };
  switch (type.kind) {
    case TypeKind::kAny:
      return rule_text("fits_" + std::to_string(index) + "(_)", {});
    case TypeKind::kNull:
      return one("is_null(x)");
    case TypeKind::kBool:
      return one("is_boolean(x)");
    case TypeKind::kInt:
      return rule_text(head, {"is_number(x)", "floor(x) == x"});
    case TypeKind::kNumber:
      return one("is_number(x)");
    case TypeKind::kString:
      return one("is_string(x)");
    case TypeKind::kTime:
      return rule_text(head, {"is_number(x)", "floor(x) == x", "x >= -9223372036854775808",
                              "x <= 9223372036854775807"});
    case TypeKind::kIp:
      return one(kIsIp) + one(kIsIp6);
    case TypeKind::kCidr:
      return rule_text(head, {"is_string(x)", "contains(x, \"/\")", "net.cidr_is_valid(x)"});
    case TypeKind::kUuid:
      return rule_text(head,
                       {"is_string(x)",
                        "regex.match(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`, x)"});
    case TypeKind::kLiteral:
      return one("x == " + rego_text(type.literal));
    case TypeKind::kUnion: {
      std::string rules;
      for (const TypeIndex member : type.members) rules += one(fits(member, "x"));
      return rules;
    }
    case TypeKind::kList:
      return rule_text(head,
                       {"is_array(x)", none("v = x[_]; not " + fits(type.members.front(), "v"))});
    case TypeKind::kMap:
      return rule_text(head, {"is_object(x)", none("_ = x[k]; not is_string(k)"),
                              none("v = x[_]; not " + fits(type.members.front(), "v"))});
    case TypeKind::kRecord:
      break;
  }
  return record_rule(type, head);
}

}  // namespace

std::string schema_rules(const Schema& schema) {
  Lines lines = {"is_object(input)"};
  for (const RootType& root : schema.roots) {
    const std::vector<FieldType>& fields = schema.types[root.type].fields;
    const bool needed =
        std::any_of(fields.begin(), fields.end(), [](const FieldType& f) { return !f.optional; });
    const std::string at = "input[" + quoted(root.name) + "]";
    if (needed) lines.push_back(fits(root.type, at));
    if (!needed) lines.push_back(none("v = " + at + "; not " + fits(root.type, "v")));
  }
  std::string rules = "# Whether the request has the attributes that the schemas declare.\n" +
                      rule_text("request_fits", lines);
  for (TypeIndex index = 0; index < schema.types.size(); ++index)
    rules += type_rules(schema, index);
  return rules;
}

}  // namespace licet::lang::exporting
