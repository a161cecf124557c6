/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task: threads of the library on every core, which run at once: each waits, without a call, for all others. */
#include <bootstrap/bootstrap.h>
#include <sel4/report.h>
#include <sel4/start.h>
#include <threads/threads.h>

static cspace_t cspace;
static vspace_t vspace;
static seL4_Word count, arrived;

static void meet(void *unused)
{
        (void)unused;
        __atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST);
        while (__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) < count) {
        }
}

/* All of one priority, with slices that never end. */
static thread_config_t on_core(uint8_t core)
{
        thread_config_t config = thread_defaults("meets", meet, NULL);

        config.core = core;
        config.budget = config.period = 3600ul * 1000 * 1000;
        return config;
}

static void say(const char *what, bool good)
{
        report("cores: %s: %s", what, good ? "ok" : "FAIL");
}

int main(void)
{
        const seL4_BootInfo *info = start_bootinfo();
        thread_config_t config;
        thread_t *t[8] = {0};
        bool good = true;

        count = info->numNodes;
        start_report_to_kernel();
        if (bootstrap(&cspace, &vspace, info))
                return 1;
        threads_start(&cspace, info->schedcontrol.start, seL4_CapInitThreadTCB, false);
        config = on_core(1);
        say("without threads_cores there is one", !thread_create_ex(&config));
        threads_cores((unsigned)count);
        config = on_core((uint8_t)count);
        say("no more than there are", !thread_create_ex(&config));
        for (seL4_Word i = 0; i < count; i++) {
                config = on_core((uint8_t)i);
                t[i] = thread_create_ex(&config);
                good = good && t[i] && seL4_DebugGetThreadAffinity(t[i]->tcb) == i;
        }
        say("each is where it should be", good);
        for (seL4_Word i = 0; i < count; i++) {
                good = good && !thread_join(t[i]);
                thread_destroy(t[i]);
        }
        say("they have met", good && arrived == count);
        report("cores: end");
        return 0;
}
