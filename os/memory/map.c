/* SPDX-License-Identifier: BSD-2-Clause */
/* See map.h. */
#include "os/memory/map.h"
#include "base/text.h"
#include "os/core/pace.h"
#include "os/memory/large.h"
#include "os/memory/space_pages.h"

/* Tables by number; those that nobody has now are kept up to a number. */
enum { PER_PAGE = PAGE / 32, PAGES = 1024, SPARE_TABLES = 64, SPARE_SLOTS = 256 };

struct table {
        struct object object;
        uint32_t next; /* in the chain of those above a space's leaves, or of those that nobody has */
};

static struct {
        struct table *page[PAGES];
        uint32_t known;         /* numbers 1 to known exist */
        uint32_t spare, unmade; /* chains: with an object, and without one */
        unsigned spares;
        uint32_t slot[SPARE_SLOTS]; /* empty slots that are ours */
        unsigned slots;
} maps;

static struct table *table_at(uint32_t n)
{
        return &maps.page[n / PER_PAGE][n % PER_PAGE];
}

static uint32_t new_number(void)
{
        uint32_t n = maps.unmade;

        if (n) {
                maps.unmade = table_at(n)->next;
                return n;
        }
        n = maps.known + 1;
        if (n / PER_PAGE >= PAGES)
                return 0;
        if (!maps.page[n / PER_PAGE])
                maps.page[n / PER_PAGE] = vspace_new_pages(&root_vspace, 0, 1, VSPACE_RW);
        if (!maps.page[n / PER_PAGE])
                return 0;
        return maps.known = n;
}

static uint32_t take_table(void)
{
        uint32_t n = maps.spare;

        if (n) {
                maps.spare = table_at(n)->next;
                maps.spares--;
                return n;
        }
        n = new_number();
        if (n && !object_make(&table_at(n)->object, seL4_ARM_PageTableObject, 0)) {
                table_at(n)->next = maps.unmade;
                maps.unmade = n;
                return 0;
        }
        return n;
}

static void give_table(uint32_t n)
{
        struct table *t = table_at(n);

        if (maps.spares < SPARE_TABLES && !seL4_ARM_PageTable_Unmap(t->object.cap)) {
                t->next = maps.spare;
                maps.spare = n;
                maps.spares++;
                return;
        }
        object_free(&t->object);
        t->next = maps.unmade;
        maps.unmade = n;
}

static void give_to_upper(struct space *s, struct leaf *leaf)
{
        table_at(leaf->table)->next = s->upper;
        s->upper = leaf->table;
}

/* One table more on the way to `va`: the last one that is missing is the leaf's. */
static bool add_table(struct space *s, struct leaf *leaf, seL4_Word va)
{
        uint32_t n = take_table();

        if (!n)
                return false;
        if (seL4_ARM_PageTable_Map(table_at(n)->object.cap, s->vspace.root, va,
                                   seL4_ARM_Default_VMAttributes)) {
                give_table(n);
                return false;
        }
        if (leaf->table)
                give_to_upper(s, leaf);
        leaf->table = n;
        return true;
}

static seL4_CPtr take_slot(void)
{
        return maps.slots ? maps.slot[--maps.slots] : cspace_alloc_slot(&root_cspace);
}

static void give_slot(seL4_CPtr slot)
{
        if (maps.slots < SPARE_SLOTS)
                maps.slot[maps.slots++] = (uint32_t)slot;
        else
                cspace_free_slot(&root_cspace, slot);
}

unsigned map_spare_slots(void)
{
        return maps.slots;
}

/* Behind the slots: how many there are. */
enum { COUNT = SPACE_LEAF_PAGES };

static uint32_t *copies(const struct leaf *leaf)
{
        return (uint32_t *)frame_data(leaf->copies);
}

/* A small process is not to have a frame more than it needs. */
static void drop_unused(struct leaf *leaf)
{
        if (copies(leaf)[COUNT])
                return;
        frame_drop(leaf->copies);
        leaf->copies = 0;
}

static bool has_copies(struct leaf *leaf)
{
        if (leaf->copies)
                return true;
        leaf->copies = frame_take();
        if (leaf->copies)
                copies(leaf)[COUNT] = 0;
        return leaf->copies;
}

seL4_CPtr map_cap(const struct leaf *leaf, const struct page *p, unsigned index)
{
        return p->copied ? copies(leaf)[index] : frame_record(p->frame)->lent;
}

/* The page gets a capability. */
static bool take_cap(struct leaf *leaf, struct page *p, unsigned index)
{
        struct frame *f = frame_record(p->frame);
        seL4_CPtr slot;

        if (!f->in_use) {
                f->in_use = 1;
                return true;
        }
        if (!has_copies(leaf))
                return false;
        slot = take_slot();
        if (slot && seL4_CNode_Copy(root_cspace.root_cnode, slot, seL4_WordBits, root_cspace.root_cnode,
                                    f->lent, seL4_WordBits, seL4_AllRights)) {
                give_slot(slot);
                slot = seL4_CapNull;
        }
        if (!slot) {
                drop_unused(leaf);
                return false;
        }
        copies(leaf)[index] = (uint32_t)slot;
        copies(leaf)[COUNT]++;
        p->copied = 1;
        return true;
}

void map_remove(struct leaf *leaf, struct page *p, unsigned index)
{
        if (p->state == PAGE_UNMAPPED)
                return;
        if (leaf->table == LEAF_LARGE) {
                large_remove(leaf);
                return;
        }
        if (p->copied) {
                cspace_wipe(&root_cspace, copies(leaf)[index]);
                give_slot(copies(leaf)[index]);
                p->copied = 0;
                copies(leaf)[COUNT]--;
                drop_unused(leaf);
        } else {
                seL4_ARM_Page_Unmap(frame_record(p->frame)->lent);
                frame_record(p->frame)->in_use = 0;
        }
        p->state = PAGE_UNMAPPED;
}

bool map_page(struct space *s, struct leaf *leaf, struct page *p, seL4_Word va, unsigned access)
{
        seL4_CapRights_t rights = seL4_CapRights_new(0, 0, 1, access & SPACE_WRITE ? 1 : 0);
        seL4_ARM_VMAttributes attributes =
                seL4_ARM_Default_VMAttributes | (access & SPACE_EXECUTE ? 0 : seL4_ARM_ExecuteNever);
        unsigned index = va / PAGE % SPACE_LEAF_PAGES;
        bool taken = p->state == PAGE_UNMAPPED;
        seL4_CPtr cap;
        int error;

        if (taken && !take_cap(leaf, p, index))
                return false;
        cap = map_cap(leaf, p, index);
        while ((error = seL4_ARM_Page_Map(cap, s->vspace.root, va, rights, attributes)) ==
                       seL4_FailedLookup &&
               add_table(s, leaf, va))
                ;
        if (error) {
                if (taken) {
                        p->state = PAGE_KEPT;
                        map_remove(leaf, p, index);
                }
                return false;
        }
        p->state = access & SPACE_WRITE ? PAGE_WRITABLE : PAGE_READABLE;
        return true;
}

bool map_whole(struct space *s, struct leaf *leaf, seL4_CPtr cap, seL4_Word va, bool write)
{
        seL4_CapRights_t rights = seL4_CapRights_new(0, 0, 1, write);
        int error;

        while ((error = seL4_ARM_Page_Map(cap, s->vspace.root, va, rights,
                                          seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever)) ==
                       seL4_FailedLookup &&
               add_table(s, leaf, va)) {
                give_to_upper(s, leaf);
                leaf->table = 0;
        }
        return !error;
}

void map_cut(struct leaf *leaf)
{
        struct page *p = (struct page *)frame_data(leaf->pages);

        if (leaf->table == LEAF_LARGE) {
                large_remove(leaf);
                return;
        }
        if (!leaf->table || seL4_ARM_PageTable_Unmap(table_at(leaf->table)->object.cap))
                return;
        table_at(leaf->table)->next = maps.spare;
        maps.spare = leaf->table;
        maps.spares++;
        leaf->table = 0;
        for (unsigned i = 0; i < SPACE_LEAF_PAGES; i++) {
                if (p[i].state != PAGE_UNMAPPED)
                        p[i].state = PAGE_KEPT;
        }
}

void map_drop_table(struct leaf *leaf)
{
        if (leaf->table)
                give_table(leaf->table);
        leaf->table = 0;
        frame_drop(leaf->copies);
        leaf->copies = 0;
}

bool map_drop_upper(struct space *s)
{
        while (s->upper) {
                uint32_t n = s->upper;

                s->upper = table_at(n)->next;
                give_table(n);
                if (pace_is_over())
                        break;
        }
        return !s->upper;
}

seL4_CPtr space_page_cap(struct space *s, seL4_Word va)
{
        const struct leaf *leaf = space_leaf_place(s, (uint32_t)(va >> SPACE_LEAF_BITS));
        const struct page *p = space_record(leaf, va);

        return p->state == PAGE_UNMAPPED ? seL4_CapNull : map_cap(leaf, p, va / PAGE % SPACE_LEAF_PAGES);
}
