/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine that the kernel fuzzer starts from: a small one, with a few objects of every kind in known slots and five
 * threads of neighbouring priorities that share one CSpace and one VSpace.
 */
#pragma once

#include "tests/lib/user.h"

enum {
        FUZZ_FIRST = 128, /* the slots below belong to the boot caps */
        FUZZ_ENDPOINT = FUZZ_FIRST,
        FUZZ_ENDPOINT_2,
        FUZZ_NOTIFICATION,
        FUZZ_NOTIFICATION_2,
        FUZZ_REPLY,
        FUZZ_REPLY_2,
        FUZZ_REPLY_3,
        FUZZ_BADGED,
        FUZZ_BADGED_2,
        FUZZ_SIGNAL,
        FUZZ_NODE,
        FUZZ_NODE_2,
        FUZZ_UNTYPED,
        FUZZ_UNTYPED_SMALL,
        FUZZ_HANDLER,
        FUZZ_FRAME,
        FUZZ_TABLE,
        FUZZ_VSPACE,
        FUZZ_SC,
        FUZZ_THREADS,
        FUZZ_FREE = FUZZ_THREADS + 4 * USER_THREAD_SLOTS,
        FUZZ_VCPU = FUZZ_FREE, /* two, with the interface of EL2 */
        FUZZ_END = 224,

        FUZZ_FIXED = 16, /* slots of boot caps that fuzz_slot knows; those from FUZZ_FIRST on follow them */
        FUZZ_SLOTS = FUZZ_FIXED + FUZZ_END - FUZZ_FIRST, /* that fuzz_slot knows */
        FUZZ_LINE = 40,                                  /* the first of four interrupt lines */
        FUZZ_VA = 0x10000000,
};

/* Boot and prepare; bit 0 of `variant`: several domains, bit 1: a device tree blob, bit 2: threads have handlers for
 * their faults, bit 3: bindings between threads, notifications and time, bit 4: two threads wait at the endpoints, bit 5: and
 * have no time of their own, bit 6: scheduling contexts are sporadic, bit 7: that of a
 * notification is used up for now.  With FUZZ_EL2=40 or 44 in the environment the machine has the interface of EL2, and two of the
 * threads are guests. */
void fuzz_machine(word variant);

/* The slot that a byte stands for, and one of the objects to meet at. */
word fuzz_slot(word byte);

/* The first such slot from there on that holds a cap of the kind (CAP_NULL: nothing; FUZZ_FULL: anything); the slot
 * itself when there is none. */
enum { FUZZ_FULL = CAP_KINDS };
word fuzz_slot_where(word byte, word kind);
word fuzz_endpoint(word byte);

/* The depth that addresses the slots of the CNode in a slot. */
word fuzz_depth(word cptr);

/* What an address names for the running thread. */
struct cap fuzz_cap(word cptr);
enum cap_kind fuzz_kind(word cptr);
