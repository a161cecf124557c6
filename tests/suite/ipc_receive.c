/* SPDX-License-Identifier: BSD-2-Clause */
/* The receive phase: which caps it accepts, and the fault that says no. */
#include "ipc_common.h"

/* One receiving call of each kind, on `cap` with reply object `reply`; each must fault with the same message. */
static const seL4_Syscall_ID RECEIVING[] = {seL4_SysRecv,      seL4_SysNBRecv,    seL4_SysWait,
                                            seL4_SysNBWait,    seL4_SysReplyRecv, seL4_SysNBSendRecv,
                                            seL4_SysNBSendWait};
enum { KINDS = sizeof RECEIVING / sizeof RECEIVING[0] };

static int takes_reply(seL4_Syscall_ID number)
{
        return number == seL4_SysRecv || number == seL4_SysNBRecv || number == seL4_SysReplyRecv ||
               number == seL4_SysNBSendRecv;
}

/* An agent in one such call; its fault, which must be about `wrong`. */
static struct message refused(struct agent *a, seL4_Syscall_ID number, const word cap_reply[2], word wrong)
{
        agent_make(a, LOW);
        agent_watch(a);
        word *in = does(a, number, cap_reply[0], 0);
        in[6] = cap_reply[1];
        in[8] = seL4_CapNull;
        agent_run(a);
        EQ(a->h.step, 0);
        struct message m = fault_of(a, new_reply());
        EQ(m.label, seL4_Fault_CapFault);
        EQ(m.mr[0], agent_pc(a));
        EQ(m.mr[1], wrong);
        EQ(m.mr[2], 1);
        return m;
}

static void missing_capability(const struct message *m)
{
        EQ(m->length, 5);
        EQ(m->mr[3], seL4_MissingCapability);
        EQ(m->mr[4], 0);
}

static void all_refuse(word cap)
{
        struct agent a;

        for (word i = 0; i < KINDS; i++) {
                struct message m = refused(&a, RECEIVING[i], (word[]){cap, new_reply()}, cap);
                missing_capability(&m);
                OK(seL4_TCB_Suspend(a.h.tcb));
        }
}

TEST(receive_from_empty_slot, "IPC-13 IPC-14 ABI-1.2.7 ABI-8.2 OBJ-3.4.r6")
{
        all_refuse(new_slot());
}

TEST(receive_from_other_kinds, "ABI-1.2.7")
{
        all_refuse(new_object(seL4_TCBObject, 0));
        all_refuse(new_reply());
        all_refuse(ROOT);
}

TEST(receive_from_bad_address, "IPC-14 ABI-1.2.7 ABI-8.4")
{
        struct agent a;

        for (word i = 0; i < KINDS; i++) {
                struct message m =
                        refused(&a, RECEIVING[i], (word[]){unresolvable(), new_reply()}, unresolvable());
                EQ(m.length, 7);
                EQ(m.mr[3], seL4_GuardMismatch);
                EQ(m.mr[4], 64);
                EQ(m.mr[5], 0);
                EQ(m.mr[6], root_guard_bits());
        }
}

TEST(endpoint_without_read, "IPC-15 ABI-1.2.7")
{
        all_refuse(minted(new_endpoint(), 0, seL4_CapRights_new(1, 1, 0, 1)));
}

TEST(notification_without_read, "ABI-1.2.7")
{
        all_refuse(minted(new_notification(), 0, seL4_CapRights_new(1, 1, 0, 1)));
}

TEST(receive_without_reply_object, "IPC-16 ABI-1.2.9")
{
        word ep = new_endpoint(), wrong[] = {new_slot(), new_endpoint(), new_object(seL4_TCBObject, 0)};
        struct agent a;

        for (word i = 0; i < KINDS; i++) {
                for (word w = 0; takes_reply(RECEIVING[i]) && w < sizeof wrong / sizeof wrong[0]; w++) {
                        struct message m = refused(&a, RECEIVING[i], (word[]){ep, wrong[w]}, wrong[w]);
                        missing_capability(&m);
                }
        }
}

TEST(receive_with_bad_reply_address, "ABI-1.2.8")
{
        struct agent a;
        struct message m =
                refused(&a, seL4_SysRecv, (word[]){new_endpoint(), unresolvable()}, unresolvable());

        EQ(m.length, 7);
        EQ(m.mr[3], seL4_GuardMismatch);
        EQ(m.mr[6], root_guard_bits());
        m = refused(&a, seL4_SysNBRecv, (word[]){new_endpoint(), unresolvable()}, unresolvable());
        EQ(m.mr[3], seL4_GuardMismatch);
}

TEST(endpoint_right_is_checked_before_reply_object, "IPC-15 IPC-16")
{
        word deaf = minted(new_endpoint(), 0, seL4_CapRights_new(1, 1, 0, 1));
        struct agent a;

        refused(&a, seL4_SysRecv, (word[]){deaf, unresolvable()}, deaf);
}

/* x6 stays unlooked at: it names nothing, and the call works. */
static void ignores_x6(seL4_Syscall_ID number, word cap, word sent_to)
{
        struct agent a;

        agent_make(&a, LOW);
        agent_watch(&a);
        does(&a, number, cap, MARK(1))[6] = unresolvable();
        agent_run(&a);
        EQ(a.h.step, 0);
        post(sent_to, 3, 1);
        CHECK(agent_is(&a, 1));
        EQ(agent_out(&a, 0)[0], 0x22);
        EQ(agent_out(&a, 0)[6], unresolvable());
}

TEST(reply_object_is_not_looked_at, "IPC-17 ABI-1.1.5 ABI-1.1.4")
{
        word ep = new_endpoint(), ntfn = new_notification();

        ignores_x6(seL4_SysWait, ep, minted(ep, 0x22, seL4_AllRights));
        ignores_x6(seL4_SysRecv, ntfn, minted(ntfn, 0x22, seL4_AllRights));
        ignores_x6(seL4_SysWait, ntfn, minted(ntfn, 0x22, seL4_AllRights));
        ignores_x6(seL4_SysReplyRecv, ntfn, minted(ntfn, 0x22, seL4_AllRights));
}

TEST(notification_bound_to_another, "IPC-18 ABI-1.2.7")
{
        word ntfn = new_notification();
        struct agent owner, self;

        agent_make(&owner, LOW);
        OK(seL4_TCB_BindNotification(owner.h.tcb, ntfn));
        all_refuse(ntfn);
        agent_make(&self, LOW);
        does_wait(&self, ntfn);
        OK(seL4_TCB_UnbindNotification(owner.h.tcb));
        OK(seL4_TCB_BindNotification(self.h.tcb, ntfn));
        agent_run(&self);
        seL4_Signal(minted(ntfn, 5, seL4_AllRights));
        CHECK(agent_is(&self, 1));
}

static void finds_nothing(seL4_Syscall_ID number, word cap)
{
        struct agent a;

        agent_make(&a, LOW);
        word *in = does(&a, number, cap, MARK(1));
        in[6] = new_reply();
        agent_run(&a);
        const word *out = agent_out(&a, 0);
        EQ(out[0], 0);
        for (word i = 1; i < REGISTERS; i++)
                EQ(out[i], in[i]);
}

TEST(nothing_there_clears_x0_only, "IPC-19 ABI-1.1.13 ABI-1.1.5 ABI-9.6")
{
        finds_nothing(seL4_SysNBRecv, new_endpoint());
        finds_nothing(seL4_SysNBWait, new_endpoint());
        finds_nothing(seL4_SysNBRecv, new_notification());
        finds_nothing(seL4_SysNBWait, new_notification());
}
