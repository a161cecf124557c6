/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared memory as one object: pages, and every place where they are mapped.
 *
 *      struct shm shm;
 *      shm_create(&shm, 64 * 1024);                                    seen at shm.memory by the caller
 *      at = shm_map(&shm, &process.vspace, 0, VSPACE_R);               and there by the process
 *      shm_leave(&process.vspace);                                     before that address space is destroyed
 *      shm_destroy(&shm);                                              everywhere gone, memory back
 *
 * Each mapping has capabilities of its own.  Cost per mapping: 48 bytes, and the slots and tables of its pages.
 */
#pragma once

#include <vspace/vspace.h>

struct shm_view;

struct shm {
        void *memory; /* in the caller's address space; NULL: none */
        size_t pages;
        unsigned views; /* other mappings */
        struct shm_view *first;
        struct shm *next; /* all of them, for shm_leave */
};

/* At least `bytes` zeroed bytes.  0, or -1 without memory. */
int shm_create(struct shm *shm, size_t bytes);

/* Show all of it in `vspace` at `vaddr` (0: somewhere).  The address, 0 on failure (nothing is mapped then). */
seL4_Word shm_map(struct shm *shm, vspace_t *vspace, seL4_Word vaddr, enum vspace_flags flags);

/* Take it out of `vspace`, every mapping there.  seL4_InvalidArgument if there was none. */
int shm_unmap(struct shm *shm, vspace_t *vspace);

/* Take all shared memory out of `vspace`; how many mappings there were. */
unsigned shm_leave(vspace_t *vspace);

void shm_destroy(struct shm *shm);
