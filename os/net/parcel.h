/* SPDX-License-Identifier: BSD-2-Clause */
/* Open files on their way from one process to another, through a socket between processes (SCM_RIGHTS), and who sent something.
 *
 * A parcel belongs to a range of positions in the stream that comes in at a socket: with the first byte that is read of it, it arrives.
 * An open file in a parcel has one user more.  Sockets can be in parcels that wait in each other's streams, which nobody can
 * ever read: parcels_sweep finds those, and closes what they hold.
 *
 * Invariants: the parcels of a socket are in the order of their positions and do not overlap.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct file;
struct socket;

enum { PARCELS = 256, PARCEL_FILES = 1024, PARCEL_FILES_MAX = 253 };
enum { PARCELS_KIN = 192, PARCEL_FILES_KIN = 768 }; /* at the sockets of one family */

/* Who has sent something: pid 0: it was not asked for. */
struct sender {
        int pid;
        uint32_t user, group;
};

struct parcel {
        struct parcel *next;
        uint32_t start, end; /* positions; equal: it belongs to a message without bytes */
        struct sender by;
        uint16_t first, files;
        int kin; /* the family whose socket it waits at */
};

/* Behind what waits at `s` already.  False, and nothing has happened: there are too many, here or in all. */
bool parcel_add(struct socket *s, uint32_t start, uint32_t end, const struct sender *by,
                struct file *const files[], unsigned count);

/* The first one at `s` that begins before `end`, NULL: none; and the next one behind it. */
struct parcel *parcel_before(const struct socket *s, uint32_t end);

/* File i of a parcel, which keeps it. */
struct file *parcel_file(const struct parcel *parcel, unsigned i);

/* The first one at `s` goes, with its files; or only these go, because its first byte has been read. */
void parcel_drop(struct socket *s);
void parcel_deliver(struct socket *s);

/* A file of a socket has lost a user, or a socket its parcels: close what nobody can reach any more.
 * Cost: the number of files in parcels; nothing when there is none. */
void parcels_sweep(void);
