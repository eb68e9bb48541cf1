#include "eval/builtins/ip.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace licet::builtins
