/* SPDX-License-Identifier: BSD-2-Clause */
/* The trap primitives: the only code that enters the kernel.
 *
 * Registers (all others, the flags and the FP state are preserved by every call):
 *
 *      x7          system call number
 *      x0          in: cap to send to or to receive from; out: badge
 *      x1          in: message info to send; out: message info received
 *      x2-x5       message registers 0-3, in and out
 *      x6          reply object, or the cap to send to in NBSendWait
 *      x8          cap to send to in NBSendRecv
 *
 * What a receive does not deliver (a signal has no message info, a short message few registers) stays as it was
 * before the call.  A pure receive does not load x1-x5, so those words are then arbitrary.
 *
 * Between the first register variable and the svc nothing may happen that could need a register, such as the check
 * of a pointer that a sanitizer adds; so memory is read before.
 *
 * Compiled for another machine, the same primitives call one function with the nine registers in memory; tests
 * put the kernel behind it. */
#pragma once

#include <sel4/macros.h>
#include <sel4/types.h>

#ifdef __aarch64__

/* Send without a reply: Send, NBSend, debug calls without result. */
LIBSEL4_INLINE_FUNC void arm_sys_send(seL4_Word sys, seL4_Word dest, seL4_Word info, seL4_Word mr0,
                                      seL4_Word mr1, seL4_Word mr2, seL4_Word mr3)
{
        register seL4_Word x0 __asm__("x0") = dest;
        register seL4_Word x1 __asm__("x1") = info;
        register seL4_Word x2 __asm__("x2") = mr0;
        register seL4_Word x3 __asm__("x3") = mr1;
        register seL4_Word x4 __asm__("x4") = mr2;
        register seL4_Word x5 __asm__("x5") = mr3;
        register seL4_Word x7 __asm__("x7") = sys;

        __asm__ volatile("svc #0"
                         :
                         : "r"(x0), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5), "r"(x7)
                         : "memory");
}

/* The same without message registers: Signal. */
LIBSEL4_INLINE_FUNC void arm_sys_send_null(seL4_Word sys, seL4_Word dest, seL4_Word info)
{
        register seL4_Word x0 __asm__("x0") = dest;
        register seL4_Word x1 __asm__("x1") = info;
        register seL4_Word x7 __asm__("x7") = sys;

        __asm__ volatile("svc #0" : : "r"(x0), "r"(x1), "r"(x7) : "memory");
}

/* Receive: Recv, NBRecv, Wait, NBWait. */
LIBSEL4_INLINE_FUNC void arm_sys_recv(seL4_Word sys, seL4_Word src, seL4_Word *out_badge, seL4_Word *out_info,
                                      seL4_Word *out_mr0, seL4_Word *out_mr1, seL4_Word *out_mr2,
                                      seL4_Word *out_mr3, seL4_Word reply)
{
        register seL4_Word x0 __asm__("x0") = src;
        register seL4_Word x1 __asm__("x1");
        register seL4_Word x2 __asm__("x2");
        register seL4_Word x3 __asm__("x3");
        register seL4_Word x4 __asm__("x4");
        register seL4_Word x5 __asm__("x5");
        register seL4_Word x6 __asm__("x6") = reply;
        register seL4_Word x7 __asm__("x7") = sys;

        __asm__ volatile("svc #0"
                         : "+r"(x0), "=r"(x1), "=r"(x2), "=r"(x3), "=r"(x4), "=r"(x5)
                         : "r"(x6), "r"(x7)
                         : "memory");
        *out_badge = x0;
        *out_info = x1;
        *out_mr0 = x2;
        *out_mr1 = x3;
        *out_mr2 = x4;
        *out_mr3 = x5;
}

/* Send, then receive: Call, ReplyRecv, debug calls with a result. */
LIBSEL4_INLINE_FUNC void arm_sys_send_recv(seL4_Word sys, seL4_Word dest, seL4_Word *out_badge,
                                           seL4_Word info, seL4_Word *out_info, seL4_Word *in_out_mr0,
                                           seL4_Word *in_out_mr1, seL4_Word *in_out_mr2,
                                           seL4_Word *in_out_mr3, seL4_Word reply)
{
        const seL4_Word mr0 = *in_out_mr0, mr1 = *in_out_mr1, mr2 = *in_out_mr2, mr3 = *in_out_mr3;
        register seL4_Word x0 __asm__("x0") = dest;
        register seL4_Word x1 __asm__("x1") = info;
        register seL4_Word x2 __asm__("x2") = mr0;
        register seL4_Word x3 __asm__("x3") = mr1;
        register seL4_Word x4 __asm__("x4") = mr2;
        register seL4_Word x5 __asm__("x5") = mr3;
        register seL4_Word x6 __asm__("x6") = reply;
        register seL4_Word x7 __asm__("x7") = sys;

        __asm__ volatile("svc #0"
                         : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5)
                         : "r"(x6), "r"(x7)
                         : "memory");
        *out_badge = x0;
        *out_info = x1;
        *in_out_mr0 = x2;
        *in_out_mr1 = x3;
        *in_out_mr2 = x4;
        *in_out_mr3 = x5;
}

/* Send to one cap, then receive from another: NBSendRecv, NBSendWait. */
LIBSEL4_INLINE_FUNC void arm_sys_nbsend_recv(seL4_Word sys, seL4_Word dest, seL4_Word src,
                                             seL4_Word *out_badge, seL4_Word info, seL4_Word *out_info,
                                             seL4_Word *in_out_mr0, seL4_Word *in_out_mr1,
                                             seL4_Word *in_out_mr2, seL4_Word *in_out_mr3, seL4_Word reply)
{
        const seL4_Word mr0 = *in_out_mr0, mr1 = *in_out_mr1, mr2 = *in_out_mr2, mr3 = *in_out_mr3;
        register seL4_Word x0 __asm__("x0") = src;
        register seL4_Word x1 __asm__("x1") = info;
        register seL4_Word x2 __asm__("x2") = mr0;
        register seL4_Word x3 __asm__("x3") = mr1;
        register seL4_Word x4 __asm__("x4") = mr2;
        register seL4_Word x5 __asm__("x5") = mr3;
        register seL4_Word x6 __asm__("x6") = reply;
        register seL4_Word x7 __asm__("x7") = sys;
        register seL4_Word x8 __asm__("x8") = dest;

        __asm__ volatile("svc #0"
                         : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5)
                         : "r"(x6), "r"(x7), "r"(x8)
                         : "memory");
        *out_badge = x0;
        *out_info = x1;
        *in_out_mr0 = x2;
        *in_out_mr1 = x3;
        *in_out_mr2 = x4;
        *in_out_mr3 = x5;
}

/* No argument, no result: Yield, DebugHalt. */
LIBSEL4_INLINE_FUNC void arm_sys_null(seL4_Word sys)
{
        register seL4_Word x7 __asm__("x7") = sys;

        __asm__ volatile("svc #0" : : "r"(x7) : "memory");
}

#else /* another machine: a function stands for the trap */

#ifdef __cplusplus
extern "C" {
#endif
/* Enter the kernel; regs[0..8] are x0 to x8, in and out. */
void tessera_host_trap(seL4_Word *regs);
#ifdef __cplusplus
}
#endif

LIBSEL4_INLINE_FUNC void arm_sys_send(seL4_Word sys, seL4_Word dest, seL4_Word info, seL4_Word mr0,
                                      seL4_Word mr1, seL4_Word mr2, seL4_Word mr3)
{
        seL4_Word regs[9] = {dest, info, mr0, mr1, mr2, mr3, 0, sys, 0};

        tessera_host_trap(regs);
}

LIBSEL4_INLINE_FUNC void arm_sys_send_null(seL4_Word sys, seL4_Word dest, seL4_Word info)
{
        arm_sys_send(sys, dest, info, 0, 0, 0, 0);
}

LIBSEL4_INLINE_FUNC void arm_sys_nbsend_recv(seL4_Word sys, seL4_Word dest, seL4_Word src,
                                             seL4_Word *out_badge, seL4_Word info, seL4_Word *out_info,
                                             seL4_Word *in_out_mr0, seL4_Word *in_out_mr1,
                                             seL4_Word *in_out_mr2, seL4_Word *in_out_mr3, seL4_Word reply)
{
        seL4_Word regs[9] = {src, info, *in_out_mr0, *in_out_mr1, *in_out_mr2, *in_out_mr3, reply, sys, dest};

        tessera_host_trap(regs);
        *out_badge = regs[0];
        *out_info = regs[1];
        *in_out_mr0 = regs[2];
        *in_out_mr1 = regs[3];
        *in_out_mr2 = regs[4];
        *in_out_mr3 = regs[5];
}

LIBSEL4_INLINE_FUNC void arm_sys_send_recv(seL4_Word sys, seL4_Word dest, seL4_Word *out_badge,
                                           seL4_Word info, seL4_Word *out_info, seL4_Word *in_out_mr0,
                                           seL4_Word *in_out_mr1, seL4_Word *in_out_mr2,
                                           seL4_Word *in_out_mr3, seL4_Word reply)
{
        arm_sys_nbsend_recv(sys, 0, dest, out_badge, info, out_info, in_out_mr0, in_out_mr1, in_out_mr2,
                            in_out_mr3, reply);
}

LIBSEL4_INLINE_FUNC void arm_sys_recv(seL4_Word sys, seL4_Word src, seL4_Word *out_badge, seL4_Word *out_info,
                                      seL4_Word *out_mr0, seL4_Word *out_mr1, seL4_Word *out_mr2,
                                      seL4_Word *out_mr3, seL4_Word reply)
{
        *out_mr0 = *out_mr1 = *out_mr2 = *out_mr3 = 0;
        arm_sys_send_recv(sys, src, out_badge, 0, out_info, out_mr0, out_mr1, out_mr2, out_mr3, reply);
}

LIBSEL4_INLINE_FUNC void arm_sys_null(seL4_Word sys)
{
        arm_sys_send(sys, 0, 0, 0, 0, 0, 0);
}

#endif
