# SPDX-License-Identifier: BSD-2-Clause
# check_arch_compiler(): checks that the compiler generates AArch64 code.
function(check_arch_compiler)
  if(NOT CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
    message(FATAL_ERROR "Tessera: the compiler is for ${CMAKE_SYSTEM_PROCESSOR}: use the toolchain file gcc.cmake")
  endif()
endfunction()
check_arch_compiler()
