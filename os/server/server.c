/* SPDX-License-Identifier: BSD-2-Clause */
/* See server.h. */
#include "os/server/server.h"
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/calls/native/native.h"
#include "os/core/pace.h"
#include "os/core/service.h"
#include "os/device/timer.h"
#include "os/files/store.h"
#include "os/memory/frame.h"
#include "os/memory/swap.h"
#include "os/process/charge.h"
#include "os/process/driver.h"
#include "os/process/fault.h"
#include "os/process/signals/signal.h"
#include "os/server/at_once.h"
#include "os/server/pieces.h"
#include "os/server/proc.h"
#include "sos/clock.h"
#include "sos/proto.h"

enum { TRAP_ANSWER_WORDS = 9, RUNG_US = 20 /* for woken processes, and one more */ };

static struct {
        seL4_CPtr endpoint;
        unsigned row;                  /* of what the work now is for */
        struct process *answered;      /* gets an answer when the next message is taken */
        bool ready;                    /* the message registers hold the answer already */
        uint64_t longest[SERVER_ROWS]; /* ticks */
} server;

bool server_init(seL4_CPtr endpoint)
{
        server.endpoint = endpoint;
        return !reply_start(call_replies(), &root_cspace, 1);
}

/* --- calls --- */

static bool is_posix(const struct call *c)
{
        return c->trap || c->number >= SOS_POSIX;
}

/* Of a call of Linux's, or of a native one. */
static seL4_Word number_of(const struct call *c)
{
        return c->trap || !is_posix(c) ? c->number : c->number - SOS_POSIX;
}

/* Try it, for the first time or once more. */
static void perform(struct process *p)
{
        struct call *c = &p->call;

        proc_self(p);
        call_lets_move(c);
        c->paging = false;
        call_answers(p, 0);
        call_begins_try(c);
        swap_listen();
        if (is_posix(c)) {
                call_posix(p, number_of(c));
        } else {
                c->more = false;
                call_end(p, call_native(p));
        }
        c->first = c->paging;
        if (c->result.kind != CALL_WAITS && thread_lives(p))
                call_stops_waiting(c);
}

/* Puts an answer into the message registers. */
static seL4_MessageInfo_t fill_answer(const struct call *c)
{
        if (c->result.kind == CALL_SWITCHED)
                return seL4_MessageInfo_new(0, 0, 0, 0);
        seL4_SetMR(0, (seL4_Word)c->result.value);
        if (!c->trap)
                return seL4_MessageInfo_new(
                        0, 0, 0, c->number == SOS_NOTHING && c->argument[0] > 1 ? c->argument[0] : 1);
        __builtin_memcpy(seL4_GetIPCBuffer()->msg + 1, c->saved + 1, sizeof(c->saved) - sizeof(*c->saved));
        seL4_SetMR(CALL_SAVED, c->pc + CALL_INSTRUCTION);
        return seL4_MessageInfo_new(0, 0, 0, TRAP_ANSWER_WORDS);
}

/* Keep the caller of the current message; false when there is no reply object left for the next one. */
static bool keep(struct process *p)
{
        p->call.reply = reply_take(call_replies(), (seL4_Word)p->pid, clock_us());
        if (!p->call.reply.row)
                return false;
        p->state = PROCESS_WAITING;
        return true;
}

/* The last one that can go on gets its answer when the next message is taken, as a caller does: one kernel call for both. */
static void answer_kept(struct process *p)
{
        if (!server.answered && !wait_rung() && reply_answer_next(call_replies(), p->call.reply))
                server.answered = p;
        else
                reply_answer(call_replies(), p->call.reply, fill_answer(&p->call));
        p->state = PROCESS_RUNNING;
}

/* Waits until memory is free, or another thread's call has changed the regions. */
static void wait_fault(struct process *p)
{
        bool kept = p->space->changing && p->space->changing != p;

        wait_at(&p->call.waiter, kept ? &p->space->changed : swap_queue());
}

static void end_by_fault(struct process *p)
{
        if (p->driver)
                driver_fails(p->driver);
        process_kill(p, p->call.fault.signal);
}

static void retry_fault(struct process *p)
{
        enum fault_result result;

        call_stops_waiting(&p->call);
        result = fault_again(p);
        if (result == FAULT_WAITS) {
                wait_fault(p);
                return;
        }
        p->call.faulting = false;
        if (result == FAULT_END)
                end_by_fault(p);
        else
                answer_kept(p);
}

static unsigned row_of(const struct process *p)
{
        seL4_Word number = number_of(&p->call);

        if (!is_posix(&p->call))
                return SERVER_NATIVE + (number < SOS_CALLS ? (unsigned)number : SOS_CALLS);
        return number < PROCESS_MISSING ? (unsigned)number : PROCESS_MISSING - 1;
}

static void retry(struct process *p)
{
        if (p->call.faulting) {
                retry_fault(p);
                return;
        }
        server.row = row_of(p);
        perform(p);
        if (p->call.result.kind == CALL_WAITS || p->state != PROCESS_WAITING)
                return;
        if (p->call.result.kind != CALL_GONE) {
                answer_kept(p);
                return;
        }
        reply_cancel_client(call_replies(), (seL4_Word)p->pid); /* another program now */
        p->state = PROCESS_RUNNING;
}

/* It has to pay for that, and may have to rest when it has its answer, which it gets now then. */
static void charge(struct process *p, uint64_t since)
{
        if (!charge_work(p, since) || process_halts(p))
                return;
        if (p->state == PROCESS_WAITING && p->call.more)
                charge_waits(p);
        if (p->state != PROCESS_RUNNING)
                return;
        if (server.answered == p) {
                seL4_Send(reply_ready(call_replies()), fill_answer(&p->call));
                server.answered = NULL;
        }
        charge_rests(p);
}

/* What is with a device ends in a stopped process, too: others wait for room.  Its call keeps the result then.  A tracee stays as
 * its tracer sees it. */
static bool ends_transfer(const struct process *p)
{
        return p->state == PROCESS_WAITING && p->call.transfer && !p->tracee.tracer;
}

void server_let_try(struct waiter *w)
{
        struct process *p = process_of_waiter(w);
        uint64_t since = clock_ticks();

        if (p->state == PROCESS_ENDING) {
                pieces_end(p);
                return;
        }
        driver_goes_on(p->driver);
        signal_alarm(p);
        if (process_halts(p) && !ends_transfer(p))
                return; /* it is woken again when it goes on */
        charge_look(p);
        if (p->state == PROCESS_WAITING)
                retry(p);
        else if (p->state == PROCESS_RUNNING)
                signal_late(p);
        charge(p, since);
}

static void serve_rung(uint64_t since)
{
        uint64_t ticks = timestamp_get_freq() * RUNG_US / 1000000;
        struct waiter *w;

        while ((w = wait_next()) != NULL) {
                server_let_try(w);
                if (clock_ticks() - since > ticks)
                        return;
        }
}

/* --- messages --- */

enum { ALARMS_APART_US = 50 };
static uint64_t rung_us; /* when they rang last */

/* Sets the alarm for the next event.  What the timer's driver and this server do for one is on nobody's budget, so those that sleep for a
 * moment, or have timers of one microsecond, would leave no time to others: alarms that follow one another ring together. */
static void set_alarm(void)
{
        uint64_t nearest = alarm_nearest(), due = store_due(), soon = rung_us + ALARMS_APART_US;

        nearest = due && (!nearest || due < nearest) ? due : nearest;
        timer_wake_at(TIMER_SERVER, nearest && nearest < soon ? soon : nearest);
}

void server_alarm(void)
{
        rung_us = clock_us();
        alarm_ring(rung_us);
}

static void hear(seL4_Word signals)
{
        if (signals & SIGNAL_DRIVERS)
                drivers_hear(signals);
        if (signals & SIGNAL_PIECE)
                pieces_do();
}

/* True when the caller gets an answer now. */
static bool serve(struct process *p)
{
        struct call *c = &p->call;

        server.row = row_of(p);
        p->leader->counts.calls++;
        call_begins(c);
        if (is_posix(c))
                posix_widen(c, number_of(c));
        perform(p);
        if (c->result.kind == CALL_GONE || (c->result.kind == CALL_WAITS && keep(p)))
                return false;
        if (c->result.kind == CALL_WAITS) {
                call_answers(p, c->moving && !c->moving->shortens ? (long)c->progress : -SOS_ENOMEM);
                call_stops_waiting(c);
                call_lets_move(c);
                call_lets_open(c);
                call_forgets(c);
                call_lets_files(c);
                if (c->space)
                        process_kill(p, SIGNAL_KILL); /* it must not be left half done */
        }
        return thread_lives(p);
}

static bool serve_fault(struct process *p, seL4_MessageInfo_t info)
{
        enum fault_result result;

        p->leader->counts.paged++;
        call_stops_waiting(&p->call);
        result = fault_handle(p, info);
        p->call.faulting = result == FAULT_WAITS && keep(p);
        if (p->call.faulting)
                wait_fault(p);
        else if (result != FAULT_RESUME)
                end_by_fault(p);
        else if (p->tracee.tracer && signals_due(p))
                wait_ring(&p->call.waiter); /* it was rung for, perhaps, and waits no longer */
        return result == FAULT_RESUME;
}

/* A call, as a message or as a trap, or a fault. */
static bool serve_message(struct process *p, bool fault, seL4_MessageInfo_t info)
{
        if (!fault) {
                call_read_message(&p->call, info);
                return serve(p);
        }
        if (!p->kind.foreign || seL4_MessageInfo_get_label(info) != seL4_Fault_UnknownSyscall)
                return serve_fault(p, info);
        call_read_trap(&p->call);
        return serve(p);
}

/* The sender may get an answer now. */
static void handle(seL4_Word badge, seL4_MessageInfo_t info, uint64_t since)
{
        struct process *p =
                badge & (SIGNAL_FLAG | BADGE_SERVICE) ? NULL : process_of_badge(badge & ~BADGE_FAULT);

        server.row = badge & SIGNAL_FLAG ? SERVER_SIGNAL : SERVER_FAULT;
        if (badge & SIGNAL_FLAG)
                hear(badge);
        else if (badge & BADGE_SERVICE)
                fault_of_service((unsigned)(badge & ~BADGE_SERVICE), info);
        if (!p || p->state != PROCESS_RUNNING)
                return;
        if (process_leaves(p))
                thread_stop(p);
        else if (serve_message(p, badge & BADGE_FAULT, info))
                server.answered = p;
        charge(p, since);
}

/* Send the answer, if any, and take the next message; when somebody has been woken, only one that has arrived already: otherwise the
 * badge is 0. */
static seL4_MessageInfo_t listen(const struct process *answered, seL4_Word *badge)
{
        seL4_MessageInfo_t answer = seL4_MessageInfo_new(0, 0, 0, server.ready ? TRAP_ANSWER_WORDS : 0);
        seL4_CPtr reply = reply_ready(call_replies());

        if (answered && !server.ready)
                answer = fill_answer(&answered->call);
        if (answered && !wait_rung())
                return seL4_ReplyRecv(server.endpoint, answer, badge, reply);
        if (answered)
                seL4_Send(reply, answer);
        return wait_rung() ? seL4_NBRecv(server.endpoint, badge, reply)
                           : seL4_Recv(server.endpoint, badge, reply);
}

void server_works_for(unsigned row)
{
        server.row = row;
}

uint64_t server_longest_ns(unsigned i)
{
        return clock_scaled(server.longest[i], 1000000000);
}

void server_longest_reset(void)
{
        for (unsigned i = 0; i < SERVER_ROWS; i++)
                server.longest[i] = 0;
}

/* The time now. */
static uint64_t note_work(uint64_t since)
{
        uint64_t now = clock_ticks(), ticks = now - since;

        if (ticks > server.longest[server.row])
                server.longest[server.row] = ticks;
        pace_worked(ticks);
        return now;
}

void server_serve_one(void)
{
        seL4_Word badge;
        seL4_MessageInfo_t info;
        uint64_t since;

        do {
                info = listen(server.answered, &badge);
                server.answered = serve_at_once(badge, info);
                server.ready = server.answered;
        } while (server.ready);
        since = pace_begins();
        if (badge)
                handle(badge, info, since);
        if (badge & SIGNAL_FLAG && wait_rung())
                since = note_work(since);
        if (!badge || badge & SIGNAL_FLAG)
                serve_rung(since);
        pieces_pace(server.answered);
        store_settle();
        set_alarm();
        note_work(since);
}

_Noreturn void server_run(void)
{
        for (;;)
                server_serve_one();
}
