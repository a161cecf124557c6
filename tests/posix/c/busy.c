/* SPDX-License-Identifier: BSD-2-Clause */
/* A file that runs is not written, and one that is written does not run. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

static const char *const program = "/tmp/busy-program";

static void copy_self(void)
{
        static char buffer[1 << 16];
        int from = open("/proc/self/exe", O_RDONLY), to = open(program, O_WRONLY | O_CREAT | O_TRUNC, 0755);
        long n;

        while ((n = read(from, buffer, sizeof(buffer))) > 0) {
                if (write(to, buffer, (size_t)n) != n)
                        perror(program);
        }
        close(from);
        close(to);
}

/* One that waits for the end of its input. */
static int start(int *input)
{
        int ends[2], told[2], child;
        char text;

        if (pipe2(ends, O_CLOEXEC) || pipe2(told, O_CLOEXEC))
                perror("pipe2");
        child = fork();
        if (!child) {
                dup2(ends[0], 0);
                dup2(told[1], 1);
                execl(program, program, "waits", NULL);
                _exit(errno);
        }
        close(told[1]);
        if (read(told[0], &text, 1) != 1)
                puts("it did not start");
        close(told[0]);
        *input = ends[1];
        return child;
}

static int run(void)
{
        int child = fork(), status;

        if (!child) {
                execl(program, program, "ends", NULL);
                _exit(errno);
        }
        waitpid(child, &status, 0);
        return WEXITSTATUS(status);
}

static void test_running(void)
{
        int input, f, child = start(&input), status;

        ASK(open(program, O_WRONLY));
        ASK(open(program, O_RDWR));
        ASK(open(program, O_RDONLY | O_TRUNC));
        ASK(open(program, O_WRONLY | O_CREAT, 0600));
        ASK(truncate(program, 0));
        f = open(program, O_RDONLY);
        ASK(mmap(NULL, 1, PROT_READ, MAP_SHARED, f, 0) == MAP_FAILED ? -1 : 0);
        close(f);
        ASK(chmod(program, 0700));
        ASK(rename(program, "/tmp/busy-2"));
        ASK(open("/tmp/busy-2", O_WRONLY));
        ASK(rename("/tmp/busy-2", program));
        close(input);
        waitpid(child, &status, 0);
        f = open(program, O_WRONLY);
        show("afterwards", f >= 0);
        close(f);
}

static void test_written(void)
{
        int f = open(program, O_WRONLY), g;
        void *mapped;

        show_number("while it is written", run());
        g = dup(f);
        close(f);
        show_number("through another descriptor", run());
        close(g);
        f = open(program, O_RDWR);
        mapped = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
        g = open(program, O_PATH);
        close(f);
        show_number("mapped", run());
        close(g);
        munmap(mapped, 1);
        f = open(program, O_RDONLY);
        show_number("while it is read", run());
        close(f);
        f = open("/tmp/busy-script", O_WRONLY | O_CREAT | O_TRUNC, 0755);
        dprintf(f, "#!%s\n", program);
        ASK(execl("/tmp/busy-script", "/tmp/busy-script", NULL));
        close(f);
        unlink("/tmp/busy-script");
}

int main(int argc, char **argv)
{
        char text;

        if (argc > 1 && !strcmp(argv[1], "waits")) {
                if (write(1, "x", 1) == 1 && read(0, &text, 1) == 0)
                        return 0;
                return 1;
        }
        if (argc > 1 && !strcmp(argv[1], "ends"))
                return 0;
        setvbuf(stdout, NULL, _IOLBF, 0);
        copy_self();
        test_running();
        test_written();
        unlink(program);
        return 0;
}
