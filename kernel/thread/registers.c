/* SPDX-License-Identifier: BSD-2-Clause */
/* The public register order: word by word as a table of places in struct context, and as runs of neighbours that whole
 * copies move two words at a time. */
#include "thread/registers.h"
#include "thread/thread.h"

enum { AT_SPSR = 2 };

#define PLACE(field) (uint8_t)(offsetof(struct context, field) / sizeof(word))

/* clang-format off */
static const uint8_t place[USER_CONTEXT_WORDS + SYSCALL_ANSWER_WORDS] = {
        PLACE(restart), PLACE(sp), PLACE(spsr), 0,  1,  2,  3,  4,  5,  6,  7,  8,  16,           17,
        18,             29,        30,          9,  10, 11, 12, 13, 14, 15, 19, 20, 21,           22,
        23,             24,        25,          26, 27, 28, PLACE(tpidr),       PLACE(tpidrro),
        /* an answer to an unknown system call; its word 10 says where the call was, and nothing reads it again */
        0,              1,         2,           3,  4,  5,  6,  7,  PLACE(restart), PLACE(sp), PLACE(spare), PLACE(spsr),
};
/* clang-format on */

/* The part of a written PSTATE that the thread of `c` gets. */
static inline word spsr_of(const struct context *c, word value)
{
        return hypervisor_face() ? thread_pstate((const struct thread *)c, value) : spsr_filtered(value);
}

word user_context_get(const struct context *c, word i)
{
        return ((const word *)c)[place[i]];
}

void user_context_set(struct context *c, word i, word value)
{
        ((word *)c)[place[i]] = place[i] == PLACE(spsr) ? spsr_of(c, value) : value;
}

struct two {
        word first, second;
};

/* `n` is a constant: straight code, a load and a store of a pair for two words. */
static inline __attribute__((always_inline)) void copy_run(word *restrict to, const word *restrict from,
                                                           word n)
{
#pragma GCC unroll 8
        for (word i = 0; i + 2 <= n; i += 2)
                *(struct two *)&to[i] = *(const struct two *)&from[i];
        if (n % 2)
                to[n - 1] = from[n - 1];
}

void user_context_read(const struct context *c, word *head, word *public)
{
        head[0] = c->restart;
        head[1] = c->sp;
        head[2] = c->spsr;
        head[3] = c->x[0];
        copy_run(&public[4], &c -> x[1], 8);
        copy_run(&public[12], &c -> x[16], 3);
        copy_run(&public[15], &c -> x[29], 2);
        copy_run(&public[17], &c -> x[9], 7);
        copy_run(&public[24], &c -> x[19], 10);
        copy_run(&public[34], &c -> tpidr, 2);
}

void user_context_write(struct context *c, const word *head, const word *public)
{
        c->restart = head[0];
        c->sp = head[1];
        c->spsr = spsr_of(c, public[AT_SPSR]);
        copy_run(&c->x[0], &public[3], 9);
        copy_run(&c->x[16], &public[12], 3);
        copy_run(&c->x[29], &public[15], 2);
        copy_run(&c->x[9], &public[17], 7);
        copy_run(&c->x[19], &public[24], 10);
        copy_run(&c->tpidr, &public[34], 2);
}

void user_context_copy_frame(struct context *to, const struct context *from)
{
        to->restart = from->restart;
        to->sp = from->sp;
        to->spsr = spsr_of(to, from->spsr);
        copy_run(&to->x[0], &from->x[0], 9);
        copy_run(&to->x[16], &from->x[16], 3);
        copy_run(&to->x[29], &from->x[29], 2);
}

void user_context_copy_integer(struct context *to, const struct context *from)
{
        copy_run(&to->x[9], &from->x[9], 7);
        copy_run(&to->x[19], &from->x[19], 10);
        copy_run(&to->tpidr, &from->tpidr, 2);
}
