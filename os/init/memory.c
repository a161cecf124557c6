/* SPDX-License-Identifier: BSD-2-Clause */
/* The buddy system; see memory.h.  Free pieces of one size form a ring through a sentinel. */
#include "os/init/memory.h"
#include "base/text.h"

enum { PIECES = 16384, SIZES = 48, ROOTS = CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS };

enum state { UNUSED, FREE, USED, SPLIT };

struct piece {
        struct piece *previous, *next; /* ring of free pieces, or list of unused records */
        struct piece *parent, *half[2];
        seL4_Word paddr;
        uint32_t slot;
        uint8_t bits, state, root;
        bool device;
};

static struct {
        struct piece record[PIECES];
        struct piece *unused;
        struct piece ring[2][SIZES]; /* RAM, device */
        struct memory_root root[ROOTS];
        struct piece *top[ROOTS];
        seL4_Word roots;
} memory;

static void ring_add(struct piece *p)
{
        struct piece *head = &memory.ring[p->device][p->bits];

        p->state = FREE;
        p->next = head->next;
        p->previous = head;
        head->next->previous = p;
        head->next = p;
}

static void ring_remove(struct piece *p)
{
        p->previous->next = p->next;
        p->next->previous = p->previous;
}

static struct piece *record_take(void)
{
        struct piece *p = memory.unused;

        if (p)
                memory.unused = p->next;
        return p;
}

static void record_give(struct piece *p)
{
        p->state = UNUSED;
        p->next = memory.unused;
        memory.unused = p;
}

static void add_root(const seL4_UntypedDesc *d, seL4_CPtr cap, seL4_Word number)
{
        struct piece *p = record_take();

        *p = (struct piece){.paddr = d->paddr,
                            .slot = (uint32_t)cap,
                            .bits = d->sizeBits,
                            .root = (uint8_t)number,
                            .device = d->isDevice};
        memory.top[number] = p;
        if (!d->isDevice)
                memory.root[number] = (struct memory_root){d->paddr, bit(d->sizeBits), 0};
        ring_add(p);
}

void memory_init(const seL4_BootInfo *info)
{
        for (seL4_Word i = 0; i < PIECES; i++)
                record_give(&memory.record[i]);
        for (seL4_Word i = 0; i < SIZES; i++) {
                for (int device = 0; device < 2; device++) {
                        struct piece *head = &memory.ring[device][i];

                        head->next = head->previous = head;
                }
        }
        memory.roots = info->untyped.end - info->untyped.start;
        for (seL4_Word i = 0; i < memory.roots; i++)
                add_root(&info->untypedList[i], info->untyped.start + i, i);
}

static seL4_Error retype(const struct piece *p, seL4_Word type, seL4_Word bits, seL4_CPtr slot,
                         seL4_Word count)
{
        return seL4_Untyped_Retype(p->slot, type, bits, seL4_CapInitThreadCNode, 0, 0, slot, count);
}

static void drop_half(struct piece *p)
{
        if (!p)
                return;
        slot_delete(p->slot);
        record_give(p);
}

static struct piece *make_half(struct piece *parent, seL4_Word which)
{
        struct piece *p = record_take();
        seL4_CPtr slot = p ? slot_take(SLOT_UNTYPED) : seL4_CapNull;

        if (slot == seL4_CapNull || retype(parent, seL4_UntypedObject, parent->bits - 1, slot, 1)) {
                if (slot != seL4_CapNull)
                        slot_give(slot);
                if (p)
                        record_give(p);
                return NULL;
        }
        *p = (struct piece){.parent = parent,
                            .paddr = parent->paddr + which * bit(parent->bits - 1),
                            .slot = (uint32_t)slot,
                            .bits = (uint8_t)(parent->bits - 1),
                            .root = parent->root,
                            .device = parent->device};
        return p;
}

/* Split a piece that is in no ring; both halves are in no ring either. */
static bool split(struct piece *p)
{
        p->half[0] = make_half(p, 0);
        p->half[1] = p->half[0] ? make_half(p, 1) : NULL;
        if (p->half[1]) {
                p->state = SPLIT;
                return true;
        }
        drop_half(p->half[0]);
        return false;
}

/* Put a piece back; with a free twin the two become their parent again. */
static void give(struct piece *p)
{
        while (p->parent) {
                struct piece *parent = p->parent, *twin = parent->half[parent->half[0] == p];

                if (twin->state != FREE)
                        break;
                ring_remove(twin);
                drop_half(twin);
                drop_half(p);
                p = parent;
        }
        ring_add(p);
}

/* Halve `p`, which is in no ring, until it has the size; the half that holds `paddr` is kept. */
static struct piece *narrow(struct piece *p, seL4_Word bits, seL4_Word paddr)
{
        while (p->bits > bits) {
                if (!split(p)) {
                        give(p);
                        return NULL;
                }
                bool upper = paddr - p->paddr >= bit(p->bits - 1);

                ring_add(p->half[!upper]);
                p = p->half[upper];
        }
        p->state = USED;
        return p;
}

static struct piece *take(seL4_Word bits)
{
        for (seL4_Word size = bits; size < SIZES; size++) {
                struct piece *p = memory.ring[0][size].next;

                if (p != &memory.ring[0][size]) {
                        ring_remove(p);
                        p = narrow(p, bits, p->paddr);
                        if (p)
                                memory.root[p->root].used += bit(bits);
                        return p;
                }
        }
        return NULL;
}

static void release(struct piece *p)
{
        if (!p->device)
                memory.root[p->root].used -= bit(p->bits);
        give(p);
}

static seL4_Word object_bits(seL4_Word type, seL4_Word bits)
{
        switch (type) {
        case seL4_TCBObject:
                return seL4_TCBBits;
        case seL4_EndpointObject:
                return seL4_EndpointBits;
        case seL4_NotificationObject:
                return seL4_NotificationBits;
        case seL4_ReplyObject:
                return seL4_ReplyBits;
        case seL4_CapTableObject:
                return bits + seL4_SlotBits;
        case seL4_ARM_SmallPageObject:
        case seL4_ARM_PageTableObject:
        case seL4_ARM_VSpaceObject:
                return seL4_PageBits;
        default:
                return bits;
        }
}

static bool fill(struct object *o, seL4_Word type, seL4_Word bits, seL4_Word count)
{
        for (seL4_Word done = 0, n; done < count; done += n) {
                n = count - done < CONFIG_RETYPE_FAN_OUT_LIMIT ? count - done : CONFIG_RETYPE_FAN_OUT_LIMIT;
                if (retype(o->piece, type, bits, o->cap + done, n))
                        return false;
        }
        return true;
}

static bool make(struct object *o, seL4_Word type, seL4_Word bits, seL4_Word count)
{
        if (o->piece && o->cap != seL4_CapNull && fill(o, type, bits, count))
                return true;
        if (o->cap != seL4_CapNull)
                slots_give(o->cap, count);
        if (o->piece) {
                seL4_CNode_Revoke(seL4_CapInitThreadCNode, o->piece->slot, seL4_WordBits);
                release(o->piece);
        }
        *o = (struct object){0};
        return false;
}

bool object_make(struct object *o, seL4_Word type, seL4_Word bits, enum slot_kind kind)
{
        o->cap = slot_take(kind);
        o->piece = take(object_bits(type, bits));
        return make(o, type, bits, 1);
}

bool objects_make(struct object *o, seL4_Word type, seL4_Word bits, seL4_Word piece_bits, seL4_Word count)
{
        o->cap = slots_take(SLOT_FRAME, count);
        o->piece = take(piece_bits);
        return make(o, type, bits, count);
}

void objects_free(struct object *o, seL4_Word count)
{
        if (!o->piece)
                return;
        seL4_CNode_Revoke(seL4_CapInitThreadCNode, o->piece->slot, seL4_WordBits);
        slots_give(o->cap, count);
        release(o->piece);
        *o = (struct object){0};
}

void object_free(struct object *o)
{
        objects_free(o, 1);
}

static struct piece *find_device(seL4_Word paddr)
{
        for (seL4_Word i = 0; i < memory.roots; i++) {
                struct piece *p = memory.top[i];

                if (!p->device || paddr - p->paddr >= bit(p->bits))
                        continue;
                while (p->state == SPLIT)
                        p = p->half[paddr - p->paddr >= bit(p->bits - 1)];
                return p->state == FREE ? p : NULL;
        }
        return NULL;
}

bool object_make_device(struct object *o, seL4_Word paddr)
{
        struct piece *p = find_device(paddr);

        if (p) {
                ring_remove(p);
                p = narrow(p, seL4_PageBits, paddr);
        }
        o->cap = slot_take(SLOT_FRAME);
        o->piece = p;
        return make(o, seL4_ARM_SmallPageObject, seL4_PageBits, 1);
}

bool memory_root(seL4_Word i, struct memory_root *r)
{
        for (seL4_Word n = 0; n < memory.roots; n++) {
                if (memory.root[n].bytes && i-- == 0) {
                        *r = memory.root[n];
                        return true;
                }
        }
        return false;
}
