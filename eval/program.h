// The compiled form of policies and data: immutable, shared between threads, serialisable.
//
// Code is one array of instructions for a register machine; a block is a stretch of it with its
// own registers. Documents (rules grouped by the path they define) and functions name a block.
// eval/program/ writes and reads images of it, verifies them and prints them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "eval/arena.h"
#include "eval/builtins.h"
#include "eval/name_store.h"
#include "eval/place_table.h"
#include "eval/schema.h"
#include "eval/value.h"

namespace licet {

enum class Opcode : std::uint16_t {
#define LICET_OPCODE(name, operands, meaning) name,
#include "eval/opcodes.def"
#undef LICET_OPCODE
};

struct Instruction {
  Opcode opcode{};
  std::uint16_t a = 0;
  std::uint16_t b = 0;
  std::uint16_t c = 0;
  std::uint32_t extra = 0;
  std::uint32_t target = 0;  // index into Program::code
};
static_assert(sizeof(Instruction) == 16);

// In operand b of a guard.
enum GuardFlag : std::uint16_t {
  kGuardNegated = 1,          // holds if the test is false
  kGuardMarks = 2,            // if it is unknown, register c becomes true and the code goes on
  kGuardUnknownFails = 4,     // if it is unknown it fails, also if negated
  kGuardFirstExpected = 8,    // slot a should be there
  kGuardSecondExpected = 16,  // slot extra should be there
  kGuardNeedsAll = 32,        // if an attribute is missing it fails, also if negated
};
inline constexpr std::uint16_t kGuardFlags = 63;

using BlockIndex = std::uint32_t;
using DocumentIndex = std::uint32_t;
using FunctionIndex = std::uint32_t;
using SlotIndex = std::uint32_t;
using PathIndex = std::uint32_t;
using PresenceIndex = std::uint32_t;
using BodyIndexNumber = std::uint32_t;
using DataIndexNumber = std::uint32_t;

// INVARIANT: code[end - 1] is kReturn or kJump; all jumps stay inside [begin, end).
struct Block {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint16_t registers = 0;
  std::uint16_t parameters = 0;  // in registers 0 .. parameters-1
};

// What a path of `data` is worth, computed once per environment.
struct Document {
  BlockIndex block = 0;
  Name name;  // data.registry.allow; empty for those of decision rules: see document_name
};

struct Function {
  BlockIndex block = 0;
  Name name;
};

// A builtin or function that some `with` replaces somewhere.
struct Mock {
  std::string name;
};

// Constant path below `input` (slots) or `data` (paths); elements are scalars.
struct Path {
  std::vector<Value> elements;
};

// An attribute path that ought to be there, for kJumpKnown.
struct PresenceSet {
  std::vector<SlotIndex> slots;
};

// --- Indexes: which of many alternative bodies can hold, which elements of data can match. What
// the compiler finds out; eval/index/ builds tables of it when the program is loaded.

// How a body depends on an attribute or argument: it cannot hold unless ...
enum class IndexTest : std::uint8_t {
  kEqual,              // it is the value
  kElement,            // the value is one of its elements
  kRange,              // it lies between two values
  kPrefix,             // it begins with the text
  kSuffix,             // it ends with the text
  kNetwork,            // it is an address or network inside of the network
  kNotEqual,           // it is there and not the value
  kMissingOrNotEqual,  // it is missing or not the value
};
inline constexpr std::size_t kIndexTestCount = 8;

struct IndexKey {
  enum class Source : std::uint8_t { kSlot, kRegister };
  Source source = Source::kSlot;
  IndexTest test = IndexTest::kEqual;
  std::uint32_t number = 0;  // of the slot or register

  friend bool operator==(const IndexKey&, const IndexKey&) = default;
};

// Bodies that depend on the same keys.
struct IndexGroup {
  // kEqual and kElement may stand together, kElement once and last; any other test stands alone.
  std::vector<IndexKey> keys;
  std::vector<std::uint32_t> bodies;  // of each row; ascending; a body may have several rows
  // Of each row one constant for each key; a range has two, its ends, each kNoEnd or a constant,
  // plus kOpenEnd if the end itself is outside.
  std::vector<std::uint32_t> values;

  static constexpr std::uint32_t kNoEnd = UINT32_MAX;
  static constexpr std::uint32_t kOpenEnd = std::uint32_t{1} << 31;
};

// Why a body is in no group: it is tried each time.
enum class WhyNotIndexed : std::uint8_t {
  kNoPin,        // no literal ties an attribute to constants
  kAfterErrors,  // one does, but after a literal that may end in an error, which must show
  kFewBodies,    // one does, but too few bodies do the same
  kElse,         // its else-branches have no such literal in common
};

struct NotIndexed {
  std::uint32_t body = 0;
  WhyNotIndexed why = WhyNotIndexed::kNoPin;
};

struct BodyIndex {
  // What a missing attribute makes of a body: no solution, or (in a forbid) something to look into.
  enum class Missing : std::uint8_t { kFails, kUnknown };

  std::string name;  // data.registry.allow, or a verdict; for explanations
  Missing missing = Missing::kFails;
  std::uint32_t body_count = 0;
  std::vector<IndexGroup> groups;
  std::vector<NotIndexed> others;  // ascending
  // Where the code of each body begins; empty for the bodies of decision rules.
  std::vector<std::uint32_t> targets;
};

// A field of the elements of a collection and how it is held against a value (the probe).
struct ElementField {
  enum class Match : std::uint8_t {
    kEqual,         // it is the probe
    kProbeElement,  // it is an element of the probe
    kFieldElement,  // the probe is an element of it
  };
  Match match = Match::kEqual;
  bool of_key = false;  // it is the key or position of the element, not in the element
  PathIndex path = 0;   // below the element
};

// The elements of a collection of the loaded data by what their fields are.
struct DataIndex {
  PathIndex path = 0;
  std::vector<ElementField> fields;  // the last one alone may be no equality
};

enum class Verdict : std::uint8_t { kPermit, kForbid };

// A document, or none, in 4 bytes.
class MaybeDocument {
 public:
  MaybeDocument() = default;
  MaybeDocument(DocumentIndex document) : above_(document + 1) {}
  MaybeDocument(std::optional<DocumentIndex> document) : above_(document ? *document + 1 : 0) {}

  explicit operator bool() const { return above_ != 0; }
  DocumentIndex operator*() const { return above_ - 1; }  // PRECONDITION: there is one

  template <class Archive>
  void transfer(Archive& archive) {
    archive(above_);
  }

 private:
  std::uint32_t above_ = 0;  // its number and 1; 0: none
};

// One body of a decision rule, with what it says when it counts.
struct DecisionBody {
  // permit: true or undefined. forbid: true (holds), false (indeterminate) or undefined.
  DocumentIndex holds = 0;
  // Sets of messages, of controls and of obligation objects.
  MaybeDocument messages;
  MaybeDocument controls;
  MaybeDocument obligations;
};

// One name of permit or forbid of one package. Its bodies are alternatives and do not know each
// other: an error in one of them leaves the others as they are.
struct DecisionRule {
  Verdict verdict = Verdict::kPermit;
  // As `holds` of a body, of all of them: what data.<package>.permits and forbids have by name.
  DocumentIndex holds = 0;
  Name package;  // registry.models
  Name name;
  std::span<const DecisionBody> bodies;  // in the program's arena
};

// A place in the policy that an explanation can speak of: a literal of a rule.
struct TracePoint {
  SourcePlace place;
  std::string text;        // the literal as written
  std::string rule;        // data.registry.deploy, or the decision rule's name
  std::uint32_t body = 0;  // which body of the rule, from 0
  struct Part {            // a reference or variable of the literal and the register of its value
    std::string text;
    std::uint16_t reg = 0;
  };
  std::vector<Part> parts;
};

// A rule or package that a caller can ask for by path: data.registry.allow.
struct EntryPoint {
  std::string path;  // dotted as in Rego text, without data: registry.allow, a["b-c"]
  DocumentIndex document = 0;
};

struct TestCase {
  std::string package;
  std::string name;
  SourcePlace place;
  DocumentIndex document = 0;
};

struct Program {
  Arena arena;  // of constants and data
  NameStore names;
  std::vector<Value> constants;
  std::vector<Instruction> code;
  PlaceTable places_of_code;  // per instruction
  std::vector<std::string> files;
  std::vector<Block> blocks;
  std::vector<Document> documents;
  std::vector<Function> functions;
  std::vector<Mock> mocks;
  std::vector<Path> slots;  // slot 0 is the whole input (empty path)
  std::vector<Path> paths;
  std::vector<PresenceSet> presence_sets;
  std::vector<DecisionRule> decision_rules;  // forbids first, then by package and name
  std::vector<BodyIndex> body_indexes;
  std::vector<DataIndex> data_indexes;
  // Over the bodies of all forbids, and of all permits, each numbered in the order of their rules.
  std::optional<BodyIndexNumber> forbid_index;
  std::optional<BodyIndexNumber> permit_index;
  std::vector<TracePoint> trace_points;
  std::vector<TestCase> tests;
  // Sorted by path: every rule and every package, to answer `query` by name.
  std::vector<EntryPoint> entry_points;
  // The query compiled along with the policies, if any: its block adds rows of bindings.
  std::optional<BlockIndex> query;
  std::vector<std::string> query_names;
  Schema schema;
  Value data;            // the loaded data: an object
  std::string revision;  // sha256:... of sources and data
};

// data.registry.models.deploy
std::string name_of(const DecisionRule& rule);

// Of its head: the first instruction has that place.
SourcePlace place_of(const Program& program, const DecisionBody& body);
// Of the head of the first body; none if it has no body.
SourcePlace place_of(const Program& program, const DecisionRule& rule);

// data.registry.allow. For messages: looks for it among the decision rules.
std::string document_name(const Program& program, DocumentIndex document);

// Copies them to where they live as long as the program.
std::span<const DecisionBody> keep(const std::vector<DecisionBody>& bodies, Arena& arena);

}  // namespace licet
