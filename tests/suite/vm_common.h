/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of virtual memory share: errors with their words, spaces of their own, and a thread that touches memory
 * and whose faults the test answers. */
#pragma once

#include "ipc_common.h"

enum { PAGE = 1 << seL4_PageBits, UNTYPED_4K = 12 };

#define CACHED seL4_ARM_Default_VMAttributes
#define POOL   seL4_CapInitThreadASIDPool

/* The last refused invocation: its number and the first detail words (from the IPC buffer, as stubs leave them). */
#define REFUSED(call, error) EQ(call, error)
#define REFUSED_1(call, error, d0)                                                                           \
        do {                                                                                                 \
                EQ(call, error);                                                                             \
                EQ(seL4_GetMR(0), d0);                                                                       \
        } while (0)
#define REFUSED_2(call, error, d0, d1)                                                                       \
        do {                                                                                                 \
                REFUSED_1(call, error, d0);                                                                  \
                EQ(seL4_GetMR(1), d1);                                                                       \
        } while (0)
#define REFUSED_3(call, error, d0, d1, d2)                                                                   \
        do {                                                                                                 \
                REFUSED_2(call, error, d0, d1);                                                              \
                EQ(seL4_GetMR(2), d2);                                                                       \
        } while (0)

word new_vspace(void); /* without ASID */
word new_space(void);  /* with one of the initial pool */
word new_table(void);
word new_large(void);                                 /* a 2 MiB frame */
void tables_at(word space, word address, word count); /* `count` page tables, top down */
void stale_clean(word frame); /* a cache call on a cap whose mapping is gone: refused at EL1, done at EL2 */
word page_map(word frame, word space, word address); /* all rights, cached; an error number */

/* An address whose tables (all of them) exist in the test's own VSpace. */
word mapped_region(void);

enum touch { TOUCH_READ, TOUCH_WRITE, TOUCH_RUN };

/* A thread that reads, writes or runs at an address, in the test's VSpace; faults come to the test. */
struct toucher {
        struct helper h;
        word faults, reply;
        volatile word value; /* what it read */
};

void toucher_make(struct toucher *t);
void start_touch(struct toucher *t, enum touch how, word address);
/* Touch; 1 when it was done, 0 when it faulted: then fault_words[] are the message and the thread waits for an answer. */
int touch(struct toucher *t, enum touch how, word address);
int touch_again(struct toucher *t, word label,
                word length); /* answer the fault with MRs as set, and see again */

/* Everybody has run: 1 when the thread is through, 0 when it has faulted; then the message is below. */
int through(const struct helper *h, word faults, word reply);

enum { FAULT_WORDS = 16 };
extern word fault_label, fault_length, fault_words[FAULT_WORDS];
