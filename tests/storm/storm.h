/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the two sides of the storm: what a caller is given, and where everything is.
 *
 * A caller runs in an address space of its own, where the program's code is mapped for reading only; it has no variables but those
 * on its stack, and its page.
 */
#pragma once

#include "suite.h"

enum {
        CALLERS = 5,
        FIRST_PRIORITY = 100, /* of callers; their highest MCP is below that of the watch */
        MCP = 150,

        RADIX = 7, /* of the callers' CNode, which resolves all 64 bits */
        SLOTS = 1 << RADIX,

        PAGE = 4096,
        PAGES_AT = 0x10000000, /* pages of the callers */
        STACKS_AT = 0x10100000,
        STRIDE = 2 * PAGE,

        FIRST_LINE = 40, /* of four interrupt lines */
        LINES = 4,
};

/* Slots of the callers' CNode, as far as they are filled at first; those of a kind are neighbours. */
enum {
        SLOT_TCB = 1,
        SLOT_TIME = SLOT_TCB + CALLERS,
        SLOT_ENDPOINT = SLOT_TIME + CALLERS + 1,
        SLOT_SIGNAL = SLOT_ENDPOINT + 4, /* two of them badged */
        SLOT_REPLY = SLOT_SIGNAL + 4,
        SLOT_CNODE = SLOT_REPLY + 3, /* their own, and a small one */
        SLOT_VSPACE = SLOT_CNODE + 2,
        SLOT_FRAME = SLOT_VSPACE + 2,
        SLOT_TABLE = SLOT_FRAME + 4,
        SLOT_UNTYPED = SLOT_TABLE + 2, /* a large and a small one */
        SLOT_LINE = SLOT_UNTYPED + 2,
        SLOT_POOL = SLOT_LINE + LINES,
        SLOT_CONTROL = SLOT_POOL + 1, /* over scheduling */
        SLOT_DOMAINS = SLOT_CONTROL + 1,
        SLOT_FREE = SLOT_DOMAINS + 1,
};

/* A caller's page; its IPC buffer is the first KiB. */
struct page {
        seL4_IPCBuffer buffer;
        word spare[(2048 - sizeof(seL4_IPCBuffer)) / sizeof(word)];
        word calls, done; /* made so far; invocations that were answered without an error */
};

/* The code of a caller: never returns. */
_Noreturn void storm_caller(struct page *mine, word seed);
