/* SPDX-License-Identifier: BSD-2-Clause */
/* No wait for files sleeps while there is something to read: writers choose a file of a sleeper and write a word to it, at any moment of
 * its poll, select or epoll, and wait until they are told that it was read.  `wakes ROUNDS SEED` does so many. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SLEEPERS = 3, FILES = 5, WRITERS = 2, WAYS = 4, PATIENCE = 20 };

static int in[SLEEPERS][FILES], out[SLEEPERS][FILES], set[SLEEPERS];
static sem_t taken[WRITERS];
static int rounds = 300;
static unsigned seed = 1;

static unsigned next(unsigned *state)
{
        *state = *state * 1664525u + 1013904223u;
        return *state >> 16;
}

static void make_file(int sleeper, int file)
{
        int ends[2];

        if (file < 2)
                pipe2(ends, O_NONBLOCK);
        else if (file < 4)
                socketpair(AF_UNIX, (file == 2 ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK, 0, ends);
        else
                ends[0] = ends[1] = eventfd(0, EFD_NONBLOCK);
        in[sleeper][file] = ends[0];
        out[sleeper][file] = ends[1];
        epoll_ctl(set[sleeper], EPOLL_CTL_ADD, ends[0], &(struct epoll_event){.events = EPOLLIN});
}

/* Sleeps until one of its files has something. */
static int wait_for(int sleeper, unsigned way)
{
        struct pollfd polls[FILES];
        struct epoll_event event;
        fd_set files;
        int most = 0;

        FD_ZERO(&files);
        for (int i = 0; i < FILES; i++) {
                polls[i] = (struct pollfd){.fd = in[sleeper][i], .events = POLLIN};
                FD_SET(in[sleeper][i], &files);
                most = in[sleeper][i] > most ? in[sleeper][i] : most;
        }
        switch (way) {
        case 0:
                return poll(polls, FILES, -1);
        case 1:
                return select(most + 1, &files, NULL, NULL, NULL);
        case 2:
                return epoll_wait(set[sleeper], &event, 1, -1);
        default:
                return ppoll(polls, FILES, &(struct timespec){.tv_sec = 3600}, NULL);
        }
}

/* A word says how often each writer has written, by 16 bits; the last ones say that it is over. */
static bool take(uint64_t word, long *count)
{
        for (int w = 0; w < WRITERS; w++) {
                for (unsigned n = word >> 16 * w & 0xffff; n > 0; n--) {
                        ++*count;
                        sem_post(&taken[w]);
                }
        }
        return word >> 48;
}

static void *sleeps(void *which)
{
        int sleeper = (int)(intptr_t)which;
        unsigned state = seed * 31 + (unsigned)sleeper;
        bool over = false;
        long count = 0;
        uint64_t word;

        while (!over) {
                if (wait_for(sleeper, next(&state) % WAYS) < 1)
                        return (void *)-1L;
                for (int i = 0; i < FILES; i++) {
                        while (read(in[sleeper][i], &word, sizeof(word)) == sizeof(word))
                                over |= take(word, &count);
                }
        }
        return (void *)count;
}

static void *writes(void *which)
{
        int writer = (int)(intptr_t)which;
        unsigned state = seed * 77 + (unsigned)writer;
        uint64_t word = 1ull << 16 * writer;
        struct timespec limit;

        for (int i = 0; i < rounds; i++) {
                int sleeper = (int)(next(&state) % SLEEPERS), file = (int)(next(&state) % FILES);

                for (unsigned turns = next(&state) % 4; turns > 0; turns--)
                        sched_yield();
                write(out[sleeper][file], &word, sizeof(word));
                clock_gettime(CLOCK_REALTIME, &limit);
                limit.tv_sec += PATIENCE;
                while (sem_timedwait(&taken[writer], &limit)) {
                        if (errno == EINTR)
                                continue;
                        printf("round %d (seed %u): sleeper %d sleeps with something to read in file %d\n", i,
                               seed, sleeper, file);
                        exit(1);
                }
        }
        return NULL;
}

int main(int argc, char **argv)
{
        uint64_t over = 1ull << 48;
        pthread_t sleeper[SLEEPERS], writer[WRITERS];
        void *count;

        rounds = argc > 1 ? atoi(argv[1]) : rounds;
        seed = argc > 2 ? (unsigned)atoi(argv[2]) : seed;
        for (int i = 0; i < WRITERS; i++)
                sem_init(&taken[i], 0, 0);
        for (int i = 0; i < SLEEPERS; i++) {
                set[i] = epoll_create1(0);
                for (int k = 0; k < FILES; k++)
                        make_file(i, k);
                pthread_create(&sleeper[i], NULL, sleeps, (void *)(intptr_t)i);
        }
        for (int i = 0; i < WRITERS; i++)
                pthread_create(&writer[i], NULL, writes, (void *)(intptr_t)i);
        for (int i = 0; i < WRITERS; i++)
                pthread_join(writer[i], NULL);
        for (int i = 0; i < SLEEPERS; i++) {
                write(out[i][0], &over, sizeof(over));
                pthread_join(sleeper[i], &count);
                printf("sleeper %d was told of %ld\n", i, (long)count);
        }
        return 0;
}
