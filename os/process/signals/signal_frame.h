/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies on the stack while a handler runs: information for the handler, then the context that it interrupted, where
 * programs of Linux for AArch64 look for them.  The context is complete: x0..x30, sp, pc, flags, and a record with v0..v31,
 * FPCR and FPSR; what the handler leaves there is what the program goes on with (docs/register-copies.md).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "os/process/process.h"

enum { FRAME_REGISTERS = sizeof(seL4_UserContext) / sizeof(seL4_Word), FRAME_X = 31 };
enum {
        SA_NOCLDSTOP = 1,
        SA_NOCLDWAIT = 2,
        SA_RESTORER = 0x04000000,
        SA_ONSTACK = 0x08000000,
        SA_RESTART = 0x10000000,
        SA_NODEFER = 0x40000000
};
#define SA_RESETHAND 0x80000000u

/* sigaltstack: what programs set and get. */
enum { SS_ONSTACK = 1, SS_DISABLE = 2, SS_MIN = 5120 };
#define SS_AUTODISARM 0x80000000u
struct frame_stack {
        uint64_t sp;
        uint32_t flags, pad;
        uint64_t size;
};

enum { FP_MAGIC = 0x46508001, FP_RECORD = 528 };

struct signal_frame {
        uint32_t signal, error, code, pad;
        uint64_t address, more[13];
        uint64_t flags, link;
        struct frame_stack stack;
        uint64_t mask, unused[16];
        uint64_t fault_address, x[FRAME_X], sp, pc, state;
        uint64_t pad2;
        struct {
                uint32_t magic, size, fpsr, fpcr;
                uint64_t v[64];
        } fp;
        uint32_t end_magic, end_size; /* 0: no more records */
};
_Static_assert(offsetof(struct signal_frame, flags) == 128 &&
                       offsetof(struct signal_frame, fault_address) == 304 &&
                       offsetof(struct signal_frame, fp) == 592,
               "as Linux programs know it");

/* The room that Linux gives to records, so that code which copies a whole frame finds memory; then x29 and x30 once more, for
 * those who walk the stack. */
enum { FRAME_RECORDS = 4096, FRAME_LINK = offsetof(struct signal_frame, fp) + FRAME_RECORDS };
enum { FRAME_BYTES = FRAME_LINK + 16 };

/* Where x0..x30 are among the words of seL4_UserContext. */
extern const uint8_t frame_place[FRAME_X];

/* Write a frame of `p` to the address `at`, with its registers and those of the FPU; false when there is no memory, or none
 * yet (swap_awaited). */
bool frame_write(struct process *p, seL4_Word at, struct signal_frame *f, const seL4_UserContext *registers);

/* Take it back: registers that a program may not choose stay as they are.  False: there is no frame, or no FP record in it. */
bool frame_read(struct process *p, seL4_Word at, struct signal_frame *f, seL4_UserContext *registers);
