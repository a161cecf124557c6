/* SPDX-License-Identifier: BSD-2-Clause */
/* See driver.h. */
#include "sos/driver.h"
#include "base/text.h"
#include "os/core/console.h"
#include "os/core/cores.h"
#include "os/core/signals.h"
#include "os/device/block.h"
#include "os/device/board.h"
#include "os/device/rtc.h"
#include "os/device/serial.h"
#include "os/device/timer.h"
#include "os/net/socket.h"
#include "os/process/driver_parts.h"
#include "os/process/wire.h"
#include "sos/clock.h"
#include <ut/ut.h>
#include <virtio/virtio.h>

enum { KILLED = 9 };
enum { TIMER_PID = 32766, SERIAL_PID };

static struct driver drivers[DRIVERS];

static void nothing(void)
{
}

static void wake_timer(void)
{
        seL4_Signal(drivers[DRIVER_TIMER].signals);
}

static void wake_serial(void)
{
        seL4_Signal(drivers[DRIVER_SERIAL].signals);
}

static void wake_block(void)
{
        seL4_Signal(drivers[DRIVER_BLOCK].signals);
}

static void wake_net(void)
{
        seL4_Signal(drivers[DRIVER_NET].signals);
}

/* compatible (and what virtio calls it) -> program -> its share of the processor, and what it gets besides the registers of the device. */
static struct driver drivers[DRIVERS] = {
        [DRIVER_TIMER] = {"timer", "kernel", 0, "/drv/timer", 254, 1000, 10000, .at = TIMER_PID,
                          .shared_bits = seL4_PageBits, .find = timer_device, .kept = true,
                          .begins = timer_begins, .hear = timer_hear, .runs = timer_runs, .lost = timer_lost,
                          .gone = timer_gone, .useful = timer_useful, .wake = wake_timer},
        [DRIVER_SERIAL] = {"serial",
                           "console",
                           0,
                           "/drv/serial",
                           220,
                           8000,
                           10000,
                           .at = SERIAL_PID,
                           .interrupt = true,
                           .alarm = true,
                           .shared_bits = seL4_PageBits,
                           .find = serial_find,
                           .kept = true,
                           .polls = "console",
                           .begins = serial_begins,
                           .hear = serial_hear,
                           .lost = serial_lost,
                           .gone = serial_gone,
                           .useful = serial_useful,
                           .hangs = serial_hangs,
                           .halts = serial_halts,
                           .alone = serial_poll,
                           .wake = wake_serial},
        [DRIVER_RTC] = {"rtc", "arm,pl031", 0, "/drv/rtc", 140, 1000, 10000, .shared_bits = seL4_PageBits,
                        .begins = rtc_begins, .hear = rtc_hear, .lost = rtc_lost, .gone = rtc_gone,
                        .useful = rtc_useful, .wake = nothing},
        [DRIVER_BLOCK] = {"block", "virtio,mmio", VIRTIO_BLOCK, "/drv/block", 140, 8000, 10000,
                          .interrupt = true, .memory_bits = seL4_PageBits, .shared_bits = seL4_PageBits,
                          .clients = true, .begins = block_begins, .hear = block_hear, .lost = block_lost,
                          .gone = block_gone, .useful = block_useful, .hangs = block_hangs,
                          .wake = wake_block},
        [DRIVER_NET] = {"net",
                        "virtio,mmio",
                        VIRTIO_NET,
                        "/drv/net",
                        130,
                        8000,
                        10000,
                        .interrupt = true,
                        .memory_bits = seL4_LargePageBits,
                        .shared_bits = seL4_LargePageBits,
                        .alarm = true,
                        .setting = "ntp=",
                        .guests = true,
                        .begins = sockets_open,
                        .hear = sockets_hear,
                        .line = sockets_line,
                        .lost = sockets_lost,
                        .gone = sockets_gone,
                        .useful = sockets_serve,
                        .wake = wake_net},
};

/* --- its life --- */

static struct process_plan plan_of(struct driver *d)
{
        return (struct process_plan){.name = d->name,
                                     .program = node_find(node_root(), d->program),
                                     .arguments = d->name,
                                     .argument_count = 1,
                                     .argument_bytes = strlen(d->name) + 1,
                                     .priority = d->priority,
                                     .budget_us = d->budget_us,
                                     .period_us = d->period_us,
                                     .number = d->at,
                                     .cores = cores_of_server(d->name),
                                     .driver = d};
}

/* All RAM that is ours: pages of processes and files lie anywhere. */
static void tell_clients(struct driver_start *s)
{
        ut_root_t root;
        uint64_t end = 0;

        s->clients_paddr = UINT64_MAX;
        for (unsigned i = 0; ut_root(i, &root); i++) {
                if (root.device)
                        continue;
                s->clients_paddr = root.paddr < s->clients_paddr ? root.paddr : s->clients_paddr;
                end = root.paddr + root.bytes > end ? root.paddr + root.bytes : end;
        }
        s->clients_paddr -= s->clients_paddr % PAGE;
        s->clients_bytes = end - s->clients_paddr;
}

static size_t bytes_of(unsigned bits)
{
        return bits ? (size_t)1 << bits : 0;
}

static void prepare(struct driver *d)
{
        *d->start = (struct driver_start){.registers = d->device.paddr % PAGE,
                                          .memory_paddr = d->memory_bits ? d->memory.ut->paddr : 0,
                                          .memory_bytes = bytes_of(d->memory_bits),
                                          .interrupt = d->handler != 0,
                                          .run = d->starts++};
        if (d->alarm)
                timer_wake_at(TIMER_DRIVER + d->number, 0);
        if (d->setting)
                board_setting(d->setting, d->start->setting, DRIVER_SETTING);
        d->begun = clock_us();
        if (d->clients)
                tell_clients(d->start);
        if (d->guests)
                d->start->guests = wires_begin();
        d->begins(d->start, d->wake);
}

static void start(struct driver *d)
{
        struct process_plan plan = plan_of(d);
        size_t before = frame_counts().used;
        int pid = -SOS_ENOENT;

        prepare(d);
        if (plan.program)
                pid = process_make(&plan);
        d->pid = pid > 0 ? pid : 0;
        if (d->pid) {
                struct process *p = process_find(pid);

                if (d->runs)
                        d->runs(p->kernel.tcb.cap, p->kernel.sc.cap);
                d->frames = (long)(frame_counts().used - before);
                frame_aside(d->frames);
                return;
        }
        console_print("%s: %s cannot be started (%d)\n", d->name, d->program, pid);
        d->lost();
        d->gone();
}

/* Its last words, behind ": "; it may have written anything. */
static const char *words_of(const struct driver *d)
{
        static char words[2 + DRIVER_WORDS];

        memcpy(words + 2, d->start->words, DRIVER_WORDS);
        words[sizeof(words) - 1] = '\0';
        for (char *c = words + 2; *c; c++)
                *c = *c < ' ' || *c > '~' ? '?' : *c;
        memcpy(words, words[2] ? ": " : "\0", 2);
        return words;
}

void driver_fails(struct driver *d)
{
        d->failed = true;
}

void driver_halts(const struct driver *d, bool on)
{
        if (d && d->halts)
                d->halts(on);
}

bool driver_told(const struct driver *d)
{
        return d->start->words[0];
}

/* True: it goes on. */
static bool may_begin_anew(struct driver *d)
{
        if (d->start->useless) {
                console_print("%s: it is not used%s\n", d->name, words_of(d));
                return false;
        }
        if (d->fruitless == DRIVER_FRUITLESS_MAX) {
                console_print("%s: its driver ended %u times before it served for long%s; it is not "
                              "restarted again\n",
                              d->name, d->fruitless, words_of(d));
                return false;
        }
        console_print("%s: its driver has ended and restarts%s\n", d->name, words_of(d));
        return true;
}

bool driver_again(struct driver *d, struct process *p)
{
        struct process_plan plan = plan_of(d);
        bool goes_on;

        task_still(p);
        d->fruitless = d->useful() && !driver_was_quick(d) ? 0 : d->fruitless + d->failed;
        d->failed = d->rests = d->hung = false;
        d->lost();
        goes_on = may_begin_anew(d) && plan.program;
        if (goes_on) {
                prepare(d);
                goes_on = process_anew(p, &plan);
        }
        if (goes_on)
                return true;
        d->pid = 0;
        frame_aside(-d->frames);
        d->lost();
        d->gone();
        return false;
}

static void say_lines(struct driver *d)
{
        const char *line;

        for (unsigned n = 0; n < SOCKET_LINES && (line = d->line()) != NULL; n++)
                console_print("%s: %s\n", d->name, line);
}

static void hear_one(struct driver *d)
{
        if (!d->failed && !d->hear()) {
                d->hung = d->hangs && d->hangs();
                console_print("%s: its driver %s, and is ended\n", d->name,
                              d->hung ? "does not answer" : "reports impossible values");
                driver_fails(d);
                process_kill(process_find(d->pid), KILLED);
        }
        if (d->alarm)
                timer_wake_at(TIMER_DRIVER + d->number,
                              __atomic_load_n(&d->start->alarm_us, __ATOMIC_ACQUIRE));
        if (d->line)
                say_lines(d);
}

void drivers_hear(seL4_Word signals)
{
        seL4_Word left = (signals & SIGNAL_DRIVERS) >> SIGNAL_DRIVER_SHIFT & ((1u << DRIVERS) - 1);

        for (; left; left &= left - 1) {
                struct driver *d = &drivers[__builtin_ctzl(left)];
                uint64_t since = d->kept ? 0 : clock_us();

                if (d->pid)
                        hear_one(d);
                else if (d->alone)
                        d->alone();
                if (!d->kept)
                        driver_charge(d, since);
        }
}

void drivers_open(const struct driver_endpoints *e)
{
        driver_hold_open(e);
}

void driver_start(enum driver_number number)
{
        if (driver_hold(&drivers[number], number))
                start(&drivers[number]);
}

bool driver_facts(unsigned i, struct driver_facts *facts)
{
        const struct driver *d = &drivers[i];

        if (i >= DRIVERS)
                return false;
        *facts = (struct driver_facts){.name = d->name,
                                       .compatible = d->compatible,
                                       .program = d->program,
                                       .there = d->start,
                                       .paddr = d->device.paddr,
                                       .interrupt = d->handler ? d->device.interrupt : 0,
                                       .memory = d->start ? bytes_of(d->memory_bits) : 0,
                                       .shared = d->start ? bytes_of(d->shared_bits) : 0,
                                       .pid = d->pid,
                                       .starts = d->starts};
        return true;
}
