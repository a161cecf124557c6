/* SPDX-License-Identifier: BSD-2-Clause */
/* The dump: the state of the kernel, read piece by piece (TESSERA_EXTENSION_DUMP).
 *
 * A slot is named by a path from the caller's CSpace root: in a CNode a step is the number of a slot, in a TCB one of
 * TESSERA_DumpTcbSlots (0 CSpace, 1 VSpace, 2 IPC buffer, 3 fault handler, 4 timeout handler).  A path names no memory, so one that
 * has become old is refused or leads elsewhere, and never to what is no slot.  Every call is one piece of at most 4,000
 * instructions; nothing is changed.
 *
 * The identifiers are those of TESSERA_Identify: equal numbers are one object, for as long as it lives; 0 is none.
 */
#pragma once

#include <stdint.h>

/* Labels on the IRQ control capability; IllegalOperation without the extension.  Words: where to begin (0 first, then what the
 * last answer said), number of steps of the path (at most TESSERA_DUMP_PATH), the steps.  Refusals: TruncatedMessage for
 * words that are missing, InvalidArgument (0) for such a beginning, (1) for too many steps, (2 + n) for a step n that is not
 * there, InvalidCapability (0) for an object without the wanted contents.
 *
 * Both answer: the generation, where to go on (0: this was all), and what follows.  The generation is the sum over processors of the
 * counter at which the time of a scheduling context was last charged: while two answers have the same, no thread with another one has
 * run between.
 *
 * DumpSlots, of a CNode or TCB: identifier of its first slot, number of slots, then TESSERA_DUMP_SLOT_WORDS words for each full one.
 * Slots lie 32 bytes apart, so each has an identifier of its own.
 * DumpObject: kind of the cap, identifier of the object, the words of its kind below. */
#define TESSERA_DumpSlots  0x54450020
#define TESSERA_DumpObject 0x54450021

#define TESSERA_DUMP_PATH       16
#define TESSERA_DumpTcbSlots    5
#define TESSERA_DUMP_HEAD       4 /* words before the report */
#define TESSERA_DUMP_SLOT_WORDS 4

/* The first word of a slot; the others: identifier of the object (memory: its physical address), the cap's own word (badge;
 * guard; watermark; ASID << 48 | address; line), identifier of the next slot in the derivation tree.  Families stand in
 * preorder: what was made from a cap follows it. */
#define TESSERA_DUMP_INDEX(w)    ((w)&0xffffffff)
#define TESSERA_DUMP_KIND(w)     ((w) >> 32 & 31)
#define TESSERA_DUMP_ORIGINAL(w) ((w) >> 37 & 1)  /* not a copy: may have children */
#define TESSERA_DUMP_BITS(w)     ((w) >> 39 & 63) /* of the memory, log2; 0: none */
#define TESSERA_DUMP_INFO(w)                                                                                 \
        ((w) >> 45 & 0x7ff) /* rights (1 W 2 R 4 G 8 P); CNode: bits of the guard; untyped: bit 6 device */

enum tessera_dump_thread {
        TESSERA_DUMP_T_FACTS, /* state | priority << 8 | mcp << 16 | domain << 24 | flags << 32 | ready << 40 | waits for budget << 41 |
                               * guest << 42 | its send is a call << 43 */
        TESSERA_DUMP_T_PC,
        TESSERA_DUMP_T_SP,
        TESSERA_DUMP_T_FP,    /* x29 */
        TESSERA_DUMP_T_LR,    /* x30 */
        TESSERA_DUMP_T_AT,    /* endpoint or notification that it waits at */
        TESSERA_DUMP_T_NEXT,  /* the thread served after it there */
        TESSERA_DUMP_T_BADGE, /* of a send that waits */
        TESSERA_DUMP_T_REPLY, /* reply object that it waits on, or offers */
        TESSERA_DUMP_T_CONTEXT,
        TESSERA_DUMP_T_BOUND,    /* notification */
        TESSERA_DUMP_T_FAULT,    /* type of a fault that nobody has answered, 0: none */
        TESSERA_DUMP_T_FAULT_AT, /* address, capability, or number */
        TESSERA_DUMP_T_WORDS
};

enum tessera_dump_context {
        TESSERA_DUMP_C_PERIOD, /* ticks, as all times here; 0: round robin */
        TESSERA_DUMP_C_BUDGET,
        TESSERA_DUMP_C_CONSUMED, /* charged since it was last asked */
        TESSERA_DUMP_C_THREAD,
        TESSERA_DUMP_C_REPLY, /* top of the chain of reply objects through which it was lent */
        TESSERA_DUMP_C_NOTIFICATION,
        TESSERA_DUMP_C_BADGE,
        TESSERA_DUMP_C_REFILLS, /* there are; behind it follow those that fit: time, amount */
        TESSERA_DUMP_C_WORDS
};

/* Endpoint: what is in the queue (0 receivers, 1 senders), the first thread.
 * Notification: flags | , first thread, raised, bound thread, context.
 * Reply: thread, context that was lent, the reply object below and above in its chain.
 * IRQ handler: notification.   VCPU: thread.
 * VSpace: three words for each run of neighbouring pages of one kind: address, physical address | rights | 1 << 2 when device memory,
 * bytes.  To go on: an address. */
