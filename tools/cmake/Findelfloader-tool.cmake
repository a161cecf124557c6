# SPDX-License-Identifier: BSD-2-Clause
# find_package(elfloader-tool): the boot image is made by mkimage; there is no loader to configure.
macro(elfloader_import_project)
  set(ElfloaderImage binary CACHE STRING "")
endmacro()
macro(ApplyData61ElfLoaderSettings platform arch)
  set(ElfloaderImage binary CACHE STRING "")
endmacro()
include(FindPackageHandleStandardArgs)
set(TESSERA_MKIMAGE "${CMAKE_CURRENT_LIST_DIR}/../mkimage" CACHE INTERNAL "")
find_package_handle_standard_args(elfloader-tool DEFAULT_MSG TESSERA_MKIMAGE)
