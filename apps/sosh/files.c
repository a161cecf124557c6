/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands on files. */
#include "apps/sosh/shell.h"
#include "base/text.h"
#include "sos/clock.h"
#include "sos/posix.h"

enum { BUFFER = 6144, ENTRY_HEADER = 19, CREATE = 0100, TRUNCATE = 01000, WRITE_ONLY = 1, PATH = 256 };
enum { KIND = 0170000, DIRECTORY = 0040000, REGULAR = 0100000 };

static const char *explain(long error)
{
        switch (-error) {
        case SOS_ENOENT:
                return "no such file";
        case SOS_EACCES:
                return "not allowed";
        case SOS_EISDIR:
                return "is a directory";
        case SOS_ENOTDIR:
                return "not a directory";
        case SOS_ENOSPC:
                return "no space left";
        default:
                return "that did not work";
        }
}

static void complain(const char *command, const char *path, long error)
{
        serial_print("%s: %s: %s\n", command, path, explain(error));
}

static long copy(int from, int to)
{
        static char buffer[BUFFER];
        long size, written = 0;

        while ((size = posix_read(from, buffer, sizeof(buffer))) > 0 && written >= 0)
                written = posix_write(to, buffer, (size_t)size);
        return size < 0 ? size : written < 0 ? written : 0;
}

void show_file(const char *path)
{
        long file = posix_open(path, 0), error = file;

        if (file >= 0) {
                error = copy((int)file, 1);
                posix_close((int)file);
        }
        if (error < 0)
                complain("cat", path, error);
}

void run_cat(int count, char **word)
{
        for (int i = 1; i < count; i++)
                show_file(word[i]);
}

void run_cp(int count, char **word)
{
        long from = posix_open(word[1], 0), to, error;

        (void)count;
        if (from < 0) {
                complain("cp", word[1], from);
                return;
        }
        error = to = posix_open(word[2], WRITE_ONLY | CREATE | TRUNCATE);
        if (to >= 0) {
                error = copy((int)from, (int)to);
                posix_close((int)to);
        }
        posix_close((int)from);
        if (error < 0)
                complain("cp", word[2], error);
}

void run_rm(int count, char **word)
{
        long error = posix_unlink(word[1]);

        (void)count;
        if (error < 0)
                complain("rm", word[1], error);
}

static void show_entry(const char *directory, const char *name)
{
        char path[PATH], kind;
        struct text t = {path, sizeof(path) - 1, 0};
        struct posix_stat s;

        text_add(&t, "%s/%s", directory, name);
        path[t.length] = '\0';
        if (posix_stat(path, &s) < 0)
                return;
        kind = (s.mode & KIND) == DIRECTORY ? 'd' : (s.mode & KIND) == REGULAR ? '-' : 's';
        serial_print("%c%c%c%c %8ld  %s\n", kind, s.mode & 0400 ? 'r' : '-', s.mode & 0200 ? 'w' : '-',
                     s.mode & 0100 ? 'x' : '-', (long)s.size, name);
}

void run_ls(int count, char **word)
{
        const char *path = count > 1 ? word[1] : "/";
        long file = posix_open(path, 0), size = file;
        char buffer[1024];

        while (file >= 0 && (size = posix_getdents((int)file, buffer, sizeof(buffer))) > 0) {
                for (long at = 0; at < size;) {
                        uint16_t length;

                        memcpy(&length, buffer + at + 16, sizeof(length));
                        if (buffer[at + ENTRY_HEADER] != '.')
                                show_entry(path, buffer + at + ENTRY_HEADER);
                        at += length;
                }
        }
        if (file >= 0)
                posix_close((int)file);
        if (size < 0)
                complain("ls", path, size);
}

void run_time(int count, char **word)
{
        uint64_t start = clock_us(), us;

        run_words(count - 1, word + 1);
        us = clock_us() - start;
        serial_print("%lu.%03lu ms\n", us / 1000, us % 1000);
}
