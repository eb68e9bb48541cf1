// Where the attributes of requests go for one program: its slots, and what its schema asks for.
// Made once per program; immutable, so any thread may use it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "eval/program.h"
#include "eval/result.h"
#include "eval/slot_values.h"

namespace licet {

using AttributeIndex = std::uint32_t;

// A path of a request that a slot reads or the schema describes.
struct Attribute {
  std::vector<std::string> path;
  std::string text;               // user.department
  std::optional<TypeIndex> type;  // if a schema describes it
  bool is_private = false;        // its values do not stand in messages
  bool is_required = false;       // a leaf that every request must have
  bool is_read = false;           // a policy reads it, as a whole or at a position in it
  // The cell that takes it as it is: its slot, if one reads it; nothing else of the request depends
  // on it.
  std::optional<CellIndex> cell;
  // Other slots or required attributes depend on it: the request must be seen as a whole.
  bool needs_document = false;
};

// Why there is no such attribute.
struct AttributeError {
  std::string path;
  std::string message;
};

// Attributes that callers set although no policy reads them. A few get cells, so that to set them
// costs no more than to set others. Any thread may call it.
class UnreadAttributes {
 public:
  static constexpr std::size_t kMost = 16;

  // The same with its cell, one from `first_cell` on; none if all are taken, or if another one lies
  // above or below it.
  std::optional<Attribute> find_or_add(Attribute attribute, CellIndex first_cell);
  // Those that have cells, in the order of these.
  std::span<const Attribute> all() const {
    return std::span(attributes_).first(count_.load(std::memory_order_acquire));
  }

 private:
  std::mutex mutex_;
  std::array<Attribute, kMost> attributes_;
  std::atomic<std::size_t> count_{0};
};

class RequestLayout {
 public:
  explicit RequestLayout(std::shared_ptr<const Program> program);

  const Program& program() const { return *program_; }
  // Different for each layout of this process.
  std::uint64_t id() const { return id_; }
  const std::vector<Attribute>& attributes() const { return attributes_; }
  std::size_t cell_count() const { return cell_count_; }
  // What a request must have.
  const CellSet& required_cells() const { return required_cells_; }
  bool requires_attributes() const { return !required_cells_.is_empty(); }
  // Every request must be checked as a whole.
  bool always_needs_document() const { return always_needs_document_; }

  std::optional<AttributeIndex> find(const std::string& path_text) const;
  // An attribute at a path: a known one, or a new one below a root that no schema describes. A new
  // one has a cell if nothing else of the request depends on it and there is one left.
  Result<Attribute, AttributeError> attribute(std::string_view path_text) const;
  // New ones that got a cell; more may come.
  std::span<const Attribute> unread_attributes() const { return unread_.all(); }

 private:
  class Builder;
  bool stands_alone(const Attribute& attribute) const;

  std::shared_ptr<const Program> program_;
  std::uint64_t id_;
  std::vector<Attribute> attributes_;
  std::unordered_map<std::string, AttributeIndex> by_text_;
  std::size_t cell_count_ = 0;
  CellSet required_cells_;
  bool always_needs_document_ = false;
  CellIndex first_unread_cell_ = 0;
  mutable UnreadAttributes unread_;
};

}  // namespace licet
