/* SPDX-License-Identifier: BSD-2-Clause */
#include "example.h"

enum { GET = 1, WAIT_FOR_CHANGE = 2, SET = 3 };

static seL4_CPtr server_ep;

static seL4_Word ask(seL4_Word operation, seL4_Word value)
{
        seL4_SetMR(0, value);
        seL4_Call(server_ep, seL4_MessageInfo_new(operation, 0, 0, 1));
        return seL4_GetMR(0);
}

static void watcher(void *unused)
{
        (void)unused;
        report("watcher: it changed to %lu", ask(WAIT_FOR_CHANGE, 0));
}

static void writer(void *unused)
{
        (void)unused;
        report("writer: it was %lu", ask(SET, 42));
}

/* A server: one reply object to receive with, and one per client that waits. */
static void serve(seL4_CPtr reply, seL4_CPtr spare, unsigned requests)
{
        seL4_Word value = 5, old;
        seL4_CPtr waiting = seL4_CapNull;
        seL4_MessageInfo_t one = seL4_MessageInfo_new(0, 0, 0, 1);
        seL4_MessageInfo_t info = seL4_Recv(server_ep, NULL, reply);

        for (; requests > 0; requests--) {
                if (seL4_MessageInfo_get_label(info) == WAIT_FOR_CHANGE) {
                        waiting = reply; /* its caller stays there; go on with another */
                        reply = spare;
                        info = seL4_Recv(server_ep, NULL, reply);
                        continue;
                }
                old = value;
                value = seL4_GetMR(0);
                if (waiting) {
                        seL4_SetMR(0, value);
                        seL4_Send(waiting, one);
                }
                seL4_SetMR(0, old);
                seL4_Send(reply, one);
        }
}

int main(void)
{
        thread_config_t config[2];
        thread_t *t[2];

        example_start();
        server_ep = example_object(seL4_EndpointObject);
        config[0] = thread_defaults("watcher", watcher, NULL);
        config[1] = thread_defaults("writer", writer, NULL);
        config[1].prio = config[0].prio - 1;
        t[0] = thread_create_ex(&config[0]);
        t[1] = thread_create_ex(&config[1]);
        serve(example_object(seL4_ReplyObject), example_object(seL4_ReplyObject), 2);
        for (int i = 0; i < 2; i++) {
                thread_join(t[i]);
                thread_destroy(t[i]);
        }
        report("end");
        return 0;
}
