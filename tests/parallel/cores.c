/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task: threads of the library on every core, which run at once: each waits, without a call, for all others; and processes, each of
 * which calls from its own core. */
#include "../libs/image.h"

#include <bootstrap/bootstrap.h>
#include <process/process.h>
#include <sel4/report.h>
#include <sel4/start.h>
#include <threads/threads.h>
#include <ut/ut.h>

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

enum { MOST = 8, BADGE = 100, SAID = 7 };

/* mov x0, #1; mov x1, #1; mov x2, #7; mov x7, #-1; svc #0; b back: calls slot 1 with a message of one word. */
static const uint32_t caller[] = {0xd2800020, 0xd2800021, 0xd28000e2, 0x92800007, 0xd4000001, 0x17fffffb};

static struct elf_file calling(void)
{
        struct elf_file file = good();

        memcpy((char *)&file + file.entry - TEXT, caller, sizeof(caller));
        return file;
}

static seL4_CPtr object(seL4_Word type)
{
        seL4_CPtr slot = 0;

        return ut_new_object(&cspace, &slot, type, 0) ? slot : 0;
}

/* One on each core, all at once; none on a core that does not exist. */
static void processes(void)
{
        struct elf_file file = calling();
        seL4_CPtr ep = object(seL4_EndpointObject), reply[MOST];
        process_config_t config = {.name = "calls",
                                   .image = &file,
                                   .image_size = sizeof(file),
                                   .endpoint = ep,
                                   .core = (uint8_t)count};
        static process_t process[MOST];
        seL4_Word badge, called = 0;
        bool good = true;

        say("a process on no core that there is",
            process_create(&process[0], &config) != 0 && !process[0].has_vspace);
        for (seL4_Word i = 0; i < count; i++) {
                config.core = (uint8_t)i;
                config.badge = BADGE + i;
                reply[i] = object(seL4_ReplyObject);
                good = good && process_create(&process[i], &config) == 0 &&
                       seL4_DebugGetThreadAffinity(process[i].thread->tcb) == i;
        }
        say("each process is where it should be", good);
        for (seL4_Word i = 0; good && i < count; i++) {
                seL4_Recv(ep, &badge, reply[i]);
                called |= badge >= BADGE && badge < BADGE + count && seL4_GetMR(0) == SAID
                                  ? 1ul << (badge - BADGE)
                                  : 0;
        }
        for (seL4_Word i = 0; i < count; i++)
                good = !process_destroy(&process[i]) && good;
        say("each process has called", good && called == (1ul << count) - 1);
}

int main(void)
{
        const seL4_BootInfo *info = start_bootinfo();
        thread_config_t config;
        thread_t *t[MOST] = {0};
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
        processes();
        report("cores: end");
        return 0;
}
