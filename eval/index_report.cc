#include "eval/index_report.h"

#include <algorithm>

#include "eval/index/indexes.h"
#include "eval/path_text.h"
#include "eval/value_json.h"

namespace licet {
namespace {

Value walk(Value value, const std::vector<Value>& elements) {
  for (const Value& element : elements) {
    if (value.is_undefined()) break;
    value = value.get(element);
  }
  return value;
}

std::string path_of(std::string text, const Path& path) {
  for (const Value& element : path.elements) {
    if (element.is_string()) {
      append_key(text, element.as_string());
    } else {
      text += "[" + json_from_value(element) + "]";
    }
  }
  return text;
}

std::string_view meaning(IndexTest test) {
  switch (test) {
    case IndexTest::kEqual:
      return "is a value";
    case IndexTest::kElement:
      return "has an element";
    case IndexTest::kRange:
      return "lies in a range";
    case IndexTest::kPrefix:
      return "begins with a text";
    case IndexTest::kSuffix:
      return "ends with a text";
    case IndexTest::kNetwork:
      return "lies in a network";
    case IndexTest::kNotEqual:
      return "is another value";
    case IndexTest::kMissingOrNotEqual:
      return "is missing or another value";
  }
  return "";
}

std::string_view meaning(WhyNotIndexed why) {
  switch (why) {
    case WhyNotIndexed::kNoPin:
      return "no literal ties a single attribute to constants";
    case WhyNotIndexed::kAfterErrors:
      return "what ties an attribute to constants comes after a literal that can end in an error, "
             "and that must show";
    case WhyNotIndexed::kFewBodies:
      return "too few bodies tie the same attribute to constants in the same way";
    case WhyNotIndexed::kElse:
      return "its else-branches tie no attribute to constants in the same way";
  }
  return "";
}

std::string_view meaning(ElementField::Match match) {
  switch (match) {
    case ElementField::Match::kEqual:
      return " is a value";
    case ElementField::Match::kProbeElement:
      return " is in a list";
    case ElementField::Match::kFieldElement:
      return " has an element";
  }
  return "";
}

class Reporter {
 public:
  Reporter(const Program& program, const Value& input)
      : program_(program), input_(input), indexes_(program, numbers_) {
    for (const DecisionRule& rule : program.decision_rules) {
      const bool forbid = rule.verdict == Verdict::kForbid;
      for (std::uint32_t i = 0; i < rule.bodies.size(); ++i) {
        (forbid ? forbid_bodies_ : permit_bodies_).push_back(body_of(rule, i));
      }
    }
  }

  IndexReport report() const {
    IndexReport report;
    for (BodyIndexNumber i = 0; i < program_.body_indexes.size(); ++i) {
      report.bodies.push_back(report_bodies(i));
    }
    for (DataIndexNumber i = 0; i < program_.data_indexes.size(); ++i) {
      report.data.push_back(report_data(i));
    }
    return report;
  }

 private:
  std::string file_of(const SourcePlace& place) const {
    return place.file < program_.files.size() ? program_.files[place.file] : std::string();
  }

  ReportedBody body_of(const DecisionRule& rule, std::uint32_t number) const {
    std::string name = rule.verdict == Verdict::kForbid ? "forbid " : "permit ";
    name = name + rule.package + "." + rule.name;
    if (rule.bodies.size() > 1) name += ", body " + std::to_string(number + 1);
    const SourcePlace place = place_of(program_, rule.bodies[number]);
    return {std::move(name), file_of(place), place.line};
  }

  ReportedBody body_of(const BodyIndex& index, std::uint32_t number) const {
    if (index.targets.empty()) {
      return (index.name == "forbid" ? forbid_bodies_ : permit_bodies_)[number];
    }
    ReportedBody body{index.name + ", body " + std::to_string(number + 1), {}, 0};
    const std::uint32_t target = index.targets[number];
    const SourcePlace place = program_.places_of_code[target];
    body.file = file_of(place);
    body.line = place.line;
    return body;
  }

  ReportedBodyIndex report_bodies(BodyIndexNumber number) const {
    const BodyIndex& index = program_.body_indexes[number];
    ReportedBodyIndex report;
    report.name = index.name;
    for (const IndexGroup& group : index.groups)
      report.groups.push_back(report_group(index, group));
    for (const NotIndexed& other : index.others) {
      report.rest.push_back({body_of(index, other.body), std::string(meaning(other.why))});
    }
    report.body_count = index.body_count;
    report.looked_up = input_.is_defined() && reads_slots_only(index);
    if (report.looked_up) look_up(number, report);
    return report;
  }

  static std::vector<std::uint32_t> distinct(std::vector<std::uint32_t> sorted) {
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    return sorted;
  }

  static bool reads_slots_only(const BodyIndex& index) {
    return std::all_of(index.groups.begin(), index.groups.end(), [](const IndexGroup& group) {
      return std::all_of(group.keys.begin(), group.keys.end(),
                         [](const IndexKey& key) { return key.source == IndexKey::Source::kSlot; });
    });
  }

  ReportedGroup report_group(const BodyIndex& index, const IndexGroup& group) const {
    ReportedGroup report;
    for (const IndexKey& key : group.keys) {
      const std::string what = key.source == IndexKey::Source::kSlot
                                   ? path_of("input", program_.slots[key.number])
                                   : "argument " + std::to_string(key.number + 1);
      report.keys.push_back(what + " " + std::string(meaning(key.test)));
    }
    for (const std::uint32_t body : distinct(group.bodies)) {
      report.bodies.push_back(body_of(index, body));
    }
    return report;
  }

  Value value_of(const IndexKey& key) const {
    return walk(input_, program_.slots[key.number].elements);
  }

  void look_up(BodyIndexNumber number, ReportedBodyIndex& report) const {
    const BodyIndex& index = program_.body_indexes[number];
    std::vector<std::uint32_t> found;
    indexes_.rules(number).find([this](const IndexKey& key) { return value_of(key); }, found);
    for (std::size_t i = 0; i < index.groups.size(); ++i) {
      for (const IndexKey& key : index.groups[i].keys) {
        const Value value = value_of(key);
        report.groups[i].values.push_back(value.is_defined() ? json_from_value(value) : "");
      }
      const std::vector<std::uint32_t> bodies = distinct(index.groups[i].bodies);
      for (std::uint32_t at = 0; at < bodies.size(); ++at) {
        if (std::binary_search(found.begin(), found.end(), bodies[at])) {
          report.groups[i].found.push_back(at);
        }
      }
    }
  }

  ReportedDataIndex report_data(DataIndexNumber number) const {
    const DataIndex& index = program_.data_indexes[number];
    ReportedDataIndex report;
    report.path = path_of("data", program_.paths[index.path]);
    for (const ElementField& field : index.fields) {
      const std::string what =
          field.of_key ? "the key" : path_of("element", program_.paths[field.path]);
      report.fields.push_back(what + std::string(meaning(field.match)));
    }
    const Value& collection = indexes_.elements(number).collection();
    report.elements = collection.is_composite() ? collection.size() : 0;
    return report;
  }

  const Program& program_;
  const Value& input_;
  index::Numbers numbers_;
  const index::Indexes indexes_;
  std::vector<ReportedBody> forbid_bodies_;
  std::vector<ReportedBody> permit_bodies_;
};

}  // namespace

IndexReport report_indexes(const Program& program, const Value& input) {
  return Reporter(program, input).report();
}

}  // namespace licet
