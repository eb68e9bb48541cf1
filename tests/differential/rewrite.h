// Modules written in another way that means the same: they tell why OPA answers as it does.
#pragma once

#include <string>
#include <vector>

namespace licet::differential {

// Reads of the input and of loaded data, a JSON object, go through rules of a module of their own,
// where no index of OPA sees them.
std::vector<std::string> without_index(const std::vector<std::string>& modules,
                                       const std::string& data);

// Literals with comprehensions have a `with`, so that OPA makes no index of comprehensions.
std::string without_comprehension_index(const std::string& module);

// Characters of several bytes as one of one byte.
std::string with_ascii(const std::string& text);

// Constant keys that are no text, in heads, as texts: r[0.5] as r["0.5"].
std::string with_text_keys(const std::string& module);

// Numbers that are keys below a name as texts: data.d.obj[1] as data.d.obj["1"].
std::string with_texts_for_numbers(const std::string& module);

// Without imports that have an alias, and without rules called by their names alone: documents are
// written out.
std::string with_whole_paths(const std::string& module);

// `not true` as `not 1`, and `true with` as `1 with`.
std::vector<std::string> without_true(std::vector<std::string> modules);

// One module with a rule body that never holds: the one that its line `row` (from 1) belongs to.
// Unchanged if the line belongs to none.
std::string without_body(const std::string& module, std::size_t row);

// One module without the literal that is its line `row`. Unchanged if the line is no literal.
std::string without_literal(const std::string& module, std::size_t row);

// One module in which the `every` that is its line `row` uses one more name, which the body around
// it gives a value. Unchanged if the line is no `every`.
std::string with_one_more_name(const std::string& module, std::size_t row);

// Every place of `word` in all modules.
std::vector<std::string> with_word(std::vector<std::string> modules, const std::string& word,
                                   const std::string& by);

// Numbers as they are worth: 1.0 and 1e3 as 1 and 1000, in strings as well.
std::string with_plain_numbers(const std::string& text);

}  // namespace licet::differential
