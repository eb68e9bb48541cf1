#include "eval/program/verify.h"

#include <algorithm>
#include <array>
#include <vector>

#include "eval/program/definedness.h"
#include "eval/program/index_soundness.h"
#include "eval/program/operands.h"

namespace licet::program {
namespace {

using Problem = std::optional<std::string>;

std::string numbered(std::string_view what, std::size_t index) {
  return std::string(what) + " " + std::to_string(index);
}

class Verifier {
 public:
  explicit Verifier(const Program& program)
      : program_(program), sizes_(sizes_of(program)), definedness_(program) {}

  Problem run() {
    if (Problem problem = tables()) return problem;
    for (std::uint32_t at = 0; at < program_.code.size(); ++at) {
      if (Problem problem = table_operands(at)) return problem;
    }
    if (Problem problem = indexes_are_used_once()) return problem;
    if (Problem problem = blocks_are_apart()) return problem;
    for (std::size_t i = 0; i < program_.blocks.size(); ++i) {
      if (Problem problem = block(program_.blocks[i]))
        return numbered("block", i) + ": " + *problem;
    }
    if (Problem problem = query()) return problem;
    return schema();
  }

 private:
  template <class T>
  static bool inside(std::uint32_t index, const std::vector<T>& table) {
    return index < table.size();
  }

  Problem tables() const {
    if (program_.slots.empty() || !program_.slots[0].elements.empty()) {
      return "slot 0 is not the whole input";
    }
    if (program_.places_of_code.size() != program_.code.size()) {
      return "not every instruction has a place";
    }
    for (const PresenceSet& presence : program_.presence_sets) {
      for (const SlotIndex slot : presence.slots) {
        if (!inside(slot, program_.slots)) return "a presence set names no slot";
      }
    }
    if (Problem problem = paths(program_.slots)) return problem;
    if (Problem problem = paths(program_.paths)) return problem;
    if (!program_.data.is_object()) return "the data is no object";
    for (const Value& constant : program_.constants) {
      if (constant.is_undefined()) return "a constant is undefined";
    }
    if (Problem problem = indexes_are_sound(program_)) return problem;
    return entries();
  }

  static Problem paths(const std::vector<Path>& paths) {
    for (const Path& path : paths) {
      if (path.elements.size() > Value::kMaxDepth) return "a path is too long";
      for (const Value& element : path.elements) {
        if (element.is_undefined() || element.is_composite()) return "a path element is no scalar";
      }
    }
    return std::nullopt;
  }

  Problem entries() const {
    for (const Document& document : program_.documents) {
      if (!inside(document.block, program_.blocks)) return "a document has no block";
      if (program_.blocks[document.block].parameters != 0) return "a document has parameters";
    }
    for (const Function& function : program_.functions) {
      if (!inside(function.block, program_.blocks)) return "a function has no block";
    }
    for (const EntryPoint& entry : program_.entry_points) {
      if (!inside(entry.document, program_.documents)) return "an entry point has no document";
    }
    for (const TestCase& test : program_.tests) {
      if (!inside(test.document, program_.documents)) return "a test has no document";
    }
    for (const DecisionRule& rule : program_.decision_rules) {
      if (rule.verdict > Verdict::kForbid) return "a decision rule has no verdict";
      if (!inside(rule.holds, program_.documents)) return "a decision rule has no document";
      for (const DecisionBody& body : rule.bodies) {
        if (!inside(body.holds, program_.documents)) return "a decision rule has no document";
        for (const MaybeDocument document : {body.messages, body.controls, body.obligations}) {
          if (document && !inside(*document, program_.documents)) {
            return "a decision rule has no document";
          }
        }
      }
    }
    return std::nullopt;
  }

  Problem table_operands(std::uint32_t at) const {
    const Instruction& i = program_.code[at];
    if (static_cast<std::size_t>(i.opcode) >= kOpcodeCount) {
      return numbered("instruction", at) + " is none";
    }
    const OpcodeInfo& info = info_of(i.opcode);
    for (std::size_t p = 0; p < info.letters.size(); ++p) {
      if (operand(i, p) >= sizes_[static_cast<std::size_t>(info.letters[p])]) {
        return numbered("instruction", at) + " (" + std::string(info.name) +
               ") names what is not there";
      }
    }
    return std::nullopt;
  }

  // So that following all targets is following the code once.
  Problem indexes_are_used_once() const {
    std::vector<bool> used(program_.body_indexes.size());
    for (const Instruction& i : program_.code) {
      if (i.opcode != Opcode::kNextBody) continue;
      if (used[i.extra]) return "two instructions share an index";
      used[i.extra] = true;
    }
    return std::nullopt;
  }

  // How many there are of what an operand letter numbers; of others any number will do.
  static std::array<std::uint64_t, 128> sizes_of(const Program& program) {
    std::array<std::uint64_t, 128> sizes;
    sizes.fill(UINT64_MAX);
    sizes['K'] = program.constants.size();
    sizes['S'] = program.slots.size();
    sizes['P'] = program.paths.size();
    sizes['B'] = all_builtins().size();
    sizes['U'] = program.documents.size();
    sizes['X'] = program.functions.size();
    sizes['M'] = program.mocks.size();
    sizes['Z'] = program.presence_sets.size();
    sizes['L'] = program.decision_rules.size();
    sizes['T'] = program.trace_points.size();
    sizes['G'] = kGuardFlags + 1;
    sizes['Q'] = program.data_indexes.size();
    sizes['Y'] = program.body_indexes.size();
    return sizes;
  }

  // So that the work of checking all blocks is that of checking the code once.
  Problem blocks_are_apart() const {
    std::vector<const Block*> sorted;
    for (const Block& block : program_.blocks) {
      if (block.begin >= block.end || block.end > program_.code.size()) {
        return "a block lies outside of the code";
      }
      sorted.push_back(&block);
    }
    std::sort(sorted.begin(), sorted.end(),
              [](const Block* a, const Block* b) { return a->begin < b->begin; });
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      if (sorted[i]->begin < sorted[i - 1]->end) return "two blocks share code";
    }
    return std::nullopt;
  }

  Problem block(const Block& block) {
    if (block.parameters > block.registers) return "more parameters than registers";
    const Opcode last = program_.code[block.end - 1].opcode;
    if (last != Opcode::kReturn && last != Opcode::kJump) return "the code runs over its end";
    for (std::uint32_t at = block.begin; at < block.end; ++at) {
      const Instruction& i = program_.code[at];
      if (!registers_are_inside(i, block) || !jumps_are_inside(i, at, block) || !counts_fit(i) ||
          !index_fits(i, block)) {
        return numbered("instruction", at) + " (" + std::string(info_of(i.opcode).name) +
               ") goes outside of its block";
      }
    }
    return definedness_.find_undefined_read(block);
  }

  static bool registers_are_inside(const Instruction& i, const Block& block) {
    const OpcodeInfo& info = info_of(i.opcode);
    for (std::size_t p = 0; p < info.letters.size(); ++p) {
      const char letter = info.letters[p];
      std::uint32_t count = 0;
      if (std::string_view("DRNVA").find(letter) != std::string_view::npos) count = 1;
      if (letter == 'E' && (i.b & kGuardMarks) != 0) count = 1;
      if (letter == 'I') count = 2;
      if (letter == 'W') count = operand(i, p + 1);
      if (count > 0 && std::uint64_t{operand(i, p)} + count > block.registers) return false;
    }
    return true;
  }

  static bool jumps_are_inside(const Instruction& i, std::uint32_t at, const Block& block) {
    // A mock that answers skips the next instruction.
    if (i.opcode == Opcode::kCallMock && block.end - at <= 2) return false;
    return info_of(i.opcode).jump == '.' || (i.target >= block.begin && i.target < block.end);
  }

  bool counts_fit(const Instruction& i) const {
    switch (i.opcode) {
      case Opcode::kCallBuiltin:
        return i.c == all_builtins()[i.extra].arity;
      case Opcode::kCallFunction:
        return i.c == program_.blocks[program_.functions[i.extra].block].parameters;
      case Opcode::kMakeObject:
        return i.c % 2 == 0;
      case Opcode::kInsert:
      case Opcode::kInsertMember:
        return i.c > 0;
      case Opcode::kFindElements:
        return i.c == program_.data_indexes[i.extra].fields.size();
      case Opcode::kDecisionDocument:
        return program_.constants[i.extra].is_string();
      default:
        return true;
    }
  }

  // All keys and targets of an index are of the block that uses it.
  bool index_fits(const Instruction& i, const Block& block) const {
    if (i.opcode != Opcode::kFindBodies && i.opcode != Opcode::kNextBody) return true;
    const BodyIndex& index = program_.body_indexes[i.extra];
    if (index.targets.size() != index.body_count) return false;
    if (i.opcode == Opcode::kNextBody) {
      return std::all_of(index.targets.begin(), index.targets.end(), [&](std::uint32_t target) {
        return target >= block.begin && target < block.end;
      });
    }
    for (const IndexGroup& group : index.groups) {
      for (const IndexKey& key : group.keys) {
        const bool parameter = key.source == IndexKey::Source::kRegister;
        if (parameter && key.number >= block.parameters) return false;
      }
    }
    return true;
  }

  Problem query() const {
    if (!program_.query) return std::nullopt;
    if (!inside(*program_.query, program_.blocks)) return "the query has no block";
    const Block& block = program_.blocks[*program_.query];
    if (block.parameters != 0) return "the query has parameters";
    for (std::uint32_t at = block.begin; at < block.end; ++at) {
      const Instruction& i = program_.code[at];
      if (i.opcode == Opcode::kQueryRow && i.b != program_.query_names.size()) {
        return "a row of the query does not fit its names";
      }
    }
    return std::nullopt;
  }

  Problem schema() {
    const std::vector<Type>& types = program_.schema.types;
    for (const Type& type : types) {
      if (Problem problem = type_is_sound(type)) return problem;
    }
    for (const RootType& root : program_.schema.roots) {
      if (!inside(root.type, types) || types[root.type].kind != TypeKind::kRecord) {
        return "a root is no record";
      }
    }
    alternatives_.assign(types.size(), 0);
    for (TypeIndex index = 0; index < types.size(); ++index) {
      if (alternatives(index, 0) > kMaxAlternatives) return "a type is a union without end";
    }
    return std::nullopt;
  }

  Problem type_is_sound(const Type& type) const {
    const std::vector<Type>& types = program_.schema.types;
    if (type.kind > TypeKind::kRecord) return "a type is none";
    const bool has_one = type.kind == TypeKind::kList || type.kind == TypeKind::kMap;
    if (has_one && type.members.size() != 1) return "a type lacks its elements' type";
    if (type.kind == TypeKind::kLiteral && type.literal.is_undefined())
      return "a literal type has no value";
    for (const TypeIndex member : type.members) {
      if (!inside(member, types)) return "a type names no type";
    }
    for (const FieldType& field : type.fields) {
      if (!inside(field.type, types)) return "a field has no type";
    }
    return std::nullopt;
  }

  // How many types a value may be held against at one place. Unions that contain themselves would
  // be endless.
  std::size_t alternatives(TypeIndex index, std::size_t depth) {
    const Type& type = program_.schema.types[index];
    if (type.kind != TypeKind::kUnion) return 1;
    if (depth > kMaxUnionDepth) return kMaxAlternatives + 1;
    if (alternatives_[index] != 0) return alternatives_[index];
    std::size_t sum = 1;
    for (const TypeIndex member : type.members) {
      sum += alternatives(member, depth + 1);
      if (sum > kMaxAlternatives) break;
    }
    return alternatives_[index] = sum;
  }

  static constexpr std::size_t kMaxAlternatives = 100'000;
  static constexpr std::size_t kMaxUnionDepth = 64;

  const Program& program_;
  std::array<std::uint64_t, 128> sizes_;  // by operand letter
  DefinednessCheck definedness_;
  std::vector<std::size_t> alternatives_;  // by type; 0: not known yet
};

}  // namespace

std::optional<std::string> verify(const Program& program) { return Verifier(program).run(); }

}  // namespace licet::program
