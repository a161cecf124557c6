/* SPDX-License-Identifier: BSD-2-Clause */
/* See later.h.  Requests are carried out in their order, one at a time; pages that are no longer wanted when they arrive are dropped. */
#include "os/files/later.h"
#include "base/text.h"
#include "os/files/archive.h"
#include "os/files/names.h"
#include "os/files/volume.h"
#include "os/memory/swap.h"
#include "sos/proto.h"

enum { RESTS = 64 };

struct want {
        uint32_t node, generation;
        uint64_t page, count;
        long error; /* of its first page, when it has ended without */
        unsigned tries;
        bool given;
};

static struct {
        struct want want[LATER_WANTS]; /* the first is the next one */
        unsigned wants;
        struct want failed; /* its first page could not be read; generation 0: none */
        bool lost;
        size_t clean;     /* entries with LATER_CLEAN */
        uint32_t node;    /* the hand that goes round: a node, */
        uint64_t at_page; /* and a page of it */
        unsigned rests;   /* so often it does not go round: programs had all of them */
} later;

void later_count(int more, frame_id entry)
{
        if (entry & LATER_CLEAN)
                later.clean += (size_t)(long)more;
}

void later_edit(struct node *n, frame_id *entry)
{
        later_count(-1, *entry);
        *entry &= ~LATER_CLEAN;
        if (later_frame(*entry))
                frame_record(later_frame(*entry))->code = 0;
        n->edited = true;
        n->in_place |= n->mapped > 0;
}

void later_cut(struct node *n, uint64_t keep)
{
        n->on_disk = n->on_disk < keep ? n->on_disk : keep;
        n->cut = n->cut < keep ? n->cut : keep;
        n->edited = true;
}

static frame_id entry_of(struct node *n, uint64_t page)
{
        const frame_id *numbers = content_chunk(n, page / NODE_CHUNK_PAGES);

        return numbers ? numbers[page % NODE_CHUNK_PAGES] : 0;
}

bool later_is_absent(struct node *n, uint64_t page)
{
        return page < n->on_disk && !entry_of(n, page);
}

/* --- what is wanted --- */

static bool is_of(const struct want *w, const struct node *n, uint64_t page)
{
        return w->node == node_number(n) && w->generation == n->generation && page >= w->page &&
               page - w->page < w->count;
}

static bool is_wanted(const struct node *n, uint64_t page)
{
        for (unsigned i = 0; i < later.wants; i++) {
                if (is_of(&later.want[i], n, page))
                        return true;
        }
        return false;
}

/* From this page on, more and more of a file that is read on and on. */
static void add_want(struct node *n, uint64_t page)
{
        uint64_t count = 0;

        if (is_wanted(n, page) || later.wants == LATER_WANTS)
                return;
        n->window = page && page != n->ahead       ? 1
                    : n->window < LATER_WINDOW / 2 ? 2 * n->window + 1
                                                   : LATER_WINDOW;
        while (count < n->window && later_is_absent(n, page + count))
                count++;
        n->ahead = page + count;
        later.want[later.wants++] = (struct want){.node = node_number(n),
                                                  .generation = n->generation,
                                                  .page = page,
                                                  .count = count,
                                                  .error = -SOS_EIO};
        wait_wake(volume_queue());
}

long later_want(struct node *n, uint64_t page)
{
        bool failed = later.failed.generation && is_of(&later.failed, n, page);

        if (failed)
                later.failed.generation = 0;
        if (failed || later.lost)
                return later.lost ? -SOS_EIO : later.failed.error;
        add_want(n, page);
        swap_await();
        return -SOS_ENOMEM;
}

long later_ready(struct node *n, uint64_t offset, size_t size)
{
        for (uint64_t page = offset / PAGE; page * PAGE < offset + size; page++) {
                if (later_is_absent(n, page))
                        return later_want(n, page);
                if (n->window > 1 && page + n->window / 2 == n->ahead && later_is_absent(n, n->ahead))
                        add_want(n, n->ahead);
        }
        return 0;
}

/* --- the program --- */

static struct node *node_of_want(const struct want *w)
{
        struct node *n = node_at(w->node);

        return n->generation == w->generation && n->kind == NODE_MEMORY && n->inode ? n : NULL;
}

/* Those who wait for it look again; what they do not find could not be read. */
static void end_first(void)
{
        struct want *w = &later.want[0];
        struct node *n = node_of_want(w);

        if (n && later_is_absent(n, w->page)) {
                later.failed = *w;
                later.failed.count = 1;
        }
        later.wants--;
        memmove(w, w + 1, later.wants * sizeof(*w));
        wait_wake(swap_queue());
}

void later_done(void)
{
        if (later.wants && later.want[0].given)
                end_first();
}

bool later_next(struct later_job *job)
{
        while (later.wants && !node_of_want(&later.want[0]))
                end_first();
        if (!later.wants)
                return false;
        later.want[0].given = true;
        *job = (struct later_job){.inode = node_of_want(&later.want[0])->inode,
                                  .page = later.want[0].page,
                                  .count = later.want[0].count};
        return true;
}

/* A page as the disk has it; what lies behind the end of the file is none of its content. */
static void put_page(struct node *n, uint64_t page, const void *bytes)
{
        uint64_t left = n->size > page * PAGE ? n->size - page * PAGE : 0;
        size_t real = left < PAGE ? left : PAGE;
        frame_id f, *entry;

        while (later.clean >= frame_total() / LATER_PART && later_drop_clean(false))
                ;
        f = frame_take(); /* more than files may have, if need be: it can go again */
        if (f)
                frame_give_to_file(f);
        entry = f ? content_entry(n, page) : NULL;
        if (!entry) {
                frame_drop(f);
                later.want[0].error = -SOS_ENOMEM;
                return;
        }
        memcpy(frame_data(f), bytes, real);
        memset(frame_data(f) + real, 0, PAGE - real);
        *entry = f | LATER_CLEAN;
        later.clean++;
}

bool later_arrives(uint64_t page, const void *bytes)
{
        const struct want *w = &later.want[0];
        struct node *n;

        if (!later.wants || !w->given || page < w->page || page - w->page >= w->count)
                return false;
        n = node_of_want(w);
        if (n && later_is_absent(n, page))
                put_page(n, page, bytes);
        if (page == w->page)
                wait_wake(swap_queue());
        return true;
}

void later_again(void)
{
        if (!later.wants || !later.want[0].given)
                return;
        later.want[0].given = false;
        if (++later.want[0].tries == LATER_TRIES)
                end_first();
}

void later_lose(void)
{
        later.lost = true;
        later.wants = 0;
        wait_wake(swap_queue());
}

/* --- room --- */

/* Of one chunk, whose frame nobody else has, from the hand's page on. */
static bool drop_of_chunk(struct node *n)
{
        frame_id *numbers = content_own_chunk(n, later.at_page / NODE_CHUNK_PAGES);

        if (!numbers) {
                later.at_page = (later.at_page / NODE_CHUNK_PAGES + 1) * NODE_CHUNK_PAGES;
                return false;
        }
        do {
                frame_id *entry = &numbers[later.at_page++ % NODE_CHUNK_PAGES];

                if (*entry & LATER_CLEAN && frame_users(later_frame(*entry)) == 1) {
                        content_drop(entry);
                        return true;
                }
        } while (later.at_page % NODE_CHUNK_PAGES);
        return false;
}

static bool drop_of_node(struct node *n)
{
        if (n->kind != NODE_MEMORY || !n->inode)
                return false;
        while (later.at_page < content_pages(n->size)) {
                if (drop_of_chunk(n))
                        return true;
        }
        return false;
}

frame_id *later_clean_entry(struct node *n, uint64_t page)
{
        frame_id *numbers = content_own_chunk(n, page / NODE_CHUNK_PAGES),
                 *entry = numbers ? &numbers[page % NODE_CHUNK_PAGES] : NULL;

        return entry && *entry & LATER_CLEAN ? entry : NULL;
}

bool later_drop_clean(bool thorough)
{
        if (!thorough && later.rests) {
                later.rests--;
                return false;
        }
        for (unsigned i = 0; later.clean && i <= names_end(); i++) {
                if (drop_of_node(node_at(later.node)))
                        return true;
                later.node = later.node + 1 < names_end() ? later.node + 1 : 0;
                later.at_page = 0;
        }
        later.rests = RESTS;
        return false;
}

bool later_make_room(bool thorough)
{
        return archive_leave(thorough) || later_drop_clean(thorough);
}

/* --- what was changed --- */

void later_frozen(struct node *n)
{
        n->in_place = n->mapped > 0;
        n->edited = n->mapped_for_writing > 0;
        n->cut = UINT64_MAX;
}

/* What is the same as then is on the disk now. */
static void mark_chunk(struct node *n, struct node *copy, uint64_t chunk)
{
        const frame_id *then = content_chunk(copy, chunk);
        frame_id *now = (frame_id *)content_chunk(n, chunk);

        for (unsigned i = 0; then && now && i < NODE_CHUNK_PAGES; i++) {
                if (now[i] != then[i] || chunk * NODE_CHUNK_PAGES + i >= n->on_disk)
                        continue;
                if (now[i] == LATER_HOLE)
                        now[i] = 0;
                if (!now[i] || now[i] & LATER_CLEAN)
                        continue;
                now[i] |= LATER_CLEAN;
                later.clean++;
        }
}

void later_written(struct node *n, struct node *copy, bool good)
{
        uint64_t pages = content_pages(copy->size);

        if (n->generation != copy->generation || n->kind != NODE_MEMORY)
                return;
        if (!good || !copy->inode) {
                n->edited |= copy->edited;
                return;
        }
        n->inode = copy->inode;
        n->on_disk = pages < n->cut ? pages : n->cut;
        for (uint64_t chunk = 0; !n->in_place && chunk * NODE_CHUNK_PAGES < pages; chunk++)
                mark_chunk(n, copy, chunk);
}

uint64_t later_edited(struct node *n, uint64_t page)
{
        uint64_t pages = content_pages(n->size);

        while (page < pages) {
                const frame_id *numbers = content_chunk(n, page / NODE_CHUNK_PAGES);

                if (!numbers) {
                        page = (page / NODE_CHUNK_PAGES + 1) * NODE_CHUNK_PAGES;
                        continue;
                }
                if (numbers[page % NODE_CHUNK_PAGES] && !(numbers[page % NODE_CHUNK_PAGES] & LATER_CLEAN))
                        return page;
                page++;
        }
        return pages;
}
