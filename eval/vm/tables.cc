#include "eval/vm/tables.h"

#include "eval/vm/environment.h"

namespace licet::vm {

Tables::Tables(std::shared_ptr<const Program> its_program) : program(std::move(its_program)) {
  loaded.reserve(program->paths.size());
  for (const Path& path : program->paths) loaded.push_back(walk(program->data, path.elements));
}

}  // namespace licet::vm
