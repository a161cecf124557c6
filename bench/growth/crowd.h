/* SPDX-License-Identifier: BSD-2-Clause */
/* Many threads in a queue of the kernel, and one more that joins and leaves it.
 *
 * The threads of a crowd have no IPC buffer; each runs a few instructions (crowd.S) on one scheduling context that is passed from
 * one to the next, and ends up in the queue.  Meanwhile the test runs below all of them, at priority ROOT_LOW.
 */
#pragma once

#include "bench.h"

enum { ROOT_LOW = 90, FIRST = 100, LEVELS = 100 };

/* A test for each number of elements. */
#define GROWS_TO_1000(id, function)                                                                          \
        TEST(id##_1, "")                                                                                     \
        {                                                                                                    \
                function(1);                                                                                 \
        }                                                                                                    \
        TEST(id##_16, "")                                                                                    \
        {                                                                                                    \
                function(16);                                                                                \
        }                                                                                                    \
        TEST(id##_256, "")                                                                                   \
        {                                                                                                    \
                function(256);                                                                               \
        }                                                                                                    \
        TEST(id##_1000, "")                                                                                  \
        {                                                                                                    \
                function(1000);                                                                              \
        }
#define GROWS(id, function)                                                                                  \
        GROWS_TO_1000(id, function)                                                                          \
        TEST(id##_10000, "")                                                                                 \
        {                                                                                                    \
                function(10000);                                                                             \
        }

/* What a thread does; registers x0-x8 and x20 as in `struct start`. */
void crowd_call(void);  /* one system call */
void crowd_chain(void); /* receive, then call the endpoint in x20 */
void crowd_probe(void); /* reads the counter, then one system call; the reading is left in x9 */

struct does {
        void (*entry)(void);
        seL4_Syscall_ID number;
        word x0, info, x6, x20;
};

word crowd_objects(word type, word bits, word n);     /* n neighbouring slots; the first */
void crowd_prepare(word tcb, word sc, word priority); /* configured, bound */
void crowd_start(word tcb, const struct does *what);  /* runs at once if it is above the test */
void crowd_join(word tcb, word sc, word priority,
                const struct does *what); /* all of the crowd; then sc is free again */
void root_priority(word priority);

/* One line: `grow NAME CASE N VALUE DIVISOR`. */
void grow(const char *name, const char *which, word n, word value, word divisor);
#define GROW(name, which, n, divisor, invocation)                                                            \
        do {                                                                                                 \
                word before_it = begin_reading(), error = (word)(invocation), after_it = end_reading();      \
                OK(error);                                                                                   \
                grow(name, which, n, after_it - before_it, divisor);                                         \
        } while (0)

/* One system call of a thread that blocks in it, until the test goes on: joins a queue at that priority.  The thread leaves the
 * queue again by Suspend, whose cost is in *leave. */
word join_cost(word tcb, word sc, word priority, const struct does *what, word *leave);
