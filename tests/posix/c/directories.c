/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals about what happens in a directory (F_NOTIFY): of what, how often, to whom, and until when. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOTIFY = 1026, READ = 1, WRITTEN = 2, MADE = 4, REMOVED = 8, RENAMED = 16, CHANGED = 32 };
#define AGAIN (1u << 31)

static volatile sig_atomic_t count, from, code;
static int directory;

static void told(int signal, siginfo_t *info, void *context)
{
        (void)signal, (void)context;
        count++;
        from = info->si_fd;
        code = info->si_code;
}

static void report(const char *what)
{
        printf("%s: %d\n", what, (int)count);
        count = 0;
}

static void touch(const char *name)
{
        close(open(name, O_WRONLY | O_CREAT, 0600));
}

static void once(void)
{
        int file = open("d/file", O_RDWR | O_CREAT, 0600);

        show("a file", fcntl(file, NOTIFY, MADE));
        show("a directory", fcntl(directory, NOTIFY, MADE));
        touch("d/one");
        report("made");
        touch("d/two");
        report("only once");
        fcntl(directory, NOTIFY, WRITTEN);
        touch("d/three");
        report("something else");
        show("written", write(file, "x", 1));
        report("what it waits for");
        close(file);
}

static void each(void)
{
        int file = open("d/file", O_RDWR);
        char byte;

        fcntl(directory, NOTIFY, AGAIN | WRITTEN);
        fcntl(directory, NOTIFY, AGAIN | CHANGED);
        for (int i = 0; i < 3; i++)
                write(file, "y", 1);
        report("three times");
        chmod("d/file", 0644);
        report("and other rights");
        pread(file, &byte, 1, 0);
        report("read, and nobody asked");
        fcntl(directory, NOTIFY, AGAIN | READ);
        pread(file, &byte, 1, 0);
        report("read");
        unlink("d/one");
        report("removed, and nobody asked");
        fcntl(directory, NOTIFY, AGAIN | REMOVED);
        unlink("d/two");
        report("removed");
        fcntl(directory, NOTIFY, 0);
        unlink("d/three");
        write(file, "z", 1);
        report("of nothing any more");
        fcntl(directory, NOTIFY, AGAIN | RENAMED);
        rename("d/file", "d/other");
        report("renamed");
        mkdir("d/below", 0700);
        touch("d/below/name");
        report("not of what is below");
        rmdir("d/below");
        unlink("d/below/name");
        rmdir("d/below");
        fcntl(directory, NOTIFY, 0);
        close(file);
}

static void to_whom(void)
{
        int other, status;

        fcntl(directory, F_SETSIG, SIGRTMIN);
        fcntl(directory, NOTIFY, AGAIN | MADE);
        touch("d/four");
        report("by a signal of its own");
        show("which file", from == directory);
        show_number("why", code);
        if (!fork()) {
                close(directory);
                _exit(0);
        }
        wait(&status);
        touch("d/five");
        report("a child has closed it");
        if (!fork()) {
                touch("d/six");
                _exit(count);
        }
        wait(&status);
        show_end("a child that makes one", status);
        report("is not who is told");
        other = dup(directory);
        close(other);
        touch("d/seven");
        report("a copy was closed");
        show("the owner", fcntl(directory, F_GETOWN) == getpid());
}

int main(void)
{
        struct sigaction a = {.sa_sigaction = told, .sa_flags = SA_SIGINFO | SA_RESTART};
        static const char *const names[] = {"four", "five", "six", "seven", "other"};

        setvbuf(stdout, NULL, _IOLBF, 0);
        sigaction(SIGIO, &a, NULL);
        sigaction(SIGRTMIN, &a, NULL);
        mkdir("d", 0700);
        directory = open("d", O_RDONLY);
        once();
        each();
        to_whom();
        close(directory);
        for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
                char name[16];

                snprintf(name, sizeof(name), "d/%s", names[i]);
                unlink(name);
        }
        show("nothing is left", rmdir("d"));
        return 0;
}
