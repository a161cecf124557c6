/* SPDX-License-Identifier: BSD-2-Clause */
#include "example.h"

static seL4_CPtr for_alice, for_bob;

static void alice(void *unused)
{
        (void)unused;
        seL4_Call(for_alice, seL4_MessageInfo_new(0, 0, 0, 0));
}

static void bob(void *unused)
{
        (void)unused;
        seL4_Call(for_bob, seL4_MessageInfo_new(0, 0, 0, 0));
}

static seL4_CPtr badged(seL4_CPtr endpoint, seL4_Word badge)
{
        seL4_CPtr slot = cspace_alloc_slot(&cspace);

        cspace_mint(&cspace, slot, &cspace, endpoint, seL4_CapRights_new(1, 0, 0, 1), badge);
        return slot;
}

int main(void)
{
        thread_config_t a, b;
        seL4_CPtr endpoint, reply;
        seL4_Word badge;

        example_start();
        a = thread_defaults("alice", alice, NULL);
        b = thread_defaults("bob", bob, NULL);
        endpoint = example_object(seL4_EndpointObject);
        reply = example_object(seL4_ReplyObject);
        for_alice = badged(endpoint, 1);
        for_bob = badged(endpoint, 2);
        report("a badged capability cannot be badged again: %s",
               report_error_name(cspace_mint(&cspace, cspace_alloc_slot(&cspace), &cspace, for_bob,
                                             seL4_AllRights, 3)));
        thread_create_ex(&a);
        seL4_Recv(endpoint, &badge, reply);
        report("called by number %lu", badge);
        thread_create_ex(&b);
        seL4_ReplyRecv(endpoint, seL4_MessageInfo_new(0, 0, 0, 0), &badge, reply);
        report("called by number %lu", badge);
        cspace_revoke(&cspace, endpoint);
        report("revoked: alice's capability is %s",
               cspace_is_occupied(&cspace, for_alice) ? "there" : "gone");
        report("end");
        return 0;
}
