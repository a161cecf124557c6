/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of native programs that have no counterpart among those of Linux; see sos.h for what they mean. */
#include "sos.h"
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "sos/clock.h"

enum { PRIORITY = 50, SLICE_US = 10000, KILLED = 9 };

static const char *last_part(const char *path)
{
        for (const char *s = path; *s; s++) {
                if (*s == '/' && s[1])
                        path = s + 1;
        }
        return path;
}

long sos_create(struct process *p)
{
        static struct sos_spawn s;
        char path[PATH_MAX];
        long error = posix_path(p, p->call.argument[0], path);

        if (error)
                return error;
        if (!string_copy(s.program, path, sizeof(s.program)))
                return -SOS_ENAMETOOLONG;
        s.priority = PRIORITY;
        s.budget_us = s.period_us = SLICE_US;
        if (!string_copy(s.name, last_part(s.program), sizeof(s.name)))
                return -SOS_ENAMETOOLONG;
        return call_gives_turn(p) ? CALL_NO_VALUE : process_spawn(&s, p->pid, false);
}

/* Until what it had is given back. */
static long wait_for_end(struct process *p)
{
        struct process *target = process_find(p->call.child);

        return target->state == PROCESS_ENDING ? call_waits(p, &target->waits.ended) : 0;
}

long sos_delete(struct process *p)
{
        int pid = (int)p->call.argument[0];
        struct process *target = pid > 0 ? process_find(pid) : NULL;

        if (p->call.child) /* the second time */
                return process_find(p->call.child) ? wait_for_end(p) : 0;
        if (!target || !process_lives(target))
                return -SOS_ESRCH;
        if (!posix_may_signal(p, target, KILLED))
                return -SOS_EPERM;
        process_kill(target, KILLED);
        if (target == p)
                return call_gone(p);
        p->call.child = pid;
        return wait_for_end(p);
}

/* Numbers are not used again, so a process that is no longer there when the call is tried once more has ended. */
long sos_wait(struct process *p)
{
        int pid = (int)p->call.argument[0];
        struct process *child = posix_child(p, pid, true), *other = pid > 0 ? process_find(pid) : NULL;

        if (child) {
                pid = child->pid;
                process_forget(child);
                return pid;
        }
        if (pid == p->pid || pid < -1 || pid == 0)
                return -SOS_ECHILD;
        if (pid < 0)
                return posix_child(p, pid, false) ? call_waits(p, &p->waits.children) : -SOS_ECHILD;
        if (other && other->state != PROCESS_ZOMBIE)
                return call_waits(p, &other->waits.ended);
        return p->call.first && !other ? -SOS_ECHILD : pid;
}

long sos_sleep(struct process *p)
{
        int us = (int)p->call.argument[0];

        if (us <= 0)
                return 0;
        if (!p->call.end_us)
                p->call.end_us = clock_us() + (unsigned)us;
        return clock_us() >= p->call.end_us ? 0 : call_until(p, p->call.end_us);
}

static sos_stat_t stat_of(const struct node *n)
{
        bool file = n->kind == NODE_ARCHIVE || n->kind == NODE_MEMORY || n->kind == NODE_REPORT;
        bool writable = n->kind != NODE_ARCHIVE && n->kind != NODE_REPORT;

        return (sos_stat_t){
                .st_type = file ? ST_FILE : ST_SPECIAL,
                .st_fmode = FM_READ | (writable ? FM_WRITE : 0) | (node_executable(n) ? FM_EXEC : 0),
                .st_size = (unsigned)n->size,
                .st_ctime = (long)(n->changed / 1000),
                .st_atime = (long)(n->changed / 1000),
        };
}

/* Programs are found by their name alone, as when they are started. */
long sos_file_stat(struct process *p)
{
        char path[PATH_MAX];
        long error = posix_path(p, p->call.argument[0], path);
        struct node *n = error ? NULL : node_find(p->place->directory, path);
        sos_stat_t s;

        if (error)
                return error;
        if (!n && !strchr(path, '/'))
                n = node_find(node_find(node_root(), "/bin"), path);
        if (!n)
                return -SOS_ENOENT;
        s = stat_of(n);
        return space_write(p->space, p->call.argument[1], &s, sizeof(s)) ? 0 : -SOS_EFAULT;
}

long sos_dirent(struct process *p)
{
        int position = (int)p->call.argument[0];
        struct node *n = position < 0 ? NULL : node_entry(node_root(), (unsigned)position);
        seL4_Word size = p->call.argument[2];
        char name[NODE_NAME_MAX];

        if (!n)
                return position == 0 || (position > 0 && node_entry(node_root(), (unsigned)position - 1))
                               ? 0
                               : -SOS_EINVAL;
        if (size == 0 || size > INT32_MAX)
                return size ? -SOS_EINVAL : 0;
        string_cut(name, n->name, size < sizeof(name) ? size : sizeof(name));
        return space_write(p->space, p->call.argument[1], name, strlen(name) + 1) ? (long)strlen(name)
                                                                                  : -SOS_EFAULT;
}
