/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies on the stack while a handler runs: information for the handler, then the context that it interrupted, where
 * programs of Linux for AArch64 look for them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <sel4/sel4.h>

enum { FRAME_REGISTERS = sizeof(seL4_UserContext) / sizeof(seL4_Word), FRAME_X = 31, SIGNAL_RED_ZONE = 128 };
enum { SA_RESTART = 0x10000000, SA_NODEFER = 0x40000000 };
#define SA_RESETHAND 0x80000000u

struct signal_frame {
        uint32_t signal, error, code, pad;
        uint64_t address, more[13];
        uint64_t flags, link, stack[3], mask, unused[16];
        uint64_t fault_address, x[FRAME_X], sp, pc, state;
        uint64_t reserved[3];
};
_Static_assert(offsetof(struct signal_frame, flags) == 128 &&
                       offsetof(struct signal_frame, fault_address) == 304,
               "as Linux programs know it");

/* Registers into a frame, and back: those that a program may not choose stay as they are. */
void frame_keep(struct signal_frame *f, const seL4_UserContext *registers);
void frame_restore(const struct signal_frame *f, seL4_UserContext *registers);
