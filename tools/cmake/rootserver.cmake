# SPDX-License-Identifier: BSD-2-Clause
# DeclareRootserver(target): the image of this root task, images/TARGET-image-arm-PLATFORM, by mkimage.
function(DeclareRootserver target)
  if(TARGET rootserver_image)
    message(FATAL_ERROR "DeclareRootserver: there is a root task already; an image has one")
  endif()
  set(name "images/${target}-image-${KernelArch}-${KernelPlatform}")
  set(image "${CMAKE_BINARY_DIR}/${name}")
  target_link_options(${target} PRIVATE -u_sel4_start -e_sel4_start "-Wl,-T,${TESSERA_CMAKE}/tls_rootserver.lds" -static -nostdlib
                      -no-pie -Wl,-z,max-page-size=0x1000 -Wl,--build-id=none)
  set(form "")
  if(ElfloaderImage STREQUAL "elf")
    set(form --elf 0x40200000)
  elseif(ElfloaderImage STREQUAL "uimage")
    set(form --uimage)
  elseif(NOT ElfloaderImage MATCHES "^(binary|efi)?$")
    message(FATAL_ERROR "Tessera: ElfloaderImage is '${ElfloaderImage}'; there are binary, efi (the same file), elf and uimage")
  endif()
  add_custom_command(
    OUTPUT "${image}"
    COMMAND ${CMAKE_COMMAND} -E make_directory "${CMAKE_BINARY_DIR}/images"
    COMMAND "${TESSERA_SDK}/mkimage" ${TESSERA_IMAGE_OPTIONS} ${form} "$<TARGET_FILE:${target}>" -o "${image}"
    DEPENDS ${target} "$<TARGET_FILE:${target}>" "${TESSERA_SDK}/mkimage"
    VERBATIM)
  add_custom_target(rootserver_image ALL DEPENDS "${image}")
  set_target_properties(rootserver_image PROPERTIES ROOTSERVER_IMAGE "$<TARGET_FILE:${target}>" IMAGE_NAME "${name}" KERNEL_IMAGE_NAME
                                                                                                            "kernel.elf")
  if(NOT TARGET elfloader)
    add_executable(elfloader IMPORTED GLOBAL)
  endif()
  set_target_properties(elfloader PROPERTIES IMPORTED_LOCATION "${image}")
  add_dependencies(elfloader rootserver_image)
endfunction()
