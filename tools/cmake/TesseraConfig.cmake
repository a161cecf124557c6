# SPDX-License-Identifier: BSD-2-Clause
# find_package(Tessera): for programs that do not come from the public build system.
#
#   find_package(Tessera REQUIRED)
#   add_executable(hello main.c)
#   tessera_root_task(hello [RELEASE] [CNODE_BITS n] [DOMAINS n] [CORES n] [EXPORTS vcnt pcnt ptmr pmu])
#
# Tessera::sel4 is the API alone; tessera_root_task links the libraries with their start code and packs hello.img.
get_filename_component(TESSERA_SDK "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(TESSERA_SDK "${TESSERA_SDK}" CACHE INTERNAL "")

if(NOT TARGET Tessera::sel4)
  add_library(Tessera::sel4 INTERFACE IMPORTED GLOBAL)
  set_target_properties(Tessera::sel4 PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${TESSERA_SDK}/libsel4/include")
  add_library(Tessera::libraries INTERFACE IMPORTED GLOBAL)
  file(GLOB _tessera_archives "${TESSERA_SDK}/lib/*.a")
  set_target_properties(Tessera::libraries PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${TESSERA_SDK}/libsel4/include;${TESSERA_SDK}/include"
    INTERFACE_LINK_LIBRARIES "-Wl,--start-group;${_tessera_archives};gcc;-Wl,--end-group")
endif()

function(tessera_root_task target)
  cmake_parse_arguments(PARSE_ARGV 1 rt "RELEASE" "CNODE_BITS;DOMAINS;CORES" "EXPORTS")
  if(rt_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tessera_root_task: unknown arguments: ${rt_UNPARSED_ARGUMENTS}")
  endif()
  set(options --debug)
  if(rt_RELEASE)
    set(options --release)
    target_compile_definitions(${target} PRIVATE TESSERA_RELEASE=1)
  endif()
  if(rt_CNODE_BITS)
    list(APPEND options --cnode-bits ${rt_CNODE_BITS})
  endif()
  if(rt_DOMAINS)
    list(APPEND options --domains ${rt_DOMAINS})
  endif()
  if(rt_CORES)
    list(APPEND options --cores ${rt_CORES})
    target_compile_definitions(${target} PRIVATE CONFIG_MAX_NUM_NODES=${rt_CORES} CONFIG_ENABLE_SMP_SUPPORT=1)
  endif()
  foreach(export IN LISTS rt_EXPORTS)
    list(APPEND options --export-${export})
  endforeach()
  target_link_libraries(${target} PRIVATE Tessera::libraries)
  target_compile_options(${target} PRIVATE -ffreestanding -fno-pic -fno-stack-protector -mno-outline-atomics -mcpu=cortex-a53)
  target_link_options(${target} PRIVATE -static -nostdlib -no-pie -Wl,-z,max-page-size=0x1000 -Wl,--build-id=none)
  add_custom_command(
    OUTPUT ${target}.img
    COMMAND "${TESSERA_SDK}/mkimage" ${options} "$<TARGET_FILE:${target}>" -o "${CMAKE_CURRENT_BINARY_DIR}/${target}.img"
    DEPENDS ${target} "$<TARGET_FILE:${target}>"
    VERBATIM)
  add_custom_target(${target}_image ALL DEPENDS ${target}.img)
endfunction()
