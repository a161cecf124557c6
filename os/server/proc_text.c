/* SPDX-License-Identifier: BSD-2-Clause */
/* What /proc reports about the system, and what links there refer to; see proc.h. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/cores.h"
#include "os/device/board.h"
#include "os/memory/swap.h"
#include "os/process/process.h"
#include "os/server/proc.h"
#include "sos/clock.h"
#include "text/text.h"

enum { TICK_US = 10000 };

static void add_meminfo(struct text *t)
{
        struct swap_counts s = swap_counts();
        size_t all = frame_total(), free = frame_available(), files = frame_counts().files;

        text_add(t, "MemTotal:       %8lu kB\nMemFree:        %8lu kB\nMemAvailable:   %8lu kB\n", all * 4,
                 free * 4, free * 4);
        text_add(t, "Buffers:        %8u kB\nCached:         %8lu kB\nSwapCached:     %8u kB\n", 0u,
                 files * 4, 0u);
        text_add(t, "SwapTotal:      %8lu kB\nSwapFree:       %8lu kB\n", s.blocks * 4, s.free * 4);
        text_add(t,
                 "Shmem:          %8lu kB\nHugePages_Total: %7u\nHugePages_Free:  %7u\nHugepagesize:   %8u "
                 "kB\n",
                 files * 4, 0u, 0u, 2048u);
}

void proc_add_cores(struct text *t, uint32_t set)
{
        for (unsigned core = 0, last; set >> core; core = last + 1) {
                last = core;
                while (set >> last & set >> (last + 1) & 1)
                        last++;
                if (set >> core & 1) {
                        text_add(t, last > core ? "%u-%u" : "%u", core, last);
                        text_add(t, set >> (last + 1) ? "," : "\n");
                }
        }
}

static void add_cpus(struct text *t)
{
        proc_add_cores(t, cores_all());
}

static void add_cpuinfo(struct text *t)
{
        for (unsigned core = 0; core < cores_count(); core++)
                text_add(t,
                         "processor\t: %u\nBogoMIPS\t: %lu.00\nFeatures\t: fp asimd\nCPU implementer\t: "
                         "0x41\nCPU architecture: 8\n"
                         "CPU variant\t: 0x0\nCPU part\t: 0xd03\nCPU revision\t: 4\n\n",
                         core, timestamp_get_freq() / 500000);
}

/* Of all cores together. */
static uint64_t idle_us(void)
{
        uint64_t all = clock_us() * cores_count(), busy = process_all_used();

        return busy < all ? all - busy : 0;
}

static void add_uptime(struct text *t)
{
        uint64_t all = clock_us() / TICK_US, idle = idle_us() / TICK_US;

        text_add(t, "%lu.%02lu %lu.%02lu\n", all / 100, all % 100, idle / 100, idle % 100);
}

static unsigned running(unsigned *all)
{
        unsigned count = 0;

        *all = 0;
        for (unsigned i = 0; i < PROCESSES; i++) {
                *all += process_lives(process_entry(i));
                count += process_entry(i)->state == PROCESS_RUNNING;
        }
        return count;
}

static void add_loadavg(struct text *t)
{
        unsigned all, now = running(&all);

        text_add(t, "0.00 0.00 0.00 %u/%u %d\n", now, all, proc_caller() ? proc_caller()->leader->pid : 0);
}

static void add_stat(struct text *t)
{
        unsigned all, now = running(&all);

        text_add(t, "cpu  %lu 0 0 %lu 0 0 0 0 0 0\n", process_all_used() / TICK_US, idle_us() / TICK_US);
        for (unsigned core = 0; core < cores_count(); core++) {
                uint64_t busy = process_core_used(core), time = clock_us();

                text_add(t, "cpu%u %lu 0 0 %lu 0 0 0 0 0 0\n", core, busy / TICK_US,
                         (busy < time ? time - busy : 0) / TICK_US);
        }
        text_add(t, "intr 0\nctxt 0\nbtime %lu\nprocesses %u\nprocs_running %u\nprocs_blocked 0\n",
                 board_epoch() / 1000000, all, now);
}

static void add_swaps(struct text *t)
{
        struct swap_counts s = swap_counts();

        text_add(t, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
        if (s.blocks)
                text_add(t, "/dev/vda                                partition\t%lu\t\t%lu\t\t-2\n",
                         s.blocks * 4, (s.blocks - s.free) * 4);
}

static void add_mounts(struct text *t)
{
        const struct node *disk = node_find(node_root(), "/disk");

        text_add(t, "none / tmpfs rw 0 0\nproc /proc proc ro 0 0\n");
        if (disk)
                text_add(t, "/dev/vda /disk tmpfs %s 0 0\n", node_read_only(disk) ? "ro" : "rw");
}

static void add_mountinfo(struct text *t)
{
        const struct node *disk = node_find(node_root(), "/disk");

        text_add(t, "%d 0 0:1 / / rw - tmpfs none rw\n%d 1 0:2 / /proc ro - proc proc ro\n", NODE_MOUNT_ROOT,
                 NODE_MOUNT_PROC);
        if (disk)
                text_add(t, "%d 1 0:3 / /disk %s - tmpfs /dev/vda rw\n", NODE_MOUNT_DISK,
                         node_read_only(disk) ? "ro" : "rw");
}

static void add_hostname(struct text *t)
{
        text_add(t, "%s\n", posix_host_name(false));
}

static void add_domainname(struct text *t)
{
        text_add(t, "%s\n", posix_host_name(true));
}

/* A random one, as version 4 of them is. */
static void add_uuid(struct text *t)
{
        enum { BYTES = 16, VERSION = 6, VARIANT = 8 };
        unsigned char b[BYTES];

        file_random(b, BYTES);
        b[VERSION] = (b[VERSION] & 0xf) | 0x40;
        b[VARIANT] = (b[VARIANT] & 0x3f) | 0x80;
        for (unsigned i = 0; i < BYTES; i++)
                text_add(t, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", b[i]);
        text_add(t, "\n");
}

static void add_segment_bytes(struct text *t)
{
        text_add(t, "%lu\n", posix_segment_most());
}

static void add_segment_pages(struct text *t)
{
        text_add(t, "%lu\n", posix_segment_most() / PAGE);
}

static void add_path(struct text *t, const struct node *n)
{
        char path[PATH_MAX];

        if (n && node_path(n, path, sizeof(path)))
                text_add(t, "%s%s", path, n->named ? "" : " (deleted)");
}

static void add_descriptor(struct text *t, struct file *f, int number)
{
        static const char *const events[] = {
                [FILE_COUNTER] = "[eventfd]", [FILE_TIMER] = "[timerfd]", [FILE_SIGNALS] = "[signalfd]",
                [FILE_NOTICES] = "inotify",   [FILE_PROCESS] = "[pidfd]", [FILE_QUEUE] = "mqueue",
                [FILE_SET] = "[eventpoll]"};

        if (f->node)
                add_path(t, f->node);
        else if (f->pipe)
                text_add(t, "pipe:[%lu]", (unsigned long)((uintptr_t)f->pipe / sizeof(struct pipe)));
        else if (f->socket)
                text_add(t, "socket:[%d]", number);
        else if (f->kind >= FILE_COUNTER && f->kind <= FILE_SET)
                text_add(t, "anon_inode:%s", events[f->kind]);
}

struct file *proc_file(const struct node *link)
{
        const struct process *p;

        if (link->report != PROC_PROCESS_FD)
                return NULL;
        p = process_find(node_parent(link)->number);
        return p && p->files ? descriptor_file(p->files, (seL4_Word)link->number) : NULL;
}

static void add_link(struct text *t, const struct node *n)
{
        const struct process *p =
                thread_find(n->report == PROC_PROCESS_FD ? node_parent(n)->number : n->number);
        struct file *f;

        if (n->report == PROC_SELF) {
                text_add(t, !strcmp(n->name, "self") ? "%d" : "self",
                         proc_caller() ? proc_caller()->leader->pid : 0);
                return;
        }
        if (!p || !p->space)
                return;
        f = proc_file(n);
        if (n->report == PROC_PROCESS_EXE)
                add_path(t, p->space->program);
        else if (n->report == PROC_PROCESS_CWD && p->place)
                add_path(t, p->place->directory);
        else if (n->report == PROC_PROCESS_ROOT)
                text_add(t, "/");
        else if (f)
                add_descriptor(t, f, n->number);
}

bool proc_count_some(const struct node *n, seL4_Word *at)
{
        struct process *p = n->report == PROC_PROCESS_STAT ? thread_find(n->number) : NULL;

        if (p && p->leader == p)
                return process_count_some(p, at);
        if (p)
                thread_consumed(p);
        return (n->report != PROC_UPTIME && n->report != PROC_STAT && n->report != REPORT_THREADS) ||
               process_count_some(NULL, at);
}

size_t proc_text(const struct node *n, char *buffer, size_t size)
{
        static void (*const makers[])(struct text *) = {
                [PROC_MEMINFO - PROC_MEMINFO] = add_meminfo,
                [PROC_CPUINFO - PROC_MEMINFO] = add_cpuinfo,
                [PROC_UPTIME - PROC_MEMINFO] = add_uptime,
                [PROC_LOADAVG - PROC_MEMINFO] = add_loadavg,
                [PROC_STAT - PROC_MEMINFO] = add_stat,
                [PROC_MOUNTS - PROC_MEMINFO] = add_mounts,
                [PROC_SWAPS - PROC_MEMINFO] = add_swaps,
                [PROC_HOSTNAME - PROC_MEMINFO] = add_hostname,
                [PROC_DOMAINNAME - PROC_MEMINFO] = add_domainname,
                [PROC_UUID - PROC_MEMINFO] = add_uuid,
                [PROC_CPUS - PROC_MEMINFO] = add_cpus,
                [PROC_SEGMENT_BYTES - PROC_MEMINFO] = add_segment_bytes,
                [PROC_SEGMENT_PAGES - PROC_MEMINFO] = add_segment_pages,
        };
        struct text t = {.buffer = buffer, .size = size};
        struct process *p = n->report >= PROC_OF_PROCESS ? thread_find(n->number) : NULL;

        if (n->kind == NODE_LINK)
                add_link(&t, n);
        else if (n->report < PROC_CONSTANT)
                makers[n->report - PROC_MEMINFO](&t);
        else if (n->report == PROC_CONSTANT)
                proc_constant(&t, n->number);
        else if (n->report == PROC_PROCESS_MOUNTS)
                add_mounts(&t);
        else if (n->report == PROC_PROCESS_MOUNTINFO)
                add_mountinfo(&t);
        else if (n->report == PROC_PROCESS_FDINFO)
                proc_descriptor_text(&t, n);
        else if (p)
                proc_process_text(&t, p, n);
        return t.length;
}
