/* SPDX-License-Identifier: BSD-2-Clause */
/* One byte for each slot is both the map of free slots and the record of what they hold; see slots.h. */
#include "os/init/slots.h"

enum { SLOTS = 1 << 17 };

static struct {
        uint8_t kind[SLOTS];
        seL4_Word count[SLOT_KINDS];
        seL4_Word first, end; /* the slots that are ours */
        seL4_Word next;       /* where the next search begins */
} slots;

static const char *const names[SLOT_KINDS] = {
        "free",          "untyped",      "page table",   "frame",
        "address space", "CNode",        "thread",       "scheduling context",
        "endpoint",      "notification", "reply object", "interrupt",
        "control",
};

static void mark(seL4_Word from, seL4_Word to, enum slot_kind kind)
{
        for (; from < to && from < SLOTS; from++) {
                slots.count[slots.kind[from]]--;
                slots.kind[from] = (uint8_t)kind;
                slots.count[kind]++;
        }
}

static void mark_region(seL4_SlotRegion r, enum slot_kind kind)
{
        mark(r.start, r.end, kind);
}

static void mark_one(seL4_Word slot, enum slot_kind kind)
{
        mark(slot, slot + 1, kind);
}

void slots_init(const seL4_BootInfo *info)
{
        slots.first = info->empty.start;
        slots.end = info->empty.end < SLOTS ? info->empty.end : SLOTS;
        slots.next = slots.first;
        slots.count[SLOT_FREE] = slots.end;
        mark_one(seL4_CapInitThreadTCB, SLOT_TCB);
        mark_one(seL4_CapInitThreadCNode, SLOT_CNODE);
        mark_one(seL4_CapInitThreadVSpace, SLOT_VSPACE);
        mark_one(seL4_CapIRQControl, SLOT_CONTROL);
        mark_one(seL4_CapASIDControl, SLOT_CONTROL);
        mark_one(seL4_CapInitThreadASIDPool, SLOT_CONTROL);
        mark_one(seL4_CapBootInfoFrame, SLOT_FRAME);
        mark_one(seL4_CapInitThreadIPCBuffer, SLOT_FRAME);
        mark_one(seL4_CapDomain, SLOT_CONTROL);
        mark_one(seL4_CapInitThreadSC, SLOT_SC);
        mark_region(info->untyped, SLOT_UNTYPED);
        mark_region(info->userImageFrames, SLOT_FRAME);
        mark_region(info->userImagePaging, SLOT_TABLE);
        mark_region(info->extraBIPages, SLOT_FRAME);
        mark_region(info->schedcontrol, SLOT_CONTROL);
}

static seL4_Word free_run(seL4_Word at, seL4_Word count)
{
        seL4_Word n = 0;

        while (n < count && at + n < slots.end && slots.kind[at + n] == SLOT_FREE)
                n++;
        return n;
}

static seL4_CPtr find(seL4_Word from, seL4_Word to, seL4_Word count)
{
        while (from < to) {
                seL4_Word n = free_run(from, count);

                if (n == count)
                        return from;
                from += n + 1;
        }
        return seL4_CapNull;
}

seL4_CPtr slots_take(enum slot_kind kind, seL4_Word count)
{
        seL4_CPtr found = find(slots.next, slots.end, count);

        if (found == seL4_CapNull)
                found = find(slots.first, slots.next, count);
        if (found == seL4_CapNull)
                return seL4_CapNull;
        mark(found, found + count, kind);
        slots.next = found + count;
        return found;
}

seL4_CPtr slot_take(enum slot_kind kind)
{
        return slots_take(kind, 1);
}

void slots_give(seL4_CPtr first, seL4_Word count)
{
        mark(first, first + count, SLOT_FREE);
        if (first < slots.next)
                slots.next = first;
}

void slot_give(seL4_CPtr slot)
{
        slots_give(slot, 1);
}

void slot_delete(seL4_CPtr slot)
{
        if (slot == seL4_CapNull)
                return;
        seL4_CNode_Delete(seL4_CapInitThreadCNode, slot, seL4_WordBits);
        slot_give(slot);
}

seL4_Word slots_of(enum slot_kind kind)
{
        return slots.count[kind];
}

const char *slot_kind_name(enum slot_kind kind)
{
        return names[kind];
}
