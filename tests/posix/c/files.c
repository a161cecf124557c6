/* SPDX-License-Identifier: BSD-2-Clause */
/* Files and descriptors: good and bad arguments, and what errno says. */
#define _GNU_SOURCE
#include "ask.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <unistd.h>

static char *volatile nowhere = (char *)8, *volatile kernel = (char *)0xffffff8000000000ul;

static void streams(void)
{
        FILE *f = fopen("/tmp/c/stream", "w+");
        char line[50] = "";
        int n = 0;

        for (int i = 0; i < 2000; i++)
                fprintf(f, "line %d\n", i);
        printf("position %ld\n", ftell(f));
        rewind(f);
        while (fgets(line, sizeof(line), f))
                n++;
        printf("%d lines, the last: %s", n, line);
        fseek(f, -5, SEEK_END);
        n = fgetc(f);
        printf("%c eof %d\n", n, feof(f));
        fclose(f);
        printf("missing: %d %s\n", fopen("/tmp/c/none", "r") != NULL, strerror(errno));
}

static void positions(void)
{
        int file = open("/tmp/c/data", O_RDWR | O_CREAT | O_EXCL, 0644);
        char text[20] = "";
        struct stat s;

        show("write", write(file, "0123456789", 10));
        show("seek", lseek(file, 4, SEEK_SET));
        show("read", read(file, text, 3));
        show("seek on", lseek(file, 1, SEEK_CUR));
        show("seek from the end", lseek(file, -2, SEEK_END));
        show("seek before the start", lseek(file, -20, SEEK_CUR));
        show("seek by a bad rule", lseek(file, 0, 77));
        show("pread", pread(file, text, 2, 8));
        printf("%s\n", text);
        show("read at the end", (lseek(file, 0, SEEK_END), read(file, text, 5)));
        show("write beyond", (lseek(file, 20, SEEK_SET), write(file, "x", 1)));
        show("a hole is zero", (pread(file, text, 1, 15), text[0]));
        tell("cut", ftruncate(file, 5));
        show("size", (fstat(file, &s), (long)s.st_size));
        tell("stretch", ftruncate(file, 12));
        show("size", (fstat(file, &s), (long)s.st_size));
        tell("truncate a bad one", ftruncate(99, 0));
        tell("truncate below 0", ftruncate(file, -1));
        tell("by name", truncate("/tmp/c/data", 12));
        tell("by name below 0", truncate("/tmp/c/data", -1));
        tell("what is missing", truncate("/tmp/c/none", 1));
        show("seek far", lseek(file, 1l << 40, SEEK_SET) == 1l << 40);
        tell("and too far", lseek(file, __LONG_MAX__, SEEK_CUR));
        printf("regular %d, mode %o\n", S_ISREG(s.st_mode), s.st_mode & 0600);
        tell("again exclusively", open("/tmp/c/data", O_RDWR | O_CREAT | O_EXCL, 0644));
        tell("close", close(file));
        tell("close again", close(file));
        tell("read a closed one", read(file, text, 1));
}

static void bad_addresses(void)
{
        int file = open("/tmp/c/data", O_RDWR);
        struct iovec bad[2] = {{"ab", 2}, {nowhere, 5}};
        volatile int below = -1, many = 100000;

        tell("write from nowhere", write(file, nowhere, 10));
        tell("write from the kernel", write(file, kernel, 10));
        tell("read to nowhere", read(file, nowhere, 10));
        tell("open a bad path", open(nowhere, O_RDONLY));
        tell("open no path", open("", O_RDONLY));
        tell("from no directory", openat(99, "data", O_RDONLY));
        tell("a whole path from there", close(openat(99, "/tmp/c/data", O_RDONLY)));
        tell("from a file", openat(file, "data", O_RDONLY));
        tell("dup3 with bad flags", dup3(file, 25, 0x10));
        tell("pipe to nowhere", pipe((int *)nowhere));
        tell("uname to nowhere", uname((struct utsname *)nowhere));
        tell("getrandom to nowhere", getrandom(nowhere, 10, 0));
        show("a vector that turns bad", writev(file, bad, 2));
        show("vectors below 0", writev(file, bad, below));
        show("too many vectors", writev(file, bad, many));
        show("no vectors", writev(file, bad, 0));
        show("length 0", write(file, "", 0));
        close(file);
}

static void vectors(void)
{
        int file = open("/tmp/c/vectors", O_RDWR | O_CREAT | O_TRUNC, 0600);
        char a[4] = "", b[10] = "";
        struct iovec out[3] = {{"one", 3}, {"", 0}, {"three", 5}}, in[2] = {{a, 3}, {b, 9}};

        show("writev", writev(file, out, 3));
        lseek(file, 0, SEEK_SET);
        show("readv", readv(file, in, 2));
        printf("%s %s\n", a, b);
        close(file);
        file = open("/tmp/c/vectors", O_WRONLY | O_APPEND);
        show("append", (lseek(file, 0, SEEK_SET), write(file, "!", 1)));
        tell("read what is write only", read(file, a, 1));
        close(file);
        file = open("/tmp/c/vectors", O_RDONLY);
        tell("write what is read only", write(file, "x", 1));
        show("now", lseek(file, 0, SEEK_END));
        close(file);
}

static int by_name(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

static void directories(void)
{
        char *name[20];
        DIR *d = opendir("/tmp/c");
        struct dirent *e;
        int n = 0;

        while ((e = readdir(d)) != NULL && n < 20)
                name[n++] = strdup(e->d_name);
        closedir(d);
        qsort(name, (size_t)n, sizeof(*name), by_name);
        for (int i = 0; i < n; i++)
                printf("%s%c", name[i], i == n - 1 ? '\n' : ' ');
        tell("make", mkdir("/tmp/c/sub", 0755));
        tell("make again", mkdir("/tmp/c/sub", 0755));
        tell("make below nothing", mkdir("/tmp/c/no/sub", 0755));
        tell("make below a file", mkdir("/tmp/c/data/sub", 0755));
        tell("rename", rename("/tmp/c/data", "/tmp/c/sub/moved"));
        tell("the old name", access("/tmp/c/data", F_OK));
        tell("rename what is missing", rename("/tmp/c/data", "/tmp/c/x"));
        tell("rename into itself", rename("/tmp/c/sub", "/tmp/c/sub/below"));
        tell("rename over what is not empty", rename("/tmp/c/vectors", "/tmp/c/sub") < 0 ? -1 : 0);
        tell("remove a full directory", rmdir("/tmp/c/sub"));
        tell("unlink a directory", unlink("/tmp/c/sub") < 0 && errno == EPERM ? (errno = EISDIR, -1) : -1);
        tell("remove a file as directory", rmdir("/tmp/c/sub/moved"));
        tell("open a directory to write", open("/tmp/c/sub", O_WRONLY));
        tell("open a file as directory", open("/tmp/c/sub/moved", O_DIRECTORY));
        tell("open below a file", open("/tmp/c/sub/moved/x", O_RDONLY));
        tell("unlink", unlink("/tmp/c/sub/moved"));
        tell("remove", rmdir("/tmp/c/sub"));
        tell("unlink what is missing", unlink("/tmp/c/none"));
        tell("change there", chdir("/tmp/c"));
        printf("%s\n", getcwd(NULL, 0));
        tell("relative", access("stream", R_OK));
        tell("change to a file", chdir("stream"));
        tell("change to nothing", chdir("none"));
        tell("remove where I am", (mkdir("gone", 0755), chdir("gone"), rmdir("../gone")));
        tell("make something there", open("x", O_CREAT | O_WRONLY, 0600));
        tell("up from there", chdir(".."));
}

/* Entries go while the directory is read: none is skipped, none comes twice. */
static void removed_while_listed(void)
{
        enum { FILES = 100 };
        char name[300], small[64];
        struct dirent *e;
        long place[FILES + 2], left = 0;
        int n = 0, fd, good = 1;
        DIR *d;

        tell("a directory to empty", mkdir("/tmp/c/many", 0755));
        for (int i = 0; i < FILES; i++) {
                snprintf(name, sizeof(name), "/tmp/c/many/%d", i);
                close(open(name, O_CREAT | O_WRONLY, 0600));
        }
        d = opendir("/tmp/c/many");
        while (place[n] = telldir(d), (e = readdir(d)) != NULL)
                n++;
        printf("%d entries\n", n);
        for (int i = 0; i < n; i += 7) {
                seekdir(d, place[i]);
                e = readdir(d);
                if (e && e->d_name[0] != '.') {
                        snprintf(name, sizeof(name), "/tmp/c/many/%s", e->d_name);
                        good &= unlink(name) == 0;
                }
        }
        printf("found again where they were: %d\n", good);
        closedir(d);
        fd = open("/tmp/c/many", O_RDONLY | O_DIRECTORY);
        for (;;) {
                long got = syscall(SYS_getdents64, fd, small, sizeof(small));
                struct dirent64 *entry = (struct dirent64 *)small;

                if (got <= 0)
                        break;
                for (char *at = small; at < small + got; at += entry->d_reclen) {
                        entry = (struct dirent64 *)at;
                        snprintf(name, sizeof(name), "/tmp/c/many/%s", entry->d_name);
                        left -= entry->d_name[0] != '.' && unlink(name);
                }
        }
        close(fd);
        tell("all are gone", left ? -1 : rmdir("/tmp/c/many"));
}

static void with_slashes(void)
{
        mkdir("/tmp/c/d", 0755);
        close(open("/tmp/c/f", O_CREAT | O_WRONLY, 0600));
        tell("a file to a place that is a directory by its slash", rename("/tmp/c/f", "/tmp/c/f/"));
        tell("the same, missing", rename("/tmp/c/f", "/tmp/c/g/"));
        tell("the same, another file",
             (close(open("/tmp/c/g", O_CREAT | O_WRONLY, 0600)), rename("/tmp/c/f", "/tmp/c/g/")));
        tell("onto it", rename("/tmp/c/f", "/tmp/c/g"));
        tell("a file onto a directory", rename("/tmp/c/g", "/tmp/c/d"));
        tell("a directory onto a file", rename("/tmp/c/d", "/tmp/c/g"));
        tell("onto itself", rename("/tmp/c/g", "/tmp/c/g"));
        tell("into itself", rename("/tmp/c/d", "/tmp/c/d/d"));
        tell("back", rename("/tmp/c/g", "/tmp/c/f"));
        tell("a directory", rename("/tmp/c/d", "/tmp/c/e/"));
        tell("exists", rmdir("/tmp/c/e"));
        tell("so is the file", unlink("/tmp/c/f"));
}

static void long_names(void)
{
        static char name[300];
        int file;

        memset(name, 'n', 255);
        file = open(name, O_CREAT | O_WRONLY, 0600);
        tell("a name of 255", file);
        close(file);
        tell("and away", unlink(name));
        name[255] = 'n';
        tell("a name of 256", open(name, O_CREAT | O_WRONLY, 0600));
}

static void descriptors(void)
{
        int file = open("/tmp/c/vectors", O_RDONLY), copy = dup(file), third, ends[2];
        struct pollfd p[2];
        struct stat s;
        char c;

        show("dup shares the position", (lseek(file, 3, SEEK_SET), lseek(copy, 0, SEEK_CUR)));
        show("dup2", dup2(file, 20));
        show("dup2 to itself", dup2(20, 20));
        tell("dup3 to itself", dup3(20, 20, 0));
        tell("dup2 of a closed one", dup2(19, 18));
        tell("dup2 too far", dup2(file, 1 << 20));
        third = fcntl(file, F_DUPFD, 15);
        show("from 15 on", third);
        show("close on exec", (fcntl(file, F_SETFD, FD_CLOEXEC), fcntl(file, F_GETFD)));
        show("not the copy", fcntl(copy, F_GETFD));
        show("access mode", fcntl(file, F_GETFL) & O_ACCMODE);
        tell("fcntl of a closed one", fcntl(19, F_GETFD));
        tell("a bad command", fcntl(file, 9999, 0));
        close(copy), close(20), close(third), close(file);
        tell("pipe", pipe2(ends, O_NONBLOCK));
        tell("read an empty pipe", read(ends[0], &c, 1));
        p[0] = (struct pollfd){.fd = ends[0], .events = POLLIN};
        p[1] = (struct pollfd){.fd = ends[1], .events = POLLOUT};
        show("poll", poll(p, 2, 0));
        printf("%d %d\n", p[0].revents, p[1].revents);
        show("write a pipe", write(ends[1], "p", 1));
        show("poll", poll(p, 2, 100));
        printf("%d %d\n", p[0].revents, p[1].revents);
        show("read a pipe", read(ends[0], &c, 1));
        tell("seek a pipe", lseek(ends[0], 0, SEEK_SET));
        close(ends[1]);
        show("read its end", read(ends[0], &c, 1));
        show("poll its end", poll(p, 1, 0));
        printf("%d\n", p[0].revents);
        p[0].fd = 19;
        show("poll a closed one", poll(p, 1, 0));
        printf("%d\n", p[0].revents);
        p[0].fd = -1;
        show("poll nobody", poll(p, 1, 10));
        tell("poll nowhere", poll((struct pollfd *)nowhere, 1, 0));
        show("fifo", (fstat(ends[0], &s), S_ISFIFO(s.st_mode)));
        tell("a terminal", isatty(ends[0]) - 1);
        close(ends[0]);
}

/* Programs close every descriptor up to the limit before they start others, so it is the true one. */
static void limits(void)
{
        struct rlimit l = {0, 0};
        int fd, last = -1;

        tell("limit of descriptors", getrlimit(RLIMIT_NOFILE, &l));
        printf("it can be counted to: %d\n",
               l.rlim_cur > 15 && l.rlim_cur < 2000000 && sysconf(_SC_OPEN_MAX) == (long)l.rlim_cur);
        while ((fd = dup(1)) >= 0)
                last = fd;
        printf("it holds: %d %s\n", last < (long)l.rlim_cur, strerror(errno));
        for (fd = 3; fd <= last; fd++)
                close(fd);
        l.rlim_cur = l.rlim_max + 1;
        tell("more than there is", l.rlim_max == RLIM_INFINITY ? -1 : setrlimit(RLIMIT_NOFILE, &l));
        tell("of nothing", getrlimit(77, &l));
}

/* How newer libraries close what a child must not inherit; glibc's closefrom ends a program when this is refused. */
static void ranges(void)
{
        enum { CLOSE_RANGE = 436, UNSHARE = 2, LATER = 4 };
        unsigned all = ~0u;

        dup2(1, 20), dup2(1, 21), dup2(1, 23);
        tell("a range backwards", syscall(CLOSE_RANGE, 21, 20, 0));
        tell("a range with bad flags", syscall(CLOSE_RANGE, 20, 21, 1));
        tell("none of it is closed", fcntl(20, F_GETFD));
        show("a range on exec", syscall(CLOSE_RANGE, 20, 21, LATER));
        printf("%d %d %d\n", fcntl(20, F_GETFD), fcntl(21, F_GETFD), fcntl(23, F_GETFD));
        show("a range", syscall(CLOSE_RANGE, 20, 22, 0));
        printf("%d %d %d\n", fcntl(20, F_GETFD), fcntl(21, F_GETFD), fcntl(23, F_GETFD));
        show("a range of what is closed", syscall(CLOSE_RANGE, 20, 22, UNSHARE));
        show("all from 20 on", syscall(CLOSE_RANGE, 20, all, 0));
        tell("is closed", fcntl(23, F_GETFD));
        show("beyond all", syscall(CLOSE_RANGE, all, all, 0));
#ifdef __GLIBC__
        dup2(1, 20);
        closefrom(20);
        tell("closefrom", fcntl(20, F_GETFD));
#endif
}

/* A read takes all that a pipe holds; what is written to a sink is looked at by nobody. */
static void pipes_and_sinks(void)
{
        static char much[20000];
        int ends[2], null = open("/dev/null", O_WRONLY), zero = open("/dev/zero", O_RDWR);
        struct iovec halves[2] = {{much, 9001}, {much + 9001, 9001}};

        pipe(ends);
        show("into a pipe", write(ends[1], much, 17001));
        show("all of it", read(ends[0], much + 1, sizeof(much) - 1));
        show("again", write(ends[1], much, 12345));
        show("in two halves", readv(ends[0], halves, 2));
        show("to a sink", write(null, much, sizeof(much)));
        show("to another", writev(zero, halves, 2));
        tell("from the kernel to a sink", write(null, kernel, 10));
        tell("to a sink without the right", write(open("/dev/null", O_RDONLY), much, 1));
}

static void facts(void)
{
        unsigned char a[16] = {0}, b[16] = {0};
        static char much[5000];
        struct utsname u;

        show("getrandom", getrandom(a, sizeof(a), 0));
        getrandom(b, sizeof(b), 0);
        printf("they differ: %d\n", memcmp(a, b, sizeof(a)) != 0);
        show("much of it", getrandom(much, sizeof(much), 0));
        printf("to the end: %d\n", memcmp(much + 1000, much + 4000, 100) != 0);
        tell("with bad flags", getrandom(a, 1, 0x100));
        tell("uname", uname(&u));
        printf("%s %s\n", u.sysname, u.machine);
        show("page size", sysconf(_SC_PAGESIZE));
}

int main(void)
{
        setvbuf(stdout, NULL, _IONBF, 0);
        tell("a place", mkdir("/tmp/c", 0755));
        streams();
        positions();
        bad_addresses();
        vectors();
        directories();
        removed_while_listed();
        with_slashes();
        long_names();
        descriptors();
        limits();
        ranges();
        pipes_and_sinks();
        facts();
        unlink("/tmp/c/stream");
        unlink("/tmp/c/vectors");
        chdir("/");
        tell("clean", rmdir("/tmp/c"));
        return 0;
}
