/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame table.
 *
 * Records come in bookkeeping pages on demand, 85 to a page; record n and address FRAME_DATA + n * 4096 belong together
 * for good, so a record keeps its place when its frame is given back.  Lists are doubly linked by number.
 */
#include <frames/frame_table.h>

#include <book/book.h>
#include <object/object.h>
#include <sel4/report.h>

enum {
        PER_PAGE = 4096 / sizeof(frame_t),
        CHUNKS_MAX = FRAME_TABLE_MAX / PER_PAGE + 1,
};

struct frame_list {
        uint32_t first, last;
        size_t length;
};

static struct {
        cspace_t *cspace;
        vspace_t *vspace;
        frame_t *chunk[CHUNKS_MAX];
        struct book_page page[CHUNKS_MAX];
        size_t limit, known;                     /* records 1..known exist */
        struct frame_list free, allocated, bare; /* bare: records without a frame */
} table;

void frame_table_init(cspace_t *cspace, seL4_CPtr vspace)
{
        table.cspace = cspace;
        table.vspace = vspace_find(vspace);
        table.limit = FRAME_TABLE_MAX;
        if (!table.vspace)
                report("frame_table_init: unknown address space");
}

void frame_table_limit(size_t limit)
{
        table.limit = limit && limit < FRAME_TABLE_MAX ? limit : FRAME_TABLE_MAX;
}

cspace_t *frame_table_cspace(void)
{
        return table.cspace;
}

frame_t *frame_from_ref(frame_ref_t frame)
{
        return frame && frame <= table.known ? &table.chunk[frame / PER_PAGE][frame % PER_PAGE] : NULL;
}

static seL4_Word address_of(frame_ref_t frame)
{
        return FRAME_DATA + (frame << seL4_PageBits);
}

static void append(struct frame_list *list, uint32_t n, list_id_t id)
{
        frame_t *frame = frame_from_ref(n);

        frame->list_id = (uint8_t)id;
        frame->next = NULL_FRAME;
        frame->prev = list->last;
        if (list->last)
                frame_from_ref(list->last)->next = n;
        else
                list->first = n;
        list->last = n;
        list->length++;
}

static void detach(struct frame_list *list, uint32_t n)
{
        frame_t *frame = frame_from_ref(n);

        if (frame->prev)
                frame_from_ref(frame->prev)->next = frame->next;
        else
                list->first = frame->next;
        if (frame->next)
                frame_from_ref(frame->next)->prev = frame->prev;
        else
                list->last = frame->prev;
        frame->prev = frame->next = NULL_FRAME;
        list->length--;
}

/* One more record; NULL_FRAME without memory. */
static uint32_t new_record(void)
{
        size_t n = table.known + 1;

        if (!table.chunk[n / PER_PAGE]) {
                if (book_get(&table.page[n / PER_PAGE]))
                        return NULL_FRAME;
                table.chunk[n / PER_PAGE] = table.page[n / PER_PAGE].memory;
        }
        table.known = n;
        append(&table.bare, (uint32_t)n, NO_LIST);
        return (uint32_t)n;
}

/* Put memory behind a bare record. */
static bool furnish(uint32_t n)
{
        frame_t *frame = frame_from_ref(n);
        vspace_mapping_t mapping;

        if (ut_available() < 4096 || !vspace_new_pages(table.vspace, address_of(n), 1, VSPACE_RW))
                return false;
        mapping = vspace_lookup(table.vspace, address_of(n));
        frame->sos_page = mapping.frame;
        frame->ut = ut_find(mapping.paddr);
        detach(&table.bare, n);
        append(&table.free, n, FREE_LIST);
        return true;
}

static void clear(frame_ref_t frame)
{
        uint64_t *word = (uint64_t *)address_of(frame);

        for (size_t i = 0; i < 4096 / sizeof(*word); i++)
                word[i] = 0;
}

/* Give a free frame's memory back to ut.  The content is cleared first: what a process left there is private, and an emulator that has seen
 * instructions in a page makes every write to it slow, even if only part of it is used again. */
static bool strip(uint32_t n)
{
        clear(n);
        if (vspace_unmap(table.vspace, address_of(n), 1))
                return false;
        detach(&table.free, n);
        append(&table.bare, n, NO_LIST);
        frame_from_ref(n)->sos_page = seL4_CapNull;
        frame_from_ref(n)->ut = NULL;
        return true;
}

/* The null entry counts towards the limit. */
frame_ref_t alloc_frame(void)
{
        uint32_t n = table.free.last;
        frame_t *frame;

        if (table.allocated.length + 1 >= table.limit)
                return NULL_FRAME;
        if (!n) {
                n = table.bare.last ? table.bare.last : new_record();
                if (!n || !furnish(n))
                        return NULL_FRAME;
        }
        detach(&table.free, n);
        append(&table.allocated, n, ALLOCATED_LIST);
        frame = frame_from_ref(n);
        frame->users = 1;
        frame->pins = 0;
        frame->owner = NULL;
        frame->owner_vaddr = 0;
        return n;
}

frame_ref_t alloc_zeroed_frame(void)
{
        frame_ref_t frame = alloc_frame();

        if (frame)
                clear(frame);
        return frame;
}

static frame_t *allocated(frame_ref_t ref, const char *call)
{
        frame_t *frame = frame_from_ref(ref);

        if (frame && frame->list_id == ALLOCATED_LIST)
                return frame;
        if (ref != NULL_FRAME)
                report("%s(%zu): not an allocated frame", call, ref);
        return NULL;
}

void frame_share(frame_ref_t ref)
{
        frame_t *frame = allocated(ref, "frame_share");

        if (frame)
                frame->users++;
}

uint32_t frame_users(frame_ref_t ref)
{
        const frame_t *frame = frame_from_ref(ref);

        return frame ? frame->users : 0;
}

void free_frame(frame_ref_t ref)
{
        frame_t *frame = allocated(ref, "free_frame");

        if (!frame || --frame->users)
                return;
        detach(&table.allocated, (uint32_t)ref);
        append(&table.free, (uint32_t)ref, FREE_LIST);
        if (table.free.length > FRAME_SURPLUS)
                strip((uint32_t)ref);
}

struct frame_counts frame_counts(void)
{
        return (struct frame_counts){table.allocated.length, table.free.length, table.limit - 1};
}

frame_ref_t frame_of(const void *data)
{
        return ((seL4_Word)data - FRAME_DATA) >> seL4_PageBits;
}

unsigned char *frame_data(frame_ref_t frame)
{
        return (unsigned char *)address_of(frame);
}

seL4_ARM_Page frame_page(frame_ref_t ref)
{
        const frame_t *frame = frame_from_ref(ref);

        return frame ? frame->sos_page : seL4_CapNull;
}

frame_ref_t frame_oldest(void)
{
        return table.allocated.first;
}

frame_ref_t frame_next(frame_ref_t ref)
{
        const frame_t *frame = frame_from_ref(ref);

        return frame ? frame->next : NULL_FRAME;
}

size_t frame_table_trim(void)
{
        size_t count = 0;

        while (table.free.first && strip(table.free.first))
                count++;
        return count;
}
