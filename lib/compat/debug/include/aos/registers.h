/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of the registers of a thread, in the order of seL4_UserContext; what a memory fault was. */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>

enum { REGISTER_COUNT = sizeof(seL4_UserContext) / sizeof(seL4_Word) };

__attribute__((unused)) static const char *register_names[] = {
        "pc",  "sp",  "spsr", "x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",        "x8",
        "x16", "x17", "x18",  "x29", "x30", "x9",  "x10", "x11", "x12", "x13", "x14",       "x15",
        "x19", "x20", "x21",  "x22", "x23", "x24", "x25", "x26", "x27", "x28", "tpidr_el0", "tpidrro_el0",
};

/* Was the memory fault in the message registers a read?  Bit 6 of its status says that it was a write. */
static inline bool debug_is_read_fault(void)
{
        return !(seL4_GetMR(seL4_VMFault_FSR) & (1 << 6));
}
