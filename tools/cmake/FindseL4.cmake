# SPDX-License-Identifier: BSD-2-Clause
# find_package(seL4): the kernel and its API from this SDK, under the names of the public build system.
get_filename_component(TESSERA_SDK "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(TESSERA_CMAKE "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "")
set(TESSERA_SDK "${TESSERA_SDK}" CACHE INTERNAL "")
set(KERNEL_PATH "${CMAKE_CURRENT_LIST_DIR}" CACHE STRING "")
set(KERNEL_HELPERS_PATH "${CMAKE_CURRENT_LIST_DIR}/helpers.cmake" CACHE STRING "")
set(KERNEL_CONFIG_PATH "${CMAKE_CURRENT_LIST_DIR}/configs/seL4Config.cmake" CACHE STRING "")
mark_as_advanced(KERNEL_PATH KERNEL_HELPERS_PATH KERNEL_CONFIG_PATH)

macro(sel4_configure_platform_settings)
  include("${KERNEL_CONFIG_PATH}")
endmacro()

macro(sel4_import_kernel)
  include("${TESSERA_CMAKE}/kernel.cmake")
endmacro()

macro(sel4_import_libsel4)
  if(NOT TARGET sel4)
    foreach(_t IN ITEMS sel4 sel4_Config sel4_autoconf sel4_generated)
      add_library(${_t} INTERFACE)
      target_include_directories(${_t} INTERFACE "${TESSERA_SDK}/libsel4/include")
    endforeach()
    target_link_libraries(sel4 INTERFACE kernel_Config sel4_Config)
  endif()
endmacro()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(seL4 DEFAULT_MSG TESSERA_SDK)
