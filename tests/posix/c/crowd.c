/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls whose work grows with the number of others' objects: signals to a group of many, the end of a parent of many, lists of
 * processes, notices of many changes, files with many dirty pages or locks.  crowd SIZE: so many, up to the limits; without a size
 * there are few, and Linux prints the same. */
#define _GNU_SOURCE
#include "ask.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PAGE = 4096, FEW = 10 };

static int size = FEW;

static int at_most(int most)
{
        return size < most ? size : most;
}

static void more_descriptors(void)
{
        struct rlimit all;

        getrlimit(RLIMIT_NOFILE, &all);
        all.rlim_cur = all.rlim_max;
        setrlimit(RLIMIT_NOFILE, &all);
}

static void on_signal(int signal)
{
        (void)signal;
}

/* Children in a group of their own, whose number it returns; -1: there is none. */
static int crowd(int n)
{
        struct rlimit all;
        int group = -1;

        getrlimit(RLIMIT_NPROC, &all);
        all.rlim_cur = all.rlim_max;
        setrlimit(RLIMIT_NPROC, &all);
        for (int i = 0; i < n; i++) {
                int pid = fork();

                if (pid == 0) {
                        for (;;)
                                pause();
                }
                if (pid < 0)
                        break;
                group = group < 0 ? pid : group;
                setpgid(pid, group);
        }
        return group;
}

static void lists(void)
{
        static char text[1 << 15];
        DIR *d = opendir("/proc");
        struct dirent *e;
        int seen = 0, f = open("/proc/self/status", O_RDONLY);

        while ((e = readdir(d)) != NULL)
                seen += e->d_name[0] >= '1' && e->d_name[0] <= '9';
        closedir(d);
        printf("processes are listed: %d\n", seen > at_most(50));
        tell("its own", read(f, text, sizeof(text)));
        close(f);
}

/* A process with many descriptors, which somebody has listed, has ended: its directory goes with all that is in it. */
static void descriptors(void)
{
        int n = at_most(900), ends[2], seen = 0, pid;
        char name[40], done = 0;
        DIR *d;

        pipe(ends);
        pid = fork();
        if (pid == 0) {
                more_descriptors();
                for (int i = 0; i < n; i++)
                        dup(ends[0]);
                write(ends[1], &done, 1);
                for (;;)
                        pause();
        }
        read(ends[0], &done, 1);
        snprintf(name, sizeof(name), "/proc/%d/fd", pid);
        d = opendir(name);
        while (readdir(d))
                seen++;
        closedir(d);
        printf("all descriptors are listed: %d\n", seen > n);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        *strrchr(name, '/') = '\0';
        tell("it has gone", access(name, F_OK));
        for (int again = 0; again < 2; again++) {
                d = opendir("/proc");
                for (struct dirent *e = readdir(d); e; e = readdir(d))
                        seen = strcmp(e->d_name, strrchr(name, '/') + 1) ? seen : 0;
                closedir(d);
        }
        printf("it is not listed: %d\n", seen > 0);
        close(ends[0]);
        close(ends[1]);
}

static void signals(void)
{
        int group;

        signal(SIGUSR1, on_signal);
        group = crowd(at_most(100));
        tell("a handler each", kill(-group, SIGUSR1));
        tell("again", kill(-group, SIGUSR1));
        lists();
        tell("they stop", kill(-group, SIGSTOP));
        tell("another one meanwhile", kill(-group, SIGUSR1));
        tell("they go on", kill(-group, SIGCONT));
        tell("they end", kill(-group, SIGTERM));
        while (wait(NULL) > 0)
                ;
        tell("nobody", kill(-group, SIGUSR1));
}

/* A parent ends with all its children; they end, and are those of whoever takes them. */
static void orphans(void)
{
        int pid, group = 0, ends[2];

        prctl(PR_SET_CHILD_SUBREAPER, 1);
        pipe(ends);
        pid = fork();
        if (pid == 0) {
                group = crowd(at_most(90));
                write(ends[1], &group, sizeof(group));
                _exit(0);
        }
        read(ends[0], &group, sizeof(group));
        waitpid(pid, NULL, 0);
        tell("orphans end", kill(-group, SIGKILL));
        while (wait(NULL) > 0)
                ;
        tell("nobody is left", kill(-group, 0));
        close(ends[0]);
        close(ends[1]);
}

/* More of them than are kept, and many who want to be told. */
static void changes(void)
{
        static char events[1 << 16];
        int n = at_most(128), watcher[128], long_one = 0,
            f = open("/tmp/crowd", O_RDWR | O_CREAT | O_TRUNC, 0600);

        more_descriptors();
        for (int i = 0; i < n; i++) {
                watcher[i] = inotify_init1(IN_NONBLOCK);
                if (watcher[i] < 0) {
                        n = i; /* as many as there may be */
                        break;
                }
                inotify_add_watch(watcher[i], "/tmp", IN_ALL_EVENTS);
                inotify_add_watch(watcher[i], "/tmp/crowd", IN_ALL_EVENTS);
        }
        for (int i = 0; i < size; i++)
                write(f, "x", 1);
        rename("/tmp/crowd", "/tmp/crowd-2");
        unlink("/tmp/crowd-2");
        for (int i = 0; i < n; i++) {
                long_one += read(watcher[i], events, sizeof(events)) > 0;
                close(watcher[i]);
        }
        printf("all heard of it: %d\n", long_one == n);
        close(f);
}

static void dirty(void)
{
        int f = open("/tmp/crowd", O_RDWR | O_CREAT | O_TRUNC, 0600), n = at_most(4000);
        char *a;

        ftruncate(f, (off_t)n * PAGE);
        a = mmap(NULL, (size_t)n * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
        for (int i = 0; i < n; i++)
                a[(size_t)i * PAGE] = 1;
        tell("they are written back", msync(a, (size_t)n * PAGE, MS_SYNC));
        tell("and soon", msync(a, (size_t)n * PAGE, MS_ASYNC | MS_INVALIDATE));
        tell("by the file", fsync(f));
        tell("unmapped", munmap(a, (size_t)n * PAGE));
        for (int i = 0; i < at_most(2000); i++) {
                struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = i * 2, .l_len = 1};

                fcntl(f, F_SETLK, &l);
        }
        tell("another descriptor", close(dup(f)));
        tell("closed", close(f));
        unlink("/tmp/crowd");
}

int main(int words, char **word)
{
        if (words > 1 && atoi(word[1]))
                size = atoi(word[1]);
        setvbuf(stdout, NULL, _IONBF, 0);
        signals();
        descriptors();
        orphans();
        changes();
        dirty();
        return 0;
}
