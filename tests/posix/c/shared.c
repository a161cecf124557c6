/* SPDX-License-Identifier: BSD-2-Clause */
/* Message queues, semaphores and segments of System V: what they do, and what they return for wrong arguments.  What a futex in shared
 * memory is. */
#define _GNU_SOURCE
#include "ask.h"
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KEY = 0x7e55e7a, SIZE = 10000, TEXT = 100 };

struct message {
        long type;
        char text[TEXT];
};

union argument {
        int value;
        void *pointer;
};

static void *bad;

static long make(long type, const char *text, int queue, int flags)
{
        struct message m = {.type = type};

        strcpy(m.text, text);
        return msgsnd(queue, &m, strlen(text) + 1, flags);
}

static void take(int queue, long type, int flags)
{
        struct message m = {0, ""};
        long n = msgrcv(queue, &m, TEXT, type, flags | IPC_NOWAIT);

        if (n < 0)
                printf("type %ld: error %d\n", type, errno);
        else
                printf("type %ld: %ld %ld %s\n", type, n, m.type, m.text);
}

/* Those who wait for room, and for a message of a queue that is removed. */
static void waiting(int queue)
{
        struct message m = {9, "x"};
        int status;
        pid_t pid;

        for (int i = 0; i < 16384 && !msgsnd(queue, &m, TEXT, IPC_NOWAIT); i++)
                ;
        printf("full: %d\n", errno);
        pid = fork();
        if (pid == 0)
                _exit(msgsnd(queue, &m, TEXT, 0) == -1 ? errno : 0);
        while (msgrcv(queue, &m, TEXT, 0, IPC_NOWAIT | MSG_NOERROR) >= 0)
                ;
        waitpid(pid, &status, 0);
        printf("one that waited for room: %d\n", WEXITSTATUS(status));
        while (msgrcv(queue, &m, TEXT, 0, IPC_NOWAIT) >= 0)
                ;
        pid = fork();
        if (pid == 0)
                _exit(msgrcv(queue, &m, TEXT, 0, 0) == -1 ? errno : 0);
        usleep(50000);
        ASK(msgctl(queue, IPC_RMID, NULL));
        waitpid(pid, &status, 0);
        printf("it is gone for those who wait: %d\n",
               WEXITSTATUS(status) == EIDRM || WEXITSTATUS(status) == EINVAL);
        ASK(msgsnd(queue, &m, 1, 0));
}

static void queues(void)
{
        int queue = msgget(KEY, IPC_CREAT | IPC_EXCL | 0600);
        struct msqid_ds d;
        struct message m = {1, "x"};

        printf("a queue: %d, the same %d\n", queue >= 0, msgget(KEY, 0) == queue);
        ASK(msgget(KEY, IPC_CREAT | IPC_EXCL | 0600));
        ASK(msgget(KEY + 1, 0));
        make(3, "three", queue, 0);
        make(1, "one", queue, 0);
        make(2, "two", queue, 0);
        make(1, "another", queue, 0);
        msgctl(queue, IPC_STAT, &d);
        printf("messages %d, mode %o, mine %d, key %d\n", (int)d.msg_qnum, d.msg_perm.mode,
               d.msg_lspid == getpid(), d.msg_perm.__key == KEY);
        take(queue, 2, 0);
        take(queue, -2, 0);
        take(queue, 3, MSG_EXCEPT);
        take(queue, 7, 0);
        take(queue, 0, 0);
        take(queue, 0, 0);
        make(5, "long text", queue, 0);
        ASK(msgrcv(queue, &m, 4, 0, 0));
        ASK(msgrcv(queue, &m, 4, 0, MSG_NOERROR));
        printf("cut: %.4s\n", m.text);
        ASK(msgsnd(queue, &m, -1, 0));
        ASK(msgsnd(queue, &m, 100000, 0));
        ASK(syscall(SYS_msgsnd, queue, bad, 5l, 0));
        m.type = 0;
        ASK(msgsnd(queue, &m, 1, 0));
        ASK(msgsnd(-1, &m, 1, 0));
        ASK(msgrcv(queue, &m, -1, 0, 0));
        ASK(msgrcv(77777, &m, 1, 0, 0));
        make(5, "text", queue, 0);
        ASK(syscall(SYS_msgrcv, queue, bad, 5l, 0l, 0));
        ASK(msgctl(queue, 77, &d));
        ASK(msgctl(-1, IPC_STAT, &d));
        ASK(syscall(SYS_msgctl, queue, IPC_STAT, bad));
        ASK(syscall(SYS_msgctl, queue, IPC_SET, bad));
        waiting(queue);
}

static int value(int set, int number)
{
        return semctl(set, number, GETVAL);
}

static void operations(int set)
{
        struct sembuf up = {0, 2, 0}, down = {0, -1, IPC_NOWAIT}, both[2] = {{0, -1, 0}, {1, -1, IPC_NOWAIT}},
                      undo = {1, 3, SEM_UNDO}, wrong = {9, 1, 0}, zero = {0, 0, IPC_NOWAIT},
                      much = {0, 32767, 0};
        struct timespec soon = {0, 1000000};
        struct sembuf wait = {2, -1, 0};
        int status;
        pid_t pid;

        ASK(semop(set, &up, 1));
        printf("%d %d\n", value(set, 0), semctl(set, 0, GETPID) == getpid());
        ASK(semop(set, &down, 1));
        ASK(semop(set, both, 2));
        printf("nothing has changed: %d %d\n", value(set, 0), value(set, 1));
        ASK(semop(set, &zero, 1));
        ASK(semop(set, &down, 1));
        ASK(semop(set, &down, 1));
        ASK(semop(set, &zero, 1));
        ASK(semop(set, &wrong, 1));
        ASK(semop(set, &up, 0));
        ASK(syscall(SYS_semop, set, &up, 100000l));
        ASK(syscall(SYS_semop, set, bad, 1l));
        ASK(semop(-1, &up, 1));
        ASK(semop(set, &up, 1));
        ASK(semop(set, &much, 1));
        ASK(semtimedop(set, &wait, 1, &soon));
        pid = fork();
        if (pid == 0)
                _exit(semop(set, &undo, 1) || value(set, 1) != 3);
        waitpid(pid, &status, 0);
        printf("undone when it ends: %d %d\n", WEXITSTATUS(status), value(set, 1));
        pid = fork();
        if (pid == 0)
                _exit(semop(set, &wait, 1) ? errno : 0);
        while (semctl(set, 2, GETNCNT) == 0)
                usleep(1000);
        printf("one waits\n");
        wait.sem_op = 1;
        ASK(semop(set, &wait, 1));
        waitpid(pid, &status, 0);
        printf("it goes on: %d, %d\n", WEXITSTATUS(status), value(set, 2));
        wait.sem_op = -1;
        pid = fork();
        if (pid == 0)
                _exit(semop(set, &wait, 1) ? errno : 0);
        while (semctl(set, 2, GETNCNT) == 0)
                usleep(1000);
        ASK(semctl(set, 0, IPC_RMID));
        waitpid(pid, &status, 0);
        printf("it is gone: %d\n", WEXITSTATUS(status));
        ASK(semop(set, &up, 1));
}

static void semaphores(void)
{
        int set = semget(KEY, 3, IPC_CREAT | IPC_EXCL | 0640);
        unsigned short all[3] = {1, 2, 3}, seen[3];
        struct semid_ds d;
        union argument a = {.pointer = &d};

        printf("a set: %d, the same %d\n", set >= 0, semget(KEY, 2, 0) == set);
        ASK(semget(KEY, 3, IPC_CREAT | IPC_EXCL));
        ASK(semget(KEY, 4, 0));
        ASK(semget(KEY + 1, 1, 0));
        ASK(semget(IPC_PRIVATE, 0, IPC_CREAT));
        ASK(semget(IPC_PRIVATE, -1, IPC_CREAT));
        semctl(set, 0, IPC_STAT, a);
        printf("semaphores %d, mode %o\n", (int)d.sem_nsems, d.sem_perm.mode);
        a.pointer = all;
        ASK(semctl(set, 0, SETALL, a));
        a.pointer = seen;
        ASK(semctl(set, 0, GETALL, a));
        printf("%d %d %d\n", seen[0], seen[1], seen[2]);
        a.value = 0;
        ASK(semctl(set, 0, SETVAL, a));
        ASK(semctl(set, 1, SETVAL, a));
        ASK(semctl(set, 2, SETVAL, a));
        ASK(semctl(set, 3, SETVAL, a));
        a.value = 40000;
        ASK(semctl(set, 0, SETVAL, a));
        a.value = -1;
        ASK(semctl(set, 0, SETVAL, a));
        ASK(semctl(set, 0, 77));
        ASK(semctl(-1, 0, GETVAL));
        a.pointer = bad;
        ASK(semctl(set, 0, IPC_STAT, a));
        ASK(semctl(set, 0, GETALL, a));
        ASK(semctl(set, 0, SETALL, a));
        operations(set);
}

static void segments(void)
{
        int segment = shmget(KEY, SIZE, IPC_CREAT | IPC_EXCL | 0600), status;
        struct shmid_ds d;
        char *a, *b;
        pid_t pid;

        printf("a segment: %d, the same %d\n", segment >= 0, shmget(KEY, SIZE, 0) == segment);
        ASK(shmget(KEY, SIZE, IPC_CREAT | IPC_EXCL));
        ASK(shmget(KEY, SIZE + 1, 0));
        ASK(shmget(KEY + 1, SIZE, 0));
        ASK(shmget(IPC_PRIVATE, 0, IPC_CREAT));
        a = shmat(segment, NULL, 0);
        b = shmat(segment, NULL, SHM_RDONLY);
        shmctl(segment, IPC_STAT, &d);
        printf("bytes %d, users %d, mine %d %d, mode %o\n", (int)d.shm_segsz, (int)d.shm_nattch,
               d.shm_cpid == getpid(), d.shm_lpid == getpid(), d.shm_perm.mode);
        strcpy(a, "written");
        printf("%s, the rest %d\n", b, b[SIZE - 1]);
        pid = fork();
        if (pid == 0) {
                strcpy(a + 5000, "by a child");
                shmctl(segment, IPC_STAT, &d);
                _exit((int)d.shm_nattch);
        }
        waitpid(pid, &status, 0);
        printf("%s, users %d\n", b + 5000, WEXITSTATUS(status));
        pid = fork();
        if (pid == 0) {
                b[0] = 1;
                _exit(0);
        }
        waitpid(pid, &status, 0);
        printf("to read only: signal %d\n", WTERMSIG(status));
        ASK(shmdt(b));
        ASK(shmdt(b));
        ASK(shmdt(a + 1));
        shmctl(segment, IPC_STAT, &d);
        printf("users %d\n", (int)d.shm_nattch);
        ASK((void *)shmat(segment, a, 0) == (void *)-1 ? -1 : 0);
        ASK((void *)shmat(segment, (void *)77, 0) == (void *)-1 ? -1 : 0);
        ASK((void *)shmat(77777, NULL, 0) == (void *)-1 ? -1 : 0);
        b = mmap(NULL, 65536, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        munmap(b, 65536);
        printf("at an address: %d\n", (char *)shmat(segment, b + 5, SHM_RND) == b);
        printf("%s\n", b);
        ASK(shmctl(segment, 77, &d));
        ASK(shmctl(-1, IPC_STAT, &d));
        ASK(syscall(SYS_shmctl, segment, IPC_STAT, bad));
        ASK(shmctl(segment, IPC_RMID, NULL));
        ASK(shmget(KEY, SIZE, 0));
        shmctl(segment, IPC_STAT, &d);
        printf("removed: mode %o, users %d, %s\n", d.shm_perm.mode & 01777, (int)d.shm_nattch, b);
        ASK(shmdt(a));
        ASK(shmdt(b));
        ASK(shmctl(segment, IPC_STAT, &d));
}

/* Where the library puts shared memory and semaphores that have names. */
static void names(void)
{
        struct stat s = {.st_mode = 0};

        ASK(stat("/dev/shm", &s));
        printf("mode %o\n", s.st_mode & 01777);
        shm_unlink("/tessera-shared-test");
        printf("by a name: %d\n", shm_open("/tessera-shared-test", O_CREAT | O_EXCL | O_RDWR, 0600) >= 0);
        ASK(shm_open("/tessera-shared-test", O_CREAT | O_EXCL | O_RDWR, 0600));
        ASK(shm_unlink("/tessera-shared-test"));
        ASK(shm_unlink("/tessera-shared-test"));
}

enum { WAIT = 0, WAKE = 1, OF_ITSELF = 128 };

/* A child that waits at a word, and has been woken or has waited for so long: how many a wake at another one finds. */
static int woken_at(int *word, int *other, int kind, int half_seconds)
{
        struct timespec half = {half_seconds / 2, half_seconds % 2 * 500000000};
        int woken = 0, status, pid = fork();

        if (pid == 0)
                _exit(syscall(SYS_futex, word, WAIT | kind, 0, &half, NULL, 0) == 0);
        for (int i = 0; i < 20 * half_seconds && !woken; i++) {
                usleep(20000);
                woken = (int)syscall(SYS_futex, other, WAKE | kind, 1, NULL, NULL, 0);
        }
        waitpid(pid, &status, 0);
        return woken * 10 + WEXITSTATUS(status);
}

/* What a word is: its place in the memory that is shared, not its address; and for those who say that it is theirs alone, their own. */
static void words(void)
{
        int f = memfd_create("words", 0), *own, *a, *b;

        ftruncate(f, 4096);
        a = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
        b = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
        own = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        printf("one word at two addresses: %d\n", woken_at(a, b, 0, 120));
        printf("another word of the same page: %d\n", woken_at(a, b + 1, 0, 1));
        printf("the same address of two processes: %d\n", woken_at(own, own, 0, 1));
        printf("private words of two processes: %d\n", woken_at(own, own, OF_ITSELF, 1));
        close(f);
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        queues();
        semaphores();
        segments();
        names();
        words();
        return 0;
}
