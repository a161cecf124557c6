/* SPDX-License-Identifier: BSD-2-Clause */
/* Pseudo terminals: what the keys do, what both sides see, who gets the signals.  What is printed is compared with Linux. */
#define _GNU_SOURCE
#include "bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int master, slave;
static char name[64];

/* Linux moves what was typed a moment later: wait for so many bytes of it on that side. */
static void wait_bytes(const char *what, int f, long bytes)
{
        char all[256];
        long n, done = 0;

        while (done < bytes && (n = read(f, all + done, (size_t)(bytes - done))) > 0)
                done += n;
        show_bytes(what, all, done);
}

/* What one side has now, if anything. */
static void see(const char *what, int f)
{
        struct pollfd p = {f, POLLIN, 0};
        char bytes[256];

        if (poll(&p, 1, 0) < 1)
                printf("%s: nothing\n", what);
        else
                show_bytes(what, bytes, read(f, bytes, sizeof(bytes)));
}

static void type(const char *keys)
{
        if (write(master, keys, strlen(keys)) != (long)strlen(keys))
                printf("typing: %s\n", strerror(errno));
}

/* Type something that is echoed by so many bytes. */
static void try(const char *what, const char *keys, long echo)
{
        printf("-- %s\n", what);
        type(keys);
        wait_bytes("seen", master, echo);
        see("read", slave);
}

static void open_both(void)
{
        struct stat s;

        master = posix_openpt(O_RDWR | O_NOCTTY);
        printf("open %d\n", master >= 0);
        if (grantpt(master) || ptsname_r(master, name, sizeof(name)))
                printf("no name: %s\n", strerror(errno));
        slave = open(name, O_RDWR | O_NOCTTY);
        printf("locked: %d %s\n", slave < 0, strerror(errno));
        unlockpt(master);
        slave = open(name, O_RDWR | O_NOCTTY);
        printf("name %.9s, slave %d, terminals %d %d, same %d\n", name, slave >= 0, isatty(master),
               isatty(slave), !strcmp(name, ttyname(slave)));
        if (fstat(slave, &s))
                printf("no status: %s\n", strerror(errno));
        printf("device of kind %o, major %d\n", s.st_mode & S_IFMT, (int)(s.st_rdev >> 8 & 0xfff));
        printf("seek %ld %d\n", (long)lseek(slave, 0, SEEK_CUR), errno == ESPIPE);
}

static void lines(void)
{
        char bytes[4];

        try("a line", "hello\n", 7);
        try("half a line", "hal", 3);
        try("the rest", "f\r", 3);
        try("erased", "abX\177c\n", 9);
        try("a word", "one two\027x\n", 19);
        try("a line forgotten", "lost\025kept\n", 22);
        try("more erased than there is", "a\177\177\177b\n", 7);
        try("two lines", "1\n2\n", 6);
        see("the second", slave);
        try("control characters", "\001\t\033\n", 7);
        try("a byte of a character", "\342\202\254\177e\n", 9);
        try("nothing", "\n", 2);
        try("a long one", "abcdef\n", 8);
        type("abcdef\n");
        wait_bytes("seen", master, 8);
        show_bytes("the beginning of it", bytes, read(slave, bytes, 4));
        see("the rest of it", slave);
        type("part\004");
        wait_bytes("end behind something", slave, 4);
        wait_bytes("seen", master, 4);
        type("\004");
        show_bytes("end", bytes, read(slave, bytes, 4));
}

static void settings(void)
{
        struct termios t, raw;
        char byte;

        tcgetattr(slave, &t);
        printf("settings %x %x %x %x, keys %d %d %d\n", t.c_iflag, t.c_oflag, t.c_cflag & 077 & ~017,
               t.c_lflag, t.c_cc[VINTR], t.c_cc[VEOF], t.c_cc[VERASE]);
        raw = t;
        cfmakeraw(&raw);
        type("typed before");
        wait_bytes("its echo", master, 12);
        tcsetattr(slave, TCSANOW, &raw);
        wait_bytes("raw, what was typed before", slave, 12);
        type("a\r\003\004\177");
        wait_bytes("raw", slave, 5);
        if (write(slave, "x\ny\n", 4) != 4)
                puts("short");
        wait_bytes("raw output", master, 4);
        raw.c_cc[VMIN] = 0;
        tcsetattr(slave, TCSANOW, &raw);
        show_bytes("a read that may not wait", &byte, read(slave, &byte, 1));
        tcsetattr(slave, TCSANOW, &t);
        type("lost\nlost");
        wait_bytes("its echo", master, 10);
        tcsetattr(slave, TCSAFLUSH, &t);
        see("flushed", slave);
        if (write(slave, "x\ny\n", 4) != 4)
                puts("short");
        wait_bytes("output", master, 6);
        t.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(slave, TCSANOW, &t);
        type("secret\n");
        wait_bytes("without echo", slave, 7);
        see("seen", master);
        t.c_lflag |= ECHO;
        t.c_iflag |= IUTF8;
        tcsetattr(slave, TCSANOW, &t);
        try("a character of three bytes", "\342\202\254\177e\n", 9);
        type("away");
        wait_bytes("its echo", master, 4);
        tcflush(slave, TCIFLUSH);
        try("after a flush", "there\n", 7);
}

/* Another key that ends lines. */
static void other_end(void)
{
        struct termios t;

        tcgetattr(slave, &t);
        t.c_cc[VEOL] = '|';
        tcsetattr(slave, TCSANOW, &t);
        try("a line with another end", "a|b\n", 5);
        see("the next one", slave);
        t.c_cc[VEOL] = 0;
        tcsetattr(slave, TCSANOW, &t);
}

/* A signal key resumes stopped output. */
static void interrupted_halt(void)
{
        struct pollfd p = {slave, POLLOUT, 0};

        type("\023");
        while (poll(&p, 1, 0) == 1)
                usleep(1000);
        type("\003");
        printf("goes on after Ctrl-C: %d\n", poll(&p, 1, 10000));
        wait_bytes("seen", master, 2);
}

static void flow(void)
{
        char bytes[64];
        int n = -1;

        type("\023");
        fcntl(slave, F_SETFL, O_NONBLOCK);
        while (write(slave, "x", 1) == 1)
                usleep(1000);
        printf("halted: %d\n", errno == EAGAIN);
        type("\021");
        while (write(slave, "y", 1) != 1)
                usleep(1000);
        fcntl(slave, F_SETFL, 0);
        do
                n = (int)read(master, bytes, sizeof(bytes));
        while (n > 0 && bytes[n - 1] != 'y');
        printf("goes on: %c\n", n > 0 ? bytes[n - 1] : '?');
        type("four\n");
        wait_bytes("seen", master, 6);
        n = -1;
        ioctl(slave, FIONREAD, &n);
        printf("bytes %d\n", n);
        tcflush(slave, TCIOFLUSH);
}

static volatile int signals[65];

static void heard(int signal)
{
        signals[signal]++;
}

static void say_signals(void)
{
        for (int i = 1; i < 65; i++) {
                if (signals[i])
                        printf(" %d", i);
                signals[i] = 0;
        }
        puts("");
        fflush(stdout);
}

static void wait_for(int signal)
{
        while (!signals[signal])
                usleep(1000);
}

/* In a session of its own, whose terminal it is. */
static void session(void)
{
        struct winsize size = {25, 81, 0, 0};
        int own, before = getpgrp();

        close(master);
        printf("session %d\n", setsid() == getpid());
        printf("no terminal yet: %d\n", tcgetpgrp(slave));
        own = open(name, O_RDWR);
        printf("group %d, session %d\n", tcgetpgrp(own) == getpid(), tcgetsid(own) == getpid());
        close(own);
        own = open("/dev/tty", O_RDWR);
        printf("its own terminal %d\n", own >= 0 && isatty(own));
        for (int i = 0; i < 3; i++)
                signal((int[]){SIGINT, SIGWINCH, SIGHUP}[i], heard);
        if (tcsetpgrp(own, 1 << 22))
                printf("a group that is none: %d\n", errno == ESRCH);
        if (tcsetpgrp(own, before))
                printf("one of another session: %d\n", errno == EPERM);
        printf("our group: %d\n", tcsetpgrp(own, getpgrp()));
        if (write(own, "R", 1) != 1)
                puts("short");
        wait_for(SIGINT);
        say_signals();
        ioctl(own, TIOCSWINSZ, &size);
        wait_for(SIGWINCH);
        say_signals();
        if (write(own, "G", 1) != 1)
                puts("short");
        wait_for(SIGHUP);
        say_signals();
        see("behind the end", own);
        printf("written behind the end: %ld %d\n", (long)write(own, "x", 1), errno == EIO);
        printf("the name is gone: %d %d\n", open(name, O_RDWR), errno == ENOENT || errno == EIO);
        exit(3);
}

static void signals_of_keys(void)
{
        char byte = 0;
        int status;
        pid_t child;

        fflush(stdout);
        child = fork();
        if (!child)
                session();
        close(slave);
        while (read(master, &byte, 1) == 1 && byte != 'R')
                ;
        type("gone\003");
        while (read(master, &byte, 1) == 1 && byte != 'G')
                ;
        close(master);
        printf("child %d\n",
               waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

/* When the last user closes it, its master is told. */
static void end_of_slaves(void)
{
        struct pollfd p;
        char byte;

        open_both();
        p = (struct pollfd){master, POLLIN, 0};
        if (write(slave, "last", 4) != 4)
                puts("short");
        close(slave);
        wait_bytes("what was written last", master, 4);
        printf("hangup %d %d\n", poll(&p, 1, -1), p.revents & POLLHUP);
        show_bytes("behind it", &byte, read(master, &byte, 1));
        slave = open(name, O_RDWR | O_NOCTTY);
        printf("opened again %d\n", slave >= 0);
        try("again", "x\n", 3);
        close(slave);
        close(master);
}

/* When the session leader has ended, the foreground group is told, and the next session may have the terminal. */
static void next_session(bool first)
{
        sigset_t all, now;
        pid_t front;
        int heard, status;

        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, NULL);
        setsid();
        printf("taken %d\n", ioctl(slave, TIOCSCTTY, 0));
        printf("let go %d\n", ioctl(slave, TIOCNOTTY));
        sigpending(&now);
        printf("told %d %d\n", sigismember(&now, SIGHUP), sigismember(&now, SIGCONT));
        printf("not twice %d\n", ioctl(slave, TIOCNOTTY));
        printf("taken again %d\n", ioctl(slave, TIOCSCTTY, 0));
        fflush(stdout);
        front = first ? fork() : 0;
        if (first && !front) {
                setpgid(0, 0);
                tcsetpgrp(slave, getpid());
                kill(getppid(), SIGUSR1);
                alarm(10);
                status = sigwait(&all, &heard);
                printf("in front: %d %d\n", status, heard);
                exit(0);
        }
        if (first) {
                sigemptyset(&all);
                sigaddset(&all, SIGUSR1);
                sigwait(&all, &heard);
        }
        exit(0);
}

static void sessions(void)
{
        char end;
        int ends[2];

        open_both();
        for (int first = 1; first >= 0; first--) {
                fflush(stdout);
                if (pipe(ends))
                        return;
                if (!fork()) {
                        close(ends[0]);
                        next_session(first);
                }
                close(ends[1]);
                printf("all ended %d\n", (int)read(ends[0], &end, 1));
                close(ends[0]);
                wait(NULL);
        }
        close(slave);
        close(master);
}

/* A writer that is faster waits, and nothing is lost or doubled. */
static void flood(void)
{
        enum { BYTES = 200000 };
        struct termios t;
        unsigned sum = 0, want = 0;
        long total = 0, n;
        char bytes[1000];
        pid_t child;

        open_both();
        tcgetattr(slave, &t);
        cfmakeraw(&t);
        tcsetattr(slave, TCSANOW, &t);
        fflush(stdout);
        child = fork();
        if (!child) {
                close(master);
                for (int i = 0; i < BYTES; i += n) {
                        for (int k = 0; k < 1000; k++)
                                bytes[k] = (char)((i + k) % 251);
                        n = write(slave, bytes, 1000);
                        if (n != 1000)
                                _exit(1);
                }
                _exit(0);
        }
        close(slave);
        while ((n = read(master, bytes, sizeof(bytes))) > 0) {
                for (long k = 0; k < n; k++)
                        sum = sum * 31 + (unsigned char)bytes[k];
                total += n;
        }
        for (int i = 0; i < BYTES; i++)
                want = want * 31 + (unsigned)(i % 251);
        printf("flood %ld, as written %d\n", total, sum == want);
        waitpid(child, NULL, 0);
        close(master);
}

int main(void)
{
        (void)setpgid(0, 0); /* a group whose leader is outside of a container has no number */
        open_both();
        lines();
        settings();
        other_end();
        flow();
        interrupted_halt();
        signals_of_keys();
        end_of_slaves();
        sessions();
        flood();
        return 0;
}
