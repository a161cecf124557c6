/* SPDX-License-Identifier: BSD-2-Clause */
/* One line for a call and its result, which is compared with that on another system. */
#pragma once

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* SIGALRM each 20 ms, or no more: a call that is to be interrupted may begin after the first one. */
static inline void ask_alarms(int on)
{
        ualarm(on ? 20000 : 0, on ? 20000 : 0);
}

static inline long ask_quiet(long result)
{
        int error = errno;

        ask_alarms(0);
        errno = error;
        return result;
}

/* A call that is to be interrupted; nobody rings when its result is printed. */
#define RUNG(call) (ask_alarms(1), errno = 0, ask_quiet((long)(call)))

/* The number of its error, 0, or that it is positive; for TRY the value, or the error as text.  The call's text is its name. */
#define ASK(call) (errno = 0, ask_tell(#call, (long)(call)))
#define TRY(call) (errno = 0, show(#call, (long)(call)))

static inline void ask_tell(const char *text, long result)
{
        if (result == -1)
                printf("%s: error %d\n", text, errno);
        else
                printf("%s: %s\n", text, result > 0 ? "more" : "0");
}

/* The value, or the error as text, which differs among C libraries. */
static inline void show(const char *what, long result)
{
        if (result < 0)
                printf("%s: %s\n", what, strerror(errno));
        else
                printf("%s: %ld\n", what, result);
        fflush(stdout);
}

/* The value, or the number of the error. */
static inline void show_number(const char *what, long result)
{
        if (result < 0)
                printf("%s: error %d\n", what, errno);
        else
                printf("%s: %ld\n", what, result);
        fflush(stdout);
}

/* Only whether it worked. */
static inline void tell(const char *what, long result)
{
        printf("%s: %s\n", what, result < 0 ? strerror(errno) : "done");
        fflush(stdout);
}

/* How a child ended. */
static inline void show_end(const char *what, int status)
{
        if (WIFSIGNALED(status))
                printf("%s: signal %d\n", what, WTERMSIG(status));
        else
                printf("%s: exit %d\n", what, WEXITSTATUS(status));
        fflush(stdout);
}

static inline char state_in_proc(int pid)
{
        char name[40], text[200], state = 'Z';
        FILE *f;

        snprintf(name, sizeof(name), "/proc/%d/stat", pid);
        f = fopen(name, "r");
        if (f && fgets(text, sizeof(text), f) && strrchr(text, ')'))
                state = strrchr(text, ')')[2];
        if (f)
                fclose(f);
        return state;
}

/* Until it waits, or has ended: for a moment, since one that has to rest before its call begins looks the same. */
static inline void until_it_waits(int pid)
{
        for (int seen = 0; seen < 2;) {
                char state = state_in_proc(pid);

                if (state == 'Z')
                        return;
                seen = state == 'S' ? seen + 1 : 0;
                if (seen)
                        usleep(20000);
        }
}
