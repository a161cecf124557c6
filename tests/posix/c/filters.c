/* SPDX-License-Identifier: BSD-2-Clause */
/* seccomp: filters of system calls, what they can do to a call, which ones are taken, who gets them, and the strict mode;
 * filters_traced.c has tracers. */
#define _GNU_SOURCE
#include "filters.h"
#include "tracing.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <ucontext.h>

static const char *self;

/* In a child of its own, since nobody gets rid of a filter. */
static void in_child(const char *name, void (*what)(void))
{
        int status, pid = fork();

        if (!pid) {
                privileges_off();
                what();
                fflush(stdout);
                _exit(0);
        }
        waitpid(pid, &status, 0);
        show_end(name, status);
}

/* --- what it says becomes of a call --- */

static void fails(void)
{
        show_number("put",
                    PUT(0, LOAD(nr), IF(SYS_getppid, SECCOMP_RET_ERRNO | 7),
                        IF(SYS_getpgid, SECCOMP_RET_ERRNO | 0), IF(SYS_gettid, SECCOMP_RET_ERRNO | 5000),
                        IF(SYS_getsid, SECCOMP_RET_USER_NOTIF), IF(SYS_umask, SECCOMP_RET_TRACE),
                        IF(SYS_nanosleep, SECCOMP_RET_LOG), RETURN(SECCOMP_RET_ALLOW)));
        ASK(syscall(SYS_getppid));
        ASK(syscall(SYS_getpgid, 0));
        printf("gettid: %ld, errno %d\n", syscall(SYS_gettid), errno);
        ASK(syscall(SYS_getsid, 0));
        ASK(syscall(SYS_umask, 0));
        ASK(usleep(1));
        ASK(syscall(SYS_getpid));
        TRY(prctl(PR_GET_SECCOMP));
}

static void looks_at_arguments(void)
{
        int f = open("/dev/null", O_RDWR);

        show_number("put", PUT(0, LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xc00000b7, 1, 0),
                               RETURN(SECCOMP_RET_KILL_PROCESS), LOAD(nr),
                               BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_lseek, 0, 5), LOAD(args[1]),
                               BPF_STMT(BPF_ST, 3), LOAD(args[1]), BPF_STMT(BPF_LDX | BPF_MEM, 3),
                               BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0), BPF_STMT(BPF_MISC | BPF_TXA, 0),
                               BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 1000, 0, 1),
                               RETURN(SECCOMP_RET_ERRNO | 33), RETURN(SECCOMP_RET_ALLOW)));
        ASK(lseek(f, 1000, SEEK_SET));
        ASK(lseek(f, 1001, SEEK_SET));
        ASK(lseek(f, 1L << 33, SEEK_SET));
}

static void computes(void)
{
        static const unsigned ops[] = {BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_OR,
                                       BPF_AND, BPF_LSH, BPF_RSH, BPF_XOR};
        char text[200] = "";

        for (unsigned i = 0; i < COUNT(ops); i++) {
                show_number("put",
                            PUT(0, LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpgid, 1, 0),
                                RETURN(SECCOMP_RET_ALLOW), LOAD(args[0]),
                                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 100 + i, 1, 0), RETURN(SECCOMP_RET_ALLOW),
                                LOAD(args[1]), BPF_STMT(BPF_MISC | BPF_TAX, 0),
                                BPF_STMT(BPF_LD | BPF_IMM, 97), BPF_STMT(BPF_ALU | ops[i] | BPF_X, 0),
                                BPF_STMT(BPF_ALU | ops[i] | BPF_K, 3),
                                BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 1023),
                                BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO),
                                BPF_STMT(BPF_RET | BPF_A, 0)));
        }
        for (unsigned i = 0; i < COUNT(ops); i++) {
                errno = 0;
                syscall(SYS_getpgid, 100L + i, 5L);
                snprintf(text + strlen(text), sizeof(text) - strlen(text), " %d", errno);
        }
        printf("computed:%s\n", text);
        fflush(stdout);
        syscall(SYS_getpgid, 103L, 0L); /* a division by nothing */
}

static void negates(void)
{
        show_number("put", PUT(0, LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x80000000, 0, 2),
                               BPF_STMT(BPF_ALU | BPF_NEG, 0), BPF_STMT(BPF_RET | BPF_A, 0),
                               BPF_STMT(BPF_LDX | BPF_LEN, 0), BPF_JUMP(BPF_JMP | BPF_JGE | BPF_X, 0, 1, 0),
                               RETURN(SECCOMP_RET_ERRNO | 44), RETURN(SECCOMP_RET_ALLOW)));
        ASK(getppid());
        ASK(syscall(SYS_getcwd, 0, 0));
        ASK(syscall(63, 99, 0, 0));
        ASK(syscall(SYS_eventfd2, 0, 0));
}

static volatile int calls;

static void trapped(int signal, siginfo_t *info, void *context)
{
        ucontext_t *c = context;
        char *at = info->si_call_addr;

        calls++;
        printf("signal %d, code %d, errno %d, number %d, machine %x, x0 %llx, behind it: %d %x\n", signal,
               info->si_code, info->si_errno, info->si_syscall, info->si_arch,
               (unsigned long long)c->uc_mcontext.regs[0], (unsigned long)at == c->uc_mcontext.pc,
               ((unsigned *)(void *)at)[-1]);
        c->uc_mcontext.regs[0] = 4711;
}

static void traps(void)
{
        struct sigaction a = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO};

        sigaction(SIGSYS, &a, NULL);
        show_number("put",
                    PUT(0, LOAD(nr), IF(SYS_getsid, SECCOMP_RET_TRAP | 0x1234), RETURN(SECCOMP_RET_ALLOW)));
        printf("getsid: %ld, %d\n", syscall(SYS_getsid, 0x1122334455667788L), calls);
}

static void traps_blocked(void)
{
        struct sigaction a = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO};
        sigset_t set;

        sigaction(SIGSYS, &a, NULL);
        sigemptyset(&set);
        sigaddset(&set, SIGSYS);
        sigprocmask(SIG_BLOCK, &set, NULL);
        PUT(0, LOAD(nr), IF(SYS_getsid, SECCOMP_RET_TRAP), RETURN(SECCOMP_RET_ALLOW));
        syscall(SYS_getsid, 0);
        printf("it goes on\n");
}

static void traps_ignored(void)
{
        signal(SIGSYS, SIG_IGN);
        PUT(0, LOAD(nr), IF(SYS_getsid, SECCOMP_RET_TRAP), RETURN(SECCOMP_RET_ALLOW));
        syscall(SYS_getsid, 0);
        printf("it goes on\n");
}

static void kills(void)
{
        PUT(0, LOAD(nr), IF(SYS_getsid, SECCOMP_RET_KILL_PROCESS), RETURN(SECCOMP_RET_ALLOW));
        syscall(SYS_getsid, 0);
        printf("it goes on\n");
}

static void kills_unknown(void)
{
        PUT(0, LOAD(nr), IF(SYS_getsid, 0x00010000), RETURN(SECCOMP_RET_ALLOW));
        syscall(SYS_getsid, 0);
        printf("it goes on\n");
}

static void *call_it(void *unused)
{
        syscall(SYS_getsid, 0);
        return unused;
}

static void kills_thread(void)
{
        pthread_t t;

        PUT(0, LOAD(nr), IF(SYS_getsid, SECCOMP_RET_KILL_THREAD), RETURN(SECCOMP_RET_ALLOW));
        pthread_create(&t, NULL, call_it, NULL);
        usleep(100000);
        printf("the other thread goes on\n");
        fflush(stdout);
        syscall(SYS_getsid, 0);
}

static void kills_all(void)
{
        pthread_t t;

        PUT(0, LOAD(nr), IF(SYS_getsid, SECCOMP_RET_KILL_PROCESS), RETURN(SECCOMP_RET_ALLOW));
        pthread_create(&t, NULL, call_it, NULL);
        pthread_join(t, NULL);
        printf("the other thread goes on\n");
}

/* Of several filters the one counts that allows least, and of two that say the same the last one. */
static void several(void)
{
        show_number("put", PUT(0, LOAD(nr), IF(SYS_getsid, SECCOMP_RET_ERRNO | 1),
                               IF(SYS_getpgid, SECCOMP_RET_ERRNO | 1), RETURN(SECCOMP_RET_ALLOW)));
        show_number("put", PUT(0, LOAD(nr), IF(SYS_getsid, SECCOMP_RET_ERRNO | 2),
                               IF(SYS_getpgid, SECCOMP_RET_TRACE), RETURN(SECCOMP_RET_ALLOW)));
        ASK(syscall(SYS_getsid, 0));
        ASK(syscall(SYS_getpgid, 0));
}

/* --- which filters are taken --- */

static void refused(void)
{
        static struct sock_filter large[4097];
        struct sock_fprog none = {.len = 1, .filter = NULL};

        for (unsigned i = 0; i < COUNT(large); i++)
                large[i] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_IMM, 0);
        ASK(PUT(0, LOAD(nr)));
        ASK(put(0, large, 0));
        ASK(put(0, large, 4096));
        large[4095] = large[4096] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
        ASK(put(0, large, 4097));
        ASK(put(0, large, 4096));
        ASK(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL));
        ASK(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &none));
        ASK(PUT(0, BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), RETURN(0)));
        ASK(PUT(0, BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), RETURN(0)));
        ASK(PUT(0, BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), RETURN(0)));
        ASK(PUT(0, BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0), RETURN(0)));
        ASK(PUT(0, BPF_STMT(BPF_LD | BPF_MEM, 1), RETURN(0)));
        ASK(PUT(0, BPF_STMT(BPF_ST, 16), RETURN(0)));
        ASK(PUT(0, BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), RETURN(0)));
        ASK(PUT(0, BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 1), RETURN(0)));
        ASK(PUT(0, BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32), RETURN(0)));
        ASK(PUT(0, BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0), RETURN(0)));
        ASK(PUT(0, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), RETURN(0)));
        ASK(PUT(0, BPF_STMT(BPF_RET | BPF_X, 0)));
        ASK(PUT(0, BPF_STMT(0x100 | BPF_RET, 0)));
        ASK(PUT(0, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), BPF_STMT(BPF_ST, 1),
                BPF_STMT(BPF_LD | BPF_MEM, 1), RETURN(0)));
        ASK(PUT(0, BPF_JUMP(BPF_JMP | BPF_JA, 0, 0, 0), BPF_STMT(BPF_STX, 1), BPF_STMT(BPF_LD | BPF_MEM, 1),
                RETURN(SECCOMP_RET_ALLOW)));
        ASK(PUT(0, RETURN(SECCOMP_RET_ALLOW), BPF_STMT(BPF_LD | BPF_MEM, 1), RETURN(SECCOMP_RET_ALLOW)));
        ASK(PUT(1u << 30, RETURN(SECCOMP_RET_ALLOW)));
        ASK(syscall(SYS_seccomp, 99, 0, NULL));
        ASK(syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, NULL));
        ASK(syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, &none));
        ASK(syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL));
        ASK(prctl(PR_SET_SECCOMP, 3, 0, 0, 0));
}

static void actions(void)
{
        static const unsigned all[] = {
                SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP,  SECCOMP_RET_ERRNO,
                SECCOMP_RET_TRACE,        SECCOMP_RET_LOG,         SECCOMP_RET_ALLOW, 0x12345678};

        for (unsigned i = 0; i < COUNT(all); i++)
                ASK(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &all[i]));
        ASK(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 1, &all[0]));
        ASK(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, NULL));
}

/* --- who has them --- */

static void says(void)
{
        FILE *f = fopen("/proc/self/status", "r");
        char line[200];

        while (fgets(line, sizeof(line), f)) {
                if (!strncmp(line, "NoNew", 5) || !strncmp(line, "Seccomp", 7))
                        fputs(line, stdout);
        }
        fclose(f);
}

static void inherited(void)
{
        int status;

        PUT(0, LOAD(nr), IF(SYS_getsid, SECCOMP_RET_ERRNO | 9), RETURN(SECCOMP_RET_ALLOW));
        PUT(0, LOAD(nr), IF(SYS_getsid, SECCOMP_RET_ERRNO | 8), RETURN(SECCOMP_RET_ALLOW));
        says();
        fflush(stdout);
        if (!fork()) {
                ASK(syscall(SYS_getsid, 0));
                fflush(stdout);
                execl(self, self, "again", NULL);
                _exit(9);
        }
        wait(&status);
        show_end("child", status);
}

static pthread_barrier_t both;

static void *other(void *own)
{
        if (own)
                PUT(0, RETURN(SECCOMP_RET_ALLOW));
        pthread_barrier_wait(&both);
        pthread_barrier_wait(&both);
        ASK(syscall(SYS_getsid, 0));
        return NULL;
}

static void synchronised(void)
{
        pthread_t t;

        for (long own = 0; own < 2; own++) {
                pthread_barrier_init(&both, NULL, 2);
                pthread_create(&t, NULL, other, (void *)own);
                pthread_barrier_wait(&both);
                ASK(PUT(SECCOMP_FILTER_FLAG_TSYNC, LOAD(nr),
                        IF(SYS_getsid, SECCOMP_RET_ERRNO | (20 + (unsigned)own)), RETURN(SECCOMP_RET_ALLOW)));
                ASK(PUT(SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH,
                        RETURN(SECCOMP_RET_ALLOW)));
                pthread_barrier_wait(&both);
                pthread_join(t, NULL);
        }
}

/* A thread that is not the first one runs another program, whose filter looks at an argument of the call that did it. */
static void *run_again(void *unused)
{
        execl(self, self, "again", NULL);
        ASK(-1);
        return unused;
}

static void run_by_another(void)
{
        pthread_t t;

        PUT(0, LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 0, 3), LOAD(args[0]),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), RETURN(SECCOMP_RET_KILL_PROCESS),
            RETURN(SECCOMP_RET_ALLOW));
        pthread_create(&t, NULL, run_again, NULL);
        pthread_join(t, NULL);
}

/* What waits when its thread gets a filter has been judged. */
static void *sleep_twice(void *unused)
{
        for (int i = 0; i < 2; i++) {
                struct timespec some = {0, 300000000};

                ASK(syscall(SYS_nanosleep, &some, NULL));
        }
        return unused;
}

static void while_it_waits(void)
{
        pthread_t t;

        pthread_create(&t, NULL, sleep_twice, NULL);
        usleep(100000);
        PUT(SECCOMP_FILTER_FLAG_TSYNC, LOAD(nr), IF(SYS_nanosleep, SECCOMP_RET_ERRNO | 55),
            RETURN(SECCOMP_RET_ALLOW));
        pthread_join(t, NULL);
}

static void *ends_late(void *unused)
{
        usleep(200000);
        syscall(SYS_exit, 0);
        return unused;
}

static void first_is_killed(void)
{
        pthread_t t;

        pthread_create(&t, NULL, ends_late, NULL);
        PUT(0, LOAD(nr), IF(SYS_getsid, SECCOMP_RET_KILL_THREAD), RETURN(SECCOMP_RET_ALLOW));
        syscall(SYS_getsid, 0);
}

/* --- strict --- */

static void strict(void)
{
        TRY(prctl(PR_GET_SECCOMP));
        fflush(stdout);
        ASK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0));
        write(1, "it writes\n", 10);
        syscall(SYS_exit, 3);
}

static void strict_ends(void)
{
        syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL);
        write(1, "it writes\n", 10);
        syscall(SYS_getpid);
        write(1, "it goes on\n", 11);
}

/* As much as it may have, all of which is looked at for each call. */
static int takes_all(void)
{
        static struct sock_filter large[4096];
        unsigned count = COUNT(large), filters = 0;

        privileges_off();
        for (unsigned i = 0; i < count; i++)
                large[i] = (struct sock_filter)BPF_STMT(i % 2 ? BPF_ALU | BPF_DIV | BPF_K : BPF_ST, 9);
        while (count) {
                large[count - 1] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
                if (put(0, large, count) == 0)
                        filters++;
                else
                        count /= 2;
        }
        printf("%u filters, error %d\n", filters, errno);
        for (int i = 0; i < 20; i++)
                getppid();
        return 0;
}

int main(int argc, char **argv)
{
        setvbuf(stdout, NULL, _IOFBF, 8192);
        self = argv[0];
        if (argc == 2 && !strcmp(argv[1], "again")) {
                ASK(syscall(SYS_getsid, 0));
                says();
                return 0;
        }
        if (argc == 2 && !strcmp(argv[1], "all"))
                return takes_all();
        TRY(prctl(PR_GET_SECCOMP));
        ASK(PUT(0, RETURN(SECCOMP_RET_ALLOW)));
        says();
        fflush(stdout);
        in_child("fails", fails);
        in_child("arguments", looks_at_arguments);
        in_child("computes", computes);
        in_child("negates", negates);
        in_child("traps", traps);
        in_child("traps, blocked", traps_blocked);
        in_child("traps, ignored", traps_ignored);
        in_child("kills", kills);
        in_child("kills, unknown", kills_unknown);
        in_child("kills a thread", kills_thread);
        in_child("kills all threads", kills_all);
        in_child("several", several);
        in_child("refused", refused);
        in_child("actions", actions);
        in_child("inherited", inherited);
        in_child("synchronised", synchronised);
        in_child("run by another", run_by_another);
        in_child("while it waits", while_it_waits);
        in_child("first is killed", first_is_killed);
        in_child("strict", strict);
        in_child("strict, another call", strict_ends);
        return 0;
}
