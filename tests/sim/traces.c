/* SPDX-License-Identifier: BSD-2-Clause */
/* The trace (docs/trace.md): who may use it, what it records, and that it ends before its memory is freed. */
#include "invoke/labels.h"
#include "layout.h"
#include "mem/retype.h"
#include "tessera/extensions.h"
#include "tests/sim/scenarios.h"
#include "time/clock.h"
#include "time/sched_context.h"
#include "trace/trace.h"

#include <string.h>

enum {
        UNTYPED = FREE,
        RING,
        COPY,
        ENDPOINT,
        GATE,
        REPLY,
        CLIENT,
        SERVER = CLIENT + USER_THREAD_SLOTS,
        PC = 0x10000,
        VA = 0x10000000,
        EVENTS = 119, /* in a page: 124 places of which 7 are names, less than the header takes */
        NAMES = 7,
};

static const struct tessera_trace_header *ring;

static word invoke(word cptr, word label, word extra)
{
        return user_invoke(cptr, &(struct message){.label = label, .caps = extra != 0, .cap = {extra}});
}

static word name(word object, word first)
{
        return user_invoke(SLOT_IRQ_CONTROL, &(struct message){.label = TESSERA_TraceName,
                                                               .length = 3,
                                                               .word = {first},
                                                               .caps = 1,
                                                               .cap = {object}});
}

static struct thread *machine(void)
{
        struct thread *root = small_machine();

        trace_stop();
        kernel.extensions = TESSERA_EXTENSION_TRACE;
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, 14, UNTYPED, 1), 0);
        CHECK_EQUAL(user_retype(UNTYPED, OBJECT_SMALL_PAGE, 0, RING, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_ENDPOINT, 0, ENDPOINT, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, GATE, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_REPLY, 0, REPLY, 1), 0);
        ring = window(cap_address(user_cap(RING)));
        return root;
}

static void begin(void)
{
        CHECK_EQUAL(invoke(SLOT_IRQ_CONTROL, TESSERA_TraceStart, RING), 0);
        CHECK(ring->magic == TESSERA_TRACE_MAGIC && ring->hz == kernel.clock_hz && ring->names_max == NAMES);
        CHECK(ring->events_at + ring->events_max * sizeof(struct tessera_trace_event) <= 4096);
}

static const struct tessera_trace_event *event(word i)
{
        const char *events = (const char *)ring + ring->events_at;

        return (const struct tessera_trace_event *)events + i % ring->events_max;
}

static word kind(word i)
{
        return event(i)->when & 0xff;
}

/* The next event of this kind from *at on, which stands behind it then. */
static const struct tessera_trace_event *next(word *at, enum tessera_trace_kind wanted)
{
        while (*at < ring->written && kind(*at) != wanted)
                ++*at;
        CHECK(*at < ring->written);
        return event((*at)++);
}

static bool is(const struct tessera_trace_event *e, const struct thread *who, word detail)
{
        return e->who == ((word)who | detail);
}

static void only_with_the_extension_and_a_frame(void)
{
        machine();
        for (word label = TESSERA_TraceStart; label <= TESSERA_Identify; label++) {
                kernel.extensions = 0;
                CHECK_EQUAL(invoke(SLOT_IRQ_CONTROL, label, RING), ERROR_ILLEGAL);
                kernel.extensions = TESSERA_EXTENSION_TRACE;
                if (label != TESSERA_TraceStop)
                        CHECK_EQUAL(invoke(SLOT_IRQ_CONTROL, label, 0), ERROR_TRUNCATED);
        }
        CHECK_EQUAL(invoke(SLOT_IRQ_CONTROL, TESSERA_TraceStart, ENDPOINT), ERROR_INVALID_CAPABILITY);
        CHECK_EQUAL(user_word(0), 1);
        CHECK_EQUAL(invoke(SLOT_IRQ_CONTROL, TESSERA_TraceStop, 0), ERROR_ILLEGAL);
        CHECK_EQUAL(name(ENDPOINT, 'e'), ERROR_ILLEGAL);
        CHECK(!trace_runs());
        begin();
        CHECK_EQUAL(invoke(SLOT_IRQ_CONTROL, TESSERA_TraceStart, RING), ERROR_DELETE_FIRST);
        CHECK_EQUAL(invoke(SLOT_IRQ_CONTROL, TESSERA_TraceName, ENDPOINT), ERROR_TRUNCATED);
        CHECK_EQUAL(invoke(SLOT_IRQ_CONTROL, TESSERA_TraceStop, 0), 0);
        CHECK_EQUAL(invoke(SLOT_IRQ_CONTROL, TESSERA_TraceStop, 0), ERROR_ILLEGAL);
}

static void names_stay_and_their_table_fills(void)
{
        struct thread *root = machine();
        const struct tessera_trace_name *names = (const void *)((const char *)ring + 128);

        begin();
        CHECK_EQUAL(name(SLOT_INIT_TCB, 'r'), 0);
        for (word i = 1; i < NAMES; i++)
                CHECK_EQUAL(name(ENDPOINT, ~(word)0), 0);
        CHECK_EQUAL(name(ENDPOINT, 'x'), ERROR_MEMORY);
        CHECK(ring->names == NAMES && names[0].object == (word)root && names[0].text[0] == 'r');
        CHECK(names[NAMES - 1].text[23] == '\0');
        CHECK_EQUAL(invoke(SLOT_IRQ_CONTROL, TESSERA_Identify, ENDPOINT), 0);
        CHECK(user_word(0) == names[1].object && user_word(1) == CAP_ENDPOINT);
}

/* A client calls a server that runs on its time, which waits for the next one. */
static void a_call_and_its_answer(void)
{
        struct thread *root = machine(), *server = user_thread(SERVER, 120, 1000, 1000);
        struct thread *client = user_thread(CLIENT, 110, 1000, 1000);
        word at = 0;

        CHECK(user_step_back(100) == root);
        CHECK(user_send(USER_CALL, SERVER, &(struct message){.label = LABEL_TCB_RESUME}) == server);
        CHECK(user_receive(USER_RECV, ENDPOINT, REPLY) == root);
        CHECK_EQUAL(invoke(SERVER + 1, LABEL_SCHED_CONTEXT_UNBIND, 0), 0);
        begin();
        CHECK(user_send(USER_CALL, CLIENT, &(struct message){.label = LABEL_TCB_RESUME}) == client);
        word sc = (word)client->sc;
        CHECK(user_send(USER_CALL, ENDPOINT, &(struct message){.label = 77}) == server);
        user_load(server, USER_REPLY_RECV, ENDPOINT, &(struct message){.label = 88});
        server->context.x[REG_REPLY] = REPLY;
        CHECK(sim_syscall() == client);

        const struct tessera_trace_event *e = next(&at, TESSERA_TRACE_SWITCH);
        CHECK(is(e, client, RUNNING) && e->a == (word)root && e->b == sc);
        e = next(&at, TESSERA_TRACE_CALL);
        CHECK(is(e, client, 1) && e->a == ENDPOINT && info_label(e->b) == 77);
        e = next(&at, TESSERA_TRACE_MESSAGE);
        CHECK(is(e, client, 0) && e->a == (word)server);
        e = next(&at, TESSERA_TRACE_DONATE);
        CHECK(is(e, server, 0) && e->a == sc && e->b == (word)client);
        e = next(&at, TESSERA_TRACE_SWITCH);
        CHECK(is(e, server, AWAITING_REPLY) && e->a == (word)client && e->b == sc);
        e = next(&at, TESSERA_TRACE_REPLY);
        CHECK(is(e, server, 0) && e->a == (word)client);
        e = next(&at, TESSERA_TRACE_DONATE);
        CHECK(is(e, client, 0) && e->a == sc && e->b == (word)server);
        e = next(&at, TESSERA_TRACE_BLOCK);
        CHECK(is(e, server, RECEIVING) && e->a == cap_address(user_cap(ENDPOINT)));
        for (word i = 1; i < ring->written; i++)
                CHECK(event(i)->when >> 8 >= event(i - 1)->when >> 8);
}

/* The oldest events are overwritten, and their number is known. */
static void the_ring_goes_round(void)
{
        machine();
        begin();
        CHECK_EQUAL(ring->events_max, EVENTS - 2);
        for (word i = 0; i < 2 * EVENTS; i++)
                CHECK_EQUAL(invoke(GATE, i, 0), 0);
        CHECK(ring->written > 2 * ring->events_max);
        for (word i = ring->written - ring->events_max + 1; i < ring->written; i++)
                CHECK(event(i)->when >> 8 >= event(i - 1)->when >> 8);
}

/* Threads have their short paths again.  Memory of objects that went may not be touched: the test would end. */
static void is_over(void)
{
        CHECK(!trace_runs());
        CHECK_EQUAL(invoke(GATE, 0, 0), 0);
        CHECK(!(sim_current()->flags & THREAD_TRACED));
}

/* Nothing is written any more. */
static void stays_silent(void)
{
        static char before[4096];

        memcpy(before, ring, sizeof(before));
        is_over();
        CHECK(memcmp(before, ring, sizeof(before)) == 0);
}

static void it_stops_when_told_and_when_its_memory_goes(void)
{
        machine();
        begin();
        CHECK(sim_current()->flags & THREAD_TRACED);
        CHECK_EQUAL(invoke(SLOT_IRQ_CONTROL, TESSERA_TraceStop, 0), 0);
        stays_silent();
        begin();
        CHECK_EQUAL(user_copy(RING, COPY, RIGHTS_ALL), 0);
        CHECK_EQUAL(user_delete(RING), 0);
        CHECK(trace_runs());
        CHECK_EQUAL(user_delete(COPY), 0);
        is_over();
        CHECK_EQUAL(user_retype(UNTYPED, OBJECT_SMALL_PAGE, 0, RING, 1), 0);
        begin();
        CHECK_EQUAL(user_revoke(UNTYPED), 0);
        is_over();
}

static void it_stops_when_its_memory_is_unmapped(void)
{
        machine();
        for (word level = 0; level < 3; level++) {
                CHECK_EQUAL(user_retype(user_memory(), OBJECT_PAGE_TABLE, 0, CLIENT + level, 1), 0);
                (void)user_map_table(CLIENT + level, VA);
        }
        CHECK_EQUAL(user_map(RING, VA, RIGHT_READ), 0);
        begin();
        CHECK_EQUAL(invoke(RING, LABEL_PAGE_UNMAP, 0), 0);
        stays_silent();
}

/* Mappings are reported when they are made and removed, whoever removes them: Unmap, the end of a frame, of a table, of a revoke. */
static void mappings_come_and_go(void)
{
        struct thread *root = machine();
        word at = 0, asid = vspace_asid(user_cap(SLOT_INIT_VSPACE));

        CHECK_EQUAL(user_retype(user_memory(), OBJECT_PAGE_TABLE, 0, CLIENT, 3), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_SMALL_PAGE, 0, CLIENT + 3, 2), 0);
        begin();
        for (word level = 0; level < 3; level++) {
                (void)user_map_table(CLIENT + level, VA);
                if (mapped_asid(user_cap(CLIENT + level)) == 0)
                        continue;
                const struct tessera_trace_event *e = next(&at, TESSERA_TRACE_MAP);
                CHECK((e->who & TESSERA_TRACE_DETAIL) >= (TESSERA_TRACE_TABLE | 21) && e->a == VA &&
                      e->b == asid);
        }
        const word table = CLIENT + (mapped_asid(user_cap(CLIENT + 2)) ? 2 : 0);
        for (word i = 0; i < 2; i++) {
                CHECK_EQUAL(user_map(CLIENT + 3 + i, VA + (i << PAGE_BITS), RIGHT_READ), 0);
                CHECK(is(next(&at, TESSERA_TRACE_MAP), root, PAGE_BITS));
                CHECK_EQUAL(i ? user_delete(CLIENT + 3 + i) : invoke(CLIENT + 3 + i, LABEL_PAGE_UNMAP, 0), 0);
                const struct tessera_trace_event *e = next(&at, TESSERA_TRACE_UNMAP);
                CHECK(is(e, root, PAGE_BITS) && e->a == VA + (i << PAGE_BITS) && e->b == asid);
        }
        word silent = ring->written;
        CHECK_EQUAL(user_delete(CLIENT + 3), 0); /* not mapped any more: nothing goes */
        for (word i = silent; i < ring->written; i++)
                CHECK(kind(i) != TESSERA_TRACE_UNMAP);
        CHECK_EQUAL(user_delete(table), 0);
        const struct tessera_trace_event *e = next(&at, TESSERA_TRACE_UNMAP);
        CHECK(is(e, root, TESSERA_TRACE_TABLE | 21) && e->a == VA && e->b == asid);
}

/* Deleting and revoking say how much they did, and whether they had to stop. */
static void deleting_says_what_it_did(void)
{
        enum { BITS = 8 };
        struct thread *root = machine();
        word at = 0;

        CHECK_EQUAL(user_retype(user_memory(), OBJECT_CNODE, BITS, CLIENT, 1), 0);
        begin();
        word gate = cap_address(user_cap(GATE));
        CHECK_EQUAL(user_delete(GATE), 0);
        const struct tessera_trace_event *e = next(&at, TESSERA_TRACE_DELETE);
        CHECK(is(e, root, CAP_NOTIFICATION) && e->a == gate);
        for (word i = 0; i < 5; i++)
                CHECK_EQUAL(user_copy(ENDPOINT, CLIENT + 1 + i, RIGHTS_ALL), 0);
        CHECK_EQUAL(user_revoke(ENDPOINT), 0);
        e = next(&at, TESSERA_TRACE_REVOKE);
        CHECK(is(e, root, 0) && e->a == 5 && e->b == 0);
        CHECK_EQUAL(user_delete(CLIENT), 0);
        e = next(&at, TESSERA_TRACE_DELETE);
        CHECK(is(e, root, CAP_CNODE));
        e = next(&at, TESSERA_TRACE_EMPTY);
        CHECK(is(e, root, 0) && e->a >= 1 && e->b == 0);
}

/* The trace reports each exit of a guest: which, why, where, and that it continues. */
static void exits_are_traced(void)
{
        struct thread *guest = running_guest();
        static _Alignas(4096) char memory[4096];
        const struct tessera_trace_header *seen = (const void *)memory;
        const struct tessera_trace_event *e = NULL;
        word syndrome = 0x90000000 + PC, exits = 0;

        trace_start(memory, sizeof(memory));
        guest->flags |= THREAD_TRACED;
        (void)sim_exception(syndrome, 0x5000);
        const struct tessera_trace_event *events = (const void *)(memory + seen->events_at);
        for (word i = 0; i < seen->written; i++) {
                if ((events[i].when & 0xff) != TESSERA_TRACE_EXIT)
                        continue;
                e = &events[i];
                exits++;
        }
        CHECK(exits == 1 && e->who == ((word)guest | 0x24) && e->a == syndrome && e->b == PC);
        trace_stop();
}

/* A budget ends, and comes back. */
static void budgets_and_interrupts(void)
{
        enum { BUDGET = 1000, PERIOD = 5000 };
        struct thread *root = machine(), *client = user_thread(CLIENT, 110, BUDGET, PERIOD);
        word at = 0;

        CHECK(user_step_back(100) == root);
        begin();
        CHECK(user_send(USER_CALL, CLIENT, &(struct message){.label = LABEL_TCB_RESUME}) == client);
        CHECK(sim_pass(ticks_from_us(BUDGET)) == root);
        CHECK(sim_pass(ticks_from_us(PERIOD)) == client);
        const struct tessera_trace_event *e = next(&at, TESSERA_TRACE_CHARGE);
        while (e->a != (word)client->sc)
                e = next(&at, TESSERA_TRACE_CHARGE);
        CHECK(e->b + budget_min() >= ticks_from_us(BUDGET));
        e = next(&at, TESSERA_TRACE_EXHAUST);
        CHECK(is(e, client, 1) && e->a == (word)client->sc);
        e = next(&at, TESSERA_TRACE_SWITCH);
        CHECK(is(e, root, RUNNING) && e->a == (word)client);
        CHECK(is(next(&at, TESSERA_TRACE_REFILL), client, 0));
        CHECK(is(next(&at, TESSERA_TRACE_SWITCH), client, RUNNING));
        CHECK(sim_exception(0x92000046, 0x1234) == root);
        e = next(&at, TESSERA_TRACE_FAULT);
        CHECK(is(e, client, FAULT_VM) && e->a == 0x1234 && e->b == client->context.restart);
}

static word charged_in_the_ring(const struct sched_context *s)
{
        word sum = 0;

        CHECK(ring->written <= ring->events_max);
        for (word i = 0; i < ring->written; i++)
                sum += kind(i) == TESSERA_TRACE_CHARGE && event(i)->a == (word)s ? event(i)->b : 0;
        return sum;
}

/* What a trace tells of charges is what the kernel counts: of contexts with a budget and round-robin ones, at a Yield, at a wait, at the
 * end of a turn. */
static void charges_are_all_that_is_consumed(void)
{
        enum { BUDGET = 1000, PERIOD = 5000, USED = 300, THREADS = 3 };
        struct thread *t[THREADS], *root = machine();

        for (word i = 0; i < THREADS; i++)
                t[i] = user_thread(CLIENT + i * USER_THREAD_SLOTS, 90, BUDGET, i == 1 ? PERIOD : BUDGET);
        for (word i = THREADS; i > 0; i--) /* the last one that was woken is the first of its equals */
                CHECK_EQUAL(user_start(CLIENT + (i - 1) * USER_THREAD_SLOTS, PC), 0);
        begin();
        CHECK(user_step_back(80) == t[0]);
        host_advance(ticks_from_us(USED));
        CHECK(user_send(USER_YIELD, 0, &(struct message){0}) == t[1]);
        host_advance(ticks_from_us(USED));
        CHECK(user_send(USER_YIELD, 0, &(struct message){0}) == t[2]);
        CHECK(sim_pass(ticks_from_us(BUDGET)) == t[0]);
        host_advance(ticks_from_us(USED));
        CHECK(user_receive(USER_WAIT, GATE, 0) == t[2]);
        CHECK(user_receive(USER_WAIT, GATE, 0) == root);
        for (word i = 0; i < THREADS; i++) {
                CHECK(t[i]->sc->consumed >= ticks_from_us(USED));
                CHECK_EQUAL(charged_in_the_ring(t[i]->sc), t[i]->sc->consumed);
        }
}

const struct test trace_tests[] = {
        {"trace_only_with_the_extension_and_a_frame", only_with_the_extension_and_a_frame},
        {"trace_names_stay_and_their_table_fills", names_stay_and_their_table_fills},
        {"trace_of_a_call_and_its_answer", a_call_and_its_answer},
        {"trace_the_ring_goes_round", the_ring_goes_round},
        {"trace_stops_when_told_and_when_its_memory_goes", it_stops_when_told_and_when_its_memory_goes},
        {"trace_stops_when_its_memory_is_unmapped", it_stops_when_its_memory_is_unmapped},
        {"trace_of_mappings_that_come_and_go", mappings_come_and_go},
        {"trace_of_what_deleting_did", deleting_says_what_it_did},
        {"trace_of_guest_exits", exits_are_traced},
        {"trace_of_budgets_and_interrupts", budgets_and_interrupts},
        {"trace_of_charges_is_what_is_consumed", charges_are_all_that_is_consumed},
};
const word trace_test_count = sizeof(trace_tests) / sizeof(trace_tests[0]);
