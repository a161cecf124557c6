/* SPDX-License-Identifier: BSD-2-Clause */
/* sharers MIB: a large range that several processes of this program share, forbid to each other, share at once, and during whose
 * sharing they end.  The array has the same address in all of them.
 */
#include "base/text.h"
#include "sos.h"
#include "sos/posix.h"

enum {
        PAGE = 4096,
        MIB = 1 << 20,
        MIB_MOST = 64,
        STEP_US = 1000,
        STEPS = 10000,
        KILLS = 12,
        KILL_STEP_US = 700
};
enum { PRIORITY = 50, SLICE_US = 10000 };

static char area[MIB_MOST * MIB] __attribute__((aligned(PAGE)));
static size_t size;
static int failed;

static void check(const char *what, bool good)
{
        failed += !good;
        if (!good)
                sos_print("sharers: %s FAILED\n", what);
}

static volatile char *place(char which)
{
        return &area[size - PAGE + (size_t)which];
}

static bool wait_for(char which)
{
        for (int i = 0; i < STEPS && !*place(which); i++)
                sos_usleep(STEP_US);
        return *place(which);
}

static void touch_all(void)
{
        for (size_t at = 0; at < size; at += PAGE)
                area[at] = (char)(at / PAGE);
}

static bool is_whole(void)
{
        for (size_t at = 0; at < size; at += PAGE) {
                if (area[at] != (char)(at / PAGE))
                        return false;
        }
        return true;
}

/* Whether calls may write at the beginning, in the middle and at the end; a fault would end this program. */
static int writable(void)
{
        static const char name[] = "/bin/sharers";
        size_t at[] = {1, size / 2 + 1, size - 1};
        int count = 0;

        for (int i = 0; i < 3; i++) {
                int file = sos_open(name, 0);

                count += sos_read(file, area + at[i], 1) == 1;
                sos_close(file);
        }
        return count;
}

/* Words that are waited for, at the same address in all, and by their place in what is shared. */
enum { FUTEX = SOS_POSIX + 98, WAIT = 0, WAKE, REQUEUE = 3, CMP_REQUEUE };

static uint32_t *word_of(unsigned which)
{
        return (uint32_t *)&area[size - PAGE / 2] + which;
}

static long futex(unsigned which, unsigned operation, unsigned long count, unsigned to, unsigned long value)
{
        unsigned long argument[] = {(unsigned long)word_of(which), operation, count, operation == WAIT ? 0 : 9,
                                    (unsigned long)word_of(to), value};

        return sos_call_many(FUTEX, argument);
}

/* "f": others may not write; "a", "b": those that begin at once; "k": one that is ended in the middle; "w": one that
 * waits for a word. */
static int be_child(char which)
{
        touch_all();
        if (sos_share_vm(area, size, which != 'f') || !is_whole())
                return 1;
        *place(which) = 1;
        if (which == 'w')
                return futex(0, WAIT, 0, 0, 0) ? 3 : 0;
        if (which == 'a' || which == 'b')
                return wait_for(which == 'a' ? 'b' : 'a') ? 0 : 2;
        for (;;)
                sos_usleep(STEP_US);
}

static pid_t start(char which, const char *mib)
{
        struct sos_spawn s = {.name = "sharers",
                              .program = "sharers",
                              .priority = PRIORITY,
                              .budget_us = SLICE_US,
                              .period_us = SLICE_US};
        size_t length = strlen(mib) + 1;

        memcpy(s.arguments, mib, length);
        s.arguments[length] = which;
        s.argument_bytes = length + 2;
        return (pid_t)sos_spawn(&s);
}

static int status_of(pid_t pid)
{
        int status = -1;

        posix_wait(pid, &status);
        return status;
}

static void end(pid_t pid)
{
        sos_process_delete(pid);
        status_of(pid);
}

/* Two of other processes that wait for a word wait for another one, and then one of them for a third. */
static void move_waiters(const char *mib)
{
        pid_t a = start('w', mib), b = start('w', mib);
        long moved = 0;

        check("those that wait", wait_for('w'));
        for (int i = 0; i < STEPS && moved < 2; i++) {
                moved += futex(0, REQUEUE, 0, 1, 0);
                sos_usleep(STEP_US);
        }
        check("both are moved", moved == 2 && futex(0, WAKE, 9, 0, 0) == 0);
        check("not when the word has another value", futex(1, CMP_REQUEUE, 1, 2, 7) == -SOS_EAGAIN);
        check("one is woken, one is moved", futex(1, CMP_REQUEUE, 1, 2, 0) == 2);
        check("nobody is left there", futex(1, WAKE, 9, 0, 0) == 0);
        check("that one is woken", futex(2, WAKE, 9, 0, 0) == 1);
        if (failed) { /* somebody may wait for ever */
                end(a);
                end(b);
        } else {
                check("both have gone on", status_of(a) == 0 && status_of(b) == 0);
        }
}

int main(int count, char **word)
{
        uint64_t mib = 0;
        pid_t a, b;

        if (count < 2 || !text_number(word[1], &mib) || mib < 1 || mib > MIB_MOST)
                return 9;
        size = mib * MIB;
        if (count > 2)
                return be_child(word[2][0]);
        a = start('a', word[1]);
        b = start('b', word[1]);
        check("two that begin at once", status_of(a) == 0 && status_of(b) == 0);
        for (int i = 0; i < KILLS; i++) {
                a = start('k', word[1]);
                sos_usleep(KILL_STEP_US * i * (int)mib);
                end(a);
        }
        touch_all();
        check("share", sos_share_vm(area, size, 1) == 0 && is_whole());
        check("alone one may write", writable() == 3);
        move_waiters(word[1]);
        touch_all();
        a = start('f', word[1]);
        check("another one", wait_for('f'));
        check("which allows nothing", writable() == 0);
        end(a);
        check("all again, alone", writable() == 3 && is_whole());
        sos_print("sharers: %d failed\n", failed);
        return failed != 0;
}
