/* SPDX-License-Identifier: BSD-2-Clause */
/* profile NAME|PID [SECONDS]: where a running program spends its time.
 *
 * Every millisecond, or as often as it gets the processor, it stops the program's threads, reads their stacks and continues them, by the
 * system's calls for debuggers (sos/debug.h).  Threads in a system call are counted separately: they wait, or the server works for them. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../../lib/compat/sosapi/include/sos/debug.h"
#include "profile.h"

enum {
        THREADS = 1025, /* as many as a process can have */
        SECONDS = 5,
        SECONDS_MAX = 600,
        EVERY_NS = 997000,
        INSTRUCTION = 4,
        PATH = 300,
        FIRST = -20
};

static struct {
        int pid;
        unsigned long looks, running, waiting;
        struct frame root;
} profile;

static long ask(int request, long a, long b, long c, long d)
{
        return syscall(SOS_DEBUG, request, a, b, c, d);
}

/* The command of a process; false when it has ended. */
static bool read_name(const char *number, char name[NAME])
{
        char path[PATH];
        FILE *f;

        snprintf(path, sizeof(path), "/proc/%s/comm", number);
        f = fopen(path, "r");
        if (!f || !fgets(name, NAME, f))
                *name = '\0';
        if (f)
                fclose(f);
        name[strcspn(name, "\n")] = '\0';
        return *name;
}

/* The youngest process of that name or number, and its name; 0: there is none. */
static int find(const char *word, char name[NAME])
{
        DIR *d = opendir("/proc");
        int pid = 0;

        for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
                char own[NAME];
                int n = atoi(e->d_name);

                if (n > pid && n != getpid() && read_name(e->d_name, own) &&
                    (!strcmp(own, word) || !strcmp(e->d_name, word))) {
                        pid = n;
                        memcpy(name, own, NAME);
                }
        }
        if (d)
                closedir(d);
        return pid;
}

/* --- samples --- */

/* A function that calls nobody has no frame record; its caller's address is in x30, unless the first record has it, too. */
static unsigned walk(const struct debug_registers *r, uint64_t pc[DEPTH])
{
        uint64_t record = r->x[29], pair[2];
        unsigned n = 0;
        char here[NAME], there[NAME];

        pc[n++] = r->pc;
        symbol_name(r->pc, here);
        symbol_name(r->x[30] - INSTRUCTION, there);
        if (r->x[30] && strcmp(here, there))
                pc[n++] = r->x[30] - INSTRUCTION;
        for (unsigned i = 0; n < DEPTH && record && record % sizeof(record) == 0; i++) {
                if (ask(DEBUG_READ, profile.pid, (long)record, (long)pair, sizeof(pair)) != sizeof(pair) ||
                    !pair[1])
                        break;
                if (i || pair[1] != r->x[30])
                        pc[n++] = pair[1] - INSTRUCTION;
                if (pair[0] <= record)
                        break;
                record = pair[0];
        }
        return n;
}

static void look_at(int thread)
{
        struct debug_registers r;
        uint64_t pc[DEPTH];

        if (ask(DEBUG_GET, profile.pid, thread, (long)&r, 0))
                return;
        if (ask(DEBUG_SET, profile.pid, thread, (long)&r, 0)) {
                profile.waiting++;
                return;
        }
        profile.running++;
        stacks_add(&profile.root, pc, walk(&r, pc));
}

/* The process gets the signals that it would have got without us. */
static bool pass_event(void)
{
        struct debug_event e;

        if (ask(DEBUG_EVENT, profile.pid, (long)&e, 0, 0) <= 0)
                return true;
        if (e.kind == DEBUG_SIGNAL)
                ask(DEBUG_RELEASE, profile.pid, 0, e.value, 0);
        return e.kind != DEBUG_ENDED;
}

/* False when it has ended. */
static bool sample(void)
{
        static int thread[THREADS];
        long n;

        if (!pass_event() || ask(DEBUG_HOLD, profile.pid, 0, 0, 0))
                return false;
        n = ask(DEBUG_THREADS, profile.pid, (long)thread, THREADS, 0);
        for (long i = 0; i < n && i < THREADS; i++)
                look_at(thread[i]);
        ask(DEBUG_RELEASE, profile.pid, 0, 0, 0);
        profile.looks++;
        return true;
}

static double now(void)
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- output --- */

static bool save(const char *kind, const char *title)
{
        char path[PATH];
        FILE *f;

        snprintf(path, sizeof(path), "/tmp/%s.%s", profile.root.name, kind);
        f = fopen(path, "w");
        if (f && title)
                flame_write(&profile.root, title, f);
        else if (f)
                stacks_write(&profile.root, f);
        if (!f || fclose(f)) {
                fprintf(stderr, "profile: %s: %s\n", path, strerror(errno));
                return false;
        }
        printf("%s\n", path);
        return true;
}

/* False: something could not be written. */
static bool show(double seconds)
{
        char title[2 * NAME];
        bool kept;

        snprintf(title, sizeof(title), "%s[%d]: %lu samples in %.1f s", profile.root.name, profile.pid,
                 profile.looks, seconds);
        printf("%s; a thread computed in %lu of them, %lu found one in a system call\n", title,
               profile.running, profile.waiting);
        stacks_show(&profile.root);
        kept = !profile.running || save("folded", NULL);
        return (!profile.running || save("svg", title)) && kept;
}

/* From the command line, or the default; 0: wrong usage. */
static long seconds_of(int count, char **word)
{
        char *rest = "";
        long seconds = count > 2 ? strtol(word[2], &rest, 10) : SECONDS;

        return count >= 2 && count <= 3 && !*rest && seconds >= 1 && seconds <= SECONDS_MAX ? seconds : 0;
}

int main(int count, char **word)
{
        long seconds = seconds_of(count, word);
        double begin, end;

        if (!seconds) {
                fprintf(stderr, "usage: profile NAME|PID [SECONDS 1-%d]\n", SECONDS_MAX);
                return 2;
        }
        profile.pid = find(word[1], profile.root.name);
        if (!profile.pid || ask(DEBUG_ATTACH, profile.pid, 0, 0, 0)) {
                fprintf(stderr, "profile: %s: %s\n", word[1],
                        profile.pid ? "a driver, or it is debugged already"
                                    : "no such process runs; start it first (NAME &, spawn NAME)");
                return 1;
        }
        if (!symbols_read(profile.pid))
                fprintf(stderr, "profile: %s: no names of functions in its file\n", profile.root.name);
        setpriority(PRIO_PROCESS, 0, FIRST);
        ask(DEBUG_RELEASE, profile.pid, 0, 0, 0);
        for (begin = end = now(); end < begin + (double)seconds && sample(); end = now())
                nanosleep(&(struct timespec){.tv_nsec = EVERY_NS}, NULL);
        ask(DEBUG_DETACH, profile.pid, 0, 0, 0);
        return show(end - begin) ? 0 : 1;
}
