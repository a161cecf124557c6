/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of a system as the kernel's dump reports it (lib/cap/dump/dump.h has the lines), in tables, and what can be derived from it.
 * The same sources make the starter OS's program and the tool of the host. */
#ifndef DUMP_H
#define DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Kinds of capabilities, by their public numbers. */
enum kind {
        FRAME = 1,
        UNTYPED = 2,
        ENDPOINT = 4,
        NOTIFICATION = 6,
        REPLY = 8,
        VSPACE = 9,
        CNODE = 10,
        THREAD = 12,
        LINE = 16,
        CONTEXT = 22,
        KINDS = 32,
};

enum state { INACTIVE, RUNNING, RESTARTING, SENDING, RECEIVING, LISTENING, AWAITING };

enum { READ = 2, WRITE = 1, WORDS = 13, REFILLS = 64 };

struct thing {
        uint64_t id;
        enum kind kind;
        uint64_t word[WORDS]; /* as in tessera/dump.h */
        uint64_t refill[REFILLS][2];
        unsigned refills;
        char name[32];
        bool live; /* a thread that may go on (waits.c) */
        size_t number;
};

struct capability {
        uint64_t container, slot, object, word, next;
        uint32_t index;
        unsigned kind, bits, info;
        bool original;
};

struct container {
        uint64_t id, slots;
        char path[64];
};

struct mapping {
        uint64_t space, address, memory, bytes;
};

struct table {
        void *at;
        size_t count, room, size;
};

struct dump {
        struct table things, caps, containers, mappings;
        size_t *place, places; /* of an entry by its identifier, counted from 1 */
        uint64_t hz, generations, calls;
        bool whole;         /* it has its last line */
        unsigned deadlocks; /* that text_all found */
};

/* False, with *line and the reason, when a line does not belong to a dump; true otherwise.  Lines before the first are skipped, since a
 * console has others, too. */
bool dump_read(struct dump *d, FILE *from, unsigned long *line, const char **why);

struct thing *dump_find(const struct dump *d, uint64_t id);
#define EACH(type, name, table) (type *name = (table).at; name != (type *)(table).at + (table).count; name++)

/* The threads of a kind of holder: those in whose CSpace is a cap to an object with one of these rights (0: any), and that are not
 * `but`.  The root task's are only named when there are no others, since it holds everything.  *at begins at 0; NULL: no more. */
struct thing *dump_holder(const struct dump *d, uint64_t object, unsigned rights, const struct thing *but,
                          size_t *at);

/* What a thread waits for: one of these threads has to act.  *at begins at 0. */
struct thing *dump_waker(const struct dump *d, const struct thing *t, size_t *at);

/* Sets `live`; prints each ring of threads that wait for each other, and the number of them. */
unsigned waits_deadlocks(struct dump *d, FILE *to);

const char *thing_name(const struct dump *d, uint64_t id); /* one of several buffers that are used in turn */
const char *kind_name(unsigned kind);
const char *state_name(unsigned state);
unsigned thread_state(const struct thing *t);
unsigned thread_priority(const struct thing *t);
unsigned thread_core(const struct thing *t);
uint64_t thread_cspace(const struct dump *d, const struct thing *t);

void text_all(struct dump *d, FILE *to);
/* The same, at most 40 lines of each table and 160 characters of a line; false: no memory for it. */
bool text_brief(struct dump *d, FILE *to);
void json_all(struct dump *d, FILE *to);

/* WHAT is tree, talk or memory; false otherwise. */
bool dot_picture(struct dump *d, const char *what, FILE *to);
bool svg_picture(struct dump *d, const char *what, FILE *to);

#endif
