/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes between files without the program's memory, and room and holes in files. */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BYTES = 300000, PAGE = 4096 };

static unsigned char wanted[BYTES], found[BYTES];
static int source, copy;

static int same(int file, long from, long bytes)
{
        return pread(file, found, (size_t)bytes, 0) == bytes && !memcmp(found, wanted + from, (size_t)bytes);
}

static void files(void)
{
        off_t at = 1000, to = 5;

        show_number("sendfile", sendfile(copy, source, NULL, BYTES));
        printf("the same %d, both at %ld %ld\n", same(copy, 0, BYTES), lseek(source, 0, SEEK_CUR),
               lseek(copy, 0, SEEK_CUR));
        show_number("at the end", sendfile(copy, source, NULL, 10));
        ftruncate(copy, 0);
        lseek(copy, 0, SEEK_SET);
        show_number("from an offset", sendfile(copy, source, &at, 50000));
        printf("the same %d, the offset %ld, the file %ld\n", same(copy, 1000, 50000), (long)at,
               lseek(source, 0, SEEK_CUR));
        ftruncate(copy, 0);
        lseek(copy, 0, SEEK_SET);
        lseek(source, 7, SEEK_SET);
        show_number("copy_file_range", copy_file_range(source, NULL, copy, NULL, 100000, 0));
        printf("the same %d, %ld %ld\n", same(copy, 7, 100000), lseek(source, 0, SEEK_CUR),
               lseek(copy, 0, SEEK_CUR));
        at = BYTES - 10;
        show_number("up to the end", copy_file_range(source, &at, copy, &to, 100, 0));
        printf("offsets %ld %ld\n", (long)at, (long)to);
}

/* A child that reads all of a pipe or socket, and reports whether it was right. */
static pid_t reader(int in, int other, long from, long bytes)
{
        pid_t pid = fork();
        long done = 0, n;

        if (pid)
                return pid;
        close(other);
        while (done < BYTES && (n = read(in, found + done, (size_t)(BYTES - done))) > 0)
                done += n;
        _exit(done == bytes && !memcmp(found, wanted + from, (size_t)bytes));
}

static void into(const char *what, int in, int out)
{
        pid_t pid = reader(in, out, 0, BYTES);
        off_t at = 0;
        int status;

        close(in);
        while (at < BYTES && sendfile(out, source, &at, BYTES) > 0) /* a pipe may end it early */
                ;
        show_number(what, (long)at);
        close(out);
        waitpid(pid, &status, 0);
        printf("it was right: %d\n", WEXITSTATUS(status));
}

static void pipes(void)
{
        int a[2], b[2], waiting = 0;
        loff_t at = 100;
        struct iovec v[2] = {{wanted, 10}, {wanted + 10, 20}}, w = {found, 30};

        pipe(a);
        into("into a pipe", a[0], a[1]);
        socketpair(AF_UNIX, SOCK_STREAM, 0, a);
        into("into a socket", a[0], a[1]);
        pipe(a);
        pipe(b);
        show_number("splice from a file", splice(source, &at, a[1], NULL, 5000, 0));
        printf("the offset %ld\n", (long)at);
        show_number("tee", tee(a[0], b[1], 3000, 0));
        ioctl(a[0], FIONREAD, &waiting);
        printf("%d are still there\n", waiting);
        ftruncate(copy, 0);
        lseek(copy, 0, SEEK_SET);
        show_number("splice to a file", splice(a[0], NULL, copy, NULL, 9000, 0));
        printf("the same %d\n", same(copy, 100, 5000));
        show_number("from pipe to pipe", splice(b[0], NULL, a[1], NULL, 2000, 0));
        show_number("what it is", read(a[0], found, 9000));
        printf("the same %d\n", !memcmp(found, wanted + 100, 2000));
        show_number("nothing more", splice(a[0], NULL, copy, NULL, 10, SPLICE_F_NONBLOCK));
        show_number("vmsplice", vmsplice(a[1], v, 2, 0));
        show_number("and back", vmsplice(a[0], &w, 1, 0));
        printf("the same %d\n", !memcmp(found, wanted, 30));
        close(a[1]);
        show_number("nobody writes", splice(a[0], NULL, copy, NULL, 10, 0));
        show_number("rest", read(b[0], found, 9000));
        close(a[0]);
        close(b[0]);
        close(b[1]);
}

static void show_ends(const char *what)
{
        struct stat s;

        fstat(copy, &s);
        printf("%s: %ld bytes, %ld blocks\n", what, (long)s.st_size, (long)s.st_blocks);
}

static int zeros(long from, long bytes)
{
        if (pread(copy, found, (size_t)bytes, from) != bytes)
                return -1;
        for (long i = 0; i < bytes; i++) {
                if (found[i])
                        return 0;
        }
        return 1;
}

static void room(void)
{
        char *mapped;

        ftruncate(copy, 0);
        show_number("fallocate", fallocate(copy, 0, 0, 5 * PAGE + 1));
        show_ends("it has");
        show_number("without the size", fallocate(copy, FALLOC_FL_KEEP_SIZE, 0, 8 * PAGE));
        printf("zeros: %d, seek to data %ld\n", zeros(0, 5 * PAGE + 1), lseek(copy, 0, SEEK_DATA));
        ftruncate(copy, 8 * PAGE);
        printf("zeros: %d\n", zeros(0, 8 * PAGE));
        pwrite(copy, wanted, 8 * PAGE, 0);
        mapped = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, copy, 0);
        show_number("a hole that is mapped",
                    fallocate(copy, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, PAGE, PAGE));
        printf("zeros there %d, mapped %d %d\n", zeros(PAGE, PAGE), mapped[PAGE], mapped[2 * PAGE - 1]);
        mapped[PAGE + 3] = 'x';
        printf("written: %d\n", pread(copy, found, 1, PAGE + 3) == 1 && found[0] == 'x');
        munmap(mapped, 8 * PAGE);
        show_number("a hole",
                    fallocate(copy, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 2 * PAGE + 10, 3 * PAGE));
        printf("zeros %d, before it %d, behind it %d\n", zeros(2 * PAGE + 10, 3 * PAGE),
               pread(copy, found, 10, 2 * PAGE) == 10 && !memcmp(found, wanted + 2 * PAGE, 10),
               pread(copy, found, 10, 5 * PAGE + 10) == 10 && !memcmp(found, wanted + 5 * PAGE + 10, 10));
        show_ends("it has still");
        printf("the hole begins at %ld, data behind it at %ld\n", lseek(copy, 2 * PAGE, SEEK_HOLE) / PAGE,
               lseek(copy, 3 * PAGE, SEEK_DATA) / PAGE);
        show_number("behind the end",
                    fallocate(copy, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 7 * PAGE + 5, 100 * PAGE));
        printf("zeros %d\n", zeros(7 * PAGE + 5, PAGE - 5));
}

static void vectors(void)
{
        struct iovec v = {found, 10};

        lseek(source, 100, SEEK_SET);
        show_number("where the file is", syscall(SYS_preadv2, source, &v, 1, -1l, -1l, 0));
        printf("the same %d, then at %ld\n", !memcmp(found, wanted + 100, 10), lseek(source, 0, SEEK_CUR));
        fcntl(copy, F_SETFL, O_APPEND);
        ftruncate(copy, 5);
        show_number("appended, whatever the place is", pwrite(copy, wanted, 10, 0));
        printf("it is at the end: %d\n", pread(copy, found, 10, 5) == 10 && !memcmp(found, wanted, 10));
        show_number("sendfile does not append", sendfile(copy, source, NULL, 1));
}

int main(void)
{
        setvbuf(stdout, NULL, _IONBF, 0);
        for (int i = 0; i < BYTES; i++)
                wanted[i] = (unsigned char)(1 + (unsigned)(i * 31 + i / 251) % 255);
        source = memfd_create("source", 0);
        copy = memfd_create("copy", 0);
        if (write(source, wanted, BYTES) != BYTES)
                return 1;
        lseek(source, 0, SEEK_SET);
        files();
        pipes();
        room();
        vectors();
        return 0;
}
