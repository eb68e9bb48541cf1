// Where the attributes of requests go for one program: its slots, and what its schema asks for.
// Made once per program; immutable, so any thread may use it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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
  // Every request must be checked as a whole.
  bool always_needs_document() const { return always_needs_document_; }

  std::optional<AttributeIndex> find(const std::string& path_text) const;
  // An attribute at a path: a known one, or a new one below a root that no schema describes.
  Result<Attribute, AttributeError> attribute(std::string_view path_text) const;

 private:
  class Builder;

  std::shared_ptr<const Program> program_;
  std::uint64_t id_;
  std::vector<Attribute> attributes_;
  std::unordered_map<std::string, AttributeIndex> by_text_;
  std::size_t cell_count_ = 0;
  CellSet required_cells_;
  bool always_needs_document_ = false;
};

}  // namespace licet
