/* SPDX-License-Identifier: BSD-2-Clause */
/* The I/O manager that libext2fs calls: blocks of the file system, read from pages.c.  A flush waits until the commit. */
#include "volume_parts.h"

#include "pages.h"

#include <stdlib.h>
#include <string.h>

static errcode_t open_channel(const char *name, int flags, io_channel *made)
{
        io_channel c = calloc(1, sizeof(*c));

        (void)flags;
        if (!c)
                return EXT2_ET_NO_MEMORY;
        c->magic = EXT2_ET_MAGIC_IO_CHANNEL;
        c->manager = volume_manager;
        c->name = strdup(name);
        c->block_size = SUPER_BYTES;
        c->refcount = 1;
        *made = c;
        return 0;
}

static errcode_t close_channel(io_channel c)
{
        if (--c->refcount > 0)
                return 0;
        free(c->name);
        free(c);
        return 0;
}

static errcode_t set_block_size(io_channel c, int bytes)
{
        c->block_size = bytes;
        return 0;
}

/* A negative count is a number of bytes. */
static uint64_t bytes_of(io_channel c, int count)
{
        return count < 0 ? (uint64_t)-count : (uint64_t)count * (unsigned)c->block_size;
}

static errcode_t read_blocks(io_channel c, unsigned long long block, int count, void *to)
{
        return pages_read(block * (unsigned)c->block_size, to, bytes_of(c, count)) ? 0 : EXT2_ET_SHORT_READ;
}

static errcode_t write_blocks(io_channel c, unsigned long long block, int count, const void *from)
{
        return pages_write(block * (unsigned)c->block_size, from, bytes_of(c, count)) ? 0
                                                                                      : EXT2_ET_SHORT_WRITE;
}

static errcode_t read_blocks_32(io_channel c, unsigned long block, int count, void *to)
{
        return read_blocks(c, block, count, to);
}

static errcode_t write_blocks_32(io_channel c, unsigned long block, int count, const void *from)
{
        return write_blocks(c, block, count, from);
}

static errcode_t write_bytes(io_channel c, unsigned long at, int count, const void *from)
{
        (void)c;
        return pages_write(at, from, (unsigned)count) ? 0 : EXT2_ET_SHORT_WRITE;
}

static errcode_t flush(io_channel c)
{
        (void)c;
        return 0;
}

static struct struct_io_manager manager = {.magic = EXT2_ET_MAGIC_IO_MANAGER,
                                           .name = "pages with a log",
                                           .open = open_channel,
                                           .close = close_channel,
                                           .set_blksize = set_block_size,
                                           .read_blk = read_blocks_32,
                                           .write_blk = write_blocks_32,
                                           .flush = flush,
                                           .write_byte = write_bytes,
                                           .read_blk64 = read_blocks,
                                           .write_blk64 = write_blocks};

io_manager volume_manager = &manager;
