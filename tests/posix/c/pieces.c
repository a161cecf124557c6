/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that move many bytes.  Alone: what they move arrives, even beside others.  pieces starve: how long a sleep of 1 ms takes
 * beside an endless writev; pieces compute: how much time a computing process gets then.  pieces hostile: all calls that move bytes with
 * sizes that are expensive for a server; then (pieces space) those that work on a whole address space, and (pieces tree) on many
 * names. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MIB = 1 << 20, VECTORS = 1024, LARGE = 3 * MIB + 77 };

static struct iovec vector[VECTORS + 1];
static volatile int alarms;

static char *memory(size_t size)
{
        char *a = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        for (size_t i = 0; i < size; i += 4096)
                a[i] = (char)(i / 4096);
        return a;
}

static void fill(void *base, size_t size)
{
        for (int i = 0; i < VECTORS; i++)
                vector[i] = (struct iovec){base, size};
}

static long now_us(void)
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int starve(void)
{
        int n = open("/dev/null", O_WRONLY), pid;
        long worst = 0, end;

        fill(memory(8 * MIB), 8 * MIB);
        pid = fork();
        if (pid == 0)
                _exit(writev(n, vector, VECTORS) != 1024l * 8 * MIB);
        usleep(20000); /* from now on the machine is never idle: an emulator's idle time is its host's */
        for (end = now_us() + 300000; now_us() < end;) {
                long t = now_us();

                usleep(1000);
                getppid();
                t = now_us() - t;
                worst = t > worst ? t : worst;
        }
        kill(pid, SIGKILL);
        wait(NULL);
        printf("worst %ld us\n", worst);
        return 0;
}

static uint64_t ticks(void)
{
        uint64_t t;

        __asm__ volatile("isb\n mrs %0, cntvct_el0" : "=r"(t));
        return t;
}

/* A process that only computes, beside the endless writev: its share of the time, and its longest pause. */
static int compute(void)
{
        int n = open("/dev/null", O_WRONLY), pid;
        uint64_t frequency, start, last, own = 0, worst = 0;

        __asm__("mrs %0, cntfrq_el0" : "=r"(frequency));
        fill(memory(8 * MIB), 8 * MIB);
        pid = fork();
        if (pid == 0)
                _exit(writev(n, vector, VECTORS) != 1024l * 8 * MIB);
        usleep(1000);
        for (start = last = ticks(); last - start < frequency / 4;) {
                uint64_t now = ticks(), gap = now - last;

                own += gap < frequency / 100000 ? gap : 0;
                worst = gap > worst ? gap : worst;
                last = now;
        }
        kill(pid, SIGKILL);
        wait(NULL);
        printf("its own %d %%, longest pause %d us\n", (int)(own * 100 / (last - start)),
               (int)(worst * 1000000 / frequency));
        return 0;
}

/* Two processes append at once: each call's bytes lie together. */
static void appended(void)
{
        static char content[2 * LARGE];
        char *mine = memory(LARGE);
        int file, good = 1, pid;

        unlink("/tmp/pieces");
        pid = fork();
        memset(mine, pid ? 'p' : 'c', LARGE);
        file = open("/tmp/pieces", O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (write(file, mine, LARGE) != LARGE || pid == 0)
                _exit(pid != 0);
        wait(NULL);
        close(file);
        file = open("/tmp/pieces", O_RDONLY);
        printf("appended %d\n", (int)read(file, content, sizeof(content)));
        for (size_t i = 1; i < sizeof(content); i++)
                good += content[i] != content[i - 1];
        printf("pieces: %d\n", good);
        close(file);
        unlink("/tmp/pieces");
}

static void on_alarm(int signal)
{
        (void)signal;
        alarms++;
}

/* Files are moved to the end, whatever signals come. */
static void beside_signals(void)
{
        struct itimerval often = {{0, 500}, {0, 500}}, never = {{0, 0}, {0, 0}};
        int file = open("/tmp/pieces", O_RDWR | O_CREAT | O_TRUNC, 0600), good = 1;
        char *from = memory(LARGE), *to = memory(LARGE);

        for (size_t i = 0; i < LARGE; i++)
                from[i] = (char)(i * 7 >> 3);
        signal(SIGALRM, on_alarm);
        setitimer(ITIMER_REAL, &often, NULL);
        for (int i = 0; i < 20; i++) {
                fill(from + i, 3000);
                good &= pwrite(file, from, LARGE, i) == LARGE;
                good &= pread(file, to, LARGE, i) == LARGE && !memcmp(from, to, LARGE);
                lseek(file, i, SEEK_SET);
                good &= writev(file, vector, VECTORS) == 3000 * VECTORS &&
                        lseek(file, 0, SEEK_CUR) == i + 3000 * VECTORS;
                good &= pread(file, to, 3000, i + 3000l * 999) == 3000 && !memcmp(from + i, to, 3000);
        }
        setitimer(ITIMER_REAL, &never, NULL);
        printf("beside signals: %d, some came: %d\n", good, alarms > 0);
        printf("at the end: %d\n", (int)pread(file, to, LARGE, LARGE + 10));
        close(file);
        unlink("/tmp/pieces");
}

/* A process that is ended in the middle leaves nothing behind that others wait for. */
static void ended(void)
{
        int file = open("/tmp/pieces", O_RDWR | O_CREAT | O_TRUNC, 0600), n = open("/dev/null", O_WRONLY),
            status, pid;
        char *from = memory(LARGE);

        fill(from, LARGE);
        for (int i = 0; i < 10; i++) {
                pid = fork();
                if (pid == 0) {
                        pwrite(file, from, LARGE, 0);
                        writev(n, vector, VECTORS);
                        writev(n, vector, VECTORS);
                        for (;;)
                                pwrite(file, from, LARGE, 0);
                }
                usleep(1000 + i * 500);
                kill(pid, SIGKILL);
                waitpid(pid, &status, 0);
                if (pwrite(file, from, LARGE, 0) != LARGE || WTERMSIG(status) != SIGKILL)
                        printf("wrong after %d\n", i);
        }
        printf("others go on\n");
        close(file);
        unlink("/tmp/pieces");
}

static void bad_ones(void)
{
        int file = open("/tmp/pieces", O_RDWR | O_CREAT | O_TRUNC, 0600);
        char *a = memory(MIB);
        ssize_t got;

        munmap(a + MIB / 2, 4096);
        got = write(file, a, MIB); /* the emulator of programs looks for holes first */
        printf("up to the hole: %d\n", got == MIB / 2 || got == -1);
        printf("at the hole: %ld %d\n", (long)write(file, a + MIB / 2, 4096), errno);
        fill(a, 4096);
        vector[700].iov_base = a + MIB / 2;
        got = writev(file, vector, VECTORS);
        printf("vectors up to it: %d\n", got == 700 * 4096 || got == -1);
        fill(a, 0);
        printf("nothing: %ld\n", (long)writev(file, vector, VECTORS));
        printf("too many: %ld %d\n", (long)writev(file, vector, VECTORS + 1), errno);
        close(file);
        unlink("/tmp/pieces");
}

static int hostile(void)
{
        int n = open("/dev/null", O_RDWR), file = open("/tmp/pieces", O_RDWR | O_CREAT | O_TRUNC, 0600),
            ends[2];
        char *a = memory(16 * MIB);

        pipe(ends);
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        fcntl(ends[1], F_SETFL, O_NONBLOCK);
        write(n, a, 16 * MIB);
        fill(a, 8 * MIB);
        writev(n, vector, 64);
        write(file, a, 16 * MIB);
        pwrite(file, a, 16 * MIB, 5);
        lseek(file, 0, SEEK_SET);
        read(file, a, 16 * MIB);
        pread(file, a, 16 * MIB, 3);
        write(ends[1], a, 16 * MIB);
        read(ends[0], a, 16 * MIB);
        for (size_t size = 0; size < 3; size++) {
                fill(a + 4095, size);
                writev(file, vector, VECTORS);
                lseek(file, 0, SEEK_SET);
                readv(file, vector, VECTORS);
                writev(ends[1], vector, VECTORS);
                readv(ends[0], vector, VECTORS);
                writev(n, vector, VECTORS);
        }
        fill(a, 16384);
        lseek(file, 0, SEEK_SET);
        readv(file, vector, VECTORS);
        getrandom(a, 16 * MIB, 0);
        munmap(a, 16 * MIB);
        a = mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        pread(file, a, 16 * MIB, 0);
        unlink("/tmp/pieces");
        return 0;
}

/* Pages far from each other, each with tables of its own. */
static void scatter(void)
{
        enum { AREAS = 60, FAR = 1 << 30, TOUCHED = 4 };
        char *a = mmap(NULL, (size_t)AREAS * FAR, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

        for (size_t i = 0; i < AREAS * TOUCHED; i++)
                a[i * (FAR / TOUCHED)] = 1;
        if (fork() == 0)
                _exit(0);
        wait(NULL);
        mprotect(a, (size_t)AREAS * FAR, PROT_READ);
        madvise(a, (size_t)AREAS / 2 * FAR, MADV_DONTNEED);
        munmap(a, (size_t)AREAS * FAR);
}

static int space(void)
{
        enum { BRK = 214 };
        char *a = memory(64 * MIB),
             *s = mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        int pid, file = open("/tmp/space", O_RDWR | O_CREAT | O_TRUNC, 0600);

        scatter();
        memset(s, 1, 16 * MIB);
        munmap(s, 16 * MIB);
        pid = fork();
        if (pid == 0) {
                memory(32 * MIB);
                pause();
        }
        usleep(50000);
        kill(pid, SIGKILL);
        wait(NULL);
        a = mremap(a, 64 * MIB, 65 * MIB, MREMAP_MAYMOVE);
        a = mremap(a, 65 * MIB, 64 * MIB, 0);
        mprotect(a, 64 * MIB, PROT_READ);
        mprotect(a, 64 * MIB, PROT_READ | PROT_WRITE);
        munmap(a, 16 * MIB);
        mmap(a + 16 * MIB, 16 * MIB, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        madvise(a + 32 * MIB, 16 * MIB, MADV_DONTNEED);
        s = (char *)syscall(BRK, 0);
        if ((char *)syscall(BRK, s + 16 * MIB) == s + 16 * MIB)
                memset(s, 1, 16 * MIB);
        syscall(BRK, s);
        pwrite(file, memory(31 * MIB), 31 * MIB, 0);
        s = mmap(NULL, 31 * MIB, PROT_READ, MAP_PRIVATE, file, 0);
        for (size_t i = 0; i < 31 * MIB; i += 4096)
                pid += s[i];
        ftruncate(file, 5);
        pwrite(file, memory(31 * MIB), 31 * MIB, 0);
        close(open("/tmp/space", O_RDWR | O_TRUNC));
        unlink("/tmp/space");
        execl("/bin/busybox", "busybox", "true", (char *)NULL);
        return 1;
}

/* Names far down, which are all looked at when what is above them is moved. */
static void deep(void)
{
        enum { LEVELS = 240, NAMES = 5000 };
        char name[20];

        mkdir("/tmp/top", 0700);
        chdir("/tmp/top");
        for (int i = 0; i < LEVELS; i++) {
                mkdir("d", 0700);
                chdir("d");
        }
        for (int i = 0; i < NAMES; i++) {
                snprintf(name, sizeof(name), "%d", i);
                symlink("x", name);
        }
        if (rename("/tmp/top", "/tmp/other"))
                perror("rename");
        for (int i = 0; i < NAMES; i++) {
                snprintf(name, sizeof(name), "%d", i);
                unlink(name);
        }
        for (int i = 0; i < LEVELS; i++) {
                chdir("..");
                rmdir("d");
        }
        chdir("/");
        rmdir("/tmp/other");
}

/* Many names, and a long path to one. */
static int tree(void)
{
        enum { NAMES = 400, DENTS = 61, STEP = 5 };
        static char name[500], buffer[1 << 16];
        int directory;

        for (int i = 0; i < NAMES; i++) {
                snprintf(name, sizeof(name), "/tmp/a-name-of-some-length-%d", i);
                close(open(name, O_WRONLY | O_CREAT, 0600));
        }
        directory = open("/tmp", O_RDONLY | O_DIRECTORY);
        syscall(DENTS, directory, buffer, sizeof(buffer));
        memset(name, 0, sizeof(name));
        memcpy(name, "/tmp", 4);
        for (size_t at = 4; at < sizeof(name) - 20; at += 2 * STEP)
                memcpy(name + at, "/../../tmp", 2 * STEP);
        access(name, R_OK);
        strcat(name, "/none");
        rename(name, name);
        for (int i = 0; i < NAMES; i++) {
                snprintf(name, sizeof(name), "/tmp/a-name-of-some-length-%d", i);
                unlink(name);
        }
        deep();
        return 0;
}

int main(int words, char **word)
{
        setvbuf(stdout, NULL, _IONBF, 0);
        if (words > 1 && !strcmp(word[1], "starve"))
                return starve();
        if (words > 1 && !strcmp(word[1], "compute"))
                return compute();
        if (words > 1 && !strcmp(word[1], "hostile"))
                return hostile();
        if (words > 1 && !strcmp(word[1], "space"))
                return space();
        if (words > 1 && !strcmp(word[1], "tree"))
                return tree();
        appended();
        beside_signals();
        ended();
        bad_ones();
        return 0;
}
