# SPDX-License-Identifier: BSD-2-Clause
# GenerateSimulateScript(): `simulate` in the build folder starts the image in QEMU.
function(SetSimulationScriptProperty name value)
  set_property(GLOBAL PROPERTY TESSERA_SIMULATION_${name} "${value}")
endfunction()

function(GenerateSimulateScript)
  get_property(memory GLOBAL PROPERTY TESSERA_SIMULATION_MEM_SIZE)
  if(NOT memory)
    set(memory "${QEMU_MEMORY}M")
  endif()
  get_target_property(image rootserver_image IMAGE_NAME)
  set(machine virt)
  if(KernelArmHypervisorSupport)
    set(machine virt,virtualization=on)
  endif()
  file(WRITE "${CMAKE_BINARY_DIR}/simulate"
       "#!/bin/sh\nexec qemu-system-aarch64 -machine ${machine} -smp ${KernelMaxNumNodes} -cpu ${KernelArmCPU} -nographic -m ${memory} -kernel \"$(dirname \"$0\")/${image}\" \"$@\"\n")
  file(CHMOD "${CMAKE_BINARY_DIR}/simulate" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
       WORLD_EXECUTE)
endfunction()
