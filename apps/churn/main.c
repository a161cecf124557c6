/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts and ends many processes: churn TIMES [kill].  With `kill` they are ended from outside, after a while that varies
 * from nothing to a few milliseconds. */
#include "base/text.h"
#include "sos.h"
#include "sos/sos_calls.h"

enum { PAUSE_MAX_US = 4000 };

static bool live_and_die(uint64_t round, bool killing)
{
        pid_t pid = sos_process_create(killing ? "vmtest" : "nothing");

        if (pid < 0)
                return false;
        if (killing) {
                sos_usleep((int)(round * 7919 % PAUSE_MAX_US));
                sos_process_delete(pid);
        }
        return sos_process_wait(pid) == pid;
}

int main(int count, char **word)
{
        bool killing = count > 2 && !strcmp(word[2], "kill");
        uint64_t times, done = 0;

        if (count < 2 || !text_number(word[1], &times)) {
                sos_print("usage: churn TIMES [kill]\n");
                return 2;
        }
        while (done < times && live_and_die(done, killing))
                done++;
        sos_print("churn: %lu of %lu processes lived and died\n", done, times);
        return done < times;
}
