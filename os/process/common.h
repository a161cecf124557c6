/* SPDX-License-Identifier: BSD-2-Clause */
/* What the threads of a process share besides memory, and what clone can make common to processes: descriptors, the place
 * that paths begin at, and what is done about signals.
 *
 * Each is counted: one user for a process, or for a thread that wanted one of its own.  Descriptors up to DESCRIPTORS_NEAR lie in
 * the record, those above in frames that are taken when one is needed.
 */
#pragma once

#include "os/files/file.h"

enum {
        DESCRIPTORS = 1024,
        DESCRIPTORS_NEAR = 32,
        DESCRIPTORS_FAR = 4096 / sizeof(struct file *),
        HANDLERS = 64,
};

struct descriptors {
        unsigned users; /* 0: unused record */
        unsigned limit; /* the first number that is not given (RLIMIT_NOFILE) */
        struct file *near[DESCRIPTORS_NEAR];
        frame_id far[(DESCRIPTORS - DESCRIPTORS_NEAR + DESCRIPTORS_FAR - 1) /
                     DESCRIPTORS_FAR];      /* 0: none of them is used */
        uint64_t on_exec[DESCRIPTORS / 64]; /* closed then */
};

struct place {
        unsigned users;
        struct node *directory;
        uint32_t mask;       /* umask: permissions that new files do not get */
        bool no_more_rights; /* it has refused further rights (prctl) */
};

/* Signals of a Linux program (signal.c); what happens at signal n is action n-1. */
struct signal_action {
        seL4_Word handler, flags, restorer, mask;
};

struct handlers {
        unsigned users;
        struct signal_action action[HANDLERS];
};

/* New ones with one user, NULL when all records are in use or out of memory: without any file, the root, all by default. */
struct descriptors *descriptors_make(void);
struct place *place_make(void);
struct handlers *handlers_make(void);

/* Copies with one user. */
struct descriptors *descriptors_copy(const struct descriptors *d);
struct place *place_copy(const struct place *p);
struct handlers *handlers_copy(const struct handlers *h);

/* Remove a user; NULL is allowed.  Descriptors are closed in pieces: true when that user has nothing to do with them any more. */
bool descriptors_drop_some(struct descriptors *d);
void place_drop(struct place *p);
void handlers_drop(struct handlers *h);

/* The file behind a number, NULL when there is none. */
struct file *descriptor_file(const struct descriptors *d, seL4_Word number);

/* What the number means from now on (NULL: nothing); the file before is not closed.  False when out of memory. */
bool descriptor_set(struct descriptors *d, seL4_Word number, struct file *f, bool on_exec);

bool descriptor_on_exec(const struct descriptors *d, seL4_Word number);
void descriptor_set_on_exec(struct descriptors *d, seL4_Word number, bool on);

/* The lowest free number in [from, end), or -SOS_EMFILE.  Cost: grows with the number. */
long descriptor_free(const struct descriptors *d, seL4_Word from, seL4_Word end);

/* A program begins: what is not for it is closed, in pieces; true: all of it is. */
bool descriptors_exec_some(struct descriptors *d);
