/* SPDX-License-Identifier: BSD-2-Clause */
/* What the builder passes to the root task of a system of protection domains: objects to make, where to put them, threads to start.
 *
 * The record and the arrays behind it, in the order of `enum system_part`, lie page-aligned in the root task's image; behind
 * them, in whole pages, what protection domains are to find in their memory.  `slot` is always an offset from the first
 * empty slot that the kernel reports; the builder assigns them (but see SYSTEM_IMAGE).  All numbers are little-endian.
 */
#pragma once

#include <stdint.h>

#define SYSTEM_MAGIC 0x6d65747379734b4dull /* "MKsystem" */

enum {
        SYSTEM_VERSION = 2,
        SYSTEM_NAME = 64,
        SYSTEM_NONE = 0xffffffffu,     /* no slot */
        SYSTEM_FIRMWARE = 0xfffffffeu, /* the root task's capability of calls to the firmware */
        SYSTEM_IMAGE = 0x80000000u, /* set in a slot: no slot, but the frame of this page of the contents */
};

enum system_part {
        PART_REGION,  /* struct system_region */
        PART_OBJECTS, /* struct system_objects */
        PART_PATCH,   /* struct system_patch */
        PART_COPY,    /* struct system_copy */
        PART_TABLE,   /* struct system_table */
        PART_MAP,     /* struct system_map */
        PART_CAP,     /* struct system_cap */
        PART_IRQ,     /* struct system_irq */
        PART_THREAD,  /* struct system_thread */
        PART_ENTRY,   /* struct system_entry */
        PARTS,
};

struct system_record {
        uint64_t magic, version;
        uint64_t image;   /* address of the first page of contents in the root task */
        uint64_t end;     /* of the root task's image */
        uint64_t scratch; /* slots from here on are free for the root task's own use */
        uint64_t domain_start;
        struct {
                uint64_t offset; /* from this record */
                uint64_t count;
        } part[PARTS];
};

/* Frames that follow each other in physical memory: at `paddr`, or, if that is 0 and FLOATING is set, anywhere in RAM. */
struct system_region {
        char name[SYSTEM_NAME];
        uint64_t paddr;
        uint32_t page_bits, count;
        uint32_t slot; /* of the first frame */
        uint32_t flags;
};

enum { REGION_FLOATING = 1 };

/* `count` objects of a type, in neighbouring slots; larger objects come first. */
struct system_objects {
        uint32_t type, size_bits, count, slot;
        uint32_t bytes_bits; /* what one takes, log2 */
        uint32_t spare;
};

/* The physical address of a region is written to this place in the contents. */
struct system_patch {
        uint64_t offset; /* from the first page of contents */
        uint32_t region, spare;
};

/* `bytes` from the contents at `offset` to the beginning of frames; or the extra boot information of `kind` (contents and
 * `offset` unused), cut at `bytes`. */
struct system_copy {
        uint64_t offset, bytes;
        uint32_t slot, page_bits;
        uint32_t kind; /* 0: from the contents */
        uint32_t executable;
};

/* A page table of an address space. */
struct system_table {
        uint64_t vaddr;
        uint32_t slot, vspace;
};

/* Frames in an address space.  `copy` is the slot of the first of `count` copies to be mapped, SYSTEM_NONE: the frames
 * themselves. */
struct system_map {
        uint64_t vaddr;
        uint32_t slot, copy, count, page_bits, vspace;
        uint32_t flags; /* MAP_* */
};

enum {
        MAP_WRITE = 1,
        MAP_EXECUTE = 2,
        MAP_UNCACHED = 4,
        MAP_CLEAN = 8 /* uncached RAM: out of the caches first */
};

/* A copy of the capability in `source` at `index` of a CNode. */
struct system_cap {
        uint64_t index, badge;
        uint32_t cnode, depth, source, rights;
};

struct system_irq {
        uint64_t badge;
        uint32_t irq, trigger;
        uint32_t handler, notification, signal; /* slots; `signal` takes the badged notification */
        uint32_t cpu;                           /* that takes it, where there are several */
};

struct system_thread {
        char name[SYSTEM_NAME];
        uint64_t entry, stack, buffer;  /* no buffer: 0, and no frame */
        uint64_t budget, period, badge; /* microseconds */
        uint64_t cspace_data;           /* guard of the CSpace's root */
        uint32_t tcb, vspace, cspace, frame, sc;
        uint32_t fault;        /* endpoint with its badge, SYSTEM_NONE without */
        uint32_t notification; /* to be bound, or SYSTEM_NONE */
        uint32_t priority, domain, fpu, cpu;
        uint32_t vcpu; /* of a guest, which its parent starts; SYSTEM_NONE: a thread that runs */
        uint32_t spare;
};

struct system_entry {
        uint64_t index, duration;
        uint32_t domain, spare;
};
