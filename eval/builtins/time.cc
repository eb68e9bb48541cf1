// Times: nanoseconds since the epoch, in UTC or a named zone.
#include <date/tz.h>

#include <chrono>
#include <optional>
#include <stdexcept>

#include "eval/builtins/families.h"
#include "eval/builtins/operands.h"
#include "eval/builtins/time_duration.h"
#include "eval/builtins/time_layout.h"

namespace licet::builtins {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kNanoseconds = 1'000'000'000;

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// --- zones --------------------------------------------------------------------------------------

// What holds in a zone at some moment; seconds since the epoch.
struct ZonePeriod {
  std::int64_t begin = INT64_MIN;
  std::int64_t end = INT64_MAX;
  std::int32_t offset_seconds = 0;
  std::string abbreviation = "UTC";
};

// The zone files list changes up to 2037 and end with a rule that the library does not read. The
// calendar repeats: a later year has the changes of the last listed year with the same leap day
// and weekdays.
constexpr std::int64_t kLastListedYear = 2037;

std::int64_t year_of(std::int64_t seconds) {
  CivilTime time;
  set_date(time, floor_divide(seconds, kSecondsPerDay));
  return time.year;
}

// Seconds to take off a moment to find the same one in a listed year; 0 for listed years.
std::int64_t shift_to_listed_year(std::int64_t seconds) {
  const std::int64_t year = year_of(seconds);
  if (year <= kLastListedYear) return 0;
  const std::int64_t first = days_from_civil(year, 1, 1);
  const std::int64_t length = days_from_civil(year + 1, 1, 1) - first;
  for (std::int64_t other = kLastListedYear;; --other) {
    const std::int64_t other_first = days_from_civil(other, 1, 1);
    if ((first - other_first) % 7 != 0) continue;
    if (days_from_civil(other + 1, 1, 1) - other_first != length) continue;
    return (first - other_first) * kSecondsPerDay;
  }
}

// A zone by its name; null is UTC.
class Zone {
 public:
  Zone() = default;
  explicit Zone(const date::time_zone* zone) : zone_(zone) {}

  ZonePeriod period_at(std::int64_t seconds) const {
    if (zone_ == nullptr) return {};
    const std::int64_t shift = has_changes_for_ever() ? shift_to_listed_year(seconds) : 0;
    const date::sys_info info =
        zone_->get_info(date::sys_seconds(std::chrono::seconds(seconds - shift)));
    return {.begin = info.begin.time_since_epoch().count() + shift,
            .end = info.end.time_since_epoch().count() + shift,
            .offset_seconds = static_cast<std::int32_t>(info.offset.count()),
            .abbreviation = info.abbrev};
  }

 private:
  bool has_changes_for_ever() const {
    const std::int64_t july = days_from_civil(kLastListedYear, 7, 1) * kSecondsPerDay;
    const date::sys_info info = zone_->get_info(date::sys_seconds(std::chrono::seconds(july)));
    return info.end < date::sys_seconds(std::chrono::seconds(july + 366 * kSecondsPerDay)) ||
           info.begin > date::sys_seconds(std::chrono::seconds(july - 366 * kSecondsPerDay));
  }

  const date::time_zone* zone_ = nullptr;
};

// The process's own zone plays no part in decisions, so Local is UTC. nullopt: unknown.
std::optional<Zone> zone_named(std::string_view name) {
  if (name.empty() || name == "UTC" || name == "Local") return Zone();
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

// --- operands -----------------------------------------------------------------------------------

struct ZonedTime {
  std::int64_t nanoseconds = 0;  // since the epoch
  Zone zone;
  std::string_view layout;
};

// ns, [ns, zone] or [ns, zone, layout]; nullopt with the failure set.
std::optional<ZonedTime> time_operand(Context& context, const Value& operand) {
  constexpr std::string_view kExpected = "either number (ns) or [number (ns), string (tz)]";
  ZonedTime time;
  const std::span<const Value> parts =
      operand.is_array() ? operand.elements() : std::span<const Value>(&operand, 1);
  if (parts.empty() || (!operand.is_array() && !operand.is_number())) {
    context.fail_operand(1, kExpected, operand);
    return std::nullopt;
  }
  if (!parts[0].is_number()) {
    context.fail_operand(1, "number", parts[0]);
    return std::nullopt;
  }
  for (const Value& text : parts.subspan(1, std::min<std::size_t>(2, parts.size() - 1))) {
    if (text.is_string()) continue;
    context.fail_operand(1, "string", text);
    return std::nullopt;
  }
  if (parts.size() > 1) {
    const std::optional<Zone> zone = zone_named(parts[1].as_string());
    if (!zone) {
      context.fail("unknown time zone `" + std::string(parts[1].as_string()) + "`");
      return std::nullopt;
    }
    time.zone = *zone;
  }
  if (parts.size() > 2) time.layout = parts[2].as_string();
  const std::optional<std::int64_t> nanoseconds = number_to_int64(parts[0]);
  if (!nanoseconds) {
    context.fail("timestamp too big");
    return std::nullopt;
  }
  time.nanoseconds = *nanoseconds;
  return time;
}

CivilTime civil_time(const ZonedTime& time) {
  const std::int64_t seconds = floor_divide(time.nanoseconds, kNanoseconds);
  const ZonePeriod period = time.zone.period_at(seconds);
  const std::int64_t local = seconds + period.offset_seconds;
  const std::int64_t days = floor_divide(local, kSecondsPerDay);
  const auto of_day = static_cast<int>(local - days * kSecondsPerDay);
  CivilTime civil{.hour = of_day / 3600,
                  .minute = of_day / 60 % 60,
                  .second = of_day % 60,
                  .nanosecond = static_cast<int>((time.nanoseconds % kNanoseconds + kNanoseconds) %
                                                 kNanoseconds),
                  .offset_seconds = period.offset_seconds,
                  .zone = period.abbreviation};
  set_date(civil, days);
  return civil;
}

// The moment when the clocks of the zone show this; as Go settles hours that a change of the
// clocks skips or repeats. Seconds since the epoch.
std::int64_t seconds_from_local(std::int64_t local, const Zone& zone) {
  const ZonePeriod guess = zone.period_at(local);
  if (guess.offset_seconds == 0) return local;
  const std::int64_t seconds = local - guess.offset_seconds;
  if (seconds >= guess.begin && seconds < guess.end) return seconds;
  return local - zone.period_at(seconds).offset_seconds;
}

Value time_result(Context& context, std::int64_t seconds, int nanosecond) {
  std::int64_t result = 0;
  // Negative seconds count up to the moment, so that the product does not overflow too early.
  const bool below = seconds < 0 && nanosecond > 0;
  const std::int64_t fraction = below ? nanosecond - kNanoseconds : nanosecond;
  if (__builtin_mul_overflow(below ? seconds + 1 : seconds, kNanoseconds, &result) ||
      __builtin_add_overflow(result, fraction, &result)) {
    return context.fail("time outside of valid range");
  }
  return Value::integer(result);
}

Value integers(Context& context, std::initializer_list<std::int64_t> numbers) {
  ArrayBuilder array(context.arena);
  for (const std::int64_t number : numbers) array.add(Value::integer(number));
  return array.array();
}

// --- builtins -----------------------------------------------------------------------------------

Value time_now_ns(Context& context, std::span<const Value>) {
  return Value::integer(context.now_ns());
}

Value parse_along(Context& context, std::string_view layout, std::string_view value) {
  if (!charge_bytes(context, layout.size() * 32 + value.size())) return Value::undefined();
  const Result<Moment, std::string> moment = parse_time(layout, value);
  if (!moment) return context.fail(moment.error());
  return time_result(context, moment.value().seconds, moment.value().nanosecond);
}

Value time_parse_ns(Context& context, std::span<const Value> arguments) {
  return parse_along(context, layout_of(arguments[0].as_string()), arguments[1].as_string());
}

Value time_parse_rfc3339_ns(Context& context, std::span<const Value> arguments) {
  return parse_along(context, layout_of("RFC3339"), arguments[0].as_string());
}

Value time_parse_duration_ns(Context& context, std::span<const Value> arguments) {
  const std::string_view text = arguments[0].as_string();
  if (!charge_bytes(context, text.size())) return Value::undefined();
  const std::optional<std::int64_t> duration = duration_from_text(text);
  if (!duration) return context.fail("invalid duration `" + std::string(text) + "`");
  return Value::integer(*duration);
}

Value time_format(Context& context, std::span<const Value> arguments) {
  const std::optional<ZonedTime> time = time_operand(context, arguments[0]);
  if (!time) return Value::undefined();
  if (!charge_bytes(context, time->layout.size() * 32)) return Value::undefined();
  const std::string_view layout = time->layout.empty() ? "RFC3339Nano" : time->layout;
  return string_result(context, format_time(civil_time(*time), layout_of(layout)));
}

Value time_date(Context& context, std::span<const Value> arguments) {
  const std::optional<ZonedTime> time = time_operand(context, arguments[0]);
  if (!time) return Value::undefined();
  const CivilTime civil = civil_time(*time);
  return integers(context, {civil.year, civil.month, civil.day});
}

Value time_clock(Context& context, std::span<const Value> arguments) {
  const std::optional<ZonedTime> time = time_operand(context, arguments[0]);
  if (!time) return Value::undefined();
  const CivilTime civil = civil_time(*time);
  return integers(context, {civil.hour, civil.minute, civil.second});
}

Value time_weekday(Context& context, std::span<const Value> arguments) {
  const std::optional<ZonedTime> time = time_operand(context, arguments[0]);
  if (!time) return Value::undefined();
  return context.string(kWeekdays[civil_time(*time).weekday]);
}

std::int64_t wrapped(std::uint64_t number) { return static_cast<std::int64_t>(number); }
std::uint64_t unsigned_of(std::int64_t number) { return static_cast<std::uint64_t>(number); }

// Carries what is beyond 12 months over into the years.
void carry_months(std::int64_t& year, std::int64_t& month) {
  if (month < 0) {
    const std::int64_t years = (wrapped(0 - unsigned_of(month)) - 1) / 12 + 1;
    year = wrapped(unsigned_of(year) - unsigned_of(years));
    month = wrapped(unsigned_of(month) + unsigned_of(years) * 12);
  }
  if (month >= 12) {
    year = wrapped(unsigned_of(year) + unsigned_of(month / 12));
    month %= 12;
  }
}

// Seconds since 1970 of a date whose parts may be any numbers; month 0 is January. As in Go,
// which OPA counts dates with, numbers of 64 bits wrap around.
std::int64_t seconds_of_date(std::int64_t year, std::int64_t month, std::int64_t day,
                             std::int64_t second_of_day) {
  constexpr std::uint64_t kYearsBefore = 292'277'022'400;  // all years are counted from there
  constexpr std::uint64_t kDaysBefore = kYearsBefore / 400 * 146'097 + 719'468;
  carry_months(year, month);
  const bool ends_year_before = month < 2;  // years begin with March
  const std::uint64_t years = unsigned_of(year) - (ends_year_before ? 1 : 0) + kYearsBefore;
  const std::int64_t of_year = (153 * (month - 2 + (ends_year_before ? 12 : 0)) + 2) / 5;
  const auto of_century = static_cast<std::int64_t>(1461 * (years % 100) / 4);
  const std::uint64_t days =
      146'097 * (years / 100) / 4 + unsigned_of(of_century + of_year) + unsigned_of(day) - 1;
  return wrapped((days - kDaysBefore) * unsigned_of(kSecondsPerDay) + unsigned_of(second_of_day));
}

Value time_add_date(Context& context, std::span<const Value> arguments) {
  const std::optional<ZonedTime> time = time_operand(context, arguments[0]);
  if (!time) return Value::undefined();
  std::int64_t parts[3];
  for (std::size_t i = 0; i < 3; ++i) {
    const auto part = integer_operand(context, arguments[i + 1], static_cast<int>(i) + 2);
    if (!part) return Value::undefined();
    parts[i] = *part;
  }
  const CivilTime civil = civil_time(*time);
  const auto sum = [](std::int64_t a, std::int64_t b) {
    return wrapped(unsigned_of(a) + unsigned_of(b));
  };
  const std::int64_t local = seconds_of_date(
      sum(civil.year, parts[0]), sum(civil.month - 1, parts[1]), sum(civil.day, parts[2]),
      (civil.hour * 60 + civil.minute) * 60 + civil.second);
  // Years that nanoseconds reach, and some: zones need not be asked about others.
  constexpr std::int64_t kMostSeconds = 400 * 366 * kSecondsPerDay;
  if (local > kMostSeconds || local < -kMostSeconds) {
    return context.fail("time outside of valid range");
  }
  return time_result(context, seconds_from_local(local, time->zone), civil.nanosecond);
}

Value time_diff(Context& context, std::span<const Value> arguments) {
  std::optional<ZonedTime> first = time_operand(context, arguments[0]);
  if (!first) return Value::undefined();
  std::optional<ZonedTime> second = time_operand(context, arguments[1]);
  if (!second) return Value::undefined();
  second->zone = first->zone;
  if (first->nanoseconds > second->nanoseconds) std::swap(first, second);
  const CivilTime from = civil_time(*first);
  const CivilTime to = civil_time(*second);
  std::int64_t year = to.year - from.year;
  std::int64_t month = to.month - from.month;
  std::int64_t day = to.day - from.day;
  std::int64_t hour = to.hour - from.hour;
  std::int64_t minute = to.minute - from.minute;
  std::int64_t second_part = to.second - from.second;
  const auto borrow = [](std::int64_t& part, std::int64_t unit, std::int64_t& larger) {
    if (part >= 0) return;
    part += unit;
    --larger;
  };
  borrow(second_part, 60, minute);
  borrow(minute, 60, hour);
  borrow(hour, 24, day);
  const std::int64_t days_of_month =
      days_from_civil(from.year, from.month + 1, 1) - days_from_civil(from.year, from.month, 1);
  borrow(day, days_of_month, month);
  borrow(month, 12, year);
  return integers(context, {year, month, day, hour, minute, second_part});
}

constexpr Row kRows[] = {
    {"time.now_ns",
     "() => number",
     time_now_ns,
     "The time of the decision, the same for the whole of it.",
     {"time.now_ns() == time.now_ns()", "true"},
     BuiltinTrait::kFixed},
    {"time.parse_ns",
     "(string, string) => number",
     time_parse_ns,
     "The time that a text says, read along a layout such as 2006-01-02 or RFC1123.",
     {R"(time.parse_ns("2006-01-02", "2024-02-29"))", "1709164800000000000"}},
    {"time.parse_rfc3339_ns",
     "(string) => number",
     time_parse_rfc3339_ns,
     "The time that a text in the format of RFC 3339 says.",
     {R"(time.parse_rfc3339_ns("1970-01-01T00:00:01.5Z"))", "1500000000"}},
    {"time.parse_duration_ns",
     "(string) => number",
     time_parse_duration_ns,
     "Nanoseconds of a duration such as 1h30m, 250ms, 2d or 1w.",
     {R"(time.parse_duration_ns("1m30s"))", "90000000000"}},
    {"time.format",
     "(any<number, array<number, string>, array<number, string, string>>) => string",
     time_format,
     "The time as text, in a zone and along a layout if they are given.",
     {R"(time.format([0, "UTC", "2006-01-02"]))", R"("1970-01-01")"}},
    {"time.date",
     "(any<number, array<number, string>>) => array<number, number, number>",
     time_date,
     "Year, month and day of the time.",
     {"time.date(0)", "[1970, 1, 1]"}},
    {"time.clock",
     "(any<number, array<number, string>>) => array<number, number, number>",
     time_clock,
     "Hour, minute and second of the time.",
     {R"(time.clock([0, "Asia/Tokyo"]))", "[9, 0, 0]"}},
    {"time.weekday",
     "(any<number, array<number, string>>) => string",
     time_weekday,
     "The English name of the day.",
     {"time.weekday(0)", R"("Thursday")"}},
    {"time.add_date",
     "(number, number, number, number) => number",
     time_add_date,
     "The time so many years, months and days later.",
     {"time.add_date(0, 0, 1, 1)", "2764800000000000"},
     BuiltinTrait::kPure,
     {},
     OperandCheck::kByFunction},
    {"time.diff",
     "(any<number, array<number, string>>, any<number, array<number, string>>) => array<number, "
     "number, number, number, number, number>",
     time_diff,
     "Years, months, days, hours, minutes and seconds between two times.",
     {"time.diff(0, 90061000000000)", "[0, 0, 1, 1, 1, 1]"},
     BuiltinTrait::kPure,
     {},
     OperandCheck::kByFunction},
};

}  // namespace

Family time_family() { return kRows; }

}  // namespace licet::builtins
