/* SPDX-License-Identifier: BSD-2-Clause */
/* See sos.h. */
#include "sos.h"
#include "base/text.h"
#include "sos/clock.h"
#include "sos/posix.h"
#include "sos/sos_calls.h"

enum {
        CREATE = 0100,
        ENTRY_HEADER = 19,
        PRIORITY = 50,
        SLICE_US = 10000,
        MODE_KIND = 0170000,
        MODE_REGULAR = 0100000
};

static int plain(long result)
{
        return result < 0 ? -1 : (int)result;
}

int sos_open(const char *path, fmode_t mode)
{
        return plain(posix_open(path, mode & 3 ? mode | CREATE : mode));
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

/* Entry `pos` of what getdents gives, "." and ".." left out; its length, 0 behind the last, -1 further. */
static int find_entry(int file, int pos, char *name, size_t nbyte)
{
        char buffer[1024];
        long size, at;

        for (pos += 2; (size = posix_getdents(file, buffer, sizeof(buffer))) > 0;) {
                for (at = 0; at < size; pos--) {
                        uint16_t length;

                        if (pos == 0) {
                                string_copy(name, buffer + at + ENTRY_HEADER, nbyte);
                                return (int)strlen(name);
                        }
                        memcpy(&length, buffer + at + 16, sizeof(length));
                        at += length;
                }
        }
        return size < 0 || pos > 0 ? -1 : 0;
}

int sos_getdirent(int pos, char *name, size_t nbyte)
{
        int file = sos_open("/", 0), result;

        if (file < 0 || pos < 0 || nbyte == 0)
                return -1;
        result = find_entry(file, pos, name, nbyte);
        sos_close(file);
        return result;
}

int sos_stat(const char *path, sos_stat_t *buf)
{
        struct posix_stat s;
        bool regular;

        if (posix_stat(path, &s) < 0)
                return -1;
        regular = (s.mode & MODE_KIND) == MODE_REGULAR;
        *buf = (sos_stat_t){
                .st_type = regular ? ST_FILE : ST_SPECIAL,
                .st_fmode =
                        FM_READ | (s.mode & 0200 ? FM_WRITE : 0) | (regular && s.mode & 0100 ? FM_EXEC : 0),
                .st_size = (unsigned)s.size,
                .st_ctime = (long)(s.changed * 1000 + s.changed_ns / 1000000),
                .st_atime = (long)(s.accessed * 1000 + s.accessed_ns / 1000000),
        };
        return 0;
}

pid_t sos_process_create(const char *path)
{
        struct sos_spawn s = {.priority = PRIORITY, .budget_us = SLICE_US, .period_us = SLICE_US};

        if (strlen(path) >= sizeof(s.program))
                return -1;
        string_copy(s.name, path, sizeof(s.name));
        string_copy(s.program, path, sizeof(s.program));
        return plain(sos_spawn(&s));
}

int sos_process_delete(pid_t pid)
{
        return plain(posix_kill(pid, 9));
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
        return plain(posix_wait(pid, NULL));
}

int64_t sos_time_stamp(void)
{
        return (int64_t)clock_us();
}

void sos_usleep(int usec)
{
        if (usec > 0)
                sos_timer(TIMER_SLEEP, (unsigned long)usec);
}

int sos_share_vm(void *adr, size_t size, int writable)
{
        (void)adr, (void)size, (void)writable;
        return -1;
}
