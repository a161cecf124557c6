/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory for devices: physically contiguous, at a known physical address, cleaned out of the caches.
 *
 *      dma_start(&cspace);                                 2 MiB of one large page (or dma_init with a frame of one's own)
 *      dma_addr_t ring = sos_dma_malloc(4096, 4096);       write through vaddr, tell the device paddr
 *      sos_dma_cache_clean(ring.vaddr, bytes);             before the device reads what was written
 *      sos_dma_cache_invalidate(ring.vaddr, bytes);        before reading what the device wrote
 *      sos_dma_free(ring);
 *
 * Pieces are multiples of 128 bytes (no two share a cache line), first fit; O(pool).  Freeing what is not a piece is refused
 * and reported.
 */
#pragma once

#include <cspace/cspace.h>
#include <sel4/sel4.h>
#include <stddef.h>
#include <stdint.h>

enum { DMA_SIZE_BITS = 21, DMA_UNIT = 128 };

typedef struct {
        uintptr_t vaddr, paddr; /* both 0: none */
} dma_addr_t;

/* Take a large page for the pool and map it.  0, or -1 without memory (reported). */
int dma_start(cspace_t *cspace);

/* The same over a large frame that is mapped at `vstart` already; `pstart` is its physical address.  0, or
 * seL4_InvalidArgument when there is no such frame. */
int dma_init(cspace_t *cspace, seL4_CPtr vspace, seL4_CPtr frame, uintptr_t pstart, uintptr_t vstart);

/* `align`: a power of two up to the pool's size (0: DMA_UNIT). */
dma_addr_t sos_dma_malloc(size_t size, int align);
void sos_dma_free(dma_addr_t piece);

/* Bytes that are handed out. */
size_t sos_dma_used(void);

/* 0 outside of the pool. */
uintptr_t sos_dma_phys_to_virt(uintptr_t paddr);
uintptr_t sos_dma_virt_to_phys(uintptr_t vaddr);

/* For a range of the pool; kernel errors, seL4_RangeError outside. */
seL4_Error sos_dma_cache_clean(uintptr_t vaddr, size_t size);
seL4_Error sos_dma_cache_invalidate(uintptr_t vaddr, size_t size);
seL4_Error sos_dma_cache_clean_invalidate(uintptr_t vaddr, size_t size);
