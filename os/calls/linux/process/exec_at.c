/* SPDX-License-Identifier: BSD-2-Clause */
/* What execveat runs: its name, and the file; the rest is as in execve (exec.c). */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "text/text.h"

/* Arguments of execveat, which runs a program below a directory, or what is open itself. */
enum { DESCRIPTOR, PATH, FLAGS = 4, NO_FOLLOW = 0x100, EMPTY_PATH = 0x1000 };

/* The name of such a program: that of the descriptor, and the path behind it, as Linux makes it. */
long posix_exec_name(struct process *p, char path[PATH_MAX])
{
        seL4_Word from = p->call.argument[DESCRIPTOR];
        char start[24];
        size_t size, length;
        long error = posix_path(p, p->call.argument[PATH], path);
        bool empty = error == -SOS_ENOENT && p->call.argument[FLAGS] & EMPTY_PATH;

        if ((error && !empty) || *path == '/' || (int)from == (int)AT_FDCWD)
                return error;
        text_print(start, sizeof(start), "/dev/fd/%d%s", (int)from, empty ? "" : "/");
        size = strlen(start);
        length = empty ? 0 : strlen(path);
        if (size + length >= PATH_MAX)
                return -SOS_ENAMETOOLONG;
        memmove(path + size, path, length);
        memcpy(path, start, size);
        path[size + length] = '\0';
        return 0;
}

long posix_exec_find(struct process *p, struct node **n)
{
        seL4_Word flags = p->call.argument[FLAGS];
        long error = flags & ~(seL4_Word)(NO_FOLLOW | EMPTY_PATH) ? -SOS_EINVAL : 0;

        if (!error)
                error = posix_find_flags(p, p->call.argument[DESCRIPTOR], p->call.argument[PATH], flags, n);
        if (error || !*n)
                return error ? error : -SOS_EACCES;
        return (*n)->kind == NODE_LINK ? -SOS_ELOOP : 0;
}
