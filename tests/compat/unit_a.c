/* SPDX-License-Identifier: BSD-2-Clause */
/* First of two translation units that use the same headers: the program's entry and the library's variables. */
#include "unit.h"

#ifdef __cplusplus
extern "C" {
#endif
LIBSEL4_THREAD_LOCAL seL4_IPCBuffer *__sel4_ipc_buffer;
void _start(void);

void __assert_fail(const char *condition, const char *file, int line, const char *function)
{
        (void)condition;
        (void)file;
        (void)line;
        (void)function;
        for (;;)
                seL4_Yield();
}

void _start(void)
{
        seL4_Error error = seL4_TCB_Suspend(seL4_CapInitThreadTCB);

        if (error == seL4_NoError)
                error = seL4_CNode_Delete(seL4_CapInitThreadCNode, other_unit(seL4_GetMR(0)), seL4_WordBits);
        seL4_SetMR(0, (seL4_Word)error);
        seL4_Send(seL4_GetCap(0), seL4_MessageInfo_new(0, 0, 0, 1));
}
#ifdef __cplusplus
}
#endif
