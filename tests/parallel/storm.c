/* SPDX-License-Identifier: BSD-2-Clause */
/* storm SECONDS [SEED]: processes that fork, begin other programs, make threads, lock, wait for each other at words of common memory, pass
 * bytes through pipes, sockets and files, move between cores, change memory and are ended at any moment, on all cores.  Everything that
 * can be wrong is looked at, each byte that was passed too; prints what was done, and `storm ok`. */
#include "parts.h"

#include <fcntl.h>
#include <sys/socket.h>

enum { WORKERS = 10, ADDERS = 3, PAGES = 16, PIECES = 20, PIECE = 4096, ROUNDS = 40, LARGEST = 3000 };
enum { FUTEX_WAIT, FUTEX_WAKE }; /* of Linux */

enum kind { FORKS, PROGRAMS, THREADS, PIPES, KILLS, MOVES, FILES, SOCKETS, WORDS, KINDS };
static const char *const names[KINDS] = {"forks", "programs", "threads", "pipes", "kills",
                                         "moves", "files",    "sockets", "words"};

static atomic_long *done; /* of each kind, by all workers */
static uint64_t state;

static unsigned any(unsigned below)
{
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        return (unsigned)(state >> 33) % below;
}

static int ended(int child)
{
        int status;

        MUST(child > 0 && waitpid(child, &status, 0) == child);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void forks(void)
{
        char *p = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        char mark = (char)any(100);
        int child;

        MUST(p != MAP_FAILED);
        for (int i = 0; i < PAGES; i++)
                p[i * 4096] = (char)(mark + i);
        if (!(child = fork())) {
                for (int i = 0; i < PAGES; i++)
                        p[i * 4096]++;
                _exit(p[(PAGES - 1) * 4096] == (char)(mark + PAGES) ? 3 : 4);
        }
        MUST(ended(child) == 3);
        for (int i = 0; i < PAGES; i++)
                MUST(p[i * 4096] == (char)(mark + i));
        munmap(p, PAGES * 4096);
}

static void programs(void)
{
        int child = fork();

        if (!child) {
                execl("/bin/busybox", "sh", "-c", "exit 9", NULL);
                _exit(1);
        }
        MUST(ended(child) == 9);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long total;

static void *add(void *unused)
{
        for (int i = 0; i < 50; i++) {
                pthread_mutex_lock(&lock);
                total++;
                pthread_mutex_unlock(&lock);
        }
        return unused;
}

static void threads(void)
{
        pthread_t t[ADDERS];

        total = 0;
        for (int i = 0; i < ADDERS; i++)
                MUST(!pthread_create(&t[i], NULL, add, NULL));
        for (int i = 0; i < ADDERS; i++)
                MUST(!pthread_join(t[i], NULL));
        MUST(total == ADDERS * 50);
}

/* The bytes of a stream, which its seed and their place determine. */
static char byte_of(unsigned seed, long place)
{
        return (char)((unsigned long)(place + 1) * (seed * 2654435761u + 12345) >> 13);
}

static void fill(char *to, long count, unsigned seed, long place)
{
        for (long i = 0; i < count; i++)
                to[i] = byte_of(seed, place + i);
}

static bool is_filled(const char *from, long count, unsigned seed, long place)
{
        for (long i = 0; i < count; i++) {
                if (from[i] != byte_of(seed, place + i))
                        return false;
        }
        return true;
}

/* More than a pipe holds, and each byte is what was sent. */
static void pipes(void)
{
        static char block[PIECE];
        unsigned seed = any(1000);
        int there[2], child;
        long n, sum = 0;

        MUST(!pipe(there));
        if (!(child = fork())) {
                close(there[1]);
                for (; (n = read(there[0], block, sizeof(block))) > 0; sum += n)
                        MUST(is_filled(block, n, seed, sum));
                _exit(sum == PIECES * PIECE ? 5 : 6);
        }
        close(there[0]);
        for (; sum < PIECES * PIECE; sum += n) {
                long most = 1 + (long)any(PIECE), left = PIECES * PIECE - sum;

                n = most < left ? most : left;
                fill(block, n, seed, sum);
                MUST((n = write(there[1], block, (size_t)n)) > 0);
        }
        close(there[1]);
        MUST(ended(child) == 5);
}

static void read_all(int from, char *to, long count)
{
        for (long n, got = 0; got < count; got += n)
                MUST((n = read(from, to + got, (size_t)(count - got))) > 0);
}

/* Pieces of any size there, and with another seed back. */
static void sockets(void)
{
        static char block[LARGEST];
        unsigned seed = any(1000);
        int end[2], child;
        long size, place = 0;

        MUST(!socketpair(AF_UNIX, SOCK_STREAM, 0, end));
        child = fork();
        close(end[child != 0]);
        for (int i = 0; i < ROUNDS; i++, place += size) {
                if (child) {
                        size = 1 + (long)any(LARGEST);
                        fill(block, size, seed, place);
                        MUST(write(end[0], &size, sizeof(size)) == sizeof(size));
                        MUST(write(end[0], block, (size_t)size) == size);
                        read_all(end[0], block, size);
                        MUST(is_filled(block, size, seed + 1, place));
                } else {
                        read_all(end[1], (char *)&size, sizeof(size));
                        MUST(size > 0 && size <= LARGEST);
                        read_all(end[1], block, size);
                        MUST(is_filled(block, size, seed, place));
                        fill(block, size, seed + 1, place);
                        MUST(write(end[1], block, (size_t)size) == size);
                }
        }
        if (!child)
                _exit(7);
        close(end[0]);
        MUST(ended(child) == 7);
}

/* A file that another process reads and continues, which gets another name, and is removed. */
static void files(void)
{
        static char block[LARGEST * 4];
        char name[40], other[40];
        unsigned seed = any(1000);
        long size = 1 + (long)any(2 * LARGEST), more = 1 + (long)any(2 * LARGEST);
        int fd, child;

        snprintf(name, sizeof(name), "/tmp/storm-%d", getpid());
        snprintf(other, sizeof(other), "/tmp/other-%d", getpid());
        MUST((fd = open(name, O_CREAT | O_EXCL | O_RDWR, 0600)) >= 0);
        fill(block, size, seed, 0);
        MUST(write(fd, block, (size_t)size) == size);
        if (!(child = fork())) {
                MUST((fd = open(name, O_RDWR | O_APPEND)) >= 0);
                MUST(read(fd, block, sizeof(block)) == size && is_filled(block, size, seed, 0));
                fill(block, more, seed, size);
                MUST(write(fd, block, (size_t)more) == more);
                _exit(8);
        }
        MUST(ended(child) == 8);
        MUST(!rename(name, other) && open(name, O_RDONLY) < 0);
        MUST(pread(fd, block, sizeof(block), 0) == size + more && is_filled(block, size + more, seed, 0));
        MUST(!unlink(other) && !close(fd) && open(other, O_RDONLY) < 0);
}

static void wait_at(atomic_int *at, int until)
{
        for (int now; (now = atomic_load(at)) != until;)
                syscall(SYS_futex, at, FUTEX_WAIT, now, NULL, NULL, 0);
}

static void say_at(atomic_int *at, int value)
{
        atomic_store(at, value);
        syscall(SYS_futex, at, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* Two processes wait for each other at two words of common memory, and each checks what the other has written. */
static void words(void)
{
        struct {
                atomic_int turn[2];
                volatile long said;
        } *common = shared(4096);
        int child = fork();

        for (int i = 1; i <= ROUNDS; i++) {
                if (child) {
                        common->said = 2 * i;
                        say_at(&common->turn[0], i);
                        wait_at(&common->turn[1], i);
                        MUST(common->said == 2 * i + 1);
                } else {
                        wait_at(&common->turn[0], i);
                        MUST(common->said == 2 * i);
                        common->said = 2 * i + 1;
                        say_at(&common->turn[1], i);
                }
        }
        if (!child)
                _exit(9);
        MUST(ended(child) == 9);
        munmap(common, 4096);
}

/* A child with threads that compute is ended while it begins, computes or makes more. */
static void kills(void)
{
        volatile long *count = shared(4096);
        int child = fork();

        if (!child) {
                pthread_t t;

                for (int i = 0; i < 4; i++)
                        pthread_create(&t, NULL, compute, (void *)&count[8 * i]);
                compute((void *)&count[64]);
        }
        if (any(3))
                rest(any(20));
        MUST(!kill(child, any(2) ? SIGKILL : SIGTERM));
        MUST(ended(child) < 0);
        MUST(stands(&count[0]));
        munmap((void *)count, 4096);
}

static void moves(void)
{
        for (int i = 0; i < 8; i++) {
                int core = (int)any((unsigned)cores());

                MUST(!be_on(core) && where() == core);
        }
        MUST(!syscall(SYS_sched_setaffinity, 0, 8, &(uint64_t){0xff}));
}

static void work(double until)
{
        static void (*const what[KINDS])(void) = {forks, programs, threads, pipes, kills,
                                                  moves, files,    sockets, words};

        while (now_ns(CLOCK_MONOTONIC) < until) {
                enum kind kind = any(KINDS);

                what[kind]();
                atomic_fetch_add(&done[kind], 1);
        }
}

int main(int count, char **word)
{
        double until = now_ns(CLOCK_MONOTONIC) + (count > 1 ? atof(word[1]) : 1) * 1e9;
        int worker[WORKERS], wrong = 0;

        done = shared(4096);
        for (int i = 0; i < WORKERS; i++) {
                state = (uint64_t)(count > 2 ? atol(word[2]) : 1) * WORKERS + (uint64_t)i;
                fflush(stdout);
                if (!(worker[i] = fork())) {
                        work(until);
                        exit(0);
                }
        }
        for (int i = 0; i < WORKERS; i++)
                wrong += ended(worker[i]) != 0;
        for (int i = 0; i < KINDS; i++)
                printf("%ld %s%s", done[i], names[i], i < KINDS - 1 ? ", " : "\n");
        printf("storm %s\n", wrong ? "FAILED" : "ok");
        return wrong;
}
