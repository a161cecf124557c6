/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading and writing what has no content of its own; see file.h. */
#include "base/text.h"
#include "os/core/console.h"
#include "os/files/file.h"
#include "os/files/volume.h"
#include "sos/clock.h"
#include "sos/proto.h"

/* Good enough to vary hash tables; there is no source of entropy here. */
void file_random(void *to, size_t size)
{
        static uint64_t state;
        unsigned char *bytes = to;

        for (size_t i = 0; i < size; i++) {
                state = (state ^ clock_ticks()) * 6364136223846793005ull + 1442695040888963407ull;
                bytes[i] = (unsigned char)(state >> 56);
        }
}

long file_read_special(const struct file *f, void *to, size_t size)
{
        if (f->kind == FILE_VOLUME)
                return volume_read(f->offset, to, size);
        if (f->kind == FILE_RANDOM)
                file_random(to, size);
        else if (f->kind == FILE_ZERO || f->kind == FILE_FULL)
                memset(to, 0, size);
        else
                return 0;
        return (long)size;
}

static long write_console(const void *from, size_t size)
{
        if (!console_has_room())
                return FILE_BLOCKS;
        console_write(from, size);
        return (long)size;
}

long file_write_special(const struct file *f, const void *from, size_t size)
{
        if (f->kind == FILE_VOLUME)
                return volume_write(f->offset, from, size);
        if (f->kind == FILE_CONSOLE)
                return write_console(from, size);
        return f->kind == FILE_FULL ? -SOS_ENOSPC : (long)size;
}
