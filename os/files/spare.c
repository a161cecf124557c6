/* SPDX-License-Identifier: BSD-2-Clause */
/* See spare.h. */
#include "base/text.h"
#include "os/core/pace.h"
#include "os/files/node.h"
#include "os/files/pipe.h"
#include "os/files/spare_parts.h"
#include "os/memory/hold.h"
#include "os/memory/swap.h"
#include "sos/proto.h"

struct spare_transfer {
        struct spare_want want; /* its size is what is moved */
        bool used, left, bad;
        bool patches;     /* a part of a block, which is read and then written */
        unsigned runs;    /* with the device */
        unsigned buffers; /* 0: pages of the program */
        frame_id buffer[SPARE_BUFFERS];
        size_t copied; /* between them and the program */
        struct wait_queue moved;
        struct spare_transfer *next; /* of the free ones */
};

static struct {
        uint64_t first, bytes;
        bool read_only;
        struct spare_transfer transfer[SPARE_TRANSFERS], *free;
        unsigned fresh;     /* those that were used once */
        unsigned transfers; /* under way */
        struct wait_queue room;
} spare;

void spare_open(uint64_t first, uint64_t blocks, bool read_only)
{
        struct node *n = first < blocks ? node_make(node_root(), "/dev/spare", NODE_SPARE) : NULL;

        if (!n)
                return;
        spare.first = first;
        spare.bytes = (blocks - first) * BLOCK_SIZE;
        spare.read_only = read_only;
        n->size = spare.bytes;
        n->mode = 0600;
}

struct wait_queue *spare_queue(struct spare_transfer *t)
{
        return &t->moved;
}

struct wait_queue *spare_room(void)
{
        return &spare.room;
}

const struct spare_want *spare_about(const struct spare_transfer *t)
{
        return &t->want;
}

/* --- transfers --- */

/* Writes of one block, a part of which is written by one of them. */
static bool collide(const struct spare_want *a, const struct spare_want *b)
{
        bool parts = (a->at | a->size | b->at | b->size) % BLOCK_SIZE;

        return parts && a->operation == BLOCK_WRITE && b->operation == BLOCK_WRITE &&
               a->at / BLOCK_SIZE <= (b->at + b->size - 1) / BLOCK_SIZE &&
               b->at / BLOCK_SIZE <= (a->at + a->size - 1) / BLOCK_SIZE;
}

static bool collides(const struct spare_want *w)
{
        for (unsigned i = 0; i < spare.fresh && w->operation == BLOCK_WRITE; i++) {
                if (spare.transfer[i].used && collide(w, &spare.transfer[i].want))
                        return true;
        }
        return false;
}

static struct spare_transfer *take_transfer(const struct spare_want *w)
{
        struct spare_transfer *t = spare.free;

        if (spare_held.pages == SPARE_PAGES || spare_held.runs == SPARE_RUNS ||
            (!t && spare.fresh == SPARE_TRANSFERS) || collides(w))
                return NULL;
        if (t)
                spare.free = t->next;
        else
                t = &spare.transfer[spare.fresh++];
        *t = (struct spare_transfer){.want = *w, .used = true};
        spare.transfers++;
        return t;
}

static void give_transfer(struct spare_transfer *t)
{
        for (unsigned i = 0; i < t->buffers && !(t->bad && block_is_gone()); i++)
                frame_drop(t->buffer[i]); /* as for pages of programs (drop_pages) */
        t->used = false;
        t->next = spare.free;
        spare.free = t;
        spare.transfers--;
}

/* It has ended: one of those who wait for room is rung for, or all when no other end will come. */
static void end(struct spare_transfer *t)
{
        struct waiter *w = wait_first(&spare.room);

        give_transfer(t);
        if (!spare.transfers)
                wait_wake(&spare.room);
        else if (w)
                wait_ring(w);
}

/* --- runs --- */

void spare_run_ended(struct spare_transfer *t, bool bad)
{
        t->bad |= bad;
        if (--t->runs > 0)
                return;
        if (t->left)
                end(t);
        else
                wait_wake(&t->moved);
}

/* `pages` NULL: a frame of the server, or none. */
static void submit(struct spare_transfer *t, enum block_operation operation, uint64_t at, frame_id memory,
                   const struct hold *pages)
{
        const struct block_request request = {.operation = operation,
                                              .count = pages ? (uint16_t)pages->count : memory > 0,
                                              .block = spare.first + at / BLOCK_SIZE,
                                              .paddr = memory ? frame_paddr(memory) : 0};

        t->runs++;
        spare_run(t, &request, pages);
}

/* --- between the device and pages of the program --- */

static bool is_direct(const struct spare_want *w)
{
        return w->size >= PAGE && w->at % PAGE == 0 && w->va % PAGE == 0;
}

/* The next run; its bytes, 0: the page cannot be held, or no more at once. */
static long begin_run(struct spare_transfer *t, size_t begun, size_t size)
{
        const struct spare_want *w = &t->want;
        unsigned left = (unsigned)((size - begun) / PAGE), room = SPARE_PAGES - spare_held.pages;
        struct hold pages;
        enum space_result result;

        if (!room || spare_held.runs == SPARE_RUNS)
                return 0;
        result = space_hold(w->space, w->va + begun, left < room ? left : room, w->operation == BLOCK_READ,
                            &pages);
        if (result != SPACE_OK)
                return -SOS_EFAULT;
        if (pages.count)
                submit(t, w->operation, w->at + begun, pages.first, &pages);
        return (long)pages.count * PAGE;
}

/* As much as there is time for: bytes, 0: it is to be copied. */
static long begin_direct(struct spare_transfer *t)
{
        size_t most = SPARE_PIECE * PAGE, size = t->want.size < most ? t->want.size / PAGE * PAGE : most,
               begun = 0;

        while (begun < size && !(begun && pace_is_over())) {
                long n = begin_run(t, begun, size);

                if (n < 0 && !begun)
                        return n;
                if (n <= 0)
                        break;
                begun += (size_t)n;
        }
        if (begun)
                t->want.size = begun;
        return (long)begun;
}

/* --- through frames of the server --- */

/* What is left between the program and the frames; false: an address is bad, or a page is not there yet. */
static bool copy(struct spare_transfer *t, bool to_program)
{
        const struct spare_want *w = &t->want;

        while (t->copied < w->size) {
                size_t place = w->at % PAGE + t->copied, n = PAGE - place % PAGE, left = w->size - t->copied;
                unsigned char *buffer = frame_data(t->buffer[place / PAGE]) + place % PAGE;

                n = n < left ? n : left;
                if (to_program ? !space_write(w->space, w->va + t->copied, buffer, n)
                               : !space_read(w->space, w->va + t->copied, buffer, n))
                        return false;
                t->copied += n;
        }
        return true;
}

static bool take_buffers(struct spare_transfer *t)
{
        unsigned wanted = (unsigned)((t->want.at % PAGE + t->want.size + PAGE - 1) / PAGE);

        while (t->buffers < wanted) {
                frame_id f = frame_take();

                if (!f)
                        return false;
                t->buffer[t->buffers++] = f;
        }
        return true;
}

static void move_buffers(struct spare_transfer *t, enum block_operation operation)
{
        for (unsigned i = 0; i < t->buffers; i++)
                submit(t, operation, t->want.at / PAGE * PAGE + (uint64_t)i * PAGE, t->buffer[i], NULL);
}

/* How much is read, or written as whole blocks, or as a part of one. */
static size_t size_copied(const struct spare_want *w)
{
        size_t before = w->at % PAGE, most = SPARE_BUFFERS * PAGE - before;

        if (w->operation == BLOCK_WRITE && before)
                most = PAGE - before;
        if (w->size >= most)
                return most;
        return w->operation == BLOCK_WRITE && w->size >= PAGE ? w->size / PAGE * PAGE : w->size;
}

static long begin_copied(struct spare_transfer *t)
{
        struct spare_want *w = &t->want;
        bool write = w->operation == BLOCK_WRITE;

        w->size = size_copied(w);
        t->patches = write && w->size % PAGE;
        if (!take_buffers(t))
                return -SOS_ENOMEM;
        if (write && !t->patches && !copy(t, false))
                return -SOS_EFAULT;
        move_buffers(t, t->patches ? BLOCK_READ : w->operation);
        return (long)w->size;
}

/* --- beginning and end --- */

/* 1: something can be moved. */
static long check(struct spare_want *w)
{
        if (block_is_gone()) /* before pages are held, which would be left */
                return -SOS_EIO;
        if (w->operation == BLOCK_FLUSH)
                return 1;
        if (w->operation == BLOCK_WRITE && spare.read_only)
                return -SOS_EROFS;
        if (w->size == 0 || w->at >= spare.bytes)
                return w->operation == BLOCK_WRITE && w->size ? -SOS_ENOSPC : 0;
        w->size = w->size < spare.bytes - w->at ? w->size : spare.bytes - w->at;
        return 1;
}

static long begin(struct spare_transfer *t)
{
        long n = 0;

        if (t->want.operation == BLOCK_FLUSH) {
                submit(t, BLOCK_FLUSH, 0, 0, NULL);
                return 1;
        }
        if (is_direct(&t->want))
                n = begin_direct(t);
        return n ? n : begin_copied(t);
}

long spare_begin(const struct spare_want *want, struct spare_transfer **to)
{
        struct spare_want w = *want;
        long n = check(&w);
        struct spare_transfer *t;

        if (n <= 0)
                return n;
        t = take_transfer(&w);
        if (!t)
                return FILE_BLOCKS;
        n = begin(t);
        if (n > 0)
                *to = t;
        else
                end(t); /* whoever came first may have been rung for to begin this one */
        return n;
}

/* Of a transfer that the device is through with: 0; FILE_BLOCKS: now the block is written that was read; or an error. */
static long finish(struct spare_transfer *t)
{
        if (t->bad)
                return -SOS_EIO;
        if (t->buffers && (t->patches || t->want.operation == BLOCK_READ) && !copy(t, !t->patches))
                return -SOS_EFAULT;
        if (!t->patches)
                return 0;
        t->patches = false;
        move_buffers(t, BLOCK_WRITE);
        return t->runs ? FILE_BLOCKS : finish(t);
}

long spare_end(struct spare_transfer **of)
{
        struct spare_transfer *t = *of;
        long result = t->runs ? FILE_BLOCKS : finish(t);

        if (result == FILE_BLOCKS || (result == -SOS_EFAULT && swap_awaited()))
                return result;
        end(t);
        *of = NULL;
        return result;
}

bool spare_moves(const struct spare_transfer *t)
{
        return t->runs;
}

void spare_leave(struct spare_transfer *t)
{
        t->left = true;
        if (!t->runs)
                end(t);
}
