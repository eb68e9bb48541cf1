#include "licet/json_find.h"

namespace licet {
namespace {

// INVARIANT: the text is strict JSON, so that every step stays inside of it.
class Scanner {
 public:
  explicit Scanner(std::string_view json) : json_(json) { skip_blanks(); }

  std::size_t at() const { return at_; }
  char next() const { return json_[at_]; }
  std::string_view since(std::size_t begin) const { return json_.substr(begin, at_ - begin); }

  // Over a comma, a colon or a bracket, and the blanks behind it.
  void skip_mark() {
    ++at_;
    skip_blanks();
  }
  void skip_blanks() {
    while (at_ < json_.size() &&
           (json_[at_] == ' ' || json_[at_] == '\n' || json_[at_] == '\r' || json_[at_] == '\t')) {
      ++at_;
    }
  }
  // What stands between the quotes.
  std::string_view string() {
    const std::size_t begin = ++at_;
    while (json_[at_] != '"') at_ += json_[at_] == '\\' ? 2 : 1;
    const std::string_view body = json_.substr(begin, at_ - begin);
    ++at_;
    return body;
  }
  void skip_value() {
    std::size_t depth = 0;
    do {
      const char letter = next();
      if (letter == '"') {
        string();
      } else if (letter == '{' || letter == '[') {
        ++depth;
        ++at_;
      } else if (letter == '}' || letter == ']') {
        --depth;
        ++at_;
      } else if (depth > 0) {
        ++at_;
      } else {
        skip_scalar();
      }
    } while (depth > 0);
  }

 private:
  void skip_scalar() {
    constexpr std::string_view kEnds = ",]} \n\r\t";
    while (at_ < json_.size() && kEnds.find(json_[at_]) == std::string_view::npos) ++at_;
  }

  std::string_view json_;
  std::size_t at_ = 0;
};

// Goes on to the value of a member. False: there is none.
bool enter_member(Scanner& scanner, const std::string& wanted, bool& is_unsure) {
  if (scanner.next() != '{') return false;
  scanner.skip_mark();
  while (scanner.next() != '}') {
    const std::string_view key = scanner.string();
    is_unsure = is_unsure || key.find('\\') != std::string_view::npos;
    scanner.skip_blanks();
    scanner.skip_mark();
    if (key == wanted) return true;
    scanner.skip_value();
    scanner.skip_blanks();
    if (scanner.next() == ',') scanner.skip_mark();
  }
  return false;
}

}  // namespace

FoundJson find_json(std::string_view json, const std::vector<std::string>& keys) {
  FoundJson found;
  Scanner scanner(json);
  for (const std::string& key : keys) {
    if (!enter_member(scanner, key, found.is_unsure)) return found;
  }
  const std::size_t begin = scanner.at();
  scanner.skip_value();
  found.text = scanner.since(begin);
  return found;
}

}  // namespace licet
