/* SPDX-License-Identifier: BSD-2-Clause */
/* The variables that the public headers leave to the library. */
#include <sel4/sel4.h>

LIBSEL4_THREAD_LOCAL seL4_IPCBuffer *__sel4_ipc_buffer;
