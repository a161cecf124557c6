/* SPDX-License-Identifier: BSD-2-Clause */
/* The same calls from CSpaces of two and three CNodes, as programs have them whose first CNode became too small.  Every name leads
 * to the same cap as before: the CNodes above the old one consume one bit each. */
#include "bench.h"

/* The caller gets a CSpace of `levels`: the old CNode's copies have a guard that is shorter by the bits above it. */
static void deepen(word levels)
{
        word bits = suite_boot->initThreadCNodeSizeBits, top = new_slot();

        OK(seL4_CNode_Mint(AT(top), AT(ROOT), seL4_AllRights,
                           seL4_CNode_CapData_new(0, seL4_WordBits - bits - (levels - 1)).words[0]));
        for (word i = 1; i < levels; i++) {
                word node = new_object(seL4_CapTableObject, 1);

                OK(seL4_CNode_Copy(node, 0, 1, AT(top), seL4_AllRights));
                top = node;
        }
        OK(seL4_TCB_SetSpace(seL4_CapInitThreadTCB, seL4_CapNull, top, 0, VSPACE, 0));
}

static void back(void)
{
        OK(seL4_TCB_SetSpace(seL4_CapInitThreadTCB, seL4_CapNull, ROOT, 0, VSPACE, 0));
}

TEST(far_alone, "")
{
        word n = new_notification(), bound = new_notification(), ep = new_endpoint(), reply = new_reply(),
             badge;

        counting();
        OK(seL4_TCB_BindNotification(seL4_CapInitThreadTCB, bound));
        deepen(2);
        MEASURE("signal-nobody-far", seL4_Signal(n));
        MEASURE("poll-far", seL4_Poll(n, &badge));
        MEASURE_AFTER("wait-signalled-far", seL4_Signal(n), seL4_Wait(n, &badge));
        MEASURE("nbrecv-nothing-far", seL4_NBRecv(ep, &badge, reply));
        MEASURE("nbsend-nobody-far", seL4_NBSend(ep, seL4_MessageInfo_new(0, 0, 0, 0)));
        MEASURE_AFTER("recv-bound-far", seL4_Signal(bound), seL4_Recv(ep, &badge, reply));
        MEASURE_AFTER("nbsendwait-far", seL4_Signal(n),
                      seL4_NBSendWait(bound, seL4_MessageInfo_new(0, 0, 0, 0), n, &badge));
        deepen(3);
        MEASURE("signal-nobody-far-3", seL4_Signal(n));
        back();
        OK(seL4_TCB_UnbindNotification(seL4_CapInitThreadTCB));
}

TEST(far_send_lower, "")
{
        struct helper receiver;
        word ep = new_endpoint();

        counting();
        partner(&receiver, PARTNER, 0, receive_for_ever, ep, new_reply());
        deepen(2);
        MEASURE_AFTER("send-lower-receiver-far", let_run(), seL4_Send(ep, seL4_MessageInfo_new(0, 0, 0, 0)));
        back();
}
