/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints the time since power-on a few times, 100 ms apart: clock [TIMES]. */
#include "base/text.h"
#include "sos.h"
#include "sos/sos_calls.h"

enum { TIMES = 5, PAUSE_US = 100000 };

int main(int count, char **word)
{
        uint64_t times = TIMES;

        if (count > 1 && !text_number(word[1], &times)) {
                sos_print("usage: clock [TIMES]\n");
                return 2;
        }
        for (; times > 0; times--) {
                int64_t us = sos_time_stamp();

                sos_print("%ld.%06ld\n", us / 1000000, us % 1000000);
                sos_usleep(PAUSE_US);
        }
        return 0;
}
