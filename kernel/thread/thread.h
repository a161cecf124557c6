/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread: its registers, its five kernel-held caps, what it waits for, and its place in queues.
 *
 * Level 6.  Invariants (debug/check.c asserts them after every system call of a test):
 *      in at most one of: a ready queue, the release tree, a wait queue;
 *      ready       exactly the eligible threads other than the running one (and the one just woken);
 *      released    runnable, its scheduling context configured and out of budget for now;
 *      waiting     SENDING, RECEIVING (object is the endpoint) or LISTENING (object is the notification);
 *      `reply`     set while RECEIVING with a reply object and while AWAITING_REPLY, and then reply->thread == this;
 *      sc and sc->thread, bound and bound->bound, yielding_to and its ->yielder agree.
 */
#pragma once

#include "cap/lookup.h"
#include "cap/slot.h"
#include "core/context.h"
#include "core/state.h"
#include "thread/waitq.h"

struct reply;
struct notification;
struct sched_context;

enum thread_state {
        INACTIVE,
        RUNNING,        /* goes on at context.pc */
        RESTARTING,     /* goes on at context.restart */
        SENDING,        /* queued at an endpoint; a fault message counts as a send */
        RECEIVING,      /* queued at an endpoint */
        LISTENING,      /* queued at a notification */
        AWAITING_REPLY, /* on its reply object */
};

/* Public fault labels. */
enum fault_type {
        FAULT_NONE = 0,
        FAULT_CAP = 1,
        FAULT_UNKNOWN_SYSCALL = 2,
        FAULT_USER_EXCEPTION = 3,
        FAULT_TIMEOUT = 5,
        FAULT_VM = 6,
        FAULT_VGIC_MAINTENANCE = 7, /* the last three at EL2 only */
        FAULT_VCPU = 8,
        FAULT_VPPI_EVENT = 9,
};

/* How far an interrupted operation got that leaves no trace in objects.  It counts only if the thread's next system call
 * is the very same: it is dropped with everything else that could lead the thread elsewhere, such as a fault, a resume or written
 * registers. */
struct progress {
        word what, start, end;
        word at;
};

/* `what` of a two-phase call that has done its first phase; start: where it receives, end: its address. */
static const word PROGRESS_RECEIVES = ~(word)0;

/* What went wrong; registers belonging to the message are read from the context when it is delivered. */
struct fault {
        word type;
        union {
                struct {
                        word cptr, receiving;
                        struct lookup_fault lookup;
                } cap;
                struct {
                        word address, prefetch, status;
                } vm;
                struct {
                        word number,
                                code; /* number: also of the last three, a list register, a syndrome, an interrupt */
                } user;
                struct {
                        word badge;
                } timeout;
                struct progress progress; /* FAULT_NONE and thread.interrupted */
        };
};

/* The five kernel-held caps, in the order in which they are deleted from the end. */
enum { TCB_CSPACE, TCB_VSPACE, TCB_BUFFER, TCB_FAULT_HANDLER, TCB_TIMEOUT_HANDLER, TCB_SLOTS };

/* Stored with the public flags; each of them keeps the thread off the short paths through a system call. */
enum {
        THREAD_FPU_DISABLED = 1,
        THREAD_FLAGS_KNOWN = 1,
        THREAD_DEBUGGED = 0x20,   /* extension; always with the next one (thread/debugged.c) */
        THREAD_TRACED = 0x40,     /* a trace runs, or ran when it last had a turn (trap/traced.c) */
        THREAD_SVC_FAULTS = 0x80, /* extension */
        THREAD_LONG_WAYS = THREAD_TRACED | THREAD_SVC_FAULTS,
};

struct thread {
        struct context context; /* by whoever answers the thread */

        /* who it is */
        union {
                struct {
                        uint8_t priority; /* Written by priority, first_task. */
                        bool in_ready;    /* Written by ready. */
                        uint8_t domain;   /* Written by thread, sched, cores. */
                        bool in_release;  /* Written by release. */
                };
                uint32_t turn; /* of a thread in neither queue: as in struct ready; only read */
        };

        /* enum thread_state.  Written by life, endpoint, notification, fault, reply, cancel, leave, sched, request, short_call,
         * short_invocation, short_receive, short_signal, short_switch, syscall. */
        uint8_t state;

        uint8_t mcp;       /* Written by inv_priority, first_task. */
        uint8_t flags;     /* Written by inv_tcb, inv_extension, traced, debugged. */
        uint8_t wait_rank; /* enum wait_rank, while waiting.  Written by waitq. */

        struct notification *bound; /* Written by binding. */
        struct sched_context *sc;   /* NULL: passive.  Written by donation, reply. */

        /* Supplied for receiving, or awaited.  Written by reply, endpoint, short_call, short_wait, short_switch. */
        struct reply *reply;

        /* vm/space.h: the VSpace as the machine wants it, and when that was found.  Written by space, thread. */
        word space, space_era;

        /* The queue of an endpoint or notification.  Written by endpoint, cancel, life, notification, short_call. */
        struct waitq *waiting_at;

        struct sched_context *yielding_to; /* Written by yield, life. */
        word send_badge; /* captured when a send blocks.  Written by endpoint, short_signal, waitq. */
        struct waitlink link;
        bool send_grant, send_grant_reply, send_is_call; /* Written by endpoint, short_signal. */
        uint8_t wait_marked;                             /* enum wait_marked.  Written by waitq. */
        bool interrupted; /* fault.progress is valid.  Written by thread, fault, inv_registers, life, short_fault. */
        bool yield_called; /* the pending YieldTo was a Call: it wants an answer.  Written by inv_sched. */
        uint8_t fpu_traps; /* for the FP registers, up to a limit.  Written by fpu. */
        /* How many times it still gets them without a trap (thread/fpu.h); 0 when its flag forbids them.  Written by fpu, inv_tcb. */
        uint8_t fpu_turns;

        /* Release tree.  Written by release. */
        struct thread *release_child[2], *release_up;
        word release_time, release_rank;

        word spare;

        struct slot slot[TCB_SLOTS];

        /* Written by thread. */
        word buffer_address; /* user address of the IPC buffer; the frame is in slot TCB_BUFFER */
        word buffer_cap;     /* first word of that frame's cap when `buffer` was found; 0: none */
        word *buffer;        /* the buffer as the kernel sees it, readable and writable, or NULL */

        struct vcpu *vcpu; /* of a guest (vcpu/vcpu.h); NULL: native.  Written by vcpu. */

        /* Pending, queued or unanswered.  Written by fault, cancel, endpoint, guest_event, life, reply, short_fault, syscall,
         * thread. */
        struct fault fault;

        struct fpu fpu;

        struct debug_state debug; /* while THREAD_DEBUGGED is set.  Written by debugged. */

        struct waitmark mark; /* while an interrupted walk over the queue stands here.  Written by waitq. */

        /* Written by thread. */
        struct thread *all_next, *all_prev;
        char name[]; /* to the end of the object; debug builds */
};

static inline bool waitq_is_alone(const struct thread *t)
{
        return t->link.next == NULL;
}

/* Join behind every thread of equal or higher priority.  A thread in no queue has no next. */
static inline void waitq_join(struct waitq *q, struct thread *t)
{
        if (waitq_is_empty(q))
                q->first = t;
        else
                waitq_join_others(q, t);
}

/* Leave; `t` must be in `q`. */
static inline void waitq_leave(struct waitq *q, struct thread *t)
{
        if (waitq_is_alone(t))
                q->first = NULL;
        else
                waitq_leave_others(q, t);
}

enum { THREAD_NAME_MAX = (1 << TCB_BITS) - sizeof(struct thread) };
_Static_assert(THREAD_NAME_MAX >= 512, "a TCB is 2048 bytes and keeps a useful name");
_Static_assert(offsetof(struct thread, slot) == TCB_SLOTS_OFFSET,
               "cap/ finds the slots without knowing threads");
_Static_assert(offsetof(struct thread, name) == THREAD_NAME_OFFSET, "last words tell the name");
_Static_assert(TCB_SLOTS_OFFSET % sizeof(struct slot) == 0, "slot links need 32-byte alignment");

/* The bits of SPSR that are forced: EL0t, FIQ masked; release builds also mask SError. */
enum { SPSR_USER = DEBUG_BUILD ? 0x40 : 0x140 };

static inline word spsr_filtered(word spsr)
{
        return (spsr & 0xf0000000) | SPSR_USER;
}

/* The same at EL2, where guests may have EL1: EL0t, EL1t and EL1h of AArch64. */
static inline word thread_pstate(const struct thread *t, word pstate)
{
        enum { MODE = 31, EL0T = 0, EL1T = 4, EL1H = 5 };
        word mode = pstate & MODE;

        return t->vcpu && (mode == EL0T || mode == EL1T || mode == EL1H) ? pstate : spsr_filtered(pstate);
}

static inline bool thread_is_runnable(const struct thread *t)
{
        return t->state == RUNNING || t->state == RESTARTING;
}

static inline bool thread_is_blocked(const struct thread *t)
{
        return t->state >= SENDING;
}

/* Make cleared memory a thread. */
void thread_init(struct thread *t);

/* The same for `n` of them, one behind the other. */
void thread_init_row(void *first, word n);

/* The thread is deleted: remove it from the list of all threads, if there is one (THREADS_LISTED). */
void thread_unlist(struct thread *t);

/* Keep the progress of an operation that is to be repeated; continue it if it is the same one. */
void thread_keep_progress(struct thread *t, const struct progress *p);
void thread_go_on(struct thread *t, struct progress *p);

/* Copies a NUL-terminated name, truncated to THREAD_NAME_MAX - 1. */
void thread_set_name(struct thread *t, const char *name);

/* The IPC buffer is at that user address of the frame in slot TCB_BUFFER, which was just filled or emptied. */
void thread_set_buffer(struct thread *t, word address);

/* The IPC buffer as the kernel sees it, or NULL: readable (for sending), writable (for receiving).  The frame's cap may
 * go at any time, so the last result counts only while the slot holds the same frame with the same rights. */
word *thread_find_buffer(struct thread *t, word rights);

/* `buffer` is the thread's, with all rights. */
static inline bool thread_knows_buffer(const struct thread *t)
{
        return t->slot[TCB_BUFFER].cap.a == t->buffer_cap;
}

static inline word *thread_buffer(struct thread *t, word rights)
{
        return thread_knows_buffer(t) ? t->buffer : thread_find_buffer(t, rights);
}

static inline word *thread_buffer_readable(struct thread *t)
{
        return thread_buffer(t, RIGHT_READ);
}

static inline word *thread_buffer_writable(struct thread *t)
{
        return thread_buffer(t, RIGHT_READ | RIGHT_WRITE);
}
