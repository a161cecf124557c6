/* SPDX-License-Identifier: BSD-2-Clause */
/* /proc and /sys as Linux programs know them: information about the system and about each process.
 *
 * Directories of processes, of their threads and of their descriptors are live: their entries are made when they are looked up, and
 * removed when what they describe has gone.  Everything else is made once.
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
        PROC_HOSTNAME,
        PROC_DOMAINNAME,
        PROC_UUID,   /* another one at each reading */
        PROC_CPUS,   /* the cores that there are */
        PROC_QUEUES, /* of System V, as semaphores and segments */
        PROC_SEMAPHORES,
        PROC_SEGMENTS,
        PROC_SEGMENT_BYTES, /* how large one may be, and all together in pages */
        PROC_SEGMENT_PAGES,
        PROC_CONSTANT, /* node.number says which */
        PROC_SELF,
        PROC_OF_PROCESS,
        PROC_PROCESS_STAT = PROC_OF_PROCESS,
        PROC_PROCESS_STATM,
        PROC_PROCESS_STATUS,
        PROC_PROCESS_COMM,
        PROC_PROCESS_CMDLINE,
        PROC_PROCESS_ENVIRON,
        PROC_PROCESS_MOUNTINFO,
        PROC_PROCESS_SCORE, /* how much memory is a reason to end it; what is to be added to that */
        PROC_PROCESS_SCORE_ADDED,
        PROC_PROCESS_WCHAN,
        PROC_PROCESS_PERSONALITY,
        PROC_PROCESS_CGROUP,
        PROC_PROCESS_SLACK,      /* of its waits */
        PROC_PROCESS_LOGIN,      /* nobody has said who began its session */
        PROC_PROCESS_SAME_USERS, /* there is one name space of them */
        PROC_PROCESS_MAY_GROUP,
        PROC_PROCESS_MAPS,
        PROC_PROCESS_SMAPS,        /* with what of each region is in memory */
        PROC_PROCESS_SMAPS_ROLLUP, /* of all regions together */
        PROC_PROCESS_LIMITS,
        PROC_PROCESS_MOUNTS,
        PROC_PROCESS_EXE,
        PROC_PROCESS_CWD,
        PROC_PROCESS_ROOT,
        PROC_PROCESS_FD,
        PROC_PROCESS_FDINFO, /* node.number is the descriptor */
};

/* For proc_live.c: what it makes is a part of the system, and has the mode of its kind. */
struct node *proc_finish(struct node *n, uint8_t report);

/* Called once, when the tree exists. */
void proc_init(void);

/* Somebody looks for that name in a live directory: it is brought up to date.  False: it is of a process that has ended, of which
 * something is still there, and means nothing. */
bool proc_look(struct node *directory, const char *name, size_t length);

/* All that a live directory lists is brought up to date, from `*step` on, which is 0 at first.  False: the piece is over, and there is
 * more.  Cost of a step: the entries of one process. */
bool proc_update(struct node *directory, seL4_Word *step);

/* What a report says about time that was used is counted, from *at on, which is 0 at first, in pieces; true: all of it is. */
bool proc_count_some(const struct node *n, seL4_Word *at);

/* The content of a report or a link; bytes. */
size_t proc_text(const struct node *n, char *buffer, size_t size);

/* A program has written something to a report: bytes, or -SOS_EINVAL, _EACCES, _ESRCH. */
long proc_write(const struct node *n, const char *bytes, size_t size);

/* The open file that a link refers to; NULL: it refers to a path. */
struct file *proc_file(const struct node *link);

/* A link that refers to a file or directory itself, whatever its text says. */
static inline bool proc_is_magic(const struct node *link)
{
        return link->report >= PROC_PROCESS_EXE && link->report <= PROC_PROCESS_FD;
}

/* May the caller not look at what is behind such a link, or in such a report? */
bool proc_refuses(const struct node *n);

/* The descriptors of the caller itself, which it may always look at: its directory can be root's. */
bool proc_is_own(const struct node *directory);

/* The process that "self" refers to; called for each call that is served. */
void proc_self(const struct process *p);

/* The process whose call is served, NULL: none.  What a file with PROC_CONSTANT says. */
const struct process *proc_caller(void);
void proc_constant(struct text *t, int number);

/* A set of cores: "0-1,3" and the end of the line. */
void proc_add_cores(struct text *t, uint32_t set);

/* proc_process.c: text of one process, or of one of its threads; proc_descriptor.c: of one of its descriptors */
void proc_process_text(struct text *t, struct process *p, const struct node *n);
void proc_descriptor_text(struct text *t, const struct node *n);

/* proc_parts.c: a part of a text that may be long, from where the file stands: lists of regions, tables of System V.
 * Cost: that of a part when reading goes on from the last one, otherwise that of all parts before it. */
long proc_parts(struct file *f, char *to, size_t size);

/* proc_maps.c: its parts, each of PROC_PART bytes, and what more a line with details has.  The next is at *place, which moves behind it;
 * nothing is added: that was all.  False: it goes on later. */
enum { PROC_PART = 1500, PROC_PART_MORE = PATH_MAX + 828 };
void proc_maps(struct text *t, struct process *p, seL4_Word *place);
bool proc_smaps(struct text *t, const struct file *f, struct process *p, seL4_Word *place);
bool proc_smaps_rollup(struct text *t, const struct file *f, struct process *p, seL4_Word *place);
