/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of the latency test: `row LABEL LIMIT N NAME`, how long a run may be, and what the instructions of the label are divided by. */
#pragma once

#include "inject.h"
#include "tessera/dump.h"
#include "tessera/trace.h"

#ifndef MANY
#define MANY 1000
#endif
#ifndef SEED /* not 0: interrupts come at random moments of each operation, and `late LABEL TICKS SEEN` prints the worst */
#define SEED 0
#endif

enum { SENDER = 100, NODE_BITS = 16 };

#define MARK(label) __asm__ volatile("movz xzr, %0" ::"i"(label) : "memory")

/* Do it under a label. */
#define UNDER(label, ...)                                                                                    \
        do {                                                                                                 \
                MARK(label);                                                                                 \
                __VA_ARGS__;                                                                                 \
                MARK(0);                                                                                     \
        } while (0)

#define ROW(label, n, name, ...)                                                                             \
        do {                                                                                                 \
                say("row %lu %lu %lu " name "\n", (word)(label), 4000ul, (word)(n));                         \
                if (SEED)                                                                                    \
                        inject_start(SEED);                                                                  \
                UNDER(label, __VA_ARGS__);                                                                   \
                if (SEED) {                                                                                  \
                        inject_stop();                                                                       \
                        say("late %lu %lu %lu\n", (word)(label), inject.worst, inject.seen);                 \
                }                                                                                            \
        } while (0)

/* Memory apart from the 4 MiB that each test gets. */
static inline word memory(word bits)
{
        word slot = new_slot();

        for (word i = suite_boot->untyped.start; i < suite_boot->untyped.end; i++) {
                const seL4_UntypedDesc *u = &suite_boot->untypedList[i - suite_boot->untyped.start];

                if (!u->isDevice && u->sizeBits > bits &&
                    seL4_Untyped_Retype(i, seL4_UntypedObject, bits, ROOT, 0, 0, slot, 1) == 0)
                        return slot;
        }
        CHECK(!"memory");
        return 0;
}

static inline void retype(word ut, word type, word bits, word slot, word n)
{
        for (word done = 0; done < n; done += 256)
                OK(seL4_Untyped_Retype(ut, type, bits, ROOT, 0, 0, slot + done,
                                       n - done < 256 ? n - done : 256));
}

/* A call of tessera/dump.h about what is in `slot` of the root CNode. */
static inline word extension(word label, word from, word slot)
{
        seL4_SetMR(0, from);
        seL4_SetMR(1, 1);
        seL4_SetMR(2, slot);
        return seL4_MessageInfo_get_label(
                seL4_Call(seL4_CapIRQControl, seL4_MessageInfo_new(label, 0, 0, 3)));
}
