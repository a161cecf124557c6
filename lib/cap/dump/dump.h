/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole state of the system as lines of text, read from the kernel piece by piece (tessera/dump.h).
 *
 * For root tasks, whose CSpace the walk begins with: it goes into each CNode and each thread's slots once, and asks each object once.
 * Every step is one kernel call and at most DUMP_STEP bytes of text, so the caller may do other work between two of them.  What
 * goes away meanwhile is left out.
 *
 * Lines (docs/dump.md); numbers are hexadecimal, objects are their identifiers, `-` is no path:
 *      dump HZ
 *      container ID SLOTS PATH
 *      cap CONTAINER INDEX KIND OBJECT BITS INFO WORD NEXT ORIGINAL
 *      thread, context, endpoint, notification, reply, line ID WORDS...        as tessera/dump.h has them
 *      map SPACE ADDRESS MEMORY BYTES
 *      end GENERATIONS CALLS
 */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>
#include <tessera/dump.h>
#include <text/text.h>

/* Lines of the machine have no object, but a number. */
#define DUMP_LINE_ID(number) ((number) << 8 | 2)

enum {
        DUMP_STEP = 4096, /* bytes */
        DUMP_CHUNK = 64,  /* words of slots in one answer */
};

struct dump_level {
        seL4_Word id, next; /* where to go on; */
        bool fresh, more;   /* not begun; next is valid */
        seL4_Word words, at;
        seL4_Word told[DUMP_CHUNK];
};

/* Private to dump.c, except for `seen`, which the caller sets to `size` words: objects met.  Where it is too small, some are reported
 * more than once. */
struct dump {
        seL4_CPtr control; /* the IRQ control cap */
        seL4_Word hz;
        seL4_Word *seen, size;
        seL4_Word used, path[TESSERA_DUMP_PATH], depth;
        struct dump_level level[TESSERA_DUMP_PATH + 1];
        bool object, ended; /* an object has more to report from `from` on */
        seL4_Word from, id;
        seL4_Word generation, generations, calls;
};

/* Begin; `control` and `seen` stay as they are, `hz` is the frequency of the counter, for readers. */
void dump_begin(struct dump *d, seL4_CPtr control, seL4_Word hz, seL4_Word *seen, seL4_Word size);

/* One step; false when all has been told.  `t` has room for DUMP_STEP bytes. */
bool dump_step(struct dump *d, struct text *t);

/* The last line, behind those that the caller has to add: `name ID TEXT`. */
void dump_end(const struct dump *d, struct text *t);

/* Whether the kernel has a dump. */
bool dump_is_there(seL4_CPtr control);
