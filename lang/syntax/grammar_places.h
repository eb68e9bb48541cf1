// Where an error is told. This grammar reads every text once and fails where no reading of it goes
// on. OPA tries one reading after the other, and tells the error of the last one: for a `{` after
// `if` that of a body, for `{k: v | ...` that of an object, after `some` that of a list of names.
// These rules match what the rules inside of them match, and give errors that place. To find it a
// piece of text is read again, a bounded number of times in a file. Included by parse.cc alone.
#pragma once

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "lang/syntax/grammar_base.h"

namespace licet::lang::grammar {

// What reading again must leave as it was.
class Reread {
 public:
  explicit Reread(ParseState& state)
      : state_(state),
        size_(static_cast<std::uint32_t>(state.nodes.size())),
        depth_(state.depth),
        depth_of_rereading_(state.rereading++) {
    ++state.rereads;
  }
  ~Reread() {
    state_.cut(size_);
    state_.depth = depth_;
    state_.rereading = depth_of_rereading_;
  }
  Reread(const Reread&) = delete;
  Reread& operator=(const Reread&) = delete;

 private:
  ParseState& state_;
  std::uint32_t size_;
  int depth_;
  int depth_of_rereading_;
};

inline bool may_reread(const ParseState& state) {
  return state.rereading < kMaxRereading && state.rereads < kMaxRereads;
}

// Where R, read from `begin` on, does not go on: at its error, or at what follows it.
template <typename R, template <typename...> class Action, template <typename...> class Control,
          typename Input>
std::uint32_t end_of(const Input& in, std::uint32_t begin, ParseState& state) {
  const Reread reread(state);
  Input again(state.text.data() + begin, in.end(), "");
  try {
    std::ignore = Control<R>::template match<peg::apply_mode::nothing, peg::rewind_mode::required,
                                             Action, Control>(again, state);
  } catch (const SyntaxError& error) {
    return error.place.value_or(error.begin);
  }
  return next_token(state.text, offset_of(again, state));
}

// What stands between brackets.
template <typename... R>
struct contents {
  using rule_t = contents;
  using subs_t = peg::type_list<R...>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const std::uint32_t outer = std::exchange(state.contents, offset_of(in, state));
    const bool matched = Control<peg::seq<R...>>::template match<A, M, Action, Control>(in, state);
    state.contents = outer;
    return matched;
  }
};

// R..., the body of a comprehension. Where it fails at a comma, List is read between the brackets.
template <typename List, typename... R>
struct else_list {
  using rule_t = else_list;
  using subs_t = peg::type_list<List, R...>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const std::uint32_t begin = state.contents;
    try {
      return Control<peg::seq<R...>>::template match<A, M, Action, Control>(in, state);
    } catch (SyntaxError& error) {
      const std::uint32_t at = error.place.value_or(error.begin);
      if (may_reread(state) && at < state.text.size() && state.text[at] == ',') {
        error.place = end_of<List, Action, Control>(in, begin, state);
      }
      throw;
    }
  }
};

// R..., what stands in braces. Unless its first Operand is followed by `|` or `:`, OPA reads a set
// at last: a List.
template <typename Operand, typename List, typename... R>
struct else_set {
  using rule_t = else_set;
  using subs_t = peg::type_list<Operand, List, R...>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const std::uint32_t begin = offset_of(in, state);
    try {
      return Control<peg::seq<R...>>::template match<A, M, Action, Control>(in, state);
    } catch (SyntaxError& error) {
      if (!may_reread(state)) throw;
      const std::uint32_t next = end_of<Operand, Action, Control>(in, begin, state);
      const bool is_set = next < state.text.size() && next > begin && state.text[next] != '|' &&
                          (state.text[next] != ':' || state.text.substr(next).starts_with(":="));
      if (is_set) error.place = end_of<List, Action, Control>(in, begin, state);
      throw;
    }
  }
};

// R..., or what Last says is wrong with the same text.
template <typename Last, typename... R>
struct or_last {
  using rule_t = or_last;
  using subs_t = peg::type_list<Last, R...>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const std::uint32_t begin = offset_of(in, state);
    try {
      return Control<peg::seq<R...>>::template match<A, M, Action, Control>(in, state);
    } catch (SyntaxError& error) {
      if (may_reread(state)) error.place = end_of<Last, Action, Control>(in, begin, state);
      throw;
    }
  }
};

// What `some` declares: names, if nothing else can be read.
template <typename... R>
struct or_names {
  using rule_t = or_names;
  using subs_t = peg::type_list<R...>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const std::uint32_t begin = offset_of(in, state);
    try {
      return Control<peg::seq<R...>>::template match<A, M, Action, Control>(in, state);
    } catch (SyntaxError& error) {
      error.place = end_of_names(state.text, begin, state.keywords);
      throw;
    }
  }

 private:
  static std::uint32_t end_of_names(std::string_view text, std::uint32_t begin,
                                    const Keywords& keywords) {
    for (std::uint32_t at = begin;;) {
      const std::uint32_t end = token_end(text, at);
      const bool is_name = at < text.size() && is_word_start(text[at]) &&
                           !is_keyword(text.substr(at, end - at), keywords);
      if (!is_name) return at;
      at = next_token(text, end);
      if (at >= text.size() || text[at] != ',') return at;
      at = next_token(text, at + 1);
    }
  }
};

// Nothing can follow a scalar: what is wrong there is told where it begins.
template <typename Scalar, typename Suffix>
struct without {
  using rule_t = without;
  using subs_t = peg::type_list<Scalar, Suffix>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const std::uint32_t begin = offset_of(in, state);
    if (!Control<Scalar>::template match<A, M, Action, Control>(in, state)) return false;
    try {
      return Control<peg::star<Suffix>>::template match<A, M, Action, Control>(in, state);
    } catch (SyntaxError& error) {
      error.place = begin;
      throw;
    }
  }
};

// The begin of `default name`: without a name OPA reads no rule, but a word where none can stand.
template <typename Start, typename... R>
struct named_after {
  using rule_t = named_after;
  using subs_t = peg::type_list<Start, R...>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const std::uint32_t begin = offset_of(in, state);
    if (!Control<Start>::template match<A, M, Action, Control>(in, state)) return false;
    const std::uint32_t at = next_token(state.text, offset_of(in, state));
    try {
      return Control<peg::seq<R...>>::template match<A, M, Action, Control>(in, state);
    } catch (SyntaxError& error) {
      const std::string_view found = state.text.substr(at, token_end(state.text, at) - at);
      error.place = is_taken_for_name(found, state.keywords) ? at : begin;
      throw;
    }
  }

 private:
  static bool is_taken_for_name(std::string_view found, const Keywords& keywords) {
    return is_keyword(found, keywords) && found != "default" && found != "with" &&
           found != "true" && found != "false" && found != "null";
  }
};

// A value, or `key, value in collection`: a comma can stand nowhere else.
template <typename First, typename Second>
struct keyed {
  using rule_t = keyed;
  using subs_t = peg::type_list<First, Second>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, ParseState& state) {
    const auto first = static_cast<std::uint32_t>(state.nodes.size());
    if (!Control<First>::template match<A, M, Action, Control>(in, state)) return false;
    const std::uint32_t comma = next_token(state.text, offset_of(in, state));
    if (comma >= state.text.size() || state.text[comma] != ',') return true;
    const auto second = static_cast<std::uint32_t>(state.nodes.size());
    try {
      using tail = peg::opt<group<ws, peg::one<','>, ws, Second>>;
      std::ignore = Control<tail>::template match<A, M, Action, Control>(in, state);
    } catch (SyntaxError& error) {
      error.place = comma;
      throw;
    }
    const bool is_single = state.nodes.size() == second;
    if (!is_single && (has_in(first, state) || !has_in(second, state))) {
      throw SyntaxError{Code::kSyntax,
                        comma,
                        comma + 1,
                        "unexpected `,`",
                        "",
                        "`key, value in collection` is the only place for a comma outside of "
                        "brackets"};
    }
    return true;
  }

 private:
  static bool has_in(std::uint32_t chain, const ParseState& state) {
    for (const cst::View child : cst::View(state.nodes, chain)) {
      if (child.is(cst::Kind::kOperator) && state.text[child.begin_offset()] == 'i') return true;
    }
    return false;
  }
};

}  // namespace licet::lang::grammar
