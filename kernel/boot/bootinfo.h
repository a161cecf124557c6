/* SPDX-License-Identifier: BSD-2-Clause */
/* The public bootinfo frame, as the initial thread reads it. */
#pragma once

#include "core/word.h"

enum {
        BOOTINFO_UNTYPED_MAX = 230,
        BOOTINFO_ID_FDT = 6,

        /* fixed slots of the root CNode */
        SLOT_INIT_TCB = 1,
        SLOT_INIT_CNODE = 2,
        SLOT_INIT_VSPACE = 3,
        SLOT_IRQ_CONTROL = 4,
        SLOT_ASID_CONTROL = 5,
        SLOT_INIT_ASID_POOL = 6,
        SLOT_BOOTINFO_FRAME = 9,
        SLOT_INIT_BUFFER = 10,
        SLOT_DOMAIN = 11,
        SLOT_INIT_SC = 14,
        SLOT_SMC = 15,
        SLOT_FIRST_FREE = 16,
};

struct slot_region {
        word start, end;
};

struct untyped_description {
        word paddr;
        uint8_t bits, is_device, zero[6];
};

struct bootinfo {
        word extra_length; /* bytes of the chunks in the next pages */
        word node;
        word nodes;
        word io_levels;
        word ipc_buffer; /* virtual address */
        struct slot_region empty;
        struct slot_region shared_frames;
        struct slot_region image_frames;
        struct slot_region image_paging;
        struct slot_region io_spaces;
        struct slot_region extra_pages;
        word cnode_bits;
        word domain;
        struct slot_region sched_control;
        struct slot_region untyped;
        struct untyped_description untyped_list[BOOTINFO_UNTYPED_MAX];
};

_Static_assert(offsetof(struct bootinfo, image_paging) == 88, "public layout");
_Static_assert(offsetof(struct bootinfo, untyped_list) == 184, "public layout");
_Static_assert(sizeof(struct bootinfo) == 3864, "public layout");

/* In front of every chunk of extra bootinfo. */
struct bootinfo_chunk {
        word id, length; /* bytes, this header included */
};
