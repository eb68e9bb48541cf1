// sprintf: Go's format strings, with its words for what does not fit: %!d(string=a).
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "eval/builtins/elements.h"
#include "eval/builtins/families.h"
#include "eval/builtins/go_format.h"
#include "eval/value_json.h"

namespace licet::builtins {
namespace {

// As OPA hands values to Go: integers, floats, and everything else as text.
struct Argument {
  enum class Type { kInteger, kBigInteger, kFloat, kString };
  Type type = Type::kString;
  std::int64_t integer = 0;
  double real = 0;
  Value big;
  std::string text;

  std::string_view type_name() const {
    switch (type) {
      case Type::kInteger:
        return "int64";
      case Type::kBigInteger:
        return "*big.Int";
      case Type::kFloat:
        return "float64";
      case Type::kString:
        return "string";
    }
    return "";
  }
};

Argument argument_from(const Value& value) {
  Argument argument;
  if (value.is_int64()) {
    argument.type = Argument::Type::kInteger;
    argument.integer = value.as_int64();
  } else if (value.is_number() && is_integer(value)) {
    argument.type = Argument::Type::kBigInteger;
    argument.big = value;
  } else if (value.is_number()) {
    argument.type = Argument::Type::kFloat;
    argument.real = number_to_double(value);
  } else {
    argument.text = value.is_string() ? std::string(value.as_string()) : rego_text(value);
  }
  return argument;
}

// A number literal that is not written as an integer: a float for Go, and if it is too large for
// one, its text.
Argument argument_from_written(const Value& value, std::string_view text) {
  Argument argument;
  argument.real = number_to_double(value);
  if (std::isfinite(argument.real)) {
    argument.type = Argument::Type::kFloat;
  } else {
    argument.text = text;
  }
  return argument;
}

// Go takes no number in a format beyond this.
constexpr std::int64_t kMaxNumber = 1'000'000;

struct ParsedNumber {
  int value = 0;
  bool found = false;
};

class Formatter {
 public:
  Formatter(Context& context, std::string_view format, std::vector<Argument> arguments)
      : context_(context), format_(format), arguments_(std::move(arguments)) {}

  Value run() {
    while (at_ < format_.size()) {
      const std::size_t percent = std::min(format_.find('%', at_), format_.size());
      out_.append(format_, at_, percent - at_);
      at_ = percent;
      if (at_ == format_.size()) break;
      ++at_;
      conversion();
      if (is_too_large_ || out_.size() > kMaxOutputBytes) return fail_output(context_);
      if (!charge_bytes(context_, out_.size() - charged_)) return Value::undefined();
      charged_ = out_.size();
    }
    if (!is_reordered_ && next_ < arguments_.size()) write_extra();
    return string_result(context_, out_);
  }

 private:
  void conversion();
  void read_flags();
  bool read_width(bool after_index);
  bool read_precision(bool after_index);
  bool read_index();
  ParsedNumber read_number(std::size_t end);
  ParsedNumber take_number_argument();
  void print(const Argument& argument, char32_t verb);
  bool print_as(const Argument& argument, char32_t verb);
  void write_bad_verb(const Argument& argument, char32_t verb);
  void write_problem(char32_t verb, std::string_view what);
  void write_extra();

  Context& context_;
  std::string_view format_;
  std::vector<Argument> arguments_;
  std::size_t at_ = 0;
  std::size_t next_ = 0;  // argument
  FormatFlags flags_;
  bool is_good_index_ = true;
  bool is_reordered_ = false;
  bool is_too_large_ = false;  // a width, precision or index
  std::string out_;
  std::size_t charged_ = 0;
};

// What stands between a percent sign and the end of its verb.
void Formatter::conversion() {
  flags_ = {};
  is_good_index_ = true;
  read_flags();
  bool after_index = read_width(read_index());
  // A point at the very end is taken for the verb.
  if (at_ + 1 < format_.size() && format_[at_] == '.') after_index = read_precision(after_index);
  if (!after_index) read_index();
  if (at_ >= format_.size()) {
    out_ += "%!(NOVERB)";
    return;
  }
  const CodePoint verb = code_point_at(format_, at_);
  at_ += verb.size;
  if (verb.value == '%') {
    out_ += '%';
  } else if (!is_good_index_) {
    write_problem(verb.value, "(BADINDEX)");
  } else if (next_ >= arguments_.size()) {
    write_problem(verb.value, "(MISSING)");
  } else {
    if (verb.value == 'v' || verb.value == 'w') {
      std::swap(flags_.sharp, flags_.sharp_v);
      std::swap(flags_.plus, flags_.plus_v);
    }
    print(arguments_[next_++], verb.value);
  }
}

void Formatter::read_flags() {
  for (; at_ < format_.size(); ++at_) {
    switch (format_[at_]) {
      case '#':
        flags_.sharp = true;
        break;
      case '0':
        flags_.zero = true;
        break;
      case '+':
        flags_.plus = true;
        break;
      case '-':
        flags_.minus = true;
        break;
      case ' ':
        flags_.space = true;
        break;
      default:
        return;
    }
  }
}

// [3]: the next argument is the third. True if an index stood there.
bool Formatter::read_index() {
  if (at_ >= format_.size() || format_[at_] != '[') return false;
  is_reordered_ = true;
  const std::size_t end = format_.find(']', at_);
  if (end == std::string_view::npos) {
    is_good_index_ = false;
    ++at_;
    return false;
  }
  ++at_;
  const ParsedNumber index = read_number(end);
  const bool is_number = index.found && at_ == end;
  at_ = end + 1;
  const bool is_good =
      is_number && index.value >= 1 && static_cast<std::size_t>(index.value) <= arguments_.size();
  if (is_good) {
    next_ = static_cast<std::size_t>(index.value) - 1;
  } else {
    is_good_index_ = false;
  }
  return is_number;
}

// Digits before `end`. Go prints a number too large for it as text; that much output was asked for,
// so here it is the budget's business.
ParsedNumber Formatter::read_number(std::size_t end) {
  std::int64_t value = 0;
  bool found = false;
  for (; at_ < end && format_[at_] >= '0' && format_[at_] <= '9'; ++at_) {
    if (value > kMaxNumber) {
      is_too_large_ = true;
      at_ = end;
      return {};
    }
    value = 10 * value + (format_[at_] - '0');
    found = true;
  }
  return {.value = static_cast<int>(value), .found = found};
}

// The number that a * takes from the arguments.
ParsedNumber Formatter::take_number_argument() {
  if (next_ >= arguments_.size()) return {};
  const Argument& argument = arguments_[next_++];
  const bool is_good = argument.type == Argument::Type::kInteger &&
                       argument.integer >= -kMaxNumber && argument.integer <= kMaxNumber;
  if (!is_good) return {};
  return {.value = static_cast<int>(argument.integer), .found = true};
}

// Both say whether an index stands right before what comes next.
bool Formatter::read_width(bool after_index) {
  const bool is_star = at_ < format_.size() && format_[at_] == '*';
  if (is_star) ++at_;
  const ParsedNumber width = is_star ? take_number_argument() : read_number(format_.size());
  if (is_star && !width.found) out_ += "%!(BADWIDTH)";
  if (!is_star && width.found && after_index) is_good_index_ = false;  // %[3]2d
  flags_.has_width = width.found;
  flags_.width = std::abs(width.value);
  if (width.value < 0) {
    flags_.minus = true;
    flags_.zero = false;
  }
  return after_index && !is_star;
}

bool Formatter::read_precision(bool after_index) {
  ++at_;
  if (after_index) is_good_index_ = false;  // %[3].2d
  after_index = read_index();
  const bool is_star = at_ < format_.size() && format_[at_] == '*';
  if (!is_star) {
    flags_.precision = read_number(format_.size()).value;
    flags_.has_precision = true;
    return after_index;
  }
  ++at_;
  const ParsedNumber precision = take_number_argument();
  flags_.has_precision = precision.found && precision.value >= 0;
  flags_.precision = flags_.has_precision ? precision.value : 0;
  if (!flags_.has_precision) out_ += "%!(BADPREC)";
  return false;
}

void Formatter::print(const Argument& argument, char32_t verb) {
  if (verb == 'T') return format_text(argument.type_name(), flags_, out_);
  if (!print_as(argument, verb)) write_bad_verb(argument, verb);
}

bool Formatter::print_as(const Argument& argument, char32_t verb) {
  switch (argument.type) {
    case Argument::Type::kInteger:
      return format_integer(argument.integer, verb, flags_, out_);
    case Argument::Type::kBigInteger:
      return format_big_integer(argument.big, verb, flags_, out_);
    case Argument::Type::kFloat:
      return format_float(argument.real, verb, flags_, out_);
    case Argument::Type::kString:
      return format_string(argument.text, verb, flags_, out_);
  }
  return false;
}

// %!d(string=hi)
void Formatter::write_bad_verb(const Argument& argument, char32_t verb) {
  // A big integer finds out by itself, and writes itself without flags.
  const bool is_big = argument.type == Argument::Type::kBigInteger;
  write_problem(verb, "(");
  out_ += is_big && verb != 'w' ? "big.Int" : argument.type_name();
  out_ += '=';
  if (is_big) {
    out_ += number_text(argument.big);
  } else {
    static_cast<void>(print_as(argument, 'v'));
  }
  out_ += ')';
}

void Formatter::write_problem(char32_t verb, std::string_view what) {
  out_ += "%!";
  append_utf8(verb, out_);
  out_ += what;
}

void Formatter::write_extra() {
  flags_ = {};
  out_ += "%!(EXTRA ";
  for (std::size_t i = next_; i < arguments_.size(); ++i) {
    if (i > next_) out_ += ", ";
    out_ += arguments_[i].type_name();
    out_ += '=';
    print(arguments_[i], 'v');
  }
  out_ += ')';
}

// `arguments` may have a third: the texts of numbers, see internal.sprintf.
Value sprintf(Context& context, std::span<const Value> arguments) {
  const Value& values = arguments[1];
  if (values.weight() > kMaxOutputBytes) return fail_output(context);
  if (!context.charge(1 + arguments[0].weight() / 64 + values.weight() / 8)) return {};
  std::vector<Argument> converted;
  converted.reserve(values.size());
  for (const Value& value : values.elements()) converted.push_back(argument_from(value));
  if (arguments.size() > 2) {
    const auto texts = arguments[2].elements();
    for (std::size_t i = 0; i < texts.size() && i < converted.size(); ++i) {
      const Value& value = values.elements()[i];
      if (texts[i].is_string() && value.is_number()) {
        converted[i] = argument_from_written(value, texts[i].as_string());
      }
    }
  }
  return Formatter(context, arguments[0].as_string(), std::move(converted)).run();
}

constexpr Row kRows[] = {
    {.name = "sprintf",
     .signature = "(string, array[any]) => string",
     .function = sprintf,
     .doc = "The text with the values put in where its verbs stand, as in Go.",
     .example = {R"(sprintf("%s has %d of %v", ["a", 2, [1, 2]]))", R"("a has 2 of [1, 2]")"}},
    {.name = "internal.sprintf",
     .signature = "(string, array[any], array[any]) => string",
     .function = sprintf,
     .doc = "What the compiler makes of sprintf with number literals that are not integers.",
     .example = {R"(internal.sprintf("%.1f %.1f", [100, 0.5], ["100.0", null]))",
                 R"("100.0 0.5")"}},
};

}  // namespace

Family sprintf_family() { return kRows; }

}  // namespace licet::builtins
