// What the grammar is built from besides PEGTL's own rules: nodes, promises, limits, white space
// and words. Included by parse.cc alone.
#pragma once

#include <array>
#include <string_view>
#include <tao/pegtl.hpp>
#include <tuple>

#include "lang/syntax/state.h"

namespace licet::lang::grammar {

namespace peg = tao::pegtl;

template <typename Input>
std::uint32_t offset_of(const Input& in, const ParseState& state) {
  return static_cast<std::uint32_t>(in.current() - state.text.data());
}

// Matches R... in sequence; on failure the nodes that it made are cut off again.
template <typename... R>
struct group {
  using rule_t = group;
  using subs_t = peg::type_list<R...>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const auto size = static_cast<std::uint32_t>(state.nodes.size());
    if (Control<peg::seq<R...>>::template match<A, peg::rewind_mode::required, Action, Control>(
            in, state)) {
      return true;
    }
    state.cut(size);
    return false;
  }
};

// Matches R... and makes a node of what they matched.
template <cst::Kind kKind, typename... R>
struct node {
  using rule_t = node;
  using subs_t = peg::type_list<R...>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const std::uint32_t index = state.open(kKind, offset_of(in, state));
    if (Control<peg::seq<R...>>::template match<A, peg::rewind_mode::required, Action, Control>(
            in, state)) {
      state.close(index, offset_of(in, state));
      return true;
    }
    state.cut(index);
    return false;
  }
};

// R... must match here: there is no other reading of the text.
template <Expected kExpected, typename... R>
struct expect {
  using rule_t = expect;
  using subs_t = peg::type_list<R...>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    if (Control<peg::seq<R...>>::template match<A, peg::rewind_mode::required, Action, Control>(
            in, state)) {
      return true;
    }
    throw_expected(kExpected, offset_of(in, state), state.text);
  }
};

// Always fails: with an error inside of R..., otherwise with one for where they begin.
template <Expected kExpected, typename... R>
struct refuse {
  using rule_t = refuse;
  using subs_t = peg::type_list<R...>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const std::uint32_t begin = offset_of(in, state);
    std::ignore = Control<peg::seq<R...>>::template match<A, M, Action, Control>(in, state);
    throw_expected(kExpected, begin, state.text);
  }
};

// An error with the code inside of R... is told where R... begins.
template <Code kCode, typename... R>
struct told_at_begin {
  using rule_t = told_at_begin;
  using subs_t = peg::type_list<R...>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const std::uint32_t begin = offset_of(in, state);
    try {
      return Control<peg::seq<R...>>::template match<A, M, Action, Control>(in, state);
    } catch (SyntaxError& error) {
      if (error.code == kCode && !error.place) error.place = begin;
      throw;
    }
  }
};

// One level of nesting. Everything that recurses goes through it.
template <typename... R>
struct nested {
  using rule_t = nested;
  using subs_t = peg::type_list<R...>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    state.enter(offset_of(in, state));
    const bool matched =
        Control<peg::seq<R...>>::template match<A, peg::rewind_mode::required, Action, Control>(
            in, state);
    state.leave();
    return matched;
  }
};

// Matches nothing, where the module's imports made the word a keyword.
template <bool Keywords::*kFlag>
struct when {
  using rule_t = when;
  using subs_t = peg::empty_list;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input&, ParseState& state) {
    return state.keywords.*kFlag;
  }
};

enum class LineBreak { kAny, kNone, kNeeded };

// Blanks and comments.
template <LineBreak kBreak>
struct space {
  using rule_t = space;
  using subs_t = peg::empty_list;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const std::uint32_t begin = offset_of(in, state);
    std::uint32_t at = begin;
    bool broken = false;
    while (at < state.text.size()) {
      const char c = state.text[at];
      if (c == '\n' && kBreak == LineBreak::kNone) break;
      if (c == '#' && kBreak == LineBreak::kNone) break;
      if (c == '#') {
        at = comment(at, state);
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        broken = broken || c == '\n';
        ++at;
      } else {
        break;
      }
    }
    if (kBreak == LineBreak::kNeeded && !broken) return false;
    in.bump(at - begin);
    return true;
  }

 private:
  static std::uint32_t comment(std::uint32_t begin, ParseState& state) {
    auto end =
        static_cast<std::uint32_t>(std::min(state.text.find('\n', begin), state.text.size()));
    const std::uint32_t after = end;
    if (end > begin && state.text[end - 1] == '\r') --end;
    state.add_comment(begin, end);
    return after;
  }
};
using ws = space<LineBreak::kAny>;
using blanks = space<LineBreak::kNone>;
using line_break = space<LineBreak::kNeeded>;

inline bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

inline bool is_keyword(std::string_view word, const Keywords& keywords) {
  static constexpr std::array<std::string_view, 15> kWords = {
      "as", "contains", "default", "else",    "every", "false", "if",  "import",
      "in", "not",      "null",    "package", "some",  "true",  "with"};
  if (word.size() < 2 || word.size() > 8) return false;
  if (word == "and") return keywords.and_;
  if (word == "or") return keywords.or_;
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

enum class Words { kAll, kNames, kTermNames };

// A word: kNames leaves keywords out; kTermNames knows that `contains` may name a variable, and
// `and(`, `or(` the functions.
template <Words kWords>
struct word_of {
  using rule_t = word_of;
  using subs_t = peg::empty_list;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const std::string_view rest = state.text.substr(offset_of(in, state));
    const std::string_view found = rest.substr(0, length_of_word(rest));
    if (found.empty()) return false;
    if (kWords != Words::kAll && is_keyword(found, state.keywords)) {
      if (kWords != Words::kTermNames) return false;
      const bool called = rest.substr(found.size()).starts_with('(');
      if (found != "contains" && !((found == "and" || found == "or") && called)) return false;
    }
    in.bump(found.size());
    return true;
  }

 private:
  static std::size_t length_of_word(std::string_view text) {
    if (text.empty() || !is_word_start(text.front())) return 0;
    std::size_t length = 1;
    while (length < text.size() && (is_word_start(text[length]) || is_digit(text[length]))) {
      ++length;
    }
    return length;
  }
};
using word = word_of<Words::kAll>;
using name = word_of<Words::kNames>;
using term_name = word_of<Words::kTermNames>;

}  // namespace licet::lang::grammar
