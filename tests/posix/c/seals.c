/* SPDX-License-Identifier: BSD-2-Clause */
/* Seals of files that memfd_create has made: what each prevents, by every way to do it, and what it allows. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, SIZE = 2 * PAGE };

static char data[SIZE + PAGE];

static int make(unsigned flags)
{
        int fd = memfd_create("sealed", flags);

        if (ftruncate(fd, SIZE))
                perror("ftruncate");
        return fd;
}

static void map(const char *what, int fd, int protection, int flags)
{
        void *p = mmap(NULL, PAGE, protection, flags, fd, 0);

        errno = p == MAP_FAILED ? errno : 0;
        printf("%s: %d", what, errno);
        if (p != MAP_FAILED) {
                errno = 0;
                mprotect(p, PAGE, PROT_READ | PROT_WRITE);
                printf(", made writable: %d", errno);
                munmap(p, PAGE);
        }
        puts("");
}

static void reopened(int fd)
{
        char path[64];
        int reader;

        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        reader = open(path, O_RDONLY);
        ASK(reader);
        ASK(fcntl(reader, F_GET_SEALS));
        ASK(fcntl(reader, F_ADD_SEALS, F_SEAL_SHRINK));
        map("a reader's, shared", reader, PROT_READ, MAP_SHARED);
        close(reader);
}

static void everything(int fd)
{
        ASK(pwrite(fd, "x", 1, 0));
        ASK(pwrite(fd, "x", 1, SIZE));
        ASK(pwrite(fd, data, SIZE, PAGE) == PAGE);
        ASK(pwrite(fd, data, 0, 0));
        ASK(lseek(fd, 0, SEEK_SET));
        ASK(write(fd, data, 16));
        ASK(ftruncate(fd, SIZE - 1));
        ASK(ftruncate(fd, SIZE));
        ASK(ftruncate(fd, SIZE + 1));
        ASK(fallocate(fd, 0, 0, SIZE));
        ASK(fallocate(fd, 0, SIZE, 2 * PAGE));
        ASK(fallocate(fd, FALLOC_FL_KEEP_SIZE, 4 * PAGE, PAGE));
        ASK(fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, PAGE));
        map("shared", fd, PROT_READ | PROT_WRITE, MAP_SHARED);
        map("private", fd, PROT_READ | PROT_WRITE, MAP_PRIVATE);
        map("private, to read", fd, PROT_READ, MAP_PRIVATE);
        ASK(pread(fd, data, 16, 0));
        ASK(fchmod(fd, 0600));
}

static void each(void)
{
        static const int seals[] = {
                0,  F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_SHRINK | F_SEAL_GROW, F_SEAL_WRITE,
                16, 31};

        for (unsigned i = 0; i < sizeof(seals) / sizeof(*seals); i++) {
                int fd = make(MFD_ALLOW_SEALING | MFD_CLOEXEC);

                printf("-- sealed by %#x\n", seals[i]);
                ASK(fcntl(fd, F_ADD_SEALS, seals[i]));
                printf("%#x\n", fcntl(fd, F_GET_SEALS));
                everything(fd);
                ASK(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
                printf("%#x\n", fcntl(fd, F_GET_SEALS));
                reopened(fd);
                close(fd);
        }
}

/* A mapping in which somebody could write prevents the seal. */
static void mapped(void)
{
        int fd = make(MFD_ALLOW_SEALING);
        char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

        puts("-- mapped");
        p[0] = 'a';
        ASK(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
        ASK(fcntl(fd, F_ADD_SEALS, 16));
        p[1] = 'b';
        ASK(pread(fd, data, 2, 0));
        printf("%.2s\n", data);
        munmap(p, PAGE);
        ASK(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
        p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
        p[0] = 'c';
        ASK(pread(fd, data, 2, 0));
        printf("%.2s\n", data);
        munmap(p, PAGE);
        close(fd);
}

static void refused(void)
{
        int fd = make(MFD_CLOEXEC), pipes[2], null = open("/dev/null", O_RDWR);

        puts("-- refused");
        printf("%#x\n", fcntl(fd, F_GET_SEALS));
        ASK(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
        everything(fd);
        close(fd);
        fd = make(MFD_ALLOW_SEALING);
        ASK(fcntl(fd, F_ADD_SEALS, 0x400));
        ASK(fcntl(fd, F_ADD_SEALS, -1));
        ASK(pipe(pipes));
        ASK(fcntl(pipes[0], F_GET_SEALS));
        ASK(fcntl(pipes[1], F_ADD_SEALS, F_SEAL_GROW));
        ASK(fcntl(null, F_GET_SEALS));
        ASK(fcntl(999, F_GET_SEALS));
        ASK(memfd_create("x", 0x100));
        ASK(memfd_create(NULL, 0));
        ASK(memfd_create("", 0));
}

int main(void)
{
        setvbuf(stdout, NULL, _IONBF, 0);
        each();
        mapped();
        refused();
        return 0;
}
