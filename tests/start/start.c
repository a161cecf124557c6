/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task with SIZE bytes of thread-local data aligned to ALIGN, on a first stack of STACK bytes (0: the default): its
 * first thread and one more see them with their initial values, each its own. */
#include <bootstrap/bootstrap.h>
#include <drivers/uart.h>
#include <sel4/report.h>
#include <sel4/start.h>
#include <threads/threads.h>

enum { MARK = 0x5a, FRAME = 8192 };

static cspace_t cspace;
static vspace_t vspace;
static unsigned passed, failed;

static __thread volatile unsigned char data[SIZE] __attribute__((aligned(ALIGN))) = {MARK, MARK};
static __thread volatile unsigned char zeroed[SIZE];
#if STACK
START_STACK(STACK);
#endif

static void check(bool ok, const char *what)
{
        passed += ok;
        failed += !ok;
        report("%s %s", ok ? "ok  " : "FAIL", what);
}

static bool is_fresh(void)
{
        bool good = (seL4_Word)data % ALIGN == 0 && data[0] == MARK && data[1] == MARK;

        for (unsigned i = 0; i < SIZE; i++)
                good = good && (i < 2 || data[i] == 0) && zeroed[i] == 0;
        return good;
}

static void spoil(void)
{
        for (unsigned i = 0; i < SIZE; i++)
                data[i] = zeroed[i] = 0xff;
}

/* Frames lie below the data and do not reach it. */
static __attribute__((noinline)) char use_stack(void)
{
        volatile char frame[FRAME];

        for (unsigned i = 0; i < FRAME; i++)
                frame[i] = 0x77;
        return frame[0];
}

static void second(void *fresh)
{
        *(bool *)fresh = is_fresh();
        (void)use_stack();
        *(bool *)fresh = *(bool *)fresh && is_fresh();
        spoil();
}

int main(int argc, char **argv)
{
        thread_config_t config;
        static bool fresh;
        thread_t *thread;

        if (argc != 1 || !argv[0] || bootstrap(&cspace, &vspace, start_bootinfo()))
                return 1;
        uart_init(&cspace);
        report_to(uart_putchar);
        check(is_fresh(), "initial values");
        (void)use_stack();
        check(is_fresh(), "frames elsewhere");
        threads_start(&cspace, start_bootinfo()->schedcontrol.start, seL4_CapInitThreadTCB, false);
        config = thread_defaults("second", second, &fresh);
        thread = thread_create_ex(&config);
        check(thread && thread_join(thread) == 0 && fresh, "a second thread's own");
        check(is_fresh(), "the first thread's kept");
        thread_destroy(thread);
        report("%u passed, %u failed", passed, failed);
        return 0;
}
