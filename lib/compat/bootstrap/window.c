/* SPDX-License-Identifier: BSD-2-Clause */
/* The window for bookkeeping pages: addresses go up by pages, and those given back are used again first.
 *
 * Addresses given back are remembered in a bit map of the whole window (32 KiB, static), because the window serves the
 * allocators themselves and cannot ask them for memory.  Tables of the window stay.
 */
#include <aos/mapping.h>
#include <book/book.h>
#include <bootstrap/bootstrap.h>
#include <sel4/report.h>

enum {
        WINDOW_PAGES = (BOOK_WINDOW_END - BOOK_WINDOW_START) / 4096,
        WINDOW_WORDS = WINDOW_PAGES / BF_WORD_BITS,
};

static unsigned long taken[WINDOW_WORDS];
static size_t lowest; /* no free page in words below this one */
static size_t tables;

static seL4_Word take_address(void)
{
        for (; lowest < WINDOW_WORDS; lowest++) {
                unsigned long bit = bf_first_free(1, &taken[lowest]);

                if (bit < BF_WORD_BITS) {
                        bf_set_bit(&taken[lowest], bit);
                        return BOOK_WINDOW_START + ((lowest * BF_WORD_BITS + bit) << seL4_PageBits);
                }
        }
        return 0;
}

static void give_address(seL4_Word vaddr)
{
        size_t n = (vaddr - BOOK_WINDOW_START) >> seL4_PageBits;

        bf_clr_bit(taken, n);
        lowest = n / BF_WORD_BITS < lowest ? n / BF_WORD_BITS : lowest;
}

void *bootstrap_cspace_map_frame(void *cookie, seL4_CPtr frame, seL4_CPtr free_slots[], seL4_Word *used)
{
        seL4_Word vaddr = cookie ? take_address() : 0;
        seL4_Error err;

        *used = 0;
        if (!vaddr)
                return NULL;
        err = map_frame_cspace(cookie, frame, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite,
                               (seL4_ARM_VMAttributes)(seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever),
                               free_slots, used);
        if (err) {
                give_address(vaddr);
                return NULL;
        }
        tables += (size_t)__builtin_popcountl(*used);
        return (void *)vaddr;
}

size_t bootstrap_window_tables(void)
{
        return tables;
}

void bootstrap_cspace_unmap_frame(void *cookie, seL4_CPtr frame, void *address)
{
        (void)cookie;
        (void)frame; /* deleting the capability unmaps it */
        give_address((seL4_Word)address);
}

void *bootstrap_cspace_alloc_4k_ut(void *cookie, seL4_CPtr *cap)
{
        ut_t *ut = ut_alloc_4k_untyped(NULL);

        (void)cookie;
        *cap = ut ? ut->cap : seL4_CapNull;
        return ut;
}

void bootstrap_cspace_free_4k_ut(void *cookie, void *untyped)
{
        (void)cookie;
        ut_free(untyped);
}

static void replenish(void *cookie)
{
        (void)cookie;
        ut_refill();
}

cspace_alloc_t bootstrap_alloc(cspace_t *cspace)
{
        return (cspace_alloc_t){
                .map_frame = bootstrap_cspace_map_frame,
                .alloc_4k_ut = bootstrap_cspace_alloc_4k_ut,
                .free_4k_ut = bootstrap_cspace_free_4k_ut,
                .cookie = cspace,
                .unmap_frame = bootstrap_cspace_unmap_frame,
                .replenish = replenish,
        };
}

void *bootstrap_map_frame(cspace_t *cspace, seL4_CPtr frame)
{
        seL4_CPtr slot[MAPPING_SLOTS] = {seL4_CapNull};
        seL4_Word used = 0;
        void *memory = NULL;
        bool ok = true;

        for (int i = 0; i < MAPPING_SLOTS; i++) {
                slot[i] = cspace_alloc_slot(cspace);
                ok = ok && slot[i] != seL4_CapNull;
        }
        if (ok)
                memory = bootstrap_cspace_map_frame(cspace, frame, slot, &used);
        for (int i = 0; i < MAPPING_SLOTS; i++) {
                if (!(used & (1ul << i)))
                        cspace_free_slot(cspace, slot[i]);
        }
        return memory;
}
