/* SPDX-License-Identifier: BSD-2-Clause */
/* What the FP registers cost where both sides use them.  The last file: afterwards they are the test's own, which costs every
 * switch to another thread and back the closing and opening of the FPU. */
#include "bench.h"

static void echo_with_fpu(word ep, word reply)
{
        word badge;
        seL4_MessageInfo_t info = seL4_Recv(ep, &badge, reply);

        for (;;) {
                touch_fpu();
                info = seL4_ReplyRecv(ep, info, &badge, reply);
        }
}

TEST(with_fpu, "")
{
        seL4_MessageInfo_t info = seL4_MessageInfo_new(0, 0, 0, 0);
        struct helper h;
        word ep = new_endpoint(), reply = new_reply();

        counting();
        partner(&h, SUITE_PRIORITY, 0, echo_with_fpu, ep, reply);
        let_run();
        helper_passive(&h);
        MEASURE("call-reply-fpu-used", (touch_fpu(), seL4_Call(ep, info)));
}
