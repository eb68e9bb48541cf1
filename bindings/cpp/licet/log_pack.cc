#include "licet/log_pack.h"

#include <charconv>
#include <chrono>

#include "eval/log_text.h"
#include "eval/slot_values.h"
#include "eval/utf8.h"
#include "licet/json_find.h"

namespace licet {
namespace {

std::int64_t system_now_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

void pack_details(const Decision& decision, log::DecisionPacker& packer) {
  for (const std::string& message : decision.messages()) packer.add_message(message);
  for (const std::string& control : decision.controls()) packer.add_control(control);
  for (const Obligation& obligation : decision.obligations()) {
    for (const std::string& value : obligation.values) {
      packer.add_obligation(obligation.key, value);
    }
  }
  for (const std::string& warning : decision.warnings()) packer.add_warning(warning);
}

Text checked_text(std::string_view bytes) {
  const Text text = text_from(bytes);
  if (bytes.size() <= Text::kInline && is_ascii_inline(text)) [[likely]]
    return text;
  if (bytes.size() > UINT32_MAX || first_invalid_utf8(bytes) != bytes.size()) throw NoText();
  return text;
}

template <class List, class TextOf>
void pack_lent_list(std::uint32_t path, const List& list, TextOf text_of,
                    log::DecisionPacker& packer) {
  thread_local std::vector<Text> texts;
  texts.clear();
  for (const auto& element : list) texts.push_back(checked_text(text_of(element)));
  packer.add_read(path, std::span<const Text>(texts));
}

void pack_cell(std::uint32_t path, const SlotValues::Cell& cell, log::DecisionPacker& packer) {
  switch (cell.form) {
    case SlotValues::Form::kLent:
    case SlotValues::Form::kSymbol:
      return packer.add_read(path, checked_text(cell.text_view()));
    case SlotValues::Form::kLentList:
      return pack_lent_list(
          path, cell.lent, [](std::string_view text) { return text; }, packer);
    case SlotValues::Form::kLentSymbols:
      return pack_lent_list(
          path, cell.symbols, [](const Symbol& symbol) { return symbol.text(); }, packer);
    case SlotValues::Form::kValue:
      return packer.add_read(path, cell.value);
    case SlotValues::Form::kText:
    case SlotValues::Form::kTextMade:
      return packer.add_read(path, cell.text);
    case SlotValues::Form::kTexts:
    case SlotValues::Form::kTextsMade:
      return packer.add_read(path, cell.texts);
    case SlotValues::Form::kValues:
    case SlotValues::Form::kValuesMade:
      return packer.add_read(path, cell.values);
  }
}

void pack_from_document(const LogPlan& plan, Request& request, bool with_ready,
                        log::DecisionPacker& packer) {
  thread_local Arena arena;
  arena.reset();
  const bool was_wrong = request.error().has_value();
  const Value document = request.document(arena);
  if (request.error() && !was_wrong) throw NoText();  // that was lent
  const auto add = [&](std::uint32_t path, const std::vector<std::string>& keys) {
    Value value = document;
    for (const std::string& key : keys) value = value.get(key);
    packer.add_read(path, value);
  };
  if (with_ready) {
    for (const LogPlan::Ready& ready : plan.ready) add(ready.path, ready.keys);
  }
  for (const LogPlan::Sought& sought : plan.sought) add(sought.path, sought.keys);
}

// Cuts values out of the text of a request; who makes the entry reads them. False: that is not
// certain to find them.
bool pack_from_text(const LogPlan& plan, std::string_view json, log::DecisionPacker& packer) {
  for (const LogPlan::Sought& sought : plan.sought) {
    const FoundJson found = find_json(json, sought.keys);
    if (found.is_unsure) return false;
    if (!found.text.empty()) packer.add_read_json(sought.path, found.text);
  }
  return true;
}

// What was set one by one: in a cell of the plan's, or in one that the request's engine gave to an
// attribute that no policy reads. False: the values are parts of others.
bool pack_cells(const LogPlan& plan, const SlotValues& slots, const Request& request,
                log::DecisionPacker& packer) {
  for (const LogPlan::Sought& sought : plan.sought) {
    std::optional<CellIndex> cell = sought.cell;
    const std::string& wanted = plan.entries->paths[sought.path].text;
    for (const Attribute& attribute : request.layout().unread_attributes()) {
      if (!attribute.cell || !slots.has(*attribute.cell)) continue;
      if (attribute.text == wanted) {
        cell = attribute.cell;
      } else if (sought.keys.empty() || attribute.text.starts_with(wanted) ||
                 wanted.starts_with(attribute.text)) {
        return false;
      }
    }
    if (cell && slots.has(*cell)) pack_cell(sought.path, slots.cell(*cell), packer);
  }
  return true;
}

void pack_sought(const LogPlan& plan, const SlotValues& slots, Request& request,
                 log::RecordBuffer& record, log::DecisionPacker& packer) {
  const std::string_view json = request.json();
  const std::size_t size = record.size();
  if (!json.empty() && pack_from_text(plan, json, packer)) return;
  record.cut(size);
  if (!request.was_set_by_slots() || plan.any_overlap ||
      !pack_cells(plan, slots, request, packer)) {
    record.cut(size);
    pack_from_document(plan, request, /*with_ready=*/false, packer);
  }
}

// --- what an entry shows as it is ----------------------------------------------------------------

char* write_plain(const Text& text, char* to) { return log::write_plain_text(text, to); }
char* write_plain(std::string_view text, char* to) { return log::write_plain_text(text, to); }
char* write_plain(const Symbol& symbol, char* to) { return write_plain(symbol.text(), to); }

// A list of short texts; null: one of them is something else.
template <class List>
char* write_plain_list(const List& list, char* to) {
  char* const begin = to;
  for (const auto& element : list) {
    *to = ',';
    to = write_plain(element, to + 1);
    if (to == nullptr) return nullptr;
  }
  *begin = '[';
  to += to == begin ? 1 : 0;
  *to = ']';
  return to + 1;
}

template <class List>
bool pack_plain_list(std::uint16_t path, const List& list, log::RecordBuffer& record) {
  const std::size_t most = 2 + list.size() * (1 + log::kTextRoom);
  if (most > log::TextRead::kMostBytes) return false;
  log::TextRead read(path, most, record);
  const char* const end = write_plain_list(list, read.json());
  if (end != nullptr) read.finish(end);
  return end != nullptr;
}

template <class AnyText>
bool pack_plain_text(std::uint16_t path, const AnyText& text, log::RecordBuffer& record) {
  log::TextRead read(path, log::kTextRoom, record);
  const char* const end = log::write_plain_text(text, read.json());
  if (end != nullptr) read.finish(end);
  return end != nullptr;
}

bool pack_plain_value(std::uint16_t path, const Value& value, log::RecordBuffer& record) {
  constexpr std::int64_t kMostExact = std::int64_t{1} << 53;
  constexpr std::size_t kRoom = 20;
  if (value.is_bool()) {
    log::TextRead read(path, kRoom, record);
    std::memcpy(read.json(), value.as_bool() ? "true " : "false", 5);
    read.finish(read.json() + (value.as_bool() ? 4 : 5));
    return true;
  }
  if (!value.is_int64() || value.as_int64() > kMostExact || value.as_int64() < -kMostExact) {
    return false;
  }
  log::TextRead read(path, kRoom, record);
  read.finish(std::to_chars(read.json(), read.json() + kRoom, value.as_int64()).ptr);
  return true;
}

// False: nothing was packed.
bool pack_plain_cell(std::uint16_t path, const SlotValues::Cell& cell, log::RecordBuffer& record) {
  switch (cell.form) {
    case SlotValues::Form::kLent:
    case SlotValues::Form::kSymbol:
      return pack_plain_text(path, cell.text_view(), record);
    case SlotValues::Form::kText:
    case SlotValues::Form::kTextMade:
      return pack_plain_text(path, cell.text, record);
    case SlotValues::Form::kLentList:
      return pack_plain_list(path, cell.lent, record);
    case SlotValues::Form::kTexts:
    case SlotValues::Form::kTextsMade:
      return pack_plain_list(path, cell.texts, record);
    case SlotValues::Form::kLentSymbols:
      return pack_plain_list(path, cell.symbols, record);
    case SlotValues::Form::kValue:
      return pack_plain_value(path, cell.value, record);
    case SlotValues::Form::kValues:
    case SlotValues::Form::kValuesMade:
      return false;
  }
  return false;
}

}  // namespace

void pack_decision(const Decision& decision, const CallOptions& options, const TraceIds& trace,
                   log::DecisionPacker& packer) {
  packer.head({.id = decision.id(),
               .now_ns = decision.now_ns() ? *decision.now_ns() : system_now_ns(),
               .seed = decision.seed(),
               .cause = decision.cause(),
               .package = options.package,
               .error = decision.error(),
               .trace_id = trace.trace_id,
               .span_id = trace.span_id,
               .is_cached = decision.is_cached()});
  for (const std::uint32_t rule : decision.rule_indexes()) packer.add_rule(rule);
  if (decision.has_details()) [[unlikely]]
    pack_details(decision, packer);
}

void pack_reads(const LogPlan& plan, Request& request, log::RecordBuffer& record,
                log::DecisionPacker& packer) {
  const SlotValues* const slots = request.slots_of(*plan.program);
  if (slots == nullptr) return pack_from_document(plan, request, /*with_ready=*/true, packer);
  for (const LogPlan::Ready& ready : plan.ready) {
    if (!slots->has(ready.cell)) continue;
    const SlotValues::Cell& cell = slots->cell(ready.cell);
    const bool is_packed =
        ready.may_be_text && pack_plain_cell(static_cast<std::uint16_t>(ready.path), cell, record);
    if (!is_packed) pack_cell(ready.path, cell, packer);
  }
  if (!plan.sought.empty()) pack_sought(plan, *slots, request, record, packer);
}

}  // namespace licet
