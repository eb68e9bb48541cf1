#include "bindings/python/src/table_result.h"

#include <algorithm>
#include <array>
#include <utility>

namespace licet::python {

std::int32_t TextDictionary::index_of(std::string_view text) {
  const auto [at, is_new] =
      indexes_.try_emplace(std::string(text), static_cast<std::int32_t>(texts_.size()));
  if (is_new) texts_.emplace_back(text);
  return at->second;
}

namespace {

std::string text_of_rules(const Decision& decision) {
  std::string text;
  for (const DeterminingRule& rule : decision.rules()) {
    if (!text.empty()) text += ", ";
    text += rule.package + "." + rule.name;
  }
  return text;
}

EncodedColumn encoded(const std::vector<std::string>& texts) {
  EncodedColumn column;
  column.offsets.push_back(0);
  for (const std::string& text : texts) {
    column.bytes += text;
    column.offsets.push_back(static_cast<std::int64_t>(column.bytes.size()));
  }
  return column;
}

template <class Enum>
std::vector<std::string> names_until(Enum last) {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    names.emplace_back(name_of(static_cast<Enum>(i)));
  }
  return names;
}

void append(std::vector<std::int32_t>& to, const std::vector<std::int32_t>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

namespace {

constexpr int kRecentBits = 8;

}  // namespace

void DecidedRows::begin(std::size_t rows) {
  recent_.resize(std::size_t{1} << kRecentBits);
  effects.reserve(rows);
  causes.reserve(rows);
  rules.reserve(rows);
  messages.reserve(rows);
}

void DecidedRows::end() {
  texts_ = {};
  recent_ = {};
}

DecisionTexts& DecidedRows::find_texts(const Decision& decision) {
  const auto indexes = decision.rule_indexes();
  std::string key(1, static_cast<char>(decision.cause()));
  key.append(reinterpret_cast<const char*>(indexes.data()), indexes.size_bytes());
  const auto [at, is_new] = texts_.try_emplace(std::move(key));
  if (is_new) at->second.rule = rule_texts.index_of(text_of_rules(decision));
  return at->second;
}

DecisionTexts& DecidedRows::texts_of(const Decision& decision) {
  const auto indexes = decision.rule_indexes();
  constexpr std::size_t kMost = 6;
  if (indexes.size() > kMost) return find_texts(decision);
  std::array<std::uint64_t, kMost> index{};
  std::copy(indexes.begin(), indexes.end(), index.begin());
  const Key key{.a = static_cast<std::uint64_t>(decision.cause()) << 8 | indexes.size(),
                .b = index[0] << 32 | index[1],
                .c = index[2] << 32 | index[3],
                .d = index[4] << 32 | index[5]};
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15U;
  const std::uint64_t hash = (((key.a * kMix ^ key.b) * kMix ^ key.c) * kMix ^ key.d) * kMix;
  Remembered& recent = recent_[hash >> (64 - kRecentBits)];
  if (!recent.key.is_same(key)) recent = {key, &find_texts(decision)};
  return *recent.texts;
}

void DecidedRows::add(const Decision& decision) {
  effects.push_back(static_cast<std::int32_t>(decision.effect()));
  causes.push_back(static_cast<std::int32_t>(decision.cause()));
  DecisionTexts& texts = texts_of(decision);
  rules.push_back(texts.rule);
  if (!decision.messages().empty() || !decision.error().empty()) {
    messages.push_back(message_texts.index_of(decision.message()));
    return;
  }
  if (!texts.message) texts.message = message_texts.index_of(decision.message());
  messages.push_back(*texts.message);
}

namespace {

std::size_t row_count(const std::vector<DecidedRows>& parts) {
  std::size_t count = 0;
  for (const DecidedRows& part : parts) count += part.effects.size();
  return count;
}

// Of parts whose dictionaries differ.
EncodedColumn joined(const std::vector<DecidedRows>& parts,
                     std::vector<std::int32_t> DecidedRows::*rows,
                     TextDictionary DecidedRows::*texts) {
  TextDictionary all;
  std::vector<std::int32_t> indexes;
  std::vector<std::int32_t> index_here;
  indexes.reserve(row_count(parts));
  for (const DecidedRows& part : parts) {
    index_here.clear();
    for (const std::string& text : (part.*texts).texts()) index_here.push_back(all.index_of(text));
    for (const std::int32_t index : part.*rows) {
      indexes.push_back(index_here[static_cast<std::size_t>(index)]);
    }
  }
  EncodedColumn column = encoded(all.texts());
  column.indexes = std::move(indexes);
  return column;
}

}  // namespace

TableColumns::TableColumns(const std::vector<DecidedRows>& parts)
    : effect(encoded(names_until(Effect::kDeny))), cause(encoded(names_until(Cause::kError))) {
  effect.indexes.reserve(row_count(parts));
  cause.indexes.reserve(row_count(parts));
  for (const DecidedRows& part : parts) {
    append(effect.indexes, part.effects);
    append(cause.indexes, part.causes);
  }
  rule = joined(parts, &DecidedRows::rules, &DecidedRows::rule_texts);
  message = joined(parts, &DecidedRows::messages, &DecidedRows::message_texts);
}

// --- Arrow -----------------------------------------------------------------------------------

namespace {

using Columns = std::shared_ptr<const TableColumns>;

// An ArrowArray, what it points to, and what keeps that alive.
struct ArrayOwner {
  Columns columns;
  std::array<const void*, 3> buffers{};
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
  std::unique_ptr<ArrowArray> dictionary;
};

void release_array(ArrowArray* array) {
  auto* const owner = static_cast<ArrayOwner*>(array->private_data);
  for (ArrowArray& child : owner->children) {
    if (child.release != nullptr) child.release(&child);
  }
  if (owner->dictionary && owner->dictionary->release != nullptr) {
    owner->dictionary->release(owner->dictionary.get());
  }
  array->release = nullptr;
  delete owner;
}

void fill_array(ArrowArray& array, std::unique_ptr<ArrayOwner> owner, std::int64_t length,
                std::int64_t buffers) {
  array = {};
  array.length = length;
  array.n_buffers = buffers;
  array.buffers = owner->buffers.data();
  array.n_children = static_cast<std::int64_t>(owner->children.size());
  for (ArrowArray& child : owner->children) owner->child_pointers.push_back(&child);
  array.children = owner->child_pointers.data();
  array.dictionary = owner->dictionary.get();
  array.release = release_array;
  array.private_data = owner.release();
}

void fill_text(ArrowArray& array, const Columns& columns, const std::vector<std::int64_t>& offsets,
               const std::string& bytes) {
  auto owner = std::make_unique<ArrayOwner>();
  owner->columns = columns;
  owner->buffers = {nullptr, offsets.data(), bytes.data()};
  fill_array(array, std::move(owner), static_cast<std::int64_t>(offsets.size()) - 1, 3);
}

void fill_encoded(ArrowArray& array, const Columns& columns, const EncodedColumn& column) {
  auto owner = std::make_unique<ArrayOwner>();
  owner->columns = columns;
  owner->buffers = {nullptr, column.indexes.data(), nullptr};
  owner->dictionary = std::make_unique<ArrowArray>();
  fill_text(*owner->dictionary, columns, column.offsets, column.bytes);
  fill_array(array, std::move(owner), columns->rows(), 2);
}

void fill_batch(ArrowArray& array, const Columns& columns) {
  auto owner = std::make_unique<ArrayOwner>();
  owner->columns = columns;
  owner->children.resize(4);
  fill_encoded(owner->children[0], columns, columns->effect);
  fill_encoded(owner->children[1], columns, columns->cause);
  fill_encoded(owner->children[2], columns, columns->rule);
  fill_encoded(owner->children[3], columns, columns->message);
  fill_array(array, std::move(owner), columns->rows(), 1);
}

struct SchemaOwner {
  std::array<ArrowSchema, 4> fields{};
  std::array<ArrowSchema*, 4> field_pointers{};
};

void release_dictionary(ArrowSchema* schema) { schema->release = nullptr; }

// Who moves a field out of the whole may keep it longer than that.
void release_field(ArrowSchema* schema) {
  delete schema->dictionary;
  schema->release = nullptr;
}

void release_schema(ArrowSchema* schema) {
  auto* const owner = static_cast<SchemaOwner*>(schema->private_data);
  for (ArrowSchema& field : owner->fields) {
    if (field.release != nullptr) field.release(&field);
  }
  delete owner;
  schema->release = nullptr;
}

void fill_field(ArrowSchema& field, const char* name) {
  field.format = "i";
  field.name = name;
  field.release = release_field;
  field.dictionary = new ArrowSchema{};
  field.dictionary->format = "U";
  field.dictionary->name = "";
  field.dictionary->release = release_dictionary;
}

void fill_schema(ArrowSchema& schema) {
  static constexpr std::array<const char*, 4> kNames = {"effect", "cause", "rule", "message"};
  auto owner = std::make_unique<SchemaOwner>();
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    fill_field(owner->fields[i], kNames[i]);
    owner->field_pointers[i] = &owner->fields[i];
  }
  schema = {};
  schema.format = "+s";
  schema.name = "";
  schema.n_children = static_cast<std::int64_t>(kNames.size());
  schema.children = owner->field_pointers.data();
  schema.release = release_schema;
  schema.private_data = owner.release();
}

struct StreamOwner {
  Columns columns;
  bool is_given = false;
};

int stream_schema(ArrowArrayStream*, ArrowSchema* out) {
  fill_schema(*out);
  return 0;
}

int stream_next(ArrowArrayStream* stream, ArrowArray* out) {
  auto& owner = *static_cast<StreamOwner*>(stream->private_data);
  *out = {};
  if (!std::exchange(owner.is_given, true)) fill_batch(*out, owner.columns);
  return 0;
}

const char* stream_error(ArrowArrayStream*) { return nullptr; }

void release_stream(ArrowArrayStream* stream) {
  delete static_cast<StreamOwner*>(stream->private_data);
  stream->release = nullptr;
}

}  // namespace

void export_stream(std::shared_ptr<const TableColumns> columns, ArrowArrayStream* out) {
  *out = {stream_schema, stream_next, stream_error, release_stream,
          new StreamOwner{std::move(columns)}};
}

}  // namespace licet::python
