/* SPDX-License-Identifier: BSD-2-Clause */
/* Where an instruction of A64 leads; see stub.h.  The numbers are those of the Arm ARM, section C4.1. */
#include "stub.h"

enum { SIZE = 4, SEQUENCE = 16 };
enum { BIT_V = 28, BIT_C, BIT_Z, BIT_N };

static int64_t field(uint32_t word, unsigned low, unsigned bits)
{
        return (int64_t)((uint64_t)(word >> low) << (64 - bits)) >> (64 - bits);
}

static bool holds(uint32_t condition, uint64_t state)
{
        bool n = state >> BIT_N & 1, z = state >> BIT_Z & 1, c = state >> BIT_C & 1, v = state >> BIT_V & 1;
        const bool basic[] = {z, c, n, v, c && !z, n == v, n == v && !z, true};
        bool result = basic[condition >> 1 & 7];

        return (condition & 1) && condition != 15 ? !result : result;
}

static uint64_t value(const struct debug_registers *r, uint32_t number)
{
        return number == 31 ? 0 : r->x[number];
}

/* A conditional branch: its offset, and whether it is taken; false: it is no such branch. */
static bool conditional(const struct debug_registers *r, uint32_t word, int64_t *offset, bool *taken)
{
        uint64_t v = value(r, word & 31);

        *offset = field(word, 5, 19) * SIZE;
        if ((word & 0xff000000) == 0x54000000) { /* B.cond, BC.cond */
                *taken = holds(word & 15, r->state);
        } else if ((word & 0x7e000000) == 0x34000000) { /* CBZ, CBNZ */
                v = word >> 31 ? v : (uint32_t)v;
                *taken = (v != 0) == (word >> 24 & 1);
        } else if ((word & 0x7e000000) == 0x36000000) { /* TBZ, TBNZ */
                *taken = (v >> ((word >> 31) << 5 | (word >> 19 & 31)) & 1) == (word >> 24 & 1);
                *offset = field(word, 5, 14) * SIZE;
        } else {
                return false;
        }
        return true;
}

static uint64_t next_of(const struct debug_registers *r, uint32_t word)
{
        int64_t offset;
        bool taken;

        if ((word & 0x7c000000) == 0x14000000) /* B, BL */
                return r->pc + (uint64_t)(field(word, 0, 26) * SIZE);
        if ((word & 0xfe000000) == 0xd6000000 && (word >> 21 & 7) <= 2) /* BR, BLR, RET */
                return value(r, word >> 5 & 31);
        if (conditional(r, word, &offset, &taken))
                return taken ? r->pc + (uint64_t)offset : r->pc + SIZE;
        return r->pc + SIZE;
}

static bool exclusive(uint32_t word, bool load)
{
        return (word & 0x3f800000) == 0x08000000 && (word >> 22 & 1) == load;
}

bool begins_sequence(uint32_t word)
{
        return exclusive(word, true);
}

/* The end of a sequence of exclusive accesses, and where a branch in it leads; 0 when no end is found. */
static unsigned behind_sequence(const struct debug_registers *r, read_word *read, void *context,
                                uint64_t places[PLACES])
{
        uint64_t out = 0, at = r->pc + SIZE;
        uint32_t word;
        int64_t offset;
        bool taken;

        for (int i = 0; i < SEQUENCE && read(context, at, &word); i++, at += SIZE) {
                if (exclusive(word, false)) {
                        places[0] = at + SIZE;
                        places[1] = out;
                        return out && (out <= r->pc || out > at) ? 2 : 1;
                }
                if (conditional(r, word, &offset, &taken)) {
                        if (out)
                                return 0;
                        out = at + (uint64_t)offset;
                }
        }
        return 0;
}

unsigned next_places(const struct debug_registers *r, read_word *read, void *context, uint64_t places[PLACES])
{
        uint32_t word;
        unsigned n;

        if (!read(context, r->pc, &word))
                return 0;
        if (exclusive(word, true)) {
                n = behind_sequence(r, read, context, places);
                if (n)
                        return n;
        }
        places[0] = next_of(r, word);
        return 1;
}
