/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets between processes: datagrams, names that are files, open files and senders that come with messages. */
#define _GNU_SOURCE
#include "ask.h"
#include "unix.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

/* --- names --- */

static void test_names(void)
{
        struct sockaddr_un a = at("passing"), b = at("passing-2"), c;
        socklen_t length = sizeof(c);
        int s = socket(AF_UNIX, SOCK_STREAM, 0), t = socket(AF_UNIX, SOCK_STREAM, 0), u;
        struct stat st;

        umask(022);
        ASK(bind(s, NAMED(&a)));
        ASK(stat(a.sun_path, &st));
        show("kind and mode", st.st_mode);
        ASK(bind(s, NAMED(&a)));
        ASK(bind(s, NAMED(&b)));
        ASK(access(b.sun_path, F_OK));
        ASK(open(a.sun_path, O_RDWR));
        ASK(truncate(a.sun_path, 0));
        ASK(connect(t, NAMED(&b)));
        ASK(connect(t, NAMED(&a)));
        ASK(listen(s, 0));
        ASK(rename(a.sun_path, b.sun_path));
        ASK(connect(t, NAMED(&a)));
        ASK(connect(t, NAMED(&b)));
        ASK(getpeername(t, (struct sockaddr *)&c, &length));
        printf("%s %d\n", c.sun_path, (int)length);
        u = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        ASK(connect(u, NAMED(&b)));
        close(accept(s, NULL, NULL));
        ASK(connect(t, NAMED(&b)));
        ASK(connect(u, NAMED(&b)));
        close(u);
        close(s);
        ASK(stat(b.sun_path, &st));
        s = socket(AF_UNIX, SOCK_STREAM, 0);
        ASK(connect(s, NAMED(&b)));
        ASK(bind(s, NAMED(&b)));
        ASK(unlink(b.sun_path));
        ASK(bind(s, NAMED(&b)));
        ASK(unlink(b.sun_path));
        ASK(mknod(b.sun_path, S_IFSOCK | 0600, 0));
        ASK(connect(t, NAMED(&b)));
        ASK(unlink(b.sun_path));
        close(s);
        close(t);
}

static void test_without_files(void)
{
        struct sockaddr_un a = {.sun_family = AF_UNIX}, c;
        socklen_t length = sizeof(c), some = offsetof(struct sockaddr_un, sun_path) + 6;
        int s = socket(AF_UNIX, SOCK_STREAM, 0), t = socket(AF_UNIX, SOCK_STREAM, 0);

        memcpy(a.sun_path, "\0a\0b@c", 6);
        ASK(bind(s, (struct sockaddr *)&a, some));
        ASK(bind(t, (struct sockaddr *)&a, some));
        ASK(listen(s, 5));
        ASK(connect(t, (struct sockaddr *)&a, some - 1));
        ASK(connect(t, (struct sockaddr *)&a, some));
        TRY(getpeername(t, (struct sockaddr *)&c, &length));
        show("same name", length == some && !memcmp(&a, &c, some));
        close(t);
        close(s);
        t = socket(AF_UNIX, SOCK_STREAM, 0);
        ASK(connect(t, (struct sockaddr *)&a, some));
        ASK(bind(t, (struct sockaddr *)&a, sizeof(a.sun_family)));
        length = sizeof(c);
        ASK(getsockname(t, (struct sockaddr *)&c, &length));
        show("length of a name that nobody chose", length);
        ASK(bind(t, (struct sockaddr *)&a, sizeof(a.sun_family)));
        ASK(bind(t, (struct sockaddr *)&a, some));
        close(t);
}

/* --- datagrams --- */

static void test_datagrams(void)
{
        struct sockaddr_un a = at("to"), b = at("from"), c, nobody = {.sun_family = AF_UNSPEC};
        socklen_t length = sizeof(c);
        int s = socket(AF_UNIX, SOCK_DGRAM, 0), t = socket(AF_UNIX, SOCK_DGRAM, 0),
            u = socket(AF_UNIX, SOCK_DGRAM, 0);
        char text[20] = "";

        ASK(bind(s, NAMED(&a)));
        ASK(bind(t, NAMED(&b)));
        ASK(listen(s, 1));
        ASK(accept(s, NULL, NULL));
        ASK(send(t, "x", 1, 0));
        TRY(sendto(t, "hello", 5, 0, NAMED(&a)));
        TRY(sendto(u, "you", 3, 0, NAMED(&a)));
        TRY(sendto(u, "", 0, 0, NAMED(&a)));
        TRY(recvfrom(s, text, sizeof(text), 0, (struct sockaddr *)&c, &length));
        printf("%s from %s %d\n", text, c.sun_path, (int)length);
        length = sizeof(c);
        TRY(recvfrom(s, text, sizeof(text), 0, (struct sockaddr *)&c, &length));
        show("from nowhere", length);
        TRY(recv(s, text, sizeof(text), 0));
        TRY(recv(s, text, sizeof(text), MSG_DONTWAIT));
        ASK(connect(t, NAMED(&a)));
        ASK(connect(s, NAMED(&b)));
        TRY(sendto(u, "no", 2, 0, NAMED(&a)));
        ASK(connect(u, NAMED(&a)));
        TRY(send(t, "yes", 3, 0));
        TRY(recv(s, text, 2, MSG_TRUNC));
        ASK(connect(s, (struct sockaddr *)&nobody, sizeof(nobody.sun_family)));
        ASK(getpeername(s, (struct sockaddr *)&c, &length));
        ASK(connect(u, NAMED(&a)));
        TRY(send(u, "now", 3, 0));
        show("can be read", ready(s, POLLIN));
        close(s);
        TRY(send(t, "x", 1, 0));
        ASK(send(t, "x", 1, 0));
        TRY(sendto(t, "x", 1, 0, NAMED(&a)));
        unlink(a.sun_path);
        TRY(sendto(t, "x", 1, 0, NAMED(&a)));
        s = socket(AF_UNIX, SOCK_STREAM, 0);
        ASK(bind(s, NAMED(&a)));
        ASK(connect(t, NAMED(&a)));
        unlink(a.sun_path);
        unlink(b.sun_path);
        close(s);
        close(t);
        close(u);
}

/* --- what comes with messages --- */

struct passed {
        struct msghdr h;
        struct iovec v;
        char text[20];
        _Alignas(8) char control[CMSG_SPACE(sizeof(int) * 300)];
};

static struct passed *message(struct passed *p, size_t bytes, size_t control)
{
        p->v = (struct iovec){p->text, bytes};
        p->h = (struct msghdr){.msg_iov = &p->v,
                               .msg_iovlen = 1,
                               .msg_control = control ? p->control : NULL,
                               .msg_controllen = control};
        return p;
}

static long give(int s, const char *text, const int *files, unsigned count)
{
        struct passed p;
        struct cmsghdr *c = (struct cmsghdr *)p.control;

        memset(&p, 0, sizeof(p));
        strcpy(p.text, text);
        message(&p, strlen(text), CMSG_SPACE(sizeof(int) * count));
        *c = (struct cmsghdr){
                .cmsg_len = CMSG_LEN(sizeof(int) * count), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(c), files, sizeof(int) * count);
        return sendmsg(s, &p.h, 0);
}

/* What has come: bytes, flags, and how many files, the last of which is returned. */
static int take(int s, size_t bytes, size_t control, int flags)
{
        struct passed p;
        struct cmsghdr *c;
        int last = -1;
        long n;

        memset(&p, 0, sizeof(p));
        message(&p, bytes, control);
        n = recvmsg(s, &p.h, flags);
        if (n < 0) {
                printf("nothing: error %d\n", errno);
                return -1;
        }
        printf("%ld bytes \"%.*s\", flags %x, control %d:", n, (int)n, p.text,
               p.h.msg_flags & ~MSG_CMSG_CLOEXEC, (int)p.h.msg_controllen);
        for (c = CMSG_FIRSTHDR(&p.h); c; c = CMSG_NXTHDR(&p.h, c)) {
                printf(" type %d of %d bytes", c->cmsg_type, (int)c->cmsg_len);
                for (size_t i = 0;
                     c->cmsg_type == SCM_RIGHTS && i < (c->cmsg_len - CMSG_LEN(0)) / sizeof(int); i++) {
                        if (last >= 0)
                                close(last);
                        memcpy(&last, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
                }
                if (c->cmsg_type == SCM_CREDENTIALS) {
                        struct ucred u;

                        memcpy(&u, CMSG_DATA(c), sizeof(u));
                        printf(" from %s", u.pid == getpid()    ? "me"
                                           : u.pid == getppid() ? "parent"
                                           : u.pid              ? "another"
                                                                : "0");
                }
        }
        printf("\n");
        return last;
}

static void test_files(int type)
{
        int s[2], file = open("/tmp/passed", O_RDWR | O_CREAT | O_TRUNC, 0600), three[3], f;
        char text[10] = "";

        printf("type %d\n", type);
        socketpair(AF_UNIX, type, 0, s);
        three[0] = three[1] = three[2] = file;
        TRY(write(s[0], "ab", 2));
        TRY(give(s[0], "cd", three, 1));
        TRY(write(s[0], "ef", 2));
        for (int i = 0; i < 3; i++) {
                if (ready(s[1], POLLIN)) {
                        f = take(s[1], 10, CMSG_SPACE(sizeof(int)), MSG_CMSG_CLOEXEC);
                        if (f >= 0) {
                                show("closed by exec", fcntl(f, F_GETFD));
                                TRY(write(f, "through", 7));
                                TRY(lseek(file, 0, SEEK_CUR));
                                close(f);
                        }
                }
        }
        TRY(give(s[0], "x", three, 3));
        close(take(s[1], 10, CMSG_SPACE(sizeof(int)), 0)); /* room for padding: two */
        TRY(give(s[0], "y", three, 1));
        close(take(s[1], 10, CMSG_SPACE(sizeof(int)), MSG_PEEK));
        close(take(s[1], 10, CMSG_SPACE(sizeof(int)), 0));
        TRY(give(s[0], "z", three, 1));
        TRY(take(s[1], 10, 0, 0) < 0 ? 0 : 1);
        TRY(give(s[0], "w", three, 1));
        TRY(read(s[1], text, 10));
        TRY(give(s[0], "v", three, 2));
        if (type == SOCK_STREAM) {
                TRY(write(s[0], "u", 1));
                TRY(recv(s[1], text, 10, 0));
                TRY(recv(s[1], text, 10, 0));
        }
        three[1] = 999;
        ASK(give(s[0], "bad", three, 2));
        close(s[0]);
        close(s[1]);
        close(file);
        unlink("/tmp/passed");
}

/* A file comes to another process with its position, and stays open when the sender has ended. */
static void test_between(void)
{
        int s[2], p[2], f;
        char text[10] = "";

        socketpair(AF_UNIX, SOCK_STREAM, 0, s);
        if (!fork()) {
                pipe(p);
                give(s[0], "p", p, 1);
                write(p[1], "last words", 10);
                _exit(0);
        }
        wait(NULL);
        f = take(s[1], 1, CMSG_SPACE(sizeof(int)), 0);
        TRY(read(f, text, 4));
        TRY(read(f, text, 10));
        TRY(read(f, text, 10));
        close(f);
        close(s[0]);
        close(s[1]);
}

/* A socket in its own stream, and two in each other's: nobody can reach them any more. */
static void test_circles(void)
{
        int s[2], p[2], none = open("/dev/null", O_RDONLY), both[2];

        close(none);
        for (int i = 0; i < 300; i++) {
                socketpair(AF_UNIX, i & 1 ? SOCK_STREAM : SOCK_DGRAM, 0, s);
                pipe(p);
                both[0] = s[1];
                both[1] = p[1];
                give(s[0], "a", both, 2);
                give(s[1], "b", s, 1);
                close(s[0]);
                close(s[1]);
                close(p[1]);
                close(socket(AF_UNIX, SOCK_STREAM, 0)); /* Linux looks for circles when one is closed */
                if (read(p[0], s, 1) != 0)              /* its other end has been closed with the circle */
                        printf("somebody still has it\n");
                close(p[0]);
        }
        show("nothing is left", open("/dev/null", O_RDONLY) == none);
        close(none);
}

static void test_senders(int type)
{
        int s[2], one = 1, value = 7;
        socklen_t length = sizeof(value);
        struct ucred u;
        struct passed p;
        struct cmsghdr *c = (struct cmsghdr *)p.control;

        socketpair(AF_UNIX, type, 0, s);
        length = sizeof(u);
        ASK(getsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &u, &length));
        show("it is me", u.pid == getpid() && u.uid == getuid() && length == sizeof(u));
        write(s[0], "before", 6);
        ASK(setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof(one)));
        length = sizeof(value);
        ASK(getsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &value, &length));
        show("passed", value);
        write(s[0], "1", 1);
        write(s[0], "2", 1);
        if (!fork()) {
                write(s[0], "child", 5);
                _exit(0);
        }
        wait(NULL);
        write(s[0], "3", 1);
        for (int i = 0; i < 8 && ready(s[1], POLLIN); i++)
                take(s[1], 20, 100, 0);
        write(s[0], "4", 1);
        take(s[1], 20, 20, 0);
        memset(&p, 0, sizeof(p));
        message(&p, 1, CMSG_SPACE(sizeof(u)));
        *c = (struct cmsghdr){
                .cmsg_len = CMSG_LEN(sizeof(u)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_CREDENTIALS};
        u = (struct ucred){getpid(), getuid(), getgid()};
        memcpy(CMSG_DATA(c), &u, sizeof(u));
        TRY(sendmsg(s[0], &p.h, 0));
        take(s[1], 20, 100, 0);
        c->cmsg_len = CMSG_LEN(3);
        ASK(sendmsg(s[0], &p.h, 0));
        c->cmsg_len = 4;
        ASK(sendmsg(s[0], &p.h, 0));
        c->cmsg_len = CMSG_LEN(0);
        c->cmsg_type = 77;
        ASK(sendmsg(s[0], &p.h, 0));
        close(s[0]);
        close(s[1]);
}

/* A read that wants all ends where another one has sent; files come with the first byte, and who sent it with each. */
static void test_borders(void)
{
        int s[2], one = 1, file = open("/dev/null", O_RDONLY);

        socketpair(AF_UNIX, SOCK_STREAM, 0, s);
        ASK(setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof(one)));
        TRY(write(s[0], "mine", 4));
        if (!fork()) {
                if (write(s[0], "child", 5) != 5)
                        perror("write");
                _exit(0);
        }
        wait(NULL);
        take(s[1], 9, 100, MSG_WAITALL);
        take(s[1], 5, 100, MSG_WAITALL);
        TRY(give(s[0], "partly", &file, 1));
        close(take(s[1], 2, 200, 0));
        take(s[1], 10, 200, 0);
        close(s[0]);
        close(s[1]);
        close(file);
}

/* --- the rest --- */

static void test_ends(void)
{
        int s[2], t = socket(AF_UNIX, SOCK_STREAM, 0), one = 1, left;
        char text[10];

        show("alone", ready(t, POLLIN | POLLOUT));
        ASK(shutdown(t, SHUT_RDWR));
        ASK(read(t, text, 1));
        close(t);
        socketpair(AF_UNIX, SOCK_STREAM, 0, s);
        ASK(setsockopt(s[0], SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
        ASK(setsockopt(s[0], SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one)));
        ASK(setsockopt(s[0], 6, 1, &one, sizeof(one)));
        write(s[0], "unread", 6);
        ASK(ioctl(s[1], FIONREAD, &left));
        show("to be read", left);
        write(s[1], "kept", 4);
        close(s[1]);
        TRY(read(s[0], text, sizeof(text)));
        TRY(read(s[0], text, sizeof(text)));
        TRY(read(s[0], text, sizeof(text)));
        TRY(send(s[0], "x", 1, MSG_NOSIGNAL));
        close(s[0]);
        socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s);
        write(s[0], "record", 6);
        ASK(ioctl(s[1], FIONREAD, &left));
        show("of the first one", left);
        ASK(shutdown(s[0], SHUT_WR));
        TRY(read(s[1], text, sizeof(text)));
        TRY(read(s[1], text, sizeof(text)));
        TRY(send(s[0], "x", 1, MSG_NOSIGNAL));
        TRY(sendto(s[1], "to", 2, 0, NULL, 0));
        close(s[0]);
        close(s[1]);
        ASK(socketpair(0, SOCK_STREAM, 0, s));
        ASK(socketpair(AF_INET, SOCK_STREAM, 0, s));
        ASK(socketpair(AF_UNIX, SOCK_RDM, 0, s));
        ASK(socketpair(AF_UNIX, SOCK_RAW, 0, s));
        ASK(socketpair(AF_UNIX, SOCK_STREAM, 6, s));
        ASK(socketpair(AF_UNIX, SOCK_STREAM | 0x100, 0, s));
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0); /* children write, too */
        test_names();
        test_without_files();
        test_datagrams();
        test_files(SOCK_STREAM);
        test_files(SOCK_DGRAM);
        test_files(SOCK_SEQPACKET);
        test_between();
        test_circles();
        test_senders(SOCK_STREAM);
        test_senders(SOCK_DGRAM);
        test_borders();
        test_ends();
        return 0;
}
