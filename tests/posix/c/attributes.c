/* SPDX-License-Identifier: BSD-2-Clause */
/* What files have besides content: modes, owners, locks; vectors at an offset, devices, files without a name. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* What statx writes; not every library passes it on. */
struct extended {
        uint32_t mask, block_size;
        uint64_t attributes;
        uint32_t links, user, group;
        uint16_t mode, pad;
        uint64_t inode, size, blocks, attributes_mask;
        int64_t accessed[2], born[2], changed[2], modified[2];
        uint64_t unused[16];
};

static void show_mode(const char *what, const char *path)
{
        struct stat s;

        if (stat(path, &s))
                printf("%s: %s\n", what, strerror(errno));
        else
                printf("%s: %o\n", what, s.st_mode);
}

static int run(const char *path)
{
        int status;
        pid_t pid = fork();

        if (pid == 0) {
                execl(path, path, "end", (char *)NULL);
                _exit(errno);
        }
        waitpid(pid, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* A script: an emulator that runs a program does not start other emulated programs. */
static void put_script(const char *path)
{
        static const char text[] = "#!/bin/sh\nexit 5\n";
        int out = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0755);

        if (write(out, text, sizeof(text) - 1) != sizeof(text) - 1)
                puts("no script");
        close(out);
}

static void modes(void)
{
        int file;

        umask(027);
        printf("the mask before: %o\n", umask(022));
        umask(027);
        file = open("a", O_CREAT | O_RDWR, 0666);
        show_mode("made with 666 and a mask of 27", "a");
        tell("the mode of an existing file is not changed", open("a", O_CREAT | O_RDWR, 0600));
        show_mode("it is", "a");
        mkdir("d", 0777);
        show_mode("a directory", "d");
        umask(022);
        tell("fchmod", fchmod(file, 0601));
        show_mode("it is", "a");
        tell("chmod", chmod("a", 04711));
        show_mode("it is", "a");
        tell("chmod of a directory", chmod("d", 01777));
        show_mode("it is", "d");
        tell("chmod of nothing", chmod("nothing", 0600));
        tell("fchmod of nothing", fchmod(999, 0600));
        tell("chown to nobody else", chown("a", (uid_t)-1, (gid_t)-1));
        tell("fchown to myself", fchown(file, getuid(), getgid()));
        tell("chown of nothing", chown("nothing", (uid_t)-1, (gid_t)-1));
        tell("fchown of nothing", fchown(999, (uid_t)-1, (gid_t)-1));
        close(file);
        chmod("a", 0600);
        rename("a", "b");
        show_mode("by its new name", "b");
        unlink("b");
        rmdir("d");
}

static void running(void)
{
        put_script("program");
        printf("a program: %d\n", run("./program"));
        tell("without the mode for it", chmod("program", 0644));
        printf("is %d: %s\n", run("./program"), strerror(EACCES));
        tell("may I run it", access("program", X_OK));
        tell("may I read it", access("program", R_OK));
        tell("for one of three", chmod("program", 0100));
        printf("is %d\n", run("./program"));
        unlink("program");
}

static struct flock range(short type, long start, long length)
{
        return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
}

/* What another process finds: 0, or the error of F_SETLK. */
static int elsewhere(int file, short type, long start, long length)
{
        int status;
        pid_t pid = fork();

        if (pid == 0) {
                struct flock l = range(type, start, length);

                _exit(fcntl(file, F_SETLK, &l) ? errno : 0);
        }
        waitpid(pid, &status, 0);
        return WEXITSTATUS(status);
}

static void range_locks(void)
{
        int file = open("lock", O_CREAT | O_RDWR, 0600), again, only = open("lock", O_RDONLY), status;
        struct flock l = range(F_WRLCK, 10, 10), found;
        pid_t pid;

        tell("a lock for writing", fcntl(file, F_SETLK, &l));
        printf("elsewhere: inside %d, before %d, behind %d, across %d, to read %d\n",
               elsewhere(file, F_WRLCK, 12, 1), elsewhere(file, F_WRLCK, 0, 10),
               elsewhere(file, F_RDLCK, 20, 0), elsewhere(file, F_RDLCK, 0, 11),
               elsewhere(file, F_RDLCK, 19, 1));
        l = range(F_UNLCK, 13, 2);
        tell("the middle of it goes", fcntl(file, F_SETLK, &l));
        printf("elsewhere: %d, beside it %d %d\n", elsewhere(file, F_WRLCK, 13, 2),
               elsewhere(file, F_WRLCK, 12, 1), elsewhere(file, F_WRLCK, 15, 1));
        l = range(F_RDLCK, 0, 0);
        tell("to read instead, all of it", fcntl(file, F_SETLK, &l));
        printf("elsewhere: to read %d, to write %d\n", elsewhere(file, F_RDLCK, 5, 5),
               elsewhere(file, F_WRLCK, 1000, 1));
        pid = fork();
        if (pid == 0) {
                found = range(F_WRLCK, 3, 4);
                fcntl(file, F_GETLK, &found);
                printf("in the way: type %d, %ld and %ld, the parent %d\n", found.l_type, (long)found.l_start,
                       (long)found.l_len, found.l_pid == getppid());
                found = range(F_RDLCK, 3, 4);
                fcntl(file, F_GETLK, &found);
                printf("for reading: type %d\n", found.l_type);
                fflush(stdout);
                _exit(0);
        }
        waitpid(pid, &status, 0);
        again = open("lock", O_RDWR);
        tell("another descriptor is closed", close(again));
        printf("then it is free: %d\n", elsewhere(file, F_WRLCK, 0, 0));
        l = range(F_WRLCK, 0, 1);
        tell("to write what is for reading", fcntl(only, F_SETLK, &l));
        l.l_type = 7;
        tell("a bad type", fcntl(file, F_SETLK, &l));
        l = range(F_WRLCK, -1, 1);
        tell("before the start", fcntl(file, F_SETLK, &l));
        tell("of nowhere", fcntl(file, F_SETLK, (void *)8));
        close(file);
        close(only);
}

/* A child holds a lock for a while; the parent waits, and then has it. */
static void waiting(void)
{
        int file = open("lock", O_CREAT | O_RDWR, 0600), ready[2], go[2], status;
        struct flock l = range(F_WRLCK, 0, 0);
        char c;
        pid_t pid;

        pipe(ready);
        pipe(go);
        pid = fork();
        if (pid == 0) {
                fcntl(file, F_SETLK, &l);
                write(ready[1], "x", 1);
                read(go[0], &c, 1);
                usleep(100000);
                _exit(0);
        }
        read(ready[0], &c, 1);
        tell("another has it", fcntl(file, F_SETLK, &l));
        write(go[1], "x", 1);
        tell("until it ends", fcntl(file, F_SETLKW, &l));
        waitpid(pid, &status, 0);
        printf("now I have it: %d\n", elsewhere(file, F_WRLCK, 0, 0));
        close(file);
        close(ready[0]);
        close(ready[1]);
        unlink("lock");
}

static void whole_locks(void)
{
        int a = open("whole", O_CREAT | O_RDWR, 0600), b = open("whole", O_RDWR), c = dup(a);
        struct flock l = range(F_WRLCK, 0, 0);

        tell("flock", flock(a, LOCK_EX));
        tell("by another open file", flock(b, LOCK_SH | LOCK_NB));
        tell("by a copy of the first", flock(c, LOCK_SH | LOCK_NB));
        tell("then both read", flock(b, LOCK_SH | LOCK_NB));
        tell("but none writes", flock(a, LOCK_EX | LOCK_NB));
        tell("ranges are another matter", fcntl(b, F_SETLK, &l));
        close(b);
        tell("alone again", flock(a, LOCK_EX | LOCK_NB));
        close(a);
        b = open("whole", O_RDWR);
        tell("the copy holds it", flock(b, LOCK_EX | LOCK_NB));
        close(c);
        tell("no more", flock(b, LOCK_EX | LOCK_NB));
        tell("unlock", flock(b, LOCK_UN));
        tell("a bad way", flock(b, 77));
        tell("of nothing", flock(999, LOCK_EX));
        close(b);
        unlink("whole");
}

static void vectors(void)
{
        char one[4] = "", two[8] = "";
        struct iovec out[2] = {{"abc", 3}, {"defgh", 5}}, in[2] = {{one, 3}, {two, 4}};
        int file = open("v", O_CREAT | O_RDWR, 0600), end[2];

        printf("pwritev: %zd, where the file is %ld\n", pwritev(file, out, 2, 10),
               (long)lseek(file, 0, SEEK_CUR));
        printf("preadv: %zd %s %s, %zd\n", preadv(file, in, 2, 10), one, two, preadv(file, in, 2, 100));
        tell("before the start", preadv(file, in, 2, -1));
        pipe(end);
        tell("of a pipe", preadv(end[0], in, 2, 0));
        close(end[0]);
        close(end[1]);
        close(file);
        unlink("v");
}

static void places(void)
{
        int here = open(".", O_RDONLY | O_DIRECTORY), file;
        char before[500], after[500];
        struct statfs s;
        struct stat plain;
        struct extended x;

        mkdir("place", 0755);
        getcwd(before, sizeof(before));
        chdir("place");
        tell("fchdir", fchdir(here));
        getcwd(after, sizeof(after));
        printf("back: %d\n", !strcmp(before, after));
        file = open("f", O_CREAT | O_RDWR, 0640);
        write(file, "12345", 5);
        tell("fchdir to a file", fchdir(file));
        tell("fchdir to nothing", fchdir(999));
        printf("statfs: %d, names up to %ld\n", statfs(".", &s), (long)s.f_namelen);
        printf("fstatfs: %d, %d\n", fstatfs(file, &s),
               s.f_bsize > 0 && s.f_blocks > s.f_bfree && s.f_bfree > 0);
        tell("of nothing", statfs("nothing", &s));
        fstat(file, &plain);
        printf("statx: %ld, the same %d\n", syscall(291, AT_FDCWD, "f", 0, 0x7ff, &x),
               x.mode == plain.st_mode && x.size == 5 && x.inode == plain.st_ino && x.links == 1 &&
                       x.modified[0] == plain.st_mtime);
        printf("by the descriptor: %ld, %d\n", syscall(291, file, "", AT_EMPTY_PATH, 0x7ff, &x), x.size == 5);
        tell("of nothing", syscall(291, AT_FDCWD, "nothing", 0, 0x7ff, &x));
        tell("no other way", syscall(291, AT_FDCWD, "f", 0x6000, 0x7ff, &x));
        tell("rename over nothing only", (long)syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "place", 1));
        tell("it can be", (long)syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "g", 1));
        close(file);
        close(here);
        unlink("g");
        rmdir("place");
}

static void devices(void)
{
        char bytes[5000], other[5000];
        int zero = open("/dev/zero", O_RDWR), full = open("/dev/full", O_RDWR),
            random = open("/dev/urandom", O_RDONLY);
        struct stat s;
        int good = 1;

        memset(bytes, 1, sizeof(bytes));
        printf("zeros: %zd", read(zero, bytes, sizeof(bytes)));
        for (size_t i = 0; i < sizeof(bytes); i++)
                good &= !bytes[i];
        printf(" %d, written %zd\n", good, write(zero, bytes, 100));
        tell("full", write(full, "x", 1));
        printf("random: %zd %zd, the same %d\n", read(random, bytes, 5000), read(random, other, 5000),
               !memcmp(bytes, other, 5000));
        fstat(zero, &s);
        printf("zero: %o %lx\n", s.st_mode, (unsigned long)s.st_rdev);
        stat("/dev/urandom", &s);
        printf("urandom: %o %lx\n", s.st_mode, (unsigned long)s.st_rdev);
        close(zero);
        close(full);
        close(random);
}

static void nameless(void)
{
        int file = memfd_create("mine", MFD_CLOEXEC);
        char text[10] = "";
        struct stat s;

        printf("written %zd, read %zd %s\n", write(file, "nameless", 8), pread(file, text, 9, 0), text);
        fstat(file, &s);
        printf("size %ld, names %ld, closed on exec %d\n", (long)s.st_size, (long)s.st_nlink,
               fcntl(file, F_GETFD));
        tell("shorter", ftruncate(file, 3));
        printf("read %zd\n", pread(file, text, 9, 0));
        close(file);
        tell("a bad way", memfd_create("mine", 0x8000));
}

/* Dates, before 1970 as well. */
static void dates(void)
{
        static const long seconds[] = {1000, 0, -1, -14245440, -2000000000l};
        struct timespec t[2];
        struct stat s;
        int file = open("dated", O_CREAT | O_RDWR, 0600);

        for (unsigned i = 0; i < sizeof(seconds) / sizeof(*seconds); i++) {
                t[0] = (struct timespec){seconds[i], 250000000};
                t[1] = (struct timespec){seconds[i], 0};
                show_number("dates", utimensat(AT_FDCWD, "/tmp/attributes/dated", t, 0));
                fstat(file, &s);
                printf("%ld.%09ld %ld.%09ld\n", (long)s.st_atim.tv_sec, s.st_atim.tv_nsec,
                       (long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
        }
        t[0].tv_nsec = UTIME_OMIT;
        t[1] = (struct timespec){-1, 999999000};
        show_number("one", futimens(file, t));
        fstat(file, &s);
        printf("%ld.%09ld %ld.%09ld\n", (long)s.st_atim.tv_sec, s.st_atim.tv_nsec, (long)s.st_mtim.tv_sec,
               s.st_mtim.tv_nsec);
        close(file);
        unlink("dated");
}

int main(void)
{
        setvbuf(stdout, NULL, _IONBF, 0);
        mkdir("/tmp/attributes", 0755);
        chdir("/tmp/attributes");
        modes();
        running();
        range_locks();
        waiting();
        whole_locks();
        vectors();
        places();
        devices();
        nameless();
        dates();
        chdir("/");
        tell("clean", rmdir("/tmp/attributes"));
        return 0;
}
