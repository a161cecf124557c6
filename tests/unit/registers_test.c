/* SPDX-License-Identifier: BSD-2-Clause */
/* The order of a user context: whole copies agree with the table of single words. */
#include "tests/lib/test.h"
#include "thread/registers.h"
#include "thread/thread.h"

#include <string.h>

static struct context numbered(word first)
{
        struct context c;

        for (word i = 0; i < sizeof(c) / sizeof(word); i++)
                ((word *)&c)[i] = first + i;
        return c;
}

static void read_whole(void)
{
        struct context c = numbered(1000);
        word head[4], public[USER_CONTEXT_WORDS];

        user_context_read(&c, head, public);
        for (word i = 0; i < USER_CONTEXT_WORDS; i++)
                CHECK_EQUAL(i < 4 ? head[i] : public[i], user_context_get(&c, i));
}

static bool same(const struct context *x, const struct context *y)
{
        return memcmp(x, y, sizeof(*x)) == 0;
}

static void write_whole(void)
{
        struct context whole = numbered(1000), single = whole;
        word public[USER_CONTEXT_WORDS];

        for (word i = 0; i < USER_CONTEXT_WORDS; i++) {
                public[i] = ~(word)i << 20;
                user_context_set(&single, i, public[i]);
        }
        user_context_write(&whole, public, public);
        CHECK(same(&whole, &single));
}

static void copy_parts(void)
{
        const struct context from = numbered(0xf000000000);
        struct context parts = numbered(1000), single = parts;

        user_context_copy_frame(&parts, &from);
        for (word i = 0; i < 17; i++)
                user_context_set(&single, i, user_context_get(&from, i));
        CHECK(same(&parts, &single));
        user_context_copy_integer(&parts, &from);
        for (word i = 17; i < USER_CONTEXT_WORDS; i++)
                user_context_set(&single, i, user_context_get(&from, i));
        CHECK(same(&parts, &single));
}

const struct test registers_tests[] = {
        {"registers: all words read at once", read_whole},
        {"registers: all words written at once", write_whole},
        {"registers: both parts copied", copy_parts},
        {NULL, NULL},
};
