/* SPDX-License-Identifier: BSD-2-Clause */
/* Begin a measurement of your own with a copy of this file: `make measure OF=NAME` runs bench/template/NAME.c.
 *
 * Three paths: nothing, a system call, and the way from a write into a pipe to the process that waits at its other end. */
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "points.h"

enum { ROUNDS = 100 };

static void echo(int from, int to)
{
        char byte;

        while (read(from, &byte, 1) == 1) {
                point_to();
                write(to, &byte, 1);
        }
}

int main(void)
{
        int there[2], back[2];
        char byte = 0;

        for (int i = 0; i < ROUNDS; i++) {
                point_from();
                point_to();
        }
        printf("points nothing %d\n", ROUNDS);
        for (int i = 0; i < ROUNDS; i++) {
                point_from();
                syscall(SYS_getppid);
                point_to();
        }
        printf("points getppid %d\n", ROUNDS);
        pipe(there);
        pipe(back);
        if (fork() == 0) {
                close(there[1]);
                echo(there[0], back[1]);
                return 0;
        }
        for (int i = 0; i < ROUNDS; i++) {
                point_from();
                write(there[1], &byte, 1);
                read(back[0], &byte, 1);
        }
        printf("points pipe %d\npoints end\n", ROUNDS);
}
