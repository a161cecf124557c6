/* SPDX-License-Identifier: BSD-2-Clause */
/* Where an open file stands; see file.h. */
#include "os/files/file.h"
#include "sos/proto.h"

enum { SEEK_START, SEEK_HERE, SEEK_END, SEEK_DATA, SEEK_HOLE };

/* To what was written, or what never was. */
static long seek_content(struct file *f, long offset, bool data, uint64_t *page)
{
        uint64_t at;

        if (f->node->kind == NODE_DIRECTORY || f->kind == FILE_SPARE)
                return -SOS_EINVAL;
        if (offset < 0 || (uint64_t)offset >= f->node->size)
                return -SOS_ENXIO;
        if (!node_seek_some(f->node, (uint64_t)offset, data, page, &at))
                return FILE_GOES_ON;
        if (data && at >= f->node->size)
                return -SOS_ENXIO;
        f->offset = at;
        return (long)at;
}

static long seek_to(struct file *f, long from, long offset)
{
        if (offset < -from || offset > INT64_MAX - from)
                return -SOS_EINVAL;
        f->offset = (uint64_t)(from + offset);
        return from + offset;
}

long file_seek(struct file *f, long offset, unsigned whence, uint64_t *page)
{
        if (file_is_place(f))
                return -SOS_EBADF;
        if (f->kind != FILE_NODE && f->kind != FILE_REPORT && f->kind != FILE_SPARE)
                return file_is_endless(f) || f->kind == FILE_NULL ? 0 : -SOS_ESPIPE;
        switch (whence) {
        case SEEK_START:
                return seek_to(f, 0, offset);
        case SEEK_HERE:
                return seek_to(f, (long)f->offset, offset);
        case SEEK_END:
                return seek_to(f, (long)f->node->size, offset);
        case SEEK_DATA:
        case SEEK_HOLE:
                return seek_content(f, offset, whence == SEEK_DATA, page);
        default:
                return -SOS_EINVAL;
        }
}
