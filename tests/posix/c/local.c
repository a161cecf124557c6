/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets between processes: pairs, and names; as Linux has them. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *what, long result)
{
        printf("%s: %ld%s%s\n", what, result < 0 ? -1 : result, result < 0 ? " " : "",
               result < 0 ? strerror(errno) : "");
        fflush(stdout);
}

static int ready(int s, short events, int ms)
{
        struct pollfd f = {.fd = s, .events = events};

        return poll(&f, 1, ms) > 0 ? f.revents : 0;
}

static void test_pair(void)
{
        char text[20] = {0};
        int s[2];

        say("pair", socketpair(AF_UNIX, SOCK_STREAM, 0, s));
        say("nothing", ready(s[0], POLLIN, 0));
        say("write", write(s[0], "one", 3));
        say("write", write(s[0], "two", 3));
        say("there", ready(s[1], POLLIN | POLLOUT, 0));
        say("together", read(s[1], text, sizeof(text)));
        say(text, 0);
        say("empty", recv(s[1], text, 1, MSG_DONTWAIT));
        say("back", send(s[1], "three", 5, 0));
        say("peek", recv(s[0], text, 2, MSG_PEEK));
        say("read", read(s[0], text, 5));
        say("shutdown", shutdown(s[0], SHUT_WR));
        say("end", read(s[1], text, 1));
        say("still", write(s[1], "x", 1));
        say("close", close(s[1]));
        say("what was there", read(s[0], text, 5));
        say("end", read(s[0], text, 5));
        say("hangs up", ready(s[0], POLLIN, 0) & POLLHUP);
        say("nobody there", send(s[0], "x", 1, MSG_NOSIGNAL));
        close(s[0]);
}

static void test_packets(int type, const char *name)
{
        char text[20] = {0};
        int s[2];

        say(name, socketpair(AF_UNIX, type, 0, s));
        say("write", write(s[0], "one", 3));
        say("write", write(s[0], "second", 6));
        say("first", read(s[1], text, sizeof(text)));
        say("part", recv(s[1], text, 2, 0));
        say("no more", recv(s[1], text, 2, MSG_DONTWAIT));
        close(s[0]);
        if (type == SOCK_SEQPACKET)
                say("end", read(s[1], text, 2));
        close(s[1]);
}

static struct sockaddr_un at(const char *path)
{
        struct sockaddr_un a = {.sun_family = AF_UNIX};

        strcpy(a.sun_path, path);
        return a;
}

static void test_names(void)
{
        struct sockaddr_un a = at("/tmp/local-socket"), b;
        socklen_t length = sizeof(b);
        int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0), s, value = 0;

        unlink(a.sun_path);
        say("listen without a name", listen(l, 1));
        say("bind", bind(l, (struct sockaddr *)&a, sizeof(a)));
        say("nobody listens", connect(c, (struct sockaddr *)&a, sizeof(a)));
        say("listen", listen(l, 2));
        s = socket(AF_UNIX, SOCK_STREAM, 0);
        say("in use", bind(s, (struct sockaddr *)&a, sizeof(a)));
        close(s);
        say("connect", connect(c, (struct sockaddr *)&a, sizeof(a)));
        say("write before accept", write(c, "early", 5));
        say("waits", ready(l, POLLIN, 0));
        s = accept(l, (struct sockaddr *)&b, &length);
        say("accept", s >= 0);
        length = sizeof(b);
        getpeername(c, (struct sockaddr *)&b, &length);
        say(b.sun_path, length);
        say("early", recv(s, &b, 5, MSG_WAITALL));
        length = sizeof(value);
        getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &length);
        say("type", value);
        say("again", connect(c, (struct sockaddr *)&a, sizeof(a)));
        close(s);
        say("end", read(c, &b, 1));
        close(c);
        close(l);
        unlink(a.sun_path);
}

static void test_bulk(void)
{
        enum { BYTES = 200000 };
        unsigned char piece[3000];
        unsigned sum = 0, there = 0;
        int s[2], status;
        long n, total = 0;

        socketpair(AF_UNIX, SOCK_STREAM, 0, s);
        for (int i = 0; i < BYTES; i++)
                sum = sum * 31 + (unsigned char)(i * 7);
        if (!fork()) {
                unsigned char *data = malloc(BYTES);

                for (int i = 0; i < BYTES; i++)
                        data[i] = (unsigned char)(i * 7);
                n = write(s[0], data, BYTES);
                _exit(n == BYTES ? 0 : 1);
        }
        close(s[0]);
        while ((n = read(s[1], piece, sizeof(piece))) > 0) {
                for (long i = 0; i < n; i++)
                        there = there * 31 + piece[i];
                total += n;
        }
        wait(&status);
        say("all of it", total);
        say("as it was", sum == there && status == 0);
        close(s[1]);
}

static void test_errors(void)
{
        struct sockaddr_un a = at("/tmp/x");
        static void *volatile nowhere = (void *)8;
        int s[2], t = socket(AF_UNIX, SOCK_STREAM, 0);

        say("pair of another family", socketpair(AF_INET, SOCK_STREAM, 0, s));
        say("pair to nowhere", socketpair(AF_UNIX, SOCK_STREAM, 0, nowhere));
        say("too short", bind(t, (struct sockaddr *)&a, 1));
        say("too long", bind(t, (struct sockaddr *)&a, 200));
        a.sun_family = AF_INET;
        say("another family", connect(t, (struct sockaddr *)&a, sizeof(a)) < 0);
        say("read", read(t, &a, 1) < 0);
        close(t);
        for (int i = 0; i < 500; i++) {
                if (socketpair(AF_UNIX, SOCK_STREAM, 0, s))
                        say("pair", -1);
                close(s[0]);
                close(s[1]);
        }
        say("many", 500);
}

int main(void)
{
        test_pair();
        test_packets(SOCK_SEQPACKET, "packets");
        test_packets(SOCK_DGRAM, "datagrams");
        test_names();
        test_bulk();
        test_errors();
        return 0;
}
