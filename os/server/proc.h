/* SPDX-License-Identifier: BSD-2-Clause */
/* /proc and /sys as Linux programs know them: what the system and each process say about themselves.
 *
 * Directories of processes and of their descriptors are live: their entries are made when they are looked for, and go when what
 * they describe has gone.  The rest is made once.
 *
 * Results: bytes, or -SOS_E*.
 */
#pragma once

#include "os/files/node.h"

struct file;
struct process;
struct text;

/* What a node of kind NODE_REPORT or NODE_LINK contains, if node.report is one of these; those of a process are behind PROC_OF_PROCESS. */
enum proc_report {
        PROC_MEMINFO = 64,
        PROC_CPUINFO,
        PROC_UPTIME,
        PROC_LOADAVG,
        PROC_STAT,
        PROC_MOUNTS,
        PROC_SWAPS,
        PROC_CONSTANT, /* node.number says which */
        PROC_SELF,
        PROC_OF_PROCESS,
        PROC_PROCESS_STAT = PROC_OF_PROCESS,
        PROC_PROCESS_STATM,
        PROC_PROCESS_STATUS,
        PROC_PROCESS_COMM,
        PROC_PROCESS_CMDLINE,
        PROC_PROCESS_MAPS,
        PROC_PROCESS_LIMITS,
        PROC_PROCESS_MOUNTS,
        PROC_PROCESS_EXE,
        PROC_PROCESS_CWD,
        PROC_PROCESS_ROOT,
        PROC_PROCESS_FD,
};

/* Once, when the tree exists. */
void proc_init(void);

/* Somebody looks for that name in a live directory, or for all there are (NULL): what it lists is brought up to date. */
void proc_look(struct node *directory, const char *name, size_t length);

/* The content of a report or a link; bytes. */
size_t proc_text(const struct node *n, char *buffer, size_t size);

/* The open file that a link means; NULL: it means a path. */
struct file *proc_file(const struct node *link);

/* A link that means a file or directory itself, whatever its text says. */
static inline bool proc_is_magic(const struct node *link)
{
        return link->report >= PROC_PROCESS_EXE && link->report <= PROC_PROCESS_FD;
}

/* Whose calls "self" is about; called for each call that is served. */
void proc_self(const struct process *p);

/* Whose call that is, NULL: nobody's.  What a file with PROC_CONSTANT says. */
const struct process *proc_caller(void);
const char *proc_constant(int number);

/* proc_process.c: text of one process */
void proc_process_text(struct text *t, struct process *p, const struct node *n);

/* A part of the list of a process's regions, which may be long: from where the file stands, in the order of addresses.  Cost: that of a
 * part when it is read on, else of all before. */
long proc_maps(struct file *f, char *to, size_t size);
