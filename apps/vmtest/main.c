/* SPDX-License-Identifier: BSD-2-Clause */
/* Grows heap and stack and checks every page, gives bad addresses to calls, and lets copies of itself do what ends a
 * process.  Says `vmtest: N ok, N failed`. */
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

/* A copy of this program that does something deadly must end, and only it. */
static void deadly(const char *how)
{
        struct sos_spawn s = {.name = "vmtest",
                              .program = "vmtest",
                              .priority = 50,
                              .budget_us = 10000,
                              .period_us = 10000};
        int status = 0;
        long pid;

        string_copy(s.arguments, how, sizeof(s.arguments));
        pid = sos_spawn(&s);
        check(how, pid > 0 && posix_wait(pid, &status) == pid && status == 11);
}

/* Ends when memory does. */
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
        if (count > 1) {
                die(word[1]);
                return 0;
        }
        heap();
        check("a deep stack", deep(DEPTH) == DEPTH);
        bad_addresses();
        deadly("null");
        deadly("code");
        deadly("stack");
        deadly("jump");
        sos_print("vmtest: %d ok, %d failed\n", ok, failed);
        return failed > 0;
}
