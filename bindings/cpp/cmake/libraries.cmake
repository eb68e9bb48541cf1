# The libraries that a program with Licet in it links. Licet's own build and find_package(licet)
# both read this file, so that they look for the same things.
#
# What is not there goes to LICET_MISSING (what, for people) and LICET_MISSING_PACKAGES (how Debian
# calls it), so that one message can name everything at once.
set(LICET_MISSING "")
set(LICET_MISSING_PACKAGES "")

# A library with a CMake package; further arguments go to find_package.
macro(licet_find_package name debian_package)
  find_package(${name} QUIET ${ARGN})
  if(NOT ${name}_FOUND)
    list(APPEND LICET_MISSING ${name})
    list(APPEND LICET_MISSING_PACKAGES ${debian_package})
  endif()
endmacro()

# A library that comes without one: makes the target licet_system::NAME.
macro(licet_find_library name header debian_package)
  find_path(LICET_${name}_INCLUDE_DIR ${header})
  find_library(LICET_${name}_LIBRARY ${name})
  mark_as_advanced(LICET_${name}_INCLUDE_DIR LICET_${name}_LIBRARY)
  if(NOT LICET_${name}_INCLUDE_DIR OR NOT LICET_${name}_LIBRARY)
    list(APPEND LICET_MISSING "${name} (${header})")
    list(APPEND LICET_MISSING_PACKAGES ${debian_package})
  elseif(NOT TARGET licet_system::${name})
    add_library(licet_system::${name} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(licet_system::${name} PROPERTIES
      IMPORTED_LOCATION "${LICET_${name}_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${LICET_${name}_INCLUDE_DIR}")
  endif()
endmacro()

licet_find_package(simdjson libsimdjson-dev 3)
licet_find_package(OpenSSL libssl-dev 3)
licet_find_package(yaml-cpp libyaml-cpp-dev)
licet_find_package(date libhowardhinnant-date-dev)
licet_find_library(gmp gmp.h libgmp-dev)
licet_find_library(mpfr mpfr.h libmpfr-dev)
licet_find_library(re2 re2/re2.h libre2-dev)
licet_find_library(xxhash xxhash.h libxxhash-dev)
licet_find_library(utf8proc utf8proc.h libutf8proc-dev)
licet_find_library(zstd zstd.h libzstd-dev)
find_package(Threads REQUIRED)
