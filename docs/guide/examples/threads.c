/* SPDX-License-Identifier: BSD-2-Clause */
#include "example.h"

static __thread int mine = 1;

static void work(void *argument)
{
        mine += (int)(seL4_Word)argument;
        report("%s has mine = %d", thread_current()->name, mine);
}

int main(void)
{
        example_start();
        for (seL4_Word i = 1; i <= 3; i++) {
                thread_config_t config = thread_defaults("worker", work, (void *)(10 * i));
                thread_t *t;

                config.budget = 1000; /* at most 1 ms in every 5 */
                config.period = 5000;
                t = thread_create_ex(&config);
                thread_join(t);
                thread_destroy(t);
        }
        report("the first thread has mine = %d", mine);
        report("threads left: %s", thread_first() ? "some" : "none");
        report("end");
        return 0;
}
