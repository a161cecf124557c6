/* SPDX-License-Identifier: BSD-2-Clause */
/* Users, groups and capabilities by the calls themselves: C libraries change them in all threads, and musl has no header for the last. */
#pragma once

#include "ask.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REAL, EFFECTIVE, SAVED, IDS };
enum { SOMEBODY = 1000, OTHER = 2000 };

struct capabilities {
        uint32_t effective[2], permitted[2], inheritable[2];
};

static inline int capabilities_call(long number, int pid, struct capabilities *c)
{
        uint32_t head[2] = {0x20080522, (uint32_t)pid}, data[6];
        int result;

        for (int i = 0; i < 2; i++) {
                data[3 * i] = c->effective[i];
                data[3 * i + 1] = c->permitted[i];
                data[3 * i + 2] = c->inheritable[i];
        }
        result = (int)syscall(number, head, data);
        for (int i = 0; i < 2; i++) {
                c->effective[i] = data[3 * i];
                c->permitted[i] = data[3 * i + 1];
                c->inheritable[i] = data[3 * i + 2];
        }
        return result;
}

static inline void show_capabilities(void)
{
        struct capabilities c = {0};
        int result = capabilities_call(SYS_capget, 0, &c);

        printf("    %d: effective %x%08x, permitted %x%08x, inheritable %x%08x\n", result, c.effective[1],
               c.effective[0], c.permitted[1], c.permitted[0], c.inheritable[1], c.inheritable[0]);
}

/* All but some of the lower ones. */
static inline int drop_effective(uint32_t lower)
{
        struct capabilities c = {0};

        capabilities_call(SYS_capget, 0, &c);
        c.effective[0] &= ~lower;
        return capabilities_call(SYS_capset, 0, &c);
}

static inline void show_ids(void)
{
        unsigned user[IDS] = {0}, group[IDS] = {0};

        syscall(SYS_getresuid, &user[0], &user[1], &user[2]);
        syscall(SYS_getresgid, &group[0], &group[1], &group[2]);
        printf("    users %d %d %d %ld, groups %d %d %d %ld\n", (int)user[0], (int)user[1], (int)user[2],
               syscall(SYS_setfsuid, -1), (int)group[0], (int)group[1], (int)group[2],
               syscall(SYS_setfsgid, -1));
        fflush(stdout);
}

/* Lines of a file that begin so. */
static inline void show_lines(const char *path, const char *const begin[])
{
        FILE *f = fopen(path, "r");
        char line[256];

        while (f && fgets(line, sizeof(line), f)) {
                for (int i = 0; begin[i]; i++) {
                        if (!strncmp(line, begin[i], strlen(begin[i])))
                                printf("    %s", line);
                }
        }
        if (f)
                fclose(f);
        fflush(stdout);
}

static inline void become(unsigned user)
{
        if (syscall(SYS_setgroups, 0, NULL) || syscall(SYS_setresgid, user, user, user) ||
            syscall(SYS_setresuid, user, user, user))
                printf("it does not become %u\n", user);
}

/* In a child, and how that ends. */
static inline void in_child(const char *what, void (*does)(void))
{
        int status = 0, child;

        printf("--- %s\n", what);
        fflush(stdout);
        child = fork();
        if (!child) {
                does();
                fflush(stdout);
                _exit(0);
        }
        waitpid(child, &status, 0);
        if (status)
                show_end(what, status);
}
