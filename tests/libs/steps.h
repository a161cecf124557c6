/* SPDX-License-Identifier: BSD-2-Clause */
/* Sequences of calls to all libraries, whoever chooses them: a generator of random numbers (random_test.c) or a fuzzer
 * (tests/fuzz/libs_fuzz.c).
 *
 * A fixed number of places hold things that the libraries made.  A step picks a place: an empty one gets a new thing, a
 * full one has something done to its thing, or the thing given back.  The properties do not depend on what happens: a call
 * succeeds or gives an error; memory keeps what was written to it; the audits find no contradiction; and when everything is
 * given back, with no more kernel calls failing, nothing is missing.
 */
#pragma once

#include "libs.h"

#include <process/process.h>
#include <sel4/layout.h>
#include <threads/threads.h>

/* Where the choices come from: a number below `limit` (at least 1). */
void steps_choose_by(uint64_t (*choose)(uint64_t limit));

/* The libraries are ready, and everything that they keep permanently has been made. */
void steps_begin(const seL4_BootInfo *bi);

/* One step; steps_audit is what must hold after it, steps_everything_back what must hold in the end. */
void steps_do(void);
void steps_audit(void);
void steps_everything_back(void);

/* Things made, and attempts that ended in an error. */
extern unsigned long steps_made, steps_refused;

/* --- between the files of the steps --- */

enum step_kind {
        NOTHING,
        OBJECT,
        PIECE,
        PAGES,
        FRAME,
        MAPPED,
        DEVICE,
        SPACE,
        SLOTS,
        THREAD,
        PROCESS,
        LINE,
        ALARM,
        KINDS
};

struct thing {
        enum step_kind kind;
        seL4_CPtr cap;
        seL4_Word type;
        ut_t *ut;
        seL4_Word at; /* address, number, identification */
        size_t count;
        vspace_t space;
        cspace_t slots;
        thread_t *thread;
        process_t process;
};

/* What can be done with a kind of thing.  `make` says whether there is one now; `use` may do anything that leaves it
 * the same kind of thing; `unmake` returns 0 when it is gone, and can be tried again. */
struct step_calls {
        bool (*make)(struct thing *t);
        void (*use)(struct thing *t);
        int (*unmake)(struct thing *t);
};

extern const struct step_calls steps_object, steps_piece, steps_pages, steps_frame, steps_mapped,
        steps_device, steps_space, steps_slots, steps_thread, steps_process, steps_line, steps_alarm;

uint64_t choose(uint64_t limit);

/* True once in that many times.  Always choosing 0 gives the usual case. */
static inline bool rarely(uint64_t times)
{
        return choose(times) == times - 1;
}

/* Some address where things may be mapped, rarely an absurd one; some number of pages; some rights. */
seL4_Word choose_address(void);
size_t choose_count(void);

/* In our own address space these may only be read: the rest belongs to the host. */
static inline bool is_touchable(seL4_Word vaddr)
{
        return (vaddr >= 0x100000 && vaddr < 0x40000000) ||
               (vaddr >= 0x50000000 && vaddr < BOOK_WINDOW_START);
}
enum vspace_flags choose_flags(void);

/* Some thing of this kind, or NULL. */
struct thing *choose_thing(enum step_kind kind);

/* Any call on an address space. */
void use_space(vspace_t *space);
