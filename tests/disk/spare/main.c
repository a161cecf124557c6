/* SPDX-License-Identifier: BSD-2-Clause */
/* spare PART [COUNT]: reads and writes of /dev/spare by a program of Linux, while it does to its memory whatever it may.
 *
 * Byte `at` of the disk is what `byte_at` says, but for the second half, which PART writes writes; tests/disk/run makes it so, delays the
 * device, and looks at the disk afterwards.  Prints `PART: good`, or what is wrong. */
#define _GNU_SOURCE
#include "tests/disk/spare/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile bool over;

/* A device with a limit of bytes per second delays what comes beside this. */
static void *keep_busy(void *none)
{
        unsigned char *to = map(MIB / 4);

        while (!over) {
                if (pread(disk, to, MIB / 4, 0) != MIB / 4)
                        complain("read of the busy", 0);
        }
        return none;
}

/* --- parts --- */

/* Any size from any place to any address: these bytes, and no others.  The end of the disk is the end of the file. */
static void sizes(void)
{
        unsigned char *buffer = map(MIB);

        for (unsigned i = 0; i < rounds; i++) {
                unsigned whole = draw(2);
                size_t before = whole ? draw(4) * PAGE : draw(3 * PAGE),
                       size = whole ? draw(40) * PAGE : draw(40 * PAGE);
                uint64_t at = draw(4) ? (whole ? draw(HALF / PAGE - 40) * PAGE : draw(HALF - 40 * PAGE))
                                      : DISK - draw(PAGE * 30);
                size_t left = DISK - at < size ? DISK - at : size;
                struct iovec parts[2] = {{buffer + before, size / 3},
                                         {buffer + before + size / 3, size - size / 3}};
                long n;

                memset(buffer, 0xa5, 50 * PAGE);
                n = i % 2 ? preadv(disk, parts, 2, (off_t)at) : pread(disk, buffer + before, size, (off_t)at);
                if (n != (long)left || !is_all(buffer, 0xa5, before) ||
                    !is_all(buffer + before + n, 0xa5, 50 * PAGE - before - (size_t)n) ||
                    (at < HALF && !is_disk(buffer + before, at, left)))
                        complain("bytes of a read", n);
        }
        if (pread(disk, buffer, PAGE, DISK) != 0 || pwrite(disk, buffer, 1, DISK) != -1 || errno != ENOSPC)
                complain("the end", errno);
        if (pread(disk, (void *)PAGE, PAGE, 0) != -1 || errno != EFAULT)
                complain("no memory", errno);
        if (pread(disk, buffer, 1, -1) != -1 || errno != EINVAL || pwrite(disk, buffer, 1, -PAGE) != -1 ||
            errno != EINVAL)
                complain("before the beginning", errno);
        if (lseek(disk, PAGE, SEEK_SET) != PAGE || read(disk, buffer, 3 * PAGE) != 3 * PAGE ||
            read(disk, buffer, 5) != 5 || lseek(disk, 0, SEEK_CUR) != 4 * PAGE + 5 ||
            !is_disk(buffer, 4 * PAGE, 5))
                complain("where it stands", lseek(disk, 0, SEEK_CUR));
}

/* Each writes every eighth 512 bytes of the second half, in pieces that the others are between. */
static void *write_some(void *number)
{
        enum { SECTOR = 512 };
        unsigned char sector[SECTOR];

        for (uint64_t at = HALF + (uintptr_t)number * SECTOR; at < HALF + 64 * PAGE; at += WRITERS * SECTOR) {
                for (unsigned i = 0; i < SECTOR; i++)
                        sector[i] = byte_at(at + i);
                if (pwrite(disk, sector, SECTOR, (off_t)at) != SECTOR)
                        complain("write", (long)at);
        }
        return NULL;
}

static void write_parts(void)
{
        pthread_t thread[WRITERS];

        for (uintptr_t i = 0; i < WRITERS; i++)
                pthread_create(&thread[i], NULL, write_some, (void *)i);
        for (unsigned i = 0; i < WRITERS; i++)
                pthread_join(thread[i], NULL);
}

static void writes(void)
{
        unsigned char *buffer = map(2 * MIB), *back = map(2 * MIB);
        uint64_t at = HALF + 64 * PAGE;

        write_parts();
        while (at < DISK) {
                size_t size = draw(2) ? (1 + draw(300)) * PAGE : 1 + draw(20 * PAGE),
                       shift = draw(2) ? 0 : draw(PAGE);

                size = size < DISK - at ? size : DISK - at;
                for (size_t i = 0; i < size; i++)
                        buffer[shift + i] = byte_at(at + i);
                if (pwrite(disk, buffer + shift, size, (off_t)at) != (long)size ||
                    pread(disk, back + shift, size, (off_t)at) != (long)size ||
                    memcmp(buffer + shift, back + shift, size))
                        complain("write", (long)at);
                at += size;
        }
        if (fsync(disk))
                complain("fsync", errno);
        if (pread(disk, back, 64 * PAGE, HALF) != 64 * PAGE || !is_disk(back, HALF, 64 * PAGE))
                complain("parts of blocks", 0);
}

static void nothing(int number)
{
        (void)number;
}

static void *read_many(void *number)
{
        unsigned char *page = map(4 * PAGE) + ((uintptr_t)number % 4 ? 0 : 40);
        uint64_t own = (uintptr_t)number + 1;

        for (unsigned i = 0; i < rounds; i++) {
                uint64_t at = (own = own * 6364136223846793005u + 1442695040888963407u) >> 33;
                size_t size = i % 3 ? PAGE : 3 * PAGE;

                at = at % (HALF / PAGE - 3) * PAGE;
                if (pread(disk, page, size, (off_t)at) != (long)size || !is_disk(page, at, size))
                        complain("read of a thread", (long)at);
        }
        return NULL;
}

/* At once, while signals arrive, which interrupt no read. */
static void threads(void)
{
        struct itimerval often = {{0, 3000}, {0, 3000}}, never = {{0, 0}, {0, 0}};
        pthread_t thread[READERS];

        sigaction(SIGALRM, &(struct sigaction){.sa_handler = nothing}, NULL);
        setitimer(ITIMER_REAL, &often, NULL);
        for (uintptr_t i = 0; i < READERS; i++)
                pthread_create(&thread[i], NULL, read_many, (void *)i);
        for (unsigned i = 0; i < READERS; i++)
                pthread_join(thread[i], NULL);
        setitimer(ITIMER_REAL, &never, NULL);
}

/* The memory is taken away, and there are other pages: the device writes to none of them. */
static void unmap(void)
{
        for (unsigned i = 0; i < rounds; i++) {
                struct reading r = start_reading(map(MIB), MIB);
                unsigned char *other = map(MIB);

                begin(&r);
                if (mmap(r.to, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
                    r.to)
                        complain("mmap", 0);
                memset(other, i % 2, MIB);
                memset(r.to, 3, MIB / 2);
                pthread_join(r.thread, NULL);
                if (!is_all(other, i % 2, MIB) || !is_late(r.to, 3, MIB / 2, &r) ||
                    !is_late(r.to + MIB / 2, 0, MIB / 2, &r))
                        complain("pages that came later", i);
                munmap(r.to, MIB);
                munmap(other, MIB);
        }
}

/* What the child has is its own, as it was; what the parent has read is all there, although it writes to the pages meanwhile. */
static void forks(void)
{
        for (unsigned i = 0; i < rounds; i++) {
                struct reading r = start_reading(map(MIB), MIB);
                int status = 0;
                pid_t child;

                begin(&r);
                child = fork();
                if (child == 0) {
                        memset(r.to, 0x55, MIB);
                        usleep(20000);
                        _exit(!is_all(r.to, 0x55, MIB));
                }
                for (size_t k = 0; k < MIB && r.result == 0; k += 7 * PAGE)
                        ((volatile unsigned char *)r.to)[k] = byte_at(r.at + k);
                end(&r, "read beside fork");
                if (waitpid(child, &status, 0) != child || status)
                        complain("the child's memory", status);
                munmap(r.to, MIB);
        }
}

/* Rights that come and go, and large pages that fall apart (2 MiB at once, of which a part is no longer writable). */
static void rights(void)
{
        unsigned char *all = map(4 * LARGE),
                      *at = (unsigned char *)(((uintptr_t)all + LARGE) & ~(uintptr_t)(LARGE - 1));

        for (unsigned i = 0; i < rounds; i++) {
                struct reading r;
                volatile unsigned char *moved;

                memset(all, 1, (size_t)(at - all) + LARGE);
                r = start_reading(at + draw(100) * PAGE, MIB);
                begin(&r);
                mprotect(r.to, MIB / 2, PROT_READ);
                for (size_t k = 0; k < MIB; k += PAGE)
                        (void)((volatile unsigned char *)r.to)[k];
                mprotect(r.to, MIB / 2, PROT_READ | PROT_WRITE);
                for (size_t k = MIB / 2; k < MIB && r.result == 0; k += 3 * PAGE)
                        ((volatile unsigned char *)r.to)[k] = byte_at(r.at + k);
                end_part(&r, "read beside mprotect");
                begin(&r);
                moved = mremap(r.to, MIB, MIB, MREMAP_MAYMOVE | MREMAP_FIXED, at + LARGE);
                r.to = (unsigned char *)moved;
                (void)moved[MIB - 1];
                end_part(&r, "read beside mremap");
                munmap(all, 4 * LARGE);
                if (mmap(all, 4 * LARGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                         0) != all)
                        complain("mmap", 0);
        }
}

/* Programs that are killed, or end, or become another one, while they read and write. */
static void ends(void)
{
        unsigned char *own = map(MIB);

        memset(own, 9, MIB);
        for (unsigned i = 0; i < rounds; i++) {
                pid_t child = fork();

                if (child == 0) {
                        struct reading r = start_reading(map(MIB) + (i % 2 ? 0 : 100), MIB - PAGE);

                        begin(&r);
                        if (i % 3 == 0)
                                execl("/proc/self/exe", "spare", "nothing", NULL);
                        if (i % 3 == 1)
                                kill(getpid(), SIGKILL);
                        _exit(0);
                }
                waitpid(child, NULL, 0);
                for (size_t k = 0; k < MIB; k += PAGE)
                        own[k] = 9;
        }
        if (!is_all(own, 9, MIB))
                complain("another program's memory", 0);
}

/* Programs with as much under way as there may be, of which each page is its own run or all lie together; they are killed, and
 * all ends together when the device is through. */
static void *read_whole(void *to)
{
        while (pread(disk, to, MIB, (off_t)(draw(HALF / PAGE - 256) * PAGE)) == MIB)
                ;
        return NULL;
}

static void killed(void)
{
        for (unsigned i = 0; i < rounds; i++) {
                pid_t child = fork();

                if (child == 0) {
                        unsigned char *to = map((READERS + 2) * MIB);
                        pthread_t thread;

                        to = (unsigned char *)(((uintptr_t)to + LARGE) & ~(uintptr_t)(LARGE - 1));
                        for (size_t k = 0; i % 3 && k < READERS * MIB; k += PAGE)
                                to[i % 3 == 1 ? k : k * 67 % (READERS * MIB)] = 1;
                        for (unsigned k = 0; k < READERS; k++)
                                pthread_create(&thread, NULL, read_whole, to + k * MIB);
                        pause();
                }
                usleep(20000 + draw(60000));
                kill(child, SIGKILL);
                waitpid(child, NULL, 0);
        }
}

/* A tracer stops it, and looks at and changes the memory that is read to. */
static void traced(void)
{
        unsigned char *buffer = map(MIB);
        int status = 0;
        pid_t child = fork();

        if (child == 0) {
                for (unsigned i = 0; i < 4 * rounds; i++) {
                        uint64_t at = draw(HALF / PAGE - 256) * PAGE;

                        if (pread(disk, buffer, MIB, (off_t)at) != MIB || !is_disk(buffer, at, MIB))
                                complain("read of the traced", i);
                }
                _exit(wrong != 0);
        }
        for (unsigned i = 0; i < rounds; i++) {
                if (ptrace(PTRACE_ATTACH, child, NULL, NULL) || waitpid(child, &status, __WALL) != child ||
                    !WIFSTOPPED(status))
                        break;
                ptrace(PTRACE_PEEKDATA, child, buffer + draw(256) * PAGE, NULL);
                ptrace(PTRACE_DETACH, child, NULL, NULL);
                usleep(3000);
        }
        if (waitpid(child, &status, 0) != child || status)
                complain("the traced", status);
}

/* A read whose file is closed, or whose vectors change, while it is under way: when it has returned, nothing comes any more. */
struct closing {
        struct reading r;
        int file;
        struct iovec *vector;
};

static void *read_closing(void *what)
{
        struct closing *c = what;

        c->r.result = c->vector ? preadv(c->file, c->vector, 1, (off_t)c->r.at)
                                : pread(c->file, c->r.to, c->r.size, (off_t)c->r.at);
        memset(c->r.to, 0xa5, MIB);
        usleep(30000);
        if (!is_all(c->r.to, 0xa5, MIB))
                complain("moved behind the end of the call", c->r.result);
        return NULL;
}

static void closes(void)
{
        unsigned char *to = map(MIB);

        sigaction(SIGUSR1, &(struct sigaction){.sa_handler = nothing}, NULL);
        for (unsigned i = 0; i < rounds; i++) {
                struct closing c = {.r = start_reading(to, MIB), .file = dup(disk)};

                if (i % 2)
                        c.vector = (struct iovec *)map(PAGE);
                if (c.vector)
                        *c.vector = (struct iovec){to, MIB};
                pthread_create(&c.r.thread, NULL, read_closing, &c);
                usleep(500 + draw(2000));
                if (c.vector)
                        munmap(c.vector, PAGE);
                close(c.file);
                pthread_kill(c.r.thread, SIGUSR1); /* the call looks again */
                pthread_join(c.r.thread, NULL);
        }
}

/* Reads through one file, in many pieces: each gets bytes that lie together, and no two the same.  A seek meanwhile decides. */
static void *read_next(void *what)
{
        struct reading *r = what;

        r->result = read(disk, r->to, r->size);
        return NULL;
}

static void places(void)
{
        enum { PARTS = HALF / MIB };
        struct reading r[PARTS];
        unsigned seen = 0;

        lseek(disk, 0, SEEK_SET);
        for (unsigned i = 0; i < PARTS; i++) {
                r[i] = (struct reading){.to = map(2 * MIB) + 100, .size = MIB};
                pthread_create(&r[i].thread, NULL, read_next, &r[i]);
        }
        for (unsigned i = 0; i < PARTS; i++) {
                pthread_join(r[i].thread, NULL);
                for (unsigned k = 0; k < PARTS; k++)
                        seen |= (unsigned)is_disk(r[i].to, (uint64_t)k * MIB, MIB) << k;
        }
        if (seen != (1 << PARTS) - 1 || lseek(disk, 0, SEEK_CUR) != HALF)
                complain("reads through one file", (long)seen);
        lseek(disk, 0, SEEK_SET);
        pthread_create(&r[0].thread, NULL, read_next, &r[0]);
        usleep(3000);
        lseek(disk, 5 * PAGE, SEEK_SET);
        pthread_join(r[0].thread, NULL);
        if (r[0].result != MIB || !is_disk(r[0].to, 0, MIB) || lseek(disk, 0, SEEK_CUR) != 5 * PAGE)
                complain("a seek beside a read", lseek(disk, 0, SEEK_CUR));
        lseek(disk, DISK - PAGE, SEEK_SET);
        if (read(disk, r[0].to, MIB) != PAGE || lseek(disk, 0, SEEK_CUR) != DISK ||
            lseek(disk, PAGE, SEEK_SET) != PAGE || read(disk, (void *)PAGE, MIB) != -1 ||
            lseek(disk, 0, SEEK_CUR) != PAGE)
                complain("the place behind a short read", lseek(disk, 0, SEEK_CUR));
}

/* Many reads of a process that is stopped: others have room nevertheless. */
static void *read_always(void *none)
{
        unsigned char *to = map(MIB / 16);

        while (pread(disk, to, MIB / 16, 0) == MIB / 16)
                ;
        return none;
}

static void stopped(void)
{
        unsigned char *to = map(MIB);
        pid_t child = fork();

        if (child == 0) {
                pthread_t thread;

                for (unsigned i = 0; i < 40; i++)
                        pthread_create(&thread, NULL, read_always, NULL);
                pause();
        }
        for (unsigned i = 0; i < 5; i++) {
                usleep(50000);
                kill(child, SIGSTOP);
                alarm(10); /* it ends this process when it waits for ever */
                if (pread(disk, to, MIB, 0) != MIB || !is_disk(to, 0, MIB))
                        complain("read beside a stopped process", i);
                alarm(0);
                kill(child, SIGCONT);
        }
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
}

/* More memory than there is: pages come and go while others are read to. */
static void pages(void)
{
        unsigned char *buffer = map(HALF);

        for (unsigned i = 0; i < 2; i++) {
                for (uint64_t at = 0; at < HALF; at += MIB / 2) {
                        if (pread(disk, buffer + at, MIB / 2, (off_t)at) != MIB / 2)
                                complain("read into pages that come and go", (long)at);
                }
                if (!is_disk(buffer, 0, HALF))
                        complain("pages that came and went", i);
        }
}

int main(int count, char **argument)
{
        static const struct {
                const char *name;
                void (*run)(void);
                bool beside; /* another thread keeps the device busy */
        } parts[] = {{"sizes", sizes, false},  {"writes", writes, false}, {"threads", threads, false},
                     {"unmap", unmap, true},   {"forks", forks, true},    {"rights", rights, true},
                     {"ends", ends, true},     {"traced", traced, false}, {"pages", pages, false},
                     {"closes", closes, true}, {"places", places, true},  {"stopped", stopped, false},
                     {"killed", killed, false}};
        pthread_t busy;

        if (count < 2)
                return 1;
        rounds = count > 2 ? (unsigned)atoi(argument[2]) : 20;
        disk = open(count > 3 ? argument[3] : "/dev/spare", O_RDWR);
        if (disk < 0)
                complain("/dev/spare", disk);
        for (unsigned i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
                if (strcmp(parts[i].name, argument[1]))
                        continue;
                if (parts[i].beside)
                        pthread_create(&busy, NULL, keep_busy, NULL);
                parts[i].run();
                over = true;
                if (parts[i].beside)
                        pthread_join(busy, NULL);
        }
        if (!wrong && strcmp(argument[1], "nothing"))
                printf("%s: good\n", argument[1]);
        return wrong != 0;
}
