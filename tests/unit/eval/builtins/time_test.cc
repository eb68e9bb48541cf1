#include <gtest/gtest.h>

#include "eval/builtins/time_duration.h"
#include "eval/builtins/time_layout.h"
#include "tests/unit/eval/builtins/answer_of.h"

namespace licet::test {
namespace {

using builtins::CivilTime;

TEST(Time, the_clock_is_the_decisions) {
  EXPECT_EQ(answer_of("time.now_ns", "[]", {.now_ns = 1700000000123456789}), "1700000000123456789");
}

TEST(Time, civil_dates_round_trip_over_centuries) {
  for (std::int64_t day = -800'000; day < 800'000; day += 97) {
    CivilTime time;
    builtins::set_date(time, day);
    EXPECT_EQ(builtins::days_from_civil(time.year, time.month, time.day), day);
    EXPECT_EQ(builtins::days_from_civil(time.year, 1, time.year_day), day);
  }
}

TEST(Time, what_is_formatted_can_be_parsed) {
  constexpr std::string_view kLayouts[] = {"ANSIC",       "RubyDate",
                                           "RFC1123Z",    "RFC3339",
                                           "RFC3339Nano", "2006-002 15:04:05.000000000 -07:00:00"};
  for (std::int64_t seconds = -2'000'000'000; seconds < 4'000'000'000; seconds += 123'456'789) {
    const std::int64_t days = (seconds >= 0 ? seconds : seconds - 86'399) / 86'400;
    const auto of_day = static_cast<int>(seconds - days * 86'400);
    CivilTime time{.hour = of_day / 3600, .minute = of_day / 60 % 60, .second = of_day % 60};
    builtins::set_date(time, days);
    for (const std::string_view name : kLayouts) {
      const std::string_view layout = builtins::layout_of(name);
      const auto parsed = builtins::parse_time(layout, builtins::format_time(time, layout));
      ASSERT_TRUE(parsed.has_value()) << parsed.error();
      EXPECT_EQ(parsed.value().seconds, seconds) << name;
    }
  }
}

TEST(Time, summer_time_goes_on_after_the_last_listed_year) {
  // 2060-07-01T12:00:00Z
  EXPECT_EQ(answer_of("time.clock", R"([[2856081600000000000, "Europe/Berlin"]])"), "[14, 0, 0]");
}

TEST(Time, zones_outside_the_list_are_errors) {
  for (const char* const zone : {"nope", "../etc/passwd", "Europe", "America/New_York\\u0000"}) {
    EXPECT_EQ(answer_of("time.date", R"([[0, ")" + std::string(zone) + R"("]])"),
              "eval_builtin_error")
        << zone;
  }
}

TEST(Time, add_date_takes_what_other_times_are_written_as) {
  EXPECT_EQ(answer_of("time.add_date", R"([[0, "UTC"], 0, 0, 1])"), "86400000000000");
  EXPECT_EQ(answer_of("time.add_date", R"(["0", 0, 0, 1])"), "eval_type_error");
}

TEST(Time, far_away_dates_are_errors) {
  EXPECT_EQ(answer_of("time.add_date", "[0, 300, 0, 0]"), "eval_builtin_error");
  EXPECT_EQ(answer_of("time.add_date", "[0, 0, 0, 200000]"), "eval_builtin_error");
}

TEST(Time, numbers_of_years_months_and_days_wrap_around_as_in_opa) {
  EXPECT_EQ(answer_of("time.add_date", "[0, 9223372036854775807, 0, 0]"), "-31487616000000000");
  EXPECT_EQ(answer_of("time.add_date", "[0, 0, 9223372036854775807, 0]"), "-2688768000000000");
  EXPECT_EQ(answer_of("time.add_date", "[0, 0, 0, 9223372036854775807]"), "-86400000000000");
  EXPECT_EQ(answer_of("time.add_date", "[1700000000000000000, -9223372036854775808, 0, 0]"),
            "1699961984000000000");
}

TEST(Duration, limits_are_those_of_64_bits) {
  EXPECT_EQ(builtins::duration_from_text("9223372036854775807ns"), INT64_MAX);
  EXPECT_EQ(builtins::duration_from_text("-9223372036854775808ns"), INT64_MIN);
  EXPECT_EQ(builtins::duration_from_text("9223372036854775808ns"), std::nullopt);
  EXPECT_EQ(builtins::duration_from_text("1d12h"), 36 * std::int64_t{3'600'000'000'000});
}

}  // namespace
}  // namespace licet::test
