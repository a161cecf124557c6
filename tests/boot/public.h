/* SPDX-License-Identifier: BSD-2-Clause */
/* What the boot contract hands to a first thread, written down again from its public numbers so that a mistake in our own
 * headers cannot hide itself. */
#pragma once

#include <stdint.h>

typedef uint64_t word;

struct region {
        word start, end;
};

struct untyped {
        word paddr;
        uint8_t bits, device, zero[6];
};

struct bootinfo {
        word extra_length, node, nodes, io_levels, buffer;
        struct region empty, shared, image, paging, io_spaces, extra;
        word cnode_bits, domain;
        struct region sched_control, untyped;
        struct untyped list[230];
};

struct entry_state {
        word x[31], sp, tpidr, tpidrro, nzcv, fpcr, fpsr, zero, v[64];
};
