/* SPDX-License-Identifier: BSD-2-Clause */
/* See spare.h.  The page that was read or written last is kept. */
#include "os/files/spare.h"
#include "base/text.h"
#include "os/device/block.h"
#include "os/files/node.h"
#include "os/files/pipe.h"
#include "sos/proto.h"

static struct {
        uint64_t first, bytes;
        bool read_only;
        struct block_request request;
        unsigned char *page;
        uint64_t paddr, number; /* of the page, and which one of the device it holds */
        bool holds, busy;
        bool ended, bad;                /* the last request has, and its caller has not heard of it; badly */
        enum block_operation operation; /* the last request, */
        uint64_t at;                    /* for whom it was: */
        size_t size;                    /* who asks for the same again */
        struct wait_queue moved;
} spare;

void spare_open(uint64_t first, uint64_t blocks, bool read_only)
{
        frame_id f = first < blocks ? frame_take() : 0;
        struct node *n = f ? node_make(node_root(), "/dev/spare", NODE_SPARE) : NULL;

        if (!n)
                return;
        spare.first = first;
        spare.bytes = (blocks - first) * BLOCK_SIZE;
        spare.read_only = read_only;
        spare.page = frame_data(f);
        spare.paddr = frame_paddr(f);
        n->size = spare.bytes;
        n->mode = 0600;
}

struct wait_queue *spare_queue(void)
{
        return &spare.moved;
}

static void done(struct block_request *r, bool good)
{
        (void)r;
        spare.busy = false;
        spare.ended = true;
        spare.bad = !good;
        spare.holds = good && (spare.holds || spare.operation == BLOCK_READ);
        wait_wake(&spare.moved);
}

static void submit(enum block_operation operation, uint64_t number, uint64_t at, size_t size)
{
        spare.request = (struct block_request){
                .operation = operation, .block = number, .paddr = spare.paddr, .done = done};
        spare.operation = operation;
        spare.number = number;
        spare.at = at;
        spare.size = size;
        spare.busy = true;
        spare.ended = false;
        block_submit(&spare.request);
}

/* The end of this request, which its caller asks for once: 1, or an error.  0: it was another one. */
static long end_of(enum block_operation operation, uint64_t at, size_t size)
{
        if (!spare.ended || spare.operation != operation || spare.at != at || spare.size != size)
                return 0;
        spare.ended = false;
        return spare.bad ? -SOS_EIO : 1;
}

/* The page is there (1), or comes, or an error. */
static long hold(uint64_t number, uint64_t at, size_t size)
{
        long end = end_of(BLOCK_READ, at, size);

        if (end < 0)
                return end;
        if (spare.holds && spare.number == number)
                return 1;
        spare.holds = false;
        submit(BLOCK_READ, number, at, size);
        return spare.busy ? FILE_BLOCKS : hold(number, at, size);
}

static size_t in_page(uint64_t at, size_t size)
{
        size_t room = BLOCK_SIZE - at % BLOCK_SIZE;

        return size < room ? size : room;
}

long spare_read(uint64_t at, void *to, size_t size)
{
        size_t n = in_page(at, size);
        long held;

        if (at >= spare.bytes || n == 0)
                return 0;
        if (spare.busy)
                return FILE_BLOCKS;
        held = hold(spare.first + at / BLOCK_SIZE, at, n);
        if (held != 1)
                return held;
        memcpy(to, spare.page + at % BLOCK_SIZE, n);
        return (long)n;
}

long spare_write(uint64_t at, const void *from, size_t size)
{
        size_t n = in_page(at, size);
        uint64_t number = spare.first + at / BLOCK_SIZE;
        long end, held = 1;

        if (spare.read_only)
                return -SOS_EROFS;
        if (at >= spare.bytes)
                return -SOS_ENOSPC;
        if (spare.busy)
                return FILE_BLOCKS;
        end = end_of(BLOCK_WRITE, at, n);
        if (end != 0)
                return end < 0 ? end : (long)n;
        if (n < BLOCK_SIZE)
                held = hold(number, at, n);
        if (held != 1)
                return held;
        memcpy(spare.page + at % BLOCK_SIZE, from, n);
        spare.holds = true;
        submit(BLOCK_WRITE, number, at, n);
        return spare.busy ? FILE_BLOCKS : spare_write(at, from, size);
}

long spare_flush(void)
{
        long end;

        if (spare.busy)
                return FILE_BLOCKS;
        end = end_of(BLOCK_FLUSH, 0, 0);
        if (end != 0)
                return end < 0 ? end : 0;
        submit(BLOCK_FLUSH, spare.number, 0, 0);
        return spare.busy ? FILE_BLOCKS : spare_flush();
}
