/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets of processes, as far as they are the network's: the system's side of socket/socket.h.
 *
 * A call that must wait for the network asks (socket_ask), and waits in the queue `changed` until socket_result has an answer; what comes
 * later is in the status.  Nothing here blocks.  The network program is not trusted: whatever it writes, at worst a socket of ours ends
 * with an error or carries wrong bytes.
 *
 * When it dies and comes back, sockets that listen and those of datagrams are made again there, with what was asked for them; connections
 * are over (ECONNRESET) behind what had come in already.  Calls that wait go on.
 *
 * Invariants: a record in use has a number of the link, its own index; it is free when the network has let go of the number.
 */
#pragma once

#include <socket/socket.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/core/wait.h"
#include "os/net/parcel.h"

enum { SOCKET_OPTIONS = SOCKET_ONLY_V6 + 1, SOCKET_PATH = 108, SOCKETS_KIN = 88 /* of one family */ };

struct file;
struct node;
struct parcel;

/* The name of a socket between processes, as programs write it behind the family: a path without a NUL, or a text that begins with one. */
struct local_name {
        uint8_t bytes; /* 0: none */
        char text[SOCKET_PATH];
};

enum socket_state { SOCKET_FREE, SOCKET_USED, SOCKET_LEAVING };

enum { SOCKET_WISHES = 8 };

struct socket {
        struct wait_queue changed; /* those who wait to read, to write, or for an answer */
        uint32_t number;
        uint8_t state, kind, family, protocol;
        bool shut_in, shut_out, connecting, listens;
        bool lost;        /* with the network program; `error` says so */
        bool error_taken; /* the status has been seen */
        int error;        /* to be reported once, 0: none */
        uint32_t errors;  /* of datagrams, that were reported */
        struct ring rx, tx;
        struct socket_record *record; /* what is shared of it */
        struct socket_request asked;  /* serial 0: nothing is asked */
        struct socket_request held;   /* in flight when the network program died; asked again later */
        uint32_t answered;            /* serial of the last answer */
        int32_t result;
        struct socket *accepting; /* a connection on its way out of this listener */
        /* What must be asked again when the network program has died. */
        uint8_t again; /* the next step of that, 0: done */
        bool anew;     /* what is asked is such a step */
        uint32_t backlog;
        struct socket_name bound, peer; /* family 0: not */
        uint32_t option[SOCKET_OPTIONS];
        uint16_t options;  /* bits: these were set */
        uint32_t sizes[2]; /* of what comes and what is sent, as it was told to be; 0: it was not */
        uint32_t wish[SOCKET_WISHES]; /* what changes nothing here (os/calls/linux/sockets/wishes.c), */
        uint8_t wished;               /* and bits: these were set */
        uint32_t owner;               /* pid that made it, for lists */
        int kin;                      /* the family (os/process/family.h) that it is for */
        uint64_t receive_us, send_us; /* the longest that a call waits, 0: for ever */
        /* Of those between processes (local.h). */
        struct socket *other, *next;
        void *stream;   /* of what comes in, */
        struct ring in; /* which is written with this */
        uint32_t waiting;
        bool parted, has_name;
        bool refused; /* of datagrams: the one that they were sent to has gone, which is to be reported once */
        bool passes;  /* it wants to know who has sent what it reads (SO_PASSCRED) */
        struct sender by,
                peer_by; /* who has made it, listens or connects; and who did at the other end when it was connected */
        struct local_name name;
        struct node *node; /* the file that is its name */
        struct file *file; /* the open file; NULL: not accepted yet */
        struct parcel *parcels;
        bool reset_at_end; /* close throws away what is not sent yet */
        struct { /* of one that asks the system about its network (os/calls/linux/sockets/netlink.h) */
                uint8_t type; /* as Linux numbers them; 0: it is none */
                bool capped, extended;
                uint32_t port; /* its name; 0: it has none */
        } netlink;
};

/* Is there a network program that serves?  Is there one at all, which may be about to start? */
bool sockets_serve(void);
bool sockets_there(void);

/* Memory that it shares with us, and what makes it look; before it starts, each time. */
void sockets_open(void *memory, void (*poke)(void));

/* It has rung: false if it has told what cannot be, and should end.  It has died. */
bool sockets_hear(void);
void sockets_lost(void);
void sockets_gone(void); /* and will not come back: nobody waits for it any more */

/* Look at what it has told: NULL before it has begun. */
const struct socket_info *sockets_info(void);

/* The next line that it wants on the console; NULL: none. */
const char *sockets_line(void);

/* A new one, for which nothing is asked yet; NULL: no number is free, or none for that family.  And its end, at once for the caller. */
struct socket *socket_new(unsigned kind, unsigned family, unsigned protocol, uint32_t owner, int kin);
void socket_close(struct socket *s, bool reset);

/* Ask; false: the answer to something else is awaited (in `changed`).  Later: the answer to what was asked with this serial; false:
 * not yet. */
bool socket_request(struct socket *s, const struct socket_request *request, uint32_t *serial);
bool socket_result(const struct socket *s, uint32_t serial, long *result);

/* Take a connection that waits into a new socket of `owner`: it, or NULL and why: -SOS_EAGAIN: none waits; 0: the answer is awaited (in
 * `changed`); another error. */
struct socket *socket_accept(struct socket *s, uint32_t owner, long *why);

struct socket_status socket_status(const struct socket *s);

/* The error that it has to report, SOS_E*, or 0; with `take` it counts as reported. */
int socket_error(struct socket *s, bool take);

/* Could a read or accept, or a write, proceed?  Is the connection over, is there an error to report, will nothing follow what has
 * arrived? */
enum socket_signs {
        SOCKET_READABLE = 1,
        SOCKET_WRITABLE = 2,
        SOCKET_OVER = 4,
        SOCKET_FAILED = 8,
        SOCKET_AT_END = 16
};
/* Of SOCKET_READABLE and SOCKET_WRITABLE only those that are `wanted`. */
unsigned socket_signs(struct socket *s, unsigned wanted);
bool socket_over(const struct socket *s);
bool socket_at_end(const struct socket *s);

/* Entry i of the table, NULL behind the last; free ones included. */
struct socket *socket_entry(unsigned i);

/* Bytes that have come in, and room for what goes out.  With fewer than `enough` the network will tell when that changes: whoever asked may
 * wait in `changed`. */
uint32_t socket_ready(struct socket *s, uint32_t enough);
uint32_t socket_room(struct socket *s, uint32_t enough);

/* For those who count in changed.events how often something has happened: the next thing will be told, whatever there is. */
void socket_watched(struct socket *s);

/* What was taken out of the one stream, or put into the other, becomes known to the network, if it waits for that. */
void socket_took(struct socket *s);
void socket_put(struct socket *s);

/* The open file of it has one user less, and still some. */
void socket_shared_less(struct socket *s);
