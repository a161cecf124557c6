/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking at other processes: copying from and to their memory, and asking whether two have something in common.  Who may do that,
 * users.h says. */
#include "os/calls/linux/posix.h"
#include "os/memory/swap.h"
#include "os/process/numbers.h"

/* --- memory --- */

enum { VECTOR = 2 * sizeof(seL4_Word) };

/* Some bytes of a list of vectors, behind those that were moved; *at: the vector, *moved: bytes of it. */
struct piece {
        seL4_Word list, count; /* the vectors, in the caller's memory */
        seL4_Word *at, *moved;
        seL4_Word va, left;
};

/* The next vector with bytes left: 1; 0: none; or -SOS_EFAULT, -SOS_EINVAL. */
static long find_piece(struct process *p, struct piece *x)
{
        seL4_Word vector[2];

        for (; *x->at < x->count; ++*x->at, *x->moved = 0) {
                if (!space_read(p->space, x->list + *x->at * VECTOR, vector, sizeof(vector)))
                        return -SOS_EFAULT;
                if ((long)vector[1] < 0)
                        return -SOS_EINVAL;
                x->va = vector[0] + *x->moved;
                x->left = vector[1] - *x->moved;
                if (x->left)
                        return 1;
        }
        return 0;
}

/* Up to a page's end on both sides. */
static seL4_Word step_bytes(const struct piece *a, const struct piece *b)
{
        seL4_Word n = a->left < b->left ? a->left : b->left;

        n = n < PAGE - a->va % PAGE ? n : PAGE - a->va % PAGE;
        return n < PAGE - b->va % PAGE ? n : PAGE - b->va % PAGE;
}

static bool copy_step(struct space *from, seL4_Word source, struct space *to, seL4_Word goal, seL4_Word size)
{
        static unsigned char bytes[PAGE];

        return space_read(from, source, bytes, size) && space_write(to, goal, bytes, size);
}

/* What was moved, if anything; a page that comes from swap is waited for. */
static long stopped(const struct process *p, long error)
{
        return p->call.progress && !swap_awaited() ? (long)p->call.progress : error;
}

/* The other process, as soon as there is something to move; NULL: there is none such. */
static struct process *other(const struct process *p)
{
        struct process *t = (int)p->call.argument[0] > 0 ? thread_find((int)p->call.argument[0]) : NULL;

        return t && thread_lives(t) && t->space && !t->space->ending ? t : NULL;
}

static long move(struct process *p, struct piece *own, struct piece *far, bool write)
{
        struct process *t;
        long own_there, far_there;

        while ((own_there = find_piece(p, own)) > 0 && (far_there = find_piece(p, far)) > 0) {
                seL4_Word n = step_bytes(own, far);

                t = other(p);
                if (!t)
                        return stopped(p, -SOS_ESRCH);
                if (!t->kind.foreign || !user_may_look(p, t, CAPABLE_TRACE))
                        return -SOS_EPERM;
                if (!call_goes_on(p, 2))
                        return CALL_NO_VALUE;
                if (write ? !copy_step(p->space, own->va, t->space, far->va, n)
                          : !copy_step(t->space, far->va, p->space, own->va, n))
                        return stopped(p, -SOS_EFAULT);
                p->call.progress += n;
                *own->moved += n;
                *far->moved += n;
        }
        return own_there < 0                    ? stopped(p, own_there)
               : own_there > 0 && far_there < 0 ? stopped(p, far_there)
                                                : (long)p->call.progress;
}

long posix_process_vm(struct process *p)
{
        struct call *c = &p->call;
        struct piece own = {c->argument[1], c->argument[2], &c->vector, &c->vector_start, 0, 0},
                     far = {c->argument[3], c->argument[4], &c->place, &c->end_us, 0, 0};
        bool some = true, some_far = true;
        long error = c->argument[5] ? -SOS_EINVAL : 0;

        if (!error && !c->progress)
                error = posix_check_vectors(p, own.list, own.count, &some);
        if (!error && !c->progress && some)
                error = posix_check_vectors(p, far.list, far.count, &some_far);
        if (error || !some || !some_far)
                return error;
        return move(p, &own, &far, c->number % SOS_POSIX == LINUX_PROCESS_VM_WRITEV);
}

/* --- what two have in common --- */

/* 0: the same; else an order that lasts as long as both. */
static long compare(const void *a, const void *b)
{
        return a == b ? 0 : (uintptr_t)a < (uintptr_t)b ? 1 : 2;
}

static long compare_files(struct process *a, struct process *b, const seL4_Word descriptors[2])
{
        const struct file *f = a->files ? descriptor_file(a->files, descriptors[0]) : NULL,
                          *g = b->files ? descriptor_file(b->files, descriptors[1]) : NULL;

        return f && g ? compare(f, g) : -SOS_EBADF;
}

/* Whose operations on semaphores are to be undone; NULL: nobody's, and that is the same for all. */
static const struct process *undoing(const struct process *p)
{
        return p->leader->traits.undoes ? p->leader : NULL;
}

static long may_compare(const struct process *p, const struct process *a, const struct process *b)
{
        if (!a || !b || !thread_lives(a) || !thread_lives(b))
                return -SOS_ESRCH;
        return user_may_look(p, a, CAPABLE_TRACE) && user_may_look(p, b, CAPABLE_TRACE) ? 0 : -SOS_EPERM;
}

long posix_kcmp(struct process *p)
{
        enum { ONE_FILE, MEMORY, FILES_ALL, PLACE, HANDLING, TRANSFERS, UNDOS };
        struct process *a = thread_find((int)p->call.argument[0]), *b = thread_find((int)p->call.argument[1]);
        long error = may_compare(p, a, b);

        if (error)
                return error;
        switch ((int)p->call.argument[2]) {
        case ONE_FILE:
                return compare_files(a, b, &p->call.argument[3]);
        case MEMORY:
                return compare(a->space, b->space);
        case FILES_ALL:
                return compare(a->files, b->files);
        case PLACE:
                return compare(a->place, b->place);
        case HANDLING:
                return compare(a->handlers, b->handlers);
        case TRANSFERS:
                return 0; /* nobody has a record of them */
        case UNDOS:
                return compare(undoing(a), undoing(b));
        default:
                return -SOS_EINVAL;
        }
}
