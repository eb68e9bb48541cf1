#include "eval/program/image.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <map>
#include <new>
#include <span>
#include <type_traits>

#include "eval/program/bytes.h"
#include "eval/program/operands.h"
#include "eval/program/values_image.h"
#include "eval/program/verify.h"

namespace licet::program {
namespace {

// header: magic, version of the format, fingerprint of the instructions, checksum of the rest
constexpr std::string_view kMagic = "licetimg";
constexpr std::uint32_t kVersion = 3;
constexpr std::size_t kHeaderBytes = kMagic.size() + 4 + 8 + 8;

// Each structure is described once, for both directions. `Archive` is a Saver or a Loader: calling
// it with a member writes or reads that member. `near` does so with a number that is nearly
// always what is expected or a little off, which then takes one byte; `last` has what expectations
// come from.
struct Last {
  std::uint32_t instruction = UINT32_MAX;
  std::uint32_t code_end = 0;
  BlockIndex block = UINT32_MAX;
  DocumentIndex document = UINT32_MAX;
  std::uint32_t value = UINT32_MAX;
  SourcePlace place;
};

// Names are written as what they have in common with the name before of the same kind, and the
// rest.
struct LastName {
  std::string text;
  Name kept;
};
enum class NameKind : std::uint8_t { kDocument, kFunction, kPackage, kRule };
using LastNames = std::array<LastName, 4>;
// So that few bytes cannot become many: a name takes at most so many that are not in the image.
constexpr std::size_t kMostShared = 200;

// Only what an instruction uses.
template <class Archive>
void transfer(Archive& archive, Instruction& i) {
  archive(i.opcode);
  if (static_cast<std::size_t>(i.opcode) >= kOpcodeCount) {
    throw Corrupt{"it has an instruction that is none"};
  }
  const OpcodeInfo& info = info_of(i.opcode);
  if (info.letters[0] != '.') archive(i.a);
  if (info.letters[1] != '.') archive(i.b);
  const bool is_idle_mark = info.letters[2] == 'E' && (i.b & kGuardMarks) == 0;
  if (info.letters[2] != '.' && !is_idle_mark) archive(i.c);
  if (info.letters[3] != '.') archive(i.extra);
  ++archive.last.instruction;
  if (info.jump != '.') archive.near(i.target, archive.last.instruction);
}
template <class Archive>
void transfer(Archive& archive, Block& block) {
  archive.near(block.begin, archive.last.code_end);
  archive.near(block.end, block.begin);
  archive.last.code_end = block.end;
  archive(block.registers, block.parameters);
}
template <class Archive>
void transfer(Archive& archive, SourcePlace& place) {
  archive.near(place.file, archive.last.place.file);
  archive.near(place.line, archive.last.place.line);
  archive(place.column);
  archive.last.place = place;
}
template <class Archive>
void transfer(Archive& archive, PlaceTable& places) {
  places.transfer(archive);
}
template <class Archive>
void transfer(Archive& archive, Document& document) {
  archive.near(document.block, archive.last.block + 1);
  archive.last.block = document.block;
  archive.name(document.name, NameKind::kDocument);
}
template <class Archive>
void transfer(Archive& archive, Function& function) {
  archive.near(function.block, archive.last.block + 1);
  archive.last.block = function.block;
  archive.name(function.name, NameKind::kFunction);
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
void transfer(Archive& archive, MaybeDocument& document) {
  document.transfer(archive);
}
template <class Archive>
void transfer(Archive& archive, DecisionBody& body) {
  archive.near(body.holds, archive.last.document + 1);
  archive.last.document = body.holds;
  archive(body.messages, body.controls, body.obligations);
}
template <class Archive>
void transfer(Archive& archive, DecisionRule& rule) {
  archive(rule.verdict);
  archive.name(rule.package, NameKind::kPackage);
  archive.name(rule.name, NameKind::kRule);
  archive.kept(rule.bodies);
  archive.near(rule.holds, archive.last.document);
}
template <class Archive>
void transfer(Archive& archive, IndexKey& key) {
  archive(key.source, key.test, key.number);
}
template <class Archive>
void transfer(Archive& archive, IndexGroup& group) {
  archive(group.keys);
  archive.ascending(group.bodies);
  archive(group.values);
}
template <class Archive>
void transfer(Archive& archive, NotIndexed& other) {
  archive(other.body, other.why);
}
template <class Archive>
void transfer(Archive& archive, BodyIndex& index) {
  archive(index.name, index.missing, index.body_count, index.groups, index.others);
  archive.ascending(index.targets);
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
  archive(p.constants, p.places_of_code, p.files, p.blocks, p.documents, p.functions, p.mocks,
          p.slots, p.paths, p.presence_sets, p.decision_rules, p.body_indexes, p.data_indexes,
          p.forbid_index, p.permit_index, p.trace_points, p.tests, p.entry_points, p.query,
          p.query_names, p.schema.types, p.schema.roots, p.data, p.revision);
}

class Saver {
 public:
  Last last;

  template <class... Members>
  void operator()(Members&... members) {
    (save(members), ...);
  }
  void near(std::uint32_t member, std::uint32_t expected) {
    out_(static_cast<std::int32_t>(member - expected));
  }
  void ascending(const std::vector<std::uint32_t>& list) {
    out_(static_cast<std::uint32_t>(list.size()));
    std::uint32_t before = 0;
    for (const std::uint32_t number : list) {
      near(number, before);
      before = number;
    }
  }
  void name(Name name, NameKind kind) {
    LastName& before = names_[static_cast<std::size_t>(kind)];
    const std::string_view text = name.view();
    std::size_t shared = 0;
    const std::size_t most = std::min({text.size(), before.text.size(), kMostShared});
    while (shared < most && text[shared] == before.text[shared]) ++shared;
    out_(static_cast<std::uint32_t>(shared));
    out_.text_bytes(text.substr(shared));
    before.text = text;
  }
  void kept(std::span<const DecisionBody> bodies) {
    out_(static_cast<std::uint32_t>(bodies.size()));
    for (DecisionBody body : bodies) save(body);
  }
  std::string take() {
    Writer all;
    values_.write(all);
    all.raw(out_.take());
    return all.take();
  }

 private:
  void save(Value& value) {
    const std::uint32_t number = values_.number_of(value);
    near(number, last.value + 1);
    last.value = number;
  }
  void save(std::vector<std::uint8_t>& bytes) {
    out_(static_cast<std::uint32_t>(bytes.size()));
    out_.raw({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
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
  LastNames names_;
  Writer out_;
};

class Loader {
 public:
  Last last;

  Loader(Reader& in, Program& program) : in_(in), program_(program), values_(in, program.arena) {}

  template <class... Members>
  void operator()(Members&... members) {
    (load(members), ...);
  }
  void near(std::uint32_t& member, std::uint32_t expected) {
    std::int32_t step = 0;
    in_(step);
    member = expected + static_cast<std::uint32_t>(step);
  }
  void ascending(std::vector<std::uint32_t>& list) {
    list.resize(in_.count());
    std::uint32_t before = 0;
    for (std::uint32_t& number : list) {
      near(number, before);
      before = number;
    }
  }
  void name(Name& name, NameKind kind) {
    LastName& before = names_[static_cast<std::size_t>(kind)];
    std::uint32_t shared = 0;
    std::uint32_t size = 0;
    in_(shared);
    in_(size);
    if (shared > std::min(before.text.size(), kMostShared)) throw Corrupt{"a name has no start"};
    const bool is_the_same = size == 0 && shared == before.text.size();
    if (!is_the_same) {
      before.text.resize(shared);
      before.text += in_.take(size);
      Reader::must_be_utf8(before.text);
      before.kept = program_.names.add(before.text);
    }
    name = before.kept;
  }
  void kept(std::span<const DecisionBody>& bodies) {
    load(bodies_);
    bodies = keep(bodies_, program_.arena);
    bodies_.clear();
  }

 private:
  void load(Value& value) {
    near(last.value, last.value + 1);
    value = values_.value(last.value);
  }
  void load(std::vector<std::uint8_t>& bytes) {
    const std::string_view taken = in_.take(in_.count());
    bytes.assign(taken.begin(), taken.end());
  }
  template <class T>
  void load(std::vector<T>& list) {
    const std::uint32_t count = in_.count();
    list.reserve(count);
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
  Program& program_;
  ValueReader values_;
  LastNames names_;
  std::vector<DecisionBody> bodies_;  // room for those of one rule
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
  const auto version = header.fixed<std::uint32_t>();
  const auto fingerprint = header.fixed<std::uint64_t>();
  const auto checksum = header.fixed<std::uint64_t>();
  if (version != kVersion || fingerprint != opcode_fingerprint()) {
    throw Corrupt{"it was made by another version of licet; compile the policies again"};
  }
  const std::string_view body = image.substr(kHeaderBytes);
  if (XXH3_64bits(body.data(), body.size()) != checksum) throw Corrupt{"it is damaged"};
  Reader in(body);
  auto program = std::make_shared<Program>();
  std::vector<std::string> builtin_names;
  Loader loader(in, *program);
  loader(builtin_names, program->code, *program);
  if (in.left() > 0) throw Corrupt{"something follows its end"};
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
  out.fixed(kVersion);
  out.fixed(opcode_fingerprint());
  out.fixed(std::uint64_t{XXH3_64bits(body.data(), body.size())});
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
