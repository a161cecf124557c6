/* SPDX-License-Identifier: BSD-2-Clause */
/* A call uses memory that another call has just used, and that is another one now, or may be used otherwise. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, LARGE = 2 << 20, TIMES = 3, OTHERS = 200 };
#define RW (PROT_READ | PROT_WRITE)

static int file;

static const char *outcome(long result)
{
        return result < 0 ? strerror(errno) : "done";
}

static char *map(void *at, size_t size, int access)
{
        char *a = mmap(at, size, access, MAP_PRIVATE | MAP_ANONYMOUS | (at ? MAP_FIXED : 0), -1, 0);

        if (a != MAP_FAILED)
                return a;
        printf("mmap: %s\n", strerror(errno));
        exit(1);
}

/* The file has 'a' + n in page n. */
static void make_file(void)
{
        char page[PAGE];

        file = open("/tmp/seen", O_CREAT | O_RDWR | O_TRUNC, 0600);
        for (int i = 0; i < TIMES + 1; i++) {
                memset(page, 'a' + i, PAGE);
                if (write(file, page, PAGE) != PAGE)
                        printf("no file: %s\n", strerror(errno));
        }
}

static long get(char *to, size_t size, int page)
{
        return pread(file, to, size, (off_t)page * PAGE);
}

static long put(const char *from, size_t size)
{
        return pwrite(file, from, size, (off_t)TIMES * PAGE);
}

/* Both ways, so that each way has seen the page. */
static void see(char *a)
{
        for (int i = 0; i < TIMES; i++) {
                if (get(a, 100, i) != 100 || put(a, 100) != 100 || a[50] != 'a' + i)
                        printf("use %d: %s, %c\n", i, strerror(errno), a[50]);
        }
}

static void tell(const char *what, char *a)
{
        long n = get(a, 100, 1), m;

        printf("%s: into it: %ld %s", what, n, outcome(n));
        m = put(a, 100);
        printf("; out of it: %ld %s\n", m, outcome(m));
}

static void other_access(void)
{
        char *a = map(NULL, 3 * PAGE, RW);

        see(a + PAGE);
        mprotect(a + PAGE, PAGE, PROT_READ);
        tell("read only", a + PAGE);
        mprotect(a + PAGE, PAGE, PROT_NONE);
        tell("nothing", a + PAGE);
        mprotect(a, 3 * PAGE, PROT_READ);
        tell("read only again", a + PAGE);
        mprotect(a, 3 * PAGE, RW);
        tell("all again", a + PAGE);
        munmap(a + PAGE, PAGE);
        tell("gone", a + PAGE);
        map(a + PAGE, PAGE, PROT_READ);
        printf("another one: %d\n", a[PAGE]);
        tell("another one", a + PAGE);
        munmap(a, 3 * PAGE);
}

/* Pages that were given back have nothing, and what calls put there is seen. */
static void emptied(void)
{
        char *a = map(NULL, 4 * PAGE, RW), *b;

        see(a);
        madvise(a, PAGE, MADV_DONTNEED);
        printf("emptied: %d, written from it: ", a[0]);
        put(a, 100);
        get(a + PAGE, 100, TIMES);
        printf("%d\n", a[PAGE]);
        see(a);
        madvise(a, PAGE, MADV_DONTNEED);
        get(a, 100, 2);
        printf("filled: %c, behind it %d\n", a[0], a[200]);
        see(a);
        b = mremap(a, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, a + 2 * PAGE);
        tell("moved away", a);
        get(b, 100, 1);
        printf("moved: %c\n", b[0]);
        map(a, PAGE, RW);
        get(a, 100, 2);
        printf("the old place: %c, the new one: %c\n", a[0], b[0]);
        munmap(a, 4 * PAGE);
}

/* Memory that may only be read, or not at all, comes to where all was allowed. */
static void moved_here(int access)
{
        char *a = map(NULL, 2 * PAGE, RW);

        memset(a + PAGE, 'x', PAGE);
        mprotect(a + PAGE, PAGE, access);
        see(a);
        munmap(a, PAGE);
        if (mremap(a + PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, a) != a)
                printf("mremap: %s\n", strerror(errno));
        tell("another one moved here", a);
        munmap(a, 2 * PAGE);
}

/* Content that looks like records of pages in the first frames, in many frames.  False: it is no longer what was written. */
static int write_others(int other, int look)
{
        static uint64_t page[PAGE / sizeof(uint64_t)], found[PAGE / sizeof(uint64_t)];

        for (int i = 0; i < OTHERS; i++) {
                for (size_t k = 0; k < PAGE / sizeof(*page); k++)
                        page[k] = 0xc000000 + 32 + (k + (size_t)i * 7) % 100;
                if (look ? pread(other, found, PAGE, (off_t)i * PAGE) != PAGE || memcmp(page, found, PAGE)
                         : pwrite(other, page, PAGE, (off_t)i * PAGE) != PAGE)
                        return 0;
        }
        return 1;
}

/* All of a range goes for which records are kept together, and what they were kept in may be anybody's. */
static void all_emptied(void)
{
        char *a = map(NULL, 3 * LARGE, RW),
             *at = (char *)(((uintptr_t)a + LARGE - 1) & -(uintptr_t)LARGE) + 5 * PAGE;
        int other = open("/tmp/seen2", O_CREAT | O_RDWR | O_TRUNC, 0600), good = 1;

        madvise(a, 3 * LARGE, MADV_NOHUGEPAGE);
        see(at);
        good &= pwrite(other, "", 1, (off_t)OTHERS * PAGE) ==
                1; /* from now on it only takes frames for content */
        madvise(at - 5 * PAGE, LARGE, MADV_DONTNEED);
        good &= write_others(other, 0);
        for (int i = 0; i < TIMES; i++) {
                get(at, PAGE, i);
                good &= at[0] == 'a' + i && at[PAGE - 1] == 'a' + i;
        }
        printf("all emptied: right %d, others' kept %d\n", good, write_others(other, 1));
        munmap(a, 3 * LARGE);
        close(other);
        unlink("/tmp/seen2");
}

/* What one of two gets after fork is not the other's. */
static void copied(void)
{
        char *a = map(NULL, PAGE, RW), *common = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        int status, ways[2];
        char byte = 0;

        see(a);
        see(common);
        if (pipe(ways))
                exit(1);
        if (!fork()) {
                if (read(ways[0], &byte, 1) != 1 || a[0] != 'a' + TIMES - 1)
                        _exit(100);
                get(a, 100, 1);
                _exit(a[0] * 2 + (common[0] == 'a'));
        }
        get(a, 100, 0);
        get(common, 100, 0);
        if (write(ways[1], &byte, 1) != 1)
                exit(1);
        wait(&status);
        printf("fork: here %c, there %c, common %d\n", a[0], WEXITSTATUS(status) / 2,
               WEXITSTATUS(status) & 1);
        if (!fork()) {
                get(a, 100, 2);
                get(common, 100, 2);
                _exit(0);
        }
        wait(NULL);
        printf("the child's: %c, common %c\n", a[0], common[0]);
        tell("when the child is gone", a);
        munmap(a, PAGE);
        munmap(common, PAGE);
}

static char *of_thread;

static void *take_away(void *how)
{
        if (how)
                mprotect(of_thread, PAGE, PROT_READ);
        else
                munmap(of_thread, PAGE);
        return NULL;
}

static void by_thread(void)
{
        pthread_t t;

        of_thread = map(NULL, PAGE, RW);
        for (int i = 1; i >= 0; i--) {
                if (i)
                        see(of_thread);
                pthread_create(&t, NULL, take_away, i ? &file : NULL);
                pthread_join(t, NULL);
                tell(i ? "a thread has made it read only" : "a thread has taken it", of_thread);
        }
}

static void set_break(uintptr_t end)
{
        if (syscall(SYS_brk, end) != (long)end)
                printf("brk fails\n");
}

/* The heap and the end of a file. */
static void ends(void)
{
        uintptr_t start = (uintptr_t)syscall(SYS_brk, 0);
        char *a, *f;
        int other = open("/tmp/seen2", O_CREAT | O_RDWR | O_TRUNC, 0600);

        start = (start + PAGE - 1) & -(uintptr_t)PAGE;
        a = (char *)start;
        set_break(start + PAGE);
        see(a);
        set_break(start);
        tell("the heap is shorter", a);
        set_break(start + PAGE);
        printf("the heap is longer: %d\n", a[0]);
        set_break(start);
        if (ftruncate(other, 2 * PAGE))
                exit(1);
        f = mmap(NULL, 2 * PAGE, RW, MAP_SHARED, other, 0);
        see(f + PAGE);
        if (ftruncate(other, PAGE))
                exit(1);
        tell("the file is shorter", f + PAGE);
        munmap(f, 2 * PAGE);
        close(other);
        unlink("/tmp/seen2");
}

/* Short reads into memory that was just used: over the ends of pages and of the file, and what does not read. */
static void reads(void)
{
        char *a = map(NULL, 2 * PAGE, RW), event[64];
        int closed = open("/tmp/seen", O_WRONLY), watch = inotify_init1(IN_NONBLOCK);
        off_t end = (TIMES + 1) * PAGE;

        see(a);
        see(a + PAGE);
        lseek(file, PAGE - 20, SEEK_SET);
        for (int i = 0; i < 3; i++) {
                long n = read(file, a + PAGE - 10 - i, 40);

                printf("over an end: %ld, at %ld, %.40s\n", n, (long)lseek(file, 0, SEEK_CUR),
                       a + PAGE - 10 - i);
        }
        memset(a, '-', PAGE);
        printf("at the end of the file: %ld", (long)pread(file, a, 40, end - 7));
        printf(" %.10s, behind it %ld, far behind it %ld\n", a, (long)pread(file, a, 40, end),
               (long)pread(file, a, 40, (off_t)1 << 40));
        printf("before it: %s, nothing: %ld", outcome(pread(file, a, 40, -1)), (long)pread(file, a, 0, 0));
        printf(", only to be written: %s, closed: %s\n", outcome(pread(closed, a, 40, 0)),
               outcome(pread(1000, a, 40, 0)));
        if (ftruncate(file, end - 10))
                exit(1);
        printf("shorter: %ld", (long)pread(file, a, 40, end - 17));
        if (ftruncate(file, end))
                exit(1);
        printf(", longer: %ld", (long)pread(file, a, 40, end - 17));
        printf(" %d %d\n", a[6], a[7]);
        inotify_add_watch(watch, "/tmp/seen", IN_ACCESS);
        get(a, 40, 0);
        printf("heard of: %ld\n", (long)read(watch, event, sizeof(event)));
        close(watch);
        close(closed);
        munmap(a, 2 * PAGE);
}

/* Memory that calls use goes to swap in between and comes back: what calls put there, and what was beside it.  Half of it is read by
 * a call first, and half by the program. */
static int paged(int rounds)
{
        enum { USED = 24, OTHER = 500 };
        static char found[PAGE];
        char *a = map(NULL, USED * PAGE, RW), *other = map(NULL, OTHER * PAGE, RW), first[USED];
        int wrong = 0;

        for (int r = 0; r < rounds; r++) {
                for (int i = 0; i < USED; i++) {
                        if ((i + r) % 2)
                                a[i * PAGE + PAGE - 1] = (char)(r + 1);
                        wrong += get(a + i * PAGE, 100, (i + r) % TIMES) != 100;
                        first[i] = (char)('a' + (i + r) % TIMES);
                }
                for (int i = 0; i < OTHER; i++)
                        other[i * PAGE] = (char)r;
                for (int i = 0; i < USED; i++) {
                        char last = (char)((i + r) % 2 ? r + 1 : r);

                        if (i & 2)
                                wrong += a[i * PAGE] != first[i];
                        wrong += pwrite(file, a + i * PAGE, PAGE, (off_t)TIMES * PAGE) != PAGE ||
                                 pread(file, found, PAGE, (off_t)TIMES * PAGE) != PAGE;
                        wrong += found[0] != first[i] || found[99] != first[i] || found[100] != 0 ||
                                 found[PAGE - 1] != last || memcmp(found, a + i * PAGE, PAGE);
                }
        }
        printf("paged: %d wrong\n", wrong);
        return wrong > 0;
}

int main(int argc, char **argv)
{
        make_file();
        if (argc > 2 && !strcmp(argv[1], "paged"))
                return paged(atoi(argv[2]));
        other_access();
        emptied();
        moved_here(PROT_READ);
        moved_here(PROT_NONE);
        all_emptied();
        copied();
        by_thread();
        ends();
        reads();
        unlink("/tmp/seen");
        return 0;
}
