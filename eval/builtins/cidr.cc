// net.cidr_*: IPv4 and IPv6 networks.
#include <algorithm>
#include <optional>

#include "eval/builtins/families.h"
#include "eval/builtins/ip.h"
#include "eval/builtins/operands.h"

namespace licet::builtins {
namespace {

// nullopt with the failure set.
std::optional<Network> network_operand(Context& context, const Value& value) {
  if (!value.is_string()) {
    context.fail_operand(1, "string", value);
    return std::nullopt;
  }
  const std::optional<Network> network = network_from_text(value.as_string());
  if (!network) context.fail("invalid CIDR address: " + std::string(value.as_string()));
  return network;
}

// An address counts as a network of one.
std::optional<Network> address_or_network_operand(Context& context, const Value& value) {
  if (value.is_string()) {
    if (const std::optional<Address> address = address_from_text(value.as_string())) {
      return Network{*address, address->width()};
    }
    if (const std::optional<Network> network = network_from_text(value.as_string())) {
      return network;
    }
    context.fail("not a valid textual representation of an IP address or CIDR: " +
                 std::string(value.as_string()));
    return std::nullopt;
  }
  context.fail_operand(1, "string", value);
  return std::nullopt;
}

bool contains(const Network& network, const Network& other) {
  return network.prefix <= other.prefix && network.contains(other.base());
}

Value net_cidr_contains(Context& context, std::span<const Value> arguments) {
  const std::optional<Network> network = network_operand(context, arguments[0]);
  if (!network) return Value::undefined();
  const std::optional<Network> other = address_or_network_operand(context, arguments[1]);
  if (!other) return Value::undefined();
  return Value::boolean(contains(*network, *other));
}

Value net_cidr_intersects(Context& context, std::span<const Value> arguments) {
  const std::optional<Network> a = network_operand(context, arguments[0]);
  if (!a) return Value::undefined();
  const std::optional<Network> b = network_operand(context, arguments[1]);
  if (!b) return Value::undefined();
  return Value::boolean(a->contains(b->base()) || b->contains(a->base()));
}

Value net_cidr_is_valid(Context&, std::span<const Value> arguments) {
  return Value::boolean(arguments[0].is_string() &&
                        network_from_text(arguments[0].as_string()).has_value());
}

Value net_cidr_expand(Context& context, std::span<const Value> arguments) {
  constexpr int kMaxHostBits = 20;
  const std::optional<Network> network = network_operand(context, arguments[0]);
  if (!network) return Value::undefined();
  if (network->host_bits() > kMaxHostBits) return fail_output(context);
  const std::uint64_t count = std::uint64_t{1} << network->host_bits();
  if (!context.charge(12 * count)) return Value::undefined();
  ArrayBuilder addresses(context.arena);
  addresses.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    addresses.add(context.string(text_of(Address{network->base().bits + i})));
  }
  return addresses.set();
}

// --- matches ------------------------------------------------------------------------------------

// A network of one operand of net.cidr_contains_matches and what stands for it in the answer.
struct Candidate {
  Value text;  // undefined: the element cannot be one
  Value index;
};

// Strings, and arrays that begin with one.
std::vector<Candidate> candidates_of(const Value& operand) {
  std::vector<Candidate> candidates;
  const auto add = [&](const Value& element, const Value& index) {
    const bool is_array = element.is_array() && element.size() > 0;
    candidates.push_back({is_array              ? element.elements()[0]
                          : element.is_string() ? element
                                                : Value::undefined(),
                          index});
  };
  if (operand.is_string()) {
    add(operand, operand);
  } else if (operand.is_object()) {
    for (const Entry& entry : operand.entries()) add(entry.value, entry.key);
  } else if (operand.is_array() || operand.is_set()) {  // anything else holds no networks
    std::int64_t index = 0;
    for (const Value& element : operand.elements()) {
      add(element, operand.is_set() ? element : Value::integer(index++));
    }
  }
  return candidates;
}

bool is_candidate(Context& context, const Candidate& candidate, int position) {
  if (!candidate.text.is_undefined()) return true;
  context.fail("operand " + std::to_string(position) +
               ": element must be string or non-empty array");
  return false;
}

// Looks at pair after pair, so that of several mistakes the first one is told.
Value net_cidr_contains_matches(Context& context, std::span<const Value> arguments) {
  const std::vector<Candidate> outer = candidates_of(arguments[0]);
  const std::vector<Candidate> inner = candidates_of(arguments[1]);
  if (!context.charge(outer.size() * (inner.size() + 1) + 8 * inner.size())) {
    return Value::undefined();
  }
  ArrayBuilder matches(context.arena);
  std::vector<Network> others;
  for (const Candidate& candidate : outer) {
    if (!is_candidate(context, candidate, 1)) return Value::undefined();
    std::optional<Network> network;
    for (std::size_t i = 0; i < inner.size(); ++i) {
      if (!is_candidate(context, inner[i], 2)) return Value::undefined();
      if (!network) network = network_operand(context, candidate.text);
      if (!network) return Value::undefined();
      if (i == others.size()) {
        const auto other = address_or_network_operand(context, inner[i].text);
        if (!other) return Value::undefined();
        others.push_back(*other);
      }
      if (!contains(*network, others[i])) continue;
      const Value pair[] = {candidate.index, inner[i].index};
      matches.add(Value::array(pair, context.arena));
    }
  }
  return matches.set();
}

// --- merging ------------------------------------------------------------------------------------

struct AddressRange {
  AddressBits first = 0;
  AddressBits last = 0;
  std::optional<Network> network;  // if it is one as given
};

// An IPv4 address alone stands for its historic class: A, B or C.
std::optional<Network> mergeable_network(Context& context, const Value& value) {
  if (!value.is_string()) {
    context.fail("element must be string");
    return std::nullopt;
  }
  const std::optional<Address> address = address_from_text(value.as_string());
  if (!address) return network_operand(context, value);
  if (!address->is_v4()) {
    context.fail("IPv6 invalid: needs prefix length");
    return std::nullopt;
  }
  const auto first_byte = static_cast<unsigned>(address->bits >> 24 & 0xFF);
  return Network{*address, first_byte < 0x80 ? 8 : first_byte < 0xC0 ? 16 : 24};
}

// The fewest networks that cover exactly the range.
void append_networks(AddressRange range, ArrayBuilder& out, Context& context) {
  while (true) {
    const int width = Address{range.first}.width();
    int host_bits = 0;
    const auto mask = [](int bits) {
      return bits == 128 ? ~AddressBits{0} : (AddressBits{1} << bits) - 1;
    };
    while (host_bits < width && (range.first & mask(host_bits + 1)) == 0 &&
           (range.first | mask(host_bits + 1)) <= range.last) {
      ++host_bits;
    }
    out.add(context.string(text_of(Network{Address{range.first}, width - host_bits})));
    const AddressBits covered = range.first | mask(host_bits);
    if (covered >= range.last) return;
    range.first = covered + 1;
  }
}

// Joins ranges that overlap or touch, from the end, as OPA does.
std::vector<AddressRange> joined(std::vector<AddressRange> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const AddressRange& a, const AddressRange& b) {
    return a.last != b.last ? a.last < b.last : a.first < b.first;
  });
  std::vector<AddressRange> out;  // descending
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
    if (out.empty()) {
      out.push_back(*range);
      continue;
    }
    AddressRange& above = out.back();
    const bool overlaps = range->last >= above.first;
    const bool touches = range->last + 1 == above.first &&
                         Address{range->last}.is_v4() == Address{above.first}.is_v4();
    if (overlaps || touches) {
      above = {std::min(above.first, range->first), above.last, std::nullopt};
    } else {
      out.push_back(*range);
    }
  }
  return out;
}

Value net_cidr_merge(Context& context, std::span<const Value> arguments) {
  std::vector<AddressRange> ranges;
  if (!arguments[0].is_array() && !arguments[0].is_set()) {
    return context.fail("operand must be an array");
  }
  if (!context.charge(16 * arguments[0].size())) return Value::undefined();
  for (const Value& element : arguments[0].elements()) {
    const std::optional<Network> network = mergeable_network(context, element);
    if (!network) return Value::undefined();
    ranges.push_back({network->base().bits, network->last().bits, network});
  }
  ArrayBuilder merged(context.arena);
  for (const AddressRange& range : joined(std::move(ranges))) {
    if (range.network) {
      merged.add(context.string(text_of(*range.network)));
    } else {
      append_networks(range, merged, context);
    }
  }
  return merged.set();
}

constexpr std::string_view kMatchable =
    "(any<string, array[any<string, array[any]>], object[string: any<string, array[any]>], "
    "set[any<string, array[any]>]>, any<string, array[any<string, array[any]>], object[string: "
    "any<string, array[any]>], set[any<string, array[any]>]>) => set[array<any, any>]";

constexpr Row kRows[] = {
    {"net.cidr_contains",
     "(string, string) => boolean",
     net_cidr_contains,
     "Whether the network contains the address or all of the other network.",
     {R"(net.cidr_contains("10.0.0.0/8", "10.1.2.3"))", "true"},
     BuiltinTrait::kPure,
     {},
     OperandCheck::kByFunction},
    {"net.cidr_overlap",
     "(string, string) => boolean",
     net_cidr_contains,
     "The older name of net.cidr_contains.",
     {R"(net.cidr_overlap("10.0.0.0/8", "10.1.0.0/16"))", "true"}},
    {"net.cidr_contains_matches",
     kMatchable,
     net_cidr_contains_matches,
     "Pairs of a network of the first operand and what it contains of the second: their array "
     "indices, object keys, or themselves.",
     {R"(net.cidr_contains_matches("1.1.1.0/24", ["1.1.1.128", "2.0.0.1"]))",
      R"({["1.1.1.0/24", 0]})"},
     BuiltinTrait::kPure,
     {},
     OperandCheck::kByFunction},
    {"net.cidr_expand",
     "(string) => set[string]",
     net_cidr_expand,
     "All addresses of the network, up to 2^20 of them.",
     {R"(net.cidr_expand("10.0.0.0/31"))", R"({"10.0.0.0", "10.0.0.1"})"}},
    {"net.cidr_intersects",
     "(string, string) => boolean",
     net_cidr_intersects,
     "Whether two networks have an address in common.",
     {R"(net.cidr_intersects("10.0.0.0/8", "10.1.0.0/16"))", "true"},
     BuiltinTrait::kPure,
     {},
     OperandCheck::kByFunction},
    {"net.cidr_is_valid",
     "(string) => boolean",
     net_cidr_is_valid,
     "Whether the text is a network such as 10.0.0.0/8; false for what is no string.",
     {R"(net.cidr_is_valid("10.0.0.0/33"))", "false"},
     BuiltinTrait::kPure,
     {},
     OperandCheck::kByFunction},
    {"net.cidr_merge",
     "(any<array[any<string>], set[string]>) => set[string]",
     net_cidr_merge,
     "The fewest networks that cover the same addresses.",
     {R"(net.cidr_merge(["10.0.0.0/9", "10.128.0.0/9"]))", R"({"10.0.0.0/8"})"},
     BuiltinTrait::kPure,
     {},
     OperandCheck::kByFunction},
};

}  // namespace

Family cidr_family() { return kRows; }

}  // namespace licet::builtins
