// The reader of requests and the two that it stands for, value_from_json and check_request, agree:
// on which texts are accepted, and on what the slots of random programs have then. Texts are random
// documents, and those with a few bytes changed.
#include "eval/request/json_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "eval/request.h"
#include "eval/schema.h"
#include "eval/value_json.h"
#include "tests/property/random.h"

namespace licet::property {
namespace {

// Few keys, so that they meet; some written in two ways.
const std::vector<std::string> kKeys = {"a", "b", "c", "key_of_16_bytes_", "key_of_17_bytes__"};
const std::vector<std::string> kWritten = {
    R"("a")",      R"("b")", R"("c")", R"("key_of_16_bytes_")", R"("key_of_17_bytes__")",
    R"("\u0061")", R"("d")", R"("")",  "\"\xc3\xa9\"",          R"("\n")"};
const std::vector<std::string> kScalars = {"null",
                                           "true",
                                           "false",
                                           "0",
                                           "-1",
                                           "42",
                                           "12345678",
                                           "123456789012",
                                           "1.50",
                                           "-2e3",
                                           "1e400",
                                           "18446744073709551617",
                                           R"("")",
                                           R"("a")",
                                           R"("on")",
                                           R"("off")",
                                           R"("a longer text, 30 bytes")",
                                           R"("\u00e9\ud83d\ude00")",
                                           "\"\xe2\x82\xac\"",
                                           R"("10.0.0.1")",
                                           R"("\\")"};
const std::vector<std::string> kSpaces = {"", "", "", " ", "\n  "};

class Documents {
 public:
  explicit Documents(Random& random) : random_(random) {}

  std::string text() {
    out_.clear();
    write(0);
    return out_;
  }

  std::string changed(std::string text) {
    static const std::string kBytes = "{}[],:\"\\ \n0-1.eatu\x01\x7f\xc3\xff";
    for (std::size_t changes = 1 + random_.below(3); changes > 0; --changes) {
      const std::size_t at = random_.below(text.size() + 1);
      const char byte = kBytes[random_.below(kBytes.size())];
      switch (random_.below(5)) {
        case 0:
          text.insert(at, 1, byte);
          break;
        case 1:
          if (at < text.size()) text[at] = byte;
          break;
        case 2:
          if (at < text.size()) text.erase(at, 1 + random_.below(3));
          break;
        case 3:
          text.insert(at, text.substr(random_.below(text.size() + 1), random_.below(12)));
          break;
        default:
          if (random_.chance(30)) text.resize(at);
      }
    }
    return text;
  }

 private:
  void space() { out_ += random_.pick(kSpaces); }

  void write(int depth) {
    const std::size_t kind = random_.below(10);
    if (depth == 0 ? kind == 0 : kind < 4 || depth > 5) {
      out_ += random_.pick(kScalars);
    } else if (depth > 0 && kind < 6) {
      write_list(depth);
    } else {
      write_object(depth);
    }
  }

  void write_list(int depth) {
    const bool are_texts = random_.chance(50);
    out_ += '[';
    for (std::size_t i = random_.below(4); i > 0; --i) {
      space();
      if (are_texts) {
        out_ += random_.pick(kWritten);
      } else {
        write(depth + 1);
      }
      space();
      if (i > 1) out_ += ',';
    }
    out_ += ']';
  }

  void write_object(int depth) {
    std::vector<std::string> keys = kWritten;
    random_.shuffle(keys);
    if (random_.chance(95)) std::erase(keys, R"("\u0061")");
    const std::size_t size = random_.below(6);
    out_ += '{';
    for (std::size_t i = 0; i < size; ++i) {
      if (i > 0) out_ += ',';
      space();
      out_ += keys[i];
      space();
      out_ += ':';
      space();
      write(depth + 1);
      space();
    }
    out_ += '}';
  }

  Random& random_;
  std::string out_;
};

// Slots, and now and then a schema.
class Programs {
 public:
  explicit Programs(Random& random) : random_(random) {}

  std::unique_ptr<Program> program() {
    auto program = std::make_unique<Program>();
    program_ = program.get();
    if (random_.chance(10)) program_->slots.emplace_back();
    for (std::size_t i = random_.below(6); i > 0; --i) add_slot();
    if (random_.chance(40)) add_schema();
    return program;
  }

 private:
  void add_slot() {
    Path path;
    for (std::size_t size = 1 + random_.below(3); size > 0; --size) {
      if (random_.chance(8)) {
        path.elements.push_back(Value::integer(static_cast<std::int64_t>(random_.below(3))));
      } else {
        path.elements.push_back(Value::string(random_.pick(kKeys), program_->arena));
      }
    }
    for (const Path& other : program_->slots) {
      if (other.elements == path.elements) return;
    }
    program_->slots.push_back(path);
  }

  void add_schema() {
    for (const char* const name : {"a", "b", "key_of_16_bytes_"}) {
      if (random_.chance(50)) program_->schema.roots.push_back({name, add_record(0)});
    }
  }

  TypeIndex add(Type type) {
    program_->schema.types.push_back(std::move(type));
    return static_cast<TypeIndex>(program_->schema.types.size() - 1);
  }

  TypeIndex add_record(int depth) {
    Type record;
    record.kind = TypeKind::kRecord;
    for (const std::string& key : kKeys) {
      if (!random_.chance(60)) continue;
      FieldType field;
      field.name = key;
      field.optional = random_.chance(85);
      field.type = add_type(depth + 1);
      record.fields.push_back(std::move(field));
    }
    return add(std::move(record));
  }

  TypeIndex add_type(int depth) {
    static const std::vector<TypeKind> kScalarKinds = {
        TypeKind::kAny, TypeKind::kAny,    TypeKind::kNull, TypeKind::kBool,  TypeKind::kInt,
        TypeKind::kIp,  TypeKind::kNumber, TypeKind::kTime, TypeKind::kString};
    Type type;
    const std::size_t kind = random_.below(depth > 3 ? 4 : 10);
    if (kind < 3) {
      type.kind = random_.pick(kScalarKinds);
    } else if (kind == 3) {
      type.kind = TypeKind::kUnion;
      for (const char* const text : {"a", "on", "off"}) type.members.push_back(add_literal(text));
    } else if (kind < 6) {
      type.kind = random_.chance(50) ? TypeKind::kList : TypeKind::kMap;
      type.members.push_back(add_type(depth + 1));
    } else if (kind == 6) {
      type.kind = TypeKind::kUnion;
      type.members = {add_type(depth + 1), add_type(depth + 1)};
    } else {
      return add_record(depth);
    }
    return add(std::move(type));
  }

  TypeIndex add_literal(const char* text) {
    Type type;
    type.kind = TypeKind::kLiteral;
    type.literal = Value::string(text, program_->arena);
    return add(std::move(type));
  }

  Random& random_;
  Program* program_ = nullptr;
};

std::string text_of(const Program& program, SlotValues& slots) {
  std::string text;
  for (CellIndex cell = 0; cell < program.slots.size(); ++cell) {
    text += (slots.has(cell) ? json_from_value(slots.value(cell)) : "-") + "\n";
  }
  return text;
}

TEST(Property, request_reader_agrees_with_strict_reader_and_schema) {
  Random random(20'261'125);
  Documents documents(random);
  Programs programs(random);
  JsonReader reader;  // one for all programs: what it keeps must not matter
  Arena arena;
  Arena slow_arena;
  std::size_t accepted = 0;
  std::size_t refused = 0;
  std::size_t misfits = 0;
  std::size_t framed = 0;
  for (int p = 0; p < 400; ++p) {
    const std::unique_ptr<Program> program = programs.program();
    const ReadPlan plan(*program, std::vector<bool>(program->slots.size(), true));
    SlotValues slots;
    SlotValues wanted;
    slots.begin(program->slots.size(), arena);
    wanted.begin(program->slots.size(), slow_arena);
    std::string last = documents.text();
    for (int d = 0; d < 60; ++d) {
      // Often much like the last one that was right, as the requests of one client are.
      std::string text = random.chance(25) ? documents.text() : last;
      if (random.chance(60)) text = documents.changed(std::move(text));
      arena.reset();
      slow_arena.reset();
      slots.clear();
      const bool is_read = reader.read(text, plan, std::size_t{16} << 20, arena, slots);
      const auto document = value_from_json(text, slow_arena);
      const bool fits = document && !check_request(program->schema, document.value());
      ASSERT_EQ(is_read, fits) << text;
      accepted += fits ? 1 : 0;
      framed += is_read && reader.was_framed() ? 1 : 0;
      refused += document ? 0 : 1;
      misfits += document && !fits ? 1 : 0;
      if (!fits) continue;
      last = text;
      fill_slots(*program, document.value(), wanted);
      ASSERT_EQ(text_of(*program, slots), text_of(*program, wanted)) << text;
      ASSERT_EQ(reader.text(), text);
    }
  }
  // Or the test says nothing.
  EXPECT_GT(accepted, 5000U);
  EXPECT_GT(refused, 2000U);
  EXPECT_GT(misfits, 500U);
  EXPECT_GT(framed, 500U);
}

}  // namespace
}  // namespace licet::property
