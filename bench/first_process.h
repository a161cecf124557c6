/* SPDX-License-Identifier: BSD-2-Clause */
/* What a measured program does when it is the first process of Linux. */
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A module of the kernel, from the root. */
static inline void load(const char *name)
{
        char path[64];
        int file;

        snprintf(path, sizeof(path), "/%s.ko", name);
        file = open(path, O_RDONLY);
        if (file < 0 || syscall(SYS_finit_module, file, "", 0))
                perror(path);
        close(file);
}
