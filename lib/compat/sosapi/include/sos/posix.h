/* SPDX-License-Identifier: BSD-2-Clause */
/* The POSIX half of the server's calls for native programs; results of Linux, errors as -SOS_E*. */
#pragma once

#include "sos/sos_calls.h"

enum { POSIX_HERE = -100 };

static inline long posix_invoke(unsigned long number, long a, long b, long c, long d)
{
        return sos_call(SOS_POSIX + number, (unsigned long)a, (unsigned long)b, (unsigned long)c,
                        (unsigned long)d);
}

static inline long posix_open(const char *path, int flags)
{
        return posix_invoke(56, POSIX_HERE, (long)path, flags, 0644);
}

static inline long posix_close(int file)
{
        return posix_invoke(57, file, 0, 0, 0);
}

static inline long posix_getdents(int file, void *to, size_t size)
{
        return posix_invoke(61, file, (long)to, (long)size, 0);
}

static inline long posix_seek(int file, long offset, int whence)
{
        return posix_invoke(62, file, offset, whence, 0);
}

static inline long posix_read(int file, void *to, size_t size)
{
        return posix_invoke(63, file, (long)to, (long)size, 0);
}

static inline long posix_write(int file, const void *from, size_t size)
{
        return posix_invoke(64, file, (long)from, (long)size, 0);
}

/* What was written is on the medium. */
static inline long posix_fsync(int file)
{
        return posix_invoke(82, file, 0, 0, 0);
}

static inline long posix_unlink(const char *path)
{
        return posix_invoke(35, POSIX_HERE, (long)path, 0, 0);
}

static inline long posix_stat(const char *path, struct posix_stat *s)
{
        return posix_invoke(79, POSIX_HERE, (long)path, (long)s, 0);
}

static inline long posix_kill(long pid, int signal)
{
        return posix_invoke(129, pid, signal, 0, 0);
}

static inline long posix_getpid(void)
{
        return posix_invoke(172, 0, 0, 0, 0);
}

static inline long posix_brk(unsigned long end)
{
        return posix_invoke(214, (long)end, 0, 0, 0);
}

static inline long posix_wait(long pid, int *status)
{
        return posix_invoke(260, pid, (long)status, 0, 0);
}
