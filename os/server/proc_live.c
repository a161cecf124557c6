/* SPDX-License-Identifier: BSD-2-Clause */
/* See proc.h.  The live directories: those of processes, of their threads and of their descriptors.  What is in one is made when it is
 * looked up or listed, and goes with the process, or when the descriptor is closed. */
#include "base/text.h"
#include "os/core/pace.h"
#include "os/files/names.h"
#include "os/process/process.h"
#include "os/process/users.h"
#include "os/server/proc.h"
#include "text/text.h"

/* What a live directory holds: its node.report.  Its number is that of the process or thread. */
enum live { LIVE_PROCESSES, LIVE_PROCESS, LIVE_DESCRIPTORS, LIVE_POSITIONS, LIVE_THREADS, LIVE_THREAD };

static const struct {
        const char *name;
        uint8_t kind, report;
        bool of_thread;
} entries[] = {
        {"stat", NODE_REPORT, PROC_PROCESS_STAT, true},
        {"statm", NODE_REPORT, PROC_PROCESS_STATM, true},
        {"status", NODE_REPORT, PROC_PROCESS_STATUS, true},
        {"comm", NODE_REPORT, PROC_PROCESS_COMM, true},
        {"cmdline", NODE_REPORT, PROC_PROCESS_CMDLINE, true},
        {"environ", NODE_REPORT, PROC_PROCESS_ENVIRON, true},
        {"maps", NODE_REPORT, PROC_PROCESS_MAPS, true},
        {"smaps", NODE_REPORT, PROC_PROCESS_SMAPS, true},
        {"smaps_rollup", NODE_REPORT, PROC_PROCESS_SMAPS_ROLLUP, true},
        {"limits", NODE_REPORT, PROC_PROCESS_LIMITS, true},
        {"mounts", NODE_REPORT, PROC_PROCESS_MOUNTS, true},
        {"mountinfo", NODE_REPORT, PROC_PROCESS_MOUNTINFO, true},
        {"oom_score", NODE_REPORT, PROC_PROCESS_SCORE, true},
        {"oom_score_adj", NODE_REPORT, PROC_PROCESS_SCORE_ADDED, true},
        {"wchan", NODE_REPORT, PROC_PROCESS_WCHAN, true},
        {"personality", NODE_REPORT, PROC_PROCESS_PERSONALITY, true},
        {"cgroup", NODE_REPORT, PROC_PROCESS_CGROUP, true},
        {"timerslack_ns", NODE_REPORT, PROC_PROCESS_SLACK, false},
        {"loginuid", NODE_REPORT, PROC_PROCESS_LOGIN, true},
        {"sessionid", NODE_REPORT, PROC_PROCESS_LOGIN, true},
        {"uid_map", NODE_REPORT, PROC_PROCESS_SAME_USERS, true},
        {"gid_map", NODE_REPORT, PROC_PROCESS_SAME_USERS, true},
        {"setgroups", NODE_REPORT, PROC_PROCESS_MAY_GROUP, true},
        {"exe", NODE_LINK, PROC_PROCESS_EXE, true},
        {"cwd", NODE_LINK, PROC_PROCESS_CWD, true},
        {"root", NODE_LINK, PROC_PROCESS_ROOT, true},
        {"fd", NODE_DIRECTORY, LIVE_DESCRIPTORS, false},
        {"fdinfo", NODE_DIRECTORY, LIVE_POSITIONS, false},
        {"task", NODE_DIRECTORY, LIVE_THREADS, false},
};

enum { ENTRIES = sizeof(entries) / sizeof(*entries) };

/* Only for who may look into the process. */
static bool is_private(uint8_t report)
{
        return report == PROC_PROCESS_ENVIRON || report == PROC_PROCESS_MAPS ||
               report == PROC_PROCESS_SMAPS || report == PROC_PROCESS_SMAPS_ROLLUP ||
               report == PROC_PROCESS_PERSONALITY;
}

/* The directory must not have the name: it is not looked up, because that lookup may be why the node is made. */
static struct node *make_in(struct node *directory, const char *name, enum node_kind kind, uint8_t report,
                            int number)
{
        struct node_place place = {.parent = directory};
        struct node *n;

        string_cut(place.name, name, sizeof(place.name));
        if (node_create(&place, kind, &n))
                return NULL;
        n->live = kind == NODE_DIRECTORY;
        n->number = number;
        return proc_finish(n, report);
}

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

static void make_numbered(struct node *directory, int number, enum node_kind kind, uint8_t report)
{
        char name[12];

        make_in(directory, text_print(name, sizeof(name), "%d", number), kind, report, number);
}

/* The directory of a process, or of a thread, exists exactly as long as that; false: of one that has ended, something is still there. */
static bool update_task(struct node *directory, int number)
{
        const struct process *t = thread_find(number);
        bool all = directory->report == LIVE_PROCESSES,
             lives = all ? process_find(number) != NULL : t && t->leader->pid == directory->number;
        struct node *n = numbered(directory, number);

        if (lives && !n)
                make_numbered(directory, number, NODE_DIRECTORY, all ? LIVE_PROCESS : LIVE_THREAD);
        return lives || !n || take_away(n);
}

static void update_descriptor(struct node *directory, int number)
{
        const struct process *p = process_find(directory->number);
        struct node *n = numbered(directory, number);
        bool open = p && p->files && number < DESCRIPTORS && descriptor_file(p->files, (seL4_Word)number);

        if (open && !n && directory->report == LIVE_DESCRIPTORS)
                make_numbered(directory, number, NODE_LINK, PROC_PROCESS_FD);
        else if (open && !n)
                make_numbered(directory, number, NODE_REPORT, PROC_PROCESS_FDINFO);
        if (!open && n)
                take_away(n);
}

/* Others do not even see which descriptors there are. */
static void restrict_mode(struct node *n)
{
        enum { LISTED = 0500, READ = 0400 };

        if (n && n->kind == NODE_DIRECTORY && n->report == LIVE_DESCRIPTORS)
                n->mode = LISTED;
        else if (n && (n->report == PROC_PROCESS_ENVIRON || n->report == PROC_PROCESS_PERSONALITY))
                n->mode = READ;
}

static void update_entry(struct node *directory, unsigned i)
{
        const char *name = entries[i].name;

        if ((directory->report == LIVE_PROCESS || entries[i].of_thread) && thread_find(directory->number) &&
            !names_find(directory, name, strlen(name)))
                restrict_mode(make_in(directory, name, (enum node_kind)entries[i].kind, entries[i].report,
                                      directory->number));
}

/* --- listing --- */

/* The directory of a task that may have ended, if record i is one. */
static bool update_record(struct node *directory, uint32_t i)
{
        const struct node *n = node_at(i);

        return n->kind != NODE_DIRECTORY || !n->in_directory || node_parent(n) != directory || !n->live ||
               update_task(directory, n->number);
}

/* Those that there can be, and then the records, to which those of new ones have come. */
static bool update_tasks(struct node *directory, seL4_Word i)
{
        bool all = directory->report == LIVE_PROCESSES;
        seL4_Word most = all ? PROCESSES : TASKS;
        const struct process *p = i >= most ? NULL
                                  : all     ? process_entry((unsigned)i)
                                            : thread_any((unsigned)i);

        if (i >= most)
                return update_record(directory, (uint32_t)(i - most) + 1);
        if (p->state != PROCESS_FREE && (all || p->leader->pid == directory->number))
                update_task(directory, p->pid);
        return true;
}

/* Step i brings one entry up to date; false: not to its end. */
static bool update_step(struct node *directory, seL4_Word i)
{
        switch (directory->report) {
        case LIVE_PROCESSES:
        case LIVE_THREADS:
                return update_tasks(directory, i);
        case LIVE_PROCESS:
        case LIVE_THREAD:
                update_entry(directory, (unsigned)i);
                return true;
        default:
                update_descriptor(directory, (int)i);
                return true;
        }
}

static seL4_Word steps_of(const struct node *directory)
{
        switch (directory->report) {
        case LIVE_PROCESSES:
                return PROCESSES + names_end() - 1;
        case LIVE_THREADS:
                return TASKS + names_end() - 1;
        case LIVE_PROCESS:
        case LIVE_THREAD:
                return ENTRIES;
        default:
                return DESCRIPTORS;
        }
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

/* The process or thread that a node below a live directory is about; NULL: it has gone, or there is none. */
static const struct process *subject(const struct node *n)
{
        bool descriptor = n->report == PROC_PROCESS_FD || n->report == PROC_PROCESS_FDINFO;

        return thread_find(descriptor ? node_parent(n)->number : n->number);
}

/* Of its process's user, unless others must not look into that. */
static void own(struct node *n)
{
        const struct process *p = n && (n->live || n->report >= PROC_OF_PROCESS) ? subject(n) : NULL;

        if (!p)
                return;
        n->user = p->leader->traits.no_dump ? 0 : p->user.user[USER_EFFECTIVE];
        n->group = p->leader->traits.no_dump ? 0 : p->user.group[USER_EFFECTIVE];
}

bool proc_is_own(const struct node *directory)
{
        const struct process *p = proc_caller();

        return p && directory->live && directory->report == LIVE_DESCRIPTORS &&
               directory->number == p->leader->pid;
}

bool proc_refuses(const struct node *n)
{
        const struct process *p = proc_caller(), *other;

        if (!p || !p->kind.foreign || (n->kind == NODE_REPORT && !is_private(n->report)))
                return false;
        other = subject(n);
        return other && !user_may_see(p, other);
}

static void look_entry(struct node *directory, const char *name, size_t length)
{
        for (unsigned i = 0; i < ENTRIES; i++) {
                if (!strncmp(entries[i].name, name, length) && !entries[i].name[length])
                        update_entry(directory, i);
        }
}

static bool look(struct node *directory, const char *name, size_t length)
{
        bool tasks = directory->report == LIVE_PROCESSES || directory->report == LIVE_THREADS;
        int number;

        if (directory->report == LIVE_PROCESS || directory->report == LIVE_THREAD)
                look_entry(directory, name, length);
        else if (number_of(name, length, &number) && tasks)
                return update_task(directory, number);
        else if (number_of(name, length, &number))
                update_descriptor(directory, number);
        return true;
}

bool proc_look(struct node *directory, const char *name, size_t length)
{
        bool there = look(directory, name, length);

        if (directory->report || directory->live)
                own(names_find(directory, name, length));
        return there;
}
