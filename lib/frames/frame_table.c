/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame table.
 *
 * Records come in bookkeeping pages on demand, 102 to a page; record n and address FRAME_DATA + n * 4096 belong together
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
        if (!table.vspace) {
                report("frame_table_init: unknown address space");
        }
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
        if (list->last) {
                frame_from_ref(list->last)->next = n;
        } else {
                list->first = n;
        }
        list->last = n;
        list->length++;
}

static void detach(struct frame_list *list, uint32_t n)
{
        frame_t *frame = frame_from_ref(n);

        if (frame->prev) {
                frame_from_ref(frame->prev)->next = frame->next;
        } else {
                list->first = frame->next;
        }
        if (frame->next) {
                frame_from_ref(frame->next)->prev = frame->prev;
        } else {
                list->last = frame->prev;
        }
        frame->prev = frame->next = NULL_FRAME;
        list->length--;
}

/* One more record; NULL_FRAME at the limit or without memory.  The null entry counts towards the limit. */
static uint32_t new_record(void)
{
        size_t n = table.known + 1;

        if (n >= table.limit) {
                return NULL_FRAME;
        }
        if (!table.chunk[n / PER_PAGE]) {
                if (book_get(&table.page[n / PER_PAGE])) {
                        return NULL_FRAME;
                }
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

        if (ut_available() < 4096 || !vspace_new_pages(table.vspace, address_of(n), 1, VSPACE_RW)) {
                return false;
        }
        frame->sos_page = vspace_lookup(table.vspace, address_of(n)).frame;
        frame->ut = ut_find(vspace_lookup(table.vspace, address_of(n)).paddr);
        detach(&table.bare, n);
        append(&table.free, n, FREE_LIST);
        return true;
}

frame_ref_t alloc_frame(void)
{
        uint32_t n = table.free.last;

        if (!n) {
                n = table.bare.last ? table.bare.last : new_record();
                if (!n || !furnish(n)) {
                        return NULL_FRAME;
                }
        }
        detach(&table.free, n);
        append(&table.allocated, n, ALLOCATED_LIST);
        return n;
}

void free_frame(frame_ref_t ref)
{
        frame_t *frame = frame_from_ref(ref);

        if (ref == NULL_FRAME) {
                return;
        }
        if (!frame || frame->list_id != ALLOCATED_LIST) {
                report("free_frame(%zu): not an allocated frame", ref);
                return;
        }
        detach(&table.allocated, (uint32_t)ref);
        append(&table.free, (uint32_t)ref, FREE_LIST);
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

        while (table.free.first) {
                uint32_t n = table.free.first;

                if (vspace_unmap(table.vspace, address_of(n), 1)) {
                        break;
                }
                detach(&table.free, n);
                append(&table.bare, n, NO_LIST);
                *frame_from_ref(n) = (frame_t){.prev = frame_from_ref(n)->prev, .list_id = NO_LIST};
                count++;
        }
        return count;
}
