/* SPDX-License-Identifier: BSD-2-Clause */
/* A hostile client of the network: tests/rogue/run.  `grab WAY` says what it has got, and keeps it, or goes on, until it is ended. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { MANY = 1000, PAGE = 80, OWN = 5000, DRIP = 4999, PIECE = 4096 };

static char piece[PIECE];

static struct sockaddr_in here(unsigned port)
{
        struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};

        a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return a;
}

static _Noreturn void keep(void)
{
        for (;;)
                pause();
}

/* Sockets of a kind until there are no more. */
static unsigned take(int type, int protocol)
{
        unsigned n = 0;

        while (n < MANY && socket(AF_INET, type, protocol) >= 0)
                n++;
        printf("grab: %u sockets, then: %s\n", n, strerror(errno));
        return n;
}

static int listener(unsigned port)
{
        int s = socket(AF_INET, SOCK_STREAM, 0);
        struct sockaddr_in a = here(port);

        if (s < 0 || bind(s, (struct sockaddr *)&a, sizeof(a)) || listen(s, MANY)) {
                printf("grab: port %u: %s\n", port, strerror(errno));
                close(s);
                return -1;
        }
        return s;
}

static void listeners(void)
{
        unsigned n = 0;

        while (n < MANY && listener(OWN + n) >= 0)
                n++;
        printf("grab: %u listen\n", n);
}

static int client(unsigned port)
{
        int s = socket(AF_INET, SOCK_STREAM, 0);
        struct sockaddr_in a = here(port);

        if (s >= 0 && connect(s, (struct sockaddr *)&a, sizeof(a))) {
                close(s);
                return -1;
        }
        return s;
}

/* Connections that nobody accepts, and whose other ends are closed. */
static void pend(void)
{
        unsigned n = 0;

        for (unsigned i = 0; i < 3; i++)
                listener(OWN + i);
        for (unsigned i = 0; i < MANY; i++) {
                int s = client(OWN + i % 3);

                n += s >= 0;
                if (s >= 0)
                        close(s);
        }
        printf("grab: %u connections\n", n);
}

/* Both ends of as many connections as it gets, filled in both directions; nobody reads. */
static void fill(void)
{
        int l = listener(OWN), end[MANY];
        unsigned n = 0;

        while (n + 2 <= MANY && (end[n] = client(OWN)) >= 0 && (end[n + 1] = accept(l, NULL, NULL)) >= 0)
                n += 2;
        printf("grab: %u ends\n", n);
        for (unsigned i = 0; i < n; i++)
                fcntl(end[i], F_SETFL, O_NONBLOCK);
        for (;;) {
                for (unsigned i = 0; i < n; i++)
                        send(end[i], piece, sizeof(piece), MSG_NOSIGNAL);
        }
}

/* One connection to itself, which nobody reads: when there is no room in the reader's stream, single bytes, each a segment. */
static void drip(void)
{
        int l = listener(DRIP), s = client(DRIP), on = 1;
        int reader = accept(l, NULL, NULL);

        printf("grab: %s\n", reader < 0 || setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on))
                                     ? strerror(errno)
                                     : "drip");
        send(s, piece, sizeof(piece), MSG_NOSIGNAL);
        send(s, piece, sizeof(piece), MSG_NOSIGNAL);
        for (;;)
                send(s, piece, 1, MSG_NOSIGNAL);
}

/* Connections to the page that ask for nothing. */
static void hold(void)
{
        unsigned n = 0;

        while (n < MANY && client(PAGE) >= 0)
                n++;
        printf("grab: %u hold the page\n", n);
}

/* Datagrams to itself that nobody reads, requests, and connections that end at once. */
static void flood(void)
{
        int s = socket(AF_INET, SOCK_DGRAM, 0), on = 1;
        struct sockaddr_in a = here(OWN);

        bind(s, (struct sockaddr *)&a, sizeof(a));
        printf("grab: flood\n");
        for (unsigned i = 0;; i++) {
                sendto(s, piece, i % 1400, MSG_DONTWAIT, (struct sockaddr *)&a, sizeof(a));
                setsockopt(s, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
                if (i % 64 == 0)
                        close(client(PAGE));
        }
}

/* Not the network, but time: it sleeps for a moment without end, or has a timer that rings each microsecond. */
static void naps(void)
{
        struct timespec moment = {.tv_nsec = 1};

        for (;;)
                nanosleep(&moment, NULL);
}

static void heard(int signal)
{
        (void)signal;
}

static void ticks(void)
{
        struct itimerval each = {{0, 1}, {0, 1}};

        signal(SIGALRM, heard);
        setitimer(ITIMER_REAL, &each, NULL);
}

int main(int arguments, char **argument)
{
        const char *way = arguments > 1 ? argument[1] : "";

        setvbuf(stdout, NULL, _IOLBF, 0);
        if (!strcmp(way, "streams"))
                take(SOCK_STREAM, 0);
        else if (!strcmp(way, "datagrams"))
                take(SOCK_DGRAM, 0);
        else if (!strcmp(way, "raw"))
                take(SOCK_RAW, IPPROTO_ICMP);
        else if (!strcmp(way, "listeners"))
                listeners();
        else if (!strcmp(way, "pend"))
                pend();
        else if (!strcmp(way, "hold"))
                hold();
        else if (!strcmp(way, "fill"))
                fill();
        else if (!strcmp(way, "drip"))
                drip();
        else if (!strcmp(way, "flood"))
                flood();
        else if (!strcmp(way, "naps"))
                naps();
        else if (!strcmp(way, "ticks"))
                ticks();
        keep();
}
