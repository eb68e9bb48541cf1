#include "eval/builtins/template_functions.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "eval/builtins/operands.h"
#include "eval/builtins/template_escapes.h"
#include "eval/builtins/url_escape.h"

namespace licet::builtins::text_template {
namespace {

// --- printing
// -------------------------------------------------------------------------------------

// [a b] and map[k:v], as Go's %v.
void append_data(const Value& value, std::string& out) {
  if (out.size() > kMaxOutputBytes) return;
  switch (value.kind()) {
    case Kind::kUndefined:
    case Kind::kNull:
      out += "<nil>";
      return;
    case Kind::kBool:
      out += value.as_bool() ? "true" : "false";
      return;
    case Kind::kNumber:
    case Kind::kString:
      out += text_of(Operand::of(value));
      return;
    case Kind::kArray:
    case Kind::kSet: {
      out += '[';
      for (std::size_t i = 0; i < value.size(); ++i) {
        if (i > 0) out += ' ';
        append_data(value.elements()[i], out);
      }
      out += ']';
      return;
    }
    case Kind::kObject: {
      out += "map[";
      bool first = true;
      for (const Entry& entry : value.entries()) {
        if (!std::exchange(first, false)) out += ' ';
        append_data(entry.key, out);
        out += ':';
        append_data(entry.value, out);
      }
      out += ']';
      return;
    }
  }
}

// A space between two operands unless one of them is text; always with `spaced`.
std::string printed(std::span<const Operand> operands, bool spaced) {
  std::string out;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const bool texts = i > 0 && (operands[i].is_text() || operands[i - 1].is_text());
    if (i > 0 && (spaced || !texts)) out += ' ';
    append_operand(operands[i], out);
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += c;
    }
  }
  return out + '"';
}

struct Verb {
  bool left = false;
  bool zeros = false;
  std::size_t width = 0;
  std::optional<int> precision;
  char letter = 'v';
};

// What a verb makes of an operand; nullopt: they do not fit.
std::optional<std::string> verb_text(const Verb& verb, const Operand& operand) {
  std::string out;
  switch (verb.letter) {
    case 'v':
      append_operand(operand, out);
      return out;
    case 's':
      if (!operand.is_data() || operand.is_nothing() || operand.value.is_bool())
        return std::nullopt;
      append_operand(operand, out);
      return out;
    case 'q':
      if (!operand.is_text()) return std::nullopt;
      return quoted(text_of(operand));
    case 't':
      if (!operand.is_data() || !operand.value.is_bool()) return std::nullopt;
      return operand.value.as_bool() ? "true" : "false";
    case 'd':
      if (operand.type != Operand::Type::kInteger) return std::nullopt;
      return std::to_string(operand.integer);
    case 'f': {
      if (operand.type != Operand::Type::kFloat) return std::nullopt;
      char digits[512];
      const auto written = std::to_chars(digits, digits + sizeof digits, operand.number,
                                         std::chars_format::fixed, verb.precision.value_or(6));
      return std::string(digits, written.ptr);
    }
    default:
      fail("printf with %" + std::string(1, verb.letter) + " is not supported");
  }
}

// %!d(string=x): Go's way to say that a verb does not fit.
std::string misfit_text(const Verb& verb, const Operand& operand) {
  std::string out = "%!" + std::string(1, verb.letter) + "(";
  if (operand.is_nothing()) return out + "<nil>)";
  out += operand.is_data() && operand.value.is_number() ? "json.Number"
         : operand.is_data() && operand.value.is_bool() ? "bool"
                                                        : type_text(operand);
  out += '=';
  append_operand(operand, out);
  return out + ')';
}

Verb take_verb(std::string_view& format) {
  constexpr std::size_t kMaxWidth = 1000;
  Verb verb;
  for (; !format.empty() && (format[0] == '-' || format[0] == '0'); format.remove_prefix(1)) {
    (format[0] == '-' ? verb.left : verb.zeros) = true;
  }
  const auto take_number = [&] {
    std::size_t number = 0;
    for (; !format.empty() && format[0] >= '0' && format[0] <= '9'; format.remove_prefix(1)) {
      number = number * 10 + static_cast<std::size_t>(format[0] - '0');
      if (number > kMaxWidth) fail("printf with a width beyond 1000");
    }
    return number;
  };
  verb.width = take_number();
  if (format.starts_with('.')) {
    format.remove_prefix(1);
    verb.precision = static_cast<int>(std::min<std::size_t>(take_number(), 100));
  }
  if (format.empty()) fail("printf with an incomplete verb");
  verb.letter = format[0];
  format.remove_prefix(1);
  return verb;
}

std::string formatted(std::string_view format, std::span<const Operand> operands) {
  std::string out;
  std::size_t next = 0;
  while (!format.empty() && out.size() <= kMaxOutputBytes) {
    const std::size_t percent = format.find('%');
    out += format.substr(0, percent);
    if (percent == std::string_view::npos) break;
    format.remove_prefix(percent + 1);
    const Verb verb = take_verb(format);
    if (verb.letter == '%') {
      out += '%';
      continue;
    }
    if (next == operands.size()) {
      out += "%!" + std::string(1, verb.letter) + "(MISSING)";
      continue;
    }
    const Operand& operand = operands[next++];
    std::string text = verb_text(verb, operand).value_or("");
    if (text.empty()) text = verb_text(verb, operand) ? "" : misfit_text(verb, operand);
    const std::size_t length = code_points(text).size();
    const std::size_t missing = verb.width > length ? verb.width - length : 0;
    const bool zeros = verb.zeros && !verb.left && verb.letter == 'd' && operand.integer >= 0;
    if (!verb.left) out.append(missing, zeros ? '0' : ' ');
    out += text;
    if (verb.left) out.append(missing, ' ');
  }
  if (next < operands.size()) fail("printf with too many operands");
  return out;
}

// --- functions
// ------------------------------------------------------------------------------------

// Text, integer, float and boolean cannot be compared with one another.
int compare_operands(const Operand& a, const Operand& b, bool orders) {
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  if (a.is_text() && b.is_text()) return order(text_of(a), text_of(b));
  if (a.type == b.type && a.type == Operand::Type::kInteger) return order(a.integer, b.integer);
  if (a.type == b.type && a.type == Operand::Type::kFloat) return order(a.number, b.number);
  const bool booleans = a.is_data() && b.is_data() && a.value.is_bool() && b.value.is_bool();
  if (booleans && !orders) return order(a.value.as_bool(), b.value.as_bool());
  if (!orders && (a.is_nothing() || b.is_nothing()))
    return a.is_nothing() == b.is_nothing() ? 0 : 1;
  fail("incompatible types for comparison: " + type_text(a) + " and " + type_text(b));
}

using Operands = std::span<const Operand>;

Operand boolean(bool value) { return Operand::of(Value::boolean(value)); }
Operand string(Context& context, std::string_view text) {
  if (text.size() > kMaxOutputBytes) fail("the text is too long");
  return Operand::of(context.string(text));
}

Operand length_of(const Operand& operand) {
  if (operand.is_text()) return Operand::of(static_cast<std::int64_t>(text_of(operand).size()));
  if (!operand.is_data() || !operand.value.is_composite()) {
    fail("len of type " + type_text(operand));
  }
  return Operand::of(static_cast<std::int64_t>(operand.value.size()));
}

Operand indexed(Operands operands) {
  Operand part = operands[0];
  for (const Operand& index : operands.subspan(1)) {
    if (part.is_data() && part.value.is_array()) {
      if (index.type != Operand::Type::kInteger)
        fail("cannot index array with " + type_text(index));
      if (index.integer < 0 || static_cast<std::size_t>(index.integer) >= part.value.size()) {
        fail("index out of range: " + std::to_string(index.integer));
      }
      part = Operand::of(part.value.elements()[static_cast<std::size_t>(index.integer)]);
    } else if (part.is_data() && part.value.is_object()) {
      if (!index.is_data() || !index.value.is_string()) fail("an object is indexed by strings");
      part = Operand::of(part.value.get(index.value));
    } else {
      fail("cannot index " + type_text(part));
    }
  }
  return part;
}

// From one index up to another, of text and arrays.
Operand sliced(Context& context, Operands operands) {
  const Operand& whole = operands[0];
  if (!whole.is_data() || !(whole.value.is_string() || whole.value.is_array())) {
    fail("cannot slice " + type_text(whole));
  }
  const auto size = static_cast<std::int64_t>(whole.value.size());
  std::int64_t bounds[2] = {0, size};
  if (operands.size() > 3) fail("slice with a capacity is not supported");
  for (std::size_t i = 1; i < operands.size(); ++i) {
    if (operands[i].type != Operand::Type::kInteger)
      fail("cannot slice at " + type_text(operands[i]));
    bounds[i - 1] = operands[i].integer;
  }
  if (bounds[0] < 0 || bounds[0] > bounds[1] || bounds[1] > size) fail("slice out of range");
  const auto begin = static_cast<std::size_t>(bounds[0]);
  const auto count = static_cast<std::size_t>(bounds[1] - bounds[0]);
  if (whole.value.is_string()) {
    return string(context, whole.value.as_string().substr(begin, count));
  }
  if (!context.charge(count)) fail("step budget exceeded");
  return Operand::of(Value::array(whole.value.elements().subspan(begin, count), context.arena));
}

// For html, js and urlquery, which say it so where there is nothing.
std::string text_to_escape(Context& context, std::span<const Operand> operands) {
  const Operand nothing = Operand::of(context.string("<no value>"));
  std::vector<Operand> shown(operands.begin(), operands.end());
  std::replace_if(
      shown.begin(), shown.end(), [](const Operand& o) { return o.is_nothing(); }, nothing);
  return printed(shown, false);
}

struct FunctionRow {
  std::string_view name;
  std::size_t least;  // operands
  std::size_t most;
  Operand (*call)(Context& context, Operands operands);
};

constexpr std::size_t kAny = SIZE_MAX;

constexpr FunctionRow kFunctions[] = {
    {"not", 1, 1, [](Context&, Operands o) { return boolean(!is_true(o[0])); }},
    {"len", 1, 1, [](Context&, Operands o) { return length_of(o[0]); }},
    {"slice", 1, 4, [](Context& c, Operands o) { return sliced(c, o); }},
    {"index", 1, kAny, [](Context&, Operands o) { return indexed(o); }},
    {"print", 0, kAny, [](Context& c, Operands o) { return string(c, printed(o, false)); }},
    {"println", 0, kAny, [](Context& c, Operands o) { return string(c, printed(o, true) + "\n"); }},
    {"printf", 1, kAny,
     [](Context& c, Operands o) { return string(c, formatted(text_of(o[0]), o.subspan(1))); }},
    {"html", 0, kAny,
     [](Context& c, Operands o) { return string(c, escaped_html(text_to_escape(c, o))); }},
    {"js", 0, kAny,
     [](Context& c, Operands o) { return string(c, escaped_js(text_to_escape(c, o))); }},
    {"urlquery", 0, kAny,
     [](Context& c, Operands o) {
       return string(c, url_escaped(text_to_escape(c, o), UrlPart::kQuery));
     }},
    {"eq", 2, kAny,
     [](Context&, Operands o) {
       bool found = false;
       for (const Operand& other : o.subspan(1)) {
         found = found || compare_operands(o[0], other, false) == 0;
       }
       return boolean(found);
     }},
    {"ne", 2, 2,
     [](Context&, Operands o) { return boolean(compare_operands(o[0], o[1], false) != 0); }},
    {"lt", 2, 2,
     [](Context&, Operands o) { return boolean(compare_operands(o[0], o[1], true) < 0); }},
    {"le", 2, 2,
     [](Context&, Operands o) { return boolean(compare_operands(o[0], o[1], true) <= 0); }},
    {"gt", 2, 2,
     [](Context&, Operands o) { return boolean(compare_operands(o[0], o[1], true) > 0); }},
    {"ge", 2, 2,
     [](Context&, Operands o) { return boolean(compare_operands(o[0], o[1], true) >= 0); }},
};

}  // namespace

void fail(std::string message) { throw RunFailed{std::move(message)}; }

std::string text_of(const Operand& operand) {
  if (operand.type == Operand::Type::kInteger) return std::to_string(operand.integer);
  if (operand.type == Operand::Type::kFloat) {
    char digits[64];
    const auto written = std::to_chars(digits, digits + sizeof digits, operand.number);
    return std::string(digits, written.ptr);
  }
  return operand.value.is_string() ? std::string(operand.value.as_string())
                                   : number_text(operand.value);
}

std::string type_text(const Operand& operand) {
  if (operand.type == Operand::Type::kInteger) return "int";
  if (operand.type == Operand::Type::kFloat) return "float64";
  return std::string(kind_text(operand.value));
}

void append_operand(const Operand& operand, std::string& out) {
  if (operand.is_data()) {
    append_data(operand.value, out);
  } else {
    out += text_of(operand);
  }
}

bool is_true(const Operand& operand) {
  if (operand.type == Operand::Type::kInteger) return operand.integer != 0;
  if (operand.type == Operand::Type::kFloat) return operand.number != 0;
  const Value& value = operand.value;
  if (value.is_bool()) return value.as_bool();
  if (value.is_number()) return true;  // its text is not empty
  return !operand.is_nothing() && value.size() > 0;
}

Operand call_function(Context& context, std::string_view name, std::span<const Operand> operands) {
  for (const FunctionRow& function : kFunctions) {
    if (function.name != name) continue;
    if (operands.size() < function.least || operands.size() > function.most) {
      fail("wrong number of operands for " + std::string(name));
    }
    return function.call(context, operands);
  }
  fail("function `" + std::string(name) + "` is not defined or not supported");
}

}  // namespace licet::builtins::text_template
