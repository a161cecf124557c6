/* SPDX-License-Identifier: BSD-2-Clause */
/* See proc.h.  What the system says about itself, and the live directories. */
#include "os/server/proc.h"
#include "base/text.h"
#include "os/device/board.h"
#include "os/files/names.h"
#include "os/files/store.h"
#include "os/memory/swap.h"
#include "os/process/process.h"
#include "sos/clock.h"
#include "text/text.h"

enum { KIB = 1024, TICKS = 100, MODE = 0444, DIRECTORY_MODE = 0555, LINK_MODE = 0777 };

static struct {
        struct node *root, *self;
        const struct process *caller;
} proc;

/* Files that always say the same. */
static const struct {
        const char *path, *text;
} constants[] = {
        {"/proc/version", "Linux version 5.10.0 (Tessera starter OS)\n"},
        {"/proc/filesystems", "nodev\ttmpfs\nnodev\tproc\n"},
        {"/proc/cmdline", "\n"},
        {"/proc/sys/kernel/ostype", "Linux\n"},
        {"/proc/sys/kernel/osrelease", "5.10.0\n"},
        {"/proc/sys/kernel/hostname", "tessera\n"},
        {"/proc/sys/kernel/version", "Tessera starter OS\n"},
        {"/proc/sys/kernel/pid_max", "2147483647\n"},
        {"/proc/sys/kernel/threads-max", "1152\n"},
        {"/proc/sys/kernel/ngroups_max", "0\n"},
        {"/proc/sys/kernel/cap_last_cap", "40\n"},
        {"/proc/sys/kernel/rtsig-max", "64\n"},
        {"/proc/sys/kernel/tainted", "0\n"},
        {"/proc/sys/vm/overcommit_memory", "1\n"},
        {"/proc/sys/vm/max_map_count", "9000\n"},
        {"/proc/sys/fs/file-max", "4096\n"},
        {"/proc/sys/fs/nr_open", "1024\n"},
        {"/proc/sys/fs/pipe-max-size", "65536\n"},
        {"/sys/devices/system/cpu/online", "0\n"},
        {"/sys/devices/system/cpu/possible", "0\n"},
        {"/sys/devices/system/cpu/present", "0\n"},
        {"/sys/devices/system/cpu/cpu0/online", "1\n"},
        {"/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n"},
};

enum { CONSTANTS = sizeof(constants) / sizeof(*constants) };

static struct node *finish(struct node *n, enum proc_report report)
{
        if (!n)
                return NULL;
        n->report = (uint8_t)report;
        n->fixed = true;
        n->mode = n->kind == NODE_DIRECTORY ? DIRECTORY_MODE : n->kind == NODE_LINK ? LINK_MODE : MODE;
        return n;
}

static struct node *make(const char *path, enum node_kind kind, enum proc_report report)
{
        return finish(node_make(node_root(), path, kind), report);
}

/* In a directory that does not have it; nothing is looked for, for that may be why it is made. */
static struct node *make_in(struct node *directory, const char *name, enum node_kind kind, enum proc_report report)
{
        struct node_place place = {.parent = directory};
        struct node *n;

        string_cut(place.name, name, sizeof(place.name));
        return node_create(&place, kind, &n) ? NULL : finish(n, report);
}

/* A file, and the directories above it. */
static struct node *make_below(const char *path, enum proc_report report)
{
        char above[64];

        for (size_t i = 1; path[i] && i < sizeof(above); i++) {
                if (path[i] != '/')
                        continue;
                memcpy(above, path, i);
                above[i] = '\0';
                make(above, NODE_DIRECTORY, 0);
        }
        return make(path, NODE_REPORT, report);
}

static void link_to(const char *path, const char *text)
{
        struct node *n = node_make(node_root(), path, NODE_LINK);

        if (!n)
                return;
        node_write(n, 0, text, strlen(text));
        n->fixed = true;
}

void proc_init(void)
{
        static const struct {
                const char *path;
                uint8_t report;
        } files[] = {
                {"/proc/meminfo", PROC_MEMINFO}, {"/proc/cpuinfo", PROC_CPUINFO}, {"/proc/uptime", PROC_UPTIME},
                {"/proc/loadavg", PROC_LOADAVG}, {"/proc/stat", PROC_STAT},       {"/proc/swaps", PROC_SWAPS},
        };

        proc.root = node_find(node_root(), "/proc");
        proc.root->live = true;
        for (unsigned i = 0; i < sizeof(files) / sizeof(*files); i++)
                make_below(files[i].path, (enum proc_report)files[i].report);
        for (uint8_t i = 0; i < CONSTANTS; i++) {
                struct node *n = make_below(constants[i].path, PROC_CONSTANT);

                if (n)
                        n->number = i;
        }
        proc.self = make("/proc/self", NODE_LINK, PROC_SELF);
        make("/proc/thread-self", NODE_LINK, PROC_SELF);
        link_to("/proc/mounts", "self/mounts");
        link_to("/etc/mtab", "/proc/self/mounts");
        link_to("/dev/fd", "/proc/self/fd");
        link_to("/dev/stdin", "/proc/self/fd/0");
        link_to("/dev/stdout", "/proc/self/fd/1");
        link_to("/dev/stderr", "/proc/self/fd/2");
        make("/dev/shm", NODE_DIRECTORY, 0)->mode = 01777;
        node_find(node_root(), "/tmp")->mode = 01777;
}

void proc_self(const struct process *p)
{
        proc.caller = p;
}

/* --- live directories --- */

static const struct {
        const char *name;
        uint8_t kind, report;
} entries[] = {
        {"stat", NODE_REPORT, PROC_PROCESS_STAT},       {"statm", NODE_REPORT, PROC_PROCESS_STATM},
        {"status", NODE_REPORT, PROC_PROCESS_STATUS},   {"comm", NODE_REPORT, PROC_PROCESS_COMM},
        {"cmdline", NODE_REPORT, PROC_PROCESS_CMDLINE}, {"maps", NODE_REPORT, PROC_PROCESS_MAPS},
        {"limits", NODE_REPORT, PROC_PROCESS_LIMITS},   {"mounts", NODE_REPORT, PROC_PROCESS_MOUNTS},
        {"exe", NODE_LINK, PROC_PROCESS_EXE},           {"cwd", NODE_LINK, PROC_PROCESS_CWD},
        {"root", NODE_LINK, PROC_PROCESS_ROOT},
};

enum { ENTRIES = sizeof(entries) / sizeof(*entries) };

/* A number that is written as one writes it; false when the name is none. */
static bool number_of(const char *name, size_t length, int *number)
{
        uint64_t value;
        char text[12];

        if (length == 0 || length >= sizeof(text) || (*name == '0' && length > 1))
                return false;
        memcpy(text, name, length);
        text[length] = '\0';
        if (!text_number(text, &value) || value > INT32_MAX)
                return false;
        *number = (int)value;
        return true;
}

static struct node *numbered(struct node *directory, int number)
{
        char name[12];

        return names_find(directory, text_print(name, sizeof(name), "%d", number), strlen(name));
}

static void take_away(struct node *record)
{
        struct node_place place = {.parent = node_parent(record), .record = record, .node = record};

        for (struct node *n; (n = node_next(record, 0)) != NULL;)
                take_away(n);
        record->fixed = false;
        record->live = false;
        if (record->kind == NODE_REPORT)
                record->kind = NODE_LINK; /* what may be removed, and has no content */
        node_remove(&place, record->kind == NODE_DIRECTORY);
}

static void make_process(int pid)
{
        char name[12];
        struct node *directory = make_in(proc.root, text_print(name, sizeof(name), "%d", pid), NODE_DIRECTORY, 0), *n;

        if (!directory)
                return;
        directory->number = pid;
        for (unsigned i = 0; i < ENTRIES; i++) {
                n = make_in(directory, entries[i].name, (enum node_kind)entries[i].kind,
                         (enum proc_report)entries[i].report);
                if (n)
                        n->number = pid;
        }
        n = make_in(directory, "fd", NODE_DIRECTORY, 0);
        if (n) {
                n->live = true;
                n->number = pid;
        }
}

/* The directory of a process is there exactly while the process is. */
static void update_process(int pid)
{
        struct node *n = numbered(proc.root, pid);
        bool lives = process_find(pid) != NULL;

        if (lives && !n)
                make_process(pid);
        if (!lives && n)
                take_away(n);
}

static void update_descriptor(struct node *directory, int number)
{
        const struct process *p = process_find(directory->number);
        struct node *n = numbered(directory, number);
        bool open = p && p->files && number < DESCRIPTORS && descriptor_file(p->files, (seL4_Word)number);
        char name[12];

        if (open && !n) {
                n = make_in(directory, text_print(name, sizeof(name), "%d", number), NODE_LINK, PROC_PROCESS_FD);
                if (n)
                        n->number = number;
        }
        if (!open && n)
                take_away(n);
}

static void update_all(struct node *directory)
{
        int number;

        if (directory != proc.root) {
                for (int i = 0; i < DESCRIPTORS; i++)
                        update_descriptor(directory, i);
                return;
        }
        for (uint32_t i = 1; i < names_end(); i++) {
                const struct node *n = node_at(i);

                if (n->kind == NODE_DIRECTORY && n->in_directory && node_parent(n) == proc.root &&
                    number_of(n->name, strlen(n->name), &number))
                        update_process(number);
        }
        for (unsigned i = 0; i < PROCESSES; i++) {
                if (process_entry(i)->state != PROCESS_FREE)
                        update_process(process_entry(i)->pid);
        }
}

void proc_look(struct node *directory, const char *name, size_t length)
{
        int number;

        if (!name)
                update_all(directory);
        else if (number_of(name, length, &number) && directory == proc.root)
                update_process(number);
        else if (number_of(name, length, &number))
                update_descriptor(directory, number);
}

/* --- texts --- */

static void add_meminfo(struct text *t)
{
        struct swap_counts s = swap_counts();
        size_t all = frame_total(), free = frame_available();

        text_add(t, "MemTotal:       %8lu kB\nMemFree:        %8lu kB\nMemAvailable:   %8lu kB\n", all * 4, free * 4,
                 free * 4);
        text_add(t, "Buffers:        %8u kB\nCached:         %8u kB\nSwapCached:     %8u kB\n", 0u, 0u, 0u);
        text_add(t, "SwapTotal:      %8lu kB\nSwapFree:       %8lu kB\n", s.blocks * 4, s.free * 4);
        text_add(t, "Shmem:          %8u kB\nHugePages_Total: %7u\nHugePages_Free:  %7u\nHugepagesize:   %8u kB\n", 0u, 0u, 0u,
                 2048u);
}

static void add_cpuinfo(struct text *t)
{
        text_add(t,
                 "processor\t: 0\nBogoMIPS\t: %lu.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\n"
                 "CPU variant\t: 0x0\nCPU part\t: 0xd03\nCPU revision\t: 4\n\n",
                 timestamp_get_freq() / 500000);
}

/* Microseconds that programs have run. */
static uint64_t busy_us(void)
{
        uint64_t sum = 0;

        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (process_lives(p))
                        sum += process_consumed(p);
        }
        return sum;
}

static uint64_t idle_us(void)
{
        uint64_t all = clock_us(), busy = busy_us();

        return busy < all ? all - busy : 0;
}

static void add_uptime(struct text *t)
{
        uint64_t all = clock_us() / 10000, idle = idle_us() / 10000;

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

        text_add(t, "0.00 0.00 0.00 %u/%u %d\n", now, all, proc.caller ? proc.caller->leader->pid : 0);
}

static void add_stat(struct text *t)
{
        uint64_t busy = busy_us() / (1000000 / TICKS), idle = idle_us() / (1000000 / TICKS);
        unsigned all, now = running(&all);

        text_add(t, "cpu  %lu 0 0 %lu 0 0 0 0 0 0\ncpu0 %lu 0 0 %lu 0 0 0 0 0 0\n", busy, idle, busy, idle);
        text_add(t, "intr 0\nctxt 0\nbtime %lu\nprocesses %u\nprocs_running %u\nprocs_blocked 0\n", board_epoch(), all, now);
}

static void add_swaps(struct text *t)
{
        struct swap_counts s = swap_counts();

        text_add(t, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
        if (s.blocks)
                text_add(t, "/dev/vda                                partition\t%lu\t\t%lu\t\t-2\n", s.blocks * 4,
                         (s.blocks - s.free) * 4);
}

static void add_mounts(struct text *t)
{
        text_add(t, "none / tmpfs rw 0 0\nproc /proc proc ro 0 0\n");
        if (node_find(node_root(), "/disk"))
                text_add(t, "/dev/vda /disk tmpfs rw 0 0\n");
}

static void add_path(struct text *t, const struct node *n)
{
        char path[PATH_MAX];

        if (n && node_path(n, path, sizeof(path)))
                text_add(t, "%s%s", path, n->named ? "" : " (deleted)");
}

static void add_descriptor(struct text *t, struct file *f, int number)
{
        static const char *const events[] = {[FILE_COUNTER] = "eventfd",
                                             [FILE_TIMER] = "timerfd",
                                             [FILE_SIGNALS] = "signalfd",
                                             [FILE_SET] = "eventpoll"};

        if (f->node)
                add_path(t, f->node);
        else if (f->pipe)
                text_add(t, "pipe:[%lu]", (unsigned long)((uintptr_t)f->pipe / sizeof(struct pipe)));
        else if (f->socket)
                text_add(t, "socket:[%d]", number);
        else if (f->kind >= FILE_COUNTER && f->kind <= FILE_SET)
                text_add(t, "anon_inode:[%s]", events[f->kind]);
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
        const struct process *p = process_find(n->report == PROC_PROCESS_FD ? node_parent(n)->number : n->number);
        struct file *f;

        if (n->report == PROC_SELF) {
                text_add(t, n == proc.self ? "%d" : "self", proc.caller ? proc.caller->leader->pid : 0);
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

size_t proc_text(const struct node *n, char *buffer, size_t size)
{
        static void (*const makers[])(struct text *) = {
                [PROC_MEMINFO - PROC_MEMINFO] = add_meminfo, [PROC_CPUINFO - PROC_MEMINFO] = add_cpuinfo,
                [PROC_UPTIME - PROC_MEMINFO] = add_uptime,   [PROC_LOADAVG - PROC_MEMINFO] = add_loadavg,
                [PROC_STAT - PROC_MEMINFO] = add_stat,       [PROC_MOUNTS - PROC_MEMINFO] = add_mounts,
                [PROC_SWAPS - PROC_MEMINFO] = add_swaps,
        };
        struct text t = {.buffer = buffer, .size = size};
        struct process *p = n->report >= PROC_OF_PROCESS ? process_find(n->number) : NULL;

        if (n->kind == NODE_LINK)
                add_link(&t, n);
        else if (n->report < PROC_CONSTANT)
                makers[n->report - PROC_MEMINFO](&t);
        else if (n->report == PROC_CONSTANT)
                text_add(&t, "%s", constants[n->number].text);
        else if (n->report == PROC_PROCESS_MOUNTS)
                add_mounts(&t);
        else if (p)
                proc_process_text(&t, p, n);
        return t.length;
}
