/* SPDX-License-Identifier: BSD-2-Clause */
/* Page tables: the loader's identity maps and the kernel's TTBR1 half.
 *
 * RAM that belongs to us is Normal write-back, everything else Device-nGnRE, so nothing is read speculatively from
 * registers or from memory that firmware keeps.  Each map uses the largest blocks that its borders allow.
 * Identity maps are not global and each has its own ASID: two of them may be alive while one replaces the
 * other, with blocks of other sizes in the TLB.
 */
#include "lib/program/elf/elf64.h"
#include "loader/loader.h"

enum {
        EARLY_PAGES = 8,    /* the root, one level below, and four 1 GiB spaces that are split */
        MACHINE_PAGES = 32, /* the same, and a split for each odd border of RAM */
        INDEX_DEVICE = 1,   /* in MAIR: Device-nGnRE */
        INDEX_NORMAL = 4,   /* Normal, write-back */
};

#define MAIR 0xaaff440c0400ull

#define TCR_SIZE_48   (16ull << 16 | 16ull)
#define TCR_WALK_WB   (0x3500ull << 16 | 0x3500ull) /* inner shareable, write-back, for both halves */
#define TCR_4K_TTBR1  (2ull << 30)
#define TCR_NO_TTBR1  (1ull << 23)
#define TCR_ASID_16   (1ull << 36)
#define TCR_IPS_SHIFT 32

#define PTE_VALID     1ull
#define PTE_PAGE      2ull /* a table above the last level */
#define PTE_READ_ONLY (1ull << 7)
#define PTE_SHARED    (3ull << 8)
#define PTE_ACCESSED  (1ull << 10)
#define PTE_NOT_ALL   (1ull << 11)
#define PTE_PXN       (1ull << 53)
#define PTE_UXN       (1ull << 54)
#define PTE_ADDRESS   0x0000fffffffff000ull

#define PTE_LEAF   (PTE_VALID | PTE_ACCESSED | PTE_UXN)
#define PTE_NORMAL (PTE_LEAF | PTE_SHARED | INDEX_NORMAL << 2)
#define PTE_DEVICE (PTE_LEAF | PTE_PXN | INDEX_DEVICE << 2)

static unsigned char early_pages[EARLY_PAGES * PAGE] __attribute__((aligned(PAGE)));
static unsigned char machine_pages[MACHINE_PAGES * PAGE] __attribute__((aligned(PAGE)));

/* Maps all of the physical space below the window's size, at `offset` in a virtual space. */
struct view {
        struct space *space;
        uint64_t offset;
        uint64_t leaf; /* additional bits of every entry */
};

uint64_t space_page(struct space *space)
{
        uint64_t page = space->next;

        if (page + PAGE > space->end)
                stop("RAM has too many unaligned borders for the loader's page tables");
        space->next = page + PAGE;
        for (uint64_t *word = pointer_to(page); word < (uint64_t *)pointer_to(space->next); word++)
                *word = 0; /* not memset: it may use DC ZVA, which faults while the MMU is off */
        return page;
}

static uint64_t *entry_at(struct space *space, uint64_t va, unsigned level)
{
        uint64_t *table = pointer_to(space->root);

        for (unsigned i = 0;; i++) {
                uint64_t *entry = table + (va >> (39 - 9 * i) & 511);

                if (i == level)
                        return entry;
                if (!(*entry & PTE_VALID))
                        *entry = space_page(space) | PTE_PAGE | PTE_VALID;
                table = pointer_to(*entry & PTE_ADDRESS);
        }
}

static uint64_t leaf_of(const struct space *space, uint64_t leaf)
{
        return space->el2 ? el2_leaf(leaf) : leaf;
}

/* Maps a range that is page-aligned and not mapped yet. */
static void map_range(const struct view *v, struct handover_range physical, uint64_t bits)
{
        uint64_t pa = physical.start;

        while (pa < physical.end) {
                uint64_t va = pa + v->offset;
                unsigned level = 1;
                uint64_t size = 1ull << 30;

                while (level < 3 && (((pa | va) & (size - 1)) != 0 || physical.end - pa < size)) {
                        level++;
                        size >>= 9;
                }
                *entry_at(v->space, va, level) =
                        leaf_of(v->space, pa | bits | v->leaf | (level == 3 ? PTE_PAGE : 0));
                pa += size;
        }
}

/* Maps the ranges (ascending, disjoint) as Normal memory, everything else as Device. */
static void map_view(const struct view *v, const struct handover_range *normal, uint64_t count)
{
        uint64_t reached = 0;

        for (uint64_t i = 0; i < count; i++) {
                map_range(v, (struct handover_range){reached, normal[i].start}, PTE_DEVICE);
                map_range(v, normal[i], PTE_NORMAL);
                reached = normal[i].end;
        }
        map_range(v, (struct handover_range){reached, WINDOW_SIZE}, PTE_DEVICE);
}

static uint64_t translation_control(void)
{
        uint64_t features, sizes;

        __asm__("mrs %0, id_aa64mmfr0_el1" : "=r"(features));
        sizes = features & 15;
        return TCR_SIZE_48 | TCR_WALK_WB | TCR_4K_TTBR1 | TCR_NO_TTBR1 |
               ((features >> 4 & 15) == 2 ? TCR_ASID_16 : 0) | (sizes < 5 ? sizes : 5) << TCR_IPS_SHIFT;
}

static void use_identity(struct space space, const struct handover_range *normal, uint64_t count,
                         uint64_t asid)
{
        struct view identity = {.space = &space, .leaf = PTE_NOT_ALL};

        space.root = space_page(&space);
        map_view(&identity, normal, count);
        __asm__ volatile("dsb sy" ::: "memory");
        if (asid == 1)
                mmu_start(asid << 48 | space.root, MAIR, translation_control());
        else
                __asm__ volatile("msr ttbr0_el1, %0; isb" ::"r"(asid << 48 | space.root) : "memory");
}

static struct space space_in(unsigned char *pages, uint64_t size)
{
        return (struct space){.next = address_of(pages), .end = address_of(pages) + size};
}

/* Before anything is known: the 2 MiB blocks of the image and of the device tree.  What we have written so far
 * bypassed the caches, and lines that an earlier stage left in them must not hide it. */
void map_early(struct handover_range image, struct handover_range tree)
{
        struct handover_range low = image.start < tree.start ? image : tree;
        struct handover_range high = image.start < tree.start ? tree : image;
        struct handover_range normal[2];
        uint64_t count = 1;

        normal[0] = (struct handover_range){round_down(low.start, BLOCK), round_up(low.end, BLOCK)};
        normal[1] = (struct handover_range){round_down(high.start, BLOCK), round_up(high.end, BLOCK)};
        if (normal[1].start > normal[0].end)
                count = 2;
        else if (normal[1].end > normal[0].end)
                normal[0].end = normal[1].end;
        __asm__ volatile("dsb sy" ::: "memory");
        for (uint64_t line = address_of(image_start); line < address_of(image_end); line += 16)
                __asm__ volatile("dc ivac, %0" ::"r"(line) : "memory");
        use_identity(space_in(early_pages, sizeof(early_pages)), normal, count, 1);
}

void map_machine(struct list normal, uint64_t asid)
{
        use_identity(space_in(machine_pages, sizeof(machine_pages)), normal.range, *normal.count, asid);
}

void map_window(struct space *space, const struct handover *h)
{
        struct view window = {
                .space = space, .offset = WINDOW_BASE - (space->el2 ? EL2_DOWN : 0), .leaf = PTE_PXN};

        map_view(&window, h->ram, h->ram_count);
}

/* Maps one segment of the kernel image, page by page: it may share a block with a segment that has other rights. */
void map_segment(struct space *space, struct handover_range va, uint64_t pa, uint32_t flags)
{
        uint64_t bits = PTE_NORMAL | PTE_PAGE;

        bits |= flags & ELF64_W ? 0 : PTE_READ_ONLY;
        bits |= flags & ELF64_X ? 0 : PTE_PXN;
        for (; va.start < va.end; va.start += PAGE, pa += PAGE)
                *entry_at(space, va.start, 3) = leaf_of(space, pa | bits);
}

/* The table behind the entry for `va` at `level`: it becomes a copy if the space still shares it with the one that it was made from. */
static uint64_t *own_table(struct space *space, uint64_t *entry)
{
        uint64_t *from = pointer_to(*entry & PTE_ADDRESS), *to = pointer_to(space_page(space));

        for (unsigned i = 0; i < PAGE / sizeof(*to); i++)
                to[i] = from[i];
        *entry = address_of(to) | PTE_PAGE | PTE_VALID;
        return to;
}

/* A map like the one with `root`, but with other memory at the addresses `va`, which lie in one block of 2 MiB. */
void map_own_pages(struct space *space, uint64_t root, struct handover_range va, uint64_t pa)
{
        uint64_t entry = root, *table = own_table(space, &entry);

        space->root = address_of(table);
        for (unsigned level = 0; level < 3; level++)
                table = own_table(space, &table[va.start >> (39 - 9 * level) & 511]);
        for (; va.start < va.end; va.start += PAGE, pa += PAGE)
                table[va.start >> 12 & 511] = (table[va.start >> 12 & 511] & ~PTE_ADDRESS) | pa;
}

/* Makes what was written visible to instruction fetch; 16 bytes is the shortest cache line there is. */
void make_executable(uint64_t start, uint64_t end)
{
        uint64_t type, line;

        __asm__("mrs %0, ctr_el0" : "=r"(type));
        line = 4ull << (type >> 16 & 15);
        for (start = round_down(start, line); start < end; start += line)
                __asm__ volatile("dc cvau, %0" ::"r"(start) : "memory");
        __asm__ volatile("dsb ish; ic iallu; dsb ish; isb" ::: "memory");
}
