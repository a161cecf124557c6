/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets between processes: pairs, and names; as on Linux. */
#define _GNU_SOURCE
#include "ask.h"
#include "unix.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_pair(void)
{
        char text[20] = {0};
        int s[2];

        show("pair", socketpair(AF_UNIX, SOCK_STREAM, 0, s));
        show("nothing", ready(s[0], POLLIN));
        show("write", write(s[0], "one", 3));
        show("write", write(s[0], "two", 3));
        show("there", ready(s[1], POLLIN | POLLOUT));
        show("together", read(s[1], text, sizeof(text)));
        show(text, 0);
        show("empty", recv(s[1], text, 1, MSG_DONTWAIT));
        show("back", send(s[1], "three", 5, 0));
        show("peek", recv(s[0], text, 2, MSG_PEEK));
        show("read", read(s[0], text, 5));
        show("shutdown", shutdown(s[0], SHUT_WR));
        show("end", read(s[1], text, 1));
        show("still", write(s[1], "x", 1));
        show("close", close(s[1]));
        show("what was there", read(s[0], text, 5));
        show("end", read(s[0], text, 5));
        show("hangs up", ready(s[0], POLLIN) & POLLHUP);
        show("nobody there", send(s[0], "x", 1, MSG_NOSIGNAL));
        close(s[0]);
}

static void test_packets(int type, const char *name)
{
        char text[20] = {0};
        int s[2];

        show(name, socketpair(AF_UNIX, type, 0, s));
        show("write", write(s[0], "one", 3));
        show("write", write(s[0], "second", 6));
        show("first", read(s[1], text, sizeof(text)));
        show("part", recv(s[1], text, 2, 0));
        show("no more", recv(s[1], text, 2, MSG_DONTWAIT));
        close(s[0]);
        if (type == SOCK_SEQPACKET)
                show("end", read(s[1], text, 2));
        close(s[1]);
}

static void test_names(void)
{
        struct sockaddr_un a = at("local-socket"), b;
        socklen_t length = sizeof(b);
        int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0), s, value = 0;

        unlink(a.sun_path);
        show("listen without a name", listen(l, 1));
        show("bind", bind(l, (struct sockaddr *)&a, sizeof(a)));
        show("nobody listens", connect(c, (struct sockaddr *)&a, sizeof(a)));
        show("listen", listen(l, 2));
        s = socket(AF_UNIX, SOCK_STREAM, 0);
        show("in use", bind(s, (struct sockaddr *)&a, sizeof(a)));
        close(s);
        show("connect", connect(c, (struct sockaddr *)&a, sizeof(a)));
        show("write before accept", write(c, "early", 5));
        show("waits", ready(l, POLLIN));
        s = accept(l, (struct sockaddr *)&b, &length);
        show("accept", s >= 0);
        length = sizeof(b);
        getpeername(c, (struct sockaddr *)&b, &length);
        show(b.sun_path, length);
        show("early", recv(s, &b, 5, MSG_WAITALL));
        length = sizeof(value);
        getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &length);
        show("type", value);
        show("again", connect(c, (struct sockaddr *)&a, sizeof(a)));
        close(s);
        show("end", read(c, &b, 1));
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
        show("all of it", total);
        show("as it was", sum == there && status == 0);
        close(s[1]);
}

static void test_errors(void)
{
        struct sockaddr_un a = at("x");
        static void *volatile nowhere = (void *)8;
        int s[2], t = socket(AF_UNIX, SOCK_STREAM, 0);

        show("pair of another family", socketpair(AF_INET, SOCK_STREAM, 0, s));
        show("pair to nowhere", socketpair(AF_UNIX, SOCK_STREAM, 0, nowhere));
        show("too short", bind(t, (struct sockaddr *)&a, 1));
        show("too long", bind(t, (struct sockaddr *)&a, 200));
        a.sun_family = AF_INET;
        show("another family", connect(t, (struct sockaddr *)&a, sizeof(a)) < 0);
        show("read", read(t, &a, 1) < 0);
        close(t);
        for (int i = 0; i < 500; i++) {
                if (socketpair(AF_UNIX, SOCK_STREAM, 0, s))
                        show("pair", -1);
                close(s[0]);
                close(s[1]);
        }
        show("many", 500);
}

/* One byte with an open file. */
static bool pass(int s)
{
        union {
                char bytes[CMSG_SPACE(sizeof(int))];
                struct cmsghdr head;
        } u = {.head = {
                       .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
        struct iovec v = {"x", 1};
        struct msghdr m = {
                .msg_iov = &v, .msg_iovlen = 1, .msg_control = &u, .msg_controllen = sizeof(u.bytes)};

        memcpy(CMSG_DATA(&u.head), &s, sizeof(s));
        return sendmsg(s, &m, MSG_DONTWAIT) == 1;
}

/* Takes so many pairs, and so many messages with files, as it may have; with `stays` until it is ended (tests/posix/run). */
static void take(int most, bool stays)
{
        int s[128][2], pairs = 0, messages = 0;

        while (pairs < most && !socketpair(AF_UNIX, SOCK_DGRAM, 0, s[pairs]))
                pairs++;
        for (int i = 0; i < pairs && messages < most * 4; i++) {
                while (messages < most * 4 && pass(s[i][0]))
                        messages++;
        }
        printf("%d pairs, %d messages\n", pairs, messages);
        fflush(stdout);
        if (stays)
                pause();
}

int main(int count, char **word)
{
        if (count > 1 && !strcmp(word[1], "take")) {
                take(count > 2 ? 128 : 1, count > 2);
                return 0;
        }
        test_pair();
        test_packets(SOCK_SEQPACKET, "packets");
        test_packets(SOCK_DGRAM, "datagrams");
        test_names();
        test_bulk();
        test_errors();
        return 0;
}
