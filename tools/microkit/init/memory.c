/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes the objects of the system from the memory of the machine.
 *
 * Owns the untyped memory: how much of each piece is used.  Regions with an address come first, because what lies below them in
 * the same piece must be made into smaller pieces; those of RAM serve the rest.  The kernel clears a piece as a whole at its
 * first use, so small pieces are used before large ones.
 */
#include "tools/microkit/init/init.h"

enum { PIECES = 1024 };

static struct piece {
        seL4_CPtr cap;
        seL4_Word start, bits, used;
        bool device;
} piece[PIECES];
static seL4_Word pieces, scratch;

seL4_CPtr memory_scratch(void)
{
        if (slot_of((uint32_t)(system_address->scratch + scratch)) >= boot_info->empty.end)
                stop("the root CNode is full: pack the system with more slots (--cnode-bits)", "",
                     boot_info->empty.end);
        return slot_of((uint32_t)(system_address->scratch + scratch++));
}

static seL4_Word align_up(seL4_Word value, seL4_Word bits)
{
        return (value + (1ul << bits) - 1) >> bits << bits;
}

/* How many objects of this size the rest of a piece holds. */
static seL4_Word room(const struct piece *p, seL4_Word bits)
{
        seL4_Word used = align_up(p->used, bits);

        return used >= 1ul << p->bits ? 0 : ((1ul << p->bits) - used) >> bits;
}

static void retype(struct piece *p, const struct system_objects *o, seL4_Word count, seL4_CPtr slot)
{
        for (seL4_Word done = 0; done < count;) {
                seL4_Word n = count - done < FAN_OUT ? count - done : FAN_OUT;

                must(seL4_Untyped_Retype(p->cap, o->type, o->size_bits, CNODE, 0, 0, slot + done, n),
                     "objects of type", "of the kernel");
                done += n;
        }
        p->used = align_up(p->used, o->bytes_bits) + (count << o->bytes_bits);
}

static void add_piece(seL4_CPtr cap, seL4_Word start, seL4_Word bits, bool device)
{
        if (pieces == PIECES)
                stop("memory regions with addresses split the memory into more pieces than", "", PIECES);
        piece[pieces++] = (struct piece){cap, start, bits, 0, device};
}

/* --- regions with an address ------------------------------------------------------------------------------------- */

static struct piece *piece_at(seL4_Word address, seL4_Word bits)
{
        for (seL4_Word i = 0; i < pieces; i++) {
                struct piece *p = &piece[i];

                if (address >= p->start + p->used && address - p->start + (1ul << bits) <= 1ul << p->bits)
                        return p;
        }
        return NULL;
}

/* The free memory below `address` is split into pieces of its own. */
static void advance(struct piece *p, seL4_Word address)
{
        while (p->start + p->used < address) {
                seL4_Word at = p->start + p->used, bits = (seL4_Word)__builtin_ctzl(at | 1ul << p->bits);
                struct system_objects o = {.type = seL4_UntypedObject};
                seL4_CPtr slot = memory_scratch();

                while (at + (1ul << bits) > address)
                        bits--;
                o.size_bits = o.bytes_bits = (uint32_t)bits;
                retype(p, &o, 1, slot);
                if (!p->device)
                        add_piece(slot, at, bits, false);
        }
}

static uint32_t frame_type(uint32_t bits)
{
        return bits == seL4_PageBits ? seL4_ARM_SmallPageObject : seL4_ARM_LargePageObject;
}

static void place_fixed(const struct system_region *r)
{
        struct system_objects o = {.type = frame_type(r->page_bits), .bytes_bits = r->page_bits};

        for (seL4_Word i = 0; i < r->count;) {
                seL4_Word address = r->paddr + (i << r->page_bits), n;
                struct piece *p = piece_at(address, r->page_bits);

                if (p == NULL)
                        stop("there is no free memory (used by kernel, root task or another region) for "
                             "memory region",
                             r->name, address);
                advance(p, address);
                n = room(p, r->page_bits);
                n = n < r->count - i ? n : r->count - i;
                retype(p, &o, n, slot_of(r->slot) + i);
                i += n;
        }
}

/* --- the rest ------------------------------------------------------------------------------------------------------ */

/* The smallest piece that holds all, used ones before fresh ones; otherwise the one with the most room. */
static struct piece *choose(seL4_Word bits, seL4_Word count)
{
        struct piece *best = NULL;
        seL4_Word best_room = 0;

        for (seL4_Word i = 0; i < pieces; i++) {
                struct piece *p = &piece[i];
                seL4_Word has = p->device ? 0 : room(p, bits);
                bool fits = has >= count, best_fits = best_room >= count;

                if (has == 0)
                        continue;
                if (best == NULL || (fits && !best_fits) || (!fits && !best_fits && has > best_room) ||
                    (fits && best_fits &&
                     ((p->used > 0) > (best->used > 0) ||
                      ((p->used > 0) == (best->used > 0) && p->bits < best->bits)))) {
                        best = p;
                        best_room = has;
                }
        }
        return best;
}

static void place_floating(const struct system_region *r)
{
        struct system_objects o = {.type = frame_type(r->page_bits), .bytes_bits = r->page_bits};
        struct piece *p = choose(r->page_bits, r->count);

        if (p == NULL || room(p, r->page_bits) < r->count)
                stop("no piece of RAM is large enough for memory region", r->name, r->count);
        retype(p, &o, r->count, slot_of(r->slot));
}

static void place_objects(const struct system_objects *o)
{
        for (seL4_Word done = 0; done < o->count;) {
                struct piece *p = choose(o->bytes_bits, o->count - done);
                seL4_Word n;

                if (p == NULL)
                        stop("out of memory for objects of type", "of the kernel", o->type);
                n = room(p, o->bytes_bits);
                n = n < o->count - done ? n : o->count - done;
                retype(p, o, n, slot_of(o->slot) + done);
                done += n;
        }
}

seL4_CPtr memory_table(void)
{
        struct system_objects o = {
                .type = seL4_ARM_PageTableObject, .count = 1, .bytes_bits = seL4_PageTableBits};
        seL4_CPtr slot = memory_scratch();
        struct piece *p = choose(o.bytes_bits, 1);

        if (p == NULL)
                stop("out of memory for a page table", "", 0);
        retype(p, &o, 1, slot);
        return slot;
}

void memory_make(void)
{
        seL4_Word count;
        const struct system_region *r = part(PART_REGION, &count);
        const struct system_objects *o;

        for (seL4_Word i = 0; i < boot_info->untyped.end - boot_info->untyped.start; i++) {
                const seL4_UntypedDesc *u = &boot_info->untypedList[i];

                add_piece(boot_info->untyped.start + i, u->paddr, u->sizeBits, u->isDevice);
        }
        if (slot_of((uint32_t)system_address->scratch) > boot_info->empty.end)
                stop("the root CNode is too small", "", boot_info->empty.end);
        for (seL4_Word i = 0; i < count; i++)
                if (!(r[i].flags & REGION_FLOATING))
                        place_fixed(&r[i]);
        for (seL4_Word i = 0; i < count; i++)
                if (r[i].flags & REGION_FLOATING)
                        place_floating(&r[i]);
        o = part(PART_OBJECTS, &count);
        for (seL4_Word i = 0; i < count; i++)
                place_objects(&o[i]);
}
