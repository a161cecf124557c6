/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes and threads: clone, exit. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"
#include "os/memory/swap.h"
#include "os/process/debug.h"
#include "os/process/signal.h"

enum {
        CLONE_SIGNAL = 0xff, /* sent at the end */
        CLONE_VM = 0x100,
        CLONE_FS = 0x200,
        CLONE_FILES = 0x400,
        CLONE_SIGHAND = 0x800,
        CLONE_PIDFD = 0x1000,
        CLONE_PTRACE = 0x2000,
        CLONE_VFORK = 0x4000,
        CLONE_PARENT = 0x8000,
        CLONE_THREAD = 0x10000,
        CLONE_SYSVSEM = 0x40000,
        CLONE_SETTLS = 0x80000,
        CLONE_PARENT_SETTID = 0x100000,
        CLONE_CHILD_CLEARTID = 0x200000,
        CLONE_DETACHED = 0x400000,
        CLONE_UNTRACED = 0x800000,
        CLONE_CHILD_SETTID = 0x1000000,
        CLONE_KNOWN = CLONE_SIGNAL | CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_VFORK |
                      CLONE_PARENT | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID |
                      CLONE_CHILD_CLEARTID | CLONE_DETACHED | CLONE_UNTRACED | CLONE_CHILD_SETTID,
};

long posix_getpid(struct process *p)
{
        return p->leader->pid;
}

long posix_gettid(struct process *p)
{
        return p->pid;
}

long posix_set_tid_address(struct process *p)
{
        p->end.clear_tid = p->call.argument[0];
        return p->pid;
}

long posix_getppid(struct process *p)
{
        int parent = p->leader->parent;

        return parent || p->leader->pid == 1 ? parent : 1; /* as orphans get elsewhere */
}

long posix_exit_group(struct process *p)
{
        process_kill(p, (int)(p->call.argument[0] & 0xff) << 8);
        return call_gone(p);
}

/* The caller alone; with the last thread the process ends.  What its leader said then counts. */
long posix_exit(struct process *p)
{
        if (p->leader->ring.threads == 1)
                return posix_exit_group(p);
        if (p->leader == p)
                p->end.exit_code = (int)(p->call.argument[0] & 0xff) << 8;
        thread_stop(p);
        return call_gone(p);
}

/* The space of the child has gone again. */
static long fail(struct process *p)
{
        if (p->call.space && !space_end_some(p->call.space))
                return call_pauses(p);
        p->call.space = NULL;
        return p->call.error;
}

/* Tried again when frames may come; the copy keeps what it has. */
static long no_child(struct process *p, long error)
{
        if (error == -SOS_ENOMEM && swap_awaited())
                return error;
        p->call.error = error;
        return fail(p);
}

/* A copy of the caller's memory, in pieces; 0 when it is whole. */
static long copy_memory(struct process *p)
{
        struct call *c = &p->call;
        seL4_Word from = c->progress;

        if (!c->space)
                c->space = space_copy_begin(p->space);
        if (!c->space)
                return -SOS_ENOMEM;
        switch (space_copy_some(p->space, c->space, &c->progress)) {
        case SPACE_COPIED:
                if (c->progress == from || (c->first && !pace_is_over()))
                        return 0;
                return call_pauses(p); /* the rest is a piece of its own */
        case SPACE_COPIES_ON:
                return call_pauses(p);
        default:
                return no_child(p, -SOS_ENOMEM);
        }
}

/* The page is present and its space's own, so that writing to it takes no frame; a bad address is ignored. */
static bool is_ready(struct space *s, seL4_Word va)
{
        void *data;
        enum space_result result = space_touch(s, va, SPACE_WRITE, &data);

        return result != SPACE_WAITS && result != SPACE_NO_MEMORY;
}

/* What clone says about a new thread or process.  It runs already, but is less urgent than the server. */
static void dress_child(struct process *p, struct process *child)
{
        seL4_Word flags = p->call.argument[0], own_id = p->call.argument[2], child_id = p->call.argument[4];

        if (flags & CLONE_CHILD_SETTID)
                space_write(child->space, child_id, &child->pid, sizeof(child->pid));
        if (flags & CLONE_PARENT_SETTID)
                space_write(p->space, own_id, &child->pid, sizeof(child->pid));
        if (flags & CLONE_CHILD_CLEARTID)
                child->end.clear_tid = child_id;
        if (flags & CLONE_THREAD)
                return;
        child->end.end_signal = (int)(flags & CLONE_SIGNAL);
        if (flags & CLONE_PARENT) {
                child->parent = p->leader->parent;
                child->end.end_signal = p->leader->end.end_signal;
        }
}

static long make_thread(struct process *p, const struct process_fork *how)
{
        seL4_Word flags = p->call.argument[0];
        int tid;

        if ((flags & CLONE_PARENT_SETTID && !is_ready(p->space, p->call.argument[2])) ||
            (flags & CLONE_CHILD_SETTID && !is_ready(p->space, p->call.argument[4])))
                return -SOS_ENOMEM;
        tid = thread_make(p, how);
        if (tid > 0)
                dress_child(p, thread_find(tid));
        return tid;
}

/* Where the child's number is to be stored, on both sides. */
static bool ids_are_ready(struct process *p, struct space *childs)
{
        seL4_Word flags = p->call.argument[0];

        return (!(flags & CLONE_PARENT_SETTID) || is_ready(p->space, p->call.argument[2])) &&
               (!(flags & CLONE_CHILD_SETTID) || is_ready(childs, p->call.argument[4]));
}

/* The child's memory as it is to begin: without its parent's breakpoints, and with what is about to be written. */
static bool is_whole(struct process *p, struct space *childs)
{
        return ids_are_ready(p, childs) && (childs == p->space || debug_copied(p->leader, childs));
}

/* What can fail comes first: a child that runs is not taken back. */
static long make_child(struct process *p)
{
        seL4_Word flags = p->call.argument[0];
        struct process_fork how = {.same_space = flags & CLONE_VM,
                                   .same_files = flags & CLONE_FILES,
                                   .same_place = flags & CLONE_FS,
                                   .same_handlers = flags & CLONE_SIGHAND,
                                   .thread_pointer = flags & CLONE_SETTLS,
                                   .sp = p->call.argument[1],
                                   .tp = p->call.argument[3]};
        long error = 0;
        int pid;

        if (flags & CLONE_THREAD)
                return make_thread(p, &how);
        if (p->call.error)
                return fail(p);
        if (!process_may_fork(p))
                return no_child(p, -SOS_EAGAIN);
        if (!how.same_space)
                error = copy_memory(p);
        if (error)
                return error;
        if (!is_whole(p, how.same_space ? p->space : p->call.space))
                return no_child(p, -SOS_ENOMEM);
        pid = process_fork(p, &how);
        if (pid < 0 && p->call.space)
                return no_child(p, pid);
        if (pid > 0)
                dress_child(p, process_find(pid));
        return pid;
}

/* The parent waits until the child has given up the common memory.  Only a parent that is kept already gets a child, so that
 * the two never run at once. */
static long wait_for_child(struct process *p)
{
        struct process *child;

        if (!p->call.child && p->call.first) {
                wait_ring(&p->call.waiter);
                return call_waits(p, NULL);
        }
        if (!p->call.child) {
                long pid = make_child(p);

                if (pid < 0)
                        return pid;
                p->call.child = (int)pid;
        }
        child = thread_find(p->call.child);
        return child && thread_lives(child) && child->space == p->space ? call_waits(p, &child->waits.ended)
                                                                        : p->call.child;
}

/* Threads, fork and vfork.  What clone makes common is so between processes, too.  There are no name spaces, and nobody traces. */
long posix_clone(struct process *p)
{
        seL4_Word flags = p->call.argument[0];

        if (!p->kind.foreign)
                return posix_missing(p);
        if (flags & ~(seL4_Word)CLONE_KNOWN || (flags & CLONE_SIGNAL) > PROCESS_SIGNALS ||
            (flags & CLONE_THREAD && !(flags & CLONE_SIGHAND)) ||
            (flags & CLONE_SIGHAND && !(flags & CLONE_VM)))
                return -SOS_EINVAL;
        if (call_gives_turn(p))
                return CALL_NO_VALUE;
        p->call.whole = true;
        return flags & CLONE_VFORK ? wait_for_child(p) : make_child(p);
}
