/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts and ends many processes: churn TIMES [kill [PROGRAM [PAUSE]]].  With `kill` they are killed from outside, after a
 * time that varies from 0 to PAUSE microseconds. */
#include "base/text.h"
#include "sos.h"
#include "sos/sos_calls.h"

enum { PAUSE_MAX_US = 4000 };

static bool live_and_die(uint64_t round, const char *program, bool killing, uint64_t pause_us)
{
        pid_t pid = sos_process_create(program);

        if (pid < 0)
                return false;
        if (killing) {
                sos_usleep((int)(round * 7919 % pause_us));
                sos_process_delete(pid);
        }
        return sos_process_wait(pid) == pid;
}

int main(int count, char **word)
{
        bool killing = count > 2 && !strcmp(word[2], "kill");
        const char *program = count > 3 ? word[3] : killing ? "vmtest" : "nothing";
        uint64_t times, done = 0, pause_us = PAUSE_MAX_US;

        if (count < 2 || !text_number(word[1], &times) ||
            (count > 4 && (!text_number(word[4], &pause_us) || !pause_us))) {
                sos_print("usage: churn TIMES [kill [PROGRAM [PAUSE]]]\n");
                return 2;
        }
        while (done < times && live_and_die(done, program, killing, pause_us))
                done++;
        sos_print("churn: %lu of %lu processes lived and died\n", done, times);
        return done < times;
}
