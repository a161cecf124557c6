/* SPDX-License-Identifier: BSD-2-Clause */
/* Areas of several times 2 MiB, whose pages may come as large ones: each page is what a model says, whatever is done to parts of them,
 * here and in children.  `large OPERATIONS SEED` does so many. */
#define _GNU_SOURCE

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, LARGE = 512, AREA = 4 * LARGE, RUN_MAX = 700, WORD = PAGE - 8 };
#define RW (PROT_READ | PROT_WRITE)

static char *area;
static uint64_t model[AREA]; /* what the first and the last word of each page are */
static unsigned char read_only[AREA];
static uint64_t seed = 1;
static int fault; /* pages that were not as the model says */

static unsigned below(unsigned limit)
{
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        return (unsigned)(seed >> 33) % limit;
}

static char *page(unsigned i)
{
        return area + (size_t)i * PAGE;
}

static void must(int good, const char *what)
{
        if (good)
                return;
        printf("%s: %s\n", what, strerror(errno));
        exit(1);
}

static void put(unsigned i, uint64_t value)
{
        memcpy(page(i), &value, 8);
        memcpy(page(i) + WORD, &value, 8);
        model[i] = value;
}

static void look(unsigned i)
{
        uint64_t first, last;

        memcpy(&first, page(i), 8);
        memcpy(&last, page(i) + WORD, 8);
        if (first == model[i] && last == model[i])
                return;
        if (fault++ == 0)
                printf("page %u: %llx %llx, not %llx\n", i, (unsigned long long)first,
                       (unsigned long long)last, (unsigned long long)model[i]);
}

static void look_at_all(void)
{
        for (unsigned i = 0; i < AREA; i++)
                look(i);
}

/* In order, which is how large ones come. */
static void fill(unsigned first, unsigned count)
{
        for (unsigned i = first; i < first + count; i++) {
                if (!read_only[i])
                        put(i, seed + i);
        }
}

static void protect(unsigned first, unsigned count)
{
        int access = below(2) ? PROT_READ : RW;

        must(!mprotect(page(first), (size_t)count * PAGE, access), "mprotect");
        memset(read_only + first, access == PROT_READ, count);
}

static void empty(unsigned first, unsigned count)
{
        if (below(2)) {
                must(!munmap(page(first), (size_t)count * PAGE), "munmap");
                must(mmap(page(first), (size_t)count * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                          0) == page(first),
                     "mmap");
                memset(read_only + first, 0, count);
        } else {
                must(!madvise(page(first), (size_t)count * PAGE, MADV_DONTNEED), "madvise");
        }
        memset(model + first, 0, count * sizeof(*model));
}

/* Elsewhere, by which they change their table, and the place is empty. */
static void move(unsigned first, unsigned count)
{
        size_t size = (size_t)count * PAGE;
        char *away, *here = area;

        must(!mprotect(page(first), size, RW), "mprotect");
        memset(read_only + first, 0, count);
        away = mremap(page(first), size, size + PAGE, MREMAP_MAYMOVE);
        must(away != MAP_FAILED, "mremap");
        area = away - (size_t)first * PAGE;
        for (unsigned i = first; i < first + count; i++)
                look(i);
        put(first, seed);
        area = here;
        must(!munmap(away, size + PAGE), "munmap");
        must(mmap(page(first), size, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page(first),
             "mmap");
        memset(model + first, 0, count * sizeof(*model));
}

/* The system itself writes into them, and reads. */
static void pass(unsigned first)
{
        static char bytes[2 * PAGE];
        int ends[2];

        if (read_only[first])
                return;
        must(!pipe(ends), "pipe");
        put(first, seed);
        must(write(ends[1], page(first), PAGE) == PAGE, "write");
        memset(bytes, 0, sizeof(bytes));
        must(read(ends[0], bytes, PAGE) == PAGE, "read");
        must(!memcmp(bytes, page(first), PAGE), "what went through the pipe");
        must(write(ends[1], bytes, PAGE) == PAGE && read(ends[0], page(first), PAGE) == PAGE, "back");
        close(ends[0]);
        close(ends[1]);
}

/* The child sees all of it, and what it writes is its own; so is what is written here meanwhile. */
static void with_child(unsigned first, unsigned count)
{
        int status, ready[2];
        pid_t child;
        char byte = 0;

        must(!pipe(ready), "pipe");
        child = fork();
        must(child >= 0, "fork");
        if (!child) {
                must(read(ready[0], &byte, 1) == 1, "read");
                look_at_all();
                fill(first, count);
                look_at_all();
                _exit(fault != 0);
        }
        if (below(2))
                fill(below(AREA - RUN_MAX), below(20));
        must(write(ready[1], &byte, 1) == 1, "write");
        if (below(2))
                fill(below(AREA - RUN_MAX), below(RUN_MAX));
        must(waitpid(child, &status, 0) == child, "waitpid");
        fault += status != 0;
        close(ready[0]);
        close(ready[1]);
}

static void step(void)
{
        unsigned first = below(AREA - RUN_MAX), count = below(8) ? 1 + below(20) : 1 + below(RUN_MAX);

        switch (below(9)) {
        case 0:
                protect(first, count);
                return;
        case 1:
                empty(first, count);
                return;
        case 2: /* from a border on */
                empty(first / LARGE * LARGE, LARGE + below(3));
                fill(first / LARGE * LARGE, LARGE / 2 + below(LARGE / 2));
                return;
        case 3:
                move(first, count);
                return;
        case 4:
                pass(first);
                return;
        case 5:
                if (below(4) == 0)
                        with_child(first, count);
                return;
        case 6:
                fill(first, count);
                return;
        default:
                look(first);
                look(first + count - 1);
        }
}

static void storm(unsigned operations)
{
        for (unsigned i = 0; i < operations && !fault; i++)
                step();
        look_at_all();
        printf("%u operations: %s\n", operations, fault ? "not as the model says" : "as the model says");
}

int main(int argc, char **argv)
{
        size_t room = (size_t)(AREA + 3 * LARGE) * PAGE;
        char *all = mmap(NULL, room, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        must(all != MAP_FAILED, "mmap");
        area = (char *)(((uintptr_t)all + LARGE * PAGE - 1) & ~(uintptr_t)(LARGE * PAGE - 1));
        if (argc > 2 && strtoull(argv[2], NULL, 0))
                seed = strtoull(argv[2], NULL, 0);
        fill(0, AREA);
        look_at_all();
        printf("filled: %d\n", fault);
        storm(argc > 1 && atoi(argv[1]) ? (unsigned)atoi(argv[1]) : 400);
        must(!munmap(all, room), "munmap");
        return fault != 0;
}
