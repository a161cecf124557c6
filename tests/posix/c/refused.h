/* SPDX-License-Identifier: BSD-2-Clause */
/* What tests of refusals use: files and links of every kind, names that are too long, a bad address. */
#pragma once

#include "ask.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME = 256, PATH = 4097, CLOSED = 900 };

static char name[NAME + 1], path[PATH + 1], buffer[4096];
static void *bad;
static volatile int minus = -1; /* volatile: the compiler would refuse the constant */
static int file, directory, place;
static int end[3]; /* of a pipe; the third is for a call that writes two numbers from the second on */

/* In a folder of its own; what an earlier program has made stays. */
static inline void prepare_names(void)
{
        memset(name, 'n', NAME);
        for (int i = 0; i < PATH; i++)
                path[i] = i % 2 ? '/' : '.';
        bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        file = open("file", O_RDWR | O_CREAT, 0644);
        mkdir("dir", 0755);
        mkdir("full", 0755);
        mkdir("full/in", 0755);
        directory = open("dir", O_RDONLY);
        place = open("file", O_PATH);
        pipe(end);
        symlink("loop2", "loop");
        symlink("loop", "loop2");
        symlink("file", "link");
        symlink("nothing", "dangling");
        symlink("dir", "dirlink");
        mkfifo("fifo", 0644);
}
