/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the root task share. */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>
#include <stddef.h>

#include "tools/microkit/init/system.h"

enum {
        CNODE = seL4_CapInitThreadCNode,
        VSPACE = seL4_CapInitThreadVSpace,
        PAGE = 1 << seL4_PageBits,
        FAN_OUT = 256, /* objects of one retype */
};

extern const seL4_BootInfo *boot_info;
extern const struct system_record *system_address; /* written by the builder */

/* init.c */
const void *part(enum system_part which, seL4_Word *count);
seL4_CPtr slot_of(uint32_t slot);
void must(seL4_Error error, const char *what, const char *name);
_Noreturn void stop(const char *what, const char *name, seL4_Word number);

/* memory.c: everything the system names is made; floating regions get their addresses. */
void memory_make(void);
seL4_CPtr memory_scratch(void); /* an empty slot */
seL4_CPtr memory_table(void);   /* a page table */

/* contents.c */
void contents_fill(void);
