/* SPDX-License-Identifier: BSD-2-Clause */
/* clients WORK COUNT ROUNDS: what one request costs beside COUNT clients that wait.
 *
 * A client is a thread of a process of eight, which waits for its turn; turns go round, so that nobody's state is the one that was used
 * last:
 *      nothing         it answers
 *      datagrams       it sends a datagram back that has come for a socket of its own
 *      file            it reads 4 KiB of a file of its own, which it has open
 *      block           it reads 4 KiB of the disk, which it has open, at a random place
 * In QEMU with -icount shift=0 an instruction takes a nanosecond, so the counter counts instructions, those of the system included.
 * Prints `clients: cost WORK COUNT INSTRUCTIONS`; then the clients stay until there is a file /tmp/end. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
        PAGE = 4096,
        CLIENTS = 256,
        TOGETHER = 8,
        PORT = 3000,
        STEP = 37 /* has no divisor in common with any COUNT */,
        DISK_PAGES = 4096
};
#define END "/tmp/end"

struct client {
        sem_t turn;
        int number, what; /* the descriptor that it has open */
};

static struct shared {
        sem_t ready, done;
        struct client client[CLIENTS];
} * shared;

static struct work {
        const char *name;
        int (*open)(int number);
        void (*serve)(struct client *c);
        void (*ask)(int number);
} * work;

static int asker; /* the socket of who asks */

static void must(int good, const char *what)
{
        if (!good) {
                printf("clients: %s: %s\n", what, strerror(errno));
                exit(1);
        }
}

static uint64_t ns(void)
{
        uint64_t ticks, frequency;

        __asm__ volatile("isb; mrs %0, cntvct_el0; mrs %1, cntfrq_el0"
                         : "=r"(ticks), "=r"(frequency)::"memory");
        return ticks * (1000000000 / frequency);
}

static int open_none(int number)
{
        (void)number;
        return 0;
}

static struct sockaddr_in name_of(int number)
{
        return (struct sockaddr_in){.sin_family = AF_INET,
                                    .sin_port = htons((uint16_t)(PORT + number)),
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int open_socket(int number)
{
        struct sockaddr_in name = name_of(number);
        int s = socket(AF_INET, SOCK_DGRAM, 0);

        must(s >= 0 && !bind(s, (struct sockaddr *)&name, sizeof(name)), "socket");
        return s;
}

static int open_file(int number)
{
        char name[32], data[PAGE];
        int f;

        snprintf(name, sizeof(name), "/tmp/client-%d", number);
        f = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
        must(f >= 0 && write(f, memset(data, number, PAGE), PAGE) == PAGE && !unlink(name), name);
        return f;
}

static int open_disk(int number)
{
        int f = open("/dev/spare", O_RDONLY);

        (void)number;
        must(f >= 0, "/dev/spare");
        return f;
}

static void wait_turn(struct client *c)
{
        must(!sem_wait(&c->turn), "turn");
}

static void serve_nothing(struct client *c)
{
        wait_turn(c);
        sem_post(&shared->done);
}

static void serve_datagram(struct client *c)
{
        struct sockaddr_in from;
        socklen_t size = sizeof(from);
        char data[64];
        ssize_t n = recvfrom(c->what, data, sizeof(data), 0, (struct sockaddr *)&from, &size);

        must(n == sizeof(data) && sendto(c->what, data, sizeof(data), 0, (struct sockaddr *)&from, size) == n,
             "echo");
}

static void serve_read(struct client *c)
{
        static __thread uint64_t seed;
        char data[PAGE];

        wait_turn(c);
        seed = seed * 6364136223846793005u + 1442695040888963407u + (uint64_t)c->number;
        must(pread(c->what, data, PAGE,
                   work->open == open_disk ? (off_t)((seed >> 33) % DISK_PAGES * PAGE) : 0) == PAGE,
             "read");
        must(work->open == open_disk || data[PAGE - 1] == (char)c->number, "what was read");
        sem_post(&shared->done);
}

static void ask_turn(int number)
{
        sem_post(&shared->client[number].turn);
        must(!sem_wait(&shared->done), "done");
}

static void ask_datagram(int number)
{
        struct sockaddr_in name = name_of(number);
        char data[64] = {0};

        must(sendto(asker, data, sizeof(data), 0, (struct sockaddr *)&name, sizeof(name)) == sizeof(data),
             "send");
        must(recv(asker, data, sizeof(data), 0) == sizeof(data), "answer");
}

static struct work works[] = {
        {"nothing", open_none, serve_nothing, ask_turn},
        {"datagrams", open_socket, serve_datagram, ask_datagram},
        {"file", open_file, serve_read, ask_turn},
        {"block", open_disk, serve_read, ask_turn},
};

static void *run(void *client)
{
        struct client *c = client;

        c->what = work->open(c->number);
        sem_post(&shared->ready);
        while (c->what >= 0)
                work->serve(c);
        return NULL;
}

static void begin(int first, int end)
{
        pthread_t t;

        for (int i = first; i < end; i++) {
                struct client *c = &shared->client[i];

                c->number = i;
                must(!sem_init(&c->turn, 1, 0) && !pthread_create(&t, NULL, run, c), "thread");
        }
        for (;;)
                pause();
}

static void begin_all(int count, pid_t *process)
{
        for (int i = 0; i < count; i += TOGETHER) {
                pid_t p = fork();

                must(p >= 0, "fork");
                if (!p)
                        begin(i, i + TOGETHER < count ? i + TOGETHER : count);
                process[i / TOGETHER] = p;
        }
        for (int i = 0; i < count; i++)
                must(!sem_wait(&shared->ready), "ready");
}

static uint64_t measure(int count, int rounds)
{
        uint64_t start;

        for (int i = 0; i < count; i++) /* whatever is done once for each */
                work->ask(i);
        start = ns();
        for (int i = 0; i < rounds; i++)
                work->ask(i * STEP % count);
        return (ns() - start) / (uint64_t)rounds;
}

static struct work *work_named(const char *name)
{
        for (unsigned i = 0; i < sizeof(works) / sizeof(*works); i++) {
                if (!strcmp(works[i].name, name))
                        return &works[i];
        }
        return NULL;
}

static void share(void)
{
        shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        must(shared != MAP_FAILED, "memory");
        must(!sem_init(&shared->ready, 1, 0) && !sem_init(&shared->done, 1, 0), "semaphores");
}

static void end_when_asked(int count, const pid_t *process)
{
        while (access(END, F_OK))
                usleep(20000);
        for (int i = 0; i < count; i += TOGETHER)
                kill(process[i / TOGETHER], SIGKILL);
        while (wait(NULL) > 0)
                ;
        printf("clients: gone\n");
}

int main(int arguments, char **argument)
{
        int count = arguments == 4 ? atoi(argument[2]) : 0, rounds = count ? atoi(argument[3]) : 0;
        pid_t process[CLIENTS / TOGETHER];

        work = arguments == 4 ? work_named(argument[1]) : NULL;
        if (!work || count < 1 || count > CLIENTS || rounds < 1) {
                fprintf(stderr, "usage: clients nothing|datagrams|file|block COUNT ROUNDS\n");
                return 1;
        }
        unlink(END);
        share();
        asker = work->open == open_socket ? open_socket(CLIENTS) : 0;
        begin_all(count, process);
        printf("clients: cost %s %d %llu\n", work->name, count, (unsigned long long)measure(count, rounds));
        fflush(stdout);
        end_when_asked(count, process);
        return 0;
}
