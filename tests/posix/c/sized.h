/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs that make many of something: NAME SIZE [PART], so many of each, up to the limits; without a size there are few, and Linux
 * returns the same.  `NAME true` only ends. */
#pragma once

#include "ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, FEW = 20 };

struct part {
        const char *name;
        void (*work)(void);
};

static const char *self; /* the path of the program */
static int size;

static inline int at_most(int most)
{
        return size < most ? size : most;
}

/* What a child does (NULL: nothing) that ends, or runs another program. */
static inline void in_child(const char *what, void (*work)(void))
{
        int status, pid = fork();

        if (pid == 0) {
                if (work)
                        work();
                _exit(0);
        }
        waitpid(pid, &status, 0);
        show_end(what, status);
}

static inline void more_descriptors(void)
{
        struct rlimit all;

        getrlimit(RLIMIT_NOFILE, &all);
        all.rlim_cur = all.rlim_max < 1024 ? all.rlim_max : 1024;
        setrlimit(RLIMIT_NOFILE, &all);
}

/* The parts of a program that lies at `path` where it is not told. */
static inline int run_parts(const struct part *parts, size_t number, const char *path, int count,
                            char **argument)
{
        if (count > 1 && !strcmp(argument[1], "true"))
                return 0;
        self = count > 1 && argument[1][0] == '/' ? argument[1] : path;
        size = count > 1 && atoi(argument[1]) ? atoi(argument[1]) : FEW;
        setvbuf(stdout, NULL, _IONBF, 0);
        for (size_t i = 0; i < number; i++) {
                if (count < 3 || argument[1][0] == '/' || !strcmp(argument[2], parts[i].name))
                        parts[i].work();
        }
        return 0;
}
