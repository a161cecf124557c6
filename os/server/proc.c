/* SPDX-License-Identifier: BSD-2-Clause */
/* See proc.h.  What the system reports about itself, and the live directories. */
#include "os/server/proc.h"
#include <device/device.h>
#include <tessera/extensions.h>

#include "base/text.h"
#include "os/core/pace.h"
#include "os/files/names.h"
#include "os/process/process.h"
#include "sel4/start.h"
#include "text/text.h"

enum { MODE = 0444, DIRECTORY_MODE = 0555, LINK_MODE = 0777 };

static struct {
        struct node *root;
        const struct process *caller;
} proc;

/* Files whose content is constant. */
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
        {"/proc/sys/kernel/perf_user_access", NULL},
        {"/proc/sys/vm/overcommit_memory", "1\n"},
        {"/proc/sys/vm/max_map_count", "9000\n"},
        {"/proc/sys/fs/file-max", "4096\n"},
        {"/proc/sys/fs/lease-break-time", "45\n"},
        {"/proc/sys/fs/nr_open", "1024\n"},
        {"/proc/sys/fs/pipe-max-size", "1048576\n"},
        {"/proc/sys/fs/pipe-user-pages-soft", "8192\n"},
        {"/proc/sys/fs/pipe-user-pages-hard", "0\n"},
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

/* The directory must not have the name: it is not looked up, because that lookup may be why the node is made. */
static struct node *make_in(struct node *directory, const char *name, enum node_kind kind,
                            enum proc_report report)
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
                {"/proc/meminfo", PROC_MEMINFO}, {"/proc/cpuinfo", PROC_CPUINFO},
                {"/proc/uptime", PROC_UPTIME},   {"/proc/loadavg", PROC_LOADAVG},
                {"/proc/stat", PROC_STAT},       {"/proc/swaps", PROC_SWAPS},
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

/* A number in its usual decimal form; false when the name is not one. */
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

/* With all that is in it, or some of that when the piece is over; false: it is still there.  Each call takes something away. */
static bool take_away(struct node *record)
{
        struct node_place place = {.parent = node_parent(record), .record = record, .node = record};
        uint64_t next = 0;

        for (struct node *n; (n = node_next(record, next)) != NULL;) {
                next = node_number(n) + 1ull;
                if (!take_away(n) || pace_is_over())
                        return false;
        }
        record->fixed = false;
        record->live = false;
        if (record->kind == NODE_REPORT)
                record->kind = NODE_LINK; /* names that may be removed, and have no content */
        node_remove(&place, record->kind == NODE_DIRECTORY);
        return true;
}

static void make_process(int pid)
{
        char name[12];
        struct node *directory =
                            make_in(proc.root, text_print(name, sizeof(name), "%d", pid), NODE_DIRECTORY, 0),
                    *n;

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

/* The directory of a process exists exactly as long as the process; false: of one that has ended, something is still there. */
static bool update_process(int pid)
{
        struct node *n = numbered(proc.root, pid);
        bool lives = process_find(pid) != NULL;

        if (lives && !n)
                make_process(pid);
        return lives || !n || take_away(n);
}

static void update_descriptor(struct node *directory, int number)
{
        const struct process *p = process_find(directory->number);
        struct node *n = numbered(directory, number);
        bool open = p && p->files && number < DESCRIPTORS && descriptor_file(p->files, (seL4_Word)number);
        char name[12];

        if (open && !n) {
                n = make_in(directory, text_print(name, sizeof(name), "%d", number), NODE_LINK,
                            PROC_PROCESS_FD);
                if (n)
                        n->number = number;
        }
        if (!open && n)
                take_away(n);
}

/* The directory of a process that may have ended, if record i is one. */
static bool update_record(uint32_t i)
{
        const struct node *n = node_at(i);
        int number;

        return n->kind != NODE_DIRECTORY || !n->in_directory || node_parent(n) != proc.root ||
               !number_of(n->name, strlen(n->name), &number) || update_process(number);
}

/* Step i brings one entry up to date; false: not to its end.  Those of the root are the processes, and then the records, to which those of
 * new processes have come. */
static bool update_step(struct node *directory, seL4_Word i)
{
        if (directory != proc.root)
                update_descriptor(directory, (int)i);
        else if (i >= PROCESSES)
                return update_record((uint32_t)(i - PROCESSES) + 1);
        else if (process_entry((unsigned)i)->state != PROCESS_FREE)
                update_process(process_entry((unsigned)i)->pid);
        return true;
}

static seL4_Word steps_of(const struct node *directory)
{
        return directory == proc.root ? PROCESSES + names_end() - 1 : DESCRIPTORS;
}

bool proc_update(struct node *directory, seL4_Word *step)
{
        while (*step < steps_of(directory)) {
                if (!update_step(directory, *step))
                        return false;
                ++*step;
                if (pace_is_over())
                        return *step >= steps_of(directory);
        }
        return true;
}

bool proc_look(struct node *directory, const char *name, size_t length)
{
        int number;

        if (!number_of(name, length, &number))
                return true;
        if (directory == proc.root)
                return update_process(number);
        update_descriptor(directory, number);
        return true;
}

const struct process *proc_caller(void)
{
        return proc.caller;
}

/* One file has no text; whether it exists depends on how the image was packed. */
const char *proc_constant(int number)
{
        bool counters = device_extensions(start_bootinfo()) & TESSERA_EXTENSION_COUNTERS;

        return constants[number].text ? constants[number].text : counters ? "1\n" : "0\n";
}
