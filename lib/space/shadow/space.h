/* SPDX-License-Identifier: BSD-2-Clause */
/* An address space as a record: what the shadow keeps it in, and what vspace/vspace.h works on. */
#pragma once

#include <cspace/cspace.h>
#include <sel4/sel4.h>
#include <ut/ut.h>

enum { VSPACE_NO_MEMORY = -1 };

/* How a page may be used.  Pages are cacheable and never executable unless said otherwise. */
enum vspace_flags {
        VSPACE_R = 1,
        VSPACE_W = 2,
        VSPACE_RW = VSPACE_R | VSPACE_W,
        VSPACE_X = 4,
        VSPACE_RX = VSPACE_R | VSPACE_X,
        VSPACE_DEVICE = 8, /* not cached, strictly ordered */
        VSPACE_LARGE = 16, /* new_pages: use 2 MiB pages where alignment and length allow */
};

enum vspace_kind {
        VSPACE_EMPTY = 0,
        VSPACE_TABLE,    /* only inside */
        VSPACE_PAGE,     /* a frame is mapped here */
        VSPACE_RESERVED, /* kept free on purpose (guard) or taken by something the library did not map */
};

struct vspace_table;

typedef struct vspace {
        seL4_CPtr root;   /* the VSpace capability */
        cspace_t *cspace; /* holds root, frames and tables */
        ut_t *root_ut;    /* NULL: not ours (the root task's own) */
        struct vspace_table *top;
        struct vspace *next;          /* all address spaces, for map_frame */
        seL4_Word window, window_end; /* where pages "somewhere" go */
        seL4_Word hint;
        size_t pages, tables; /* live mappings and tables */
        size_t threads;       /* of the threads library, here */
        bool automatic;       /* books made by map_frame for an unknown VSpace */
} vspace_t;
