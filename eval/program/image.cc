#include "eval/program/image.h"

#include <xxhash.h>

#include <bit>
#include <cstring>
#include <map>
#include <new>
#include <type_traits>

#include "eval/program/bytes.h"
#include "eval/program/operands.h"
#include "eval/program/values_image.h"
#include "eval/program/verify.h"

namespace licet::program {
namespace {

// header: magic, version of the format, fingerprint of the instructions, checksum of the rest
constexpr std::string_view kMagic = "licetimg";
constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kHeaderBytes = kMagic.size() + 4 + 8 + 8;

// Each structure is described once, for both directions. `Archive` is a Saver or a Loader: calling
// it with a member writes or reads that member.
template <class Archive>
void transfer(Archive& archive, Instruction& i) {
  archive(i.opcode, i.a, i.b, i.c, i.extra, i.target);
}
template <class Archive>
void transfer(Archive& archive, Block& block) {
  archive(block.begin, block.end, block.registers, block.parameters);
}
template <class Archive>
void transfer(Archive& archive, SourcePlace& place) {
  archive(place.file, place.line, place.column);
}
template <class Archive>
void transfer(Archive& archive, Document& document) {
  archive(document.block, document.name, document.place);
}
template <class Archive>
void transfer(Archive& archive, Function& function) {
  archive(function.block, function.name, function.place);
}
template <class Archive>
void transfer(Archive& archive, Mock& mock) {
  archive(mock.name);
}
template <class Archive>
void transfer(Archive& archive, Path& path) {
  archive(path.elements);
}
template <class Archive>
void transfer(Archive& archive, PresenceSet& presence) {
  archive(presence.slots);
}
template <class Archive>
void transfer(Archive& archive, DecisionBody& body) {
  archive(body.holds, body.messages, body.controls, body.obligations);
}
template <class Archive>
void transfer(Archive& archive, DecisionRule& rule) {
  archive(rule.verdict, rule.package, rule.name, rule.place, rule.bodies);
}
template <class Archive>
void transfer(Archive& archive, IndexKey& key) {
  archive(key.source, key.test, key.number);
}
template <class Archive>
void transfer(Archive& archive, IndexGroup& group) {
  archive(group.keys, group.bodies, group.values);
}
template <class Archive>
void transfer(Archive& archive, NotIndexed& other) {
  archive(other.body, other.why);
}
template <class Archive>
void transfer(Archive& archive, BodyIndex& index) {
  archive(index.name, index.missing, index.body_count, index.groups, index.others, index.targets);
}
template <class Archive>
void transfer(Archive& archive, ElementField& field) {
  archive(field.match, field.of_key, field.path);
}
template <class Archive>
void transfer(Archive& archive, DataIndex& index) {
  archive(index.path, index.fields);
}
template <class Archive>
void transfer(Archive& archive, TracePoint::Part& part) {
  archive(part.text, part.reg);
}
template <class Archive>
void transfer(Archive& archive, TracePoint& point) {
  archive(point.place, point.text, point.rule, point.body, point.parts);
}
template <class Archive>
void transfer(Archive& archive, EntryPoint& entry) {
  archive(entry.path, entry.document);
}
template <class Archive>
void transfer(Archive& archive, TestCase& test) {
  archive(test.package, test.name, test.place, test.document);
}
template <class Archive>
void transfer(Archive& archive, FieldType& field) {
  archive(field.name, field.type, field.optional, field.redact, field.token, field.is_protected);
}
template <class Archive>
void transfer(Archive& archive, Type& type) {
  archive(type.kind, type.literal, type.members, type.fields);
}
template <class Archive>
void transfer(Archive& archive, RootType& root) {
  archive(root.name, root.type);
}
// All but the code, whose numbers of builtins are written as names.
template <class Archive>
void transfer(Archive& archive, Program& p) {
  archive(p.constants, p.places_of_code, p.places, p.files, p.blocks, p.documents, p.functions,
          p.mocks, p.slots, p.paths, p.presence_sets, p.decision_rules, p.body_indexes,
          p.data_indexes, p.forbid_index, p.permit_index, p.trace_points, p.tests, p.entry_points,
          p.query, p.query_names, p.schema.types, p.schema.roots, p.data, p.revision);
}

class Saver {
 public:
  template <class... Members>
  void operator()(Members&... members) {
    (save(members), ...);
  }
  std::string take() {
    Writer all;
    values_.write(all);
    all.raw(out_.take());
    return all.take();
  }

 private:
  void save(Value& value) { out_(values_.number_of(value)); }
  template <class T>
  void save(std::vector<T>& list) {
    out_(static_cast<std::uint32_t>(list.size()));
    for (T& element : list) save(element);
  }
  template <class T>
  void save(std::optional<T>& maybe) {
    out_(maybe.has_value());
    if (maybe) save(*maybe);
  }
  template <class T>
  void save(T& member) {
    if constexpr (Number<T> || std::is_same_v<T, std::string>) {
      out_(member);
    } else {
      transfer(*this, member);
    }
  }

  ValueWriter values_;
  Writer out_;
};

// Lists of these are the same bytes in an image and in memory: numbers one after the other, in the
// order of `transfer`, little-endian, without gaps.
template <class T>
inline constexpr bool kIsAsInMemory = std::endian::native == std::endian::little &&
                                      (std::is_same_v<T, std::uint32_t> ||
                                       std::is_same_v<T, Instruction> || std::is_same_v<T, Block> ||
                                       std::is_same_v<T, SourcePlace>);
static_assert(sizeof(Instruction) == 16 && sizeof(Block) == 12 && sizeof(SourcePlace) == 12);

class Loader {
 public:
  Loader(Reader& in, Arena& arena) : in_(in), values_(in, arena) {}

  template <class... Members>
  void operator()(Members&... members) {
    (load(members), ...);
  }

 private:
  void load(Value& value) {
    std::uint32_t number = 0;
    in_(number);
    value = values_.value(number);
  }
  // The count is not believed: a list grows only as its elements are there.
  template <class T>
  void load(std::vector<T>& list) {
    std::uint32_t count = 0;
    in_(count);
    if constexpr (kIsAsInMemory<T>) {
      const std::string_view bytes = in_.take(std::size_t{count} * sizeof(T));
      list.resize(count);
      if (count > 0) std::memcpy(list.data(), bytes.data(), bytes.size());
      return;
    }
    for (std::uint32_t i = 0; i < count; ++i) load(list.emplace_back());
  }
  template <class T>
  void load(std::optional<T>& maybe) {
    bool there = false;
    in_(there);
    if (there) load(maybe.emplace());
  }
  template <class T>
  void load(T& member) {
    if constexpr (Number<T> || std::is_same_v<T, std::string>) {
      in_(member);
    } else {
      transfer(*this, member);
    }
  }

  Reader& in_;
  ValueReader values_;
};

// Calls `visit` with each use of a builtin, so that numbers can become names and names numbers.
template <class Visit>
void for_each_builtin(std::vector<Instruction>& code, Visit visit) {
  for (Instruction& i : code) {
    if (i.opcode == Opcode::kCallBuiltin) i.extra = visit(i.extra);
    if (i.opcode == Opcode::kWithBuiltin) i.c = static_cast<std::uint16_t>(visit(i.c));
  }
}

// The builtins that are used, by name; their uses in `code` become indexes into the list.
std::vector<std::string> name_builtins(std::vector<Instruction>& code) {
  std::vector<std::string> names;
  std::map<std::uint32_t, std::uint32_t> known;
  for_each_builtin(code, [&](std::uint32_t id) {
    const auto [at, added] = known.try_emplace(id, static_cast<std::uint32_t>(names.size()));
    if (added) names.emplace_back(all_builtins()[id].name);
    return at->second;
  });
  return names;
}

void number_builtins(const std::vector<std::string>& names, std::vector<Instruction>& code) {
  std::vector<std::uint32_t> ids;
  for (const std::string& name : names) {
    const BuiltinInfo* info = find_builtin(name);
    if (info == nullptr) throw Corrupt{"this version of licet has no builtin `" + name + "`"};
    ids.push_back(static_cast<std::uint32_t>(info->id));
  }
  for_each_builtin(code, [&](std::uint32_t index) {
    if (index >= ids.size()) throw Corrupt{"it names a builtin that is not there"};
    return ids[index];
  });
}

std::shared_ptr<const Program> load(std::string_view image) {
  Reader header(image);
  if (header.take(std::min(image.size(), kMagic.size())) != kMagic) {
    throw Corrupt{"it is no image of a program"};
  }
  std::uint32_t version = 0;
  std::uint64_t fingerprint = 0;
  std::uint64_t checksum = 0;
  header(version);
  header(fingerprint);
  header(checksum);
  if (version != kVersion || fingerprint != opcode_fingerprint()) {
    throw Corrupt{"it was made by another version of licet; compile the policies again"};
  }
  const std::string_view body = image.substr(kHeaderBytes);
  if (XXH3_64bits(body.data(), body.size()) != checksum) throw Corrupt{"it is damaged"};
  Reader in(body);
  auto program = std::make_shared<Program>();
  std::vector<std::string> builtin_names;
  Loader loader(in, program->arena);
  loader(builtin_names, program->code, *program);
  if (!in.at_end()) throw Corrupt{"something follows its end"};
  number_builtins(builtin_names, program->code);
  if (auto problem = verify(*program)) throw Corrupt{*problem};
  return program;
}

}  // namespace

std::string image_from_program(const Program& program) {
  Saver saver;
  // A saver only reads; the description serves both directions.
  auto& source = const_cast<Program&>(program);
  std::vector<Instruction> code = program.code;
  std::vector<std::string> builtin_names = name_builtins(code);
  saver(builtin_names, code, source);
  const std::string body = saver.take();
  Writer out;
  out.raw(kMagic);
  out(kVersion);
  out(opcode_fingerprint());
  out(static_cast<std::uint64_t>(XXH3_64bits(body.data(), body.size())));
  out.raw(body);
  return out.take();
}

Result<std::shared_ptr<const Program>, ImageError> program_from_image(std::string_view image) {
  const auto failure = [](const std::string& message) {
    return Failure{ImageError{"the image cannot be loaded: " + message}};
  };
  try {
    return load(image);
  } catch (const Corrupt& corrupt) {
    return failure(corrupt.message);
  } catch (const DepthExceeded&) {
    return failure("a value nests too deep");
  } catch (const MemoryExceeded&) {
    return failure("a value is too large");
  } catch (const std::bad_alloc&) {
    return failure("there is no memory for it");
  }
}

}  // namespace licet::program
