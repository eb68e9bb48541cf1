#include "eval/builtins/ip.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace licet::builtins {
namespace {

TEST(Ip, addresses_are_taken_as_go_takes_them) {
  for (const char* const text : {"0.0.0.0", "10.1.2.3", "255.255.255.255", "::1", "2001:db8::8"}) {
    const auto address = address_from_text(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(text_of(*address), text);
  }
  EXPECT_EQ(address_from_text("::ffff:10.1.2.3"), address_from_text("10.1.2.3"));
  for (const char* const text :
       {"", "1", "1.2.3", "1.2.3.", ".1.2.3", "1.2.3.4.", "1.2.3.4.5", "1..2.3", "256.1.1.1",
        "1.2.3.1000", "01.2.3.4", "1.2.3.04", "1.2.3.00", " 1.2.3.4", "1.2.3.4 ", "+1.2.3.4",
        "1.2.3.a", "1,2.3.4"}) {
    EXPECT_FALSE(address_from_text(text).has_value()) << text;
  }
}

// Texts are read 16 bytes at a time where that is possible, so what lies behind them must not
// matter and they must be read otherwise at the end of a page.
class PlacedText {
 public:
  std::string_view amid_digits(const std::string& text) {
    std::memset(page(), '9', 32);
    return put(page() + 3, text);
  }
  std::string_view amid_points(const std::string& text) {
    std::memset(page(), '.', 32);
    return put(page() + 3, text);
  }
  std::string_view at_the_end_of_a_page(const std::string& text) {
    return put(page() + kPage - text.size(), text);
  }

 private:
  static constexpr std::size_t kPage = 4096;
  char* page() {
    const auto address = reinterpret_cast<std::uintptr_t>(room_.data());
    return room_.data() + (kPage - address % kPage) % kPage;
  }
  static std::string_view put(char* at, const std::string& text) {
    if (!text.empty()) std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }
  std::vector<char> room_ = std::vector<char>(2 * kPage);
};

std::uint64_t v4_of_the_system(const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.c_str(), &address) != 1) return kNoV4;
  return ntohl(address.s_addr);
}

TEST(Ip, v4_is_read_as_the_system_does_wherever_it_lies) {
  const std::vector<std::string> parts = {"0",   "1",   "9",   "10",  "99",  "100", "199",  "200",
                                          "249", "250", "255", "256", "260", "300", "999",  "00",
                                          "01",  "010", "",    "a",   "1a",  ":",   "1234", "-1"};
  PlacedText placed;
  const auto check = [&](const std::string& text) {
    const auto wanted = v4_of_the_system(text);
    EXPECT_EQ(v4_from_text(placed.amid_digits(text)), wanted) << text;
    EXPECT_EQ(v4_from_text(placed.amid_points(text)), wanted) << text;
    EXPECT_EQ(v4_from_text(placed.at_the_end_of_a_page(text)), wanted) << text;
  };
  for (const std::string& a : parts) {
    for (const std::string& b : parts) {
      for (const std::string& c : parts) {
        // All four, where the first and the last are of all kinds and the others vary less.
        check(a + "." + b + "." + b + "." + c);
        check(a + "." + b + "." + c + "." + a);
      }
      check(a + "." + b);
      check(a + "." + b + "." + a);
      check(a + "." + b + ".7.8.9");
      check(a + "." + b + ".7,8");
      check(a + "." + b + ".7.8.");
    }
  }
}

}  // namespace
}  // namespace licet::builtins
