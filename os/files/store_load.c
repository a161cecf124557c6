/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading the disk at boot; see store.h.  An archive is read twice: first for its sum, then for its files. */
#include "base/text.h"
#include "os/core/console.h"
#include "os/files/pack.h"
#include "os/files/store.h"
#include "os/files/store_parts.h"
#include "os/files/volume.h"

typedef bool use(void *state, const void *bytes, size_t size);

/* One block to or from the first buffer. */
static bool transfer(struct store_buffer *b, enum block_operation operation, uint64_t block)
{
        struct block_request r = {.operation = operation, .count = 1, .block = block, .paddr = b->paddr};

        return block_wait(&r, 1);
}

static bool read_header(const struct store_found *f, struct store_buffer *b, unsigned half,
                        struct store_header *h)
{
        if (!transfer(b, BLOCK_READ, f->areas.half[half]))
                return false;
        memcpy(h, b->data, sizeof(*h));
        return (h->magic == STORE_MAGIC || h->magic == STORE_MAGIC_OLD) &&
               h->size <= (f->areas.half_blocks - 1) * BLOCK_SIZE;
}

/* Is one of the halves there?  Devices without a label have nothing else to be known by. */
static bool is_old(struct store_found *f, struct store_buffer *b)
{
        struct store_header h;

        if (f->blocks < 4)
                return false;
        f->areas = label_old(f->blocks);
        return read_header(f, b, 0, &h) || read_header(f, b, 1, &h);
}

static bool all_zero(const char *bytes)
{
        for (unsigned i = 0; i < BLOCK_SIZE; i++) {
                if (bytes[i])
                        return false;
        }
        return true;
}

bool store_find(struct store_found *f, struct store_buffer *buffers)
{
        struct store_buffer *b = &buffers[0];
        bool fresh;

        if (!transfer(b, BLOCK_READ, 0)) {
                console_print(
                        "disk: its first block cannot be read; it is not used, and there is no /disk\n");
                return false;
        }
        if (label_read(b->data, f->blocks, &f->areas))
                return true;
        fresh = all_zero(b->data);
        f->foreign = volume_is_there(b->data);
        if (f->foreign)
                return true;
        if (is_old(f, b))
                return true;
        if (!fresh) {
                f->in_use = true;
                console_print("disk: it contains something else; clear its first 4 KiB to use it\n");
                return false;
        }
        if (!label_make(b->data, f->blocks, &f->areas)) {
                console_print("disk: %lu KiB are too few, the minimum is 20; it is not used, and there is no "
                              "/disk\n",
                              f->blocks * BLOCK_SIZE / 1024);
                return false;
        }
        if (!block_read_only() && transfer(b, BLOCK_WRITE, 0))
                return true;
        console_print("disk: empty and %s; it is not used, and there is no /disk\n",
                      block_read_only() ? "read-only" : "its first block cannot be written");
        return false;
}

/* Hand an archive to `go` from its first byte to its last. */
static bool each_page(struct store_buffer *buffers, uint64_t first, uint64_t size, use *go, void *state)
{
        struct block_request r[STORE_BUFFERS];

        while (size > 0) {
                unsigned count = 0;

                for (; count < STORE_BUFFERS && (uint64_t)count * BLOCK_SIZE < size; count++)
                        r[count] = (struct block_request){.operation = BLOCK_READ,
                                                          .count = 1,
                                                          .block = first++,
                                                          .paddr = buffers[count].paddr};
                if (!block_wait(r, count))
                        return false;
                for (unsigned i = 0; i < count; i++) {
                        size_t part = size < BLOCK_SIZE ? size : BLOCK_SIZE;

                        if (!go(state, buffers[i].data, part))
                                return false;
                        size -= part;
                }
        }
        return true;
}

static bool add_to_sum(void *state, const void *bytes, size_t size)
{
        uint64_t *sum = state;

        *sum = disk_sum(*sum, bytes, size);
        return true;
}

static bool add_to_old_sum(void *state, const void *bytes, size_t size)
{
        const unsigned char *at = bytes;
        uint64_t *sum = state;

        for (size_t i = 0; i < size; i++)
                *sum = (*sum ^ at[i]) * 0x100000001b3ull;
        return true;
}

static bool unpack(void *state, const void *bytes, size_t size)
{
        (void)state;
        return unpack_take(bytes, size);
}

static bool is_whole(const struct store_found *f, struct store_buffer *buffers, unsigned half,
                     const struct store_header *h)
{
        use *add = h->magic == STORE_MAGIC ? add_to_sum : add_to_old_sum;
        uint64_t sum = h->size;

        return each_page(buffers, f->areas.half[half] + 1, h->size, add, &sum) && sum == h->sum;
}

bool store_load(struct store_found *f, struct store_buffer *buffers, struct node *root)
{
        struct store_header h[2];
        bool good[2] = {read_header(f, buffers, 0, &h[0]), read_header(f, buffers, 1, &h[1])};
        unsigned first = good[1] && (!good[0] || h[1].generation > h[0].generation);

        for (unsigned i = 0; i < 2; i++) {
                unsigned half = first ^ i;

                if (!good[half] || !is_whole(f, buffers, half, &h[half]))
                        continue;
                f->current = half;
                f->generation = h[half].generation;
                unpack_into(root);
                return each_page(buffers, f->areas.half[half] + 1, h[half].size, unpack, NULL);
        }
        return true;
}
