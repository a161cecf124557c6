/* SPDX-License-Identifier: BSD-2-Clause */
/* What a filter has to be like before it may run; see filters.h.
 *
 * Each step is one that there is, jumps stay inside, the last step returns, and no word of memory is read that a way to there has not
 * written.  Steps go forward only, so one look at each in their order is enough: `ways` has, for a step that is jumped to, the words that
 * were written on all ways to it so far. */
#include "os/process/filters.h"

static uint16_t ways[FILTER_STEPS];

static bool is_load(const struct filter_step *s)
{
        switch (s->code) {
        case STEP_LOAD: /* only the data's words */
                return s->value < sizeof(struct filter_data) && s->value % sizeof(uint32_t) == 0;
        case STEP_LENGTH | LOADS:
        case STEP_LENGTH | LOADS_X:
        case STEP_VALUE | LOADS:
        case STEP_VALUE | LOADS_X:
                return true;
        case STEP_MEMORY | LOADS:
        case STEP_MEMORY | LOADS_X:
                return s->value < FILTER_WORDS;
        default:
                return false;
        }
}

static bool is_computation(const struct filter_step *s)
{
        enum {
                DIVIDE_BY_VALUE = 0x34,
                LEFT_BY_VALUE = 0x64,
                RIGHT_BY_VALUE = 0x74,
                NEGATE = 0x84,
                RIGHT = 0x70,
                XOR = 0xa0
        };

        switch (s->code) {
        case DIVIDE_BY_VALUE:
                return s->value;
        case LEFT_BY_VALUE:
        case RIGHT_BY_VALUE:
                return s->value < 32;
        case NEGATE:
                return true;
        default:
                return (s->code & ~(unsigned)(WITH_X | KIND)) <= RIGHT ||
                       (s->code & ~(unsigned)(WITH_X | KIND)) == XOR;
        }
}

static bool is_jump(const struct filter_step *s, unsigned left)
{
        enum { ALWAYS = 0x05, LAST = 0x40 };

        if (s->code == ALWAYS)
                return s->value < left;
        return (s->code & ~(unsigned)(WITH_X | KIND)) - 0x10u < LAST && s->yes < left && s->no < left;
}

/* One that there is; `left`: how many come behind it. */
static bool is_step(const struct filter_step *s, unsigned left)
{
        enum { RETURNS_VALUE = 0x06 };

        if (s->code > 0xff)
                return false;
        switch (s->code & KIND) {
        case LOADS:
        case LOADS_X:
                return is_load(s);
        case STORES:
        case STORES_X:
                return s->code <= STORES_X && s->value < FILTER_WORDS;
        case COMPUTES:
                return is_computation(s);
        case JUMPS:
                return is_jump(s, left);
        case RETURNS:
                return s->code == RETURNS_VALUE || s->code == RETURNS_A;
        default:
                return s->code == MOVES_TO_A || s->code == MOVES_TO_X;
        }
}

/* What was written on the way here goes on with a jump, and with the next step unless this one never leads there. */
static uint16_t follow(const struct filter_step *s, unsigned n, uint16_t written)
{
        enum { ALWAYS = 0x05 };

        switch (s->code & KIND) {
        case STORES:
        case STORES_X:
                return written | (uint16_t)(1u << s->value);
        case JUMPS:
                if (s->code == ALWAYS) {
                        ways[n + 1 + s->value] &= written;
                } else {
                        ways[n + 1 + s->yes] &= written;
                        ways[n + 1 + s->no] &= written;
                }
                return UINT16_MAX;
        default:
                return written;
        }
}

static bool reads_memory(const struct filter_step *s)
{
        return s->code == (STEP_MEMORY | LOADS) || s->code == (STEP_MEMORY | LOADS_X);
}

bool filter_check(const struct filter *f)
{
        uint16_t written = 0;

        for (unsigned n = 0; n < f->steps; n++)
                ways[n] = UINT16_MAX;
        for (unsigned n = 0; n < f->steps; n++) {
                const struct filter_step *s = filter_step(f, n);

                if (!is_step(s, f->steps - 1u - n))
                        return false;
                written &= ways[n];
                if (reads_memory(s) && !(written >> s->value & 1))
                        return false;
                written = follow(s, n, written);
        }
        return (filter_step(f, f->steps - 1u)->code & KIND) == RETURNS;
}
