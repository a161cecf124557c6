/* SPDX-License-Identifier: BSD-2-Clause */
/* Options of the API library: how its stubs are linked, and where the IPC buffer pointer lives.
 * Made by tools/gen-config; do not edit. */
/* clang-format off */
#pragma once

#ifndef TESSERA_OUTLINE_STUBS
#define CONFIG_LIB_SEL4_INLINE_INVOCATIONS 1 /* stubs are static inline; otherwise weak functions */
#endif
#ifndef TESSERA_GLOBAL_IPC_BUFFER
#define CONFIG_LIB_SEL4_USE_THREAD_LOCALS 1 /* its pointer is thread-local; otherwise a plain global */
#endif
#define CONFIG_LIB_SEL4_FUNCTION_ATTRIBUTE inline
#define CONFIG_LIB_SEL4_PRINT_INVOCATION_ERRORS 0
