/* SPDX-License-Identifier: BSD-2-Clause */
/* See proc.h.  What the system reports about itself. */
#include "os/server/proc.h"
#include <device/device.h>
#include <tessera/extensions.h>

#include "base/text.h"
#include "os/core/cores.h"
#include "os/files/event.h"
#include "os/files/file.h"
#include "os/files/lease.h"
#include "os/files/mqueue.h"
#include "os/files/notice.h"
#include "os/process/keys.h"
#include "os/process/numbers.h"
#include "os/process/process.h"
#include "os/process/requests.h"
#include "sel4/start.h"
#include "text/text.h"

enum { MODE = 0444, DIRECTORY_MODE = 0555, LINK_MODE = 0777, WRITABLE = 0200 };

static const struct process *caller;

/* Files whose content is constant. */
static const struct {
        const char *path, *text;
} constants[] = {
        {"/sys/devices/system/cpu/cpu0/online", "1\n"}, /* the first one: others are the same */
        {"/proc/version", "Linux version " LINUX_RELEASE " (Tessera starter OS)\n"},
        {"/proc/filesystems", "nodev\ttmpfs\nnodev\tproc\n"},
        {"/proc/cmdline", "\n"},
        {"/proc/sys/kernel/ostype", "Linux\n"},
        {"/proc/sys/kernel/osrelease", LINUX_RELEASE "\n"},
        {"/proc/sys/kernel/version", "Tessera starter OS\n"},
        {"/proc/sys/kernel/pid_max", "2147483647\n"},
        {"/proc/sys/kernel/overflowuid", "65534\n"},
        {"/proc/sys/kernel/overflowgid", "65534\n"},
        {"/proc/sys/fs/protected_hardlinks", "1\n"},
        {"/proc/sys/fs/suid_dumpable", "0\n"},
        {"/proc/sys/kernel/cap_last_cap", "40\n"},
        {"/proc/sys/kernel/rtsig-max", "64\n"},
        {"/proc/sys/kernel/tainted", "0\n"},
        {"/proc/sys/kernel/msgmax", "8192\n"},
        {"/proc/sys/kernel/msgmnb", "16384\n"},
        {"/proc/sys/kernel/msgmni", "64\n"},
        {"/proc/sys/kernel/sem", "512\t32768\t500\t64\n"},
        {"/proc/sys/kernel/shmmni", "64\n"},
        {"/proc/sys/kernel/randomize_va_space", "0\n"},
        {"/proc/sys/kernel/core_pattern", "\n"},
        {"/proc/sys/kernel/core_uses_pid", "0\n"},
        {"/proc/sys/kernel/sched_rr_timeslice_ms", "0\n"},
        {"/proc/sys/kernel/random/entropy_avail", "256\n"},
        {"/proc/sys/kernel/random/poolsize", "256\n"},
        {"/proc/sys/fs/inotify/max_queued_events", "4096\n"},
        {"/proc/sys/net/core/somaxconn", "250\n"},
        {"/proc/sys/vm/mmap_min_addr", "4096\n"},
        {"/proc/sys/vm/nr_hugepages", "0\n"},
        {"/proc/sys/vm/oom_kill_allocating_task", "1\n"},
        {"/proc/sys/vm/overcommit_ratio", "50\n"},
        {"/proc/sys/vm/overcommit_memory", "1\n"},
        {"/proc/sys/vm/max_map_count", "9000\n"},
        {"/proc/sys/fs/pipe-max-size", "1048576\n"},
        {"/proc/sys/fs/pipe-user-pages-soft", "8192\n"},
        {"/proc/sys/fs/pipe-user-pages-hard", "0\n"},
        {"/proc/sys/fs/dir-notify-enable", "1\n"},
        {"/sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n"},
};

enum { CONSTANTS = sizeof(constants) / sizeof(*constants) };

/* Files that say how many of something there may be. */
static const struct {
        const char *path;
        unsigned number;
} bounds[] = {
        {"/proc/sys/kernel/threads-max", TASKS},
        {"/proc/sys/kernel/ngroups_max", USER_GROUPS},
        {"/proc/sys/fs/inotify/max_user_instances", NOTICE_INSTANCES},
        {"/proc/sys/fs/inotify/max_user_watches", NOTICES},
        {"/proc/sys/fs/aio-max-nr", REQUESTS_KIN},
        {"/proc/sys/fs/epoll/max_user_watches", WATCHES},
        {"/proc/sys/fs/mqueue/msg_max", MQUEUE_MESSAGES},
        {"/proc/sys/fs/mqueue/msg_default", MQUEUE_MESSAGES},
        {"/proc/sys/fs/mqueue/msgsize_max", MQUEUE_BYTES},
        {"/proc/sys/fs/mqueue/msgsize_default", MQUEUE_BYTES},
        {"/proc/sys/fs/mqueue/queues_max", MQUEUES},
        {"/proc/sys/kernel/keys/maxkeys", KEYS_KIN},
        {"/proc/sys/kernel/keys/root_maxkeys", KEYS_KIN},
        {"/proc/sys/kernel/keys/maxbytes", KEYS_KIN *KEY_BYTES},
        {"/proc/sys/kernel/keys/root_maxbytes", KEYS_KIN *KEY_BYTES},
        {"/proc/sys/fs/file-max", FILES},
        {"/proc/sys/fs/lease-break-time", LEASE_BREAK_US / 1000000},
        {"/proc/sys/fs/nr_open", DESCRIPTORS},
};

enum { BOUNDS = sizeof(bounds) / sizeof(*bounds) };

struct node *proc_finish(struct node *n, uint8_t report)
{
        if (!n)
                return NULL;
        n->report = (uint8_t)report;
        n->fixed = true;
        n->mode = n->kind == NODE_DIRECTORY ? DIRECTORY_MODE : n->kind == NODE_LINK ? LINK_MODE : MODE;
        if (n->kind == NODE_REPORT && (report == PROC_PROCESS_COMM || report == PROC_PROCESS_SCORE_ADDED))
                n->mode |= WRITABLE;
        return n;
}

static struct node *make(const char *path, enum node_kind kind, enum proc_report report)
{
        return proc_finish(node_make(node_root(), path, kind), report);
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

static void make_constant(const char *path, unsigned number)
{
        struct node *n = make_below(path, PROC_CONSTANT);

        if (n)
                n->number = (int)number;
}

static void make_cpus(void)
{
        static const char *const sets[] = {"online", "possible", "present"};
        char path[64];

        for (unsigned i = 0; i < sizeof(sets) / sizeof(*sets); i++)
                make_below(text_print(path, sizeof(path), "/sys/devices/system/cpu/%s", sets[i]), PROC_CPUS);
        for (unsigned i = 1; i < cores_count(); i++)
                make_constant(text_print(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", i), 0);
}

void proc_init(void)
{
        static const struct {
                const char *path;
                uint8_t report;
        } files[] = {
                {"/proc/meminfo", PROC_MEMINFO},
                {"/proc/cpuinfo", PROC_CPUINFO},
                {"/proc/uptime", PROC_UPTIME},
                {"/proc/loadavg", PROC_LOADAVG},
                {"/proc/stat", PROC_STAT},
                {"/proc/swaps", PROC_SWAPS},
                {"/proc/sysvipc/msg", PROC_QUEUES},
                {"/proc/sysvipc/sem", PROC_SEMAPHORES},
                {"/proc/sysvipc/shm", PROC_SEGMENTS},
                {"/proc/sys/kernel/shmmax", PROC_SEGMENT_BYTES},
                {"/proc/sys/kernel/shmall", PROC_SEGMENT_PAGES},
        };

        node_find(node_root(), "/proc")->live = true;
        for (unsigned i = 0; i < sizeof(files) / sizeof(*files); i++)
                make_below(files[i].path, (enum proc_report)files[i].report);
        for (unsigned i = 0; i < CONSTANTS; i++)
                make_constant(constants[i].path, i);
        make_cpus();
        for (unsigned i = 0; i < BOUNDS; i++)
                make_constant(bounds[i].path, CONSTANTS + i);
        make_constant("/proc/sys/kernel/perf_user_access", CONSTANTS + BOUNDS);
        make_below("/proc/sys/kernel/hostname", PROC_HOSTNAME);
        make_below("/proc/sys/kernel/domainname", PROC_DOMAINNAME);
        make_below("/proc/sys/kernel/random/uuid", PROC_UUID);
        make("/proc/self", NODE_LINK, PROC_SELF);
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
        caller = p;
}

const struct process *proc_caller(void)
{
        return caller;
}

/* The last one depends on how the image was packed. */
void proc_constant(struct text *t, int number)
{
        if (number < CONSTANTS)
                text_add(t, "%s", constants[number].text);
        else if (number < CONSTANTS + BOUNDS)
                text_add(t, "%u\n", bounds[number - CONSTANTS].number);
        else
                text_add(t, "%d\n", (device_extensions(start_bootinfo()) & TESSERA_EXTENSION_COUNTERS) != 0);
}
