/* SPDX-License-Identifier: BSD-2-Clause */
/* See sos.h. */
#include "sos.h"

#include <sel4/sel4.h>

#include "sos/clock.h"
#include "sos/posix.h"
#include "sos/sos_calls.h"

enum { ACCESS = 3, CREATE = 0100 };

static int plain(long result)
{
        return result < 0 ? -1 : (int)result;
}

/* The console may have a reader that is about to give it up. */
int sos_open(const char *path, fmode_t mode)
{
        int flags = mode & ACCESS ? (mode & ACCESS) | CREATE : 0;
        long file = posix_open(path, flags);

        if (file == -SOS_EBUSY) {
                seL4_Yield();
                file = posix_open(path, flags);
        }
        return plain(file);
}

int sos_close(int file)
{
        return plain(posix_close(file));
}

int sos_read(int file, char *buf, size_t nbyte)
{
        return plain(posix_read(file, buf, nbyte));
}

int sos_write(int file, const char *buf, size_t nbyte)
{
        return plain(posix_write(file, buf, nbyte));
}

int sos_getdirent(int pos, char *name, size_t nbyte)
{
        return plain(sos_call(SOS_DIRENT, (unsigned long)pos, (unsigned long)name, nbyte, 0));
}

int sos_stat(const char *path, sos_stat_t *buf)
{
        return plain(sos_call(SOS_STAT, (unsigned long)path, (unsigned long)buf, 0, 0));
}

pid_t sos_process_create(const char *path)
{
        return plain(sos_call(SOS_CREATE, (unsigned long)path, 0, 0, 0));
}

int sos_process_delete(pid_t pid)
{
        return plain(sos_call(SOS_DELETE, (unsigned long)pid, 0, 0, 0));
}

pid_t sos_my_id(void)
{
        return (pid_t)posix_getpid();
}

int sos_process_status(sos_process_t *processes, unsigned max)
{
        _Static_assert(sizeof(sos_process_t) == sizeof(struct sos_status), "the same record");
        return plain(sos_call(SOS_STATUS, (unsigned long)processes, max, 0, 0));
}

pid_t sos_process_wait(pid_t pid)
{
        return plain(sos_call(SOS_WAIT, (unsigned long)pid, 0, 0, 0));
}

int64_t sos_time_stamp(void)
{
        return (int64_t)clock_us();
}

void sos_usleep(int usec)
{
        sos_call(SOS_SLEEP, (unsigned long)usec, 0, 0, 0);
}

int sos_share_vm(void *adr, size_t size, int writable)
{
        return plain(sos_call(SOS_SHARE, (unsigned long)adr, size, writable != 0, 0));
}
