/* SPDX-License-Identifier: BSD-2-Clause */
/* The clocks that a C library reads without a call: beside the same ones by a call, never back and never apart; in a process that may call
 * nothing; and that the page they are in is nobody's to change. */
#define _GNU_SOURCE
#include "ask.h"
#include "filters.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 200, PAGE = 4096 };

#define FAR 10000000000ll /* ns */

static long long ns(const struct timespec *t)
{
        return t->tv_sec * 1000000000ll + t->tv_nsec;
}

/* In turns by the library and by a call. */
static void one(const char *name, clockid_t id)
{
        int back = 0, failed = 0, far = 0;
        long long last = 0, now;
        struct timespec t;

        for (int i = 0; i < ROUNDS; i++) {
                failed += (i % 2 ? clock_gettime(id, &t) : (int)syscall(SYS_clock_gettime, id, &t)) != 0;
                failed += t.tv_nsec < 0 || t.tv_nsec > 999999999;
                now = ns(&t);
                back += now < last;
                far += last && now - last > FAR;
                last = now;
        }
        printf("%s: failed %d, back %d, far %d\n", name, failed, back, far);
}

static void of_day(void)
{
        struct timespec t;
        struct timeval v;
        long long apart;

        show("the day", gettimeofday(&v, NULL));
        clock_gettime(CLOCK_REALTIME, &t);
        apart = ns(&t) - (v.tv_sec * 1000000000ll + v.tv_usec * 1000ll);
        show("near", apart >= 0 && apart < FAR);
        show("a second", labs((long)(time(NULL) - t.tv_sec)) <= 1);
        show("no such clock", clock_gettime(99, &t));
        show("nor one of nobody", clock_gettime(-1 - 8 * 4194300 + 2, &t) != 0);
}

/* From now on, those calls end the process. */
static void forbid(void)
{
        struct sock_filter f[] = {
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clock_gettime, 1, 0),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_gettimeofday, 0, 1),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_THREAD),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog filter = {sizeof(f) / sizeof(*f), f};

        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        prctl(PR_SET_SECCOMP, 2, &filter);
}

static void without_calls(const char *who)
{
        pid_t child = fork();
        struct timespec t;
        struct timeval v;
        int status;

        if (!child) {
                forbid();
                for (int i = 0; i < ROUNDS; i++) {
                        clock_gettime(CLOCK_MONOTONIC, &t);
                        clock_gettime(CLOCK_REALTIME, &t);
                        gettimeofday(&v, NULL);
                }
                _exit(7);
        }
        waitpid(child, &status, 0);
        show_end(who, status);
}

static unsigned sum(const unsigned char *page)
{
        unsigned total = 0;

        for (int i = 0; i < 64; i++)
                total = total * 31 + page[i];
        return total;
}

static void refused(int signal)
{
        _exit(signal);
}

/* Whoever may change a copy of its own changes nobody else's. */
static void nobodys(void)
{
        unsigned char *page = (unsigned char *)getauxval(AT_SYSINFO_EHDR);
        unsigned before;
        int status;
        pid_t child;

        show("a page", page && !memcmp(page, "\177ELF", 4) && (unsigned long)page % PAGE == 0);
        before = sum(page);
        child = fork();
        if (!child) {
                if (!mprotect(page, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC))
                        page[0] = page[5] = 0;
                _exit(0);
        }
        waitpid(child, &status, 0);
        show_end("a child", status);
        child = fork();
        if (!child) {
                signal(SIGSEGV, refused);
                *(volatile unsigned char *)page = 0;
                _exit(0);
        }
        waitpid(child, &status, 0);
        show_end("one that writes", status);
        show("as before", sum(page) == before);
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        one("date", CLOCK_REALTIME);
        one("since boot", CLOCK_MONOTONIC);
        one("raw", CLOCK_MONOTONIC_RAW);
        one("coarse date", CLOCK_REALTIME_COARSE);
        one("coarse", CLOCK_MONOTONIC_COARSE);
        one("with sleep", CLOCK_BOOTTIME);
        one("atomic", CLOCK_TAI);
        one("of the process", CLOCK_PROCESS_CPUTIME_ID);
        one("of the thread", CLOCK_THREAD_CPUTIME_ID);
        of_day();
        without_calls("without calls");
        nobodys();
        without_calls("and again");
        return 0;
}
