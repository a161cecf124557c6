/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads, writes and messages that wait while another thread closes their descriptor: they go on with the file that they began with, which
 * stays open until they end.  Locks, events and ends are in closed_others.c. */
#define _GNU_SOURCE
#include "closed.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

enum { FULL = 65536 };

static void open_full(void)
{
        int ends[2];

        pipe(ends);
        printf("full: %zd\n", write(ends[1], bytes, FULL));
        own = ends[1];
        far = ends[0];
}

static void open_pair(int type)
{
        int ends[2];

        socketpair(AF_UNIX, type, 0, ends);
        two(ends);
}

/* --- it reads --- */

static long work_readv(void)
{
        struct iovec v[2] = {{bytes, 2}, {bytes + 2, 6}};

        return readv(own, v, 2);
}

static long work_recv(void)
{
        return recv(own, bytes, 8, 0);
}

static long work_recvmsg(void)
{
        struct iovec v = {bytes, 8};
        struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};

        return recvmsg(own, &m, 0);
}

static long work_recvmmsg(void)
{
        struct iovec v = {bytes, 8};
        struct mmsghdr m = {.msg_hdr = {.msg_iov = &v, .msg_iovlen = 1}};

        return recvmmsg(own, &m, 1, 0, NULL);
}

static void readers(void)
{
        open_pipe();
        closed_under("read", work_read);
        open_pipe();
        replaced_under("read, replaced", work_read);
        open_pipe();
        closed_under("readv", work_readv);
        open_pair(SOCK_STREAM);
        closed_under("read of a socket", work_read);
        open_pair(SOCK_STREAM);
        replaced_under("recv", work_recv);
        open_pair(SOCK_DGRAM);
        closed_under("recv of datagrams", work_recv);
        open_pair(SOCK_STREAM);
        closed_under("recvmsg", work_recvmsg);
        open_pair(SOCK_SEQPACKET);
        replaced_under("recvmmsg", work_recvmmsg);
}

/* --- it writes --- */

static long work_write(void)
{
        return write(own, bytes, FULL);
}

static long work_writev(void)
{
        struct iovec v[2] = {{bytes, FULL / 2}, {bytes, FULL / 2}};

        return writev(own, v, 2);
}

static long work_splice(void)
{
        return splice(third, NULL, own, NULL, 100, 0);
}

static long work_tee(void)
{
        return tee(third, own, 100, 0);
}

static long work_sendfile(void)
{
        return sendfile(own, third, NULL, 100);
}

static long work_vmsplice(void)
{
        struct iovec v = {bytes, 100};

        return vmsplice(own, &v, 1, 0);
}

static size_t drained(void)
{
        size_t all = 0;
        ssize_t n;

        while ((n = read(far, bytes, sizeof(bytes))) > 0)
                all += (size_t)n;
        return all;
}

static void writes(const char *what, long (*work)(void), int replaced)
{
        open_full();
        begin(work);
        if (replaced)
                become_other(own, 1);
        else
                close(own);
        printf("until its end: %zu\n", drained());
        end(what);
        if (replaced) {
                show_other(1);
                close(own);
        }
        close(far);
}

static void writers(void)
{
        int source[2];

        writes("write", work_write, 0);
        writes("write, replaced", work_write, 1);
        writes("writev", work_writev, 1);
        writes("vmsplice", work_vmsplice, 1);
        pipe(source);
        write(source[1], bytes, 100);
        third = source[0];
        writes("tee", work_tee, 1);
        writes("splice", work_splice, 1);
        close(source[0]);
        close(source[1]);
        third = open("/tmp/from", O_RDWR | O_CREAT, 0600);
        write(third, bytes, 100);
        lseek(third, 0, SEEK_SET);
        writes("sendfile", work_sendfile, 1);
        close(third);
}

/* Both ends of a splice are closed, and the one that it waits for is not its first. */
static void both_ends(void)
{
        int to[2];

        open_pipe();
        pipe(to);
        third = own;
        own = to[1];
        begin(work_splice);
        close(own);
        close(third);
        show_number("written", write(far, "abc", 3));
        end("splice between closed ends");
        show_number("moved", read(to[0], bytes, 8));
        show_number("the end", read(to[0], bytes, 8));
        show_number("nobody reads", write(far, "abc", 3));
        close(to[0]);
        close(far);
}

/* --- sockets --- */

static struct sockaddr_un name = {AF_UNIX, "/tmp/named"};

static long work_accept(void)
{
        return accept(own, NULL, NULL) >= 0;
}

static void accepting(void)
{
        int client = socket(AF_UNIX, SOCK_STREAM, 0), late = socket(AF_UNIX, SOCK_STREAM, 0);

        own = socket(AF_UNIX, SOCK_STREAM, 0);
        bind(own, (struct sockaddr *)&name, sizeof(name));
        listen(own, 4);
        begin(work_accept);
        close(own);
        show_number("connect", connect(client, (struct sockaddr *)&name, sizeof(name)));
        end("accept");
        show_number("connect again", connect(late, (struct sockaddr *)&name, sizeof(name)));
        close(client);
        close(late);
}

static long work_pass(void)
{
        char control[CMSG_SPACE(sizeof(int))] = {0};
        struct iovec v = {"x", 1};
        struct msghdr m = {
                .msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);

        *c = (struct cmsghdr){
                .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(c), &third, sizeof(third));
        return sendmsg(own, &m, 0);
}

/* What it passes on is closed while there is no room for the message. */
static void passing(void)
{
        char control[CMSG_SPACE(sizeof(int))];
        struct iovec v = {bytes, 1};
        struct msghdr m = {
                .msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
        int got = -1;

        open_pair(SOCK_DGRAM);
        while (send(own, "y", 1, MSG_DONTWAIT) == 1)
                ;
        third = open("/tmp/passed", O_RDWR | O_CREAT, 0600);
        write(third, "passed", 6);
        begin(work_pass);
        become_other(third, 0);
        close(own);
        do {
                m.msg_controllen = sizeof(control);
                if (recvmsg(far, &m, 0) < 0)
                        break;
        } while (*bytes == 'y');
        end("sendmsg");
        if (CMSG_FIRSTHDR(&m))
                memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(got));
        show_number("the file that was passed", pread(got, bytes, 9, 0));
        show_other(0);
        close(third);
        close(got);
        close(far);
}

int main(void)
{
        signal(SIGPIPE, SIG_IGN);
        readers();
        writers();
        both_ends();
        accepting();
        passing();
        unlink(name.sun_path);
        unlink("/tmp/from");
        unlink("/tmp/passed");
        return 0;
}
