/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations of threads and scheduling contexts, by the calls of the public API. */
#include "bench.h"

static const word ALL = sizeof(seL4_UserContext) / sizeof(word);

static word read_registers(word tcb)
{
        word m0 = 0, m1 = ALL, m2 = 0, m3 = 0;

        return seL4_MessageInfo_get_label(
                seL4_CallWithMRs(tcb, seL4_MessageInfo_new(TCBReadRegisters, 0, 0, 2), &m0, &m1, &m2, &m3));
}

TEST(registers, "")
{
        struct helper h, to;
        seL4_UserContext c;

        counting();
        helper_make(&h, PARTNER);
        helper_make(&to, PARTNER);
        /* The call alone; the library's function then copies 36 words from the buffer to the structure. */
        INVOKE("tcb-read-registers", read_registers(h.tcb));
        INVOKE("tcb-read-registers-unpacked", seL4_TCB_ReadRegisters(h.tcb, 0, 0, ALL, &c));
        INVOKE("tcb-read-registers-2", seL4_TCB_ReadRegisters(h.tcb, 0, 0, 2, &c));
        INVOKE("tcb-write-registers", seL4_TCB_WriteRegisters(h.tcb, 0, 0, ALL, &c));
        INVOKE("tcb-copy-registers", seL4_TCB_CopyRegisters(to.tcb, h.tcb, 0, 0, 1, 1, 0));
}

static void nothing(word a, word b)
{
        (void)a;
        (void)b;
        for (;;)
                seL4_Yield();
}

TEST(tcb, "")
{
        struct helper h;
        const word self = seL4_CapInitThreadTCB;
        word n = new_notification(), ep = new_endpoint();

        counting();
        helper_make(&h, 10);
        INVOKE("tcb-set-priority", seL4_TCB_SetPriority(h.tcb, self, 10));
        INVOKE("tcb-set-mc-priority", seL4_TCB_SetMCPriority(h.tcb, self, 100));
        INVOKE("tcb-set-sched-params", seL4_TCB_SetSchedParams(h.tcb, self, 100, 10, h.sc, ep));
        INVOKE("tcb-configure", seL4_TCB_Configure(h.tcb, ROOT, 0, VSPACE, 0, h.buffer, h.frame));
        INVOKE("tcb-set-space", seL4_TCB_SetSpace(h.tcb, ep, ROOT, 0, VSPACE, 0));
        INVOKE("tcb-set-ipc-buffer", seL4_TCB_SetIPCBuffer(h.tcb, h.buffer, h.frame));
        INVOKE("tcb-set-timeout-endpoint", seL4_TCB_SetTimeoutEndpoint(h.tcb, ep));
        INVOKE("tcb-set-tls-base", seL4_TCB_SetTLSBase(h.tcb, 0));
        INVOKE("tcb-set-flags", seL4_TCB_SetFlags(h.tcb, 0, 0).error);
        INVOKE_AFTER("tcb-bind-notification", seL4_TCB_UnbindNotification(h.tcb),
                     seL4_TCB_BindNotification(h.tcb, n));
        INVOKE_AFTER("tcb-unbind-notification", seL4_TCB_BindNotification(h.tcb, n),
                     seL4_TCB_UnbindNotification(h.tcb));
        helper_start(&h, nothing, 0, 0);
        INVOKE_AFTER("tcb-suspend", seL4_TCB_Resume(h.tcb), seL4_TCB_Suspend(h.tcb));
        INVOKE_AFTER("tcb-resume", seL4_TCB_Suspend(h.tcb), seL4_TCB_Resume(h.tcb));
}

TEST(contexts, "")
{
        const word control = suite_boot->schedcontrol.start;
        struct helper h;

        counting();
        helper_make(&h, 10);
        INVOKE("sched-configure", seL4_SchedControl_ConfigureFlags(control, h.sc, 10000, 10000, 0, 0, 0));
        INVOKE("sched-configure-sporadic",
               seL4_SchedControl_ConfigureFlags(control, h.sc, 5000, 10000, 4, 0, 0));
        INVOKE_AFTER("sc-unbind", seL4_SchedContext_Bind(h.sc, h.tcb), seL4_SchedContext_Unbind(h.sc));
        INVOKE_AFTER("sc-bind", seL4_SchedContext_Unbind(h.sc), seL4_SchedContext_Bind(h.sc, h.tcb));
        INVOKE("sc-consumed", seL4_SchedContext_Consumed(h.sc).error);
}
