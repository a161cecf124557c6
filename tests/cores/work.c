/* SPDX-License-Identifier: BSD-2-Clause */
/* See work.h. */
#include "arch/host/host.h"
#include "chain/binding.h"
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tests/cores/made.h"
#include "tests/lib/test.h"
#include "time/clock.h"

#include <string.h>

enum {
        POOL_BITS = 13,
        UNTYPED_BITS = 4,
        NAP = 2000, /* the sleeper's period; two of them are less than a slice of core 0 */
        AWAKE = 1000,
        PC = 0x10000,
        HANDLED = 0x80000, /* where whoever faulted goes on */
        PAGE = 0x40000000, /* where a page is mapped */
        READ = 2,
};

const char *const operation_name[OPERATIONS] = {"signal",         "poll",
                                                "delete",         "delete-original",
                                                "copy",           "move",
                                                "revoke",         "retype",
                                                "bind",           "unbind",
                                                "priority",       "suspend",
                                                "resume",         "give-time",
                                                "take-time",      "call",
                                                "set-time",       "write-registers",
                                                "read-registers", "delete-server",
                                                "fault",          "map",
                                                "unmap",          "map-table",
                                                "unmap-table",    "delete-frame",
                                                "near-call",      "far-call",
                                                "near-signal",    "near-poll",
                                                "far-poll",       "yield",
                                                "stop-near",      "near-recv",
                                                "far-recv",       "far-reply",
                                                "time",           "wake",
                                                "stop-sleeper",   "wake-two",
                                                "near-send",      "near-nbsend",
                                                "near-ask",       "alarm",
                                                "chime",          "ring",
                                                "home-chime",     "home-poll",
                                                "far-listen",     "move-ear",
                                                "stop-ear",       "delete-alarm",
                                                "revoke-alarm",   "unbind-ear"};

struct work w;

static word near_server(word me)
{
        return at(NEAR_SERVER) + me * USER_THREAD_SLOTS;
}

struct message about(word label, word length, word a, word b, word cap)
{
        return (struct message){
                .label = label, .length = length, .word = {a, b}, .caps = cap != 0, .cap = {cap}};
}

static struct message set_time(void)
{
        return (struct message){.label = LABEL_SCHED_CONTROL_CONFIGURE_FLAGS,
                                .length = 5,
                                .word = {BUDGET, BUDGET},
                                .caps = 1,
                                .cap = {at(SUBJECT) + 1}};
}

static struct thread *thread_with(word budget, word period, word core, enum slots slot, word priority)
{
        struct thread *t = user_thread_on(core, at(slot), priority, budget, period);

        CHECK_EQUAL(user_start(at(slot), PC), 0);
        return t;
}

struct thread *thread_on(word core, enum slots slot, word priority)
{
        return thread_with(BUDGET, BUDGET, core, slot, priority);
}

static void make_objects(void)
{
        word memory = user_memory();

        CHECK_EQUAL(user_retype(memory, OBJECT_UNTYPED, POOL_BITS, at(POOL), 1), 0);
        CHECK_EQUAL(user_retype(at(POOL), OBJECT_NOTIFICATION, 0, at(ORIGINAL), 1), 0);
        CHECK_EQUAL(user_retype(at(POOL), OBJECT_NOTIFICATION, 0, at(BELL), 1), 0);
        CHECK_EQUAL(user_retype(at(POOL), OBJECT_UNTYPED, UNTYPED_BITS, at(UNTYPED), 1), 0);
        CHECK_EQUAL(user_retype(memory, OBJECT_ENDPOINT, 0, at(ENDPOINT), 1), 0);
        CHECK_EQUAL(user_retype(memory, OBJECT_REPLY, 0, at(REPLY), 1), 0);
        for (word me = 0; me < CALLERS; me++) {
                CHECK_EQUAL(user_retype(memory, OBJECT_ENDPOINT, 0, near(me, NEAR_ENDPOINT), 1), 0);
                CHECK_EQUAL(user_retype(memory, OBJECT_REPLY, 0, near(me, NEAR_REPLY), 1), 0);
                CHECK_EQUAL(user_retype(memory, OBJECT_ENDPOINT, 0, near(me, NEAR_DESK), 1), 0);
                CHECK_EQUAL(user_retype(memory, OBJECT_REPLY, 0, near(me, NEAR_TICKET), 1), 0);
                CHECK_EQUAL(user_retype(memory, OBJECT_NOTIFICATION, 0, near(me, NEAR_BELL), 1), 0);
                CHECK_EQUAL(user_mint(near(me, NEAR_BELL), near(me, NEAR_BADGED), RIGHTS, 5), 0);
        }
        CHECK_EQUAL(user_mint(at(ORIGINAL), at(COPY), RIGHTS, 4), 0);
        for (word me = 0; me < CALLERS; me++)
                CHECK_EQUAL(user_mint(at(BELL), at(BADGED) + me, RIGHTS, 1 + me), 0);
}

static void map_page(void)
{
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_SMALL_PAGE, 0, at(FRAME), 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_PAGE_TABLE, 0, at(TABLE), TABLES), 0);
        for (word level = 0; level < TABLES; level++)
                CHECK_EQUAL(user_map_table(at(TABLE) + level, PAGE), 0);
        CHECK_EQUAL(user_map(at(FRAME), PAGE, RIGHTS), 0);
}

/* The user level of core 0. */
static void root(void)
{
        w.slot = user_bootinfo()->empty.start;
        w.control = user_bootinfo()->sched_control.start;
        CHECK(user_bootinfo()->empty.end - w.slot > SLOTS);
        CHECK_EQUAL(user_bootinfo()->nodes, MACHINE_CORES);
        make_objects();
        map_page();
        make_listeners();
        w.subject = thread_on(3, SUBJECT, EQUAL);
        w.server = thread_on(3, SERVER, HIGH);
        for (word me = 0; me < CALLERS; me++) {
                word slot = at(CALLER) + me * USER_THREAD_SLOTS;
                w.near[me] = thread_on(1 + me, NEAR_SERVER + me * USER_THREAD_SLOTS, HIGH);
                w.caller[me] = thread_on(1 + me, CALLER + me * USER_THREAD_SLOTS, EQUAL);
                w.mate[me] = thread_on(1 + me, MATE + me * USER_THREAD_SLOTS, EQUAL);
                CHECK_EQUAL(user_set_time(slot, slot + 1, EQUAL, at(ENDPOINT)), 0);
        }
        w.sleeper[0] = thread_with(AWAKE, NAP, 1, SLEEPER, HIGH);
        w.sleeper[1] = thread_with(AWAKE, 2 * NAP, 1, OTHER_SLEEPER, HIGH);
        for (word i = 0; i < LATE; i++)
                user_thread_on(1, at(LATER + i * USER_THREAD_SLOTS), HIGH + 1 + i, BUDGET, BUDGET);
}

void ask_and_wait(word me, struct job job)
{
        w.job[me] = job;
        w.job[me].thread = w.caller[me];
        machine_ask(&w.job[me]);
        machine_run();
        CHECK(w.job[me].state == JOB_DONE);
}

/* A server waits; when its time is taken, it is passive. */
static void begin_serving(struct job *serving, struct thread *t, word endpoint, word reply)
{
        *serving = (struct job){.thread = t,
                                .number = USER_RECV,
                                .cptr = endpoint,
                                .reply = reply,
                                .message = {.length = 1, .word = {HANDLED}},
                                .serves = true};
        machine_ask(serving);
        machine_run();
        CHECK(t->state == RECEIVING);
}

static void take_time(const struct thread *t, word tcb)
{
        ask_and_wait(0, (struct job){.number = USER_CALL,
                                     .cptr = tcb + 1,
                                     .message = about(LABEL_SCHED_CONTEXT_UNBIND, 0, 0, 0, 0)});
        CHECK(w.job[0].answer == 0 && !t->sc);
}

/* The caller has waited at its notification once, so that is at home with it; and its server has answered once. */
static void come_home(word me)
{
        w.job[me] = (struct job){.thread = w.caller[me], .number = USER_WAIT, .cptr = near(me, NEAR_BELL)};
        machine_ask(&w.job[me]);
        machine_run();
        ask_and_wait(!me, (struct job){.number = USER_SEND, .cptr = near(me, NEAR_BELL)});
        machine_run(); /* its mate, which may rest already, yields to it */
        CHECK(w.job[me].state == JOB_DONE);
        ask_and_wait(me, (struct job){.number = USER_CALL, .cptr = near(me, NEAR_ENDPOINT)});
        for (word i = 0; i < 2; i++) {
                work_ask(me, DO_NEAR_RECV);
                machine_run();
                CHECK(w.job[me].state == JOB_DONE);
        }
}

/* Those that yield have nothing else to do. */
static void begin_yielding(struct job *job, struct thread *t, const struct thread *to)
{
        *job = (struct job){.thread = t, .number = USER_YIELD, .yields = true, .to = to};
        machine_ask(job);
        machine_run();
}

void work_make(void)
{
        word (*choice)(word able, word last) = machine_choice;

        machine_make(root);
        machine_choice = NULL;
        begin_listening();
        for (word me = 0; me < CALLERS; me++)
                begin_yielding(&w.mating[me], w.mate[me], w.caller[me]);
        for (word i = 0; i < 2; i++)
                begin_yielding(&w.sleeping[i], w.sleeper[i], NULL);
        begin_serving(&w.serving, w.server, at(ENDPOINT), at(REPLY));
        for (word me = 0; me < CALLERS; me++)
                begin_serving(&w.near_serving[me], w.near[me], near(me, NEAR_ENDPOINT), near(me, NEAR_REPLY));
        take_time(w.server, at(SERVER));
        for (word me = 0; me < CALLERS; me++)
                take_time(w.near[me], near_server(me));
        end_listening();
        for (word me = 0; me < CALLERS; me++)
                come_home(me);
        machine_check();
        machine_choice = choice;
        machine_steps = 0;
        w.job[0].state = w.job[1].state = JOB_DONE;
}

static struct message about_thread(enum operation operation, word me)
{
        word tcb = at(SUBJECT), prio = me ? HIGH : LOW;

        switch (operation) {
        case DO_BIND:
                return about(LABEL_TCB_BIND_NOTIFICATION, 0, 0, 0, at(ORIGINAL));
        case DO_UNBIND:
                return about(LABEL_TCB_UNBIND_NOTIFICATION, 0, 0, 0, 0);
        case DO_PRIORITY:
                return about(LABEL_TCB_SET_PRIORITY, 1, prio, 0, SLOT_INIT_TCB);
        case DO_SUSPEND:
                return about(LABEL_TCB_SUSPEND, 0, 0, 0, 0);
        case DO_RESUME:
                return about(LABEL_TCB_RESUME, 0, 0, 0, 0);
        case DO_WRITE_REGISTERS:
                return (struct message){
                        .label = LABEL_TCB_WRITE_REGISTERS, .length = 3, .word = {1, 1, PC + 0x1000 * me}};
        case DO_READ_REGISTERS:
                return about(LABEL_TCB_READ_REGISTERS, 2, me, 2, 0);
        case DO_GIVE_TIME:
                return about(LABEL_SCHED_CONTEXT_BIND, 0, 0, 0, tcb);
        default:
                return about(LABEL_SCHED_CONTEXT_UNBIND_OBJECT, 0, 0, 0, tcb);
        }
}

static struct message about_caps(enum operation operation)
{
        struct message m = {.length = 5,
                            .word = {at(EMPTY), DEPTH, at(COPY), DEPTH, RIGHTS},
                            .caps = 1,
                            .cap = {SLOT_INIT_CNODE}};

        switch (operation) {
        case DO_DELETE:
                return about(LABEL_CNODE_DELETE, 2, at(COPY), DEPTH, 0);
        case DO_DELETE_ORIGINAL:
                return about(LABEL_CNODE_DELETE, 2, at(ORIGINAL), DEPTH, 0);
        case DO_DELETE_SERVER:
                return about(LABEL_CNODE_DELETE, 2, at(SERVER), DEPTH, 0);
        case DO_DELETE_FRAME:
                return about(LABEL_CNODE_DELETE, 2, at(FRAME), DEPTH, 0);
        case DO_REVOKE:
                return about(LABEL_CNODE_REVOKE, 2, at(ORIGINAL), DEPTH, 0);
        case DO_RETYPE:
                return (struct message){.label = LABEL_UNTYPED_RETYPE,
                                        .length = 6,
                                        .word = {OBJECT_ENDPOINT, 0, 0, 0, at(EMPTY), 1},
                                        .caps = 1,
                                        .cap = {SLOT_INIT_CNODE}};
        default:
                m.label = operation == DO_COPY ? LABEL_CNODE_COPY : LABEL_CNODE_MOVE;
                return m;
        }
}

static bool is_about_caps(enum operation operation)
{
        return (operation >= DO_DELETE && operation <= DO_RETYPE) || operation == DO_DELETE_SERVER ||
               operation == DO_DELETE_FRAME;
}

static bool is_about_memory(enum operation operation)
{
        return operation >= DO_MAP && operation <= DO_UNMAP_TABLE;
}

/* The two callers want the page at different places, with different rights. */
static struct message about_memory(enum operation operation, word me)
{
        switch (operation) {
        case DO_MAP:
                return (struct message){.label = LABEL_PAGE_MAP,
                                        .length = 3,
                                        .word = {PAGE + (me << PAGE_BITS), me ? READ : RIGHTS, 1},
                                        .caps = 1,
                                        .cap = {SLOT_INIT_VSPACE}};
        case DO_MAP_TABLE:
                return about(LABEL_PAGE_TABLE_MAP, 2, PAGE, 1, SLOT_INIT_VSPACE);
        default:
                return about(operation == DO_UNMAP ? LABEL_PAGE_UNMAP : LABEL_PAGE_TABLE_UNMAP, 0, 0, 0, 0);
        }
}

static word named(enum operation operation, word me)
{
        if (operation == DO_GIVE_TIME || operation == DO_TAKE_TIME)
                return at(SUBJECT) + 1;
        if (operation == DO_SET_TIME)
                return w.control + 1 + me;
        if (is_about_memory(operation))
                return operation < DO_MAP_TABLE ? at(FRAME) : at(TABLE) + TABLES - 1;
        return is_about_caps(operation) ? operation == DO_RETYPE ? at(UNTYPED) : SLOT_INIT_CNODE
                                        : at(SUBJECT);
}

/* What is at home on the core of one of the callers. */
static struct job about_near(enum operation operation, word me)
{
        switch (operation) {
        case DO_NEAR_CALL:
        case DO_FAR_CALL:
                return (struct job){.number = USER_CALL,
                                    .cptr = near(operation == DO_NEAR_CALL ? me : !me, NEAR_ENDPOINT),
                                    .message = {.label = 7 + me, .length = 1, .word = {me}}};
        case DO_NEAR_SIGNAL:
                return (struct job){.number = USER_SEND, .cptr = near(me, NEAR_BADGED)};
        case DO_NEAR_POLL:
        case DO_FAR_POLL:
                return (struct job){.number = USER_NBWAIT,
                                    .cptr = near(operation == DO_NEAR_POLL ? me : !me, NEAR_BELL)};
        case DO_YIELD:
                return (struct job){.number = USER_YIELD};
        case DO_NEAR_RECV:
        case DO_FAR_RECV:
        case DO_FAR_REPLY:
                return (struct job){.number = USER_RECV,
                                    .cptr = near(operation == DO_FAR_RECV ? !me : me, NEAR_DESK),
                                    .reply = near(operation == DO_FAR_REPLY ? !me : me, NEAR_TICKET)};
        case DO_NEAR_SEND:
        case DO_NEAR_NBSEND:
        case DO_NEAR_ASK:
                return (struct job){.number = operation == DO_NEAR_ASK    ? USER_CALL
                                              : operation == DO_NEAR_SEND ? USER_SEND
                                                                          : USER_NBSEND,
                                    .cptr = near(me, NEAR_DESK)};
        case DO_TIME:
                return (struct job){.passes = ticks_from_us(BUDGET)};
        case DO_WAKE:
        case DO_WAKE_TWO:
                return (struct job){.passes = ticks_from_us(operation == DO_WAKE ? NAP : 2 * NAP)};
        default:
                return (struct job){.number = USER_CALL,
                                    .cptr = operation == DO_STOP_NEAR ? near_server(!me) : at(SLEEPER),
                                    .message = about(LABEL_TCB_SUSPEND, 0, 0, 0, 0)};
        }
}

static void ask_mate(struct job *job, word me, enum user_call number, word cptr)
{
        *job = (struct job){.thread = w.mate[me],
                            .number = number,
                            .cptr = cptr,
                            .reply = near(me, NEAR_TICKET),
                            .held = job->held};
        machine_ask(job);
}

/* What its mate does when the caller waits. */
static void ask_mate_for(enum operation operation, word me, word cptr)
{
        if (operation >= DO_NEAR_RECV && operation <= DO_FAR_REPLY)
                ask_mate(&w.sending[me], me, USER_SEND, cptr);
        if (operation == DO_NEAR_SEND || operation == DO_NEAR_ASK)
                ask_mate(&w.sending[me], me, USER_RECV, cptr);
        if (operation == DO_NEAR_ASK)
                ask_mate(&w.answering[me], me, USER_SEND, near(me, NEAR_TICKET));
}

void work_ask(word me, enum operation operation)
{
        struct job *job = &w.job[me];

        if (operation >= DO_ALARM) {
                ask_about_listeners(operation, me);
                return;
        }
        *job = operation >= DO_NEAR_CALL ? about_near(operation, me) : (struct job){.number = USER_CALL};
        job->thread = w.caller[me];
        ask_mate_for(operation, me, job->cptr);
        if (operation >= DO_NEAR_CALL) {
                machine_ask(job);
                return;
        }
        if (operation == DO_SIGNAL || operation == DO_POLL) {
                job->number = operation == DO_POLL ? USER_NBWAIT : USER_SEND;
                job->cptr = operation == DO_POLL ? at(BELL) : at(BADGED) + me;
        } else if (operation == DO_FAULT) {
                job->faults = true;
        } else if (operation == DO_CALL) {
                job->cptr = at(ENDPOINT);
                job->message = (struct message){.label = 7 + me, .length = 1, .word = {me}};
        } else {
                job->cptr = named(operation, me);
                job->message = is_about_caps(operation)     ? about_caps(operation)
                               : is_about_memory(operation) ? about_memory(operation, me)
                               : operation == DO_SET_TIME   ? set_time()
                                                            : about_thread(operation, me);
        }
        machine_ask(job);
}

bool work_is_done(word me)
{
        return w.job[me].state == JOB_DONE;
}

word work_answer(word me)
{
        return w.job[me].answer;
}

void work_hold_server(word held)
{
        w.serving.held = held == (1u << CALLERS) - 1;
        for (word i = 0; i < LISTENERS; i++)
                w.listening[i].held = w.serving.held;
        for (word me = 0; me < CALLERS; me++)
                w.near_serving[me].held = w.sending[me].held = w.answering[me].held = held >> me & 1;
}

bool work_late_runs(void)
{
        return kernel.peer[1]->current == cap_object(user_cap(at(LATER) + USER_THREAD_SLOTS));
}

bool work_waits(word me)
{
        return w.caller[me]->state == RECEIVING;
}

void work_sleeper_yields(void)
{
        w.sleeper[0]->yielding_to = w.subject->sc;
        w.subject->sc->yielder = w.sleeper[0];
}

void work_ask_late(void)
{
        struct job job = {.thread = w.caller[1],
                          .number = USER_CALL,
                          .cptr = at(LATER),
                          .message = about(LABEL_TCB_RESUME, 0, 0, 0, 0)};

        w.job[1] = job;
        job.thread = w.subject;
        job.cptr += USER_THREAD_SLOTS;
        w.resuming = job;
        machine_ask(&w.job[1]);
        machine_ask(&w.resuming);
        host_advance(ticks_from_us(NAP)); /* a sleeper is due */
}
