/* SPDX-License-Identifier: BSD-2-Clause */
/* What programs ask of pseudo terminals besides lines and keys: the other side, flow, packets, who may use one, how long a read waits. */
#define _GNU_SOURCE
#include "ask.h"
#include "bytes.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>

static int master, slave;
static char name[64];
enum { TCGETA_ = 0x5405 };

static struct termios usual;

/* One read of so many bytes. */
static void get(const char *what, int f, size_t most)
{
        char bytes[64];

        show_bytes(what, bytes, read(f, bytes, most));
}

static void type(const char *keys)
{
        if (write(master, keys, strlen(keys)) != (long)strlen(keys))
                puts("not typed");
}

/* Linux moves what was typed a moment later. */
static void until_there(int bytes)
{
        int there = 0;

        while (ioctl(slave, FIONREAD, &there) || there < bytes)
                usleep(1000);
}

static void open_both(void)
{
        master = posix_openpt(O_RDWR | O_NOCTTY);
        ASK(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY));
        unlockpt(master);
        if (ptsname_r(master, name, sizeof(name)))
                puts("no name");
        slave = open(name, O_RDWR | O_NOCTTY);
        tcgetattr(slave, &usual);
}

static void peer(void)
{
        int other = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);

        printf("%d, closed by exec %d\n", other >= 0, fcntl(other, F_GETFD));
        if (write(other, "peer", 4) != 4)
                puts("short");
        get("written to the other side", master, 10);
        ASK(ioctl(slave, TIOCGPTPEER, O_RDWR | O_NOCTTY));
        close(other);
        other = ioctl(master, TIOCGPTPEER, O_RDONLY | O_NOCTTY);
        ASK(write(other, "x", 1));
        close(other);
}

static void flow(void)
{
        fcntl(slave, F_SETFL, O_NONBLOCK);
        fcntl(master, F_SETFL, O_NONBLOCK);
        ASK(tcflow(slave, TCOOFF));
        ASK(write(slave, "x", 1));
        type("\021");
        usleep(50000);
        ASK(write(slave, "x", 1));
        ASK(tcflow(slave, TCOON));
        ASK(write(slave, "y", 1));
        get("after it", master, 10);
        ASK(tcflow(slave, TCIOFF));
        get("stop", master, 10);
        ASK(tcflow(slave, TCION));
        get("go on", master, 10);
        ASK(ioctl(slave, TCXONC, 9));
        type("\023");
        usleep(50000);
        ASK(tcflow(slave, TCOON));
        ASK(write(slave, "x", 1));
        type("\021");
        usleep(50000);
        ASK(write(slave, "z", 1));
        get("after it", master, 10);
        ASK(tcflow(master, TCOOFF));
        ASK(write(master, "x", 1));
        ASK(tcflow(master, TCOON));
        fcntl(slave, F_SETFL, 0);
        fcntl(master, F_SETFL, 0);
}

static void set(tcflag_t input, tcflag_t local)
{
        struct termios t = usual;

        t.c_iflag ^= input;
        t.c_lflag ^= local;
        tcsetattr(slave, TCSANOW, &t);
}

static void news(const char *what)
{
        struct pollfd p = {master, POLLIN | POLLPRI, 0};

        poll(&p, 1, 5000);
        printf("%x ", (unsigned)p.revents);
        get(what, master, 20);
}

static void packets(void)
{
        int on = 1;

        ASK(ioctl(master, TIOCPKT, NULL));
        ASK(ioctl(slave, TIOCPKT, &on));
        ASK(ioctl(master, TIOCPKT, &on));
        on = 0;
        ioctl(master, TIOCGPKT, &on);
        printf("packets %d\n", on);
        if (write(slave, "ab", 2) != 2)
                puts("short");
        get("one byte", master, 1);
        news("written");
        tcflush(slave, TCIFLUSH);
        news("flushed input");
        tcflush(slave, TCOFLUSH);
        news("flushed output");
        tcflush(slave, TCIOFLUSH);
        tcflow(slave, TCOOFF);
        news("both, and halted");
        tcflow(slave, TCOON);
        news("goes on");
        tcflow(slave, TCOOFF);
        tcflow(slave, TCOON);
        if (write(slave, "cd", 2) != 2)
                puts("short");
        news("goes on again");
        news("written");
        set(IXON, 0);
        news("other flow");
        set(0, 0);
        news("usual flow");
        set(0, EXTPROC);
        news("settings");
        set(0, 0);
        news("settings");
        tcsetattr(slave, TCSAFLUSH, &usual);
        news("flushed");
        type("\003");
        usleep(50000);
        news("interrupt");
        news("seen");
        on = 0;
        ASK(ioctl(master, TIOCPKT, &on));
        if (write(slave, "ef", 2) != 2)
                puts("short");
        get("plain", master, 10);
        ASK(ioctl(master, TIOCSIG, SIGTERM));
        ASK(ioctl(slave, TIOCSIG, SIGINT));
        ASK(ioctl(master, TIOCSIG, SIGINT));
}

/* --- how long a read waits --- */

static void raw(unsigned char least, unsigned char tenths)
{
        struct termios t = usual;

        cfmakeraw(&t);
        t.c_cc[VMIN] = least;
        t.c_cc[VTIME] = tenths;
        tcsetattr(slave, TCSANOW, &t);
        printf("-- least %d, time %d\n", least, tenths);
}

static long now_ms(void)
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A read, and whether it took that long at least. */
static void timed(const char *what, size_t most, long ms)
{
        long since = now_ms();

        get(what, slave, most);
        printf("took long enough: %d\n", now_ms() - since >= ms - 10);
}

static void can_read(const char *what)
{
        struct pollfd p = {slave, POLLIN, 0};

        printf("%s: %d\n", what, poll(&p, 1, 50));
}

/* Others type after 30 ms each. */
static pid_t typist(const char *first, const char *second)
{
        pid_t child;

        fflush(stdout);
        child = fork();
        if (child)
                return child;
        usleep(30000);
        type(first);
        usleep(30000);
        type(second);
        _exit(0);
}

static void heard(int signal)
{
        (void)signal;
}

static void waiting(void)
{
        struct sigaction a = {.sa_handler = heard, .sa_flags = SA_RESTART};
        char bytes[20];

        raw(3, 0);
        type("ab");
        until_there(2);
        can_read("two of three");
        fcntl(slave, F_SETFL, O_NONBLOCK);
        get("without waiting", slave, 20);
        get("without waiting", slave, 20);
        fcntl(slave, F_SETFL, 0);
        type("abc");
        until_there(3);
        can_read("three");
        get("all", slave, 20);
        typist("ab", "c");
        get("in two parts", slave, 20);
        wait(NULL);
        typist("ab", "cd");
        get("no more than asked for", slave, 2);
        wait(NULL);
        until_there(2);
        type("e");
        get("the rest", slave, 20);
        sigaction(SIGALRM, &a, NULL);
        type("fg");
        until_there(2);
        show_bytes("a signal", bytes, RUNG(read(slave, bytes, 20)));
        raw(0, 2);
        can_read("nothing");
        timed("nothing comes", 20, 200);
        typist("h", "");
        get("something comes", slave, 20);
        wait(NULL);
        raw(5, 2);
        type("ij");
        until_there(2);
        can_read("two of five");
        timed("no more comes", 20, 200);
        typist("k", "l");
        timed("from the first on", 20, 230);
        wait(NULL);
        typist("mno", "pq");
        get("enough comes", slave, 20);
        wait(NULL);
        raw(0, 0);
        get("at once", slave, 20);
        tcsetattr(slave, TCSANOW, &usual);
}

/* --- who may use it --- */

/* What stopped a child, or its exit code. */
static void state(const char *what, pid_t child)
{
        int status;

        waitpid(child, &status, WUNTRACED);
        if (WIFSTOPPED(status))
                printf("%s: stopped by %d\n", what, WSTOPSIG(status));
        else
                printf("%s: exit %d\n", what, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

/* Goes on in the foreground, and we are there again when it has ended. */
static void to_front(const char *what, pid_t child, const char *keys)
{
        tcsetpgrp(slave, child);
        kill(-child, SIGCONT);
        type(keys);
        state(what, child);
        tcsetpgrp(slave, getpgrp());
}

static void reads(void)
{
        get("read", slave, 20);
}

static void changes(void)
{
        ASK(tcsetattr(slave, TCSANOW, &usual));
}

static void writes(void)
{
        ASK(write(slave, "w", 1));
}

static void flushes(void)
{
        ASK(tcflush(slave, TCIFLUSH));
}

static void takes(void)
{
        ASK(tcsetpgrp(slave, getpgrp()));
}

/* Ignored, blocked, with a handler. */
static void without_stop(void)
{
        struct sigaction a = {.sa_handler = heard};
        sigset_t set;

        signal(SIGTTIN, SIG_IGN);
        signal(SIGTTOU, SIG_IGN);
        reads();
        changes();
        signal(SIGTTIN, SIG_DFL);
        signal(SIGTTOU, SIG_DFL);
        sigemptyset(&set);
        sigaddset(&set, SIGTTIN);
        sigaddset(&set, SIGTTOU);
        sigprocmask(SIG_BLOCK, &set, NULL);
        reads();
        changes();
        sigprocmask(SIG_UNBLOCK, &set, NULL);
        sigaction(SIGTTIN, &a, NULL);
        sigaction(SIGTTOU, &a, NULL);
        reads();
        changes();
        takes();
}

static pid_t job(void (*does)(void))
{
        pid_t child;

        fflush(stdout);
        child = fork();
        if (child) {
                setpgid(child, child);
                return child;
        }
        setpgid(0, 0);
        signal(SIGTTOU, SIG_DFL);
        does();
        fflush(stdout);
        _exit(5);
}

/* Its parent has ended, and nobody else could continue it. */
static void orphan(void)
{
        int ready[2];
        char byte;

        fflush(stdout);
        if (pipe(ready))
                puts("no pipe");
        if (!fork()) {
                pid_t parent = getppid();

                close(ready[0]);
                setpgid(0, 0);
                if (!fork()) {
                        while (getppid() != parent && kill(getppid(), 0) == 0 && getppid() != 1)
                                usleep(1000);
                        signal(SIGTTOU, SIG_DFL);
                        reads();
                        changes();
                        takes();
                        fflush(stdout);
                        if (write(ready[1], "r", 1) != 1)
                                _exit(1);
                }
                _exit(0);
        }
        close(ready[1]);
        wait(NULL);
        while (read(ready[0], &byte, 1) == 1)
                ;
        close(ready[0]);
}

/* Half of the settings, as System V had them; and what nobody may change. */
static void old(void)
{
        struct {
                uint16_t input, output, control, local;
                uint8_t discipline, key[8];
        } t = {0};
        struct termios now, fixed;

        ASK(ioctl(slave, TCGETA_, &t));
        printf("%x %x %x %x, %u %u\n", t.input, t.output, t.control, t.local, t.discipline, t.key[0]);
        t.local ^= ECHO;
        t.key[0] = 7;
        for (int i = 1; i <= 3; i++) {
                ASK(ioctl(i == 2 ? master : slave, TCGETA_ + i, &t));
                tcgetattr(slave, &now);
                printf("%x %x %x %x, %u\n", now.c_iflag, now.c_oflag, now.c_cflag, now.c_lflag, now.c_cc[0]);
                t.local ^= ECHO;
        }
        ASK(ioctl(slave, TCGETA_, (void *)8));
        ASK(ioctl(slave, TCGETA_ + 1, (void *)8));
        memset(&fixed, 0x55, sizeof(fixed));
        ASK(ioctl(master, TIOCGLCKTRMIOS, &fixed));
        printf("%x %x %u\n", fixed.c_iflag, fixed.c_lflag, fixed.c_cc[0]);
        tcsetattr(slave, TCSANOW, &usual);
}

static void session(void)
{
        pid_t child;
        char key = 'q';

        setsid();
        ASK(ioctl(slave, TIOCSCTTY, 0));
        signal(SIGTTOU, SIG_IGN);
        child = job(reads);
        state("reads", child);
        to_front("reads", child, "front\n");
        child = job(changes);
        state("changes", child);
        to_front("changes", child, "");
        child = job(flushes);
        state("flushes", child);
        to_front("flushes", child, "");
        child = job(takes);
        state("takes", child);
        kill(-child, SIGKILL);
        state("takes", child);
        state("writes", job(writes));
        set(0, TOSTOP);
        child = job(writes);
        state("writes", child);
        to_front("writes", child, "");
        set(0, 0);
        state("without a stop", job(without_stop));
        orphan();
        tcflush(slave, TCIOFLUSH);
        ASK(ioctl(slave, TIOCSTI, NULL));
        ASK(ioctl(slave, TIOCSTI, &key));
        key = '\n';
        ASK(ioctl(slave, TIOCSTI, &key));
        get("as if it were typed", slave, 20);
        exit(0);
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        open_both();
        peer();
        flow();
        packets();
        waiting();
        old();
        fflush(stdout);
        if (!fork())
                session();
        wait(NULL);
        return 0;
}
