/* SPDX-License-Identifier: BSD-2-Clause */
/* Other processes' memory (process_vm_readv and its kin), what processes have in common (kcmp), programs by descriptor (execveat), parts of
 * files in another order (remap_file_pages), and what is a privilege; compared with Linux compiled for this machine, as a user without
 * privileges where that matters. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* By EPERM, or, where the kernel that is compared with has no modules, by ENOSYS. */
#define REFUSED(call)                                                                                        \
        (errno = 0, printf("%s: %d\n", #call, (call) == -1 && (errno == EPERM || errno == ENOSYS)))

enum { NOBODY = 0x3fffffff, CLOSED = 900, PAGE = 4096, LONG = 300 << 10, EMPTY = 0x1000, NO_FOLLOW = 0x100 };

static char text[LONG], copy[LONG], *only_read;
static void *bad;

static long vm(int call, int pid, void *own, size_t own_size, void *far, size_t far_size)
{
        struct iovec a = {own, own_size}, b = {far, far_size};

        return syscall(call, pid, &a, 1, &b, 1, 0);
}

/* A child that lies there until it is ended. */
static pid_t sleeper(void)
{
        pid_t child = fork();

        while (!child)
                pause();
        return child;
}

static void end(pid_t child)
{
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
}

static void memory(void)
{
        struct iovec own[3] = {{copy, 5}, {copy + 100, 0}, {copy + 200, LONG - 300}},
                     far[2] = {{text + 7, LONG - 200}, {text, 3}}, broken[2] = {{copy, 10}, {bad, 10}};
        pid_t child;
        int good = 1;

        for (int i = 0; i < LONG; i++)
                text[i] = (char)(i * 7 + i / 251);
        child = sleeper();
        memset(text, 0, 50); /* that of the child stays */
        show_number("a long one", syscall(SYS_process_vm_readv, child, own, 3, far, 2, 0));
        for (int i = 0; i < LONG - 500; i++)
                good &= copy[i < 5 ? i : 195 + i] == (char)((i + 7) * 7 + (i + 7) / 251);
        printf("it is what was there: %d\n", good);
        strcpy(copy, "written");
        show_number("write", vm(SYS_process_vm_writev, child, copy, 8, text, 8));
        memset(copy, 0, 8);
        show_number("read back", vm(SYS_process_vm_readv, child, copy, 8, text, 8));
        printf("%s, mine %d\n", copy, text[0]);
        show_number("what it may only read", vm(SYS_process_vm_writev, child, copy, 8, only_read, 8));
        show_number("read that", vm(SYS_process_vm_readv, child, copy, 8, only_read, 8));
        show_number("from nowhere", vm(SYS_process_vm_readv, child, copy, 8, bad, 8));
        show_number("to nowhere", vm(SYS_process_vm_readv, child, bad, 8, text, 8));
        show_number("half of it", syscall(SYS_process_vm_readv, child, own, 3, broken, 2, 0));
        show_number("and the other way", syscall(SYS_process_vm_readv, child, broken, 2, far, 2, 0));
        show_number("nothing", vm(SYS_process_vm_readv, child, copy, 0, text, 8));
        show_number("from nothing", vm(SYS_process_vm_readv, child, copy, 8, text, 0));
        show_number("no vectors", syscall(SYS_process_vm_readv, child, own, 0, far, 2, 0));
        show_number("too many", syscall(SYS_process_vm_readv, child, own, 1025, far, 2, 0));
        show_number("too many there", syscall(SYS_process_vm_readv, child, own, 1, far, 1025, 0));
        show_number("vectors nowhere", syscall(SYS_process_vm_readv, child, bad, 1, far, 1, 0));
        show_number("vectors of it nowhere", syscall(SYS_process_vm_readv, child, own, 1, bad, 1, 0));
        show_number("a length below 0", vm(SYS_process_vm_readv, child, copy, (size_t)-1, text, 8));
        show_number("flags", syscall(SYS_process_vm_readv, child, own, 1, far, 1, 1));
        show_number("nobody", vm(SYS_process_vm_readv, NOBODY, copy, 8, text, 8));
        show_number("nobody, nothing", vm(SYS_process_vm_readv, NOBODY, copy, 0, text, 8));
        show_number("myself", vm(SYS_process_vm_readv, getpid(), copy, 8, text + 100, 8));
        end(child);
        show_number("one that has gone", vm(SYS_process_vm_readv, child, copy, 8, text, 8));
}

static int rest(void *nothing)
{
        while (!nothing)
                pause();
        return 0;
}

static void in_common(void)
{
        enum { ONE_FILE, MEMORY, FILES, PLACE, HANDLING, TRANSFERS, UNDOS };
        static char stack[2][65536];
        int file = open("file", O_RDWR | O_CREAT, 0600), again = dup(file), other = open("file", O_RDWR),
            me = getpid(), set = semget(IPC_PRIVATE, 1, 0600);
        struct sembuf up = {.sem_op = 1, .sem_flg = SEM_UNDO};
        pid_t child = sleeper(), close = clone(rest, stack[0] + sizeof(stack[0]),
                                               CLONE_VM | CLONE_FILES | CLONE_FS | SIGCHLD, NULL);

        show_number("a copy of a descriptor", syscall(SYS_kcmp, me, me, ONE_FILE, file, again));
        printf("another opening: %d\n", syscall(SYS_kcmp, me, me, ONE_FILE, file, other) > 0);
        printf("an order: %ld\n", syscall(SYS_kcmp, me, me, ONE_FILE, file, other) +
                                          syscall(SYS_kcmp, me, me, ONE_FILE, other, file));
        show_number("the child's", syscall(SYS_kcmp, me, child, ONE_FILE, file, file));
        for (int type = MEMORY; type <= UNDOS; type++)
                printf("kind %d: myself %ld, a child %d, a close one %d\n", type,
                       syscall(SYS_kcmp, me, me, type, 0, 0), syscall(SYS_kcmp, me, child, type, 0, 0) > 0,
                       syscall(SYS_kcmp, me, close, type, 0, 0) > 0);
        semop(set, &up, 1);
        printf("something to undo: myself %ld, a child %d\n", syscall(SYS_kcmp, me, me, UNDOS, 0, 0),
               syscall(SYS_kcmp, me, child, UNDOS, 0, 0) > 0);
        semctl(set, 0, IPC_RMID);
        show_number("a closed one", syscall(SYS_kcmp, me, me, ONE_FILE, file, CLOSED));
        show_number("nobody", syscall(SYS_kcmp, me, NOBODY, MEMORY, 0, 0));
        show_number("nobody first", syscall(SYS_kcmp, NOBODY, me, MEMORY, 0, 0));
        show_number("no such kind", syscall(SYS_kcmp, me, me, 8, 0, 0));
        show_number("and below", syscall(SYS_kcmp, me, me, -1, 0, 0));
        end(child);
        end(close);
}

static void run(const char *what, int from, const char *path, char *const arguments[], int flags)
{
        static char *environment[] = {NULL};
        int status;
        pid_t child = fork();

        if (!child) {
                syscall(SYS_execveat, from, path, arguments, environment, flags);
                _exit(100 + errno);
        }
        waitpid(child, &status, 0);
        show_end(what, status);
}

static void programs(const char *self)
{
        char *arguments[] = {"others", "again", NULL};
        int program = open(self, O_PATH), directory, script, place = open(".", O_RDONLY | O_DIRECTORY);
        char head[300];

        run("by its path", AT_FDCWD, self, arguments, 0);
        run("a whole path from nowhere", CLOSED, self, arguments, 0);
        run("what is open", program, "", arguments, EMPTY);
        run("without the flag", program, "", arguments, 0);
        run("from nowhere", CLOSED, "others", arguments, 0);
        run("from a file", program, "others", arguments, 0);
        symlink(self, "link");
        run("through a link", place, "link", arguments, 0);
        run("not through a link", place, "link", arguments, NO_FOLLOW);
        run("a bad flag", place, "link", arguments, 0x10000);
        run("what is missing", place, "missing", arguments, 0);
        run("a directory", place, "", arguments, EMPTY);
        run("no name", AT_FDCWD, bad, arguments, 0);
        run("bad arguments", program, "", bad, EMPTY);
        directory = mkdir("programs", 0700);
        unlink("programs/script"); /* of a program before */
        script = open("programs/script", O_WRONLY | O_CREAT, 0700);
        write(script, head, (size_t)snprintf(head, sizeof(head), "#!%s again\n", self));
        close(script);
        directory = open("programs", O_RDONLY | O_DIRECTORY);
        run("a script", directory, "script", arguments, 0);
        chmod("programs/script", 0600);
        run("one that is not to run", directory, "script", arguments, 0);
}

/* What `again` shows: how it was called. */
static int again(int count, char **argument)
{
        if (strncmp(argument[count - 1], "/dev/fd/", 8) == 0)
                printf("by the name of a descriptor, %s\n", strrchr(argument[count - 1], '/'));
        return count;
}

/* So many that it takes a while: all of them are others then, and the mapping is whole. */
static void many_parts(int file)
{
        enum { MANY = 3000 };
        unsigned *at, good = 0;

        ftruncate(file, 2l * MANY * PAGE);
        at = mmap(NULL, (size_t)MANY * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        for (unsigned i = 0; i < MANY; i++) {
                at[i * (PAGE / sizeof(*at))] = i;
                pwrite(file, &(unsigned){i + MANY}, sizeof(i), ((off_t)MANY + i) * PAGE);
        }
        show_number("many at once", syscall(SYS_remap_file_pages, at, (size_t)MANY * PAGE, 0, MANY, 0));
        for (unsigned i = 0; i < MANY; i++)
                good += at[i * (PAGE / sizeof(*at))] == i + MANY;
        printf("%u are others\n", good);
        munmap(at, (size_t)MANY * PAGE);
}

static void parts(void)
{
        int file = open("parts", O_RDWR | O_CREAT, 0600);
        char page[PAGE], *at, *own;

        for (int i = 0; i < 8; i++) {
                memset(page, 'a' + i, PAGE);
                write(file, page, PAGE);
        }
        at = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        own = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
        show_number("two at once", syscall(SYS_remap_file_pages, at, 2 * PAGE, 0, 6, 0));
        show_number("one in the middle", syscall(SYS_remap_file_pages, at + 4 * PAGE, PAGE, 0, 0, 0));
        for (int i = 0; i < 8; i++)
                putchar(at[i * PAGE]);
        putchar('\n');
        at[0] = 'X';
        pread(file, page, 1, 6 * PAGE);
        printf("what is written goes there: %c\n", *page);
        show_number("with access", syscall(SYS_remap_file_pages, at, PAGE, PROT_READ, 0, 0));
        show_number("nothing", syscall(SYS_remap_file_pages, at, 0, 0, 0, 0));
        show_number("a copy", syscall(SYS_remap_file_pages, own, PAGE, 0, 0, 0));
        show_number("nowhere", syscall(SYS_remap_file_pages, 8, PAGE, 0, 0, 0));
        show_number("far behind", syscall(SYS_remap_file_pages, at, PAGE, 0, ~0ul / PAGE * PAGE, 0));
        munmap(at, 8 * PAGE);
        munmap(own, 8 * PAGE);
        many_parts(file);
}

/* A child without privileges asks; the one user of Tessera has none of these. */
static void privileges(void)
{
        int file;

        fflush(stdout);
        if (fork()) {
                wait(NULL);
                return;
        }
        file = open("file", O_RDWR);
        chmod(".", 0777);
        setgid(65534);
        setuid(65534);
        ASK(syscall(SYS_umount2, "missing", 0));
        ASK(syscall(SYS_umount2, ".", 0x10000));
        ASK(syscall(SYS_umount2, ".", 0));
        ASK(syscall(SYS_umount2, bad, 0));
        ASK(syscall(SYS_pivot_root, ".", "."));
        ASK(chroot("missing"));
        ASK(chroot("file"));
        ASK(chroot(bad));
        ASK(chroot("."));
        ASK(syscall(SYS_vhangup));
        ASK(acct("file"));
        REFUSED(syscall(SYS_init_module, bad, 0, ""));
        REFUSED(syscall(SYS_delete_module, "x", 0));
        REFUSED(syscall(SYS_finit_module, file, "", 0));
        ASK(syscall(SYS_reboot, 0xfee1dead, 672274793, 0x1234567, 0));
        ASK(syscall(SYS_swapon, "file", 0));
        ASK(syscall(SYS_swapoff, "file"));
        ASK(syscall(SYS_setns, CLOSED, 0));
        ASK(syscall(SYS_setns, file, 0));
        ASK(unshare(0x20000));
        ASK(unshare(0x1));
        ASK(unshare(CLONE_NEWUTS));
        ASK(unshare(CLONE_NEWIPC | CLONE_FS));
        ASK(unshare(CLONE_NEWPID | 1));
        ASK(unshare(CLONE_VM | CLONE_SIGHAND | CLONE_THREAD)); /* of its only thread */
        _exit(0);
}

int main(int count, char **argument)
{
        bad = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        only_read = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (count > 1 && !strcmp(argument[1], "again"))
                return again(count, argument);
        setbuf(stdout, NULL);
        mkdir("/tmp/others", 0700);
        chdir("/tmp/others");
        memory();
        in_common();
        programs(argument[1]);
        parts();
        privileges();
        return 0;
}
