/* SPDX-License-Identifier: BSD-2-Clause */
/* An undefined instruction, its handler, and the way back, each one way. */
#include "bench.h"

static struct {
        word endpoint, reply,
                forth; /* forth: the way from the faulter to the handler is measured, otherwise the way back */
} s;

static void faulter(word unused, word unused_too)
{
        word reading[2];

        (void)unused;
        (void)unused_too;
        for (word i = 0; i < ROUNDS; i++) {
                fault_undefined(reading);
                if (s.forth)
                        begun(reading[0]);
                else
                        ended(reading[1]);
        }
        through();
}

/* Moves the faulter past its instruction. */
static void handler(word unused, word unused_too)
{
        word regs[REGISTERS] = {s.endpoint, 0, 0, 0, 0, 0, s.reply, (word)seL4_SysRecv, 0}, reading[2];

        (void)unused;
        (void)unused_too;
        raw_plain(regs, reading);
        for (;;) {
                regs[0] = s.endpoint;
                regs[1] = seL4_MessageInfo_new(0, 0, 0, 1).words[0];
                regs[2] += 4;
                regs[6] = s.reply;
                regs[7] = (word)seL4_SysReplyRecv;
                if (s.forth) {
                        raw_end(regs, reading);
                        ended(reading[1]);
                } else {
                        raw_begin(regs, reading);
                        begun(reading[0]);
                }
        }
}

static void run(const char *name, word forth)
{
        struct helper a, b;

        counting();
        meeting();
        s.forth = forth;
        s.endpoint = new_endpoint();
        s.reply = new_reply();
        partner(&b, PARTNER, 0, handler, 0, 0);
        let_run();
        helper_passive(&b);
        partner(&a, PARTNER, 0, faulter, 0, 0);
        OK(seL4_TCB_SetSpace(a.tcb, s.endpoint, ROOT, 0, VSPACE, 0));
        await(1);
        cost(name, 1);
}

TEST(fault_one_way, "")
{
        run("fault-to-handler", 1);
        run("fault-back", 0);
}
