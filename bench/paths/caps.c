/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations of CNodes and of untyped memory, by the calls of the public API. */
#include "bench.h"

TEST(cnode, "")
{
        word to = new_slots(2 * ROUNDS), ep = new_endpoint();

        counting();
        INVOKE("cnode-copy", seL4_CNode_Copy(AT(to + round), AT(ep), seL4_AllRights));
        INVOKE("cnode-move", seL4_CNode_Move(AT(to + ROUNDS + round), AT(to + round)));
        INVOKE("cnode-delete", seL4_CNode_Delete(AT(to + ROUNDS + round)));
        INVOKE("cnode-mint", seL4_CNode_Mint(AT(to + round), AT(ep), seL4_AllRights, 7));
        ONCE("revoke-per-child", ROUNDS, seL4_CNode_Revoke(AT(ep)));
        INVOKE("revoke-nothing", seL4_CNode_Revoke(AT(ep)));
        INVOKE_AFTER("delete-last-endpoint",
                     seL4_Untyped_Retype(test_untyped(), seL4_EndpointObject, 0, ROOT, 0, 0, to, 1),
                     seL4_CNode_Delete(AT(to)));
        INVOKE_AFTER("delete-last-tcb",
                     seL4_Untyped_Retype(test_untyped(), seL4_TCBObject, 0, ROOT, 0, 0, to, 1),
                     seL4_CNode_Delete(AT(to)));
}

/* Caps whose data cannot be changed are refused, so here they are those of a thread. */
TEST(cnode_data, "")
{
        word to = new_slots(3 * ROUNDS), tcb = new_object(seL4_TCBObject, 0);

        counting();
        for (word i = 0; i < ROUNDS; i++)
                OK(seL4_CNode_Copy(AT(to + i), AT(tcb), seL4_AllRights));
        INVOKE("cnode-mutate", seL4_CNode_Mutate(AT(to + ROUNDS + round), AT(to + round), 0));
        for (word i = 0; i < ROUNDS; i++)
                OK(seL4_CNode_Copy(AT(to + i), AT(tcb), seL4_AllRights));
        INVOKE("cnode-rotate",
               seL4_CNode_Rotate(AT(to + 2 * ROUNDS + round), 0, AT(to + ROUNDS + round), 0, AT(to + round)));
}

static void retype(const char *name, word type, word bits, word n)
{
        word to = new_slots(ROUNDS * n);

        INVOKE(name, seL4_Untyped_Retype(test_untyped(), type, bits, ROOT, 0, 0, to + round * n, n));
}

TEST(retypes, "")
{
        counting();
        retype("retype-endpoint", seL4_EndpointObject, 0, 1);
        retype("retype-tcb", seL4_TCBObject, 0, 1);
        retype("retype-frame", seL4_ARM_SmallPageObject, 0, 1);
        retype("retype-16-frames", seL4_ARM_SmallPageObject, 0, 16);
}

TEST(retype_from_empty, "")
{
        word ut = new_object(seL4_UntypedObject, 14), to = new_slot();

        counting();
        INVOKE_AFTER("retype-frame-after-revoke", seL4_CNode_Revoke(AT(ut)),
                     seL4_Untyped_Retype(ut, seL4_ARM_SmallPageObject, 0, ROOT, 0, 0, to, 1));
}
