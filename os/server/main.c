/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task: from bootinfo to servers and the first process.
 *
 * Order: the libraries; endpoints; serial, timer and alarm threads; this thread becomes the system server;
 * the drivers of clock and disk are started, the date and the files of the disk are read; then come the shell and other drivers.
 * board.h finds what the machine has; the system runs without devices, but without memory for its servers it says so and ends.
 */
#include <aos/mapping.h>
#include <bootstrap/bootstrap.h>
#include <tessera/extensions.h>

#include "base/text.h"
#include "os/core/console.h"
#include "os/core/pace.h"
#include "os/core/refusals.h"
#include "os/core/service.h"
#include "os/core/trace.h"
#include "os/device/board.h"
#include "os/device/rtc.h"
#include "os/device/serial.h"
#include "os/device/timer.h"
#include "os/files/store.h"
#include "os/memory/swap.h"
#include "os/net/socket.h"
#include "os/process/driver.h"
#include "os/process/machine.h"
#include "os/server/proc.h"
#include "os/server/report.h"
#include "os/server/server.h"
#include "sel4/report.h"
#include "sel4/start.h"
#include "sos/driver.h"

enum { SHELL_PRIORITY = 120, SHELL_SLICE_US = 10000, PAGE_PRIORITY = 90 };

static struct service serial = {.config = {.name = "serial", .entry = serial_run, .prio = 252}};
/* Its budget is less than its period, so that it sleeps when it yields. */
static struct service poll = {
        .config = {.name = "poll", .entry = serial_poll_run, .prio = 251, .budget = 1000, .period = 10000}};
static struct service timer = {.config = {.name = "timer", .entry = timer_run, .prio = 253}};
static struct service alarm = {.config = {.name = "alarm", .entry = timer_alarm_run, .prio = 254}};

#define must(done) must_be(done, #done)

/* Prints on the console, or on the kernel's before there is one. */
static void must_be(bool done, const char *what)
{
        if (done)
                return;
        report("init: out of memory or slots, cannot start: %s", what);
        start_exit(1);
}

static seL4_CPtr make(seL4_Word type)
{
        struct object o;

        must(object_make(&o, type, 0));
        return o.cap;
}

/* A copy with a badge, for calls that only take a capability in our own CSpace. */
static seL4_CPtr badged(seL4_CPtr cap, seL4_Word badge)
{
        seL4_CPtr slot = cspace_alloc_slot(&root_cspace);

        must(slot && !cspace_mint(&root_cspace, slot, &root_cspace, cap, seL4_AllRights, badge));
        return slot;
}

/* The line's interrupt; when the kernel does not give it, the reason is printed and input is polled. */
static bool connect_interrupt(const struct serial_device *device, seL4_CPtr notification)
{
        seL4_CPtr handler = cspace_alloc_slot(&root_cspace);
        int err;

        must(handler);
        err = cspace_irq_control_get(&root_cspace, handler, seL4_CapIRQControl, (int)device->interrupt,
                                     device->edge);
        if (err) {
                report("board: the kernel does not give the console's interrupt %lu: %s; input is polled",
                       device->interrupt, report_error_name(err));
                return false;
        }
        must(!seL4_IRQHandler_SetNotification(handler, badged(notification, SERIAL_BADGE_IRQ)));
        must(service_give(&serial, SERIAL_IRQ_HANDLER, handler, seL4_AllRights, 0));
        return true;
}

static void start_polling(const struct process_endpoints *e, seL4_CPtr notification)
{
        must(service_make(&poll, e->server));
        must(service_give(&poll, POLL_RING, notification, seL4_CapRights_new(0, 0, 0, 1), SERIAL_BADGE_IRQ));
        must(!thread_resume(poll.thread));
}

static void start_serial(const struct process_endpoints *e, seL4_CPtr signals)
{
        static struct serial_device device;
        seL4_CPtr interrupt = make(seL4_NotificationObject);
        bool found = board_serial(&device);

        serial.config.arg = &device;
        must(service_make(&serial, e->server));
        must(!seL4_TCB_BindNotification(serial.thread->tcb, interrupt));
        must(service_give(&serial, SERIAL_ENDPOINT, e->serial, seL4_CanRead, 0));
        device.has_interrupt = device.has_interrupt && connect_interrupt(&device, interrupt);
        if (!device.has_interrupt)
                must(service_give(&serial, SERIAL_IRQ_HANDLER, interrupt, seL4_CanRead,
                                  0)); /* keeps its place */
        must(service_give(&serial, SERIAL_REPLY_A, make(seL4_ReplyObject), seL4_AllRights, 0));
        must(service_give(&serial, SERIAL_REPLY_B, make(seL4_ReplyObject), seL4_AllRights, 0));
        must(service_give(&serial, SERIAL_WATCHER, signals, seL4_AllRights, SIGNAL_FLAG | SIGNAL_INPUT));
        must(service_give(&serial, SERIAL_INTERRUPT, signals, seL4_AllRights,
                          SIGNAL_FLAG | SIGNAL_INTERRUPT));
        must(service_give(&serial, SERIAL_BREAK, signals, seL4_AllRights, SIGNAL_FLAG | SIGNAL_BREAK));
        must(!thread_resume(serial.thread));
        report_to(serial_put);
        if (found && !device.has_interrupt)
                start_polling(e, interrupt);
}

static void start_timer(const struct process_endpoints *e, seL4_CPtr signals, const seL4_CPtr *drivers)
{
        seL4_CPtr go = make(seL4_NotificationObject), ring = make(seL4_NotificationObject);
        seL4_CapRights_t write = seL4_CapRights_new(0, 0, 0, 1);

        must(service_make(&timer, e->server) && service_make(&alarm, e->server));
        must(!seL4_TCB_BindNotification(timer.thread->tcb, ring));
        must(service_give(&timer, TIMER_ENDPOINT, e->timer, seL4_CanRead, 0));
        must(service_give(&timer, TIMER_GO, go, write, 0));
        must(service_give(&timer, TIMER_ALARM_SC, alarm.thread->sched_context, seL4_AllRights, 0));
        must(service_give(&timer, TIMER_ALARM_TCB, alarm.thread->tcb, seL4_AllRights, 0));
        must(service_give(&timer, TIMER_SCHED_CONTROL, e->sched_control, seL4_AllRights, 0));
        must(service_give(&timer, TIMER_WATCHER, signals, write, SIGNAL_FLAG | SIGNAL_ALARM));
        for (int i = 0; i < TIMER_DRIVERS; i++)
                must(service_give(&timer, TIMER_WATCHER + 1 + (seL4_Word)i, drivers[i], write,
                                  DRIVER_BADGE_ALARM));
        for (int i = 0; i < TIMER_SLEEPERS + 1; i++)
                must(service_give(&timer, TIMER_REPLIES + (seL4_Word)i, make(seL4_ReplyObject),
                                  seL4_AllRights, 0));
        must(service_give(&alarm, ALARM_GO, go, seL4_CanRead, 0));
        must(service_give(&alarm, ALARM_RING, ring, write, TIMER_BADGE_RING));
        must(!thread_resume(timer.thread) && !thread_resume(alarm.thread));
}

/* The limit of frames that the image was made with, if any. */
static void limit_frames(void)
{
        struct node *n = node_find(node_root(), "/etc/frames");

        if (n && !report_write(REPORT_FRAMES, (const char *)n->bytes, n->size))
                console_print("/etc/frames: neither 0 nor a number from %u to %u: memory is not limited\n",
                              (unsigned)REPORT_FRAMES_MIN, (unsigned)FRAMES_MAX);
}

/* For tools that read the memory from outside the machine (tools/trace). */
static void trace_from_here(void)
{
        struct trace_state s;

        if (!report_trace_start()) {
                console_print("trace: the kernel has no trace: was the image packed with --extensions?\n");
                return;
        }
        s = trace_state();
        console_print("trace: %lu bytes at 0x%lx\n", s.bytes, s.paddr);
}

/* What the first word of the command line asks for: reports of refusals, a trace. */
static void watch_from_here(void)
{
        if (board_started_with("refusals") && !refusals_tell(TESSERA_REFUSALS_OTHERS))
                console_print("refusals: the kernel reports none:  is it a debug kernel, packed with "
                              "--extensions?\n");
        if (board_started_with("trace"))
                trace_from_here();
}

static void start_shell(void)
{
        struct sos_spawn shell = {.name = "sosh",
                                  .program = "sosh",
                                  .priority = SHELL_PRIORITY,
                                  .budget_us = SHELL_SLICE_US,
                                  .period_us = SHELL_SLICE_US};

        if (process_spawn(&shell, 0, true) < 0)
                console_print("there is no shell in the archive\n");
}

/* A service: it waits for the network program by itself. */
static void start_page(void)
{
        struct sos_spawn page = {.name = "page",
                                 .program = "page",
                                 .priority = PAGE_PRIORITY,
                                 .budget_us = SHELL_SLICE_US,
                                 .period_us = SHELL_SLICE_US,
                                 .detached = true};

        if (sockets_there() && process_spawn(&page, 0, false) < 0)
                console_print("page: not started: out of memory\n");
}

static void make_tree(void)
{
        node_init(archive_start, (size_t)(archive_end - archive_start));
        proc_init();
}

static void learn_date(void)
{
        board_say_missing();
        driver_start(DRIVER_RTC);
        rtc_open(server_serve_one);
        node_date(board_epoch());
}

/* A program of others, on the disk; the system has no other. */
static bool start_file_system(void)
{
        static const char arguments[] = "ext2";
        struct file *disk = file_new(FILE_VOLUME, O_RDWR);
        struct process_plan plan = {.name = "ext2",
                                    .program = node_find(node_root(), "/drv/ext2"),
                                    .arguments = arguments,
                                    .argument_count = 1,
                                    .argument_bytes = sizeof(arguments),
                                    .priority = SHELL_PRIORITY,
                                    .budget_us = SHELL_SLICE_US,
                                    .period_us = SHELL_SLICE_US,
                                    .input = disk};
        bool started = disk && plan.program && process_make(&plan) > 0;

        if (disk)
                file_close(disk); /* the process has it */
        return started;
}

static void open_disk(void)
{
        struct disk_areas areas;

        driver_start(DRIVER_BLOCK);
        areas = store_open(server_serve_one, start_file_system);
        node_links_to_disk();
        swap_open(&areas);
}

int main(void)
{
        const seL4_BootInfo *info = start_bootinfo();
        seL4_CPtr signals, drivers[TIMER_DRIVERS];
        struct process_endpoints e = {.sched_control = info->schedcontrol.start};

        start_report_to_kernel();
        must(!bootstrap(&root_cspace, &root_vspace, info));
        board_open(info);
        threads_start(&root_cspace, e.sched_control, seL4_CapInitThreadTCB, false);
        frame_init();
        e.server = make(seL4_EndpointObject);
        e.timer = make(seL4_EndpointObject);
        trace_always(e.server, "calls");
        trace_always(e.timer, "timer calls");
        e.serial = make(seL4_EndpointObject);
        signals = make(seL4_NotificationObject);
        must(!seL4_TCB_BindNotification(seL4_CapInitThreadTCB, signals));
        start_serial(&e, signals);
        for (int i = 0; i < TIMER_DRIVERS; i++)
                drivers[i] = make(seL4_NotificationObject);
        start_timer(&e, signals, drivers);
        must(pace_start(e.server, make(seL4_NotificationObject), signals, SIGNAL_FLAG | SIGNAL_PIECE));
        must(!seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, SERVER_PRIORITY));
        process_init(&e);
        must(server_init(e.server, e.timer));
        console_init(e.serial);
        make_tree();
        drivers_open(&(struct driver_endpoints){.server = signals, .timer = e.timer, .signals = drivers});
        learn_date();
        open_disk();
        limit_frames();
        watch_from_here();
        start_shell();
        machines_init(&(struct machine_endpoints){.timer = e.timer,
                                                  .sched_control = e.sched_control,
                                                  .network = drivers[DRIVER_NET],
                                                  .signals = drivers + TIMER_DRIVERS - MACHINES,
                                                  .first_alarm = TIMER_DRIVERS - MACHINES});
        driver_start(DRIVER_NET);
        start_page();
        server_run();
}
