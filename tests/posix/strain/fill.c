/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens when memory is out: calls say so, and nothing else suffers. */
#include "tests/posix/strain/strain.h"

enum { FILES = 8, BLOCK = 65536 };

static char block[BLOCK];

static void name_of(int number, char name[16])
{
        string_copy(name, "/tmp/fill0", 16);
        name[9] = (char)('0' + number);
}

/* To the last page: the error of the last write. */
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

static long make_pipe(void)
{
        static int end[2];

        return posix_invoke(59, (long)end, 0, 0, 0);
}

static long read_untouched(void)
{
        unsigned long at = (unsigned long)posix_brk(0);
        int file = sos_open("/bin/busybox", 0);
        long result;

        posix_brk(at + 2 * BLOCK);
        result = posix_read(file, (void *)(at + BLOCK), BLOCK);
        posix_brk(at);
        sos_close(file);
        return result;
}

int fill(void)
{
        int bad = fill_with_files() != -SOS_ENOSPC;

        bad += sos_process_create("hello") >= 0;
        bad += start("sh", "-c\0exit\0", 9) >= 0;
        bad += make_pipe() >= 0;
        bad += read_untouched() >= BLOCK;
        bad += sos_call(SOS_NOTHING, 0, 0, 0, 0) != 0;
        for (int i = 0; i < FILES; i++) {
                char name[16];

                name_of(i, name);
                posix_unlink(name);
        }
        end_all();
        bad += sos_process_wait(sos_process_create("nothing")) <= 0;
        sos_print("strain: memory was out, %d wrong answers\n", bad);
        return bad > 0;
}
