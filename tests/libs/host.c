/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the cases: each in a child process with a machine of its own.
 *
 * Usage: libs [PART OF A NAME]
 */
#include "tests/lib/native.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The same as in libs.h, which cannot be included beside the kernel's headers. */
struct libs_case {
        const char *name;
        void (*run)(const void *bootinfo);
        size_t memory;
        bool fast;
};

#define SUITES(X)                                                                                            \
        X(cspace_cases)                                                                                      \
        X(flat_cases)                                                                                        \
        X(ut_cases)                                                                                          \
        X(vspace_cases)                                                                                      \
        X(threads_cases)                                                                                     \
        X(devices_cases)                                                                                     \
        X(uart_cases)                                                                                        \
        X(clock_cases)                                                                                       \
        X(process_cases)                                                                                     \
        X(look_cases) X(objects_cases) X(server_cases) X(misuse_cases) X(after_cases) X(random_cases)

#define DECLARE(name)                                                                                        \
        extern const struct libs_case name[];                                                                \
        extern const size_t name##_count;
SUITES(DECLARE)

static const struct libs_case *running;

static void begin(word bootinfo)
{
        running->run((const void *)bootinfo);
        fflush(NULL);
        syscall(SYS_exit_group, 0); /* not _exit: AddressSanitizer would look at the coroutine stack */
}

static _Noreturn void child(void)
{
        word memory = (running->memory ? running->memory : 64) << 20;

        native_settings(100, !running->fast);
        if (native_run(&(struct host_options){.memory = memory, .image_pages = 4}, begin) == NATIVE_STUCK)
                printf("nobody can run any more\n");
        else
                printf("the kernel halted\n");
        printf("%s", host_console_text());
        fflush(NULL);
        _exit(1);
}

static bool run(const struct libs_case *c)
{
        int status = 1;
        pid_t pid;

        fflush(NULL);
        running = c;
        pid = fork();
        if (pid == 0)
                child();
        if (pid < 0 || waitpid(pid, &status, 0) != pid)
                return false;
        printf("%-4s %s\n", status == 0 ? "ok" : "FAIL", c->name);
        return status == 0;
}

int main(int argc, char **argv)
{
        word passed = 0, failed = 0;

        setvbuf(stdout, NULL, _IOLBF, 0);
#define RUN(suite)                                                                                           \
        for (size_t i = 0; i < suite##_count; i++) {                                                         \
                if (argc > 1 && !strstr(suite[i].name, argv[1]))                                             \
                        continue;                                                                            \
                if (run(&suite[i]))                                                                          \
                        passed++;                                                                            \
                else                                                                                         \
                        failed++;                                                                            \
        }
        SUITES(RUN)
        printf("%lu passed, %lu failed\n", passed, failed);
        return failed || !passed;
}
