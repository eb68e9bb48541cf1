#include "eval/program/disassemble.h"

#include <algorithm>
#include <set>

#include "eval/path_text.h"
#include "eval/program/operands.h"
#include "eval/value_json.h"

namespace licet::program {
namespace {

constexpr std::size_t kNameWidth = 18;
constexpr std::size_t kOperandWidth = 48;
constexpr std::size_t kLongestConstant = 40;

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string cut(std::string text) {
  if (text.size() <= kLongestConstant) return text;
  std::size_t at = kLongestConstant;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
  return text.substr(0, at) + "…";
}

std::string path_of(std::string text, const Path& path) {
  for (const Value& element : path.elements) {
    if (element.is_string()) {
      append_key(text, element.as_string());
    } else {
      text += "[" + rego_text(element) + "]";
    }
  }
  return text;
}

class Disassembler {
 public:
  explicit Disassembler(const Program& program) : program_(program) {
    name_documents();
    titles_.resize(program.blocks.size());
    for (BlockIndex i = 0; i < titles_.size(); ++i) titles_[i] = "block " + std::to_string(i);
    if (program.query) titles_[*program.query] = "query";
    for (const Function& function : program.functions) {
      titles_[function.block] = "function " + function.name;
    }
    for (DocumentIndex i = 0; i < documents_.size(); ++i) {
      titles_[program.documents[i].block] = "document " + documents_[i];
    }
  }

  std::string run() {
    for (BlockIndex i = 0; i < program_.blocks.size(); ++i) write_block(i);
    return std::move(text_);
  }

 private:
  void write_block(BlockIndex index) {
    const Block& block = program_.blocks[index];
    if (index > 0) text_ += '\n';
    text_ += titles_[index] + "  (" + std::to_string(block.registers) + " registers";
    if (block.parameters > 0) text_ += ", " + std::to_string(block.parameters) + " parameters";
    text_ += ")\n";
    std::set<std::uint32_t> targets;
    for (std::uint32_t at = block.begin; at < block.end; ++at) {
      const Instruction& i = program_.code[at];
      if (info_of(i.opcode).jump != '.') targets.insert(i.target);
    }
    last_place_.clear();
    for (std::uint32_t at = block.begin; at < block.end; ++at) {
      write_instruction(at, targets.contains(at));
    }
  }

  // What document_name gives, for all at once.
  void name_documents() {
    documents_.resize(program_.documents.size());
    for (const DecisionRule& rule : program_.decision_rules) {
      documents_[rule.holds] = name_of(rule);
      for (const DecisionBody& body : rule.bodies) {
        for (const MaybeDocument one :
             {MaybeDocument(body.holds), body.messages, body.controls, body.obligations}) {
          if (one) documents_[*one] = name_of(rule);
        }
      }
    }
    for (DocumentIndex i = 0; i < documents_.size(); ++i) {
      const std::string_view own = program_.documents[i].name;
      if (!own.empty()) documents_[i] = own;
      if (documents_[i].empty()) documents_[i] = "document " + std::to_string(i);
    }
  }

  void write_instruction(std::uint32_t at, bool is_target) {
    const Instruction& i = program_.code[at];
    const OpcodeInfo& info = info_of(i.opcode);
    std::string number = std::to_string(at);
    number.insert(0, number.size() < 6 ? 6 - number.size() : 0, ' ');
    std::string line = number + (is_target ? ": " : "  ") +
                       padded(std::string(info.name), kNameWidth) + operands(i, info);
    const std::string place = place_of(at);
    if (place != last_place_) line = padded(line, kNameWidth + kOperandWidth) + "; " + place;
    last_place_ = place;
    text_ += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }

  std::string operands(const Instruction& i, const OpcodeInfo& info) const {
    std::string text;
    for (std::size_t p = 0; p < info.letters.size(); ++p) {
      const char letter = info.letters[p];
      if (letter == '.' || (p > 0 && info.letters[p - 1] == 'W')) continue;
      if (letter == 'G' && i.b == 0) continue;
      if (letter == 'E' && (i.b & kGuardMarks) == 0) continue;
      if (!text.empty()) text += ", ";
      text += letter == 'W' ? window(operand(i, p), operand(i, p + 1))
                            : operand_text(letter, operand(i, p));
    }
    if (info.jump == '.') return text;
    if (!text.empty()) text += ' ';
    return text + (info.jump == 'F' ? "else " : "-> ") + std::to_string(i.target);
  }

  static std::string window(std::uint32_t first, std::uint32_t count) {
    if (count == 0) return "()";
    const std::string last = count == 1 ? "" : "..r" + std::to_string(first + count - 1);
    return "(r" + std::to_string(first) + last + ")";
  }

  std::string operand_text(char letter, std::uint32_t index) const {
    switch (letter) {
      case 'K':
        return cut(rego_text(program_.constants[index]));
      case 'S':
        return path_of("input", program_.slots[index]);
      case 'P':
        return path_of("data", program_.paths[index]);
      case 'B':
        return std::string(all_builtins()[index].name);
      case 'U':
        return documents_[index];
      case 'L':
        return name_of(program_.decision_rules[index]);
      case 'X':
        return std::string(program_.functions[index].name);
      case 'M':
        return program_.mocks[index].name;
      case 'Z':
        return presence_text(program_.presence_sets[index]);
      case 'Y':
        return "index of " + program_.body_indexes[index].name;
      case 'Q':
        return "index of " + path_of("data", program_.paths[program_.data_indexes[index].path]);
      case 'T':
        return "`" + cut(program_.trace_points[index].text) + "`";
      case 'C':
        return std::to_string(index);
      case 'G':
        return guard_text(index);
      case 'E':
        return "mark r" + std::to_string(index);
      case 'V':
        return "env r" + std::to_string(index);
      case 'I':
        return "iter r" + std::to_string(index);
      case 'A':
        return "acc r" + std::to_string(index);
      default:
        return "r" + std::to_string(index);
    }
  }

  static std::string guard_text(std::uint32_t flags) {
    std::string text;
    const auto add = [&](GuardFlag flag, const char* word) {
      if ((flags & flag) != 0) text += (text.empty() ? "" : " ") + std::string(word);
    };
    add(kGuardNegated, "not");
    add(kGuardUnknownFails, "certain");
    add(kGuardFirstExpected, "expected");
    add(kGuardNeedsAll, "needed");
    add(kGuardSecondExpected, "other-expected");
    return text.empty() ? "optional" : text;
  }

  std::string presence_text(const PresenceSet& presence) const {
    std::string text = "{";
    for (const SlotIndex slot : presence.slots) {
      if (text.size() > 1) text += ", ";
      text += path_of("input", program_.slots[slot]);
    }
    return text + "}";
  }

  std::string place_of(std::uint32_t at) const {
    const SourcePlace place = program_.places_of_code[at];
    const std::string file = place.file < program_.files.size() ? program_.files[place.file] : "?";
    return file + ":" + std::to_string(place.line);
  }

  const Program& program_;
  std::vector<std::string> documents_;  // their names
  std::vector<std::string> titles_;     // of blocks
  std::string text_;
  std::string last_place_;
};

}  // namespace

std::string disassemble(const Program& program) { return Disassembler(program).run(); }

}  // namespace licet::program
