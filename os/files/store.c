/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing /disk; see store.h.  Reading it is in store_load.c.
 *
 * A pass: snapshot, pages of the archive (at most BUFFERS of them with the device), flush, header, flush.  Each step
 * begins when the device has finished the last one, so a pass that ends early leaves the other half untouched.
 */
#include "os/files/store.h"
#include "base/text.h"
#include "os/core/console.h"
#include "os/device/block.h"
#include "os/files/node.h"
#include "os/files/pack.h"
#include "os/files/spare.h"
#include "os/files/store_parts.h"
#include "os/files/volume.h"
#include "sos/clock.h"
#include "sos/proto.h"

enum { REST = 4 }; /* pauses, in lengths of the last pass */

enum step { IDLE, PAGES, PAGES_FLUSH, HEADER, HEADER_FLUSH, FOREIGN };

static struct {
        struct disk_areas areas;
        unsigned current; /* the half that counts */
        uint64_t generation;
        struct node *root; /* NULL: nothing is written */
        bool foreign;      /* a program writes it (volume.h), in the step of that name */

        struct store_buffer buffer[STORE_BUFFERS];
        unsigned with_device;
        bool changed, failed, produced; /* since the pass began; an error in it; all pages made */
        bool hurry;                     /* somebody waits for the next pass */
        uint64_t passes, good;          /* that have ended; the last of them that ended well */
        uint64_t began, rest_until;     /* microseconds since boot: this pass; no other one before */
        enum step step;
        struct store_header header; /* of the pass */
        uint64_t next;              /* block of the half that the next page goes to */
        struct wait_queue ended;    /* those who wait for the end of a pass */
        const char *why;            /* it failed */
} store;

static void proceed(void);

static void done(struct block_request *r, bool good)
{
        struct store_buffer *b = (struct store_buffer *)r; /* its first member */

        b->busy = false;
        store.with_device--;
        store.failed |= !good;
        proceed();
}

static void submit(struct store_buffer *b, enum block_operation operation, uint64_t block)
{
        b->request = (struct block_request){.operation = operation,
                                            .count = 1,
                                            .block = store.areas.half[!store.current] + block,
                                            .paddr = b->paddr,
                                            .done = done};
        b->busy = true;
        store.with_device++;
        block_submit(&b->request);
}

/* Pages of the archive, as long as there are buffers. */
static void produce(void)
{
        for (unsigned i = 0; i < STORE_BUFFERS && !store.produced && !store.failed; i++) {
                struct store_buffer *b = &store.buffer[i];
                size_t n;

                if (b->busy)
                        continue;
                n = pack_next(b->data, BLOCK_SIZE);
                store.header.sum = disk_sum(store.header.sum, b->data, n);
                memset((char *)b->data + n, 0, BLOCK_SIZE - n);
                store.produced = n < BLOCK_SIZE;
                if (n > 0)
                        submit(b, BLOCK_WRITE, store.next++);
        }
}

static void write_header(void)
{
        struct store_buffer *b = &store.buffer[0];

        memset(b->data, 0, BLOCK_SIZE);
        memcpy(b->data, &store.header, sizeof(store.header));
        submit(b, BLOCK_WRITE, 0);
}

static void finish(void)
{
        pack_end(!store.failed);
        store.step = IDLE;
        store.passes++;
        store.rest_until = clock_us() + REST * (clock_us() - store.began);
        if (store.failed) {
                console_print("/disk: %s; the last change is not kept\n", store.why);
        } else {
                store.current = !store.current;
                store.generation++;
                store.good = store.passes;
        }
        if (pack_too_deep())
                console_print("/disk: %u entries are nested too deeply to be kept\n", pack_too_deep());
        wait_wake(&store.ended);
}

/* The device is idle: the next step. */
static void step(void)
{
        store.step = store.failed ? HEADER_FLUSH : store.step;
        switch (store.step) {
        case PAGES:
                store.step = PAGES_FLUSH;
                submit(&store.buffer[0], BLOCK_FLUSH, 0);
                break;
        case PAGES_FLUSH:
                store.step = HEADER;
                write_header();
                break;
        case HEADER:
                store.step = HEADER_FLUSH;
                submit(&store.buffer[0], BLOCK_FLUSH, 0);
                break;
        default:
                finish();
        }
}

static void proceed(void)
{
        if (store.step == PAGES && !store.failed)
                produce();
        if (store.with_device == 0 && store.step != IDLE)
                step();
}

bool store_pending(void)
{
        return store.root && store.changed && store.step == IDLE;
}

uint64_t store_due(void)
{
        return store_pending() ? store.rest_until : 0;
}

void store_pass_ends(bool good, const char *why)
{
        store.failed = !good;
        store.why = why;
        finish();
}

void store_pass_anew(void)
{
        pack_end(false);
        store.step = IDLE;
        store.changed = store.hurry = true;
}

void store_settle(void)
{
        if (store.foreign)
                volume_settle();
        if (!store_pending() || (!store.hurry && clock_us() < store.rest_until))
                return;
        store.changed = store.hurry = false;
        store.began = clock_us();
        store.failed = false;
        store.produced = false;
        store.why = "the device reports an error";
        store.next = 1;
        store.header = (struct store_header){STORE_MAGIC, store.generation + 1,
                                             pack_begin(store.root, store.foreign), 0};
        store.header.sum = store.header.size;
        store.step = store.foreign ? FOREIGN : PAGES;
        if (store.foreign)
                volume_begin_pass();
        else
                proceed();
}

void store_changed(const struct node *n)
{
        store.changed |= n->kept;
}

bool store_hurry(void)
{
        store.hurry = true;
        return store.root && (store.changed || store.step != IDLE);
}

struct wait_queue *store_queue(void)
{
        return &store.ended;
}

uint64_t store_pass(void)
{
        store.changed |= store.failed && store.step == IDLE;
        return store_hurry() ? store.passes + (store.step != IDLE) + store.changed : 0;
}

long store_passed(uint64_t pass)
{
        return store.passes < pass ? 1 : store.good < pass ? -SOS_EIO : 0;
}

static bool make_buffers(void)
{
        for (unsigned i = 0; i < STORE_BUFFERS; i++) {
                frame_id f = frame_take();

                if (!f)
                        return false;
                store.buffer[i].data = frame_data(f);
                store.buffer[i].paddr = frame_paddr(f);
        }
        return true;
}

/* Its program reads it into /disk. */
static void open_foreign(uint64_t blocks, void (*serve)(void), bool (*program)(void))
{
        struct node *root = node_make(node_root(), "/disk", NODE_DIRECTORY);

        if (!root)
                return;
        store.foreign = true;
        volume_open(blocks, block_read_only(), root, program);
        while (volume_now() == VOLUME_MOUNTS) {
                serve();
                volume_settle();
        }
        if (volume_now() == VOLUME_LOST) {
                if (root->children == 0)
                        node_vanish(root);
                else
                        node_keep(root, NODE_READ_ONLY);
                return;
        }
        node_keep(root, volume_now() == VOLUME_MOUNTED ? volume_room() : NODE_READ_ONLY);
        store.root = volume_now() == VOLUME_MOUNTED ? root : NULL;
}

struct disk_areas store_open(void (*serve)(void), bool (*program)(void))
{
        struct store_found found = {.blocks = block_open(serve)};
        struct node *root;

        if (found.blocks == 0 || !make_buffers() || !store_find(&found, store.buffer)) {
                spare_open(0, found.in_use ? found.blocks : 0, block_read_only());
                return store.areas;
        }
        if (found.foreign) {
                open_foreign(found.blocks, serve, program);
                return store.areas;
        }
        store.areas = found.areas;
        spare_open(label_end(&found.areas), found.blocks, block_read_only());
        root = node_make(node_root(), "/disk", NODE_DIRECTORY);
        if (!root)
                return store.areas;
        if (!store_load(&found, store.buffer, root)) {
                console_print("/disk: not everything could be read into memory, so it is read-only\n");
                node_keep(root, NODE_READ_ONLY);
                return store.areas;
        }
        if (block_read_only()) {
                console_print("/disk: the disk is read-only, and there is no swap\n");
                store.areas.swap_blocks = 0;
                node_keep(root, NODE_READ_ONLY);
                return store.areas;
        }
        store.current = found.current;
        store.generation = found.generation;
        node_keep(root, (store.areas.half_blocks - 1) * BLOCK_SIZE - NODE_ENTRY_BYTES);
        store.root = root;
        return store.areas;
}
