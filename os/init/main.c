/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task: from bootinfo to servers and the first process.
 *
 * Order: slots and memory; frames; endpoints; serial, timer and alarm threads; this thread becomes the system server;
 * the shell is its first process.  Nothing can fail here on a machine with a few MiB of RAM, so failing is fatal.
 */
#include "base/text.h"
#include "os/disk/store.h"
#include "os/drivers/serial.h"
#include "os/drivers/timer.h"
#include "os/init/server.h"
#include "os/init/service.h"
#include "sel4/start.h"

#define UART_PADDR 0x09000000ull

enum { UART_IRQ = 33, LEVEL = 0, SHELL_PRIORITY = 120, SHELL_SLICE_US = 10000 };

static struct service serial = {.name = "serial", .run = serial_run, .priority = 252};
static struct service timer = {.name = "timer", .run = timer_run, .priority = 253};
static struct service alarm = {.name = "alarm", .run = timer_alarm_run, .priority = 254};

static void must(bool done)
{
        if (!done)
                start_exit(1);
}

static seL4_CPtr make(seL4_Word type, seL4_Word bits, enum slot_kind kind)
{
        struct object o;

        must(object_make(&o, type, bits, kind));
        return o.cap;
}

static seL4_CPtr make_endpoint(void)
{
        return make(seL4_EndpointObject, seL4_EndpointBits, SLOT_ENDPOINT);
}

static seL4_CPtr make_notification(void)
{
        return make(seL4_NotificationObject, seL4_NotificationBits, SLOT_NOTIFICATION);
}

static seL4_CPtr make_reply(void)
{
        return make(seL4_ReplyObject, seL4_ReplyBits, SLOT_REPLY);
}

/* A copy with a badge, for what only takes a capability of ours. */
static seL4_CPtr badged(seL4_CPtr cap, seL4_Word badge)
{
        seL4_CPtr slot = slot_take(SLOT_NOTIFICATION);

        must(!seL4_CNode_Mint(seL4_CapInitThreadCNode, slot, seL4_WordBits, seL4_CapInitThreadCNode, cap,
                              seL4_WordBits, seL4_AllRights, badge));
        return slot;
}

static void start_serial(seL4_CPtr endpoint, seL4_CPtr control, seL4_CPtr signals)
{
        seL4_CPtr interrupt = make_notification(), handler = slot_take(SLOT_IRQ);

        serial.argument = (void *)window_map_device(UART_PADDR);
        must(serial.argument && service_make(&serial, control));
        must(!seL4_IRQControl_GetTrigger(seL4_CapIRQControl, UART_IRQ, LEVEL, seL4_CapInitThreadCNode,
                                         handler, seL4_WordBits));
        must(!seL4_IRQHandler_SetNotification(handler, badged(interrupt, SERIAL_BADGE_IRQ)));
        must(!seL4_TCB_BindNotification(serial.tcb, interrupt));
        must(service_give(&serial, SERIAL_ENDPOINT, endpoint, seL4_CanRead, 0));
        must(service_give(&serial, SERIAL_IRQ_HANDLER, handler, seL4_AllRights, 0));
        must(service_give(&serial, SERIAL_REPLY_A, make_reply(), seL4_AllRights, 0));
        must(service_give(&serial, SERIAL_REPLY_B, make_reply(), seL4_AllRights, 0));
        must(service_give(&serial, SERIAL_WATCHER, signals, seL4_AllRights, SIGNAL_FLAG | SIGNAL_INPUT));
        must(service_give(&serial, SERIAL_INTERRUPT, signals, seL4_AllRights,
                          SIGNAL_FLAG | SIGNAL_INTERRUPT));
        must(service_start(&serial));
}

static void start_timer(seL4_CPtr endpoint, seL4_CPtr control, seL4_CPtr signals)
{
        seL4_CPtr go = make_notification(), ring = make_notification();
        seL4_CapRights_t write = seL4_CapRights_new(0, 0, 0, 1);

        must(service_make(&timer, control) && service_make(&alarm, control));
        must(!seL4_TCB_BindNotification(timer.tcb, ring));
        must(service_give(&timer, TIMER_ENDPOINT, endpoint, seL4_CanRead, 0));
        must(service_give(&timer, TIMER_GO, go, write, 0));
        must(service_give(&timer, TIMER_ALARM_SC, alarm.sc, seL4_AllRights, 0));
        must(service_give(&timer, TIMER_ALARM_TCB, alarm.tcb, seL4_AllRights, 0));
        must(service_give(&timer, TIMER_SCHED_CONTROL, control, seL4_AllRights, 0));
        for (int i = 0; i < TIMER_SLEEPERS + 1; i++)
                must(service_give(&timer, TIMER_REPLIES + (seL4_Word)i, make_reply(), seL4_AllRights, 0));
        must(service_give(&timer, TIMER_WATCHER, signals, write, SIGNAL_FLAG | SIGNAL_ALARM));
        must(service_give(&alarm, ALARM_GO, go, seL4_CanRead, 0));
        must(service_give(&alarm, ALARM_RING, ring, write, TIMER_BADGE_RING));
        must(service_start(&timer) && service_start(&alarm));
}

static void start_shell(void)
{
        struct sos_spawn shell = {.name = "sosh",
                                  .program = "sosh",
                                  .priority = SHELL_PRIORITY,
                                  .budget_us = SHELL_SLICE_US,
                                  .period_us = SHELL_SLICE_US};

        if (server_spawn(&shell, 0, true) < 0)
                console_print("there is no shell in the archive\n");
}

int main(void)
{
        const seL4_BootInfo *info = start_bootinfo();
        seL4_CPtr signals;
        struct process_endpoints e = {.sched_control = info->schedcontrol.start};

        slots_init(info);
        memory_init(info);
        must(frame_init());
        e.server = make_endpoint();
        e.timer = make_endpoint();
        e.serial = make_endpoint();
        signals = make_notification();
        must(!seL4_TCB_BindNotification(seL4_CapInitThreadTCB, signals));
        start_serial(e.serial, e.sched_control, signals);
        start_timer(e.timer, e.sched_control, signals);
        must(!seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, SERVER_PRIORITY));
        process_init(&e);
        server_init(e.server, e.timer);
        console_init(e.serial);
        node_init(archive_start, (size_t)(archive_end - archive_start));
        store_open();
        start_shell();
        server_run();
}
