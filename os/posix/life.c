/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes: fork, exec, exit, wait, kill. */
#include "base/text.h"
#include "os/posix/posix.h"

enum {
        CLONE_VM = 0x100,
        CLONE_VFORK = 0x4000,
        CLONE_PARENT_SETTID = 0x100000,
        CLONE_CHILD_SETTID = 0x1000000
};
enum { WNOHANG = 1, SIGNAL_MAX = 64, STRINGS_BYTES = 3072, STRINGS_MAX = 100, HASH_BANG = 2 };

long posix_getpid(struct process *p)
{
        return p->pid;
}

long posix_getppid(struct process *p)
{
        return p->parent;
}

long posix_exit(struct process *p)
{
        server_end(p, (int)(p->argument[0] & 0xff) << 8);
        return CALL_GONE;
}

/* fork and vfork; threads that share their memory are not there. */
long posix_clone(struct process *p)
{
        seL4_Word flags = p->argument[0];
        struct process *child;
        int pid;

        if (!p->foreign || (flags & CLONE_VM && !(flags & CLONE_VFORK)))
                return -SOS_ENOSYS;
        pid = process_fork(p);
        child = pid > 0 ? process_find(pid) : NULL;
        if (child && flags & CLONE_CHILD_SETTID)
                space_write(child->space, p->argument[4], &pid, sizeof(pid));
        if (child && flags & CLONE_PARENT_SETTID)
                space_write(p->space, p->argument[2], &pid, sizeof(pid));
        return pid;
}

/* Strings of the old program, kept while the new one is made. */
struct strings {
        char bytes[STRINGS_BYTES];
        size_t used;
        unsigned count;
};

static long add_string(struct process *p, struct strings *s, seL4_Word va)
{
        if (s->count == STRINGS_MAX ||
            !space_read_string(p->space, va, s->bytes + s->used, STRINGS_BYTES - s->used))
                return -SOS_E2BIG;
        s->used += strlen(s->bytes + s->used) + 1;
        s->count++;
        return 0;
}

static long read_strings(struct process *p, struct strings *s, seL4_Word va)
{
        long error = 0;

        s->used = 0;
        s->count = 0;
        for (; va && !error; va += sizeof(seL4_Word)) {
                seL4_Word string;

                if (!space_read(p->space, va, &string, sizeof(string)))
                        return -SOS_EFAULT;
                if (!string)
                        break;
                error = add_string(p, s, string);
        }
        return error;
}

long posix_execve(struct process *p)
{
        static struct strings arguments, environment;
        char path[PATH_MAX];
        long error = posix_path(p, p->argument[0], path);
        struct process_plan plan = {
                .arguments = arguments.bytes, .environment = environment.bytes, .name = path};
        struct node *n;

        if (error)
                return error;
        n = strcmp(path, "/proc/self/exe") ? node_find(p->directory, path) : p->space->program;
        if (!n || !n->executable)
                return n ? -SOS_EACCES : -SOS_ENOENT;
        error = read_strings(p, &arguments, p->argument[1]);
        if (!error)
                error = read_strings(p, &environment, p->argument[2]);
        if (error)
                return error;
        plan.argument_count = arguments.count;
        plan.environment_count = environment.count;
        plan.program = n;
        error = process_exec(p, &plan);
        return error ? error : CALL_GONE;
}

struct process *posix_child(const struct process *parent, int pid, bool ended)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (p->state != PROCESS_FREE && p->parent == parent->pid && (pid <= 0 || p->pid == pid) &&
                    (!ended || p->state == PROCESS_ZOMBIE))
                        return p;
        }
        return NULL;
}

long posix_wait4(struct process *p)
{
        int pid = (int)p->argument[0];
        struct process *child = posix_child(p, pid, true);

        if (!child && !posix_child(p, pid, false))
                return -SOS_ECHILD;
        if (!child)
                return p->argument[2] & WNOHANG ? 0 : CALL_BLOCKS;
        if (p->argument[1] &&
            !space_write(p->space, p->argument[1], &child->exit_code, sizeof(child->exit_code)))
                return -SOS_EFAULT;
        pid = child->pid;
        process_forget(child);
        return pid;
}

static long kill(struct process *p, int pid, seL4_Word signal)
{
        struct process *target = process_find(pid);

        if (signal > SIGNAL_MAX)
                return -SOS_EINVAL;
        if (!target || target->state == PROCESS_ZOMBIE)
                return -SOS_ESRCH;
        if (signal == 0)
                return 0;
        server_end(target, (int)signal);
        return target == p ? CALL_GONE : 0;
}

long posix_kill(struct process *p)
{
        return kill(p, (int)p->argument[0], p->argument[1]);
}

/* tkill(thread, signal) and tgkill(process, thread, signal): a process has one thread, with its own number. */
long posix_tkill(struct process *p)
{
        enum { TKILL = 130 };
        bool one = p->number % SOS_POSIX == TKILL;

        return kill(p, (int)p->argument[0], p->argument[one ? 1 : 2]);
}
