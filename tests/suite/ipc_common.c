/* SPDX-License-Identifier: BSD-2-Clause */
/* See ipc_common.h. */
#include "ipc_common.h"

/* --- agents --- */

static void agent_main(word argument, word unused)
{
        struct agent *a = (struct agent *)argument;

        (void)unused;
        for (word i = 0; i < a->steps; i++) {
                for (word r = 0; r < REGISTERS; r++)
                        a->step[i].out[r] = a->step[i].in[r];
                raw_call(a->step[i].out);
                a->h.step = i + 1;
        }
}

void agent_make(struct agent *a, word priority)
{
        helper_make(&a->h, priority);
        a->faults = 0;
        a->steps = 0;
}

void agent_start(struct agent *a)
{
        helper_start(&a->h, agent_main, (word)a, 0);
}

void agent_run(struct agent *a)
{
        agent_start(a);
        let_run();
}

void agent_passive(struct agent *a)
{
        agent_run(a);
        helper_passive(&a->h);
}

void agent_watch(struct agent *a)
{
        a->faults = new_endpoint();
        word handler = minted(a->faults, FAULT_BADGE, seL4_AllRights);

        OK(seL4_TCB_SetSpace(a->h.tcb, handler, ROOT, 0, VSPACE, 0));
}

seL4_IPCBuffer *agent_buffer(struct agent *a)
{
        return (seL4_IPCBuffer *)a->h.buffer;
}

word agent_pc(struct agent *a)
{
        seL4_UserContext c;

        OK(registers_read(&a->h, &c, 0));
        return c.pc;
}

void agent_skip(struct agent *a, word bytes)
{
        word pc = agent_pc(a) + bytes;

        OK(seL4_TCB_WriteRegisters(a->h.tcb, 1, 0, 1, (seL4_UserContext *)&(seL4_UserContext){.pc = pc}));
}

int agent_is(struct agent *a, word steps)
{
        let_run();
        return a->h.step == steps;
}

const word *agent_out(struct agent *a, word step)
{
        CHECK(a->h.step > step);
        return a->step[step].out;
}

static void mark(word regs[REGISTERS], seL4_Syscall_ID number, word x0, word info)
{
        for (word r = 0; r < REGISTERS; r++)
                regs[r] = MARK(r);
        regs[0] = x0;
        regs[1] = info;
        regs[7] = (word)number;
}

word *does(struct agent *a, seL4_Syscall_ID number, word x0, word info)
{
        word *in = a->step[a->steps].in;

        CHECK(a->steps < AGENT_STEPS);
        a->steps++;
        mark(in, number, x0, info);
        return in;
}

word *does_send(struct agent *a, word cap, word info)
{
        return does(a, seL4_SysSend, cap, info);
}

word *does_call(struct agent *a, word cap, word info)
{
        return does(a, seL4_SysCall, cap, info);
}

word *does_recv(struct agent *a, word cap, word reply)
{
        word *in = does(a, seL4_SysRecv, cap, MARK(1));

        in[6] = reply;
        return in;
}

word *does_wait(struct agent *a, word cap)
{
        return does(a, seL4_SysWait, cap, MARK(1));
}

word *does_reply_recv(struct agent *a, word from, word info, word reply)
{
        word *in = does(a, seL4_SysReplyRecv, from, info);

        in[6] = reply;
        return in;
}

word *does_nbsend_recv(struct agent *a, word to, word info, const word from_reply[2])
{
        word *in = does(a, seL4_SysNBSendRecv, from_reply[0], info);

        in[6] = from_reply[1];
        in[8] = to;
        return in;
}

word *does_nbsend_wait(struct agent *a, word to, word info, word from)
{
        word *in = does(a, seL4_SysNBSendWait, from, info);

        in[6] = to;
        return in;
}

/* --- what the test itself does --- */

void raw(seL4_Syscall_ID number, word x0, word info, word regs[REGISTERS])
{
        mark(regs, number, x0, info);
        regs[6] = 0;
        regs[8] = 0;
        raw_call(regs);
}

static struct message taken(const word regs[REGISTERS])
{
        seL4_MessageInfo_t info = {{regs[1]}};
        struct message m = {.any = regs[1] != MARK(1), .badge = regs[0]};

        m.label = seL4_MessageInfo_get_label(info);
        m.length = seL4_MessageInfo_get_length(info);
        m.caps = seL4_MessageInfo_get_extraCaps(info);
        m.unwrapped = seL4_MessageInfo_get_capsUnwrapped(info);
        for (word i = 0; i < WORDS_IN_REGISTERS; i++)
                m.mr[i] = regs[2 + i];
        for (word i = WORDS_IN_REGISTERS; i < WORDS_KEPT; i++)
                m.mr[i] = get_mr(i);
        return m;
}

struct message poll_message(word endpoint, word reply)
{
        let_run();
        return poll_now(endpoint, reply);
}

struct message poll_now(word endpoint, word reply)
{
        word regs[REGISTERS];

        mark(regs, seL4_SysNBRecv, endpoint, MARK(1));
        regs[6] = reply;
        raw_call(regs);
        return taken(regs);
}

struct message fault_of(struct agent *a, word reply)
{
        struct message m = poll_message(a->faults, reply);

        CHECK(m.any);
        EQ(m.badge, FAULT_BADGE);
        return m;
}

word poll_word(word notification)
{
        word regs[REGISTERS];

        raw(seL4_SysNBWait, notification, MARK(1), regs);
        return regs[0];
}

void answer(word reply, word label, word length)
{
        seL4_Send(reply, seL4_MessageInfo_new(label, 0, 0, length));
}

void post(word endpoint, word label, word length)
{
        word regs[REGISTERS];

        raw(seL4_SysNBSend, endpoint, info_word(label, 0, length), regs);
}

/* --- objects --- */

word unresolvable(void)
{
        return 1ul << 63 | 5;
}

word root_guard_bits(void)
{
        return seL4_WordBits - suite_boot->initThreadCNodeSizeBits;
}

word irq_handler(word irq, word ntfn)
{
        word handler = new_slot();

        OK(seL4_IRQControl_Get(seL4_CapIRQControl, (int)irq, AT(handler)));
        OK(seL4_IRQHandler_SetNotification(handler, ntfn));
        OK(seL4_IRQHandler_Ack(handler));
        return handler;
}

word sc_is_on(word sc, struct agent *a)
{
        return seL4_SchedContext_UnbindObject(sc, a->h.tcb) == seL4_NoError;
}

void set_mr(word i, word value)
{
        seL4_GetIPCBuffer()->msg[i] = value;
}

word get_mr(word i)
{
        return seL4_GetIPCBuffer()->msg[i];
}
