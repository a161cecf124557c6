/* SPDX-License-Identifier: BSD-2-Clause */
/* What is set for a process and told again: classes of transfers (ioprio), the score of a process when memory is short; and the tables of
 * System V's objects in /proc.  Compared with Linux, as root. */
#define _GNU_SOURCE
#include "ask.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { PROCESS = 1, GROUP, USER, NOBODY = 0x3ffffff, SCORE_BYTES = 24 };
enum { REAL_TIME = 1 << 13, BEST_EFFORT = 2 << 13, IDLE = 3 << 13 };

static long get(int which, int who)
{
        return syscall(SYS_ioprio_get, which, who);
}

static long set(int which, int who, int value)
{
        return syscall(SYS_ioprio_set, which, who, value);
}

static void transfers(void)
{
        int values[] = {BEST_EFFORT | 3, REAL_TIME | 3, IDLE,    IDLE | 3, 1,
                        BEST_EFFORT | 7, 4 << 13,       7 << 13, 0};

        TRY(get(PROCESS, 0));
        for (unsigned i = 0; i < sizeof(values) / sizeof(*values); i++) {
                show_number("set", set(PROCESS, 0, values[i]));
                TRY(get(PROCESS, 0));
                TRY(get(PROCESS, getpid()));
        }
        set(PROCESS, 0, BEST_EFFORT | 2);
        if (!fork()) {
                TRY(get(PROCESS, 0));
                TRY(set(PROCESS, getppid(), IDLE));
                TRY(set(GROUP, 0, BEST_EFFORT | 6));
                set(PROCESS, 0, 0);
                TRY(get(GROUP, 0)); /* the first of both */
                _exit(0);
        }
        wait(NULL);
        TRY(get(PROCESS, 0));
        TRY(get(GROUP, getpgrp()));
        ASK(get(PROCESS, NOBODY));
        ASK(get(GROUP, NOBODY));
        ASK(get(USER, NOBODY));
        ASK(set(PROCESS, NOBODY, BEST_EFFORT));
        ASK(set(GROUP, NOBODY, BEST_EFFORT));
        ASK(set(USER, NOBODY, BEST_EFFORT));
        ASK(set(PROCESS, NOBODY, 5 << 13));
        ASK(get(0, 0));
        ASK(get(4, 0));
        ASK(set(0, 0, BEST_EFFORT));
        ASK(set(4, 0, BEST_EFFORT));
}

static void show_file(const char *path)
{
        char text[SCORE_BYTES] = {0};
        int file = open(path, O_RDONLY);

        if (read(file, text, sizeof(text) - 1) < 0)
                puts("it cannot be read");
        printf("%s: %s", path, text);
        close(file);
}

static void score(void)
{
        static const char *const texts[] = {"500\n", "-1001", "1001", "x",   " 7 ", "12 13",
                                            "0x10",  "+5",    "010",  "3x",  "-3",  "00000000000000000000005",
                                            "\n",    "0x",    "- 5",  "--5", "09",  "12"};
        struct stat s;
        int file = open("/proc/self/oom_score_adj", O_WRONLY);

        printf("mode: %d\n", !stat("/proc/self/oom_score_adj", &s) && (s.st_mode & 0777) == 0644);
        for (unsigned i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
                show_number(texts[i], pwrite(file, texts[i], strlen(texts[i]), 0));
                show_file("/proc/self/oom_score_adj");
        }
        if (!fork()) {
                show_file("/proc/self/oom_score_adj");
                _exit(0);
        }
        wait(NULL);
        show_number("never", pwrite(file, "-1000", 5, 0));
        show_file("/proc/self/oom_score");
        show_number("first", pwrite(file, "1000", 4, 0));
        file = open("/proc/self/oom_score", O_RDONLY);
        printf("it is high: %d\n", read(file, (char[8]){0}, 4) == 4); /* at least 1,000 */
}

/* The row with that number in its second column: `count` columns, of which some are of this machine. */
static void show_row(const char *path, int number, unsigned count, unsigned long hidden)
{
        char line[400], *word, *rest;
        FILE *f = fopen(path, "r");

        for (int row = 0; f && fgets(line, sizeof(line), f); row++) {
                if (row == 0)
                        fputs(line, stdout);
                if (row == 0 || atoi(line + 10) != number)
                        continue;
                printf("%s:", path);
                rest = line;
                for (unsigned i = 0; i < count && (word = strtok_r(rest, " \n", &rest)); i++)
                        printf(" %s", i == 1               ? "it"
                                      : !(hidden >> i & 1) ? word
                                      : strcmp(word, "0")  ? "some"
                                                           : "0");
                putchar('\n');
        }
        if (f)
                fclose(f);
}

static void objects(void)
{
        struct {
                long type;
                char text[5];
        } message = {1, "abcd"};
        int s = shmget(IPC_PRIVATE, 5000, 0640), q = msgget(IPC_PRIVATE, 0600),
            e = semget(IPC_PRIVATE, 3, 0666);
        char *at = shmat(s, NULL, 0);
        unsigned long most = 0;
        FILE *f = fopen("/proc/sys/kernel/shmmax", "r");

        memset(at, 1, 5000);
        msgsnd(q, &message, 5, 0);
        show_row("/proc/sysvipc/shm", s, 16, 3 << 4 | 7 << 11);
        show_row("/proc/sysvipc/msg", q, 14, 3 << 5 | 7 << 11);
        show_row("/proc/sysvipc/sem", e, 10, 3 << 8);
        shmctl(s, IPC_RMID, NULL);
        show_row("/proc/sysvipc/shm", s, 16, 3 << 4 | 7 << 11);
        shmdt(at);
        msgctl(q, IPC_RMID, NULL);
        semctl(e, 0, IPC_RMID);
        show_row("/proc/sysvipc/shm", s, 16, 0);
        show_row("/proc/sysvipc/msg", q, 14, 0);
        show_row("/proc/sysvipc/sem", e, 10, 0);
        printf("most: %d\n", f && fscanf(f, "%lu", &most) == 1 && most > 5000);
        ASK(shmget(IPC_PRIVATE, most + 1, 0600));
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        transfers();
        score();
        objects();
        return 0;
}
