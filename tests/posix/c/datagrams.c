/* SPDX-License-Identifier: BSD-2-Clause */
/* recvfrom and sendto of datagrams over the loopback: memory that is there, is not, or changes between two calls; names that do not fit;
 * flags; descriptors that change; signals and threads.  Each step follows some that went well with the same pages, so that it begins where
 * the starter OS knows them already. */
#define _GNU_SOURCE
#include "ask.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

enum { PAGE = 4096, MANY = 200, THREADS = 4 };

static struct pair {
        int in, out;
        struct sockaddr_in to;
} u;
static char text[64];
static struct sockaddr_in from;
static socklen_t length;

static struct pair pair(void)
{
        struct pair n = {
                socket(AF_INET, SOCK_DGRAM, 0), socket(AF_INET, SOCK_DGRAM, 0), {.sin_family = AF_INET}};
        socklen_t bytes = sizeof(n.to);

        n.to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        bind(n.in, (struct sockaddr *)&n.to, bytes);
        getsockname(n.in, (struct sockaddr *)&n.to, &bytes);
        return n;
}

static long put(const void *data, size_t bytes)
{
        return sendto(u.out, data, bytes, 0, (const struct sockaddr *)&u.to, sizeof(u.to));
}

static long get(void *data, size_t bytes, int flags)
{
        length = sizeof(from);
        return recvfrom(u.in, data, bytes, flags, (struct sockaddr *)&from, &length);
}

/* What is left of a step that failed. */
static void empty(void)
{
        while (recv(u.in, text, sizeof(text), MSG_DONTWAIT) >= 0)
                ;
}

/* Some that go well. */
static void warm(void *data, size_t bytes)
{
        int good = 0;

        for (int i = 0; i < 3; i++) {
                memset(data, i, bytes);
                good += put(data, bytes) == (long)bytes && get(data, bytes, 0) == (long)bytes;
        }
        if (good != 3)
                show("warm", good);
}

static void *pages(unsigned count)
{
        return mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* Bytes across pages arrive as they were sent. */
static void test_places(void)
{
        char *at = pages(3), *to = pages(3);
        static const size_t sizes[] = {0, 1, 7, 8, 63, 64, 1400, 2048, 2049, 4097, 8000};
        int good = 0, tried = 0;

        for (unsigned s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
                for (unsigned shift = 0; shift < 24; shift++) {
                        size_t a = shift % 3 ? PAGE - shift : shift, b = shift % 5 ? PAGE - 3 * shift : shift;

                        for (size_t i = 0; i < sizes[s]; i++)
                                at[a + i] = (char)(i * 7 + shift + i / 256);
                        memset(to, 0x55, 3 * PAGE);
                        tried++;
                        good += put(at + a, sizes[s]) == (long)sizes[s] &&
                                get(to + b, sizes[s] + 9, 0) == (long)sizes[s] &&
                                !memcmp(at + a, to + b, sizes[s]) && to[b + sizes[s]] == 0x55 &&
                                (!b || to[b - 1] == 0x55);
                }
        }
        show("moved", tried == good);
        munmap(at, 3 * PAGE);
        munmap(to, 3 * PAGE);
}

static void test_names(void)
{
        static const unsigned rooms[] = {0, 1, 2, 8, 15, 16, 17, 28, 100, 0x7fffffff};
        char *at = pages(2), *name = at + PAGE - 7;

        warm(text, 5);
        for (unsigned i = 0; i < sizeof(rooms) / sizeof(*rooms); i++) {
                struct sockaddr_in own = {.sin_family = 77, .sin_port = 1};
                socklen_t room = rooms[i];

                put("name", 4);
                show("room", recvfrom(u.in, text, sizeof(text), 0, (struct sockaddr *)&own, &room));
                show("length", (long)room);
                show("family", own.sin_family);
                show("address", own.sin_addr.s_addr == u.to.sin_addr.s_addr);
        }
        put("less", 4);
        length = 0x80000000u;
        show_number("no length", recvfrom(u.in, text, sizeof(text), 0, (struct sockaddr *)&from, &length));
        empty();
        put("across", 6);
        memset(at, 0, 2 * PAGE);
        *(uint32_t *)(at + 101 - 101 % 4) = 16;
        show("across pages",
             recvfrom(u.in, text, sizeof(text), 0, (struct sockaddr *)name, (socklen_t *)(at + 100)));
        show("address", !memcmp(name + 4, &u.to.sin_addr, 4));
        length = sizeof(from);
        memcpy(at + 1, &length, sizeof(length));
        put("odd", 3);
        show("odd length", syscall(SYS_recvfrom, u.in, text, sizeof(text), 0, &from, at + 1));
        memcpy(&length, at + 1, sizeof(length));
        show("length", length);
        put("none", 4);
        show("no name", recvfrom(u.in, text, sizeof(text), 0, NULL, NULL));
        munmap(at, 2 * PAGE);
}

static void test_bad_memory(void)
{
        char *at = pages(2), *name = pages(1);
        struct sockaddr_in *to = (struct sockaddr_in *)name;

        warm(at + PAGE, 100);
        munmap(at + PAGE, PAGE);
        put("gone", 4);
        show_number("receive into nothing", get(at + PAGE, 100, 0));
        empty();
        show_number("send from nothing", put(at + PAGE, 100));
        put("half of it is there", 19);
        show_number("receive into half", get(at + PAGE - 9, 100, 0));
        empty();
        show_number("send from half", put(at + PAGE - 9, 19));
        empty();
        warm(at, 100);
        mprotect(at, PAGE, PROT_READ);
        put("read", 4);
        show_number("receive into what is read", get(at, 100, 0));
        empty();
        show_number("send from what is read", put(at, 100));
        show_number("receive it", get(text, sizeof(text), 0));
        mprotect(at, PAGE, PROT_NONE);
        show_number("send from what is closed", put(at, 100));
        mprotect(at, PAGE, PROT_READ | PROT_WRITE);
        warm(at, 100);
        *to = u.to;
        for (int i = 0; i < 3; i++)
                sendto(u.out, "x", 1, 0, (struct sockaddr *)to, sizeof(*to));
        show("named", recvfrom(u.in, text, 9, 0, (struct sockaddr *)name, &(socklen_t){16}));
        *(uint32_t *)(name + 64) = 16;
        mprotect(name, PAGE, PROT_READ);
        show_number("name into what is read",
                    recvfrom(u.in, text, 9, 0, (struct sockaddr *)name, &(socklen_t){16}));
        empty();
        put("x", 1);
        show_number("length into what is read",
                    syscall(SYS_recvfrom, u.in, text, sizeof(text), 0, &from, name + 64));
        empty();
        munmap(name, PAGE);
        show_number("name from nothing", sendto(u.out, "x", 1, 0, (struct sockaddr *)name, 16));
        munmap(at, PAGE);
}

/* Pages that were just read, and may not be written: one of them is known, whatever places the others have taken. */
static void test_read_memory(void)
{
        char *at = pages(5);
        int refused = 0;

        for (int i = 0; i < 5; i++)
                warm(at + i * PAGE, 100);
        mprotect(at, 5 * PAGE, PROT_READ);
        for (int i = 0; i < 5; i++) {
                for (int n = 0; n < 2; n++)
                        refused += put(at + i * PAGE, 50) == 50 && get(text, 50, 0) == 50 ? 0 : -100;
                put("read", 4);
                refused += get(at + i * PAGE, 100, 0) == -1 && at[i * PAGE] == 2;
                empty();
        }
        show("refused", refused);
        munmap(at, 5 * PAGE);
}

/* Names of senders across pages that are known. */
static void test_split_names(void)
{
        char *at = pages(6);
        int good = 0;

        for (int i = 0; i < 15; i++) {
                char *name = at + (i % 5 + 1) * PAGE - 6;

                length = 16;
                memset(at, i, 6 * PAGE);
                put("split", 5);
                good += recvfrom(u.in, text, sizeof(text), 0, (struct sockaddr *)name, &length) == 5 &&
                        !memcmp(name + 4, &u.to.sin_addr, 4) && name[-1] == i && name[16] == i;
        }
        show("split", good);
        munmap(at, 6 * PAGE);
}

/* Memory that is another one at the same place. */
static void test_other_memory(void)
{
        char *at = pages(1), *again;
        int status, pid;

        warm(at, 64);
        munmap(at, PAGE);
        again = mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        put("anew", 4);
        show("the same place", get(again, 64, 0));
        show(again, again == at);
        warm(at, 64);
        strcpy(at, "parent");
        pid = fork();
        if (!pid) {
                put("child", 6);
                get(at, 64, 0);
                _exit(strcmp(at, "child"));
        }
        waitpid(pid, &status, 0);
        show_end("the child has its own", status);
        show(at, 0);
        put("after", 6);
        show("after it", get(at, 64, 0));
        show(at, 0);
        madvise(at, PAGE, MADV_DONTNEED);
        show("dropped", put(at, 5));
        show("zeros", get(text, sizeof(text), 0) == 5 && !memcmp(text, "\0\0\0\0", 5));
        munmap(at, PAGE);
}

static void test_flags(void)
{
        struct sockaddr_in other = u.to;

        warm(text, 5);
        show_number("nothing there", get(text, sizeof(text), MSG_DONTWAIT));
        put("longer than it", 14);
        show("peek", get(text, 4, MSG_PEEK));
        show("its length", get(text, 4, MSG_PEEK | MSG_TRUNC));
        show("cut", get(text, 6, 0));
        show("named", length);
        show_number("the rest is gone", get(text, sizeof(text), MSG_DONTWAIT));
        put("again", 5);
        show("how long", get(text, 2, MSG_TRUNC));
        put("", 0);
        show("nothing", get(text, sizeof(text), 0));
        show("from somebody", ntohs(from.sin_port) > 0);
        put("into nothing", 12);
        show("no room", get(text, 0, 0));
        show("send and do not wait",
             sendto(u.out, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&u.to, sizeof(u.to)));
        show("receive and do not wait", get(text, 1, MSG_DONTWAIT));
        show_number("out of band", sendto(u.out, "x", 1, MSG_OOB, (struct sockaddr *)&u.to, sizeof(u.to)));
        show_number("a short name", sendto(u.out, "x", 1, 0, (struct sockaddr *)&u.to, 15));
        show_number("no name", sendto(u.out, "x", 1, 0, (struct sockaddr *)&u.to, 0));
        show_number("a name too long", sendto(u.out, "x", 1, 0, (struct sockaddr *)&u.to, 129));
        show("a long one", sendto(u.out, "x", 1, 0, (struct sockaddr *)&u.to, 16));
        other.sin_family = AF_INET6;
        show_number("another family", sendto(u.out, "x", 1, 0, (struct sockaddr *)&other, 28));
        fcntl(u.in, F_SETFL, O_NONBLOCK);
        show("the one", get(text, sizeof(text), 0));
        show_number("does not wait", get(text, sizeof(text), 0));
        fcntl(u.in, F_SETFL, 0);
}

static void test_descriptors(void)
{
        struct pair was = u, other = pair();
        int p[2], spare = dup(u.in);

        warm(text, 5);
        put("for the first", 13);
        dup2(other.in, u.in);
        show_number("another socket", get(text, sizeof(text), MSG_DONTWAIT));
        pipe(p);
        dup2(p[0], u.in);
        show_number("a pipe", get(text, sizeof(text), MSG_DONTWAIT));
        close(u.in);
        show_number("none", get(text, sizeof(text), MSG_DONTWAIT));
        show_number("less than none", recvfrom(-1, text, 1, 0, NULL, NULL));
        dup2(spare, u.in);
        show("the first", get(text, sizeof(text), 0));
        dup2(p[1], u.out);
        show_number("to a pipe", put("x", 1));
        u.out = other.out;
        show("to another", put("x", 1));
        show("from another", get(text, sizeof(text), 0));
        socketpair(AF_UNIX, SOCK_DGRAM, 0, p);
        u.in = p[0];
        write(p[1], "local", 5);
        show("local", get(text, sizeof(text), 0));
        u = was;
        u.out = other.out;
        close(spare);
}

static volatile int rung;

static void ring(int signal)
{
        (void)signal;
        rung++;
}

/* One that waits is interrupted; one that is there comes behind the handler of a signal that is due. */
static void test_signals(void)
{
        struct sigaction a = {.sa_handler = ring};
        sigset_t set;

        sigaction(SIGALRM, &a, NULL);
        sigaction(SIGUSR1, &a, NULL);
        warm(text, 5);
        show_number("interrupted", RUNG(get(text, sizeof(text), 0)));
        sigemptyset(&set);
        sigaddset(&set, SIGUSR1);
        rung = 0;
        sigprocmask(SIG_BLOCK, &set, NULL);
        raise(SIGUSR1);
        put("blocked", 7);
        show("received", get(text, sizeof(text), 0));
        show("not rung", rung);
        sigprocmask(SIG_UNBLOCK, &set, NULL);
        show("rung", rung);
        a.sa_flags = SA_RESTART;
        sigaction(SIGALRM, &a, NULL);
        ask_alarms(1);
        for (int i = 0; i < 2000; i++)
                warm(text, 5);
        ask_alarms(0);
}

static int counted[THREADS];

static void *receiver(void *number)
{
        char own[16];

        while (recvfrom(u.in, own, sizeof(own), 0, NULL, NULL) > 0)
                counted[(long)number]++;
        return NULL;
}

/* Each datagram comes to one of them; an empty one ends one. */
static void test_threads(void)
{
        pthread_t thread[THREADS];
        int sum = 0;

        for (long i = 0; i < THREADS; i++)
                pthread_create(&thread[i], NULL, receiver, (void *)i);
        for (int i = 0; i < MANY; i++) {
                put("one", 3);
                if (i % 16 == 0)
                        usleep(1000);
        }
        for (int i = 0; i < THREADS; i++)
                put("", 0);
        for (int i = 0; i < THREADS; i++) {
                pthread_join(thread[i], NULL);
                sum += counted[i];
        }
        show("each once", sum);
}

static void test_six(void)
{
        int in = socket(AF_INET6, SOCK_DGRAM, 0), out = socket(AF_INET6, SOCK_DGRAM, 0), good = 0;
        struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback}, who;
        socklen_t bytes = sizeof(to);

        bind(in, (struct sockaddr *)&to, bytes);
        getsockname(in, (struct sockaddr *)&to, &bytes);
        for (int i = 0; i < 4; i++) {
                memset(&who, 0x55, sizeof(who));
                good += sendto(out, "six", 3, 0, (struct sockaddr *)&to, sizeof(to)) == 3 &&
                        recvfrom(in, text, sizeof(text), 0, (struct sockaddr *)&who, &bytes) == 3 &&
                        bytes == sizeof(who) && !memcmp(&who.sin6_addr, &in6addr_loopback, 16) &&
                        who.sin6_family == AF_INET6 && !who.sin6_scope_id;
        }
        show("by IPv6", good);
        show_number("too short", sendto(out, "x", 1, 0, (struct sockaddr *)&to, 20));
        close(in);
        close(out);
}

int main(void)
{
        u = pair();
        test_places();
        test_names();
        test_split_names();
        test_bad_memory();
        test_read_memory();
        test_other_memory();
        test_flags();
        test_descriptors();
        test_signals();
        test_threads();
        test_six();
        return 0;
}
