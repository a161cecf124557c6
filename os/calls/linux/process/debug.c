/* SPDX-License-Identifier: BSD-2-Clause */
/* SOS_DEBUG: one process debugs another; see sos/debug.h. */
#include "os/process/debug.h"
#include "base/text.h"
#include "caps/fp.h"
#include "os/calls/linux/posix.h"
#include "os/process/signals/signal_frame.h"

/* Arguments after the request and the pid. */
enum { THIRD = 2, FOURTH, FIFTH };

static struct process *target_of(struct process *p)
{
        struct process *target = p->call.argument[1] ? process_find((int)p->call.argument[1]) : NULL;

        return target && process_lives(target) ? target : NULL;
}

/* The thread that an argument names, of the process that is debugged; NULL: none. */
static struct process *thread_of(struct process *p, seL4_Word number)
{
        struct process *t = number ? thread_find((int)number) : NULL;

        return t && thread_lives(t) && t->leader == target_of(p) ? t : NULL;
}

static long attach(struct process *p)
{
        struct process *target = target_of(p);

        if (!target || !user_may_look(p, target, CAPABLE_TRACE))
                return target ? -SOS_EPERM : -SOS_ESRCH;
        return debug_attach(p, target, true);
}

static long start(struct process *p)
{
        struct process *parent = process_find(p->leader->parent);

        return parent && process_lives(parent) ? debug_attach(parent, p->leader, false) : -SOS_EPERM;
}

static long detach(struct process *p, struct debug *d)
{
        (void)p;
        debug_detach(d);
        return 0;
}

static long hold(struct process *p, struct debug *d)
{
        (void)d;
        debug_hold(target_of(p));
        return 0;
}

/* What has stopped meanwhile is heard first: then nobody goes on. */
static long let_go(struct debug *d, struct process *leader, struct process *t, struct process *step,
                   int signal)
{
        if (debug_waits(d))
                return 0;
        if (step && step->job.held && !debug_step(d, step))
                return -SOS_ENOSYS;
        debug_release(leader, t, signal);
        return 0;
}

static long release(struct process *p, struct debug *d)
{
        seL4_Word one = p->call.argument[THIRD], signal = p->call.argument[FOURTH];
        struct process *t = thread_of(p, one), *step = thread_of(p, p->call.argument[FIFTH]);

        if ((one && !t) || (p->call.argument[FIFTH] && !step))
                return -SOS_ESRCH;
        if (signal > PROCESS_SIGNALS || (step && t && step != t))
                return -SOS_EINVAL;
        return let_go(d, target_of(p), t, step, (int)signal);
}

static long event(struct process *p, struct debug *d)
{
        struct debug_event none = {0}, e;

        if (!space_write(p->space, p->call.argument[THIRD], &none, sizeof(none)))
                return -SOS_EFAULT;
        e = debug_take(d);
        space_write(p->space, p->call.argument[THIRD], &e, sizeof(e));
        return e.kind != DEBUG_NOTHING;
}

static long threads(struct process *p, struct debug *d)
{
        struct process *l = target_of(p), *t = l;
        long count = 0;

        (void)d;
        do {
                int number = t->pid;

                if (thread_lives(t)) {
                        if ((seL4_Word)count < p->call.argument[FOURTH] &&
                            !space_write(p->space,
                                         p->call.argument[THIRD] + (seL4_Word)count * sizeof(number), &number,
                                         sizeof(number)))
                                return -SOS_EFAULT;
                        count++;
                }
                t = t->ring.next;
        } while (t != l);
        return count;
}

static bool read_registers(struct process *t, seL4_UserContext *c, struct fp_state *fp)
{
        return !seL4_TCB_ReadRegisters(t->kernel.tcb.cap, false, 0, FRAME_REGISTERS, c) &&
               fp_read(t->kernel.tcb.cap, fp);
}

static long get(struct process *p, struct debug *d)
{
        struct process *t = thread_of(p, p->call.argument[THIRD]);
        struct debug_registers r = {0};
        seL4_UserContext c;
        struct fp_state fp;

        (void)d;
        if (!t || !t->job.held)
                return t ? -SOS_EBUSY : -SOS_ESRCH;
        if (!read_registers(t, &c, &fp))
                return -SOS_EIO;
        for (int i = 0; i < FRAME_X; i++)
                r.x[i] = ((const seL4_Word *)&c)[frame_place[i]];
        r.sp = c.sp;
        r.pc = c.pc;
        r.state = c.spsr;
        memcpy(r.v, fp.v, sizeof(r.v));
        r.fpsr = (uint32_t)fp.fpsr;
        r.fpcr = (uint32_t)fp.fpcr;
        return space_write(p->space, p->call.argument[FOURTH], &r, sizeof(r)) ? 0 : -SOS_EFAULT;
}

static long set(struct process *p, struct debug *d)
{
        struct process *t = thread_of(p, p->call.argument[THIRD]);
        struct debug_registers r;
        seL4_UserContext c;
        struct fp_state fp;

        (void)d;
        if (!t)
                return -SOS_ESRCH;
        if (!t->job.held || (t->state == PROCESS_WAITING && !t->call.faulting))
                return -SOS_EBUSY;
        if (!space_read(p->space, p->call.argument[FOURTH], &r, sizeof(r)))
                return -SOS_EFAULT;
        if (!read_registers(t, &c, &fp))
                return -SOS_EIO;
        for (int i = 0; i < FRAME_X; i++)
                ((seL4_Word *)&c)[frame_place[i]] = r.x[i];
        c.sp = r.sp;
        c.pc = r.pc;
        c.spsr = r.state;
        memcpy(fp.v, r.v, sizeof(r.v));
        fp.fpsr = r.fpsr;
        fp.fpcr = r.fpcr;
        return fp_write(t->kernel.tcb.cap, &fp) &&
                               !seL4_TCB_WriteRegisters(t->kernel.tcb.cap, false, 0, FRAME_REGISTERS, &c)
                       ? 0
                       : -SOS_EIO;
}

/* A piece of at most a page, which the caller asks for again from where it ends. */
static long transfer(struct process *p, struct debug *d)
{
        static unsigned char bytes[PAGE];
        seL4_Word there = p->call.argument[THIRD], here = p->call.argument[FOURTH];
        seL4_Word size = p->call.argument[FIFTH] < PAGE ? p->call.argument[FIFTH] : PAGE;
        long n;

        if (p->call.argument[0] == DEBUG_WRITE)
                return space_read(p->space, here, bytes, size) ? debug_write(d, there, bytes, size)
                                                               : -SOS_EFAULT;
        n = debug_read(d, there, bytes, size);
        return n > 0 && !space_write(p->space, here, bytes, (seL4_Word)n) ? -SOS_EFAULT : n;
}

static long set_break(struct process *p, struct debug *d)
{
        return debug_break(d, p->call.argument[THIRD]);
}

static long clear_break(struct process *p, struct debug *d)
{
        return debug_unbreak(d, p->call.argument[THIRD]);
}

static long watch(struct process *p, struct debug *d)
{
        if (!target_of(p)->job.held)
                return -SOS_EBUSY;
        return debug_watch(d, p->call.argument[THIRD], p->call.argument[FOURTH], p->call.argument[FIFTH]);
}

long posix_debug(struct process *p)
{
        static long (*const requests[])(struct process *, struct debug *) = {
                [DEBUG_DETACH - DEBUG_FIRST] = detach,   [DEBUG_HOLD - DEBUG_FIRST] = hold,
                [DEBUG_RELEASE - DEBUG_FIRST] = release, [DEBUG_THREADS - DEBUG_FIRST] = threads,
                [DEBUG_GET - DEBUG_FIRST] = get,         [DEBUG_SET - DEBUG_FIRST] = set,
                [DEBUG_READ - DEBUG_FIRST] = transfer,   [DEBUG_WRITE - DEBUG_FIRST] = transfer,
                [DEBUG_BREAK - DEBUG_FIRST] = set_break, [DEBUG_UNBREAK - DEBUG_FIRST] = clear_break,
                [DEBUG_WATCH - DEBUG_FIRST] = watch,
        };
        seL4_Word request = p->call.argument[0];
        struct debug *d = debug_of(p, (int)p->call.argument[1]);

        if (request < DEBUG_FIRST || request >= DEBUG_END)
                return posix_ptrace(p);
        if (request == DEBUG_ATTACH)
                return attach(p);
        if (request == DEBUG_START)
                return start(p);
        if (d && request == DEBUG_EVENT)
                return event(p, d);
        return d && target_of(p) ? requests[request - DEBUG_FIRST](p, d) : -SOS_ESRCH;
}
