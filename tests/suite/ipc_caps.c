/* SPDX-License-Identifier: BSD-2-Clause */
/* Capabilities in messages. */
#include "ipc_common.h"

enum { UNTOUCHED = 0x7eee, E_BADGE = 0x222, OTHER_BADGE = 0xbad9e };

/* What the kernel wrote to the badge entries, kept from later calls. */
static word badges_seen[3];

static word badges(word i)
{
        return badges_seen[i];
}

/* The test receives; its receive slot is new and empty. */
static word receive_slot_ready(void)
{
        word slot = new_slot();

        seL4_SetCapReceivePath(ROOT, slot, 64);
        return slot;
}

/* Take a message; entries of the buffer that get no badge stay UNTOUCHED. */
static struct message received(word ep)
{
        word reply = new_reply();

        let_run();
        for (word i = 0; i < 3; i++)
                seL4_GetIPCBuffer()->caps_or_badges[i] = UNTOUCHED;
        set_mr(4, 0);
        struct message m = poll_now(ep, reply);
        CHECK(m.any);
        for (word i = 0; i < 3; i++)
                badges_seen[i] = seL4_GetIPCBuffer()->caps_or_badges[i];
        return m;
}

static int is_empty(word slot)
{
        return seL4_CNode_Move(AT(new_slot()), AT(slot)) == seL4_FailedLookup;
}

/* `s` is queued on `cap` with these caps. */
static void caps_sent(struct agent *s, word cap, word count, const word *caps)
{
        agent_make(s, LOW);
        does_send(s, cap, info_word(1, count, 5));
        for (word i = 0; i < count; i++)
                agent_buffer(s)->caps_or_badges[i] = caps[i];
        agent_buffer(s)->msg[4] = 0x404;
        agent_run(s);
}

static struct message caps_through(word ep, word cap, word count, const word *caps)
{
        struct agent s;

        caps_sent(&s, cap, count, caps);
        struct message m = received(ep);
        EQ(m.length, 5);
        EQ(m.mr[0], MARK(2));
        EQ(get_mr(4), 0x404);
        CHECK(agent_is(&s, 1));
        return m;
}

static void nothing_without_grant(seL4_CapRights_t rights)
{
        word ep = new_endpoint(), slot = receive_slot_ready();
        struct message m = caps_through(ep, minted(ep, 0, rights), 2, (word[]){ep, new_notification()});

        EQ(m.caps, 0);
        EQ(m.unwrapped, 0);
        EQ(badges(0), UNTOUCHED);
        CHECK(is_empty(slot));
}

TEST(no_caps_without_grant, "IPC-31 ABI-2.2.5 ABI-2.1.3")
{
        nothing_without_grant(seL4_CanWrite);
        nothing_without_grant(seL4_CapRights_new(0, 0, 1, 1));
}

TEST(no_caps_with_grant_reply_only, "IPC-31 ABI-2.2.5")
{
        nothing_without_grant(seL4_CapRights_new(1, 0, 1, 1));
}

TEST(one_cap_arrives, "IPC-32 ABI-2.2.5 ABI-2.3.2 ABI-2.1.3 ABI-2.2.4")
{
        word ep = new_endpoint(), slot = receive_slot_ready(), ntfn = new_notification();
        struct message m = caps_through(ep, minted(ep, 0, seL4_CapRights_new(0, 1, 0, 1)), 1, &ntfn);

        EQ(m.caps, 1);
        EQ(m.unwrapped, 0);
        EQ(badges(0), UNTOUCHED);
        seL4_Signal(minted(slot, 0x99, seL4_AllRights));
        EQ(poll_word(ntfn), 0x99);
}

TEST(another_endpoint_is_not_unwrapped, "IPC-32 IPC-33 ABI-2.3.2")
{
        word ep = new_endpoint(), slot = receive_slot_ready(), other = new_endpoint(),
             badged = minted(other, 6, seL4_AllRights);
        struct message m = caps_through(ep, ep, 1, &badged);
        struct agent s;

        EQ(m.caps, 1);
        EQ(m.unwrapped, 0);
        agent_make(&s, LOW);
        does_send(&s, slot, info_word(8, 0, 0));
        agent_run(&s);
        EQ(poll_message(other, new_reply()).badge, 6);
}

TEST(sent_cap_is_a_derived_copy, "IPC-32")
{
        word ep = new_endpoint(), slot = receive_slot_ready(), ntfn = new_notification();
        word badged = minted(ntfn, 3, seL4_CanWrite);

        EQ(caps_through(ep, ep, 1, &badged).caps, 1);
        seL4_Signal(slot);
        EQ(poll_word(ntfn), 3);
        OK(seL4_CNode_Delete(AT(badged)));
        OK(seL4_CNode_Revoke(AT(ntfn)));
        CHECK(is_empty(slot));
}

/* The table of ipc.md 7: E is the endpoint, X and Y others, 0 an empty slot. */
struct row {
        const char *sent;
        word caps, unwrapped, placed; /* placed: 0 nothing, else 'X' or 'Y' */
};

static void row_of_table(const struct row *row)
{
        word ep = new_endpoint(), x = new_notification(), y = new_notification(), empty = new_slot(), caps[3];
        word e = minted(ep, E_BADGE, seL4_NoRights), slot = receive_slot_ready();

        for (word i = 0; i < 3; i++)
                caps[i] = row->sent[i] == 'E' ? e : row->sent[i] == 'X' ? x : row->sent[i] == 'Y' ? y : empty;
        struct message m = caps_through(ep, ep, 3, caps);
        EQ(m.caps, row->caps);
        EQ(m.unwrapped, row->unwrapped);
        for (word i = 0; i < 3; i++)
                EQ(badges(i), row->unwrapped >> i & 1 ? E_BADGE : UNTOUCHED);
        if (row->placed) {
                seL4_Signal(minted(slot, 7, seL4_AllRights));
                EQ(poll_word(row->placed == 'X' ? x : y), 7);
        } else {
                CHECK(is_empty(slot));
        }
}

TEST(table_of_transfers, "IPC-33 ABI-2.3.1 ABI-2.3.2 ABI-2.3.3 ABI-2.1.2")
{
        static const struct row TABLE[] = {
                {"XEE", 3, 6, 'X'}, {"EXE", 3, 5, 'X'}, {"EXY", 2, 1, 'X'},
                {"E0E", 1, 1, 0},   {"0EE", 0, 0, 0},
        };

        for (word i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++)
                row_of_table(&TABLE[i]);
}

TEST(three_of_the_endpoint_are_unwrapped, "IPC-35 ABI-2.3.1")
{
        word ep = new_endpoint(), slot = receive_slot_ready();
        word caps[] = {minted(ep, E_BADGE, seL4_NoRights), ep, minted(ep, OTHER_BADGE, seL4_NoRights)};
        struct message m = caps_through(ep, minted(ep, 1, seL4_CapRights_new(0, 1, 0, 1)), 3, caps);

        EQ(m.caps, 3);
        EQ(m.unwrapped, 7);
        EQ(badges(0), E_BADGE);
        EQ(badges(1), 0);
        EQ(badges(2), OTHER_BADGE);
        CHECK(is_empty(slot));
}

/* Caps E, X, E with a receive slot that is no good: only the first E is handled. */
static void unusable_slot(word root, word index, word depth)
{
        word ep = new_endpoint(), e = minted(ep, E_BADGE, seL4_AllRights);

        receive_slot_ready();
        seL4_SetCapReceivePath(root, index, depth);
        struct message m = caps_through(ep, ep, 3, (word[]){e, new_notification(), e});
        EQ(m.caps, 1);
        EQ(m.unwrapped, 1);
        EQ(badges(0), E_BADGE);
        EQ(badges(2), UNTOUCHED);
}

TEST(unusable_receive_slot, "IPC-34 ABI-2.3.3")
{
        word occupied = new_notification(), slot = new_slot();

        unusable_slot(ROOT, occupied, 64);
        unusable_slot(unresolvable(), slot, 64);
        unusable_slot(new_slot(), slot, 64);
        unusable_slot(ROOT, slot, 0);
        unusable_slot(ROOT, slot, 65);
        unusable_slot(ROOT, slot, 63);
        unusable_slot(new_notification(), slot, 64);
        CHECK(is_empty(slot));
}

TEST(no_buffer_no_caps, "ABI-2.2.2 IPC-34")
{
        word ep = new_endpoint(), slot = receive_slot_ready();
        struct agent s, r;

        agent_make(&r, LOW);
        does_wait(&r, ep);
        seL4_IPCBuffer *b = agent_buffer(&r);
        b->receiveCNode = ROOT;
        b->receiveIndex = slot;
        b->receiveDepth = 64;
        OK(seL4_TCB_SetIPCBuffer(r.h.tcb, 0, 0));
        agent_run(&r);
        caps_sent(&s, ep, 1, (word[]){new_notification()});
        CHECK(agent_is(&r, 1));
        EQ(agent_out(&r, 0)[1], info_word(1, 0, 4));
        CHECK(is_empty(slot));
}

TEST(underivable_caps_stop_the_transfer, "IPC-33 ABI-2.3.3")
{
        word parent = new_object(seL4_UntypedObject, 12), child = new_slot();
        word table = new_object(seL4_ARM_PageTableObject, 0), space = new_object(seL4_ARM_VSpaceObject, 0);

        OK(seL4_Untyped_Retype(parent, seL4_EndpointObject, 0, ROOT, 0, 0, child, 1));
        word bad[] = {parent, table, space, seL4_CapIRQControl};
        for (word i = 0; i < 4; i++) {
                word ep = new_endpoint(), e = minted(ep, E_BADGE, seL4_AllRights),
                     slot = receive_slot_ready();
                struct message m = caps_through(ep, ep, 3, (word[]){e, bad[i], e});

                EQ(m.caps, 1);
                EQ(m.unwrapped, 1);
                CHECK(is_empty(slot));
        }
}

TEST(frame_cap_arrives_unmapped, "IPC-32 ABI-2.3.2")
{
        void *address;
        word ep = new_endpoint(), frame = map_new_page(&address), slot = receive_slot_ready();

        EQ(caps_through(ep, ep, 1, &frame).caps, 1);
        OK(map_at(slot, new_page_address(), seL4_AllRights, seL4_ARM_Default_VMAttributes));
}

/* The caller's badges, receive slot and outcome when `reply_cap` answers with one cap. */
static void reply_with(struct agent *c, word slot, word reply, const word caps[2])
{
        word ep = new_endpoint();

        agent_make(c, LOW);
        does_call(c, ep, info_word(1, 0, 0));
        agent_buffer(c)->receiveCNode = ROOT;
        agent_buffer(c)->receiveIndex = slot;
        agent_buffer(c)->receiveDepth = 64;
        agent_run(c);
        CHECK(poll_message(ep, reply).any);
        seL4_SetCap(0, caps[0] ? caps[0] : ep);
        seL4_Send(caps[1], seL4_MessageInfo_new(2, 0, 1, 1));
        CHECK(agent_is(c, 1));
}

TEST(reply_transfers_and_never_unwraps, "IPC-36 ABI-2.3.1 ABI-2.2.5")
{
        word slot = new_slot(), reply = new_reply();
        struct agent c;

        reply_with(&c, slot, reply, (word[]){0, reply});
        EQ(agent_out(&c, 0)[1], seL4_MessageInfo_new(2, 0, 1, 1).words[0]);
        copied(slot, seL4_AllRights);
}

TEST(reply_without_grant, "IPC-37 ABI-2.2.5")
{
        word slot = new_slot(), reply = new_reply(), poor = minted(reply, 0, seL4_CapRights_new(1, 0, 1, 1));
        struct agent c;

        reply_with(&c, slot, reply, (word[]){new_notification(), poor});
        EQ(agent_out(&c, 0)[1], info_word(2, 0, 1));
        CHECK(is_empty(slot));
}

TEST(caps_are_looked_up_again, "IPC-38 ABI-2.2.5")
{
        word ep = new_endpoint(), slot = receive_slot_ready(), ntfn = new_notification();
        struct agent s;

        caps_sent(&s, ep, 2, (word[]){ep, ntfn});
        agent_buffer(&s)->caps_or_badges[1] = unresolvable();
        struct message m = received(ep);
        EQ(m.caps, 0);
        EQ(m.length, 5);
        EQ(badges(0), UNTOUCHED);
        CHECK(is_empty(slot));
}

TEST(cspace_replaced_while_queued, "IPC-38")
{
        word ep = new_endpoint(), slot = receive_slot_ready(), ntfn = new_notification();
        word cnode = new_object(seL4_CapTableObject, 4), guarded = new_slot();
        struct agent s;

        OK(seL4_CNode_Mint(AT(guarded), AT(cnode), seL4_AllRights, seL4_CNode_CapData_new(1, 60).words[0]));
        OK(seL4_CNode_Copy(cnode, 2, 4, AT(ntfn), seL4_AllRights));
        caps_sent(&s, ep, 2, (word[]){1 << 4 | 2, ntfn});
        agent_buffer(&s)->caps_or_badges[1] = 2;
        OK(seL4_TCB_SetSpace(s.h.tcb, seL4_CapNull, guarded, 0, VSPACE, 0));
        EQ(poll_message(ep, new_reply()).caps, 0);
        CHECK(is_empty(slot));
}
