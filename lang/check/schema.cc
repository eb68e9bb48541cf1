#include "lang/check/schema.h"

#include <algorithm>
#include <map>
#include <set>

#include "eval/number.h"

namespace licet::lang::check {
namespace {

const std::map<std::string, TypeKind>& basic_types() {
  static const std::map<std::string, TypeKind> kTypes{
      {"any", TypeKind::kAny},   {"null", TypeKind::kNull},     {"bool", TypeKind::kBool},
      {"int", TypeKind::kInt},   {"number", TypeKind::kNumber}, {"string", TypeKind::kString},
      {"ip", TypeKind::kIp},     {"cidr", TypeKind::kCidr},     {"uuid", TypeKind::kUuid},
      {"time", TypeKind::kTime},
  };
  return kTypes;
}

class SchemaBuilder {
 public:
  SchemaBuilder(Arena& arena, Diagnostics& diagnostics)
      : arena_(arena), diagnostics_(diagnostics) {}

  void declare(const ast::Module& module) {
    for (const ast::Declaration& declaration : module.declarations) {
      const auto* type = std::get_if<ast::TypeDeclaration>(&declaration);
      if (type == nullptr) continue;
      const bool basic = basic_types().contains(type->name.text);
      const auto [at, added] = named_.try_emplace(type->name.text, Named{type, {}, false, false});
      if (!added || basic)
        repeated(type->name, basic ? "is a type of the language" : "is declared twice");
    }
  }

  void roots(const ast::Module& module) {
    for (const ast::Declaration& declaration : module.declarations) {
      const auto* schema = std::get_if<ast::Schema>(&declaration);
      if (schema == nullptr) continue;
      if (schema->root.text == "input" || schema->root.text == "data") {
        diagnostics_.add({Code::kReservedRoot,
                          schema->root.span,
                          "`" + schema->root.text + "` cannot have a schema",
                          "not an attribute of the request",
                          {},
                          "declare `user`, `model`, `dataset`, `request` or a name of your own"});
        continue;
      }
      const bool known =
          std::any_of(schema_.roots.begin(), schema_.roots.end(),
                      [&](const RootType& root) { return root.name == schema->root.text; });
      if (known) {
        repeated(schema->root, "is declared twice");
        continue;
      }
      schema_.roots.push_back({schema->root.text, record(schema->record)});
    }
  }

  void all_named() {
    for (auto& [name, named] : named_) named_type(name, named.declaration->name.span);
  }

  Schema finish() {
    std::sort(schema_.roots.begin(), schema_.roots.end(),
              [](const RootType& a, const RootType& b) { return a.name < b.name; });
    return std::move(schema_);
  }

 private:
  struct Named {
    const ast::TypeDeclaration* declaration;
    TypeIndex index;
    bool done;
    bool open;  // being built: a type that contains itself
  };

  void repeated(const ast::Name& name, const std::string& what) {
    diagnostics_.add({Code::kDuplicateType,
                      name.span,
                      "`" + name.text + "` " + what,
                      "declared again here",
                      {},
                      "give it another name"});
  }

  TypeIndex add(Type type) {
    schema_.types.push_back(std::move(type));
    return static_cast<TypeIndex>(schema_.types.size() - 1);
  }
  TypeIndex basic(TypeKind kind) {
    const auto [at, added] = basic_.try_emplace(kind, 0);
    if (added) at->second = add({kind, {}, {}, {}});
    return at->second;
  }

  TypeIndex named_type(const std::string& name, Span span) {
    const auto found = named_.find(name);
    if (found == named_.end()) {
      if (diagnostics_.are_full()) return basic(TypeKind::kAny);
      std::vector<std::string> candidates;
      for (const auto& [known, kind] : basic_types()) candidates.push_back(known);
      for (const auto& [known, named] : named_) candidates.push_back(known);
      const auto near = suggestion(name, candidates);
      diagnostics_.add({Code::kUnknownType,
                        span,
                        "unknown type `" + name + "`",
                        "no such type",
                        {},
                        near ? "did you mean `" + *near + "`?" : ""});
      return basic(TypeKind::kAny);
    }
    Named& named = found->second;
    if (named.done) return named.index;
    if (named.open) {
      diagnostics_.add({Code::kRecursiveType,
                        span,
                        "type `" + name + "` contains itself",
                        "refers back to it",
                        {},
                        "use `any` where the nesting has no limit"});
      return basic(TypeKind::kAny);
    }
    if (++depth_ > kMaxDepth) {
      diagnostics_.add({Code::kTooNested,
                        span,
                        "types nest too deep",
                        "more than " + std::to_string(kMaxDepth) + " types within one another",
                        {},
                        {}});
      named.index = basic(TypeKind::kAny);
    } else {
      named.open = true;
      named.index = build(named.declaration->type);
      named.open = false;
    }
    --depth_;
    named.done = true;
    return named.index;
  }

  TypeIndex build(const ast::Type& type) {
    struct Visitor {
      SchemaBuilder& b;
      Span span;
      TypeIndex operator()(const ast::NamedType& named) {
        const auto found = basic_types().find(named.name.text);
        return found != basic_types().end() ? b.basic(found->second)
                                            : b.named_type(named.name.text, span);
      }
      TypeIndex operator()(const ast::LiteralType& literal) { return b.literal(literal.value); }
      TypeIndex operator()(const ast::UnionType& u) {
        Type made{TypeKind::kUnion, {}, {}, {}};
        for (const ast::Type& member : u.members) made.members.push_back(b.build(member));
        return b.add(std::move(made));
      }
      TypeIndex operator()(const ast::ListType& list) {
        return b.add({TypeKind::kList, {}, {b.build(*list.element)}, {}});
      }
      TypeIndex operator()(const ast::MapType& map) {
        return b.add({TypeKind::kMap, {}, {b.build(*map.value)}, {}});
      }
      TypeIndex operator()(const ast::RecordType& r) { return b.record(r); }
    };
    return std::visit(Visitor{*this, type.span}, type.node);
  }

  // The constant of a literal type; undefined for any other term.
  Value literal_value(const ast::Term& term) {
    if (std::holds_alternative<ast::Null>(term.node)) return Value::null();
    if (const auto* v = std::get_if<ast::Boolean>(&term.node)) return Value::boolean(v->value);
    if (const auto* v = std::get_if<ast::String>(&term.node))
      return Value::string(v->value, arena_);
    const auto* negative = std::get_if<ast::Negative>(&term.node);
    const auto* number =
        std::get_if<ast::Number>(negative == nullptr ? &term.node : &negative->operand->node);
    if (number == nullptr) return Value::undefined();
    return number_from_text((negative == nullptr ? "" : "-") + number->text, arena_)
        .value_or(Value::undefined());
  }

  TypeIndex literal(const ast::Term& term) {
    const Value value = literal_value(term);
    if (value.is_undefined()) {
      diagnostics_.add(
          {Code::kUnknownType, term.span, "not a type", "neither a name nor a constant", {}, {}});
    }
    return add({TypeKind::kLiteral, value, {}, {}});
  }

  TypeIndex record(const ast::RecordType& source) {
    Type made{TypeKind::kRecord, {}, {}, {}};
    std::set<std::string> known;
    for (const ast::Field& field : source.fields) {
      if (!known.insert(field.name.text).second) {
        repeated(field.name, "is declared twice");
        continue;
      }
      FieldType result{field.name.text, build(*field.type), field.optional, false, false, false};
      for (const ast::Annotation& annotation : field.annotations) annotate(result, annotation);
      made.fields.push_back(std::move(result));
    }
    std::sort(made.fields.begin(), made.fields.end(),
              [](const FieldType& a, const FieldType& b) { return a.name < b.name; });
    return add(std::move(made));
  }

  void annotate(FieldType& field, const ast::Annotation& annotation) {
    const std::string& name = annotation.name.text;
    if (name == "redact") {
      field.redact = true;
    } else if (name == "token") {
      field.token = true;
    } else if (name == "protected") {
      diagnostics_.add({Code::kNotAvailable,
                        annotation.name.span,
                        "`@protected` is not available in this version",
                        "nothing would check it",
                        {},
                        "leave the attribute out of the request"});
    } else {
      const auto near = suggestion(name, {"redact", "token", "protected"});
      diagnostics_.add({Code::kUnknownAnnotation,
                        annotation.name.span,
                        "unknown annotation `@" + name + "`",
                        "no such annotation",
                        {},
                        near ? "did you mean `@" + *near + "`?" : ""});
    }
  }

  Arena& arena_;
  Diagnostics& diagnostics_;
  Schema schema_;
  std::map<std::string, Named> named_;
  std::map<TypeKind, TypeIndex> basic_;
  static constexpr int kMaxDepth = 200;
  int depth_ = 0;  // of named types within one another
};

}  // namespace

Schema build_schema(const std::vector<ast::Module>& modules, Arena& arena,
                    Diagnostics& diagnostics) {
  SchemaBuilder builder(arena, diagnostics);
  for (const ast::Module& module : modules) builder.declare(module);
  builder.all_named();
  for (const ast::Module& module : modules) builder.roots(module);
  return builder.finish();
}

}  // namespace licet::lang::check
