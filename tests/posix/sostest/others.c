/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/posix/sostest/check.h"

enum { ENTRIES_MAX = 1000, STATUS_MAX = 64, SLEEP_US = 20000, LATE_US = 60000000 /* on a busy machine */ };

static void entries(void)
{
        char name[256], cut[3];
        int n = 0, size;
        bool tmp = false;

        while (n < ENTRIES_MAX && (size = sos_getdirent(n, name, sizeof(name))) > 0) {
                check("the length of a name", (size_t)size == strlen(name));
                tmp |= !strcmp(name, "tmp");
                n++;
        }
        check("entries", n > 4 && n < ENTRIES_MAX && tmp);
        check("just past the last", sos_getdirent(n, name, sizeof(name)) == 0);
        check("further", sos_getdirent(n + 1, name, sizeof(name)) == -1);
        check("far", sos_getdirent(0x7fffffff, name, sizeof(name)) == -1);
        check("before the first", sos_getdirent(-1, name, sizeof(name)) == -1);
        check("no room", sos_getdirent(0, name, 0) == 0);
        check("little room", sos_getdirent(0, cut, sizeof(cut)) == 2 && !cut[2]);
        check("too much room", sos_getdirent(0, name, 1ul << 31) == -1);
        for (int i = 0; bad_address(i); i++)
                check("a name at a bad address", sos_getdirent(0, bad_address(i), 20) == -1);
        check("a name into code", sos_getdirent(0, (char *)entries, 20) == -1);
}

static void status(void)
{
        sos_stat_t s;
        int file = sos_open("sos-s", 1);

        sos_write(file, "12345", 5);
        sos_close(file);
        check("stat", sos_stat("sos-s", &s) == 0 && s.st_type == ST_FILE && s.st_size == 5);
        check("its mode and times", s.st_fmode == (FM_READ | FM_WRITE) && s.st_ctime > 0 && s.st_atime > 0);
        check("a program", sos_stat("/bin/sostest", &s) == 0 && s.st_fmode == (FM_READ | FM_EXEC));
        check("by its name alone", sos_stat("sostest", &s) == 0 && s.st_fmode & FM_EXEC);
        check("the console",
              sos_stat("console", &s) == 0 && s.st_type == ST_SPECIAL && s.st_fmode == (FM_READ | FM_WRITE));
        check("what is missing", sos_stat("sos-missing", &s) == -1);
        check("no name", sos_stat("", &s) == -1);
        for (int i = 0; bad_address(i); i++) {
                check("stat of a bad path", sos_stat(bad_address(i), &s) == -1);
                check("stat to a bad address", sos_stat("sos-s", (sos_stat_t *)bad_address(i)) == -1);
        }
        check("stat to code", sos_stat("sos-s", (sos_stat_t *)status) == -1);
        posix_unlink("sos-s");
}

void check_directory(void)
{
        entries();
        status();
}

static const sos_process_t *row(const sos_process_t *table, int count, pid_t pid)
{
        for (int i = 0; i < count; i++) {
                if (table[i].pid == pid)
                        return &table[i];
        }
        return NULL;
}

static void table(void)
{
        static sos_process_t all[STATUS_MAX];
        int count = sos_process_status(all, STATUS_MAX);
        const sos_process_t *own = row(all, count, sos_my_id());

        check("status", count >= 2 && own && !strcmp(own->command, "sostest") && own->size > 0);
        check("since when", own && own->stime > 0 && own->stime <= (unsigned)(sos_time_stamp() / 1000));
        check("status of one", sos_process_status(all, 1) == 1);
        check("status of none", sos_process_status(all, 0) == 0 && sos_process_status(NULL, 0) == 0);
        check("status for more than there are", sos_process_status(all, ~0u) == count);
        for (int i = 0; bad_address(i); i++)
                check("status to a bad address",
                      sos_process_status((sos_process_t *)bad_address(i), 9) == -1);
}

static void create(void)
{
        char name[300];
        pid_t pid = sos_process_create("nothing");

        memset(name, 'n', sizeof(name) - 1);
        name[sizeof(name) - 1] = '\0';
        check("create", pid > sos_my_id() && sos_process_wait(pid) == pid);
        check("what is missing", sos_process_create("sos-missing") == -1);
        check("what is no program",
              sos_process_create("/etc/applets") == -1 && sos_process_create("/tmp") == -1);
        check("no name", sos_process_create("") == -1 && sos_process_create(name) == -1);
        for (int i = 0; bad_address(i); i++)
                check("create from a bad address", sos_process_create(bad_address(i)) == -1);
}

/* Drivers may stand in front of the shell. */
static int is_listed(pid_t pid)
{
        sos_process_t all[16];
        int count = sos_process_status(all, 16);

        for (int i = 0; i < count; i++) {
                if (all[i].pid == pid)
                        return 1;
        }
        return 0;
}

static void waiting(void)
{
        pid_t first = start_again("sleep"), second = start_again("sleep"), any;

        check("two children", first > 0 && second > first);
        any = sos_process_wait(-1);
        check("any of them", any == first || any == second);
        check("the other", sos_process_wait(-1) == first + second - any);
        check("nobody left", sos_process_wait(-1) == -1);
        check("one that has ended", sos_process_wait(first) == -1);
        check("oneself", sos_process_wait(sos_my_id()) == -1);
        check("nobody",
              sos_process_wait(0) == -1 && sos_process_wait(-7) == -1 && sos_process_wait(0x7fffffff) == -1);
        check("one that is no child", is_listed(1));
}

static void deleting(void)
{
        pid_t pid = start_again("long");

        check("delete", pid > 0 && sos_process_delete(pid) == 0);
        check("delete again", sos_process_delete(pid) == -1);
        check("its end", sos_process_wait(pid) == pid);
        check("delete nobody", sos_process_delete(0) == -1 && sos_process_delete(-1) == -1 &&
                                       sos_process_delete(-sos_my_id()) == -1 &&
                                       sos_process_delete(999999) == -1);
        pid = start_again("delete");
        check("delete oneself", sos_process_wait(pid) == pid);
}

/* Arguments are strings that end, or nothing is started. */
static void arguments_that_do_not_end(void)
{
        static struct sos_spawn s = {.name = "sostest",
                                     .program = "sostest",
                                     .priority = 50,
                                     .budget_us = 10000,
                                     .period_us = 10000};

        memset(s.arguments, 'x', sizeof(s.arguments));
        check("endless arguments", sos_spawn(&s) == -SOS_E2BIG);
        s.argument_bytes = sizeof(s.arguments);
        check("arguments without an end", sos_spawn(&s) == -SOS_EINVAL);
        s.argument_bytes = sizeof(s.arguments) + 1;
        check("more than there is room for", sos_spawn(&s) == -SOS_E2BIG);
        s.argument_bytes = 0;
        memset(s.arguments, 0, sizeof(s.arguments));
        memset(s.name, 'x', sizeof(s.name));
        check("a name that does not end", sos_spawn(&s) == -SOS_EINVAL);
}

void check_processes(void)
{
        table();
        create();
        arguments_that_do_not_end();
        waiting();
        deleting();
}

void check_time(void)
{
        int64_t start = sos_time_stamp(), end;

        sos_usleep(SLEEP_US);
        end = sos_time_stamp();
        check("sleep long enough", end - start >= SLEEP_US);
        check("and not for ever", end - start < LATE_US);
        sos_usleep(0);
        sos_usleep(-5);
        sos_usleep(-0x7fffffff - 1);
        check("0 and less is no time", sos_time_stamp() - end < LATE_US && sos_time_stamp() >= end);
}
