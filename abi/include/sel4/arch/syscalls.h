/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on Arm, by the trap primitives.  Contracts are with the declarations in sel4/syscalls.h and
 * sel4/syscalls_mcs.h; how the debug and benchmark calls pass their arguments is in sel4/arch/syscalls_debug.h. */
#pragma once

#include <sel4/config.h>
#include <sel4/functions.h>
#include <sel4/macros.h>
#include <sel4/sel4_arch/syscalls.h>
#include <sel4/syscall.h>
#include <sel4/syscalls.h>
#include <sel4/types.h>

/* --- message registers: from and to the IPC buffer, from and to variables ------------------------------------ */

struct sel4_mrs {
        seL4_Word mr0, mr1, mr2, mr3;
};

LIBSEL4_INLINE_FUNC struct sel4_mrs sel4_load_mrs(void)
{
        struct sel4_mrs m = {seL4_GetMR(0), seL4_GetMR(1), seL4_GetMR(2), seL4_GetMR(3)};

        return m;
}

LIBSEL4_INLINE_FUNC void sel4_store_mrs(const struct sel4_mrs *m)
{
        seL4_SetMR(0, m->mr0);
        seL4_SetMR(1, m->mr1);
        seL4_SetMR(2, m->mr2);
        seL4_SetMR(3, m->mr3);
}

/* Variables with number below `length`; the others count as 0. */
LIBSEL4_INLINE_FUNC struct sel4_mrs sel4_take_mrs(seL4_Word length, const seL4_Word *mr0,
                                                  const seL4_Word *mr1, const seL4_Word *mr2,
                                                  const seL4_Word *mr3)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        if (mr0 && length > 0)
                m.mr0 = *mr0;
        if (mr1 && length > 1)
                m.mr1 = *mr1;
        if (mr2 && length > 2)
                m.mr2 = *mr2;
        if (mr3 && length > 3)
                m.mr3 = *mr3;
        return m;
}

LIBSEL4_INLINE_FUNC void sel4_give_mrs(const struct sel4_mrs *m, seL4_Word *mr0, seL4_Word *mr1,
                                       seL4_Word *mr2, seL4_Word *mr3)
{
        if (mr0)
                *mr0 = m->mr0;
        if (mr1)
                *mr1 = m->mr1;
        if (mr2)
                *mr2 = m->mr2;
        if (mr3)
                *mr3 = m->mr3;
}

/* All four or, for length 0, none: the rule of Send and NBSend. */
LIBSEL4_INLINE_FUNC seL4_Word sel4_all_or_none(seL4_MessageInfo_t info)
{
        return seL4_MessageInfo_get_length(info) > 0 ? 4 : 0;
}

/* --- the three shapes of a call ------------------------------------------------------------------------------ */

LIBSEL4_INLINE_FUNC void sel4_do_send(seL4_Word sys, seL4_CPtr dest, seL4_MessageInfo_t info,
                                      struct sel4_mrs m)
{
        arm_sys_send(sys, dest, info.words[0], m.mr0, m.mr1, m.mr2, m.mr3);
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t sel4_do_recv(seL4_Word sys, seL4_CPtr src, seL4_Word *sender,
                                                    struct sel4_mrs *m, seL4_CPtr reply)
{
        seL4_MessageInfo_t info;
        seL4_Word badge;

        arm_sys_recv(sys, src, &badge, &info.words[0], &m->mr0, &m->mr1, &m->mr2, &m->mr3, reply);
        if (sender)
                *sender = badge;
        return info;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t sel4_do_send_recv(seL4_Word sys, seL4_CPtr dest,
                                                         seL4_MessageInfo_t info, seL4_Word *sender,
                                                         struct sel4_mrs *m, seL4_CPtr reply)
{
        seL4_MessageInfo_t answer;
        seL4_Word badge;

        arm_sys_send_recv(sys, dest, &badge, info.words[0], &answer.words[0], &m->mr0, &m->mr1, &m->mr2,
                          &m->mr3, reply);
        if (sender)
                *sender = badge;
        return answer;
}

/* --- send ---------------------------------------------------------------------------------------------------- */

LIBSEL4_INLINE_FUNC void seL4_Send(seL4_CPtr dest, seL4_MessageInfo_t msgInfo)
{
        sel4_do_send((seL4_Word)seL4_SysSend, dest, msgInfo, sel4_load_mrs());
}

LIBSEL4_INLINE_FUNC void seL4_NBSend(seL4_CPtr dest, seL4_MessageInfo_t msgInfo)
{
        sel4_do_send((seL4_Word)seL4_SysNBSend, dest, msgInfo, sel4_load_mrs());
}

LIBSEL4_INLINE_FUNC void seL4_SendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word *mr0,
                                          seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
        sel4_do_send((seL4_Word)seL4_SysSend, dest, msgInfo,
                     sel4_take_mrs(sel4_all_or_none(msgInfo), mr0, mr1, mr2, mr3));
}

LIBSEL4_INLINE_FUNC void seL4_NBSendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word *mr0,
                                            seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
        sel4_do_send((seL4_Word)seL4_SysNBSend, dest, msgInfo,
                     sel4_take_mrs(sel4_all_or_none(msgInfo), mr0, mr1, mr2, mr3));
}

LIBSEL4_INLINE_FUNC void seL4_Signal(seL4_CPtr dest)
{
        arm_sys_send_null((seL4_Word)seL4_SysSend, dest, 0);
}

LIBSEL4_INLINE_FUNC void seL4_Yield(void)
{
        arm_sys_null((seL4_Word)seL4_SysYield);
}

/* --- receive ------------------------------------------------------------------------------------------------- */

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_Recv(seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply)
{
        struct sel4_mrs m;
        seL4_MessageInfo_t info = sel4_do_recv((seL4_Word)seL4_SysRecv, src, sender, &m, reply);

        sel4_store_mrs(&m);
        return info;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_NBRecv(seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply)
{
        struct sel4_mrs m;
        seL4_MessageInfo_t info = sel4_do_recv((seL4_Word)seL4_SysNBRecv, src, sender, &m, reply);

        sel4_store_mrs(&m);
        return info;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_Wait(seL4_CPtr src, seL4_Word *sender)
{
        struct sel4_mrs m;
        seL4_MessageInfo_t info = sel4_do_recv((seL4_Word)seL4_SysWait, src, sender, &m, 0);

        sel4_store_mrs(&m);
        return info;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_NBWait(seL4_CPtr src, seL4_Word *sender)
{
        struct sel4_mrs m;
        seL4_MessageInfo_t info = sel4_do_recv((seL4_Word)seL4_SysNBWait, src, sender, &m, 0);

        sel4_store_mrs(&m);
        return info;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_Poll(seL4_CPtr src, seL4_Word *sender)
{
        return seL4_NBWait(src, sender);
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_RecvWithMRs(seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply,
                                                        seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2,
                                                        seL4_Word *mr3)
{
        struct sel4_mrs m;
        seL4_MessageInfo_t info = sel4_do_recv((seL4_Word)seL4_SysRecv, src, sender, &m, reply);

        sel4_give_mrs(&m, mr0, mr1, mr2, mr3);
        return info;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_WaitWithMRs(seL4_CPtr src, seL4_Word *sender, seL4_Word *mr0,
                                                        seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
        struct sel4_mrs m;
        seL4_MessageInfo_t info = sel4_do_recv((seL4_Word)seL4_SysWait, src, sender, &m, 0);

        sel4_give_mrs(&m, mr0, mr1, mr2, mr3);
        return info;
}

/* --- send and receive ---------------------------------------------------------------------------------------- */

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_Call(seL4_CPtr dest, seL4_MessageInfo_t msgInfo)
{
        struct sel4_mrs m = sel4_load_mrs();
        seL4_MessageInfo_t answer = sel4_do_send_recv((seL4_Word)seL4_SysCall, dest, msgInfo, 0, &m, 0);

        sel4_store_mrs(&m);
        return answer;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_CallWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo,
                                                        seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2,
                                                        seL4_Word *mr3)
{
        struct sel4_mrs m = sel4_take_mrs(seL4_MessageInfo_get_length(msgInfo), mr0, mr1, mr2, mr3);
        seL4_MessageInfo_t answer = sel4_do_send_recv((seL4_Word)seL4_SysCall, dest, msgInfo, 0, &m, 0);

        sel4_give_mrs(&m, mr0, mr1, mr2, mr3);
        return answer;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_ReplyRecv(seL4_CPtr src, seL4_MessageInfo_t msgInfo,
                                                      seL4_Word *sender, seL4_CPtr reply)
{
        struct sel4_mrs m = sel4_load_mrs();
        seL4_MessageInfo_t info =
                sel4_do_send_recv((seL4_Word)seL4_SysReplyRecv, src, msgInfo, sender, &m, reply);

        sel4_store_mrs(&m);
        return info;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_ReplyRecvWithMRs(seL4_CPtr src, seL4_MessageInfo_t msgInfo,
                                                             seL4_Word *sender, seL4_Word *mr0,
                                                             seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3,
                                                             seL4_CPtr reply)
{
        struct sel4_mrs m = sel4_take_mrs(seL4_MessageInfo_get_length(msgInfo), mr0, mr1, mr2, mr3);
        seL4_MessageInfo_t info =
                sel4_do_send_recv((seL4_Word)seL4_SysReplyRecv, src, msgInfo, sender, &m, reply);

        sel4_give_mrs(&m, mr0, mr1, mr2, mr3);
        return info;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_NBSendRecv(seL4_CPtr dest, seL4_MessageInfo_t msgInfo,
                                                       seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply)
{
        struct sel4_mrs m = sel4_load_mrs();
        seL4_MessageInfo_t info;
        seL4_Word badge;

        arm_sys_nbsend_recv((seL4_Word)seL4_SysNBSendRecv, dest, src, &badge, msgInfo.words[0],
                            &info.words[0], &m.mr0, &m.mr1, &m.mr2, &m.mr3, reply);
        sel4_store_mrs(&m);
        if (sender)
                *sender = badge;
        return info;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_NBSendRecvWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo,
                                                              seL4_CPtr src, seL4_Word *sender,
                                                              seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2,
                                                              seL4_Word *mr3, seL4_CPtr reply)
{
        struct sel4_mrs m = sel4_take_mrs(seL4_MessageInfo_get_length(msgInfo), mr0, mr1, mr2, mr3);
        seL4_MessageInfo_t info;
        seL4_Word badge;

        arm_sys_nbsend_recv((seL4_Word)seL4_SysNBSendRecv, dest, src, &badge, msgInfo.words[0],
                            &info.words[0], &m.mr0, &m.mr1, &m.mr2, &m.mr3, reply);
        sel4_give_mrs(&m, mr0, mr1, mr2, mr3);
        if (sender)
                *sender = badge;
        return info;
}

/* NBSendWait has no reply object; x6, its place, names the cap to send to, and x8 is 0. */
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_NBSendWait(seL4_CPtr dest, seL4_MessageInfo_t msgInfo,
                                                       seL4_CPtr src, seL4_Word *sender)
{
        struct sel4_mrs m = sel4_load_mrs();
        seL4_MessageInfo_t info;
        seL4_Word badge;

        arm_sys_nbsend_recv((seL4_Word)seL4_SysNBSendWait, 0, src, &badge, msgInfo.words[0], &info.words[0],
                            &m.mr0, &m.mr1, &m.mr2, &m.mr3, dest);
        sel4_store_mrs(&m);
        if (sender)
                *sender = badge;
        return info;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_NBSendWaitWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo,
                                                              seL4_CPtr src, seL4_Word *sender,
                                                              seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2,
                                                              seL4_Word *mr3)
{
        struct sel4_mrs m = sel4_take_mrs(seL4_MessageInfo_get_length(msgInfo), mr0, mr1, mr2, mr3);
        seL4_MessageInfo_t info;
        seL4_Word badge;

        arm_sys_nbsend_recv((seL4_Word)seL4_SysNBSendWait, 0, src, &badge, msgInfo.words[0], &info.words[0],
                            &m.mr0, &m.mr1, &m.mr2, &m.mr3, dest);
        sel4_give_mrs(&m, mr0, mr1, mr2, mr3);
        if (sender)
                *sender = badge;
        return info;
}

#include <sel4/arch/syscalls_debug.h>
