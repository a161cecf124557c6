/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the boot test share: public structures and numbers, checks, system calls.
 *
 * No headers of the kernel are used.  RAM_END, GIC and so on come from `run`: they are facts of the machine it starts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "public.h"

enum {
        CALL = -1,
        PUT_CHAR = -12,
        IDENTIFY = -15,
        UNTYPED_RETYPE = 1,
        PAGE_MAP = 46,
        GET_ADDRESS = 52,
        IRQ_GET = 26,
        CNODE_DELETE = 19,
        SC_CONSUMED = 37,
        INIT_SC = 14,
        OBJECT_SMALL_PAGE = 9,
        PAGE = 4096,
};

extern struct entry_state entry_state;
extern const char __executable_start[], _end[];

/* A call with up to four words; returns the label, and the words back in `mr`. */
word call(word cptr, word label, word caps, word length, word mr[4]);
word debug_call(int number, word argument);

void put(char c);
void say(const char *s);
void say_hex(word value);
void check(const char *name, word is, word should_be); /* one line, counted by `run` */
word words_set(const word *p, word count);             /* how many are not 0 */

void check_bootinfo(const struct bootinfo *b);
void check_thread(const struct bootinfo *b);

static inline word round_down(word value, word bits)
{
        return value >> bits << bits;
}

static inline word round_up(word value, word bits)
{
        return round_down(value + ((word)1 << bits) - 1, bits);
}
