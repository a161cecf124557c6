/* SPDX-License-Identifier: BSD-2-Clause */
/* What the FP registers cost where both sides use them.  The last file: afterwards they belong to the test, so every switch to
 * another thread and back includes closing and opening the FPU. */
#include "bench.h"

static void echo_touching(word ep, word reply, void touch(void))
{
        word badge;
        seL4_MessageInfo_t info = seL4_Recv(ep, &badge, reply);

        for (;;) {
                touch();
                info = seL4_ReplyRecv(ep, info, &badge, reply);
        }
}

static void echo_with_fpu(word ep, word reply)
{
        echo_touching(ep, reply, touch_fpu);
}

static void echo_without(word ep, word reply)
{
        echo_touching(ep, reply, touch_nothing);
}

static word echo(struct helper *h, helper_fn *fn)
{
        word ep = new_endpoint();

        counting();
        partner(h, SUITE_PRIORITY, 0, fn, ep, new_reply());
        let_run();
        helper_passive(h);
        return ep;
}

/* First the figure that the FPU's is compared with, while the registers belong to nobody. */
TEST(with_fpu, "")
{
        seL4_MessageInfo_t info = seL4_MessageInfo_new(0, 0, 0, 0);
        struct helper without, with;
        word ep = echo(&without, echo_without);

        MEASURE("call-reply-fpu-unused", (touch_nothing(), seL4_Call(ep, info)));
        ep = echo(&with, echo_with_fpu);
        MEASURE("call-reply-fpu-used", (touch_fpu(), seL4_Call(ep, info)));
}
