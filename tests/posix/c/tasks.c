/* SPDX-License-Identifier: BSD-2-Clause */
/* What /proc says about a process, its threads and its descriptors: names of what there is, and values that a program can compare with what
 * it knows of itself. */
#define _GNU_SOURCE
#include "ask.h"
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 20 };

static char text[65536];

static ssize_t read_all(const char *path)
{
        int file = open(path, O_RDONLY);
        ssize_t n, sum = 0;

        while (file >= 0 && (n = read(file, text + sum, sizeof(text) - 1 - (size_t)sum)) > 0)
                sum += n;
        text[sum] = '\0';
        close(file);
        return file < 0 ? -1 : sum;
}

/* The rest of the line that begins so. */
static const char *line(const char *path, const char *begin)
{
        char *at, *end;

        if (read_all(path) < 0)
                return "no such file";
        for (at = text; at && strncmp(at, begin, strlen(begin)) != 0; at = at ? at + 1 : NULL)
                at = strchr(at, '\n');
        if (!at)
                return "no such line";
        end = strchr(at, '\n');
        if (end)
                *end = '\0';
        return at + strlen(begin);
}

static void names(void)
{
        static const char *const name[] = {"stat",      "statm",         "status", "comm",   "cmdline",
                                           "environ",   "maps",          "limits", "mounts", "mountinfo",
                                           "oom_score", "oom_score_adj", "wchan",  "cgroup", "exe",
                                           "cwd",       "root",          "fd",     "fdinfo", "task"};
        char path[64];

        for (unsigned i = 0; i < sizeof(name) / sizeof(*name); i++) {
                snprintf(path, sizeof(path), "/proc/self/%s", name[i]);
                printf("%s: %d\n", path, access(path, F_OK));
        }
        printf("another name: %d\n", access("/proc/self/nothing", F_OK));
        printf("no process: %d\n", access("/proc/0/stat", F_OK));
}

static int entries(const char *path, const char *name)
{
        DIR *d = opendir(path);
        const struct dirent *e;
        int count = 0;

        while (d && (e = readdir(d)) != NULL)
                count += name ? !strcmp(e->d_name, name) : e->d_name[0] != '.';
        if (d)
                closedir(d);
        return d ? count : -1;
}

static void *stay(void *end)
{
        char byte;

        return (void *)read(*(int *)end, &byte, 1);
}

static void tasks(void)
{
        pthread_t t[THREADS];
        char path[64], number[16];
        int end[2];

        pipe(end);
        for (int i = 0; i < THREADS; i++)
                pthread_create(&t[i], NULL, stay, end);
        printf("threads: %d, %s\n", entries("/proc/self/task", NULL), line("/proc/self/status", "Threads:"));
        snprintf(number, sizeof(number), "%d", getpid());
        snprintf(path, sizeof(path), "/proc/self/task/%s/status", number);
        printf("the first: %d\n", !strcmp(line(path, "Pid:\t"), number));
        printf("in the list: %d\n", entries("/proc/self/task", number));
        printf("its status in the list: %d\n", entries("/proc/self/task/../task", number));
        snprintf(path, sizeof(path), "/proc/self/task/%s", number);
        printf("of it: %d\n", entries(path, "comm"));
        printf("no thread: %d\n", access("/proc/self/task/1/stat", F_OK) && getpid() != 1);
        close(end[1]);
        for (int i = 0; i < THREADS; i++)
                pthread_join(t[i], NULL);
        for (int i = 0; i < 100 && entries("/proc/self/task", NULL) > 1; i++)
                usleep(10000);
        printf("threads: %d\n", entries("/proc/self/task", NULL));
}

static void descriptors(void)
{
        int file = open("/tmp/tasks", O_RDWR | O_CREAT | O_CLOEXEC, 0644), count = eventfd(7, 0);
        char path[64];

        unlink("/tmp/tasks");
        write(file, "12345", 5);
        snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", file);
        printf("position %s\n", line(path, "pos:\t"));
        printf("closed on exec: %d\n", strtol(line(path, "flags:\t"), NULL, 8) & O_CLOEXEC ? 1 : 0);
        printf("to read and write: %ld\n", strtol(line(path, "flags:\t"), NULL, 8) & O_ACCMODE);
        snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", count);
        printf("count %s\n", line(path, "eventfd-count:"));
        close(count);
        printf("closed: %d\n", access(path, F_OK));
        printf("as many as descriptors: %d\n",
               entries("/proc/self/fdinfo", NULL) == entries("/proc/self/fd", NULL));
        close(file);
}

static void values(void)
{
        struct rlimit limit = {200, 300};
        int status;

        setrlimit(RLIMIT_NOFILE, &limit);
        printf("open files:%s\n", line("/proc/self/limits", "Max open files"));
        limit = (struct rlimit){1 << 20, RLIM_INFINITY};
        setrlimit(RLIMIT_FSIZE, &limit);
        printf("file size:%s\n", line("/proc/self/limits", "Max file size"));
        prctl(PR_SET_NAME, "by the call");
        read_all("/proc/self/comm");
        printf("name: %s", text);
        status = open("/proc/self/comm", O_WRONLY);
        printf("written: %zd\n", write(status, "by the file", 11));
        prctl(PR_GET_NAME, text);
        printf("name: %s\n", text);
        printf("in the status:%s\n", line("/proc/self/status", "Name:"));
        fflush(stdout);
        if (fork() == 0) {
                execle("/proc/self/exe", "self", "environment", (char *)NULL,
                       (char *[]){"ONE=1", "TWO=2", NULL});
                _exit(1);
        }
        wait(&status);
}

static int environment(void)
{
        ssize_t n = read_all("/proc/self/environ");

        for (ssize_t i = 0; i < n; i++)
                text[i] = text[i] ? text[i] : ' ';
        printf("environment: %zd, %s\n", n, text);
        n = read_all("/proc/self/cmdline");
        printf("arguments: %zd, %s\n", n, text);
        return 0;
}

/* Numbers that the system says, which programs take for such. */
static void system_values(void)
{
        static const char *const name[] = {"kernel/pid_max",
                                           "kernel/threads-max",
                                           "kernel/msgmax",
                                           "kernel/msgmnb",
                                           "kernel/msgmni",
                                           "kernel/shmmni",
                                           "kernel/random/entropy_avail",
                                           "fs/file-max",
                                           "fs/nr_open",
                                           "fs/pipe-max-size",
                                           "fs/inotify/max_user_watches",
                                           "fs/mqueue/msg_max",
                                           "vm/overcommit_memory",
                                           "vm/max_map_count",
                                           "net/core/somaxconn"};
        char path[64];

        for (unsigned i = 0; i < sizeof(name) / sizeof(*name); i++) {
                snprintf(path, sizeof(path), "/proc/sys/%s", name[i]);
                printf("%s: %s\n", path,
                       read_all(path) > 0 && strtol(text, NULL, 10) >= 0 ? "a number" : "nothing");
        }
        gethostname(path, sizeof(path));
        read_all("/proc/sys/kernel/hostname");
        printf("name of the host: %d\n", !strncmp(text, path, strlen(path)));
        printf("another number each time: %zd\n", read_all("/proc/sys/kernel/random/uuid"));
        memcpy(path, text, 36);
        read_all("/proc/sys/kernel/random/uuid");
        printf("of version %c: %d\n", text[14], memcmp(path, text, 36) != 0);
}

int main(int count, char *argument[])
{
        if (count == 2 && !strcmp(argument[1], "environment"))
                return environment();
        names();
        tasks();
        descriptors();
        system_values();
        values();
        return 0;
}
