/* SPDX-License-Identifier: BSD-2-Clause */
/* See call.h. */
#include "os/core/pace.h"
#include "os/files/file.h"
#include "os/files/spare.h"
#include "os/memory/swap.h"
#include "os/process/process.h"

enum {
        ERROR_MAX = 4095,
        ATTEMPTS_MAX = 1000,
        QUANTUM_PAGES = 32, /* of a call, before the server listens again */
        SHORT_PAGES = 8,    /* with as many the clock need not be asked */
};

static struct {
        struct reply_pool replies;
        struct wait_queue pieces; /* calls with pieces left */
        struct wait_queue stood;  /* the others of those that stand between pieces; nobody wakes it */
        unsigned work;            /* pages, of the call that is served, this time */
        seL4_Word work_from;      /* what it had done when that began */
} calls;

struct reply_pool *call_replies(void)
{
        return &calls.replies;
}

struct wait_queue *call_pieces(void)
{
        return &calls.pieces;
}

long call_answers(struct process *p, long value)
{
        p->call.result = (struct call_result){CALL_ANSWERS, value};
        return value;
}

static long set_kind(struct process *p, enum call_kind kind)
{
        p->call.result.kind = kind;
        return CALL_NO_VALUE;
}

long call_waits(struct process *p, struct wait_queue *q)
{
        if (q)
                wait_at(&p->call.waiter, q);
        return set_kind(p, CALL_WAITS);
}

long call_until(struct process *p, uint64_t us)
{
        alarm_set(&p->call.deadline, &p->call.waiter, us);
        return set_kind(p, CALL_WAITS);
}

long call_gone(struct process *p)
{
        return set_kind(p, CALL_GONE);
}

long call_switched(struct process *p)
{
        call_lets_open(&p->call);
        return set_kind(p, CALL_SWITCHED);
}

bool call_awaits(long result)
{
        return (result < 0 && result >= -ERROR_MAX && swap_awaited()) ||
               (result == -SOS_ENOMEM && frame_comes());
}

void call_end(struct process *p, long value)
{
        struct call *c = &p->call;

        if (c->result.kind != CALL_ANSWERS)
                return;
        c->result.value = value;
        if (!call_awaits(value))
                return;
        if (c->progress != c->attempts_at)
                c->attempts = 0;
        c->attempts_at = c->progress;
        c->paging = c->attempts++ < ATTEMPTS_MAX;
        if (c->paging) {
                call_stops_waiting(c);
                call_waits(p, swap_queue());
                return;
        }
        c->result.value = c->error = -SOS_ENOMEM;
        if (c->space)
                call_pauses(p); /* the copy that was begun goes first */
}

/* It grows with each step that is kept. */
static seL4_Word done_so_far(const struct call *c)
{
        return c->progress + c->vector;
}

/* The first steps of each try are never refused, or a call with a heavy one behind a light one would not get on. */
bool call_goes_on(struct process *p, unsigned pages)
{
        bool over = done_so_far(&p->call) != calls.work_from &&
                    (calls.work + pages > QUANTUM_PAGES || (calls.work >= SHORT_PAGES && pace_is_over()));

        calls.work += pages;
        if (over)
                call_pauses(p);
        return !over;
}

long call_pauses(struct process *p)
{
        p->call.more = true;
        if (!call_stood(&p->call))
                return call_waits(p, &calls.pieces);
        wait_move(&p->call.waiter, &calls.stood, &calls.pieces);
        return set_kind(p, CALL_WAITS);
}

/* The first place is its own: there is always one, and it is found at once. */
void call_stands(struct process *p)
{
        call_stops_waiting(&p->call);
        wait_at(&p->call.waiter, &calls.stood);
        p->call.stands = true;
}

bool call_stood(const struct call *c)
{
        return c->stands && wait_stands(&c->waiter, &calls.stood);
}

bool call_gives_turn(struct process *p)
{
        if (p->call.turned || !pace_is_due())
                return false;
        p->call.turned = true;
        call_pauses(p);
        return true;
}

void call_takes_piece(struct call *c)
{
        if (c->stands)
                wait_move(&c->waiter, &calls.pieces, &calls.stood);
        else
                wait_leave(&c->waiter);
}

void call_begins_try(struct call *c)
{
        if (!call_stood(c))
                call_stops_waiting(c);
        c->files.known = c->files.held;
        calls.work = 0;
        calls.work_from = done_so_far(c);
}

void call_forgets(struct call *c)
{
        if (c->gathered)
                node_close(c->gathered);
        c->gathered = NULL;
        if (c->transfer)
                spare_leave(c->transfer);
        c->transfer = NULL;
}

void call_starts(struct call *c)
{
        call_forgets(c);
        call_lets_open(c);
        if (c->files.shared)
                call_lets_files(c);
        c->progress = c->attempts = 0;
        c->vector = c->vector_start = 0;
        c->end_us = c->place = 0;
        c->disk.end = 0;
        c->disk.own = false;
        c->error = c->child = 0;
        c->shortens = NULL;
        c->first = true;
        c->futex.key.object = NULL;
        c->futex.woken = false;
        c->futex.owner = 0;
        c->futex.many = 0;
        c->held = c->whole = c->turned = false;
}

void call_begins(struct call *c)
{
        call_starts(c);
        c->more = c->judged = c->told = false;
        c->requests.count = c->requests.record = 0;
}

bool call_half_done(const struct process *p)
{
        const struct call *c = &p->call;

        return c->transfer || c->space || c->child || c->requests.record || p->leader->end.executing == p ||
               (p->space && p->space->changing == p);
}

/* It waits for nothing any more. */
void call_stops_waiting(struct call *c)
{
        wait_leave(&c->waiter);
        c->stands = false;
        alarm_set(&c->deadline, NULL, 0);
}

void call_lets_open(struct call *c)
{
        if (c->opening)
                file_close(c->opening);
        c->opening = NULL;
}

/* It no longer keeps others off a file. */
void call_lets_move(struct call *c)
{
        if (!c->moving)
                return;
        c->moving->busy = c->moving->shortens = false;
        wait_wake(&c->moving->moved);
        node_close(c->moving);
        c->moving = NULL;
}

static struct file *look_up(struct process *p, seL4_Word descriptor)
{
        struct call *c = &p->call;
        struct file *f;

        for (unsigned i = 0; i < c->files.held; i++) {
                if (c->files.number[i] == descriptor)
                        return c->files.file[i];
        }
        f = descriptor_file(p->files, descriptor);
        if (f && c->files.shared && c->files.known < CALL_FILES) {
                c->files.number[c->files.known] = (uint16_t)descriptor;
                c->files.file[c->files.known++] = f;
        }
        return f;
}

/* The usual case comes first: it is a part of most calls. */
struct file *call_file(struct process *p, seL4_Word descriptor)
{
        if (p->call.files.shared || descriptor >= DESCRIPTORS_NEAR)
                return look_up(p, descriptor);
        return p->files->near[descriptor];
}

/* What the call has closed itself is not kept. */
static void keep_files(struct process *p)
{
        struct call *c = &p->call;

        for (unsigned i = c->files.held; i < c->files.known; i++) {
                struct file *f = c->files.file[i];

                if (descriptor_file(p->files, c->files.number[i]) != f)
                        continue;
                file_share(f);
                c->files.number[c->files.held] = c->files.number[i];
                c->files.file[c->files.held++] = f;
        }
}

void call_keeps_files(struct process *p)
{
        struct call *c = &p->call;

        if (c->result.kind == CALL_WAITS && !c->held)
                keep_files(p);
        else
                call_lets_files(c);
}

void call_lets_files(struct call *c)
{
        while (c->files.held)
                file_close(c->files.file[--c->files.held]);
        c->files.known = 0;
}

bool call_kept_off(struct process *p)
{
        struct space *s = p->space;

        if (!s || !s->changing || s->changing == p)
                return false;
        p->call.paging = true;
        call_stops_waiting(&p->call);
        call_waits(p, &s->changed);
        return true;
}

void call_keeps_off(struct process *p)
{
        p->space->changing = p;
}

void call_lets_change(struct process *p)
{
        struct space *s = p->space;

        if (!s || s->changing != p)
                return;
        s->changing = NULL;
        wait_wake(&s->changed);
}

void call_read_message(struct call *c, seL4_MessageInfo_t info)
{
        seL4_Word length = seL4_MessageInfo_get_length(info);

        c->number = length > 0 ? seL4_GetMR(0) : SOS_NOTHING;
        for (seL4_Word i = 0; i < CALL_ARGUMENTS; i++)
                c->argument[i] = length > 1 + i ? seL4_GetMR((int)(1 + i)) : 0;
        if (c->number == SOS_NOTHING)
                c->argument[0] = length;
        if (seL4_MessageInfo_get_label(info))
                c->number = SOS_CALLS;
        c->trap = false;
}

void call_read_trap(struct call *c)
{
        const seL4_Word *message = seL4_GetIPCBuffer()->msg;

        __builtin_memcpy(c->saved, message, sizeof(c->saved));
        __builtin_memcpy(c->argument, message, sizeof(c->argument));
        c->pc = seL4_GetMR(seL4_UnknownSyscall_FaultIP);
        c->number = seL4_GetMR(seL4_UnknownSyscall_Syscall);
        c->trap = true;
}
