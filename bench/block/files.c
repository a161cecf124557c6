/* SPDX-License-Identifier: BSD-2-Clause */
/* files COUNT KIB: writes a file of KIB KiB to /disk COUNT times, and waits each time until it is on the medium. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 4096 };

static int write_one(int number, int pages)
{
        static char page[PAGE];
        int f = open("/disk/measured", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        int good = f >= 0;

        for (int i = 0; i < pages && good; i++) {
                memset(page, number + i, sizeof(page));
                good = write(f, page, sizeof(page)) == (ssize_t)sizeof(page);
        }
        good = good && !fsync(f);
        return !close(f) && good;
}

int main(int count, char **argument)
{
        int times = count > 1 ? atoi(argument[1]) : 1,
            pages = (count > 2 ? atoi(argument[2]) : 256) / (PAGE / 1024);
        int good = 0;

        for (int i = 0; i < times; i++)
                good += write_one(i, pages);
        printf("%d of %d files written\n", good, times);
        return good != times;
}
