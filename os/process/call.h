/* SPDX-License-Identifier: BSD-2-Clause */
/* A call in progress: what was asked, how far it is, what it waits for, and the answer.
 *
 * A handler never blocks.  A call that cannot continue stands in the queue of what it waits for (call_waits), with its caller kept by a
 * reply object, and its handler is run again when it is woken or its time has come.  So a handler starts over each time; `progress` tells
 * it what it has already done.  An answer is a value until it is sent. */
#pragma once

#include "os/core/alarm.h"
#include "os/memory/space.h"
#include "reply/reply.h"

struct file;
struct process;

enum { CALL_ARGUMENTS = 6, CALL_SAVED = 8, CALL_INSTRUCTION = 4 /* bytes of the svc */, CALL_FILES = 4 };

enum call_kind {
        CALL_ANSWERS,  /* with `value` */
        CALL_WAITS,    /* not yet */
        CALL_GONE,     /* the caller has ended, or is another program now */
        CALL_SWITCHED, /* the caller goes on with the registers it was given */
};

/* What a handler returns instead of a value after it has chosen another kind of result. */
#define CALL_NO_VALUE (-0x7ffffffffffffffel)

/* What a word of memory that is waited for belongs to, and where there. */
struct futex_key {
        const void *object; /* NULL: none */
        seL4_Word place;
};

struct call {
        seL4_Word number, argument[CALL_ARGUMENTS];
        seL4_Word saved[CALL_SAVED], pc; /* of a trap: x0..x7 and the svc */
        struct reply reply;              /* the caller while it waits */
        struct call_result {
                enum call_kind kind;
                long value;
        } result, held_result; /* `held_result`: what waits while it is held */
        struct waiter waiter;
        struct alarm deadline; /* when to try a waiting call again */
        struct {
                seL4_Word count; /* of those of io_submit, or of results: how many */
                uint16_t record; /* of the one that is carried out (requests.h), 0: none */
        } requests;
        bool first;  /* it is tried for the first time, or has done nothing yet */
        bool turned; /* others had their turn before it made a process */
        bool trap;   /* it came as a trap, and is answered with registers */
        bool judged; /* its filters let it pass (calls/linux/process/seccomp.c), or it began before there were any */
        bool told;   /* its tracer has heard of it from a filter */
        bool held;   /* it is done, but a signal's handler cannot be entered yet: the result waits */
        bool paging; /* the call waits for memory, and is tried again as if it came now */
        bool more;   /* it has pieces left to do */
        bool stands; /* between its pieces it stays where it stands, unless it was rung for since (call_stands) */
        bool whole;            /* while it waits, only a deadly signal ends it */
        bool faulting;         /* no call: the fault below waits for memory */
        unsigned attempts;     /* to do it, since it last got on */
        seL4_Word attempts_at; /* the progress then */
        seL4_Word progress;    /* what it has done so far, in a unit of its own; 0 when it comes */
        seL4_Word end_us;      /* of a sleep, 0: not known yet */
        seL4_Word until_us;    /* when what it waits for changes by itself, 0: not known, or it does not */
        seL4_Word vector,
                vector_start; /* readv and writev: the vector it is at, bytes before that; shorten: the space, and where in it */
        struct node *moving;         /* the file whose content it moves, with pieces left */
        const struct node *shortens; /* the file that it makes shorter, of which that is */
        struct spare_transfer *
                transfer; /* of /dev/spare, that it waits for (disk.c); it is left when the next call begins */
        struct {
                uint64_t start, end; /* 0: none */
                bool own;            /* a place of the call, not the file's */
        } disk;                      /* the part of it that is moved */
        struct node *gathered;       /* what it has gathered of a message; kept until the next call begins */
        struct file *opening;        /* a FIFO that it opens, while nobody has its other end */
        seL4_Word place;             /* where it puts something, 0: not known yet */
        struct space *space;         /* one that it makes, or ends */
        long error;                  /* with which it ends when that has gone */
        int child;                   /* that it has made and waits for */
        struct {
                struct futex_key key;
                uint32_t bits;
                int owner; /* of a lock that it waits for: the thread that has it; 0: it waits for no lock */
                bool woken;
                uint8_t many;  /* it waits for several words: which of those who do, from 1 on */
                uint8_t which; /* of the words was the reason */
        } futex;               /* that it waits for (futex.h) */
        struct {
                seL4_Word address, pc;
                enum space_access access; /* 0: no memory fault */
                bool unaligned;
                int signal; /* that it ends with */
        } fault;
        struct {
                bool shared; /* another thread may have the same descriptors, or have had them; the rest is for that */
                uint8_t known, held; /* those that this try has looked up; and of them, whose user it is */
                uint16_t number[CALL_FILES];
                struct file *file[CALL_FILES];
        } files; /* behind its descriptors (call_file) */
};

/* What a handler returns when it has no answer, each the value CALL_NO_VALUE: it waits in that queue (NULL: for time or a signal; several
 * queues are allowed), until that time as well; its caller is gone; or the caller goes on with other registers. */
long call_waits(struct process *p, struct wait_queue *q);
long call_until(struct process *p, uint64_t us);
long call_gone(struct process *p);
long call_switched(struct process *p);

/* An answer after all, as CALL_ANSWERS. */
long call_answers(struct process *p, long value);

/* Has a call failed because memory is on its way?  It has changed nothing but its progress then, and is tried again. */
bool call_awaits(long result);

/* What a handler has returned becomes the result, or the call waits for memory (p->call.paging).  One that never gets all its
 * pages together fails with -SOS_ENOMEM. */
void call_end(struct process *p, long value);

/* A call whose work grows with a number of the caller does it in pieces, between which the server listens: true while it may
 * go on with `pages` more (or work like that of so many pages).  When it is false the call keeps what it has done in its
 * progress and returns CALL_NO_VALUE; it is tried again soon. */
bool call_goes_on(struct process *p, unsigned pages);

/* It has pieces left, whatever call_goes_on says; CALL_NO_VALUE. */
long call_pauses(struct process *p);

/* Pieces of a call that enters queues, or looks around while it stands in them: from call_stands on it leaves them only when it is rung
 * for, waits for memory or ends.  The handler asks call_stood in each try: false: nothing of that, or it was rung for in between. */
void call_stands(struct process *p);
bool call_stood(const struct call *c);

/* A call that makes a process or a thread: when the server has worked for a slice, the others of the caller's priority have their
 * turn first.  A thread that begins comes before them, so without this those that make others keep the rest off for ever.
 * True when the call waits for that. */
bool call_gives_turn(struct process *p);

/* The reply objects of those that wait. */
struct reply_pool *call_replies(void);

/* The queue of those with pieces left. */
struct wait_queue *call_pieces(void);

/* Nothing has been done for it so far. */
void call_starts(struct call *c);

/* The same for one that comes, or becomes another one. */
void call_begins(struct call *c);

/* It has made, or changed, what would be left behind if it did not go on: it has to come to its end. */
bool call_half_done(const struct process *p);

/* For the server: its piece is next; a try begins; it waits for nothing any more; it no longer keeps others off a file. */
void call_takes_piece(struct call *c);
void call_begins_try(struct call *c);
void call_stops_waiting(struct call *c);
void call_lets_move(struct call *c);

/* It no longer opens a FIFO: it has ended, or a signal has ended it, before somebody had the other end. */
void call_lets_open(struct call *c);

/* The file behind a descriptor that a call is given, NULL: none.  It is looked up once: a call that waits goes on with the file that it
 * began with, which stays open until it ends, whatever another thread makes of the number meanwhile.  The first CALL_FILES of a call are
 * kept.  At the end of each try that has some: they are kept, or let go of when the call waits no longer. */
struct file *call_file(struct process *p, seL4_Word descriptor);
static inline bool call_has_files(const struct call *c)
{
        return c->files.shared && (c->files.held || c->result.kind == CALL_WAITS);
}
void call_keeps_files(struct process *p);
void call_lets_files(struct call *c);

/* What it has gathered goes. */
void call_forgets(struct call *c);

/* Calls that change the regions of a space in pieces keep other threads from it: true when somebody does, and then this call waits;
 * the call that pauses is the one; it is no longer. */
bool call_kept_off(struct process *p);
void call_keeps_off(struct process *p);
void call_lets_change(struct process *p);

/* Take a call out of the message registers: a message of a native program, or a fault. */
void call_read_message(struct call *c, seL4_MessageInfo_t info);
void call_read_trap(struct call *c);
