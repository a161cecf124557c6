/* SPDX-License-Identifier: BSD-2-Clause */
/* Dividing physical memory: a block for the first objects at the top, everything else to users as untyped caps.
 *
 * The kernel keeps nothing for later: after boot it never allocates.
 */
#include "arch/arch.h"
#include "boot/boot.h"
#include "console/log.h"
#include "core/platform.h"
#include "core/state.h"
#include "drv/drivers.h"
#include "vm/pte.h"

enum { SC_BITS = SCHED_CONTEXT_BITS_MIN, CNODE_BITS_MIN = PAGE_BITS - SLOT_BITS };

static struct handover_range in_window(struct handover_range r)
{
        return (struct handover_range){min_word(r.start, WINDOW_SIZE), min_word(r.end, WINDOW_SIZE)};
}

static void print_regions(const struct regions *r, const char *what)
{
        print_debug("%s: %lu\n", what, r->count);
        for (word i = 0; i < r->count; i++)
                print_debug("  [%lx..%lx)\n", r->range[i].start, r->range[i].end);
}

/* What lies in RAM and stays: kernel addresses, in the order in which the loader places them. */
static void print_reserved(const struct boot *b)
{
        const struct handover_range *r[] = {&b->h.kernel, &b->h.dtb, &b->h.root};

        print_debug("reserved virtual address space regions: %d\n", 3);
        for (word i = 0; i < 3; i++)
                print_debug("  [%p..%p)\n", window(r[i]->start), window(r[i]->end));
}

void carve_free(struct boot *b)
{
        struct regions *f = &b->free;

        f->count = 0;
        f->lost = false;
        for (word i = 0; i < b->h.ram_count; i++)
                regions_add(f, in_window(b->h.ram[i]));
        if (f->count == 0)
                boot_stop("no RAM");
        platform.ram_start = f->range[0].start;
        platform.ram_end = f->range[f->count - 1].end;
        print_regions(f, "available physical memory regions");
        print_reserved(b);
        regions_remove(f, b->h.kernel);
        regions_remove(f, b->h.dtb);
        regions_remove(f, b->h.root);
}

/* Sizes of the block, and its alignment. */
static word block_bytes(const struct boot *b)
{
        word tables = b->user.table_count[0] + b->user.table_count[1] + b->user.table_count[2];

        return bit(b->h.options.cnode_bits + SLOT_BITS) + bit(pte_root_bits()) +
               (3 + tables) * bit(PAGE_BITS) + bit(TCB_BITS) + bit(SC_BITS) +
               (b->at.extra_bits ? bit(b->at.extra_bits) : 0);
}

static word block_alignment(const struct boot *b)
{
        return max_word(max_word(b->h.options.cnode_bits + SLOT_BITS, pte_root_bits()), b->at.extra_bits);
}

static word take(word *next, word size)
{
        word at = *next;

        *next += size;
        return at;
}

/* The extra bootinfo, if it is as large as the next object and has no place yet. */
static void lay_out_extra(struct placement *p, word *next, word bits)
{
        if (p->extra == 0 && p->extra_bits > 0 && p->extra_bits >= bits)
                p->extra = take(next, bit(p->extra_bits));
}

/* Large objects first, so that everything is aligned to its size. */
static void lay_out(struct boot *b, word start)
{
        struct placement *p = &b->at;
        word next = start, page = bit(PAGE_BITS), cnode = b->h.options.cnode_bits + SLOT_BITS,
             root = pte_root_bits();
        word tables = b->user.table_count[0] + b->user.table_count[1] + b->user.table_count[2];

        p->extra = 0;
        lay_out_extra(p, &next, block_alignment(b));
        if (cnode > root)
                p->cnode = take(&next, bit(cnode));
        lay_out_extra(p, &next, root);
        p->vspace = take(&next, bit(root));
        lay_out_extra(p, &next, cnode);
        if (cnode <= root)
                p->cnode = take(&next, bit(cnode));
        lay_out_extra(p, &next, 0);
        p->pool = take(&next, page);
        p->buffer = take(&next, page);
        p->info = take(&next, page);
        p->tables = take(&next, tables * page);
        p->tcb = take(&next, bit(TCB_BITS));
        p->sc = take(&next, bit(SC_BITS));
        p->all = (struct handover_range){start, next};
}

/* The highest region that can hold the block at its very end; the block is cleared. */
void carve_place(struct boot *b)
{
        word size = block_bytes(b), bits = block_alignment(b);

        if (b->h.options.cnode_bits < CNODE_BITS_MIN)
                boot_stop("the root CNode is too small");
        for (word i = b->free.count; i-- > 0;) {
                struct handover_range r = b->free.range[i];
                word start = align_down(r.end - min_word(size, r.end), bits);

                if (range_size(r) < size || start < r.start)
                        continue;
                lay_out(b, start);
                regions_remove(&b->free, b->at.all);
                arch_clear(window(start), align_up(size, 4));
                return;
        }
        boot_stop("no RAM region can hold the root CNode and the first thread");
}

static void provide_untyped(struct boot *b, word paddr, word bits, bool device)
{
        struct bootinfo *info = b->info;
        word n = b->next_slot - info->untyped.start;

        if (n == BOOTINFO_UNTYPED_MAX) {
                print_debug("untyped memory at %lx (%lu bits) is lost: the bootinfo list is full\n", paddr,
                            bits);
                return;
        }
        info->untyped_list[n] =
                (struct untyped_description){.paddr = paddr, .bits = (uint8_t)bits, .is_device = device};
        /* The watermark of RAM starts at the end, so that the first retype clears it. */
        boot_provide(b, cap_untyped(paddr, bits, device, device ? 0 : bit(bits)));
}

static void provide_range(struct boot *b, struct handover_range r, bool device)
{
        while (r.start < r.end) {
                word bits = piece_bits(r);

                if (bits >= UNTYPED_BITS_MIN)
                        provide_untyped(b, r.start, bits, device);
                r.start += bit(bits);
        }
}

/* Pages that belong to somebody else only in part are not given away either. */
static void withhold(struct regions *r, struct handover_range taken)
{
        taken.start = align_down(taken.start, PAGE_BITS);
        taken.end = align_up(taken.end, PAGE_BITS);
        regions_remove(r, taken);
}

/* Everything below the top that the image names that is neither RAM nor the kernel's interrupt controller. */
static void provide_devices(struct boot *b)
{
        struct handover_range withheld[DRIVERS_WITHHELD_MAX];
        struct regions r = {.count = 0};
        word n = drivers_withheld(&b->h, withheld);

        regions_add(&r, (struct handover_range){0, b->h.options.device_top});
        for (word i = 0; i < n; i++)
                withhold(&r, withheld[i]);
        for (word i = 0; i < b->h.reserved_count; i++)
                withhold(&r, b->h.reserved[i]);
        for (word i = 0; i < b->h.ram_count; i++)
                withhold(&r, in_window(b->h.ram[i]));
        withhold(&r, b->h.kernel);
        withhold(&r, b->h.dtb);
        withhold(&r, b->h.root);
        if (r.lost)
                boot_stop("too many memory regions");
        for (word i = 0; i < r.count; i++)
                provide_range(b, r.range[i], true);
}

void carve_untyped(struct boot *b)
{
        b->info->untyped.start = b->next_slot;
        provide_devices(b);
        if (b->free.lost)
                boot_stop("too many memory regions");
        for (word i = 0; i < b->free.count; i++)
                provide_range(b, b->free.range[i], false);
        b->info->untyped.end = b->next_slot;
}
