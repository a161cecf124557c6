/* SPDX-License-Identifier: BSD-2-Clause */
/* keys COUNT [raw]: reads so many characters of the terminal, one by one, in raw mode or as lines; marks for bench/plugin/path.c where it
 * begins to wait and where it has one. */
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#define MARK(number) __asm__ volatile("movz xzr, #" #number)

int main(int count, char **argument)
{
        int times = count > 1 ? atoi(argument[1]) : 1;
        struct termios before, t;
        char c;

        tcgetattr(0, &before);
        t = before;
        if (count > 2)
                t.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        tcsetattr(0, TCSANOW, &t);
        write(1, "ready\n", 6);
        for (int i = 0; i < times; i++) {
                MARK(2);
                if (read(0, &c, 1) != 1)
                        break;
                MARK(3);
                write(1, "*\n", 2);
        }
        tcsetattr(0, TCSANOW, &before);
        return 0;
}
