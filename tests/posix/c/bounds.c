/* SPDX-License-Identifier: BSD-2-Clause */
/* openat2: paths that must not leave a directory, follow links or cross file systems; and what it refuses that openat leaves aside. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OPENAT2 = 437, ONE_SYSTEM = 1, NO_MAGIC = 2, NO_LINKS = 4, BENEATH = 8, IN_ROOT = 16, CACHED = 32 };

struct how {
        uint64_t flags, mode, bounds, more;
};

static int top;

static long opened(int from, const char *path, struct how how)
{
        long fd = syscall(OPENAT2, from, path, &how, 24);

        if (fd >= 0)
                close((int)fd);
        return fd >= 0 ? 0 : fd;
}

/* Those with `at_root` lead to /, which is another file system than /tmp on some machines. */
static void each(const char *path, int at_root)
{
        static const unsigned bounds[] = {0,        BENEATH,    IN_ROOT,           NO_LINKS,
                                          NO_MAGIC, ONE_SYSTEM, NO_LINKS | BENEATH};

        for (unsigned i = 0; i < sizeof(bounds) / sizeof(*bounds); i++) {
                struct how how = {.flags = O_RDONLY | O_CLOEXEC, .bounds = bounds[i]};

                if (at_root && bounds[i] == ONE_SYSTEM)
                        continue;
                printf("%s within %#x: ", path, bounds[i]);
                errno = 0;
                show_number("open", opened(top, path, how));
        }
}

static void make(const char *path)
{
        int fd = openat(top, path, O_CREAT | O_WRONLY, 0600);

        if (fd < 0 || write(fd, "x", 1) != 1)
                perror(path);
        close(fd);
}

static void paths(void)
{
        static const char *const path[] = {
                "file",
                "inner/file",
                "inner/../file",
                "../top/file",
                "..",
                "inner/../..",
                "/tmp",
                "/file",
                "to-file",
                "to-above",
                "to-root",
                "to-absolute",
                "inner/up",
                "inner/upper/file",
                "loop",
                "missing",
                "file/x",
                "inner/",
                "./file",
                "to-inner/file",
                "inner/up/../file",
                "/proc/self/exe",
                "/proc/self/cwd",
                "/proc/version",
                "to-proc",
        };

        puts("-- paths");
        for (unsigned i = 0; i < sizeof(path) / sizeof(*path); i++)
                each(path[i], !strcmp(path[i], "/tmp") || !strcmp(path[i], "to-root") ||
                                      !strcmp(path[i], "to-absolute"));
}

/* Files are made within bounds as well. */
static void made(void)
{
        struct how how = {.flags = O_CREAT | O_WRONLY | O_CLOEXEC, .mode = 0640, .bounds = BENEATH};
        struct stat s;

        puts("-- made");
        umask(0);
        ASK(opened(top, "made", how));
        ASK(fstatat(top, "made", &s, 0));
        printf("%o\n", s.st_mode & 07777);
        ASK(opened(top, "../escaped", how));
        ASK(opened(top, "/escaped", how));
        ASK(faccessat(top, "../escaped", F_OK, 0));
        how.bounds = IN_ROOT;
        ASK(opened(top, "/../../rooted", how));
        ASK(faccessat(top, "rooted", F_OK, 0));
        how = (struct how){.flags = O_TMPFILE | O_RDWR, .mode = 0600, .bounds = BENEATH};
        ASK(opened(top, "..", how));
        how = (struct how){.flags = O_PATH | O_NOFOLLOW, .bounds = NO_LINKS};
        ASK(opened(top, "to-file", how));
        how.flags = O_RDONLY | O_NOFOLLOW;
        ASK(opened(top, "to-file", how));
        ASK(opened(AT_FDCWD, "file", (struct how){.bounds = BENEATH}));
        ASK(opened(999, "file", (struct how){.bounds = BENEATH}));
        ASK(opened(999, "/tmp", (struct how){.bounds = 0}));
        ASK(opened(openat(top, "file", O_RDONLY), "x", (struct how){.bounds = BENEATH}));
}

static void refused(void)
{
        struct how how = {.flags = O_RDONLY, .more = 0};
        static char page[8192];

        puts("-- refused");
        ASK(syscall(OPENAT2, top, "file", &how, 23));
        ASK(syscall(OPENAT2, top, "file", &how, 32) >= 0);
        how.more = 1;
        ASK(syscall(OPENAT2, top, "file", &how, 32));
        ASK(syscall(OPENAT2, top, "file", page, 4097));
        ASK(syscall(OPENAT2, top, "file", NULL, 24));
        ASK(syscall(OPENAT2, top, NULL, page, 24));
        ASK(syscall(OPENAT2, top, "", page, 24));
        ASK(opened(top, "file", (struct how){.flags = 1ull << 40}));
        ASK(opened(top, "file", (struct how){.flags = 1u << 30}));
        ASK(opened(top, "file", (struct how){.mode = 0600}));
        ASK(opened(top, "file", (struct how){.flags = O_CREAT | O_WRONLY, .mode = 010000}));
        ASK(opened(top, "file", (struct how){.flags = O_PATH | O_RDWR}));
        ASK(opened(top, "file", (struct how){.flags = O_PATH | O_TRUNC}));
        ASK(opened(top, "file", (struct how){.bounds = BENEATH | IN_ROOT}));
        ASK(opened(top, "file", (struct how){.bounds = 64}));
        ASK(opened(top, "file", (struct how){.bounds = 1ull << 33}));
        ASK(opened(top, "file", (struct how){.flags = O_CREAT | O_WRONLY, .bounds = CACHED}));
        ASK(opened(top, ".", (struct how){.flags = O_TMPFILE | O_RDONLY}));
}

int main(void)
{
        char place[] = "/tmp/boundsXXXXXX";

        setvbuf(stdout, NULL, _IONBF, 0);
        if (!mkdtemp(place) || chdir(place) || mkdir("top", 0700) || mkdir("top/inner", 0700))
                return 1;
        top = open("top", O_RDONLY | O_DIRECTORY);
        make("file");
        make("inner/file");
        if (symlinkat("file", top, "to-file") || symlinkat("../top/file", top, "to-above") ||
            symlinkat("/", top, "to-root") || symlinkat("/file", top, "to-absolute") ||
            symlinkat("../file", top, "inner/up") || symlinkat("..", top, "inner/upper") ||
            symlinkat("loop", top, "loop") || symlinkat("inner", top, "to-inner") ||
            symlinkat("/proc/version", top, "to-proc"))
                return 1;
        paths();
        made();
        refused();
        return 0;
}
