/* SPDX-License-Identifier: BSD-2-Clause */
/* The building blocks of servers: reply objects, badges, endpoint roles, faults (P-11, P-14, P-16, P-27). */
#include "libs.h"

#include <badge/badge.h>
#include <fault/fault.h>
#include <reply/reply.h>
#include <string.h>
#include <threads/threads.h>

enum { CLIENTS = 6 };

static seL4_CPtr new_object(seL4_Word type)
{
        seL4_CPtr cap;

        CHECK(ut_new_object(&cspace, &cap, type, 0));
        return cap;
}

static seL4_CPtr server;
static seL4_Word got[CLIENTS];

struct client {
        seL4_CPtr ep;
        unsigned number;
};

static void call_once(void *arg)
{
        const struct client *client = arg;

        seL4_SetMR(0, client->number);
        (void)seL4_Call(client->ep, seL4_MessageInfo_new(0, 0, 0, 1));
        got[client->number] = seL4_GetMR(0);
}

static thread_t *start_client(struct client *client, unsigned number, enum endpoint_role role,
                              seL4_Word badge)
{
        thread_config_t config = thread_defaults("client", call_once, client);

        config.prio = 160; /* it calls before thread_create returns */
        client->number = number;
        client->ep = cspace_alloc_slot(&cspace);
        CHECK_EQUAL(endpoint_mint(&cspace, client->ep, &cspace, server, role, badge), 0);
        return thread_create_ex(&config);
}

static void answer_with(struct reply_pool *pool, struct reply reply, seL4_Word word)
{
        seL4_SetMR(0, word);
        CHECK_EQUAL(reply_answer(pool, reply, seL4_MessageInfo_new(0, 0, 0, 1)), 0);
}

/* P-14: clients wait in any number and are answered in any order, each exactly once. */
static void replies(const seL4_BootInfo *bi)
{
        struct reply handle[CLIENTS];
        struct client client[CLIENTS];
        thread_t *thread[CLIENTS];
        struct libs_balance before;
        struct reply_pool pool;
        seL4_Word badge;

        libs_start_threads(bi);
        server = new_object(seL4_EndpointObject);
        before = libs_balance();
        CHECK_EQUAL(reply_start(&pool, &cspace, 2), 0);
        for (unsigned i = 0; i < CLIENTS; i++) {
                thread[i] = start_client(&client[i], i, ENDPOINT_CLIENT, 100 + i % 3);
                CHECK(thread[i]);
                (void)seL4_Recv(server, &badge, reply_ready(&pool));
                CHECK_EQUAL(badge, 100 + i % 3);
                handle[i] = reply_take(&pool, badge, 10 * i);
                CHECK_EQUAL(reply_client(handle[i]), badge);
        }
        CHECK_EQUAL(pool.statistics.objects, CLIENTS + 1);
        CHECK_EQUAL(pool.statistics.most, CLIENTS);
        CHECK_EQUAL(reply_leaks(&pool, 60, 30), 4); /* those of 0, 10, 20 and 30 */
        CHECK_EQUAL(libs_reports(), 4);
        for (unsigned i = CLIENTS; i-- > 0;) {
                CHECK(!thread[i]->finished);
                answer_with(&pool, handle[i], 1000 + i);
                CHECK(thread[i]->finished);
                CHECK_EQUAL(got[i], 1000 + i);
                CHECK(!reply_is_waiting(handle[i]));
        }
        CHECK_EQUAL(reply_answer(&pool, handle[0], seL4_MessageInfo_new(0, 0, 0, 0)), seL4_InvalidArgument);
        CHECK_EQUAL(libs_reports(), 1);
        CHECK_EQUAL(pool.statistics.waiting, 0);
        for (unsigned i = 0; i < CLIENTS; i++) {
                thread_destroy(thread[i]);
                CHECK_EQUAL(cspace_delete_and_free(&cspace, client[i].ep), 0);
        }
        reply_end(&pool);
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

/* The client dies while it waits: its object serves the next one. */
static void replies_cancelled(const seL4_BootInfo *bi)
{
        struct reply handle[3];
        struct client client[4];
        thread_t *thread[4];
        struct reply_pool pool;
        seL4_Word badge;

        libs_start_threads(bi);
        server = new_object(seL4_EndpointObject);
        CHECK_EQUAL(reply_start(&pool, &cspace, 4), 0);
        for (unsigned i = 0; i < 3; i++) {
                thread[i] = start_client(&client[i], i, ENDPOINT_CLIENT, i == 1 ? 7 : 8);
                (void)seL4_Recv(server, &badge, reply_ready(&pool));
                handle[i] = reply_take(&pool, badge, 0);
        }
        thread_destroy(thread[0]);
        thread_destroy(thread[2]);
        CHECK_EQUAL(reply_cancel_client(&pool, 8), 2);
        CHECK_EQUAL(reply_cancel_client(&pool, 8), 0);
        CHECK_EQUAL(pool.statistics.waiting, 1);
        CHECK(!reply_is_waiting(handle[0]) && reply_is_waiting(handle[1]));
        CHECK_EQUAL(reply_answer(&pool, handle[2], seL4_MessageInfo_new(0, 0, 0, 0)), seL4_InvalidArgument);
        thread[3] = start_client(&client[3], 3, ENDPOINT_CLIENT, 8);
        (void)seL4_Recv(server, &badge, reply_ready(&pool));
        handle[0] = reply_take(&pool, badge, 0);
        answer_with(&pool, handle[0], 33);
        CHECK_EQUAL(got[3], 33);
        answer_with(&pool, handle[1], 11);
        CHECK_EQUAL(got[1], 11);
        CHECK_EQUAL(pool.statistics.cancelled, 2);
        CHECK_EQUAL(pool.statistics.objects, 4);
        libs_audit();
}

/* Without memory the caller cannot be kept, and the object in use can still serve an immediate answer. */
static void replies_without_memory(const seL4_BootInfo *bi)
{
        struct reply_pool pool;
        struct reply handle;
        struct client client;
        thread_t *thread;
        seL4_Word badge;

        libs_start_threads(bi);
        server = new_object(seL4_EndpointObject);
        libs_inject(1, 1);
        CHECK_EQUAL(reply_start(&pool, &cspace, 1), (unsigned long)-1);
        libs_inject(0, 0);
        CHECK_EQUAL(reply_start(&pool, &cspace, 1), 0);
        thread = start_client(&client, 0, ENDPOINT_CLIENT, 9);
        (void)seL4_Recv(server, &badge, reply_ready(&pool));
        libs_inject(1, 1);
        handle = reply_take(&pool, badge, 0);
        libs_inject(0, 0);
        CHECK(!handle.row && !thread->finished);
        seL4_SetMR(0, 44);
        seL4_Send(reply_ready(&pool), seL4_MessageInfo_new(0, 0, 0, 1));
        CHECK(thread->finished);
        CHECK_EQUAL(got[0], 44);
        libs_audit();
}

/* P-11: numbers come again late and under another badge. */
static void badge_generations(const seL4_BootInfo *bi)
{
        enum { MANY = 1000 };
        static seL4_Word badge[MANY];
        static int owner[MANY];
        struct badges badges;
        struct libs_balance before;

        libs_start(bi);
        before = libs_balance();
        badge_start(&badges);
        CHECK_EQUAL(badge_new(&badges, NULL), 0);
        for (unsigned i = 0; i < MANY; i++) {
                badge[i] = badge_new(&badges, &owner[i]);
                CHECK(badge[i] && !(badge[i] & BADGE_NOTIFICATION));
        }
        for (unsigned i = 0; i < MANY; i++)
                CHECK(badge_owner(&badges, badge[i]) == &owner[i]);
        CHECK_EQUAL(badge_free(&badges, badge[5]), 0);
        CHECK(!badge_owner(&badges, badge[5]));
        CHECK_EQUAL(badge_free(&badges, badge[5]), seL4_InvalidArgument);
        CHECK(!badge_owner(&badges, 0) && !badge_owner(&badges, ~0ul) && !badge_owner(&badges, 60000));
        CHECK(!badge_owner(&badges, badge[6] | BADGE_NOTIFICATION));
        for (unsigned i = 0; i < 10 * BADGE_LATE; i++) {
                seL4_Word fresh = badge_new(&badges, &owner[0]);

                CHECK(fresh != badge[5]);
                CHECK(i >= BADGE_LATE || (fresh & 0xffff) != (badge[5] & 0xffff));
                CHECK_EQUAL(badge_free(&badges, fresh), 0);
        }
        CHECK(!badge_owner(&badges, badge[5]));
        CHECK_EQUAL(badges.used, MANY - 1);
        CHECK(badges.known <= MANY + BADGE_LATE + 1);
        badge_end(&badges);
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 1);
}

static void send_capability(void *arg)
{
        seL4_SetCap(0, seL4_CapInitThreadTCB);
        (void)seL4_Call(*(seL4_CPtr *)arg, seL4_MessageInfo_new(0, 0, 1, 0));
}

static seL4_Word capabilities_through(enum endpoint_role role, seL4_CPtr reply)
{
        seL4_CPtr copy = cspace_alloc_slot(&cspace);
        seL4_CPtr landing = cspace_alloc_slot(&cspace);
        thread_config_t config = thread_defaults("client", send_capability, &copy);
        thread_t *thread;
        seL4_MessageInfo_t info;
        seL4_Word badge;

        config.prio = 160;
        seL4_SetCapReceivePath(cspace.root_cnode, landing, seL4_WordBits);
        CHECK_EQUAL(endpoint_mint(&cspace, copy, &cspace, server, role, 5), 0);
        thread = thread_create_ex(&config);
        info = seL4_Recv(server, &badge, reply);
        CHECK_EQUAL(badge, 5);
        seL4_Send(reply, seL4_MessageInfo_new(0, 0, 0, 0));
        CHECK(thread->finished); /* both may call */
        thread_destroy(thread);
        return seL4_MessageInfo_get_extraCaps(info);
}

/* P-16: what each side of an endpoint may do. */
static void roles(const seL4_BootInfo *bi)
{
        seL4_CPtr reply, copy, receiver;
        seL4_Word badge;

        libs_start_threads(bi);
        server = new_object(seL4_EndpointObject);
        reply = new_object(seL4_ReplyObject);
        CHECK_EQUAL(capabilities_through(ENDPOINT_CLIENT, reply), 0);
        CHECK_EQUAL(capabilities_through(ENDPOINT_CLIENT_CAPS, reply), 1);
        copy = cspace_alloc_slot(&cspace);
        CHECK_EQUAL(endpoint_mint(&cspace, copy, &cspace, server, ENDPOINT_CLIENT, BADGE_NOTIFICATION | 1),
                    seL4_InvalidArgument);
        CHECK_EQUAL(libs_reports(), 1);
        receiver = cspace_alloc_slot(&cspace);
        CHECK_EQUAL(endpoint_mint(&cspace, receiver, &cspace, server, ENDPOINT_SERVER, 0), 0);
        (void)seL4_NBRecv(receiver, &badge, reply);
        CHECK_EQUAL(badge, 0);
        libs_audit();
}

static const seL4_Word place = 0x20000000;

static void touch(void *arg)
{
        *(volatile seL4_Word *)place = 1;
        *(bool *)arg = true;
}

static struct fault next_fault(seL4_CPtr ep, seL4_CPtr reply)
{
        seL4_Word badge;
        seL4_MessageInfo_t info = seL4_Recv(ep, &badge, reply);

        return fault_decode(info, badge, reply);
}

/* P-27: an answer without a repair repeats the fault; that is noticed and ended. */
static void fault_loop(const seL4_BootInfo *bi)
{
        struct fault_history history = {0};
        thread_config_t config;
        seL4_CPtr ep, reply;
        struct fault fault;
        bool done = false;

        libs_start_threads(bi);
        ep = new_object(seL4_EndpointObject);
        reply = new_object(seL4_ReplyObject);
        config = thread_defaults("toucher", touch, &done);
        config.prio = 160;
        config.fault_ep = ep;
        config.fault_badge = 21;
        CHECK(thread_create_ex(&config));
        for (unsigned i = 0; i < FAULT_SAME_MAX; i++) {
                fault = next_fault(ep, reply);
                CHECK_EQUAL(fault.kind, FAULT_MEMORY);
                CHECK_EQUAL(fault.address, place);
                CHECK_EQUAL(fault.badge, 21);
                CHECK_EQUAL(fault_resume(&fault, &history), 0);
                CHECK_EQUAL(fault_resume(&fault, NULL), seL4_InvalidArgument); /* answered already */
        }
        CHECK_EQUAL(libs_reports(), FAULT_SAME_MAX);
        fault = next_fault(ep, reply);
        CHECK_EQUAL(fault_resume(&fault, &history), seL4_IllegalOperation);
        CHECK_EQUAL(libs_reports(), 1);
        CHECK(!done);
        CHECK_EQUAL(seL4_TCB_Resume(thread_first()->tcb), 0); /* runs into it again */
        fault = next_fault(ep, reply);
        CHECK(vspace_new_pages(&vspace, place, 1, VSPACE_RW));
        history = (struct fault_history){0};
        CHECK_EQUAL(fault_resume(&fault, &history), 0);
        CHECK(done);
        libs_audit();
}

static struct fault made(seL4_Word label, const seL4_Word *word, seL4_Word count)
{
        for (seL4_Word i = 0; i < count; i++)
                seL4_SetMR((int)i, word[i]);
        return fault_decode(seL4_MessageInfo_new(label, 0, 0, count), 1, 0);
}

static void check_text(struct fault fault, const char *want)
{
        char text[96];

        if (strcmp(fault_text(&fault, text, sizeof(text)), want))
                libs_note("%s", text);
        CHECK(!strcmp(text, want));
}

static void fault_words(const seL4_BootInfo *bi)
{
        char tiny[8];
        struct fault fault;

        libs_start(bi);
        fault = made(seL4_Fault_VMFault, (seL4_Word[]){0x400, 0x10, 0, 0x92000046}, 4);
        CHECK_EQUAL(fault.cause, FAULT_UNMAPPED);
        CHECK_EQUAL(fault.level, 2);
        check_text(fault, "write to 0x10: a null pointer?, at 0x400");
        CHECK(!strcmp(fault_text(&fault, tiny, sizeof(tiny)), "write t"));
        check_text(made(seL4_Fault_VMFault, (seL4_Word[]){0x400, 0x500000, 0, 0x92000007}, 4),
                   "read from 0x500000: nothing is mapped there, at 0x400");
        check_text(made(seL4_Fault_VMFault, (seL4_Word[]){0x500000, 0x500000, 1, 0x8200000f}, 4),
                   "jump to 0x500000: the page does not allow that, at 0x500000");
        check_text(made(seL4_Fault_VMFault, (seL4_Word[]){0x400, 0x500001, 0, 0x92000021}, 4),
                   "read from 0x500001: the address is not aligned, at 0x400");
        check_text(made(seL4_Fault_UserException, (seL4_Word[]){0x400, 0, 0, 0xf2000000, 0}, 5),
                   "breakpoint (syndrome 0xf2000000), at 0x400");
        check_text(made(seL4_Fault_CapFault, (seL4_Word[]){0x400, 77, 0, 0}, 4),
                   "no capability at 0x4d, at 0x400");
        check_text(made(seL4_Fault_Timeout, (seL4_Word[]){3, 1000}, 2), "out of time after 1000 us");
        check_text(made(seL4_Fault_UnknownSyscall,
                        (seL4_Word[]){0, 1, 2, 3, 4, 5, 6, 7, 0x400, 0, 0, 0, -99ul}, 13),
                   "unknown system call -99, at 0x400");
        fault = made(seL4_Fault_NullFault, NULL, 0);
        CHECK_EQUAL(fault_resume(&fault, NULL), seL4_InvalidArgument);
        CHECK_EQUAL(libs_reports(), 1);
}

const struct libs_case server_cases[] = {
        {"reply: callers wait and are answered in any order", replies, 0, false},
        {"reply: a client that dies gives its object back", replies_cancelled, 0, false},
        {"reply: no memory for a further caller", replies_without_memory, 0, false},
        {"badge: generations, late reuse, foreign badges", badge_generations, 0, false},
        {"caps: roles of an endpoint", roles, 0, false},
        {"fault: answered without a repair", fault_loop, 0, false},
        {"fault: in words", fault_words, 0, false},
};
LIBS_COUNT(server_cases);
