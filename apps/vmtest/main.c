/* SPDX-License-Identifier: BSD-2-Clause */
/* Grows heap and stack and checks every page, passes bad addresses to calls, shares a page with a copy of itself, and lets
 * copies do things that end a process.  Prints `vmtest: N ok, N failed`. */
#include "base/text.h"
#include "sos.h"
#include "sos/posix.h"

enum { PAGE = 4096, HEAP_PAGES = 2048, DEPTH = 60 };

static int ok, failed;

static void check(const char *what, bool good)
{
        ok += good;
        failed += !good;
        if (!good)
                sos_print("vmtest: %s FAILED\n", what);
}

static void heap(void)
{
        unsigned long start = (unsigned long)posix_brk(0), end = start + (unsigned long)HEAP_PAGES * PAGE;
        bool good = true;

        check("growing the heap", (unsigned long)posix_brk(end) == end);
        for (unsigned long i = 0; i < HEAP_PAGES; i++) {
                unsigned long *page = (unsigned long *)(start + i * PAGE);

                good &= page[0] == 0 && page[PAGE / 8 - 1] == 0;
                page[0] = page[PAGE / 8 - 1] = i * 0x9e3779b97f4a7c15u;
        }
        check("fresh pages are zero", good);
        for (unsigned long i = 0; i < HEAP_PAGES; i++) {
                unsigned long *page = (unsigned long *)(start + (i * 1031 % HEAP_PAGES) * PAGE);

                good &= page[0] == (i * 1031 % HEAP_PAGES) * 0x9e3779b97f4a7c15u;
        }
        check("pages keep their content", good);
        check("shrinking the heap", (unsigned long)posix_brk(start) == start);
        check("a heap that is too large is refused", (unsigned long)posix_brk(~0ul) == start);
}

static unsigned long deep(unsigned long level)
{
        volatile char frame[64 * 1024];

        frame[0] = (char)level;
        frame[sizeof(frame) - 1] = 1;
        return level == 0 ? 0 : deep(level - 1) + (unsigned long)frame[sizeof(frame) - 1];
}

static void bad_addresses(void)
{
        static const char text[] = "read only";
        char name[8];

        check("writing from nowhere", sos_write(1, (const char *)8, 10) == -1);
        check("writing from the kernel", sos_write(1, (const char *)0xffffff8000000000ul, 10) == -1);
        check("a path nowhere", sos_open((const char *)8, 0) == -1);
        check("reading into read-only memory", sos_read(sos_open("/proc/mem", 0), (char *)text, 4) == -1);
        check("a huge length", sos_write(1, text, 1ul << 40) == -1);
        check("a huge length from a good address", sos_write(1, name, ~0ul) == -1);
        check("a bad descriptor", sos_read(99, name, 1) == -1 && sos_close(-1) == -1);
        check("length 0", sos_write(1, text, 0) == 0);
        check("status into nowhere", sos_process_status((sos_process_t *)8, 5) == -1);
        check("no such call", sos_call(77, 0, 0, 0, 0) == -SOS_ENOSYS);
}

/* The exit status of a copy of this program that was told to do something; -1 when there was none. */
static int status_of_copy(const char *what)
{
        struct sos_spawn s = {.name = "vmtest",
                              .program = "vmtest",
                              .priority = 50,
                              .budget_us = 10000,
                              .period_us = 10000};
        int status = -1;
        long pid;

        if (!string_copy(s.arguments, what, sizeof(s.arguments)))
                return -1;
        pid = sos_spawn(&s);
        return pid > 0 && posix_wait(pid, &status) == pid ? status : -1;
}

/* The copy must end, and nothing else. */
static void deadly(const char *how)
{
        enum { MEMORY_FAULT = 11 };

        check(how, status_of_copy(how) == MEMORY_FAULT);
}

/* Both processes run the same program, so the page has the same address in both. */
static char shared[PAGE] __attribute__((aligned(PAGE)));

static void share(void)
{
        memcpy(shared, "question", sizeof("question"));
        check("declaring a page shared", sos_share_vm(shared, PAGE, 1) == 0);
        check("a copy that reads the question", status_of_copy("share") == 0);
        check("its answer is here", !strcmp(shared, "answer"));
        check("half a page cannot be shared", sos_share_vm(shared, PAGE / 2, 1) == -1);
}

static int answer_shared(void)
{
        if (sos_share_vm(shared, PAGE, 1) || strcmp(shared, "question"))
                return 1;
        memcpy(shared, "answer", sizeof("answer"));
        return 0;
}

/* Ends when memory runs out. */
static void hog(void)
{
        unsigned long end = (unsigned long)posix_brk(0);

        for (;; end += PAGE) {
                if ((unsigned long)posix_brk(end + PAGE) != end + PAGE)
                        sos_exit(3);
                *(volatile char *)end = 1;
        }
}

static void die(const char *how)
{
        volatile int *victim = (volatile int *)(strcmp(how, "code") ? 8ul : (unsigned long)die);

        if (!strcmp(how, "hog"))
                hog();
        else if (!strcmp(how, "stack"))
                deep(1000);
        else if (!strcmp(how, "jump"))
                ((void (*)(void))0x123456789000ul)();
        else
                *victim = 0;
}

int main(int count, char **word)
{
        if (count > 1 && !strcmp(word[1], "share"))
                return answer_shared();
        if (count > 1) {
                die(word[1]);
                return 0;
        }
        heap();
        check("a deep stack", deep(DEPTH) == DEPTH);
        bad_addresses();
        share();
        deadly("null");
        deadly("code");
        deadly("stack");
        deadly("jump");
        sos_print("vmtest: %d ok, %d failed\n", ok, failed);
        return failed > 0;
}
