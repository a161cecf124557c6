/* SPDX-License-Identifier: BSD-2-Clause */
/* What the system reports about itself: capabilities, memory, threads. */
#include <book/book.h>

#include "base/text.h"
#include "cpio/cpio.h"
#include "os/core/cores.h"
#include "os/core/refusals.h"
#include "os/core/service.h"
#include "os/core/trace.h"
#include "os/files/archive.h"
#include "os/memory/map.h"
#include "os/memory/swap.h"
#include "os/server/report.h"
#include "os/server/server.h"
#include "sel4/report.h"
#include "sel4/start.h"

enum { KIB = 1024 };

static void add_row(struct text *t, const char *name, seL4_Word count)
{
        if (count)
                text_add(t, "%-20s %8lu\n", name, count);
}

/* Each object has one slot, and so has each piece of untyped memory; the slots of boot time and those that the CSpace
 * keeps ready are listed separately, the rest are copies. */
static void report_caps(struct text *t)
{
        const seL4_BootInfo *info = start_bootinfo();
        seL4_Word boot = info->empty.start - 1, own = cspace_own_slots(&root_cspace);
        seL4_Word books = book_pages(), objects = 0, pieces,
                  frames = frame_counts().used + frame_counts().free -
                           (FRAME_LARGE - 1) * frame_counts().large;
        ut_stats_t stats;

        ut_stats(&stats);
        text_add(t, "%-20s %8s\n", "CAPABILITY", "SLOTS");
        add_row(t, "from boot", boot);
        pieces = 2 * (stats.splits - stats.merges);
        add_row(t, "untyped", pieces);
        for (seL4_Word type = 0; type < seL4_ObjectTypeCount; type++) {
                seL4_Word n = ut_objects(type);

                objects += n;
                add_row(t, report_type_name(type), type == seL4_ARM_SmallPageObject ? n - books : n);
        }
        add_row(t, "bookkeeping frame", books + own);
        add_row(t, "frame table", 2 * frames);
        add_row(t, "copy",
                cspace_used_slots(&root_cspace) - boot - pieces - objects - own - 2 * frames -
                        map_spare_slots());
        text_add(t, "%-20s %8lu\n", "(free)", cspace_free_slots(&root_cspace)); /* 0 is of interest, too */
}

static void report_mem(struct text *t)
{
        struct frame_counts f = frame_counts();
        struct swap_counts s = swap_counts();
        seL4_Word bytes = 0, used = 0, untouched = 0, untouched_bytes = 0;
        ut_root_t r;

        text_add(t, "%-14s %10s %10s %10s  KiB\n", "UNTYPED", "SIZE", "USED", "FREE");
        for (unsigned i = 0; ut_root(i, &r); i++) {
                if (r.device)
                        continue;
                bytes += r.bytes;
                used += r.used;
                if (r.used == 0) {
                        untouched++;
                        untouched_bytes += r.bytes;
                        continue;
                }
                text_add(t, "0x%-12lx %10lu %10lu %10lu\n", r.paddr, r.bytes / KIB, (r.used + KIB - 1) / KIB,
                         (r.bytes - r.used) / KIB);
        }
        text_add(t, "%2lu untouched   %10lu %10d %10lu\n", untouched, untouched_bytes / KIB, 0,
                 untouched_bytes / KIB);
        text_add(t, "%-14s %10lu %10lu %10lu\n", "all", bytes / KIB, (used + KIB - 1) / KIB,
                 (bytes - used) / KIB);
        text_add(t, "exactly %lu bytes used; frames: %lu used, %lu ready, at most %lu\n", used,
                 archive_others(), f.free, f.limit);
        text_add(
                t,
                "swap: %lu KiB, %lu KiB free; pages: %lu written, %lu read, %lu evicted unwritten; %lu bad\n",
                s.blocks * 4, s.free * 4, s.out, s.in, s.dropped, s.bad);
}

/* The highest number of frames allowed; writing a number changes it. */
static void report_frames(struct text *t)
{
        text_add(t, "%lu\n", frame_counts().limit);
}

/* The longest times for which the server did not listen; writing anything resets them. */
static void report_server(struct text *t)
{
        static const char *const others[] = {"fault", "signal", "ending", "leaving"};

        text_add(t, "%-12s %12s\n", "CALL", "LONGEST ns");
        for (unsigned i = 0; i < SERVER_ROWS; i++) {
                uint64_t ns = server_longest_ns(i);

                if (ns == 0)
                        continue;
                if (i < SERVER_NATIVE)
                        text_add(t, "linux %-6u %12lu\n", i, ns);
                else if (i < SERVER_FAULT)
                        text_add(t, "native %-5u %12lu\n", i - SERVER_NATIVE, ns);
                else
                        text_add(t, "%-12s %12lu\n", others[i - SERVER_FAULT], ns);
        }
}

/* The kernel's trace; `start`, `stop` and `drop` may be written to it. */
static void report_trace(struct text *t)
{
        struct trace_state s = trace_state();

        if (!s.bytes)
                text_add(t, "off\n");
        else
                text_add(t, "%s: %lu events, %lu of them lost; %lu bytes at 0x%lx\n",
                         s.runs ? "runs" : "stopped", s.written, s.lost, s.bytes, s.paddr);
}

/* The names by which a reader of the trace knows the threads; later threads are named when they start. */
static void name_all(void)
{
        struct service *s;

        trace_known(seL4_CapInitThreadTCB, "server", 0);
        for (unsigned i = 0; (s = service_entry(i)) != NULL; i++)
                trace_known(s->thread->tcb, s->thread->name, 0);
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (process_lives(p))
                        trace_known(p->kernel.tcb.cap, p->name, p->pid);
        }
}

int report_trace_start(void)
{
        int error = trace_begin();

        if (!error)
                name_all();
        return error;
}

static int write_trace(const char *word)
{
        if (!strcmp(word, "start"))
                return report_trace_start();
        if (!strcmp(word, "stop"))
                return trace_end() ? 0 : SOS_ESRCH;
        if (strcmp(word, "drop"))
                return SOS_EINVAL;
        if (!trace_state().bytes)
                return SOS_ESRCH;
        trace_drop();
        return 0;
}

/* Whose refused calls are reported, in the order of TESSERA_REFUSALS_*; each word may be written to it.  The server's own refusals
 * are mostly probes. */
static const char *const refusals[] = {"off", "on", "all"};

static void report_refusals(struct text *t)
{
        text_add(t, "%s\n",
                 refusals_known()
                         ? refusals[refusals_told()]
                         : "none: only a debug kernel, in an image packed with --extensions, reports them");
}

static bool write_refusals(const char *word)
{
        for (unsigned i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
                if (!strcmp(word, refusals[i]))
                        return refusals_tell(i);
        }
        return false;
}

static bool write_frames(const char *word)
{
        uint64_t limit;

        if (!text_number(word, &limit) || limit > FRAMES_MAX || (limit && limit < REPORT_FRAMES_MIN))
                return false;
        frame_limit(limit);
        return true;
}

int report_write(enum sos_report which, const char *bytes, seL4_Word size)
{
        char text[SOS_NAME_MAX] = {0};

        if (which == REPORT_SERVER) {
                server_longest_reset();
                return 0;
        }
        if (size >= sizeof(text))
                return SOS_EINVAL;
        memcpy(text, bytes, size);
        if (strchr(text, '\n'))
                *strchr(text, '\n') = '\0';
        if (which == REPORT_TRACE)
                return write_trace(text);
        if (which == REPORT_REFUSALS)
                return write_refusals(text) ? 0 : SOS_EINVAL;
        return which == REPORT_FRAMES && write_frames(text) ? 0 : SOS_EINVAL;
}

/* With one core, no table has a column for it. */
static void add_thread(struct text *t, int pid, const char *name, unsigned long priority, const char *state,
                       unsigned core)
{
        text_add(t, "%5d %-16s %4lu %-8s ", pid, name, priority, state);
        if (cores_count() > 1)
                text_add(t, "%4u ", core);
}

static void add_time(struct text *t, unsigned long budget, unsigned long period, unsigned long consumed)
{
        text_add(t, "%6lu/%-6lu %6lu.%03lu", budget, period, consumed / 1000, consumed % 1000);
}

static unsigned long service_time(struct service *s)
{
        s->consumed_us += thread_time_used(s->thread);
        return s->consumed_us;
}

/* Calls and faults are those that the server has served: its own threads have none. */
static void report_threads(struct text *t)
{
        static const char *const states[] = {"", "runs", "waits", "waits", "ends", "ended"};
        static unsigned long own;
        struct service *s;

        text_add(t, "%5s %-16s %4s %-8s %s%13s %10s %9s %7s\n", "PID", "NAME", "PRIO", "STATE",
                 cores_count() > 1 ? "CORE " : "", "BUDGET us", "USED ms", "CALLS", "FAULTS");
        own += seL4_SchedContext_Consumed(seL4_CapInitThreadSC).consumed;
        add_thread(t, 0, "server", SERVER_PRIORITY, "serves", 0);
        add_time(t, SERVER_SLICE_US, SERVER_SLICE_US, own);
        text_add(t, "\n");
        for (unsigned i = 0; (s = service_entry(i)) != NULL; i++) {
                add_thread(t, 0, s->thread->name, s->config.prio, "serves", s->config.core);
                add_time(t, SERVICE_SLICE_US, SERVICE_SLICE_US, service_time(s));
                text_add(t, "\n");
        }
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (p->state == PROCESS_FREE)
                        continue;
                add_thread(t, p->pid, p->name, p->time.priority,
                           p->job.stopped && process_lives(p) ? "stopped" : states[p->state], p->cpu.core);
                add_time(t, p->time.budget_us, p->time.period_us, p->time.used_us);
                text_add(t, " %9lu %7lu\n", p->counts.calls, p->counts.paged);
        }
}

static void report_programs(struct text *t)
{
        unsigned long length = (unsigned long)(archive_end - archive_start), size;
        const char *name;

        for (int i = 0; cpio_get_entry(archive_start, length, i, &name, &size); i++)
                text_add(t, "%-16s %8lu\n", name, size);
}

seL4_Word report_make(enum sos_report which, char *buffer, seL4_Word size)
{
        static void (*const makers[REPORTS])(struct text *) = {
                [REPORT_CAPS] = report_caps,         [REPORT_MEM] = report_mem,
                [REPORT_THREADS] = report_threads,   [REPORT_PROGRAMS] = report_programs,
                [REPORT_FRAMES] = report_frames,     [REPORT_SERVER] = report_server,
                [REPORT_IFCONFIG] = report_ifconfig, [REPORT_NETSTAT] = report_netstat,
                [REPORT_DRIVERS] = report_drivers,   [REPORT_RESOLV] = report_resolv,
                [REPORT_TRACE] = report_trace,       [REPORT_REFUSALS] = report_refusals,
        };
        struct text t = {.buffer = buffer, .size = size};

        makers[which](&t);
        text_mark(&t);
        return t.length;
}
