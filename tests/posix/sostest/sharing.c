/* SPDX-License-Identifier: BSD-2-Clause */
/* Two processes of this program, so the array has the same address in both. */
#include "tests/posix/sostest/check.h"

enum { PAGE = 4096, PAGES = 3, SIZE = PAGES * PAGE, STEP_US = 1000, STEPS = 3000 };

static char area[SIZE + PAGE] __attribute__((aligned(PAGE)));

/* The last byte shows how far the other process is. */
static bool wait_for(char step)
{
        for (int i = 0; i < STEPS && *(volatile char *)&area[SIZE - 1] != step; i++)
                sos_usleep(STEP_US);
        return *(volatile char *)&area[SIZE - 1] == step;
}

static void tell(char step)
{
        *(volatile char *)&area[SIZE - 1] = step;
}

/* Whether a call may write there: a fault would end us. */
static bool may_write(void)
{
        int file = sos_open("/bin/sostest", 0), got = sos_read(file, area + PAGE, 1);

        sos_close(file);
        return got == 1;
}

/* "share1": others may write; "share0": they may not. */
int share_as_child(const char *word)
{
        bool good = sos_share_vm(area, SIZE, word[5] == '1') == 0 && !strcmp(area, "from the parent") &&
                    area[SIZE] == 0;

        if (good && may_write()) {
                string_cut(area, "from the child", SIZE);
                tell('c');
                good = wait_for('p');
        } else {
                sos_usleep(20 * STEP_US);
        }
        return good ? 0 : 1;
}

static int status_of(pid_t pid)
{
        int status = -1;

        posix_wait(pid, &status);
        return status;
}

static void both_may_write(void)
{
        pid_t pid = start_again("share1");

        check("the child writes", wait_for('c') && !strcmp(area, "from the child"));
        check("the parent may write", may_write());
        tell('p');
        check("the child sees it", status_of(pid) == 0);
}

static void child_forbids(void)
{
        pid_t pid;

        string_cut(area, "from the parent", SIZE);
        tell(0);
        pid = start_again("share0");
        check("the child writes what it forbids others", wait_for('c'));
        check("the parent may not write", !may_write());
        sos_process_delete(pid);
        status_of(pid);
        check("but again when it is alone", may_write());
}

static void parent_forbids(void)
{
        check("say otherwise", sos_share_vm(area, SIZE, 0) == 0);
        string_cut(area, "from the parent", SIZE);
        tell(0);
        check("the child only reads",
              status_of(start_again("share1")) == 0 && !strcmp(area, "from the parent"));
}

static void bad_ranges(void)
{
        static const char constant[PAGE] __attribute__((aligned(PAGE)));
        char local;

        check("not aligned", sos_share_vm(area + 1, PAGE, 1) == -1 && sos_share_vm(area, PAGE - 1, 1) == -1);
        check("nothing", sos_share_vm(area, 0, 1) == -1 && sos_share_vm(NULL, PAGE, 1) == -1);
        check("too much",
              sos_share_vm(area, ~0ul - PAGE + 1, 1) == -1 && sos_share_vm(area, 1ul << 40, 1) == -1);
        check("overlapping",
              sos_share_vm(area + PAGE, PAGE, 1) == -1 && sos_share_vm(area, SIZE + PAGE, 1) == -1);
        check("read only", sos_share_vm((void *)constant, PAGE, 1) == -1);
        check("the stack", sos_share_vm((void *)((unsigned long)&local & ~(PAGE - 1ul)), PAGE, 1) == -1);
        for (int i = 0; bad_address(i); i++)
                check("a bad address",
                      sos_share_vm((void *)((unsigned long)bad_address(i) & ~(PAGE - 1ul)), PAGE, 1) == -1);
}

void check_sharing(void)
{
        string_cut(area, "from the parent", SIZE);
        check("share", sos_share_vm(area, SIZE, 1) == 0 && !strcmp(area, "from the parent"));
        check("alone one may write", may_write());
        both_may_write();
        child_forbids();
        parent_forbids();
        bad_ranges();
}
