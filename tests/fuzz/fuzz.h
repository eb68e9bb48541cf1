// What the fuzz targets share.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "eval/engine.h"

namespace licet::fuzz {

inline constexpr std::string_view kRequest =
    R"({"user":{"id":"u","roles":["a"]},"model":{"id":"m"},"request":{"action":"a"},"x":[1,2.5,null]})";

// Ends the process, as a crash does, if `holds` is false.
void check(bool holds, const char* what);

// Decides the request and asks for every document of the program, within small limits.
void run_all(std::shared_ptr<const Program> program, std::string_view request);

// Makes the checksum of an image what it should be.
void set_checksum(std::string& image);

}  // namespace licet::fuzz
