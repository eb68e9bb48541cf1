#include "eval/log/file_tools.h"
#include "eval/log_witness.h"

namespace licet::log {

std::function<Result<std::string, std::string>(const std::string& note)> witness_in_file(
    const std::string& path, std::shared_ptr<Files> files) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  return [=](const std::string& note) -> Result<std::string, std::string> {
    if (const auto error = replace_file(*files, folder, name, note)) {
      return Failure{error->message};
    }
    return std::string();  // it signs nothing
  };
}

}  // namespace licet::log
