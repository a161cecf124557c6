/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls that receive, and their combinations with a send.  What sel4/syscalls.h says of all calls holds.
 *
 * `sender` may be null; otherwise it gets the badge of the sender's cap, the bits of a notification, or 0 when a
 * polling call found nothing.  In the last two cases no message came, and the message info means nothing.
 *
 * `reply` is a reply object: while its caller waits for the answer it stands for that caller, and lends the
 * caller's scheduling context to a receiver that has none.  It is looked up only when receiving from an endpoint;
 * if it does not resolve to a reply object, or `src` cannot be received from, a cap fault (in receive phase) is
 * raised.  Receiving needs read right on `src`. */
#pragma once

#include <sel4/config.h>
#include <sel4/functions.h>
#include <sel4/macros.h>
#include <sel4/types.h>

/* Wait for a message on an endpoint (or a signal, on a notification or on the one bound to this thread). */
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_Recv(seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply);

/* The same, but return at once if there is nothing. */
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_NBRecv(seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply);

/* Answer the caller that `reply` stands for, if any, then wait for the next message; the loop of a server:
 *
 *      seL4_MessageInfo_t info = seL4_Recv(ep, &badge, reply);
 *      for (;;)
 *              info = seL4_ReplyRecv(ep, serve(badge, info), &badge, reply); */
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_ReplyRecv(seL4_CPtr src, seL4_MessageInfo_t msgInfo,
                                                      seL4_Word *sender, seL4_CPtr reply);

/* NBSend to `dest`, then Recv, without a gap between the two.  Invocations of TCBs, CNodes, domain sets and
 * scheduling objects are not executed. */
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_NBSendRecv(seL4_CPtr dest, seL4_MessageInfo_t msgInfo,
                                                       seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply);

/* NBSend to `dest`, then Wait, without a gap between the two; restricted as NBSendRecv is. */
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_NBSendWait(seL4_CPtr dest, seL4_MessageInfo_t msgInfo,
                                                       seL4_CPtr src, seL4_Word *sender);

/* Wait for a signal on a notification, or on an endpoint for a message that needs no reply. */
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_Wait(seL4_CPtr src, seL4_Word *sender);

/* The same, but return at once if there is nothing. */
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_NBWait(seL4_CPtr src, seL4_Word *sender);

/* NBWait, by its name for notifications. */
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_Poll(seL4_CPtr src, seL4_Word *sender);

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_RecvWithMRs(seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply,
                                                        seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2,
                                                        seL4_Word *mr3);
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_ReplyRecvWithMRs(seL4_CPtr src, seL4_MessageInfo_t msgInfo,
                                                             seL4_Word *sender, seL4_Word *mr0,
                                                             seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3,
                                                             seL4_CPtr reply);
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_NBSendRecvWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo,
                                                              seL4_CPtr src, seL4_Word *sender,
                                                              seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2,
                                                              seL4_Word *mr3, seL4_CPtr reply);
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_NBSendWaitWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo,
                                                              seL4_CPtr src, seL4_Word *sender,
                                                              seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2,
                                                              seL4_Word *mr3);
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_WaitWithMRs(seL4_CPtr src, seL4_Word *sender, seL4_Word *mr0,
                                                        seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3);

#include <sel4/syscalls.h>
