/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task compiled against the API's headers alone: where device memory ends, and three alarms of the physical timer. */
#include <sel4/sel4.h>

enum { TIMER_IRQ = 30, ALARMS = 3 };

__thread seL4_IPCBuffer *__sel4_ipc_buffer;

static void say(const char *text)
{
        while (*text)
                seL4_DebugPutChar(*text++);
}

static void say_hex(seL4_Word value)
{
        for (int shift = 60; shift >= 0; shift -= 4)
                seL4_DebugPutChar("0123456789abcdef"[value >> shift & 15]);
}

void __assert_fail(const char *what, const char *file, int line, const char *function)
{
        (void)file, (void)line, (void)function;
        say(what);
        for (;;)
                ;
}

static seL4_Word device_end(const seL4_BootInfo *info)
{
        seL4_Word end = 0;

        for (seL4_Word i = 0; i < info->untyped.end - info->untyped.start; i++) {
                const seL4_UntypedDesc *u = &info->untypedList[i];

                if (!u->isDevice)
                        continue;
                say("clients: device ");
                say_hex(u->paddr);
                say(" ");
                say_hex(u->paddr + (1ul << u->sizeBits));
                say("\n");
                if (u->paddr + (1ul << u->sizeBits) > end)
                        end = u->paddr + (1ul << u->sizeBits);
        }
        return end;
}

static seL4_CPtr make_notification(const seL4_BootInfo *info, seL4_CPtr slot)
{
        for (seL4_Word i = 0; i < info->untyped.end - info->untyped.start; i++)
                if (!info->untypedList[i].isDevice &&
                    info->untypedList[i].sizeBits >= seL4_NotificationBits &&
                    seL4_Untyped_Retype(info->untyped.start + i, seL4_NotificationObject, 0,
                                        seL4_CapInitThreadCNode, 0, 0, slot, 1) == seL4_NoError)
                        return slot;
        return seL4_CapNull;
}

static seL4_Error alarms(const seL4_BootInfo *info)
{
        seL4_CPtr notification = make_notification(info, info->empty.start), handler = info->empty.start + 1;
        seL4_Error error;

        error = seL4_IRQControl_GetTrigger(seL4_CapIRQControl, TIMER_IRQ, 0, seL4_CapInitThreadCNode, handler,
                                           64);
        if (error == seL4_NoError)
                error = seL4_IRQHandler_SetNotification(handler, notification);
        for (int i = 0; error == seL4_NoError && i < ALARMS; i++) {
                seL4_Word hertz, badge;

                __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hertz));
                __asm__ volatile("msr cntp_tval_el0, %0; msr cntp_ctl_el0, %1; isb"
                                 :
                                 : "r"(hertz / 1000), "r"(1ul));
                seL4_Wait(notification, &badge);
                __asm__ volatile("msr cntp_ctl_el0, %0; isb" : : "r"(0ul));
                error = seL4_IRQHandler_Ack(handler);
                say("clients: alarm\n");
        }
        return error;
}

void hello(seL4_BootInfo *info)
{
        seL4_Word end;

        seL4_SetIPCBuffer(info->ipcBuffer);
        end = device_end(info);
        say("clients: devices end at ");
        say_hex(end);
        say("\n");
        say(alarms(info) == seL4_NoError ? "clients: done\n" : "clients: failed\n");
        seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}
