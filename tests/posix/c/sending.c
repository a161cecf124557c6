/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets between processes: who waits for room, what a file becomes, and who waits to be accepted. */
#define _GNU_SOURCE
#include "ask.h"
#include "unix.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/time.h>

static void test_full(void)
{
        int s[2], sent = 0, got = 0;
        char text[1000] = "";

        socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
        while (send(s[0], text, sizeof(text), MSG_DONTWAIT) == sizeof(text))
                sent++;
        show("then it is full", errno == EAGAIN && sent > 5);
        show("cannot be written", ready(s[0], POLLOUT));
        if (!fork()) {
                send(s[0], "last", 4, 0);
                _exit(0);
        }
        while (recv(s[1], text, sizeof(text), 0) == sizeof(text))
                got++;
        show("all came, and the last one", got == sent && !memcmp(text, "last", 4));
        wait(NULL);
        TRY(shutdown(s[1], SHUT_RD));
        TRY(send(s[0], text, 1, 0));
        close(s[0]);
        close(s[1]);
}

/* Who may wait no longer is told how much has gone. */
static void test_part(void)
{
        static char text[4 << 20];
        struct timeval soon = {0, 20000};
        int s[2];
        ssize_t n;

        socketpair(AF_UNIX, SOCK_STREAM, 0, s);
        setsockopt(s[0], SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof(soon));
        n = send(s[0], text, sizeof(text), 0);
        show("a part has gone", n > 0 && n < (ssize_t)sizeof(text));
        TRY(send(s[0], text, sizeof(text), 0));
        close(s[0]);
        close(s[1]);
}

/* A file becomes messages of a page each, and of nothing else. */
static void test_from_file(int type)
{
        enum { BYTES = 3 * 4096 };
        static unsigned char all[BYTES], there[2 * BYTES];
        int s[2], f = open("/tmp/passed", O_RDWR | O_CREAT | O_TRUNC, 0600);
        long n = 0, sum = 0;

        for (int i = 0; i < BYTES; i++)
                all[i] = (unsigned char)(i * 7 + i / 256);
        if (write(f, all, BYTES) != BYTES)
                perror("write");
        lseek(f, 0, SEEK_SET);
        socketpair(AF_UNIX, type, 0, s);
        TRY(sendfile(s[0], f, NULL, BYTES));
        while (sum < BYTES && (n = recv(s[1], there + sum, BYTES, MSG_DONTWAIT)) > 0)
                sum += n;
        show("as it was", sum == BYTES && !memcmp(there, all, BYTES));
        close(s[0]);
        close(s[1]);
        close(f);
        unlink("/tmp/passed");
}

/* Who connects waits while too many wait to be accepted. */
static void test_line(void)
{
        struct sockaddr_un a = at("line");
        struct timeval soon = {0, 20000};
        int l = socket(AF_UNIX, SOCK_STREAM, 0), s[3];

        unlink(a.sun_path);
        bind(l, NAMED(&a));
        listen(l, 0);
        for (int i = 0; i < 3; i++)
                s[i] = socket(AF_UNIX, SOCK_STREAM, 0);
        TRY(connect(s[0], NAMED(&a)));
        setsockopt(s[1], SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof(soon));
        ASK(connect(s[1], NAMED(&a)));
        if (!fork()) {
                show("in the end", connect(s[2], NAMED(&a)));
                _exit(0);
        }
        close(accept(l, NULL, NULL));
        close(accept(l, NULL, NULL));
        wait(NULL);
        close(l);
        unlink(a.sun_path);
}

enum { SENDERS = 3, MESSAGES = 20, PIECES = 1000, EACH = 7 };

static unsigned char byte_of(int sender, int message, int i)
{
        return (unsigned char)(sender + message * 3 + i * 5 + i / 256);
}

/* Messages that lie in many pieces of memory, each on a page of its own where nothing was yet, or something of an earlier one. */
static void send_pieces(int s, int sender)
{
        unsigned char *at =
                mmap(NULL, PIECES * 4096l, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        struct iovec piece[PIECES + 1];
        struct msghdr m = {.msg_iov = piece, .msg_iovlen = PIECES + 1};

        for (int n = 0; n < MESSAGES; n++) {
                piece[0] = (struct iovec){&(int){sender * MESSAGES + n}, sizeof(int)};
                for (int i = 0; i < PIECES; i++) {
                        piece[i + 1] = (struct iovec){at + i * 4096l, (size_t)(n ? 1 + i % EACH : 1)};
                        for (size_t j = 0; n && j < piece[i + 1].iov_len; j++)
                                at[i * 4096l + (long)j] = byte_of(sender, n, i);
                }
                if (sendmsg(s, &m, 0) < 0)
                        perror("sendmsg");
        }
        _exit(0);
}

static int is_whole(const unsigned char *text, long bytes)
{
        const unsigned char *at = text + sizeof(int);
        int who = *(const int *)(const void *)text, sender = who / MESSAGES, n = who % MESSAGES;

        for (int i = 0; i < PIECES; i++) {
                for (int j = 0; j < (n ? 1 + i % EACH : 1); j++, at++) {
                        if (*at != (n ? byte_of(sender, n, i) : 0))
                                return 0;
                }
        }
        return at - text == bytes;
}

/* Several at once to one that receives: every message comes whole, none is mixed with another one. */
static void test_pieces(int type)
{
        static _Alignas(int) unsigned char text[2 * PIECES * EACH];
        int s[2], whole = 0;
        long n;

        socketpair(AF_UNIX, type, 0, s);
        for (int i = 0; i < SENDERS; i++) {
                if (!fork())
                        send_pieces(s[0], i);
        }
        for (int i = 0; i < SENDERS * MESSAGES; i++) {
                n = recv(s[1], text, sizeof(text), 0);
                whole += n > 0 && is_whole(text, n);
        }
        show("whole messages", whole);
        while (wait(NULL) > 0)
                ;
        close(s[0]);
        close(s[1]);
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        test_full();
        test_part();
        test_from_file(SOCK_STREAM);
        test_from_file(SOCK_SEQPACKET);
        test_line();
        test_pieces(SOCK_DGRAM);
        test_pieces(SOCK_SEQPACKET);
        return 0;
}
