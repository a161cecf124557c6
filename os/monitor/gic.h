/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two distributors have in common: registers of a bit, of two bits and of a byte per interrupt, at the same offsets.
 *
 * Registers are words.  An access sees and writes just its bytes: a narrow one those lanes of a word, one of eight bytes two words.
 */
#pragma once

#include "os/monitor/device.h"
#include "os/monitor/irq.h"
#include "os/monitor/monitor.h"

enum {
        GIC_GROUP = 0x080,
        GIC_SET_ENABLE = 0x100,
        GIC_CLEAR_ENABLE = 0x180,
        GIC_SET_PENDING = 0x200,
        GIC_CLEAR_PENDING = 0x280,
        GIC_SET_ACTIVE = 0x300,
        GIC_CLEAR_ACTIVE = 0x380,
        GIC_PRIORITY = 0x400,
        GIC_TARGET = 0x800,
        GIC_TRIGGER = 0xc00,
        GIC_TRIGGER_END = 0xd00,
};

/* A word at this offset, a multiple of four; of `value`, the bits in `lanes` are written.  `last`: no other half of the same access
 * follows. */
typedef uint32_t gic_word_read(uint64_t offset);
typedef void gic_word_write(uint64_t offset, uint32_t value, uint32_t lanes, bool last);

struct gic_words {
        gic_word_read *read;
        gic_word_write *write;
};

/* A device of such words, which guests may access with 1, 2, 4 or 8 bytes, aligned; `words` stays where it is. */
void gic_add(uint64_t base, uint64_t size, struct gic_words *words);

/* Write some bits of a word. */
void gic_put(uint32_t *word, uint32_t value, uint32_t lanes);

/* Words from GIC_GROUP up to GIC_TRIGGER_END; interrupts from `first` on have registers here, others read as zero and ignore writes.  The
 * private ones are those of `p`. */
uint32_t gic_read(struct processor *p, uint64_t offset, unsigned first);
void gic_write(struct processor *p, uint64_t offset, uint32_t value, uint32_t lanes, unsigned first);

void gicv2_open(void);
void gicv3_open(void);
