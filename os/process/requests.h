/* SPDX-License-Identifier: BSD-2-Clause */
/* Contexts of requests for transfers (io_setup of Linux): what was submitted, and results that nobody has fetched.
 *
 * A context belongs to an address space and goes with it.  It has room for so many requests, and each of them has a record from the time
 * at which it is accepted until its result has been fetched: so there is a place for each result, and none is lost.  Records lie in frames
 * that are taken when they are needed.  Which calls there are is in calls/linux/files/requests.c.
 *
 * Invariant: a record is free, is carried out by one call (whose requests.record it is), or is in the list of results.
 */
#pragma once

#include "os/core/wait.h"
#include "os/files/file.h"
#include "os/memory/space.h"

enum { REQUESTS_MOST = 4096, REQUEST_CONTEXTS = 64 };
enum { REQUESTS_KIN = 3072, REQUEST_CONTEXTS_KIN = 48 }; /* of them for one family (family.h) */

/* As programs have it in memory. */
enum {
        REQUEST_READ,
        REQUEST_WRITE,
        REQUEST_SYNC,
        REQUEST_SYNC_DATA,
        REQUEST_READ_VECTORS = 7,
        REQUEST_WRITE_VECTORS
};
enum { REQUEST_TELLS = 1, REQUEST_HAS_PRIORITY = 2 };

struct request {
        uint64_t data;
        uint32_t key, ways;
        uint16_t what;
        int16_t priority;
        uint32_t descriptor;
        uint64_t buffer, bytes;
        int64_t offset;
        uint64_t reserved;
        uint32_t flags, event;
};
_Static_assert(sizeof(struct request) == 64, "as programs know it");

struct request_result {
        uint64_t data, request;
        int64_t value, second;
};

struct request_record {
        uint64_t data, request; /* its address */
        union {
                int64_t value;
                uint64_t buffer;
        };
        uint64_t bytes, offset;
        struct file *event; /* the counter that is told of the result, NULL: none; the record is a user */
        uint32_t descriptor, ways;
        uint16_t what;
        uint16_t next; /* in the list of results, or of free ones; 0: the last */
};

enum { REQUEST_RECORDS = PAGE / sizeof(struct request_record) };
enum { REQUEST_FRAMES = (2 * REQUESTS_MOST + PAGE / 32) / REQUEST_RECORDS + 1 };

struct request_context {
        uint64_t space; /* its number; 0: unused */
        int kin;        /* the family of who opened it */
        seL4_Word va;
        unsigned asked, room, going; /* `going` are carried out */
        unsigned used;               /* records that were ever used */
        unsigned count;              /* of its results */
        uint16_t first, last, free;
        bool ends; /* somebody waits until none is carried out any more, and then destroys it */
        struct wait_queue changed; /* there is a result, or it ends */
        frame_id frame[REQUEST_FRAMES];
};

/* NULL: there are too many, or too many requests were promised; all together, or to that family. */
struct request_context *requests_open(const struct space *s, int kin, seL4_Word va, unsigned asked);

/* NULL: there is none. */
struct request_context *requests_find(const struct space *s, seL4_Word va);
void requests_close(struct request_context *c);

/* The address space is about to go. */
void requests_end(const struct space *s);

/* A record for a request that is carried out, not 0; 0: there is no room.  The record of a number.  It has not been accepted after all; or
 * has that result now, and the counter has been told. */
uint16_t requests_take(struct request_context *c);
struct request_record *request_record(const struct request_context *c, uint16_t number);
void requests_refuse(struct request_context *c, uint16_t number);
void requests_finish(struct request_context *c, uint16_t number, int64_t value);

/* The first result; false: there is none.  And it has been fetched. */
bool requests_first(const struct request_context *c, struct request_result *result);
void requests_fetched(struct request_context *c);
