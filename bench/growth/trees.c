/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists and trees of capabilities, tables, calls: derivation, untyped memory, CNodes, lookup, call chains. */
#include "crowd.h"

/* Copies of one cap: what it costs to add one, to delete one at either end or inside, and to revoke all. */
static void copies(word n)
{
        word ep = new_endpoint(), to = new_slots(n + 1);
        static const char *const where[] = {"first", "middle", "last"};

        counting();
        for (word i = 0; i < n; i++)
                OK(seL4_CNode_Copy(AT(to + i), AT(ep), seL4_AllRights));
        GROW("copy", "one-more", n, 1, seL4_CNode_Copy(AT(to + n), AT(ep), seL4_AllRights));
        for (word i = 0; i < 3; i++) {
                word slot = i == 0 ? to : i == 1 ? to + n / 2 : to + n - 1;

                if (n < 3 && i)
                        break;
                GROW("delete-copy", where[i], n, 1, seL4_CNode_Delete(AT(slot)));
        }
        GROW("revoke", "per-copy", n, n < 3 ? 1 : n - 2, seL4_CNode_Revoke(AT(ep)));
}

/* Endpoints in one untyped: one more, and everything revoked. */
static void objects(word n)
{
        word ut = new_object(seL4_UntypedObject, 20), to = new_slots(n + 1);

        counting();
        for (word i = 0; i < n; i++)
                OK(seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, ROOT, 0, 0, to + i, 1));
        GROW("retype", "one-more", n, 1,
             seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, ROOT, 0, 0, to + n, 1));
        GROW("revoke", "per-object", n, n + 1, seL4_CNode_Revoke(AT(ut)));
        GROW("retype", "after-revoke", n, 1,
             seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, ROOT, 0, 0, to, 1));
}

/* A CNode with this many caps in it. */
static void full_node(word n)
{
        word bits = 1, node, ep = new_endpoint();

        counting();
        while (1ul << bits < n)
                bits++;
        node = new_object(seL4_CapTableObject, bits);
        GROW("delete-cnode", "per-empty-slot", n, 1ul << bits, seL4_CNode_Delete(AT(node)));
        node = new_object(seL4_CapTableObject, bits);
        for (word i = 0; i < n; i++)
                OK(seL4_CNode_Copy(node, i, (seL4_Uint8)bits, AT(ep), seL4_AllRights));
        GROW("delete-cnode", "per-cap", n, n, seL4_CNode_Delete(AT(node)));
}

GROWS(copies, copies)
GROWS(objects, objects)
GROWS(full_node, full_node)

/* A CSpace of nested CNodes, one bit each; the cap looked up is behind `n` of them. */
static void lookup(word n)
{
        word node[16], target = new_notification(), to = new_slot();

        counting();
        for (word i = 0; i < n; i++)
                node[i] = new_object(seL4_CapTableObject, 1);
        for (word i = 0; i + 1 < n; i++)
                OK(seL4_CNode_Mint(node[i], 0, 1, AT(node[i + 1]), seL4_AllRights, 0));
        OK(seL4_CNode_Copy(node[n - 1], 0, 1, AT(target), seL4_AllRights));
        GROW("lookup", "levels", n, 1, seL4_CNode_Copy(AT(to), node[0], 0, (seL4_Uint8)n, seL4_AllRights));
}

TEST(lookup_1, "")
{
        lookup(1);
}

TEST(lookup_4, "")
{
        lookup(4);
}

TEST(lookup_16, "")
{
        lookup(16);
}

/* Objects made in one call. */
static void retype(const char *which, word type, word bits, word n)
{
        word to = new_slots(n);

        counting();
        GROW("retype-many", which, n, n, seL4_Untyped_Retype(test_untyped(), type, bits, ROOT, 0, 0, to, n));
}

static void retypes(word n)
{
        counting();
        new_endpoint(); /* the first object after a revoke may pay for clearing */
        retype("endpoints", seL4_EndpointObject, 0, n);
        retype("frames", seL4_ARM_SmallPageObject, 0, n);
        retype("threads", seL4_TCBObject, 0, n);
}

TEST(retypes_1, "")
{
        retypes(1);
}

TEST(retypes_16, "")
{
        retypes(16);
}

TEST(retypes_256, "")
{
        retypes(256);
}

/* Frames of 2 MiB, and a cache operation on one: per 64-byte line. */
TEST(large_frames, "")
{
        enum { LINES = (1 << seL4_LargePageBits) / 64, MANY = 8 };
        word to = new_slots(MANY + 1), at = 0x30000000;

        counting();
        GROW("large-frames", "per-line", 1, LINES,
             seL4_Untyped_Retype(test_untyped(), seL4_ARM_LargePageObject, 0, ROOT, 0, 0, to, 1));
        GROW("large-frames", "per-line", MANY, MANY * LINES,
             seL4_Untyped_Retype(test_untyped(), seL4_ARM_LargePageObject, 0, ROOT, 0, 0, to + 1, MANY));
        OK(map_at(to, at, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        GROW("cache-clean", "per-line", LINES, LINES,
             seL4_ARM_Page_CleanInvalidate_Data(to, 0, 1ul << seL4_LargePageBits));
        GROW("cache-clean", "per-line", 1, 1, seL4_ARM_Page_CleanInvalidate_Data(to, 0, 64));
}
