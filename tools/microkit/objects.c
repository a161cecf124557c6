/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects, their slots, and the records that name them.
 *
 * Slots are known once all objects are: until then a record's field and its object are kept in b->refs.
 */
#include "tools/microkit/microkit.h"

#include <sel4/sel4.h>
#include <stdlib.h>
#include <string.h>

struct ref {
        enum system_part part;
        uint64_t record, field; /* number of the record, offset in it */
        struct object *object;
        uint64_t delta;
};

enum { SLOTS_MAX = 1 << 22, TABLE_BITS = seL4_PageTableIndexBits };

static const uint64_t record_bytes[PARTS] = {
        [PART_REGION] = sizeof(struct system_region), [PART_OBJECTS] = sizeof(struct system_objects),
        [PART_PATCH] = sizeof(struct system_patch),   [PART_COPY] = sizeof(struct system_copy),
        [PART_TABLE] = sizeof(struct system_table),   [PART_MAP] = sizeof(struct system_map),
        [PART_CAP] = sizeof(struct system_cap),       [PART_IRQ] = sizeof(struct system_irq),
        [PART_THREAD] = sizeof(struct system_thread), [PART_ENTRY] = sizeof(struct system_entry),
};

struct object *add_object(struct build *b, unsigned type, unsigned size_bits, unsigned bytes_bits,
                          uint64_t count)
{
        struct object *o = build_allocate(b, sizeof(*o));

        *o = (struct object){b->objects, type, size_bits, bytes_bits, count, 0, true};
        b->objects = o;
        return o;
}

struct object *add_slots(struct build *b, uint64_t count)
{
        struct object *o = add_object(b, 0, 0, 0, count);

        o->is_made = false;
        return o;
}

struct object *add_contents(struct build *b, const unsigned char *page)
{
        struct object *o = build_allocate(b, sizeof(*o));

        *o = (struct object){.count = 1, .slot = SYSTEM_IMAGE | (uint32_t)b->pages.count};
        *(const unsigned char **)table_add(b, &b->pages, sizeof(page)) = page;
        return o;
}

struct run *add_run(struct build *b, struct run **runs, struct object *frames, uint64_t count)
{
        struct run *r = build_allocate(b, sizeof(*r));

        *r = (struct run){NULL, frames, count, false};
        while (*runs != NULL)
                runs = &(*runs)->next;
        *runs = r;
        return r;
}

void *add_record(struct build *b, enum system_part part)
{
        return table_add(b, &b->part[part], record_bytes[part]);
}

/* `record` is the latest of its part. */
void add_slot(struct build *b, enum system_part part, void *record, uint32_t *field, struct object *o,
              uint64_t delta)
{
        struct ref *r = table_add(b, &b->refs, sizeof(*r));

        *r = (struct ref){part, b->part[part].count - 1,
                          (uint64_t)((unsigned char *)field - (unsigned char *)record), o, delta};
}

/* --- page tables --------------------------------------------------------------------------------------------------- */

static bool has_table(const struct space *p, uint64_t key)
{
        const uint64_t *keys = (const uint64_t *)p->tables.data;

        for (uint64_t i = p->tables.count; i-- > 0;)
                if (keys[i] == key)
                        return true;
        return false;
}

static void add_table(struct build *b, struct space *p, uint64_t vaddr, unsigned bits)
{
        uint64_t key = vaddr >> bits << bits | bits;
        struct system_table *t;

        if (has_table(p, key))
                return;
        *(uint64_t *)table_add(b, &p->tables, sizeof(key)) = key;
        t = add_record(b, PART_TABLE);
        t->vaddr = vaddr >> bits << bits;
        add_slot(b, PART_TABLE, t, &t->slot, b->page_tables, b->page_tables->count++);
        add_slot(b, PART_TABLE, t, &t->vspace, p->vspace, 0);
}

/* The kernel puts a table where the walk ends, so upper ones come first. */
void add_tables(struct build *b, struct space *space, uint64_t vaddr, uint64_t bytes, unsigned page_bits)
{
        unsigned top = PAGE_BITS +
                       TABLE_BITS * (b->board.space_bits == 40 ? 2 : 3); /* the root has twice the entries */
        uint64_t step = 1ull << (page_bits + TABLE_BITS);

        for (uint64_t at = vaddr / step * step; at < vaddr + bytes; at += step)
                for (unsigned bits = top; bits > page_bits; bits -= TABLE_BITS)
                        add_table(b, space, at < vaddr ? vaddr : at, bits);
}

/* --- slots --------------------------------------------------------------------------------------------------------- */

/* Larger objects first; those of a type together. */
static int by_size(const void *a, const void *b)
{
        const struct object *x = *(struct object *const *)a, *y = *(struct object *const *)b;

        if (x->is_made != y->is_made)
                return y->is_made - x->is_made;
        if (x->bytes_bits != y->bytes_bits)
                return (int)y->bytes_bits - (int)x->bytes_bits;
        if (x->type != y->type)
                return (int)x->type - (int)y->type;
        return (int)x->size_bits - (int)y->size_bits;
}

static void add_batch(struct build *b, const struct object *o)
{
        struct table *t = &b->part[PART_OBJECTS];
        struct system_objects *last;

        if (t->count > 0) {
                last = (struct system_objects *)t->data + t->count - 1;
                if (last->type == o->type && last->size_bits == o->size_bits &&
                    last->bytes_bits == o->bytes_bits) {
                        last->count += (uint32_t)o->count;
                        return;
                }
        }
        last = add_record(b, PART_OBJECTS);
        *last = (struct system_objects){o->type, o->size_bits, (uint32_t)o->count, o->slot, o->bytes_bits, 0};
}

static void write_refs(struct build *b)
{
        const struct ref *r = (const struct ref *)b->refs.data;

        for (uint64_t i = 0; i < b->refs.count; i++) {
                unsigned char *record = b->part[r[i].part].data + r[i].record * record_bytes[r[i].part];
                uint32_t slot = r[i].object ? r[i].object->slot + (uint32_t)r[i].delta : SYSTEM_NONE;

                memcpy(record + r[i].field, &slot, sizeof(slot));
        }
}

void objects_number(struct build *b)
{
        struct object **all;
        uint64_t count = 0, n = 0, slots = 0;

        for (struct object *o = b->objects; o != NULL; o = o->next)
                count++;
        all = build_allocate(b, count * sizeof(*all));
        for (struct object *o = b->objects; o != NULL; o = o->next)
                all[n++] = o;
        qsort(all, count, sizeof(*all), by_size);
        for (n = 0; n < count; n++) {
                all[n]->slot = (uint32_t)slots;
                slots += all[n]->count;
                if (slots > SLOTS_MAX) {
                        build_error(b, (struct place){0, 0},
                                    "the system needs more than %d capabilities: use large pages "
                                    "(page_size=\"0x200000\")",
                                    SLOTS_MAX);
                        build_stop(b);
                }
                if (all[n]->is_made && all[n]->count > 0)
                        add_batch(b, all[n]);
        }
        b->slots = (uint32_t)slots;
        write_refs(b);
}
