/* SPDX-License-Identifier: BSD-2-Clause */
/* Extended attributes of files: what is kept, listed and removed, and each refusal.  On Linux the file system of the working directory
 * must have attributes of users; where it has none, the program says so. */
#define _GNU_SOURCE
#include "ask.h"
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { PAGE = 4096, LONG = 256, MUCH = 70000 };

static void *bad;
static char value[MUCH], name[LONG + 10];

static int by_name(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in their order: which one comes first is not said anywhere. */
static void show_all(const char *path)
{
        char list[PAGE], *names[32];
        ssize_t size = llistxattr(path, list, sizeof(list)), got;
        size_t bytes = 0;
        int count = 0;

        printf("%s: the same without a buffer: %d\n", path, size == llistxattr(path, NULL, 0));
        for (ssize_t at = 0; at < size && count < 32; at += (ssize_t)strlen(list + at) + 1)
                if (strncmp(list + at, "security.", 9) != 0) {
                        names[count++] = list + at;
                        bytes += strlen(list + at) + 1;
                }
        printf("  %zu bytes of names\n", bytes);
        qsort(names, (size_t)count, sizeof(*names), by_name);
        for (int i = 0; i < count; i++) {
                got = lgetxattr(path, names[i], value, sizeof(value));
                printf("  %s: %zd, %.*s\n", names[i], got, (int)(got > 40 ? 40 : got), value);
        }
}

static void kept(void)
{
        int file = open("f", O_RDWR | O_CREAT, 0644);

        ASK(setxattr("f", "user.one", "first", 5, 0));
        ASK(fsetxattr(file, "user.two", "second", 6, XATTR_CREATE));
        ASK(lsetxattr("f", "user.none", NULL, 0, 0));
        show_all("f");
        ASK(setxattr("f", "user.one", "another", 7, XATTR_REPLACE));
        ASK(setxattr("f", "user.one", "third", 5, XATTR_CREATE));
        ASK(setxattr("f", "user.three", "third", 5, XATTR_REPLACE));
        ASK(setxattr("f", "user.three", "third", 5, XATTR_REPLACE | XATTR_CREATE));
        ASK(setxattr("f", "user.one", "third", 5, XATTR_REPLACE | XATTR_CREATE));
        show_all("f");
        ASK(link("f", "also"));
        ASK(rename("f", "g"));
        show_all("also");
        ASK(getxattr("also", "user.one", value, 3));
        ASK(getxattr("also", "user.one", value, 0));
        ASK(getxattr("also", "user.one", value, 7));
        ASK(fgetxattr(file, "user.one", NULL, 0));
        ASK(listxattr("also", value, 5));
        ASK(flistxattr(file, value, MUCH));
        ASK(fremovexattr(file, "user.one"));
        ASK(removexattr("also", "user.one"));
        ASK(lremovexattr("also", "user.none"));
        show_all("g");
        ASK(unlink("g"));
        ASK(unlink("also"));
        ASK(fgetxattr(file, "user.two", value, MUCH));
        close(file);
}

static void kinds(void)
{
        int end[2], place;

        pipe(end);
        mkdir("d", 0755);
        mkfifo("p", 0644);
        symlink("d", "l");
        ASK(setxattr("l", "user.a", "through", 7, 0));
        show_all("d");
        show_all("l");
        ASK(lsetxattr("l", "user.a", "x", 1, 0));
        ASK(lgetxattr("l", "user.a", value, MUCH));
        ASK(lremovexattr("l", "user.a"));
        ASK(setxattr("p", "user.a", "x", 1, 0));
        ASK(getxattr("p", "user.a", value, MUCH));
        ASK(listxattr("p", value, MUCH));
        ASK(setxattr("/dev/null", "user.a", "x", 1, 0));
        ASK(getxattr("/dev/null", "user.a", value, MUCH));
        ASK(fsetxattr(end[0], "user.a", "x", 1, 0));
        ASK(fgetxattr(end[0], "user.a", value, MUCH));
        ASK(setxattr("/proc/self/stat", "user.a", "x", 1, 0));
        ASK(getxattr("/proc/self/stat", "user.a", value, MUCH));
        place = open("d", O_PATH);
        ASK(fsetxattr(place, "user.a", "x", 1, 0));
        ASK(fgetxattr(place, "user.a", value, MUCH));
        ASK(flistxattr(place, value, MUCH));
        ASK(fremovexattr(place, "user.a"));
}

static void refused(void)
{
        int file = open("f", O_RDWR | O_CREAT, 0644);

        memset(name, 'n', LONG + 5);
        memcpy(name, "user.", 5);
        ASK(setxattr("f", name, "x", 1, 0));
        ASK(getxattr("f", name, value, MUCH));
        ASK(removexattr("f", name));
        name[LONG - 1] = '\0';
        ASK(setxattr("f", name, "x", 1, 0));
        ASK(getxattr("f", name, value, MUCH));
        ASK(setxattr("f", "user.much", value, MUCH, 0));
        ASK(setxattr("f", "user.", "x", 1, 0));
        ASK(setxattr("f", "", "x", 1, 0));
        ASK(getxattr("f", "", value, MUCH));
        ASK(getxattr("f", "user.", value, MUCH));
        ASK(setxattr("f", "nobody.a", "x", 1, 0));
        ASK(getxattr("f", "nobody.a", value, MUCH));
        ASK(setxattr("f", "a", "x", 1, 0));
        ASK(setxattr("f", "user.a", "x", 1, 4));
        ASK(setxattr("f", bad, "x", 1, 0));
        ASK(setxattr("f", "user.a", bad, 1, 0));
        ASK(getxattr("f", bad, value, MUCH));
        ASK(getxattr("f", "user.none", value, MUCH));
        ASK(setxattr("f", "user.a", "xyz", 3, 0));
        ASK(getxattr("f", "user.a", bad, 3));
        ASK(listxattr("f", bad, MUCH));
        ASK(removexattr("f", bad));
        ASK(setxattr("missing", "user.a", "x", 1, 0));
        ASK(getxattr("missing", "user.a", value, MUCH));
        ASK(listxattr("missing", value, MUCH));
        ASK(removexattr("missing", "user.a"));
        ASK(setxattr("f/x", "user.a", "x", 1, 0));
        ASK(setxattr(bad, "user.a", "x", 1, 0));
        ASK(getxattr("", "user.a", value, MUCH));
        ASK(fsetxattr(-1, "user.a", "x", 1, 0));
        ASK(fgetxattr(-1, "user.a", value, MUCH));
        ASK(flistxattr(-1, value, MUCH));
        ASK(fremovexattr(900, "user.a"));
        close(file);
}

/* So much fits that a few names do, and not without end. */
static void full(void)
{
        int done = 0, error = 0;

        memset(value, 'v', sizeof(value));
        for (int i = 0; i < 200 && !error; i++) {
                snprintf(name, sizeof(name), "user.%d", i);
                if (setxattr("f", name, value, 300, 0))
                        error = errno;
                else
                        done++;
        }
        printf("some fit: %d, then no room: %d\n", done > 5, !error || error == ENOSPC || error == EDQUOT);
        for (int i = 0; i < done; i++) {
                snprintf(name, sizeof(name), "user.%d", i);
                if (getxattr("f", name, value, MUCH) != 300 || removexattr("f", name))
                        printf("%s is lost\n", name);
        }
        ASK(getxattr("f", "user.a", value, MUCH));
        show_all("f");
}

int main(void)
{
        bad = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        mkdir("/tmp/labels", 0755);
        if (chdir("/tmp/labels"))
                return 1;
        kept();
        kinds();
        refused();
        full();
        ASK(unlink("f"));
        return 0;
}
