/* SPDX-License-Identifier: BSD-2-Clause */
/* Where memory is to be, on a machine with one node: policies of threads and of regions, and pages that are told to move. */
#define _GNU_SOURCE
#include "ask.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BITS = 1024, PAGE = 4096, MODES = 8, STATIC = 0x8000, RELATIVE = 0x4000, BALANCING = 0x2000 };

static unsigned long none[32], one[32] = {1}, two[32] = {2}, three[32] = {3}, high[32] = {[20] = 1}, seen[32];
static int mode;
static char *at;

static long set(int which, const void *nodes, long bits)
{
        return syscall(SYS_set_mempolicy, which, nodes, bits);
}

static long get(void *where, void *nodes, long bits, const void *va, long flags)
{
        return syscall(SYS_get_mempolicy, where, nodes, bits, va, flags);
}

static long bind_to(const void *va, long bytes, int which, const void *nodes, long bits, long flags)
{
        return syscall(SYS_mbind, va, bytes, which, nodes, bits, flags);
}

static long home(const void *va, long bytes, long node, long flags)
{
        return syscall(450, va, bytes, node, flags);
}

static void told(const void *va, long flags)
{
        mode = -1;
        seen[0] = 77;
        ASK(get(&mode, seen, BITS, va, flags));
        printf("    %x %lx\n", mode, seen[0]);
}

static void asking(void)
{
        told(NULL, 0);
        told(NULL, 4);
        told(at, 2);
        ASK(get(&mode, NULL, 0, NULL, 0));
        ASK(get(&mode, NULL, 0, at, 3));
        printf("    %d\n", mode);
        ASK(get(&mode, NULL, 0, at, 1));
        ASK(get(&mode, NULL, 0, (void *)8, 3));
        ASK(get(&mode, NULL, 0, (void *)8, 2));
        ASK(get(&mode, NULL, 0, at, 0));
        ASK(get(&mode, seen, 0, NULL, 0));
        ASK(get(&mode, seen, 1, NULL, 0));
        ASK(get((void *)8, seen, BITS, NULL, 0));
        ASK(get(&mode, (void *)8, BITS, NULL, 0));
        ASK(get(&mode, seen, 64, NULL, 8));
        ASK(get(&mode, seen, BITS, NULL, 5));
        ASK(get(&mode, NULL, 0, NULL, 1));
}

static void setting(int which)
{
        printf("mode %d\n", which);
        ASK(set(which, NULL, 0));
        told(NULL, 0);
        ASK(set(which, one, BITS));
        told(NULL, 0);
        ASK(set(which, two, BITS));
        ASK(set(which, three, BITS));
        told(NULL, 0);
        ASK(set(which | STATIC, three, BITS));
        told(NULL, 0);
        ASK(set(which | RELATIVE, two, BITS));
        told(NULL, 0);
        ASK(set(which | BALANCING, one, BITS));
        ASK(set(which | STATIC | RELATIVE, one, BITS));
        ASK(set(which | STATIC, NULL, 0));
        ASK(bind_to(at, 4 * PAGE, which, one, BITS, 0));
        told(at, 2);
        ASK(bind_to(at, 2 * PAGE, which, NULL, 0, 0));
        ASK(bind_to(at, 4 * PAGE, which, two, BITS, 0));
        told(at, 2);
        told(at + 2 * PAGE, 2);
        ASK(home(at, 4 * PAGE, 0, 0));
}

static void wrong(void)
{
        ASK(set(-1, NULL, 0));
        ASK(set(2, (void *)8, BITS));
        ASK(set(2, one, 1));
        ASK(set(2, one, 2));
        ASK(set(2, one, 40000));
        ASK(set(2, high, 2 * BITS));
        ASK(set(2, high, BITS));
        ASK(bind_to(at + 1, PAGE, 2, one, BITS, 0));
        ASK(bind_to(at, 0, 2, one, BITS, 0));
        ASK(bind_to((void *)8192, PAGE, 2, one, BITS, 0));
        ASK(bind_to(at, PAGE, 2, one, BITS, 3));
        ASK(bind_to(at, PAGE, 2, one, BITS, 4));
        ASK(bind_to(at, PAGE, 2, one, BITS, 8));
        ASK(bind_to(at, 1 << 20, 2, one, BITS, 0));
        ASK(bind_to(at, PAGE, 2, (void *)8, BITS, 0));
        ASK(home(at, 4 * PAGE, 1, 0));
        ASK(home(at, 4 * PAGE, 0, 1));
        ASK(home(at + 1, 4 * PAGE, 0, 0));
        ASK(home(at, 0, 0, 0));
        ASK(home(at, PAGE, 5000, 0));
}

static long migrate(int pid, long bits, const void *from, const void *to)
{
        return syscall(SYS_migrate_pages, pid, bits, from, to);
}

static void migrating(void)
{
        ASK(migrate(0, BITS, one, one));
        ASK(migrate(0, BITS, one, two));
        ASK(migrate(0, BITS, two, one));
        ASK(migrate(getpid(), 64, one, one));
        ASK(migrate(99999, 64, one, one));
        ASK(migrate(-1, 64, one, one));
        ASK(migrate(0, 64, (void *)8, one));
        ASK(migrate(0, 64, one, (void *)8));
        ASK(migrate(0, 40000, one, one));
        ASK(migrate(0, 64, none, one));
}

static long move(int pid, unsigned long count, const void *pages, const void *nodes, int *status, int flags)
{
        return syscall(SYS_move_pages, pid, count, pages, nodes, status, flags);
}

static void moving(void)
{
        void *pages[3] = {at, at + PAGE, (void *)8};
        int nodes[3] = {0, 0, 0}, status[3] = {9, 9, 9}, bad[3] = {1, -1, 5000};

        ASK(move(0, 3, pages, NULL, status, 0));
        printf("    %d %d %d\n", status[0], status[1], status[2]);
        ASK(move(0, 3, pages, nodes, status, 2));
        printf("    %d %d %d\n", status[0], status[1], status[2]);
        for (int i = 0; i < 3; i++)
                ASK(move(0, 1, pages, &bad[i], status, 2));
        ASK(move(0, 3, pages, nodes, status, 4));
        ASK(move(0, 3, pages, nodes, status, 1));
        ASK(move(0, 3, pages, nodes, status, 0));
        ASK(move(99999, 3, pages, nodes, status, 2));
        ASK(move(-1, 3, pages, nodes, status, 2));
        ASK(move(0, 0, pages, nodes, status, 2));
        ASK(move(0, 3, (void *)8, nodes, status, 2));
        ASK(move(0, 3, pages, (void *)8, status, 2));
        ASK(move(0, 3, pages, NULL, (int *)8, 2));
}

int main(void)
{
        int status;

        setbuf(stdout, NULL);
        at = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        at[0] = at[PAGE] = 1;
        asking();
        for (int i = 0; i < MODES; i++)
                setting(i);
        wrong();
        migrating();
        moving();
        ASK(set(3, one, BITS));
        ASK(get(&mode, NULL, 0, NULL, 1));
        if (!fork()) {
                told(NULL, 0);
                told(at, 2);
                _exit(0);
        }
        wait(&status);
        return 0;
}
