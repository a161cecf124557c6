/* SPDX-License-Identifier: BSD-2-Clause */
/* The public register order, as a table of places in struct context. */
#include "thread/registers.h"
#include "thread/thread.h"

enum { AT_SPSR = 2 };

#define PLACE(field) (uint8_t)(offsetof(struct context, field) / sizeof(word))

static const uint8_t place[USER_CONTEXT_WORDS] = {
        PLACE(restart), PLACE(sp), PLACE(spsr), 0,  1,  2,  3,  4,  5,  6,  7,  8,  16,           17,
        18,             29,        30,          9,  10, 11, 12, 13, 14, 15, 19, 20, 21,           22,
        23,             24,        25,          26, 27, 28, PLACE(tpidr),       PLACE(tpidrro),
};

word user_context_get(const struct context *c, word i)
{
        return ((const word *)c)[place[i]];
}

void user_context_set(struct context *c, word i, word value)
{
        ((word *)c)[place[i]] = i == AT_SPSR ? spsr_filtered(value) : value;
}
