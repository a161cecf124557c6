/* SPDX-License-Identifier: BSD-2-Clause */
/* The loader's hand-over to the kernel: everything the kernel knows of the machine and of the image.
 *
 * The loader is the only parser of device trees and ELF files; it fills this flat record, and the kernel
 * copies what it needs and never looks at the record again.  All addresses are physical unless named `va`;
 * all ranges are half open.  Both sides are built from this header, and `size` guards against a mismatch.
 *
 * At entry to the kernel: EL1, MMU and caches on, all interrupts masked, x0 = address of the record inside
 * the kernel's physical window, SP undefined, one core (the others are left powered off).
 *
 * Kernel virtual layout, made by the loader:
 *      WINDOW_BASE + p   all RAM (Normal, write-back) and all device space below 2^39 - 2^30 (Device-nGnRE),
 *                        read/write, never executable
 *      IMAGE_BASE        the kernel image, wherever it lies in RAM; text read-only and executable,
 *                        the rest never executable
 *
 * An image with the hypervisor interface (options.hypervisor) is entered at EL2 instead, which has no upper half: there all
 * of this lies EL2_DOWN lower, addresses in the image's constants have been moved accordingly, and the instructions that
 * the image lists have been replaced (struct handover_face).
 */
#pragma once

#include <stdint.h>

#define HANDOVER_MAGIC 0x5465737365726132ull /* "Tessera2" */

#define WINDOW_BASE 0xffffff8000000000ull
#define WINDOW_SIZE ((1ull << 39) - (1ull << 30))
#define IMAGE_BASE  0xffffffffc0000000ull
#define EL2_DOWN    0xffffff0000000000ull

enum {
        HANDOVER_RAM_MAX = 32,
        HANDOVER_DEVICE_MAX = 8,
        HANDOVER_REG_MAX = 8,
        HANDOVER_COMPATIBLE = 32,
        HANDOVER_CORES_MAX = 8,
        HANDOVER_DOMAINS_MAX = 64, /* ready queues are static: docs/decisions/004 */
};

struct handover_range {
        uint64_t start, end;
};

/* A device the kernel itself may drive, found by its `compatible` string.  The machine as a whole (the root node) is a
 * row without registers if the kernel has a rule for it: "linux,dummy-virt", QEMU's board, where users may ask for
 * interrupts up to 159 whatever the controller has. */
struct handover_device {
        char compatible[HANDOVER_COMPATIBLE]; /* first string the loader knows, zero padded */
        struct handover_range
                reg[HANDOVER_REG_MAX]; /* register windows in device-tree order; unused ones 0,0 */
        uint64_t stride;  /* of a GICv3: bytes from redistributor to redistributor, 0: by their type */
        uint32_t regions; /* of a GICv3: how many of reg[1..] are redistributors */
        uint32_t flags;   /* HANDOVER_PSCI_* */
};

#define HANDOVER_PSCI_HVC 2u /* firmware calls (compatible "arm,psci-0.2" or "arm,psci-1.0") by HVC */
#define HANDOVER_PSCI_SMC 4u /* the same by SMC; neither flag: no way to call it is known */

/* A write to a register: bits of `clear` go, bits of `set` come; `clear` all ones: written without being read. */
struct handover_step {
        int32_t at; /* bytes from the base */
        uint32_t clear, set;
};

enum { HANDOVER_STEPS = 2 };

/* How the console sends a byte, as the loader has looked it up in the table of serial lines: wait while the bits `mask` of
 * `status` are `full`; take the steps of `before`; write the byte at `data`; clear the bits `after` of `status`.  Offsets and
 * widths are in bytes; every register but `data` is `width` wide. */
struct handover_uart {
        char name[HANDOVER_COMPATIBLE]; /* of the type */
        uint64_t base;                  /* 0: no console */
        uint32_t data, status;
        uint32_t data_width, width;
        uint32_t mask, full, after, befores;
        struct handover_step before[HANDOVER_STEPS];
};

/* Run-time switches, written into the image header by mkimage. */
struct handover_options {
        uint32_t cnode_bits; /* radix of the root CNode, default 13 */
        uint32_t domains;    /* number of domains, 1..HANDOVER_DOMAINS_MAX, default 1 */
        uint32_t exports;    /* HANDOVER_EXPORT_* */
        uint32_t extensions; /* TESSERA_EXTENSION_* of tessera/extensions.h, default 0 */
        uint32_t
                long_ways; /* 1: the debug kernel takes no short path through a system call; the release kernel does */
        uint32_t hypervisor; /* 0: the interface of EL1; 40, 44: that of EL2 with so many address bits */
        uint64_t device_top; /* device memory is given away below this physical address, at most 1 << 44 */
        uint32_t cores;      /* that may be started, and with more than 1 the interface of several cores */
        uint32_t spare;
};

/* A core beside the one that boots.  The loader starts it; it enters the kernel at the same level, on a map that has other pages in
 * the place of the kernel's own ones (struct handover_face), at `secondary`: x0 = the address of the record in the window, x1 =
 * its row there.  Its first act is to exchange `state`: the loader, which does not wait for ever, may have done so before. */
enum handover_core_state {
        HANDOVER_CORE_STARTED,
        HANDOVER_CORE_HERE, /* by itself */
        HANDOVER_CORE_LATE, /* by the loader: it is not counted on any more, and must stay where it is */
        HANDOVER_CORE_GO,   /* by the kernel's first core */
        HANDOVER_CORE_RUNS, /* by itself: it waits at the door */
};

struct handover_core {
        uint64_t mpidr;
        uint64_t page;  /* physical address of the last of its own pages */
        uint32_t state; /* enum handover_core_state */
        uint32_t spare;
};

/* At IMAGE_BASE + HANDOVER_FACE_AT of the kernel image; every address is relative to IMAGE_BASE.  Where the image runs
 * elsewhere than it was linked, its constants are moved: every whole word of them whose value lies in the image is an address, and
 * there is no other (tools/check-addresses). */
#define HANDOVER_FACE_MAGIC 0x6563614661726554ull /* "TeraFace" */
#define HANDOVER_FACE_AT    0x7c0
struct handover_face {
        uint64_t magic;
        uint64_t constants,
                constants_end; /* aligned words; behind them struct handover_window, up to `alternatives` */
        uint64_t end;          /* of the image in memory */
        uint64_t alternatives, alternatives_end; /* struct handover_alternative */
        uint64_t own, own_end;                   /* whole pages that each core has of its own, all zero */
        uint64_t secondary;                      /* where other cores enter */
};

/* The instruction `at` bytes from here is an ORR of WINDOW_BASE: for EL2, of where the window is there. */
struct handover_window {
        int32_t at;
};

/* For EL2, the instruction `at` bytes from here is this one; with bit 0 of `at` only where spaces have 44 bits, after those
 * without; with bit 1 not for EL2 but for several cores, and with both bits for several cores at EL2, after all of these.  A plain
 * branch says where from here it leads. */
struct handover_alternative {
        int32_t at;
        uint32_t instruction;
};

/* Counters and timers have the places of their bits in CNTKCTL_EL1. */
#define HANDOVER_EXPORT_PCNT 0x001u /* user level may read CNTPCT_EL0 and CNTFRQ_EL0 */
#define HANDOVER_EXPORT_VCNT 0x002u /* user level may read CNTVCT_EL0 and CNTFRQ_EL0 */
#define HANDOVER_EXPORT_PMU  0x004u /* user level may use the performance counters */
#define HANDOVER_EXPORT_VTMR                                                                                 \
        0x100u /* user level may use CNTV_*_EL0: never where the kernel keeps time by it */
#define HANDOVER_EXPORT_SMC                                                                                  \
        0x400u /* the root task gets the cap of firmware calls by SMC, where firmware is called so */
#define HANDOVER_EXPORT_PTMR 0x200u /* user level may use CNTP_*_EL0 */

struct handover {
        uint64_t magic;
        uint64_t size; /* sizeof(struct handover) */

        struct handover_range kernel; /* the kernel image and its page tables; never given away */
        struct handover_range dtb;    /* the device tree blob, exact bytes; 0,0 if none */
        struct handover_range root;   /* the root image, page aligned, segments expanded, gaps zero */
        uint64_t root_va;             /* virtual address of root.start, page aligned */
        uint64_t root_entry_va;       /* ELF entry point */
        uint64_t user_pt_root;        /* physical address of an empty TTBR0 table (4 KiB, inside kernel) */

        struct handover_options options;
        uint64_t
                core_count; /* rows of `core`: the one that boots, then others, also those that are late; 0 for an image for one */
        struct handover_core core[HANDOVER_CORES_MAX];

        uint64_t timer_irq; /* line of the kernel's timer: EL1 virtual, 27 on most boards; EL2 physical, 26 */
        uint64_t guest_timer_irq,
                maintenance_irq; /* at EL2: virtual timer, virtual interrupt interface; else 0 */
        uint64_t timer_hertz;    /* what the device tree says of it, 0: CNTFRQ_EL0 is right */
        struct handover_uart console;
        uint64_t ram_count; /* usable RAM, ascending, disjoint, page aligned, /reserved taken out */
        struct handover_range ram[HANDOVER_RAM_MAX];
        uint64_t reserved_count; /* RAM withheld by firmware (/memreserve/, /reserved-memory), ascending */
        struct handover_range reserved[HANDOVER_RAM_MAX];
        uint64_t device_count;
        struct handover_device device[HANDOVER_DEVICE_MAX];
};
