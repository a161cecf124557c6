/* SPDX-License-Identifier: BSD-2-Clause */
/* See server.h. */
#include "os/init/server.h"
#include "base/text.h"
#include "os/disk/block.h"
#include "os/disk/store.h"
#include "os/init/pace.h"
#include "os/init/service.h"
#include "os/posix/posix.h"
#include "os/posix/signal.h"
#include "os/swap/swap.h"
#include "sos/clock.h"
#include "sos/proto.h"

enum {
        LINUX_ANSWER_WORDS = 9,
        INSTRUCTION = 4,
        ERROR_MAX = 4095,
        ATTEMPTS_MAX = 1000,
        QUANTUM_PAGES = 8, /* of a call, before the server listens again */
};

static struct {
        seL4_CPtr endpoint, timer;
        struct reply_pool replies;
        bool stirred;
        unsigned long alarm_us; /* what the timer server was told */
        unsigned work;          /* pages, of the call that is served, this time */
        seL4_Word work_from;    /* its progress when that began */
        bool pieces, paced;     /* a call may have pieces left; the word to go on will come */
        bool piece;             /* it has come, and one is worked for */
        unsigned turn;          /* entry of the process that had the last piece */
        unsigned row;           /* of what is worked for */
        uint64_t longest[SERVER_ROWS]; /* ticks */
} server;

bool server_init(seL4_CPtr endpoint, seL4_CPtr timer)
{
        server.endpoint = endpoint;
        server.timer = timer;
        return !reply_start(&server.replies, &root_cspace, 1);
}

void server_stir(void)
{
        server.stirred = true;
}

void server_end(struct process *p, int code)
{
        struct process *parent = process_find(p->parent);

        reply_cancel_client(&server.replies, (seL4_Word)p->pid);
        sos_unshare(p);
        process_end(p, code);
        if (parent)
                signal_child(parent, p);
        server_stir();
}

/* A path, or the name of something in /bin. */
static struct node *find_program(const char *path)
{
        struct node *n = node_find(node_root(), path);

        return n || strchr(path, '/') ? n : node_find(node_find(node_root(), "/bin"), path);
}

int server_spawn(const struct sos_spawn *what, int maker, bool serial)
{
        char strings[SOS_NAME_MAX + SOS_ARGUMENTS_MAX];
        struct node *n = find_program(what->program);
        struct process *starter = process_find(maker);
        int parent = what->detached ? 0 : maker;
        struct process_plan plan = {
                .name = what->name,
                .arguments = strings,
                .argument_count = 1,
                .priority = what->priority,
                .budget_us = what->budget_us,
                .period_us = what->period_us,
                .parent = parent,
                .maker = maker,
                .group = parent && starter && !starter->serial ? starter->group : 0,
                .serial = serial,
                .tell_budget = what->tell_budget,
                .environment = "PATH=/bin:/\0HOME=/tmp\0TERM=vt100",
                .environment_count = 3,
        };
        size_t used = strlen(what->name) + 1;

        if (!n)
                return -SOS_ENOENT;
        memcpy(strings, what->name, used);
        memcpy(strings + used, what->arguments, what->argument_bytes);
        for (unsigned long i = 0; i < what->argument_bytes; i++)
                plan.argument_count += what->arguments[i] == '\0';
        plan.program = n;
        return process_make(&plan);
}

/* Put an answer into the message registers. */
static seL4_MessageInfo_t fill_answer(const struct process *p, long result)
{
        if (result == CALL_SWITCHED)
                return seL4_MessageInfo_new(0, 0, 0, 0);
        seL4_SetMR(0, (seL4_Word)result);
        if (!p->foreign)
                return seL4_MessageInfo_new(
                        0, 0, 0, p->number == SOS_NOTHING && p->argument[0] > 1 ? p->argument[0] : 1);
        for (int i = 1; i < PROCESS_SAVED; i++)
                seL4_SetMR(i, p->saved[i]);
        seL4_SetMR(PROCESS_SAVED, p->pc + INSTRUCTION);
        return seL4_MessageInfo_new(0, 0, 0, LINUX_ANSWER_WORDS);
}

bool call_awaits(long result)
{
        return result < 0 && result >= -ERROR_MAX && swap_awaited();
}

long call_end(struct process *p, long result)
{
        if (!call_awaits(result))
                return result;
        if (p->progress != p->attempts_at)
                p->attempts = 0;
        p->attempts_at = p->progress;
        p->paging = p->attempts++ < ATTEMPTS_MAX;
        return p->paging ? CALL_BLOCKS : -SOS_ENOMEM;
}

/* It grows with each step that is kept. */
static seL4_Word done_so_far(const struct process *p)
{
        return p->progress + p->vector;
}

/* The first steps of each try are never refused, or a call with a heavy one behind a light one would not get on. */
bool call_goes_on(struct process *p, unsigned pages)
{
        p->more = done_so_far(p) != server.work_from && server.work + pages > QUANTUM_PAGES;
        server.work += pages;
        server.pieces |= p->more;
        return !p->more;
}

bool call_pieces(void)
{
        return server.pieces;
}

static long perform(struct process *p)
{
        p->deadline_us = 0;
        p->paging = p->more = false;
        server.work = 0;
        server.work_from = done_so_far(p);
        swap_listen();
        if (p->foreign || p->number >= SOS_POSIX)
                return call_posix(p, p->foreign ? p->number : p->number - SOS_POSIX);
        return call_end(p, call_native(p));
}

/* Keep the caller of the current message; false when there is no reply object left for the next one. */
static bool keep(struct process *p)
{
        p->reply = reply_take(&server.replies, (seL4_Word)p->pid, clock_us());
        if (!p->reply.row)
                return false;
        p->state = PROCESS_WAITING;
        return true;
}

static void answer_kept(struct process *p, seL4_MessageInfo_t info)
{
        reply_answer(&server.replies, p->reply, info);
        p->state = PROCESS_RUNNING;
}

static void retry_fault(struct process *p)
{
        enum fault_result result = fault_again(p);

        if (result == FAULT_WAITS)
                return;
        p->faulting = false;
        if (result == FAULT_END)
                server_end(p, p->fault.signal);
        else
                answer_kept(p, seL4_MessageInfo_new(0, 0, 0, 0));
}

static void retry(struct process *p)
{
        long result;

        if (p->faulting) {
                retry_fault(p);
                return;
        }
        p->state = p->paging ? PROCESS_RUNNING : PROCESS_WAITING;
        result = perform(p);
        if (result == CALL_BLOCKS)
                p->state = PROCESS_WAITING;
        else if (result != CALL_GONE)
                answer_kept(p, fill_answer(p, result));
        else if (p->state == PROCESS_RUNNING)
                reply_cancel_client(&server.replies, (seL4_Word)p->pid); /* another program now */
}

static unsigned row_of(const struct process *p)
{
        bool native = !p->foreign && p->number < SOS_POSIX;
        seL4_Word number = p->foreign || native ? p->number : p->number - SOS_POSIX;

        if (native)
                return SERVER_NATIVE + (number < SOS_CALLS ? (unsigned)number : SOS_CALLS);
        return number < PROCESS_MISSING ? (unsigned)number : PROCESS_MISSING - 1;
}

/* One piece of one call, in turn. */
static void do_piece(void)
{
        server.paced = false;
        server.piece = true;
        for (unsigned i = 1; i <= PROCESSES; i++) {
                unsigned at = (server.turn + i) % PROCESSES;
                struct process *p = process_entry(at);

                if (p->state != PROCESS_WAITING || !p->more)
                        continue;
                server.turn = at;
                server.row = row_of(p);
                retry(p);
                if (p->state != PROCESS_WAITING || !p->more)
                        server_stir(); /* others may wait for the same file */
                return;
        }
}

/* Ask for the word to do the next piece. */
static void pace(void)
{
        unsigned long priority = 0;

        if (!server.pieces || server.paced)
                return;
        for (unsigned i = 0; i < PROCESSES; i++) {
                const struct process *p = process_entry(i);

                if (p->state == PROCESS_WAITING && p->more && p->priority >= priority)
                        priority = p->priority + 1;
        }
        server.pieces = server.paced = priority > 0;
        if (server.paced)
                pace_go(priority - 1);
}

static void settle_one(struct process *p)
{
        if (p->state == PROCESS_WAITING && p->more)
                return;
        if (p->state == PROCESS_WAITING)
                retry(p);
        else if (p->state == PROCESS_RUNNING)
                signal_late(p);
}

/* Try blocked calls again until nothing changes any more, then set the alarm for the nearest deadline. */
static void settle(void)
{
        unsigned long nearest = signal_alarms(), due;

        while (server.stirred) {
                server.stirred = false;
                for (unsigned i = 0; i < PROCESSES; i++) {
                        settle_one(process_entry(i));
                }
        }
        pace();
        store_settle();
        due = store_due();
        if (due && (!nearest || due < nearest))
                nearest = due;
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (p->state == PROCESS_WAITING && p->deadline_us && (!nearest || p->deadline_us < nearest))
                        nearest = p->deadline_us;
        }
        if (nearest == server.alarm_us)
                return;
        server.alarm_us = nearest;
        seL4_SetMR(0, TIMER_ALARM);
        seL4_SetMR(1, nearest);
        seL4_Call(server.timer, seL4_MessageInfo_new(0, 0, 0, 2));
}

static void hear(seL4_Word signals)
{
        if (signals & SIGNAL_ALARM)
                server.alarm_us = 0;
        if (signals & SIGNAL_LINES)
                block_interrupt(signals);
        if (signals & SIGNAL_PIECE)
                do_piece();
        if (signals & SIGNAL_INTERRUPT) {
                console_raw(false);
                signal_key();
        }
        if (signals & ~(SIGNAL_FLAG | SIGNAL_PIECE))
                server_stir();
}

static void read_native(struct process *p, seL4_MessageInfo_t info)
{
        seL4_Word length = seL4_MessageInfo_get_length(info);

        p->number = length > 0 ? seL4_GetMR(0) : SOS_NOTHING;
        for (seL4_Word i = 0; i < PROCESS_ARGUMENTS; i++)
                p->argument[i] = length > 1 + i ? seL4_GetMR((int)(1 + i)) : 0;
        if (p->number == SOS_NOTHING)
                p->argument[0] = length;
        if (seL4_MessageInfo_get_label(info))
                p->number = SOS_CALLS;
}

static void read_linux(struct process *p)
{
        for (int i = 0; i < PROCESS_SAVED; i++)
                p->saved[i] = seL4_GetMR(i);
        for (int i = 0; i < PROCESS_ARGUMENTS; i++)
                p->argument[i] = p->saved[i];
        p->pc = seL4_GetMR(seL4_UnknownSyscall_FaultIP);
        p->number = seL4_GetMR(seL4_UnknownSyscall_Syscall);
}

/* True when the caller gets an answer now, which `info` describes. */
static bool serve(struct process *p, seL4_MessageInfo_t *info)
{
        long result;

        server.row = row_of(p);
        p->progress = p->attempts = 0;
        p->vector = p->vector_start = 0;
        p->moving = NULL;
        p->held = false;
        result = perform(p);
        if (result == CALL_GONE || (result == CALL_BLOCKS && keep(p)))
                return false;
        if (result == CALL_BLOCKS)
                result = p->more ? (long)p->progress : -SOS_ENOMEM;
        *info = fill_answer(p, result);
        return true;
}

static bool serve_fault(struct process *p, seL4_MessageInfo_t *info)
{
        enum fault_result result = fault_handle(p, *info, info);

        p->faulting = result == FAULT_WAITS && keep(p);
        if (result != FAULT_RESUME && !p->faulting)
                server_end(p, p->fault.signal);
        return result == FAULT_RESUME;
}

static bool handle(seL4_Word badge, seL4_MessageInfo_t *info)
{
        struct process *p = badge & SIGNAL_FLAG ? NULL : process_find((int)(badge & ~BADGE_FAULT));
        bool fault = badge & BADGE_FAULT;

        if (!(badge & SIGNAL_FLAG) && badge & BADGE_SERVICE) {
                fault_of_service((unsigned)(badge & ~BADGE_SERVICE), *info);
                return false;
        }
        server.row = badge & SIGNAL_FLAG ? SERVER_SIGNAL : SERVER_FAULT;
        if (badge & SIGNAL_FLAG)
                hear(badge);
        if (!p || p->state != PROCESS_RUNNING)
                return false;
        if (!fault) {
                read_native(p, *info);
                return serve(p, info);
        }
        if (p->foreign && seL4_MessageInfo_get_label(*info) == seL4_Fault_UnknownSyscall) {
                read_linux(p);
                return serve(p, info);
        }
        return serve_fault(p, info);
}

/* The answer waits in the message registers while blocked calls are tried, so it is kept aside. */
static void settle_before_answer(void)
{
        seL4_Word word[LINUX_ANSWER_WORDS];

        if (!server.stirred && !store_pending() && !server.pieces)
                return;
        for (int i = 0; i < LINUX_ANSWER_WORDS; i++)
                word[i] = seL4_GetMR(i);
        settle();
        for (int i = 0; i < LINUX_ANSWER_WORDS; i++)
                seL4_SetMR(i, word[i]);
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

static void note_work(uint64_t since)
{
        uint64_t ticks = clock_ticks() - since;

        if (ticks > server.longest[server.row])
                server.longest[server.row] = ticks;
        if (server.piece)
                pace_worked(ticks);
        server.piece = false;
}

_Noreturn void server_run(void)
{
        seL4_MessageInfo_t info;
        seL4_Word badge;

        info = seL4_Recv(server.endpoint, &badge, reply_ready(&server.replies));
        for (;;) {
                uint64_t since = clock_ticks();
                bool answered = handle(badge, &info);

                if (answered) {
                        settle_before_answer();
                        note_work(since);
                        info = seL4_ReplyRecv(server.endpoint, info, &badge, reply_ready(&server.replies));
                } else {
                        settle();
                        note_work(since);
                        info = seL4_Recv(server.endpoint, &badge, reply_ready(&server.replies));
                }
        }
}
