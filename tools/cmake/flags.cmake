# SPDX-License-Identifier: BSD-2-Clause
# Flags of programs for this kernel.
set(_tessera_flags "-mcpu=cortex-a53 -mstrict-align -mno-outline-atomics -fno-pic -fno-pie -fno-stack-protector -ftls-model=local-exec")
foreach(_l IN ITEMS C CXX ASM)
  set(CMAKE_${_l}_FLAGS "${CMAKE_${_l}_FLAGS} ${_tessera_flags}")
endforeach()
set(CMAKE_EXE_LINKER_FLAGS "${CMAKE_EXE_LINKER_FLAGS} -static -nostdlib -no-pie -Wl,-z,max-page-size=0x1000 -Wl,--build-id=none")
