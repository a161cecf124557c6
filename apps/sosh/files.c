/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands on files. */
#include "apps/sosh/shell.h"
#include "base/text.h"
#include "sos/posix.h"

enum { BUFFER = 6144, CREATE = 0100, TRUNCATE = 01000, WRITE_ONLY = 1 };

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
        case SOS_EROFS:
                return "the disk is read-only";
        case SOS_ENAMETOOLONG:
                return "name too long";
        case SOS_EMFILE:
                return "too many open files";
        case SOS_EFBIG:
                return "too large for a file";
        case SOS_ENOTEMPTY:
                return "not empty";
        default:
                return "the server refused";
        }
}

void complain(const char *command, const char *path, long error)
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
        for (int i = 1; i < count; i++) {
                serial_print("<%s>\n", word[i]);
                show_file(word[i]);
        }
}

void copy_file(const char *command, const char *source, const char *target)
{
        long from = posix_open(source, 0), to, error;

        if (from < 0) {
                complain(command, source, from);
                return;
        }
        error = to = posix_open(target, WRITE_ONLY | CREATE | TRUNCATE);
        if (to >= 0) {
                error = copy((int)from, (int)to);
                posix_close((int)to);
        }
        posix_close((int)from);
        if (error < 0)
                complain(command, target, error);
}

void run_cp(int count, char **word)
{
        (void)count;
        copy_file("cp", word[1], word[2]);
}

void run_rm(int count, char **word)
{
        long error = posix_unlink(word[1]);

        (void)count;
        if (error < 0)
                complain("rm", word[1], error);
}
