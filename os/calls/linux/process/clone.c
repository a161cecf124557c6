/* SPDX-License-Identifier: BSD-2-Clause */
/* Making processes and threads: clone and clone3.  What either is asked for lies in the arguments of the call in one order (enum asked),
 * since a call that waits is tried again, and its caller's memory may say something else then. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"
#include "os/files/event.h"
#include "os/memory/swap.h"
#include "os/process/debug.h"
#include "os/process/numbers.h"
#include "os/process/signals/signal.h"
#include "os/process/tracee.h"

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
        CLONE_KNOWN = CLONE_SIGNAL | CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_PIDFD |
                      CLONE_PTRACE | CLONE_VFORK | CLONE_PARENT | CLONE_THREAD | CLONE_SYSVSEM |
                      CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_DETACHED |
                      CLONE_UNTRACED | CLONE_CHILD_SETTID,
};
#define CLONE_IO            0x80000000ull /* no program's transfers come before another's */
#define CLONE_CLEAR_SIGHAND (1ull << 32)  /* of clone3 only */

enum asked { FLAGS, STACK, PARENT_ID, THREAD_POINTER, CHILD_ID, PIDFD };

/* The child's space has been freed again. */
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

/* What clone says about a new thread or process, which does not run yet: on another core it would at once. */
static void dress_child(struct process *p, struct process *child)
{
        seL4_Word flags = p->call.argument[FLAGS], own_id = p->call.argument[PARENT_ID];
        seL4_Word child_id = p->call.argument[CHILD_ID];

        if (flags & CLONE_CHILD_SETTID)
                space_write(child->space, child_id, &child->pid, sizeof(child->pid));
        if (flags & CLONE_PARENT_SETTID)
                space_write(p->space, own_id, &child->pid, sizeof(child->pid));
        if (flags & CLONE_CHILD_CLEARTID)
                child->end.clear_tid = child_id;
        if (flags & CLONE_THREAD)
                return;
        child->end.end_signal = (int)(flags & CLONE_SIGNAL);
        if (flags & CLONE_CLEAR_SIGHAND)
                signal_defaults(child);
        if (flags & CLONE_PARENT) {
                child->parent = p->leader->parent;
                child->end.end_signal = p->leader->end.end_signal;
        }
}

static void begin_child(struct process *p, struct process *child)
{
        dress_child(p, child);
        if (p->tracee.tracer)
                tracee_child(p, child, p->call.argument[FLAGS]);
        process_start(child);
}

/* Where the child's number is to be stored, on both sides. */
static bool ids_are_ready(struct process *p, struct space *childs)
{
        const seL4_Word *a = p->call.argument;

        return (!(a[FLAGS] & CLONE_PARENT_SETTID) || is_ready(p->space, a[PARENT_ID])) &&
               (!(a[FLAGS] & CLONE_PIDFD) || is_ready(p->space, a[PIDFD])) &&
               (!(a[FLAGS] & CLONE_CHILD_SETTID) || is_ready(childs, a[CHILD_ID]));
}

static long make_thread(struct process *p, const struct process_fork *how)
{
        int tid;

        if (!ids_are_ready(p, p->space))
                return -SOS_ENOMEM;
        tid = thread_make(p, how);
        if (tid > 0)
                begin_child(p, thread_find(tid));
        return tid;
}

/* The child's memory as it is to begin: without its parent's breakpoints, and with what is about to be written. */
static bool is_whole(struct process *p, struct space *childs)
{
        return ids_are_ready(p, childs) && (childs == p->space || debug_copied(p->leader, childs));
}

/* The parent gets a descriptor of its child, which has none: the place for it is made first and empty while the child's are copied. */
static int fork_with_file(struct process *p, const struct process_fork *how)
{
        struct file *f = posix_pidfd_file(NULL, 0);
        long descriptor = posix_give(p, f, O_CLOEXEC);
        int pid;

        if (descriptor < 0)
                return (int)descriptor;
        descriptor_set(p->files, (seL4_Word)descriptor, NULL, false);
        pid = process_fork(p, how);
        if (pid < 0) {
                file_close(f);
                return pid;
        }
        posix_pidfd_means(f, process_find(pid));
        descriptor_set(p->files, (seL4_Word)descriptor, f, true);
        space_write(p->space, p->call.argument[PIDFD], &(int){(int)descriptor}, sizeof(int));
        return pid;
}

/* Everything that can fail comes first: a child cannot be taken back. */
static long make_child(struct process *p)
{
        seL4_Word flags = p->call.argument[FLAGS];
        struct process_fork how = {.same_space = flags & CLONE_VM,
                                   .same_files = flags & CLONE_FILES,
                                   .same_place = flags & CLONE_FS,
                                   .same_handlers = flags & CLONE_SIGHAND,
                                   .thread_pointer = flags & CLONE_SETTLS,
                                   .sp = p->call.argument[STACK],
                                   .tp = p->call.argument[THREAD_POINTER]};
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
        pid = flags & CLONE_PIDFD ? fork_with_file(p, &how) : process_fork(p, &how);
        if (pid < 0 && p->call.space)
                return no_child(p, pid);
        if (pid > 0)
                begin_child(p, process_find(pid));
        return pid;
}

/* The parent waits until the child runs another program or has ended, whether they have memory in common or not.  Only a parent that is
 * kept already gets a child, so that the two never run at once. */
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
        if (child && thread_lives(child) && !child->kind.began)
                return call_waits(p, &child->waits.ended);
        if (p->tracee.tracer)
                tracee_vfork_done(p, p->call.child);
        return p->call.child;
}

/* What clone shares can be shared between processes, too.  There are no name spaces. */
static bool is_bad(seL4_Word flags)
{
        return (flags & CLONE_SIGNAL) > PROCESS_SIGNALS ||
               (flags & CLONE_THREAD && !(flags & CLONE_SIGHAND)) ||
               (flags & CLONE_SIGHAND && !(flags & CLONE_VM)) ||
               (flags & CLONE_PIDFD && flags & (CLONE_THREAD | CLONE_DETACHED));
}

static long make(struct process *p)
{
        if (call_gives_turn(p))
                return CALL_NO_VALUE;
        if (p->tracee.tracer && p->call.argument[FLAGS] & CLONE_THREAD &&
            !tracee_room(process_find(p->tracee.tracer)))
                return -SOS_EAGAIN;
        p->call.whole = true;
        return p->call.argument[FLAGS] & CLONE_VFORK ? wait_for_child(p) : make_child(p);
}

/* Threads, fork and vfork. */
long posix_clone(struct process *p)
{
        seL4_Word *a = p->call.argument, flags = (uint32_t)a[FLAGS];

        if (!p->kind.foreign)
                return posix_missing(p);
        if (flags & ~(CLONE_KNOWN | CLONE_IO) || is_bad(flags) ||
            (flags & CLONE_PIDFD && flags & CLONE_PARENT_SETTID))
                return -SOS_EINVAL;
        a[FLAGS] = flags;
        a[PIDFD] = a[PARENT_ID];
        return make(p);
}

/* As Linux programs know it. */
struct clone_arguments {
        uint64_t flags, pidfd, child_id, parent_id, end_signal, stack, stack_size, thread_pointer;
        uint64_t ids, ids_count, group; /* since later versions */
};
enum { FIRST_SIZE = 64 };
_Static_assert(offsetof(struct clone_arguments, ids) == FIRST_SIZE, "as the first version has it");

static bool is_bad_of_clone3(const struct clone_arguments *c)
{
        return (c->flags & CLONE_SIGHAND && c->flags & CLONE_CLEAR_SIGHAND) ||
               (c->flags & (CLONE_THREAD | CLONE_PARENT) && c->end_signal);
}

/* Numbers for a child are the system's to choose, and there are no control groups. */
static long check_arguments(const struct clone_arguments *c)
{
        enum { NUMBERS = 32, ONLY_CLONE = CLONE_SIGNAL | CLONE_DETACHED };
        seL4_Word known = (CLONE_KNOWN & ~(seL4_Word)ONLY_CLONE) | CLONE_IO | CLONE_CLEAR_SIGHAND;

        if (c->ids_count > NUMBERS || !c->ids != !c->ids_count || !c->stack != !c->stack_size ||
            c->end_signal > CLONE_SIGNAL || c->flags & ~known || is_bad(c->flags | c->end_signal))
                return -SOS_EINVAL;
        if (is_bad_of_clone3(c))
                return -SOS_EINVAL;
        return c->ids ? -SOS_EPERM : 0;
}

static long read_arguments(struct process *p, struct clone_arguments *c)
{
        long error =
                posix_read_versioned(p, p->call.argument[0], p->call.argument[1], FIRST_SIZE, c, sizeof(*c));

        return error ? error : check_arguments(c);
}

long posix_clone3(struct process *p)
{
        struct clone_arguments c;
        long error;

        if (!p->kind.foreign)
                return posix_missing(p);
        if (p->call.place)
                return make(p);
        error = read_arguments(p, &c);
        if (error)
                return error;
        p->call.place = 1; /* they have been read */
        p->call.argument[FLAGS] = c.flags | c.end_signal;
        p->call.argument[STACK] = c.stack + c.stack_size;
        p->call.argument[PARENT_ID] = c.parent_id;
        p->call.argument[THREAD_POINTER] = c.thread_pointer;
        p->call.argument[CHILD_ID] = c.child_id;
        p->call.argument[PIDFD] = c.pidfd;
        return make(p);
}
