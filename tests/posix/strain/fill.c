/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens when out of memory: a write reports it, a program that needs too much ends, and nothing else is affected. */
#include "tests/posix/strain/strain.h"

enum { FILES = 8, BLOCK = 65536 };

static char block[BLOCK];

static void name_of(int number, char name[16])
{
        string_cut(name, "/tmp/fill0", 16);
        name[9] = (char)('0' + number);
}

/* To the last page that files may have: the error of the last write. */
static long fill_with_files(void)
{
        long result = 0;

        for (int i = 0; i < FILES; i++) {
                size_t size = BLOCK;
                char name[16];
                int file;

                name_of(i, name);
                file = sos_open(name, 1);
                while (size > 0) {
                        result = posix_write(file, block, size);
                        size = result > 0 ? size : size / 2;
                }
                sos_close(file);
        }
        return result;
}

/* How a program that needs more than is left ends. */
static int status_of_large_one(void)
{
        int status = 0;

        posix_wait(start("thrash", "64\0", 4), &status);
        return status;
}

/* Calls that need memory, when only the memory for programs is left. */
static int ask_for_more(void)
{
        enum { KILL = 9 };
        pid_t pid = sos_process_create("nothing");
        int bad = pid <= 0 || sos_process_wait(pid) != pid;

        pid = start("sh", "-c\0exit\0", 9);
        bad += pid <= 0 || sos_process_wait(pid) != pid;
        bad += status_of_large_one() != KILL;
        bad += sos_open("/tmp/one-more", 2) < 0;
        return bad + (sos_call(SOS_NOTHING, 0, 0, 0, 0) != 0);
}

int fill(void)
{
        int bad = fill_with_files() != -SOS_ENOSPC;

        bad += ask_for_more();
        posix_unlink("/tmp/one-more");
        for (int i = 0; i < FILES; i++) {
                char name[16];

                name_of(i, name);
                posix_unlink(name);
        }
        end_all();
        sos_print("strain: memory was out, %d wrong answers\n", bad);
        return bad > 0;
}
