/* SPDX-License-Identifier: BSD-2-Clause */
/* What /proc reports about a process; see proc.h. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"
#include "os/memory/swap.h"
#include "os/process/filters.h"
#include "os/server/proc.h"
#include "text/text.h"

enum { KIB = 1024, TICK_US = 10000 };

static char state_of(const struct process *p)
{
        if (p->state == PROCESS_ZOMBIE || p->state == PROCESS_ENDING)
                return 'Z';
        if (p->tracee.stop)
                return 't';
        return p->leader->job.stopped ? 'T' : p->state == PROCESS_RUNNING ? 'R' : 'S';
}

/* As it was counted: of all threads, for the one that stands for them. */
static uint64_t used_ticks(const struct process *p)
{
        return (p->leader == p ? p->time.used_us : p->time.consumed_us) / TICK_US;
}

static uint64_t ignored(const struct process *p, bool caught)
{
        uint64_t set = 0;

        for (int i = 0; p->handlers && i < HANDLERS; i++) {
                seL4_Word handler = p->handlers->action[i].handler;

                set |= (uint64_t)(caught ? handler > 1 : handler == 1) << i;
        }
        return set;
}

static void add_stat(struct text *t, struct process *p)
{
        uint64_t size = p->space ? p->space->bytes.all : 0, resident = p->space ? p->space->resident : 0;

        const struct process *l = p->leader;

        text_add(t, "%d (%s) %c %d %d %d 0 -1 0 %lu 0 0 0 ", p->pid, p->name, state_of(p), l->parent,
                 l->group, l->session, p->counts.paged);
        text_add(t, "%lu 0 %lu 0 %d %d %u 0 %lu %lu %lu 18446744073709551615 ", used_ticks(p),
                 l->time.children_us / TICK_US, p->time.level ? -1 - p->time.level : 20 + p->time.nice,
                 p->time.nice, l->ring.threads, p->time.started_us / TICK_US, size, resident);
        text_add(t, "0 0 0 0 0 %lu %lu %lu %lu 0 0 0 %d %u %u %u 0 0 0 0 0 0 0 0 0 0 %d\n",
                 p->signals.pending, p->signals.blocked, ignored(p, false), ignored(p, true),
                 l->end.end_signal, p->cpu.core, p->time.level, p->time.policy, l->end.exit_code);
}

static void add_statm(struct text *t, struct process *p)
{
        uint64_t size = p->space ? p->space->bytes.all / PAGE : 0,
                 resident = p->space ? p->space->resident : 0;

        text_add(t, "%lu %lu 0 0 0 %lu 0\n", size, resident, resident);
}

static const char *state_name(char state)
{
        return state == 't'   ? "tracing stop"
               : state == 'R' ? "running"
               : state == 'T' ? "stopped"
               : state == 'Z' ? "zombie"
                              : "sleeping";
}

static void add_ids(struct text *t, const char *name, const uint32_t *ids)
{
        text_add(t, "%s:\t%u\t%u\t%u\t%u\n", name, ids[USER_REAL], ids[USER_EFFECTIVE], ids[USER_SAVED],
                 ids[USER_FILES]);
}

static void add_user(struct text *t, const struct process *p)
{
        add_ids(t, "Uid", p->user.user);
        add_ids(t, "Gid", p->user.group);
        text_add(t, "FDSize:\t%u\nGroups:\t", p->files ? p->files->limit : 0);
        for (unsigned i = 0; i < p->user.groups; i++)
                text_add(t, "%u ", p->user.further[i]);
        text_add(t, "\n");
}

static void add_status(struct text *t, struct process *p)
{
        uint64_t size = p->space ? p->space->bytes.all / KIB : 0,
                 resident = p->space ? p->space->resident * 4ull : 0;
        uint64_t locked = p->space ? p->space->bytes.locked / KIB : 0;
        uint32_t swapped = p->space ? space_size(p->space) : 0;

        text_add(t,
                 "Name:\t%s\nUmask:\t%c%c%c%c\nState:\t%c "
                 "(%s)\nTgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t%d\n",
                 p->name, '0', '0' + (int)(p->place ? p->place->mask >> 6 & 7 : 0),
                 '0' + (int)(p->place ? p->place->mask >> 3 & 7 : 0),
                 '0' + (int)(p->place ? p->place->mask & 7 : 0), state_of(p), state_name(state_of(p)),
                 p->leader->pid, p->pid, p->leader->parent, p->tracee.tracer);
        add_user(t, p);
        text_add(t, "VmPeak:\t%8lu kB\nVmSize:\t%8lu kB\nVmLck:\t%8lu kB\nVmHWM:\t%8lu kB\nVmRSS:\t%8lu kB\n",
                 size, size, locked, resident, resident);
        text_add(t, "VmSwap:\t%8lu kB\nThreads:\t%u\n", swapped * 4ul - resident, p->leader->ring.threads);
        text_add(t, "SigPnd:\t%016lx\nShdPnd:\t%016lx\nSigBlk:\t%016lx\nSigIgn:\t%016lx\nSigCgt:\t%016lx\n",
                 p->signals.pending, p->leader->signals.common, p->signals.blocked, ignored(p, false),
                 ignored(p, true));
        text_add(t, "CapInh:\t%016lx\nCapPrm:\t%016lx\nCapEff:\t%016lx\nCapBnd:\t%016lx\nCapAmb:\t%016lx\n",
                 p->user.inheritable, p->user.permitted, p->user.effective, p->user.bounding,
                 p->user.ambient);
        text_add(t,
                 "NoNewPrivs:\t%d\nSeccomp:\t%d\nSeccomp_filters:\t%d\nCpus_allowed:\t%x\nCpus_allowed_list:"
                 "\t",
                 p->place && p->place->no_more_rights, p->filters.last ? 2 : p->filters.strict,
                 p->filters.last ? p->filters.last->chain : 0, p->cpu.set);
        proc_add_cores(t, p->cpu.set);
}

/* So many strings from an address on, each with its NUL. */
static void add_strings(struct text *t, struct process *p, uint64_t at, uint64_t count)
{
        char piece[512];

        while (count > 0) {
                size_t part = sizeof(piece) - at % sizeof(piece);

                if (!space_read(p->space, at, piece, part))
                        return;
                at += part;
                for (size_t i = 0; i < part && count > 0; i++) {
                        if (t->length == t->size)
                                return;
                        t->buffer[t->length++] = piece[i]; /* NULs too */
                        count -= !piece[i];
                }
        }
}

enum { STRINGS = 16384 }; /* no program begins with more (exec.c) */

/* How many pointers there are before one that is NULL, or `most`: it is the program's own memory, with anything in it. */
static uint64_t pointers(struct process *p, uint64_t at, uint64_t most)
{
        uint64_t words[PAGE / 8], count = 0, part;

        for (; count < most; count += part) {
                uint64_t from = at + count * 8;

                part = (PAGE - from % PAGE) / 8; /* behind the page there may be nothing */
                if (!space_read(p->space, from, words, part * 8))
                        return count;
                for (uint64_t i = 0; i < part; i++) {
                        if (!words[i])
                                return count + i;
                }
        }
        return most;
}

/* The strings of main's arguments, or of its environment, as they are on its stack now. */
static void add_main(struct text *t, struct process *p, bool environment)
{
        uint64_t count, at, list;

        if (!p->space || !p->space->first_sp || !space_read(p->space, p->space->first_sp, &count, 8))
                return;
        list = p->space->first_sp + 8 * (environment ? count + 2 : 1);
        if (environment)
                count = pointers(p, list, STRINGS);
        if (count && space_read(p->space, list, &at, 8))
                add_strings(t, p, at, count);
}

static void add_limit(struct text *t, const char *name, const uint64_t limit[2], const char *unit)
{
        text_add(t, "%-25s ", name);
        for (unsigned i = 0; i < 2; i++) {
                if (limit[i] == UINT64_MAX)
                        text_add(t, "%-20s ", "unlimited");
                else
                        text_add(t, "%-20lu ", limit[i]);
        }
        text_add(t, "%-10s\n", unit);
}

static void add_limits(struct text *t, const struct process *p)
{
        static const char *const names[LIMITS][2] = {
                {"Max cpu time", "seconds"},     {"Max file size", "bytes"},
                {"Max data size", "bytes"},      {"Max stack size", "bytes"},
                {"Max core file size", "bytes"}, {"Max resident set", "bytes"},
                {"Max processes", "processes"},  {"Max open files", "files"},
                {"Max locked memory", "bytes"},  {"Max address space", "bytes"},
                {"Max file locks", "locks"},     {"Max pending signals", "signals"},
                {"Max msgqueue size", "bytes"},  {"Max nice priority", ""},
                {"Max realtime priority", ""},   {"Max realtime timeout", "us"},
        };
        const struct process *l = p->leader;
        uint64_t limit[2];

        text_add(t, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
        for (unsigned i = 0; i < LIMITS && l->files; i++) {
                posix_get_limit(l, i, limit);
                add_limit(t, names[i][0], limit, names[i][1]);
        }
}

/* Thousandths of all memory that it has, and what is added to them, in the terms of Linux: 666 is little of it, 0 never. */
static long score(const struct process *p)
{
        enum { NEVER = -1000, ALL = 1000 };
        long pages = p->space ? (long)space_size(p->space) : 0,
             all = (long)(frame_total() + swap_counts().blocks);

        return p->leader->traits.score == NEVER
                       ? 0
                       : (ALL + (pages + p->leader->traits.score * all / ALL) * ALL / all) * 2 / 3;
}

static void add_rest(struct text *t, const struct process *p, uint8_t report)
{
        switch (report) {
        case PROC_PROCESS_SLACK:
                text_add(t, "%lu\n", p->traits.slack ? p->traits.slack : (unsigned long)PROCESS_SLACK);
                break;
        case PROC_PROCESS_LOGIN:
                text_add(t, "%u", UINT32_MAX);
                break;
        case PROC_PROCESS_SAME_USERS:
                text_add(t, "         0          0 4294967295\n");
                break;
        case PROC_PROCESS_MAY_GROUP:
                text_add(t, "allow\n");
                break;
        default:
                add_limits(t, p);
        }
}

void proc_process_text(struct text *t, struct process *p, const struct node *n)
{
        switch (n->report) {
        case PROC_PROCESS_STAT:
                add_stat(t, p);
                break;
        case PROC_PROCESS_STATM:
                add_statm(t, p);
                break;
        case PROC_PROCESS_STATUS:
                add_status(t, p);
                break;
        case PROC_PROCESS_COMM:
                text_add(t, "%s\n", p->name);
                break;
        case PROC_PROCESS_CMDLINE:
        case PROC_PROCESS_ENVIRON:
                add_main(t, p, n->report == PROC_PROCESS_ENVIRON);
                break;
        case PROC_PROCESS_SCORE:
                text_add(t, "%ld\n", score(p));
                break;
        case PROC_PROCESS_SCORE_ADDED:
                text_add(t, "%d\n", p->leader->traits.score);
                break;
        case PROC_PROCESS_WCHAN:
                text_add(t, "0");
                break;
        case PROC_PROCESS_PERSONALITY:
                text_add(t, "%08x\n", p->leader->traits.persona);
                break;
        case PROC_PROCESS_CGROUP:
                text_add(t, "0::/\n");
                break;
        default:
                add_rest(t, p, n->report);
        }
}
