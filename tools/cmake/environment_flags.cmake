# SPDX-License-Identifier: BSD-2-Clause
# add_default_compilation_options(): what programs without a system are compiled with.
macro(add_default_compilation_options)
  add_compile_options(-nostdinc -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -ftls-model=local-exec
                      -mstrict-align -mno-outline-atomics)
endmacro()
