// Steps of texts as they came. What a node looks for has a size that is known, so that most texts
// are told from it by their sizes, and the others by one or two words that overlap.
#include <span>
#include <string_view>

#include "eval/vm/struct_step.h"

namespace licet::vm {

struct StructSteps::TextSteps : Steps {
  using Width = text::Width;
  using Texts = std::span<const std::string_view>;

  // Of up to seven bytes all are in the node.
  template <Width kWidth>
  static cell_tests::ShortText short_text(const Node& node) {
    if constexpr (kWidth == Width::k8To16) {
      return {node.text->words, node.text->view.size()};
    } else {
      return {{.first = node.words, .last = 0}, node.second};
    }
  }
  static Texts list_at(const At& at, std::uint16_t offset) {
    return member_at<Texts>(at.from, offset);
  }

  template <Width kWidth>
  static bool is_short_text(const At& at) {
    return cell_tests::is_short_text<kWidth>(at.text(), short_text<kWidth>(at.node));
  }
  static bool is_text(const At& at) { return text::are_equal(at.text(), at.node.text->view); }
  static bool are_equal(const At& at) {
    return text::are_equal(at.text(), member_at<std::string_view>(at.from, at.node.second));
  }

  template <Width kWidth>
  static Found has_short_text(const At& at) {
    const Texts list = list_at(at, at.node.offset);
    if (list.size() > GuardGraph::kMostElements) return Found::kUnclear;
    return found_from(cell_tests::has_short_text<kWidth>(list, short_text<kWidth>(at.node)));
  }
  static Found has(Texts list, std::string_view wanted) {
    if (list.size() > GuardGraph::kMostElements) return Found::kUnclear;
    for (const std::string_view one : list) {
      if (text::are_equal(one, wanted)) return Found::kYes;
    }
    return Found::kNo;
  }
  static Found has_text(const At& at) {
    return has(list_at(at, at.node.offset), at.node.text->view);
  }
  static Found is_in_texts(const At& at) { return has(list_at(at, at.node.second), at.text()); }

  // Addresses of other forms are the graph's of cells.
  static std::uint64_t address(const At& at) {
    Graph::Walk& walk = at.walk;
    if (walk.address_at != at.node.offset) {
      walk.address_at = at.node.offset;
      walk.v4 = builtins::v4_from_text(at.text());
    }
    return walk.v4;
  }
  static Found is_in_v4(const At& at) {
    const std::uint64_t v4 = address(at);
    if (v4 == builtins::kNoV4) return Found::kUnclear;
    return found_from((v4 & at.node.network.mask) == at.node.network.base);
  }
  static Found is_in_any_v4(const At& at) {
    const std::uint64_t v4 = address(at);
    if (v4 == builtins::kNoV4) return Found::kUnclear;
    return found_from(is_in_any(static_cast<std::uint32_t>(v4), at.node));
  }
};

StructGraph::Step StructSteps::text_step_of(Test test) {
  using Width = text::Width;
  using Steps = TextSteps;
  switch (test) {
    case Test::kText1To3:
      return Steps::step<Steps::is_short_text<Width::k1To3>>;
    case Test::kText4To7:
      return Steps::step<Steps::is_short_text<Width::k4To7>>;
    case Test::kText8To16:
      return Steps::step<Steps::is_short_text<Width::k8To16>>;
    case Test::kTextIs:
      return Steps::step<Steps::is_text>;
    case Test::kHasText1To3:
      return Steps::step<Steps::has_short_text<Width::k1To3>>;
    case Test::kHasText4To7:
      return Steps::step<Steps::has_short_text<Width::k4To7>>;
    case Test::kHasText8To16:
      return Steps::step<Steps::has_short_text<Width::k8To16>>;
    case Test::kHasText:
      return Steps::step<Steps::has_text>;
    case Test::kTextsEqual:
      return Steps::step<Steps::are_equal>;
    case Test::kTextInTexts:
      return Steps::step<Steps::is_in_texts>;
    case Test::kTextInV4:
      return Steps::step<Steps::is_in_v4>;
    default:
      return Steps::step<Steps::is_in_any_v4>;
  }
}

}  // namespace licet::vm
