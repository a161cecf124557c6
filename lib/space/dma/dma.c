/* SPDX-License-Identifier: BSD-2-Clause */
/* One pool.  Two bits per unit: taken, and first of a piece. */
#include <cspace/bitfield.h>
#include <dma/dma.h>
#include <sel4/report.h>
#include <vspace/vspace.h>

enum { BYTES = 1 << DMA_SIZE_BITS, UNITS = BYTES / DMA_UNIT, WORDS = UNITS / BF_WORD_BITS };

static struct {
        seL4_CPtr vspace;
        uintptr_t pstart, vstart; /* vstart 0: no pool */
        size_t used;
        unsigned long taken[WORDS], first[WORDS];
} pool;

int dma_init(cspace_t *cspace, seL4_CPtr vspace, seL4_CPtr frame, uintptr_t pstart, uintptr_t vstart)
{
        seL4_ARM_Page_GetAddress_t address = seL4_ARM_Page_GetAddress(frame);

        (void)cspace;
        if (address.error || address.paddr != pstart || !vstart) {
                report("dma_init: no frame at 0x%lx", (unsigned long)pstart);
                return seL4_InvalidArgument;
        }
        pool.vspace = vspace;
        pool.pstart = pstart;
        pool.vstart = vstart;
        pool.used = 0;
        for (unsigned i = 0; i < WORDS; i++)
                pool.taken[i] = pool.first[i] = 0;
        return seL4_NoError;
}

int dma_start(cspace_t *cspace)
{
        vspace_t *own = vspace_own();
        void *memory = vspace_new_pages(own, 0, BYTES >> seL4_PageBits,
                                        (enum vspace_flags)(VSPACE_RW | VSPACE_LARGE));
        vspace_mapping_t mapping = vspace_lookup(own, (seL4_Word)memory);

        if (!memory || mapping.size_bits != DMA_SIZE_BITS) {
                report("dma_start: no large page");
                if (memory)
                        vspace_free_pages(own, memory, BYTES >> seL4_PageBits);
                return -1;
        }
        return dma_init(cspace, own->root, mapping.frame, mapping.paddr, (uintptr_t)memory);
}

/* The first run of `count` free units that begins at a multiple of `step`; UNITS if there is none. */
static size_t find_run(size_t count, size_t step)
{
        size_t start = 0;

        while (start + count <= UNITS) {
                size_t i = 0;

                while (i < count && !bf_get_bit(pool.taken, start + i))
                        i++;
                if (i == count)
                        return start;
                start = (start + i + 1 + step - 1) & ~(step - 1);
        }
        return UNITS;
}

dma_addr_t sos_dma_malloc(size_t size, int align)
{
        size_t count = (size + DMA_UNIT - 1) / DMA_UNIT;
        size_t step = align > DMA_UNIT ? (size_t)align / DMA_UNIT : 1;
        size_t start;
        dma_addr_t none = {0, 0};

        if (!pool.vstart || !size || size > BYTES || align < 0 || (align & (align - 1)) || step > UNITS)
                return none;
        start = find_run(count, step);
        if (start == UNITS)
                return none;
        for (size_t i = 0; i < count; i++)
                bf_set_bit(pool.taken, start + i);
        bf_set_bit(pool.first, start);
        pool.used += count * DMA_UNIT;
        (void)sos_dma_cache_clean_invalidate(pool.vstart + start * DMA_UNIT, count * DMA_UNIT);
        return (dma_addr_t){pool.vstart + start * DMA_UNIT, pool.pstart + start * DMA_UNIT};
}

void sos_dma_free(dma_addr_t piece)
{
        size_t unit = (piece.vaddr - pool.vstart) / DMA_UNIT;

        if (!sos_dma_virt_to_phys(piece.vaddr) || (piece.vaddr - pool.vstart) % DMA_UNIT ||
            !bf_get_bit(pool.first, unit)) {
                report("sos_dma_free: 0x%lx is not a piece of the pool", (unsigned long)piece.vaddr);
                return;
        }
        bf_clr_bit(pool.first, unit);
        do {
                bf_clr_bit(pool.taken, unit);
                pool.used -= DMA_UNIT;
                unit++;
        } while (unit < UNITS && bf_get_bit(pool.taken, unit) && !bf_get_bit(pool.first, unit));
}

size_t sos_dma_used(void)
{
        return pool.used;
}

uintptr_t sos_dma_phys_to_virt(uintptr_t paddr)
{
        return pool.vstart && paddr - pool.pstart < BYTES ? paddr - pool.pstart + pool.vstart : 0;
}

uintptr_t sos_dma_virt_to_phys(uintptr_t vaddr)
{
        return pool.vstart && vaddr - pool.vstart < BYTES ? vaddr - pool.vstart + pool.pstart : 0;
}

static bool in_pool(uintptr_t vaddr, size_t size)
{
        return sos_dma_virt_to_phys(vaddr) && size <= BYTES - (vaddr - pool.vstart);
}

seL4_Error sos_dma_cache_clean(uintptr_t vaddr, size_t size)
{
        return in_pool(vaddr, size) ? (seL4_Error)seL4_ARM_VSpace_Clean_Data(pool.vspace, vaddr, vaddr + size)
                                    : seL4_RangeError;
}

seL4_Error sos_dma_cache_invalidate(uintptr_t vaddr, size_t size)
{
        return in_pool(vaddr, size)
                       ? (seL4_Error)seL4_ARM_VSpace_Invalidate_Data(pool.vspace, vaddr, vaddr + size)
                       : seL4_RangeError;
}

seL4_Error sos_dma_cache_clean_invalidate(uintptr_t vaddr, size_t size)
{
        return in_pool(vaddr, size)
                       ? (seL4_Error)seL4_ARM_VSpace_CleanInvalidate_Data(pool.vspace, vaddr, vaddr + size)
                       : seL4_RangeError;
}
