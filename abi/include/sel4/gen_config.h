/* SPDX-License-Identifier: BSD-2-Clause */
/* Options of the API library: how its stubs are linked, and where the IPC buffer pointer lives. */
#pragma once

#ifndef TESSERA_OUTLINE_STUBS
#define CONFIG_LIB_SEL4_INLINE_INVOCATIONS 1 /* stubs are static inline; otherwise weak functions */
#endif

#define CONFIG_LIB_SEL4_FUNCTION_ATTRIBUTE      inline
#define CONFIG_LIB_SEL4_PRINT_INVOCATION_ERRORS 0

#ifndef TESSERA_GLOBAL_IPC_BUFFER
#define CONFIG_LIB_SEL4_USE_THREAD_LOCALS                                                                    \
        1 /* __sel4_ipc_buffer is thread-local; otherwise one plain global */
#endif
