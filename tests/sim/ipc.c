/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that meet: calls, replies, badges, caps, signals, faults, and what deletion does to those who wait. */
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tests/sim/scenarios.h"

enum {
        ENDPOINT = FREE,
        REPLY,
        NOTIFICATION,
        BADGED,
        SERVER,
        CLIENT = SERVER + USER_THREAD_SLOTS,
        SPARE = CLIENT + USER_THREAD_SLOTS,
        BADGE = 0x77,
        BUDGET = 10000,
        RIGHTS_RWG = 7,
        DEPTH = 64,
        SERVER_PC = 0x10000,
};

static struct thread *root, *server, *client;

static void objects(void)
{
        root = small_machine();
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_ENDPOINT, 0, ENDPOINT, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_REPLY, 0, REPLY, 1), 0);
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_NOTIFICATION, 0, NOTIFICATION, 1), 0);
        CHECK_EQUAL(user_mint(ENDPOINT, BADGED, RIGHTS_RWG, BADGE), 0);
}

/* The server waits at the endpoint, the client is about to run; both are above the root thread. */
static void server_waits(void)
{
        objects();
        server = user_thread(SERVER, 120, BUDGET, BUDGET);
        client = user_thread(CLIENT, 110, BUDGET, BUDGET);
        CHECK_EQUAL(user_start(SERVER, SERVER_PC), 0);
        CHECK_EQUAL(user_start(CLIENT, SERVER_PC), 0);
        CHECK(user_step_back(100) == server);
        CHECK(user_receive(USER_RECV, ENDPOINT, REPLY) == client);
        CHECK_EQUAL(server->state, RECEIVING);
}

static void call_and_reply(void)
{
        server_waits();
        host_console_clear();
        CHECK(user_send(USER_CALL, BADGED, &(struct message){.label = 5, .length = 2, .word = {11, 22}}) ==
              server);
        CHECK_EQUAL(server->context.x[REG_BADGE], BADGE);
        CHECK_EQUAL(server->context.x[REG_INFO], info_make(5, 0, 0, 2));
        CHECK_EQUAL(server->context.x[REG_MESSAGE], 11);
        CHECK_EQUAL(server->context.x[REG_MESSAGE + 1], 22);
        CHECK_EQUAL(client->state, AWAITING_REPLY);

        server->context.x[REG_REPLY] = REPLY;
        CHECK(user_send(USER_REPLY_RECV, ENDPOINT,
                        &(struct message){.label = 6, .length = 1, .word = {33}}) == client);
        CHECK_EQUAL(client->context.x[REG_INFO], info_make(6, 0, 0, 1));
        CHECK_EQUAL(client->context.x[REG_MESSAGE], 33);
        CHECK_EQUAL(server->state, RECEIVING);
        CHECK_EQUAL(host_console_text()[0], '\0'); /* nothing to complain of */
}

static void time_goes_along_with_a_call(void)
{
        server_waits();
        struct sched_context *time = client->sc;
        /* The server loses its own time: root, whose turn comes when both wait, takes it away. */
        CHECK(user_receive(USER_WAIT, NOTIFICATION, 0) == root);
        CHECK_EQUAL(user_invoke(SERVER + 1, &(struct message){.label = LABEL_SCHED_CONTEXT_UNBIND}), 0);
        CHECK(server->sc == NULL);
        CHECK(user_send(USER_SEND, NOTIFICATION, &(struct message){0}) == client);
        CHECK(user_send(USER_CALL, BADGED, &(struct message){.length = 1}) == server);
        CHECK(server->sc == time && client->sc == NULL);
        CHECK(user_send(USER_SEND, REPLY, &(struct message){.length = 0}) == client);
        CHECK(client->sc == time && server->sc == NULL);
}

static void a_cap_is_transferred(void)
{
        server_waits();
        word *buffer = thread_buffer_writable(server);
        buffer[125] = SLOT_INIT_CNODE;
        buffer[126] = SPARE;
        buffer[127] = DEPTH;
        CHECK(user_send(USER_CALL, BADGED,
                        &(struct message){
                                .length = 5, .word = {1, 2, 3, 4, 5}, .caps = 1, .cap = {NOTIFICATION}}) ==
              server);
        CHECK_EQUAL(server->context.x[REG_INFO], info_make(0, 0, 1, 5));
        CHECK_EQUAL(buffer[1 + 4], 5);
        CHECK_EQUAL(cap_kind(user_cap(SPARE)), CAP_NOTIFICATION);
}

static void deleting_the_endpoint_sends_waiters_away(void)
{
        server_waits();
        CHECK(sim_current() == client);
        CHECK_EQUAL(user_delete(ENDPOINT), 0);
        CHECK_EQUAL(server->state, RECEIVING);
        user_load(client, USER_CALL, SLOT_INIT_CNODE,
                  &(struct message){.label = LABEL_CNODE_DELETE, .length = 2, .word = {BADGED, DEPTH}});
        CHECK(sim_syscall() == server);
        CHECK_EQUAL(server->context.pc, SERVER_PC);
}

static void signals_add_up(void)
{
        objects();
        CHECK_EQUAL(user_mint(NOTIFICATION, SPARE, RIGHTS_RWG, 1), 0);
        CHECK_EQUAL(user_mint(NOTIFICATION, SPARE + 1, RIGHTS_RWG, 6), 0);
        user_send(USER_SEND, SPARE, &(struct message){0});
        user_send(USER_SEND, SPARE + 1, &(struct message){0});
        CHECK(user_receive(USER_WAIT, NOTIFICATION, 0) == root);
        CHECK_EQUAL(root->context.x[REG_BADGE], 7);
        CHECK(user_receive(USER_NBWAIT, NOTIFICATION, 0) == root);
        CHECK_EQUAL(root->context.x[REG_BADGE], 0);
}

static void an_interrupt_is_a_signal(void)
{
        enum { LINE = 40, HANDLER = SPARE, SIGNAL = SPARE + 1 };

        objects();
        CHECK_EQUAL(user_mint(NOTIFICATION, SIGNAL, RIGHTS_RWG, 16), 0);
        CHECK_EQUAL(user_irq_handler(LINE, HANDLER), 0);
        CHECK_EQUAL(user_invoke(HANDLER, &(struct message){.label = LABEL_IRQ_SET_IRQ_HANDLER,
                                                           .caps = 1,
                                                           .cap = {SIGNAL}}),
                    0);
        CHECK(user_receive(USER_WAIT, NOTIFICATION, 0) == NULL);
        host_raise(LINE);
        CHECK(sim_interrupt() == root);
        CHECK_EQUAL(root->context.x[REG_BADGE], 16);
        host_raise(LINE);
        CHECK(user_receive(USER_WAIT, NOTIFICATION, 0) == NULL);
        host_lower(LINE);
}

static void faults_become_messages(void)
{
        enum { PC = 0x22220000, ADDRESS = 0x33330000, DATA_ABORT = 0x92000004, REGISTERS = 4 };

        server_waits();
        CHECK_EQUAL(user_receive(USER_NBRECV, ENDPOINT, SPARE) == NULL,
                    0); /* not a reply object: a fault of its own */
        CHECK_EQUAL(client->state, INACTIVE);
        CHECK(sim_current() == root);
        CHECK_EQUAL(user_set_time(CLIENT, CLIENT + 1, 110, BADGED), 0);
        user_load(root, USER_CALL, CLIENT,
                  &(struct message){.label = LABEL_TCB_WRITE_REGISTERS, .length = 3, .word = {1, 1, PC}});
        CHECK(sim_syscall() == client);
        CHECK(sim_exception(DATA_ABORT, ADDRESS) == server);
        CHECK_EQUAL(server->context.x[REG_INFO], info_make(FAULT_VM, 0, 0, REGISTERS));
        CHECK_EQUAL(server->context.x[REG_BADGE], BADGE);
        CHECK_EQUAL(server->context.x[REG_MESSAGE], PC);
        CHECK_EQUAL(server->context.x[REG_MESSAGE + 1], ADDRESS);
        CHECK_EQUAL(server->context.x[REG_MESSAGE + 2], 0);
        CHECK_EQUAL(server->context.x[REG_MESSAGE + 3], DATA_ABORT);
        server->context.x[REG_REPLY] = REPLY;
        CHECK(user_send(USER_REPLY_RECV, ENDPOINT, &(struct message){.length = 0}) == client);
        CHECK_EQUAL(client->context.pc, PC);
}

static void a_thread_may_delete_itself(void)
{
        server_waits();
        user_load(client, USER_CALL, SLOT_INIT_CNODE,
                  &(struct message){.label = LABEL_CNODE_DELETE, .length = 2, .word = {CLIENT, DEPTH}});
        CHECK(sim_syscall() == root);
        CHECK(cap_is_null(user_cap(CLIENT)));
}

const struct test ipc_tests[] = {
        {"call_and_reply", call_and_reply},
        {"time_goes_along_with_a_call", time_goes_along_with_a_call},
        {"a_cap_is_transferred", a_cap_is_transferred},
        {"deleting_the_endpoint_sends_waiters_away", deleting_the_endpoint_sends_waiters_away},
        {"signals_add_up", signals_add_up},
        {"an_interrupt_is_a_signal", an_interrupt_is_a_signal},
        {"faults_become_messages", faults_become_messages},
        {"a_thread_may_delete_itself", a_thread_may_delete_itself},
};
const word ipc_test_count = sizeof(ipc_tests) / sizeof(ipc_tests[0]);
