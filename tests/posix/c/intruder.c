/* SPDX-License-Identifier: BSD-2-Clause */
/* Ways round what users may do: attributes, leases, dates and the log; signals through the owner of a file; a program with its owner's
 * rights that somebody else would rule; the memory of others.  Run as root, in a place where such programs run. */
#define _GNU_SOURCE
#include "users.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/klog.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/xattr.h>

enum { NOBODY = 65534, MADVISE = 440, COLD = 20 };

static char place[] = "intruderXXXXXX";
static int opened, writable, victim;

static void attributes(void)
{
        char to[8];

        be(NOBODY, NOBODY);
        ASK(setxattr("seen", "user.a", "1", 1, 0));
        ASK(removexattr("seen", "user.a"));
        ASK(fsetxattr(writable, "user.a", "1", 1, 0));
        ASK(getxattr("closed", "user.a", to, sizeof(to)));
        ASK(setxattr("shared", "user.a", "1", 1, 0));
        ASK(setxattr(".", "user.a", "1", 1, 0));
}

static void descriptors(void)
{
        be(NOBODY, NOBODY);
        ASK(fcntl(opened, F_SETLEASE, F_RDLCK));
        ASK(fcntl(opened, F_SETFL, O_NOATIME));
        ASK(fcntl(opened, F_SETFL, O_NONBLOCK));
        ASK(fchmod(opened, 0666));
        ASK(fchown(writable, NOBODY, NOBODY));
}

static void by_name(const char *what, int descriptor, int flags)
{
        char name[40];

        snprintf(name, sizeof(name), "/proc/self/fd/%d", descriptor);
        descriptor = open(name, flags);
        show_number(what, descriptor < 0 ? -1 : 0);
        close(descriptor);
}

/* What is open already keeps its owner and its mode; that it is open, its process may always see. */
static void again(void)
{
        int roots[2], own[2];
        struct stat s = {0};

        pipe(roots);
        be(NOBODY, NOBODY);
        pipe(own);
        by_name("a file", opened, O_RDONLY);
        by_name("to write it", opened, O_WRONLY);
        by_name("a pipe", roots[0], O_RDONLY | O_NONBLOCK);
        by_name("to write it", roots[0], O_WRONLY);
        by_name("its own pipe", own[0], O_RDONLY | O_NONBLOCK);
        by_name("to write it", own[0], O_WRONLY);
        show_number("which there are", open("/proc/self/fd", O_RDONLY | O_DIRECTORY) < 0);
        show_number("its own pipe", fstat(own[0], &s) ? -1 : (long)s.st_uid);
        show_number("root's", fstat(roots[0], &s) ? -1 : (long)s.st_uid);
        show_number("the console", open("/dev/console", O_RDONLY | O_NONBLOCK | O_NOCTTY));
}

static void the_system(void)
{
        struct timezone zone = {1, 1};
        char to[8];

        be(NOBODY, NOBODY);
        for (int i = 2; i <= 10; i++)
                show_number("log", klogctl(i, to, i == 8 ? 3 : sizeof(to)) > 0);
        ASK(syscall(SYS_settimeofday, NULL, &zone));
        ASK(kill(-1, 0));
}

static void memory_of_others(void)
{
        struct iovec part = {(void *)0x10000, 4096};
        int f = (int)syscall(SYS_pidfd_open, victim, 0);

        be(NOBODY, NOBODY);
        ASK(syscall(MADVISE, f, &part, 1L, (long)COLD, 0L));
}

/* Whoever says who hears of a file must be one who may send that one a signal; so, too, when he is somebody else by then. */
static void owners(void)
{
        int ends[2], before[2];

        socketpair(AF_UNIX, SOCK_STREAM, 0, before);
        ASK(fcntl(before[0], F_SETOWN, getppid()));
        ASK(fcntl(before[0], F_SETSIG, SIGUSR2));
        be(NOBODY, NOBODY);
        socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
        ASK(fcntl(ends[0], F_SETOWN, victim));
        ASK(fcntl(ends[0], F_SETSIG, SIGKILL));
        ASK(fcntl(ends[0], F_SETFL, O_ASYNC));
        ASK(write(ends[1], "x", 1));
        ASK(fcntl(before[0], F_SETFL, O_ASYNC));
        ASK(write(before[1], "x", 1));
        usleep(100000);
}

static void run_program(void)
{
        execl("owners", "owners", "who", (char *)NULL);
        _exit(errno);
}

static void run_traced(void)
{
        int status = 0, child = fork();

        if (!child) {
                ptrace(PTRACE_TRACEME, 0, NULL, NULL);
                raise(SIGSTOP);
                run_program();
        }
        for (waitpid(child, &status, 0); WIFSTOPPED(status); waitpid(child, &status, 0))
                ptrace(PTRACE_CONT, child, NULL, NULL);
}

static void run_with_shared_place(void)
{
        int child = (int)syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);

        if (!child)
                run_program();
        waitpid(child, NULL, 0);
}

static void traced(void)
{
        run_traced();
        be(NOBODY, NOBODY);
        run_traced();
}

static void with_shared_place(void)
{
        run_with_shared_place();
        be(NOBODY, NOBODY);
        run_with_shared_place();
}

static void plainly(void)
{
        be(NOBODY, NOBODY);
        run_program();
}

static void copy_program(void)
{
        static char bytes[65536];
        int in = open("/proc/self/exe", O_RDONLY), out = open("owners", O_CREAT | O_WRONLY, 0755);

        for (ssize_t n; (n = read(in, bytes, sizeof(bytes))) > 0;) {
                if (write(out, bytes, (size_t)n) != n)
                        puts("not copied");
        }
        close(in);
        fchown(out, OTHER, OTHER);
        fchmod(out, 06755);
        close(out);
}

static volatile sig_atomic_t heard;

static void hear(int signal)
{
        heard = signal;
}

static void make_place(void)
{
        umask(0);
        if (chdir("/") || (!mkdtemp(place) && (chdir("/tmp") || !mkdtemp(place))) || chdir(place) ||
            chmod(".", 0755))
                puts("no place");
        close(open("seen", O_CREAT | O_RDWR, 0644));
        close(open("closed", O_CREAT | O_RDWR, 0600));
        mkdir("shared", 01777);
        opened = open("seen", O_RDONLY);
        writable = open("seen", O_RDWR);
        copy_program();
}

static void remove_place(void)
{
        unlink("seen");
        unlink("closed");
        unlink("owners");
        rmdir("shared");
        chdir("..");
        rmdir(place);
}

int main(int count, char **words)
{
        if (count > 1 && !strcmp(words[1], "who")) {
                printf("users %d %d, groups %d %d\n", getuid(), geteuid(), getgid(), getegid());
                return 0;
        }
        make_place();
        signal(SIGUSR2, hear);
        victim = fork();
        for (; !victim;)
                pause();
        part("attributes", attributes);
        part("descriptors", descriptors);
        part("again", again);
        part("the system", the_system);
        part("memory of others", memory_of_others);
        part("owners", owners);
        printf("heard %d, and the other one %s\n", (int)heard,
               waitpid(victim, NULL, WNOHANG) ? "ended" : "lives");
        part("plainly", plainly);
        part("traced", traced);
        part("with a shared place", with_shared_place);
        kill(victim, SIGKILL);
        waitpid(victim, NULL, 0);
        remove_place();
        return 0;
}
