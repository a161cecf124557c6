/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task: from bootinfo to servers and the first process.
 *
 * Order: the libraries; endpoints; this thread becomes the system server; the drivers of time, serial line, clock and disk
 * are started, the date is learnt, and its files are read; then come the shell and other drivers.  What the machine has, board.h
 * finds; without a device the system runs, without memory for its servers it says so and ends.
 */
#include <aos/mapping.h>
#include <bootstrap/bootstrap.h>
#include <tessera/extensions.h>

#include "base/text.h"
#include "os/core/alarm.h"
#include "os/core/console.h"
#include "os/core/cores.h"
#include "os/core/pace.h"
#include "os/core/refusals.h"
#include "os/core/service.h"
#include "os/core/trace.h"
#include "os/device/block.h"
#include "os/device/board.h"
#include "os/device/rtc.h"
#include "os/device/serial.h"
#include "os/device/timer.h"
#include "os/files/store.h"
#include "os/memory/swap.h"
#include "os/net/socket.h"
#include "os/process/driver.h"
#include "os/process/machine.h"
#include "os/process/vdso.h"
#include "os/server/keys.h"
#include "os/server/proc.h"
#include "os/server/report.h"
#include "os/server/server.h"
#include "sel4/report.h"
#include "sel4/start.h"
#include "sos/clock.h"
#include "sos/driver.h"

enum { SHELL_PRIORITY = 120, SHELL_SLICE_US = 10000, PAGE_PRIORITY = 90 };
/* How long the start waits for a driver, which has registers to read: on an emulator whose host is busy that can take seconds. */
enum { CLOCK_US = 5 * 1000 * 1000, DISK_US = 30 * 1000 * 1000 };
enum { FILE_SYSTEM_US = 8000, FILE_SYSTEM_PERIOD_US = 10000 };

_Static_assert(TIMER_DRIVER + DRIVERS + MACHINES <= TIMER_LINE, "each can wait");

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

/* The server hears of that driver, as if it had signalled. */
static seL4_CPtr driver_signal(seL4_CPtr signals, enum driver_number number)
{
        return badged(signals, SIGNAL_FLAG | 1ull << (SIGNAL_DRIVER_SHIFT + number));
}

/* Output begins before the driver does. */
static void open_console(seL4_CPtr signals)
{
        seL4_CPtr again = driver_signal(signals, DRIVER_SERIAL);

        if (serial_open())
                report_to(serial_put);
        serial_tell(keys_hear, again);
        timer_watch(TIMER_LINE, again, NULL);
        console_init(serial_write, serial_take, serial_has_room);
        console_begin(keys_interrupted, board_started_with("terminal"));
}

/* The limit of frames that the image was made with, if any. */
static void limit_frames(void)
{
        struct node *n = node_find(node_root(), "/etc/frames");

        if (n && report_write(REPORT_FRAMES, (const char *)n->bytes, n->size))
                console_print("/etc/frames: neither 0 nor a number from %u to %u: memory is not limited\n",
                              (unsigned)REPORT_FRAMES_MIN, (unsigned)FRAMES_MAX);
}

/* For tools that read the memory from outside the machine (tools/trace). */
static void trace_from_here(void)
{
        struct trace_state s;

        if (report_trace_start()) {
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
                console_print("refusals: the kernel reports none: is it a debug kernel, packed with "
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

/* While the start waits for a driver: one event of the system, or the end of the driver's time. */
static void serve_until(uint64_t limit, void (*give_up)(void))
{
        uint64_t nearest = alarm_nearest();

        if (clock_us() < limit)
                timer_wake_at(TIMER_SERVER, nearest && nearest < limit ? nearest : limit);
        server_serve_one();
        if (clock_us() >= limit)
                give_up();
}

static uint64_t driver_limit;

static void serve_beside_clock(void)
{
        serve_until(driver_limit, rtc_give_up);
}

static void serve_beside_disk(void)
{
        serve_until(driver_limit, block_give_up);
}

static void learn_date(void)
{
        board_say_missing();
        driver_start(DRIVER_RTC);
        driver_limit = clock_us() + CLOCK_US;
        rtc_open(serve_beside_clock);
        node_date(board_epoch());
}

/* A program of others, on the disk; the system has no other.  It is as urgent as the shell, so that programs do not wait for it behind each
 * other, and leaves them a part of the time, as drivers do, whatever it does. */
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
                                    .budget_us = FILE_SYSTEM_US,
                                    .period_us = FILE_SYSTEM_PERIOD_US,
                                    .cores = cores_of_server("ext2"),
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
        driver_limit = clock_us() + DISK_US;
        areas = store_open(serve_beside_disk, start_file_system);
        node_links_to_disk();
        swap_open(&areas);
}

static void open_machines(const seL4_CPtr *drivers)
{
        struct machine_endpoints e = {.network = drivers[DRIVER_NET], .signals = drivers + DRIVERS};

        for (unsigned i = 0; i < MACHINES; i++) {
                timer_watch(TIMER_DRIVER + DRIVERS + i, badged(e.signals[i], MACHINE_BADGE_ALARM), NULL);
                e.wake[i] = badged(e.signals[i], MACHINE_BADGE_CLIENT);
        }
        machines_init(&e);
}

int main(void)
{
        const seL4_BootInfo *info = start_bootinfo();
        seL4_CPtr signals, drivers[DRIVERS + MACHINES];
        struct process_endpoints e;

        start_report_to_kernel();
        must(!bootstrap_flat(&root_cspace, &root_vspace, info));
        board_open(info);
        cores_open(info);
        threads_start(&root_cspace, core_control(0), seL4_CapInitThreadTCB, false);
        frame_init();
        e.server = make(seL4_EndpointObject);
        trace_always(e.server, "calls");
        signals = make(seL4_NotificationObject);
        must(!seL4_TCB_BindNotification(seL4_CapInitThreadTCB, signals));
        open_console(signals);
        for (int i = 0; i < DRIVERS + MACHINES; i++)
                drivers[i] = make(seL4_NotificationObject);
        timer_open(core_control(0), server_alarm, driver_signal(signals, DRIVER_TIMER));
        timer_watch(TIMER_DISK, driver_signal(signals, DRIVER_BLOCK), NULL);
        must(pace_start(e.server, make(seL4_NotificationObject), signals, SIGNAL_FLAG | SIGNAL_PIECE));
        must(!seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, SERVER_PRIORITY));
        process_init(&e);
        must(server_init(e.server));
        must(vdso_make());
        make_tree();
        drivers_open(&(struct driver_endpoints){.server = signals, .signals = drivers});
        driver_start(DRIVER_TIMER);
        driver_start(DRIVER_SERIAL);
        learn_date();
        open_disk();
        limit_frames();
        watch_from_here();
        start_shell();
        open_machines(drivers);
        driver_start(DRIVER_NET);
        start_page();
        server_run();
}
