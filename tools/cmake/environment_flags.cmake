# SPDX-License-Identifier: BSD-2-Clause
# add_default_compilation_options(): the flags for freestanding programs.
macro(add_default_compilation_options)
  add_compile_options(-nostdinc -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -ftls-model=local-exec
                      -mstrict-align -mno-outline-atomics)
endmacro()
