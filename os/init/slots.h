/* SPDX-License-Identifier: BSD-2-Clause */
/* The root CNode: which slot holds what kind of capability.
 *
 * The CNode is one level, so a slot's number is the capability's address.  Slots of boot time keep the kind that
 * bootinfo tells; the others are ours.  A slot is given back only when it is empty.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sel4/sel4.h>

static inline seL4_Word bit(seL4_Word n)
{
        return (seL4_Word)1 << n;
}

enum slot_kind {
        SLOT_FREE,
        SLOT_UNTYPED,
        SLOT_TABLE,
        SLOT_FRAME,
        SLOT_VSPACE,
        SLOT_CNODE,
        SLOT_TCB,
        SLOT_SC,
        SLOT_ENDPOINT,
        SLOT_NOTIFICATION,
        SLOT_REPLY,
        SLOT_IRQ,
        SLOT_CONTROL, /* one-of-a-kind authority: IRQ, ASID, domain and schedule control */
        SLOT_KINDS,
};

void slots_init(const seL4_BootInfo *info);

/* An empty slot, or `count` empty slots in a row; seL4_CapNull when there are none.  Cost: a scan that goes on where
 * the last one ended. */
seL4_CPtr slot_take(enum slot_kind kind);
seL4_CPtr slots_take(enum slot_kind kind, seL4_Word count);

/* Give back slots that are empty. */
void slot_give(seL4_CPtr slot);
void slots_give(seL4_CPtr first, seL4_Word count);

/* Delete whatever the slot holds and give it back. */
void slot_delete(seL4_CPtr slot);

seL4_Word slots_of(enum slot_kind kind);
const char *slot_kind_name(enum slot_kind kind);
