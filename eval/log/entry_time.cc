// Times as entries show them.
#include <array>
#include <charconv>
#include <cstring>

#include "eval/log/entry.h"

namespace licet::log {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86'400;

struct Date {
  std::int64_t year = 0;
  unsigned month = 0;
  unsigned day = 0;
};

// Howard Hinnant's civil_from_days and days_from_civil.
Date date_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year_of_era = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const unsigned of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted = (5 * of_year + 2) / 153;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0), month,
          of_year - (153 * shifted + 2) / 5 + 1};
}

std::int64_t days_from_date(const Date& date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned of_year =
      (153 * (date.month > 2 ? date.month - 3 : date.month + 9) + 2) / 5 + date.day - 1;
  const unsigned of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
  return era * 146'097 + static_cast<std::int64_t>(of_era) - 719'468;
}

constexpr std::size_t kSecondLetters = 19;  // 2026-11-25T20:39:33

void write_digits(std::int64_t number, std::size_t count, char* to) {
  for (std::size_t i = count; i-- > 0; number /= 10) to[i] = static_cast<char>('0' + number % 10);
}

// INVARIANT: 64 bits of nanoseconds reach from 1677 to 2262.
void write_second(std::int64_t seconds, char* to) {
  std::int64_t days = seconds / kDay;
  std::int64_t of_day = seconds % kDay;
  if (of_day < 0) {
    of_day += kDay;
    --days;
  }
  const Date date = date_from_days(days);
  std::memcpy(to, "0000-00-00T00:00:00", kSecondLetters);
  write_digits(date.year, 4, to);
  write_digits(date.month, 2, to + 5);
  write_digits(date.day, 2, to + 8);
  write_digits(of_day / 3600, 2, to + 11);
  write_digits(of_day / 60 % 60, 2, to + 14);
  write_digits(of_day % 60, 2, to + 17);
}

}  // namespace

// Entries come by the thousand in one second: its letters are kept.
char* write_time(std::int64_t ns_since_epoch, char* to) {
  std::int64_t seconds = ns_since_epoch / kSecond;
  std::int64_t ns = ns_since_epoch % kSecond;
  if (ns < 0) {
    ns += kSecond;
    --seconds;
  }
  thread_local std::int64_t last = INT64_MIN;
  thread_local std::array<char, kSecondLetters> letters;
  if (seconds != last) {
    write_second(seconds, letters.data());
    last = seconds;
  }
  std::memcpy(to, letters.data(), kSecondLetters);
  to[kSecondLetters] = '.';
  write_digits(ns, 9, to + kSecondLetters + 1);
  to[kTimeLetters - 1] = 'Z';
  return to + kTimeLetters;
}

std::string time_text(std::int64_t ns_since_epoch) {
  std::string text(kTimeLetters, '\0');
  write_time(ns_since_epoch, text.data());
  return text;
}

std::optional<std::int64_t> time_from_text(std::string_view text) {
  if (text.size() != 30 || text[10] != 'T' || text[19] != '.' || text[29] != 'Z') {
    return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t count) {
    std::int64_t value = -1;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + count, value);
    return error == std::errc() && end == text.data() + at + count ? value : -1;
  };
  const std::int64_t year = number(0, 4);
  const std::int64_t month = number(5, 2);
  const std::int64_t day = number(8, 2);
  const std::int64_t hour = number(11, 2);
  const std::int64_t minute = number(14, 2);
  const std::int64_t second = number(17, 2);
  const std::int64_t ns = number(20, 9);
  // Nanoseconds of 64 bits reach a little further.
  constexpr std::int64_t kFirstYear = 1678;
  constexpr std::int64_t kLastYear = 2261;
  if (year < kFirstYear || year > kLastYear || month < 1 || month > 12 || day < 1 || hour < 0 ||
      minute < 0 || second < 0 || ns < 0) {
    return std::nullopt;
  }
  const std::int64_t days =
      days_from_date({year, static_cast<unsigned>(month), static_cast<unsigned>(day)});
  const std::int64_t time =
      ((days * 24 + hour) * 60 + minute) * 60 * kSecond + second * kSecond + ns;
  // A time has one spelling: no 31st of February, no 25th hour, no other signs between the parts.
  return time_text(time) == text ? std::optional(time) : std::nullopt;
}

}  // namespace licet::log
