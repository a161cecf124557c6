# SPDX-License-Identifier: BSD-2-Clause
# MakeCPIO(output "files" [CPIO_SYMBOL name] [DEPENDS ...]): an object file that holds an archive of them.
function(MakeCPIO output files)
  cmake_parse_arguments(PARSE_ARGV 2 mc "" "CPIO_SYMBOL" "DEPENDS")
  if(NOT mc_CPIO_SYMBOL)
    set(mc_CPIO_SYMBOL _cpio_archive)
  endif()
  set(pairs "")
  foreach(file IN LISTS files)
    list(APPEND pairs "${file}")
  endforeach()
  get_filename_component(base "${output}" NAME)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${base}.d")
  file(WRITE "${folder}/archive.S" ".section ._archive_cpio, \"a\"\n.globl ${mc_CPIO_SYMBOL}, ${mc_CPIO_SYMBOL}_end\n.balign 16\n"
       "${mc_CPIO_SYMBOL}:\n.incbin \"${folder}/archive.cpio\"\n${mc_CPIO_SYMBOL}_end:\n.byte 0\n")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${TESSERA_CMAKE}/mkcpio" --plain "${folder}/archive.cpio" ${pairs}
    COMMAND ${CMAKE_C_COMPILER} -c "${folder}/archive.S" -o "${output}"
    DEPENDS ${files} ${mc_DEPENDS}
    COMMAND_EXPAND_LISTS VERBATIM)
endfunction()
