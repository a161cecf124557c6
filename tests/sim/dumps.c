/* SPDX-License-Identifier: BSD-2-Clause */
/* The dump (tessera/dump.h): who may use it, what it refuses, and that it reports what exists. */
#include "chain/reply.h"
#include "invoke/labels.h"
#include "ipc/message.h"
#include "layout.h"
#include "mem/retype.h"
#include "tessera/dump.h"
#include "tessera/extensions.h"
#include "tests/lib/whole.h"
#include "tests/sim/scenarios.h"
#include "time/clock.h"
#include "time/sched_context.h"
#include "vm/pte.h"

enum {
        ENDPOINT = FREE,
        REPLY,
        IRQ,
        BELL,
        RING,
        TABLE,
        CLIENT = TABLE + 3,
        SERVER = CLIENT + USER_THREAD_SLOTS,
        PC = 0x10000,
        VA = 0x10000000,
        LINE = 40,
};

static struct thread *machine(void)
{
        struct thread *root = small_machine();

        kernel.extensions = TESSERA_EXTENSION_DUMP;
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_ENDPOINT, 0, ENDPOINT, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, BELL, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_REPLY, 0, REPLY, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_SMALL_PAGE, 0, RING, 1), 0);
        return root;
}

static word ask(word label, word from, word steps, word a, word b)
{
        return user_invoke(
                SLOT_IRQ_CONTROL,
                &(struct message){.label = label, .length = 2 + steps, .word = {from, steps, a, b}});
}

/* What an object says; word 0 is the first that belongs to its kind. */
static word object(word slot)
{
        return ask(TESSERA_DumpObject, 0, 1, slot, 0);
}

static word told(word i)
{
        return user_word(TESSERA_DUMP_HEAD + i);
}

static void only_with_the_extension_and_good_paths(void)
{
        machine();
        kernel.extensions = TESSERA_EXTENSIONS & ~TESSERA_EXTENSION_DUMP;
        CHECK_EQUAL(ask(TESSERA_DumpSlots, 0, 0, 0, 0), ERROR_ILLEGAL);
        CHECK_EQUAL(object(ENDPOINT), ERROR_ILLEGAL);
        kernel.extensions = TESSERA_EXTENSION_DUMP;
        CHECK_EQUAL(ask(TESSERA_DumpSlots, 0, 0, 0, 0), 0);
        CHECK_EQUAL(user_invoke(SLOT_IRQ_CONTROL, &(struct message){.label = TESSERA_DumpSlots, .length = 1}),
                    ERROR_TRUNCATED);
        CHECK_EQUAL(
                user_invoke(SLOT_IRQ_CONTROL,
                            &(struct message){.label = TESSERA_DumpSlots, .length = 3, .word = {0, 2, 1}}),
                ERROR_TRUNCATED);
        static const struct {
                word from, steps, a, b, says;
        } bad[] = {
                {0, TESSERA_DUMP_PATH + 1, 0, 0, 1},
                {0, ~(word)0, 0, 0, 1},
                {0, 1, ~(word)0, 0, 2},
                {0, 1, 1 << 12, 0, 2},
                {0, 2, SLOT_INIT_TCB, 5, 3},
                {0, 2, ENDPOINT, 0, 3},
                {1 << 12, 0, 0, 0, 0},
                {~(word)0, 0, 0, 0, 0},
                {5, 1, SLOT_INIT_TCB, 0, 0},
        };
        for (word i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
                CHECK_EQUAL(
                        user_invoke(SLOT_IRQ_CONTROL, &(struct message){.label = TESSERA_DumpSlots,
                                                                        .length = 4,
                                                                        .word = {bad[i].from, bad[i].steps,
                                                                                 bad[i].a, bad[i].b}}),
                        ERROR_INVALID_ARGUMENT);
                CHECK_EQUAL(user_word(0), bad[i].says);
        }
        CHECK_EQUAL(ask(TESSERA_DumpSlots, 0, 1, ENDPOINT, 0), ERROR_INVALID_CAPABILITY);
        CHECK_EQUAL(ask(TESSERA_DumpObject, 1, 1, ENDPOINT, 0), ERROR_INVALID_ARGUMENT);
        CHECK_EQUAL(ask(TESSERA_DumpObject, user_top() + 1, 1, SLOT_INIT_VSPACE, 0), ERROR_INVALID_ARGUMENT);
}

static void slots_as_they_are(void)
{
        struct thread *root = machine();
        const struct slot *first = cnode_slots(root->slot[TCB_CSPACE].cap);

        CHECK_EQUAL(user_mint(ENDPOINT, CLIENT, RIGHT_WRITE, 77), 0);
        CHECK_EQUAL(ask(TESSERA_DumpSlots, ENDPOINT, 0, 0, 0), 0);
        CHECK_EQUAL(user_word(2), (word)first);
        CHECK_EQUAL(TESSERA_DUMP_INDEX(told(0)), ENDPOINT);
        CHECK_EQUAL(TESSERA_DUMP_KIND(told(0)), CAP_ENDPOINT);
        CHECK(TESSERA_DUMP_ORIGINAL(told(0)) && TESSERA_DUMP_BITS(told(0)) == ENDPOINT_BITS);
        CHECK_EQUAL(TESSERA_DUMP_INFO(told(0)), RIGHTS_ALL);
        CHECK_EQUAL(told(1), cap_address(user_cap(ENDPOINT)));
        CHECK_EQUAL(told(2), 0);
        CHECK_EQUAL(told(3), (word)&first[CLIENT]);
        CHECK_EQUAL(ask(TESSERA_DumpSlots, CLIENT, 0, 0, 0), 0);
        CHECK(TESSERA_DUMP_INFO(told(0)) == RIGHT_WRITE && told(2) == 77);
        CHECK_EQUAL(ask(TESSERA_DumpSlots, 0, 1, SLOT_INIT_TCB, 0), 0);
        CHECK_EQUAL(user_word(2), (word)root->slot);
        CHECK_EQUAL(user_word(3), TESSERA_DumpTcbSlots);
        CHECK(TESSERA_DUMP_KIND(told(0)) == CAP_CNODE && told(1) == (word)first);
}

/* A client waits for a server that runs on its time and then sends to an endpoint where nobody waits. */
static void threads_and_what_they_wait_for(void)
{
        struct thread *root = machine(), *server = user_thread(SERVER, 120, 1000, 1000);
        struct thread *client = user_thread(CLIENT, 110, 1000, 2000);
        const struct reply *reply = cap_object(user_cap(REPLY));

        CHECK(user_step_back(100) == root);
        CHECK(user_send(USER_CALL, SERVER, &(struct message){.label = LABEL_TCB_RESUME}) == server);
        CHECK(user_receive(USER_RECV, ENDPOINT, REPLY) == root);
        CHECK_EQUAL(object(ENDPOINT), 0);
        CHECK(told(0) == 0 && told(1) == (word)server);
        CHECK_EQUAL(object(SERVER), 0);
        CHECK_EQUAL(told(TESSERA_DUMP_T_FACTS) & 0xffff, RECEIVING | 120 << 8);
        CHECK_EQUAL(told(TESSERA_DUMP_T_AT), cap_address(user_cap(ENDPOINT)));
        CHECK_EQUAL(told(TESSERA_DUMP_T_REPLY), (word)reply);
        CHECK(user_invoke(SERVER + 1, &(struct message){.label = LABEL_SCHED_CONTEXT_UNBIND}) == 0);
        CHECK(user_send(USER_CALL, CLIENT, &(struct message){.label = LABEL_TCB_RESUME}) == client);
        CHECK(user_send(USER_CALL, ENDPOINT, &(struct message){.label = 77}) == server);
        CHECK(user_send(USER_SEND, ENDPOINT, &(struct message){.label = 78}) == root);

        CHECK_EQUAL(object(CLIENT), 0);
        CHECK(told(TESSERA_DUMP_T_REPLY) == (word)reply && told(TESSERA_DUMP_T_CONTEXT) == 0);
        CHECK_EQUAL(told(TESSERA_DUMP_T_FACTS) & 0xff, AWAITING_REPLY);
        CHECK_EQUAL(object(SERVER), 0);
        CHECK_EQUAL(told(TESSERA_DUMP_T_FACTS) & 0xff, SENDING);
        CHECK_EQUAL(told(TESSERA_DUMP_T_CONTEXT), (word)cap_object(user_cap(CLIENT + 1)));
        CHECK_EQUAL(object(REPLY), 0);
        CHECK(told(0) == (word)client && told(1) == (word)cap_object(user_cap(CLIENT + 1)));
        CHECK_EQUAL(object(CLIENT + 1), 0);
        CHECK_EQUAL(told(TESSERA_DUMP_C_PERIOD), ticks_from_us(2000));
        CHECK_EQUAL(told(TESSERA_DUMP_C_BUDGET), ticks_from_us(1000));
        CHECK(told(TESSERA_DUMP_C_THREAD) == (word)server && told(TESSERA_DUMP_C_REPLY) == (word)reply);
        word sum = 0, refills = told(TESSERA_DUMP_C_REFILLS);
        for (word i = 0; i < refills; i++)
                sum += told(TESSERA_DUMP_C_WORDS + 2 * i + 1);
        CHECK_EQUAL(sum, ticks_from_us(1000));
        whole_dump(root->slot[TCB_CSPACE].cap);
}

static void notifications_lines_and_mappings(void)
{
        machine();
        CHECK_EQUAL(user_irq_handler(LINE, IRQ), 0);
        CHECK_EQUAL(
                user_invoke(IRQ,
                            &(struct message){.label = LABEL_IRQ_SET_IRQ_HANDLER, .caps = 1, .cap = {BELL}}),
                0);
        CHECK_EQUAL(object(IRQ), 0);
        CHECK_EQUAL(told(0), cap_address(user_cap(BELL)));
        user_send(USER_NBSEND, BELL, &(struct message){0});
        CHECK_EQUAL(object(BELL), 0);
        CHECK(told(1) == 0 && told(2) == 1);
        for (word level = 0; level < 3; level++) {
                CHECK_EQUAL(user_retype(user_memory(), OBJECT_PAGE_TABLE, 0, TABLE + level, 1), 0);
                (void)user_map_table(TABLE + level, VA);
        }
        CHECK_EQUAL(user_map(RING, VA, RIGHT_READ), 0);
        CHECK_EQUAL(ask(TESSERA_DumpObject, VA, 1, SLOT_INIT_VSPACE, 0), 0);
        CHECK_EQUAL(told(0), VA);
        CHECK_EQUAL(told(1), cap_address(user_cap(RING)) | RIGHT_READ);
        CHECK_EQUAL(told(2), 4096);
}

/* Nobody else has run between two answers with one generation. */
static void a_generation_that_tells(void)
{
        struct thread *root = machine(), *client = user_thread(CLIENT, 110, 1000, 1000);
        word before;

        CHECK(user_step_back(100) == root);
        CHECK_EQUAL(object(ENDPOINT), 0);
        before = user_word(0);
        CHECK_EQUAL(object(BELL), 0);
        CHECK_EQUAL(user_word(0), before);
        CHECK(user_send(USER_CALL, CLIENT, &(struct message){.label = LABEL_TCB_RESUME}) == client);
        CHECK(user_receive(USER_RECV, ENDPOINT, REPLY) == root);
        CHECK_EQUAL(object(ENDPOINT), 0);
        CHECK(user_word(0) != before);
}

static void all_of_a_machine(void)
{
        struct thread *root = machine();
        struct whole all;

        user_thread(CLIENT, 110, 1000, 1000);
        all = whole_dump(root->slot[TCB_CSPACE].cap);
        word full = 0;
        for (word i = 0; i < bit(cnode_radix(root->slot[TCB_CSPACE].cap)); i++)
                full += !slot_is_empty(&cnode_slots(root->slot[TCB_CSPACE].cap)[i]);
        CHECK(all.slots >= full && all.threads == 2 && all.pages >= 1);
}

const struct test dump_tests[] = {
        {"dump_only_with_the_extension_and_good_paths", only_with_the_extension_and_good_paths},
        {"dump_slots_as_they_are", slots_as_they_are},
        {"dump_threads_and_what_they_wait_for", threads_and_what_they_wait_for},
        {"dump_notifications_lines_and_mappings", notifications_lines_and_mappings},
        {"dump_a_generation_that_tells", a_generation_that_tells},
        {"dump_all_of_a_machine", all_of_a_machine},
};
const word dump_test_count = sizeof(dump_tests) / sizeof(dump_tests[0]);
