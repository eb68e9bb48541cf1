// A small assembler for tests: programs by hand, without a compiler.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "eval/path_text.h"
#include "eval/program.h"
#include "eval/value_json.h"

namespace licet::test {

enum class Label : std::uint32_t {};

struct Operands {
  std::uint16_t a = 0;
  std::uint16_t b = 0;
  std::uint16_t c = 0;
  std::uint32_t extra = 0;
};

class ProgramBuilder {
 public:
  ProgramBuilder() : program_(std::make_shared<Program>()) {
    program_->files.push_back("test.rego");
    program_->slots.emplace_back();  // the whole input
    program_->data = Value::object({}, program_->arena);
    program_->revision = "sha256:test";
  }

  Name name(std::string_view text) { return program_->names.add(text); }
  std::span<const DecisionBody> bodies(const std::vector<DecisionBody>& bodies) {
    return keep(bodies, program_->arena);
  }
  std::uint32_t constant(std::string_view json) { return add(program_->constants, value(json)); }
  Value value(std::string_view json) {
    auto result = value_from_json(json, program_->arena);
    return result ? result.value() : Value::undefined();
  }
  std::uint32_t slot(std::string_view path) { return add(program_->slots, Path{elements(path)}); }
  std::uint32_t path(std::string_view path) { return add(program_->paths, Path{elements(path)}); }
  std::uint32_t mock(std::string name) { return add(program_->mocks, Mock{std::move(name)}); }
  static std::uint32_t builtin(std::string_view name) {
    return static_cast<std::uint32_t>(find_builtin(name)->id);
  }

  Label label() {
    labels_.push_back(0);
    return static_cast<Label>(labels_.size() - 1);
  }
  void bind(Label label) { labels_[static_cast<std::size_t>(label)] = here(); }
  void emit(Opcode opcode, Operands operands = {}) {
    program_->code.push_back({opcode, operands.a, operands.b, operands.c, operands.extra, 0});
    program_->places_of_code.push_back({.file = 0, .line = here(), .column = 1});
  }
  void emit(Opcode opcode, Operands operands, Label target) {
    jumps_.emplace_back(here(), target);
    emit(opcode, operands);
  }
  // Every line of a test program is one instruction, so places are instruction numbers from 1.
  std::uint32_t here() const { return static_cast<std::uint32_t>(program_->code.size()); }

  BlockIndex block(std::uint16_t registers, std::uint16_t parameters = 0) {
    finish_block();
    program_->blocks.push_back(
        {.begin = here(), .end = here(), .registers = registers, .parameters = parameters});
    return static_cast<BlockIndex>(program_->blocks.size() - 1);
  }
  // Begins the block of a document, of a function.
  DocumentIndex document(std::string_view name, std::uint16_t registers) {
    const BlockIndex index = block(registers);
    return add(program_->documents, Document{.block = index, .name = this->name(name)});
  }
  FunctionIndex function(std::string_view name, std::uint16_t registers, std::uint16_t parameters) {
    const BlockIndex index = block(registers, parameters);
    return add(program_->functions, Function{.block = index, .name = this->name(name)});
  }
  // A document that is one constant.
  DocumentIndex constant_document(std::string_view name, std::string_view json) {
    const DocumentIndex index = document(name, 1);
    emit(Opcode::kLoadConstant, {.a = 0, .extra = constant(json)});
    emit(Opcode::kReturn, {.a = 0});
    return index;
  }
  void entry(std::string path, DocumentIndex document) {
    program_->entry_points.push_back({std::move(path), document});
  }

  Program& program() { return *program_; }
  std::shared_ptr<const Program> finish() {
    finish_block();
    return program_;
  }

 private:
  template <class T>
  static std::uint32_t add(std::vector<T>& table, T row) {
    table.push_back(std::move(row));
    return static_cast<std::uint32_t>(table.size() - 1);
  }
  std::vector<Value> elements(std::string_view path) {
    std::vector<Value> values;
    const auto names = path_from_text(path);
    for (const std::string& element : *names) {
      values.push_back(Value::string(element, program_->arena));
    }
    return values;
  }
  void finish_block() {
    for (const auto& [at, label] : jumps_) {
      program_->code[at].target = labels_[static_cast<std::size_t>(label)];
    }
    jumps_.clear();
    if (!program_->blocks.empty()) program_->blocks.back().end = here();
  }

  std::shared_ptr<Program> program_;
  std::vector<std::uint32_t> labels_;
  std::vector<std::pair<std::uint32_t, Label>> jumps_;
};

}  // namespace licet::test
