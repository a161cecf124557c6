/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets in shared memory, between a network server and the system whose programs use it.
 *
 *      record: request, answer, status          for each socket, 512 bytes
 *      streams: in, out                         for each socket, a ring of characters (ring/ring.h) for each direction
 *      bells                                    two rings of numbers: at these sockets something has changed
 *      info                                     what the server says about the network
 *
 * The client (the system) owns the numbers of sockets: it opens one with a request, and it is free again when the request to close it
 * has been answered.  A socket has one request at a time; `serial` is stored last, by the asking and by the answering side, so that
 * what belongs to it is whole.  Bytes of a connection lie in the streams as they are.  Datagrams lie there one behind the other, each
 * behind a struct socket_datagram, and are put and taken as one.
 *
 * Neither side trusts the other: each keeps its positions in memory of its own, copies a record before it judges it, and a position
 * that cannot be ends that stream (ring/ring.h).  Invalid numbers are skipped.  A bell is rung once until it was heard.
 *
 * Cost: O(1) each, except for the copying of bytes.
 */
#pragma once

#include <ring/ring.h>

enum {
        SOCKETS = 120, /* number 0 is none: its bell says that the info has changed */
        SOCKET_STREAM = 8192,
        SOCKET_BELLS = 128,
        SOCKET_VALUES = 6,
        SOCKET_ADDRESSES = 4,
        SOCKET_TIMES = 2,
        SOCKET_LINE_MAX = 64,
        SOCKET_LINES = 8,
};

enum socket_side { SOCKET_CLIENT, SOCKET_SERVER };

enum socket_kind { SOCKET_STREAMING = 1, SOCKET_DATAGRAMS = 2, SOCKET_RAW = 3 };

/* Results are 0 or more, or the negative number of an error of Linux. */
enum socket_call {
        SOCKET_OPEN = 1, /* kind, family (4 or 6), protocol, number of whom it is for */
        SOCKET_BIND,     /* name */
        SOCKET_CONNECT, /* name: begun; how it ends, the status says.  Family 0: connected to nobody any more (datagrams) */
        SOCKET_LISTEN, /* how many may wait */
        SOCKET_ACCEPT, /* number of the new socket: it is the connection that waits for the longest time */
        SOCKET_SHUT, /* 1: no more is read, 2: no more is sent, 3: both; what is in the stream is sent before */
        SOCKET_CLOSE,  /* 1: at once, with a reset; else what is in the stream is sent before */
        SOCKET_OPTION, /* enum socket_option, value */
};

enum socket_option {
        SOCKET_REUSE_ADDRESS = 1,
        SOCKET_BROADCAST,
        SOCKET_KEEP_ALIVE,
        SOCKET_NO_DELAY,
        SOCKET_TTL,
        SOCKET_KEEP_IDLE, /* seconds */
        SOCKET_KEEP_INTERVAL,
        SOCKET_KEEP_COUNT,
        SOCKET_ONLY_V6,
};

enum socket_flags {
        SOCKET_CONNECTED = 1,
        SOCKET_ENDED = 2, /* nothing more will come behind what is in the stream */
        SOCKET_GONE = 4,  /* the connection is over; `error` says why, if it was not its end */
        SOCKET_LISTENS = 8,
};

struct socket_name {
        uint8_t family, rest; /* 4, 6; 0: none */
        uint16_t port;
        uint32_t scope; /* of an address of IPv6 that needs one */
        uint8_t address[16];
};

struct socket_datagram {
        uint32_t bytes, rest;
        struct socket_name name; /* from, or to; family 0: where the socket is connected to */
};
enum { SOCKET_DATAGRAM_MAX = SOCKET_STREAM - (int)sizeof(struct socket_datagram) };

struct socket_request {
        uint32_t serial, call;
        uint32_t value[SOCKET_VALUES];
        struct socket_name name;
        uint64_t rest;
};

struct socket_answer {
        uint32_t serial;
        int32_t result;
        uint64_t rest[7];
};

struct socket_status {
        uint32_t flags;
        int32_t error;
        uint32_t waiting; /* connections to accept */
        uint32_t errors;  /* of datagrams: how many, `error` is the last one */
        uint32_t kept;    /* bytes that were taken from the stream, and that the peer has not acknowledged */
        uint32_t rest;
        struct socket_name local, remote;
};

struct socket_record {
        struct socket_request request;
        struct socket_answer answer;
        struct socket_status status;
        struct {
                uint32_t rung, rest[15];
        } bell[2]; /* by side: who hears it */
        uint64_t rest[23];
};
_Static_assert(sizeof(struct socket_record) == 512, "lines of the two sides apart");

/* Everything is the server's word; `ready` is stored last. */
struct socket_info {
        uint32_t ready;
        uint8_t mac[6], up, rest;
        struct socket_name address[SOCKET_ADDRESSES], mask, gateway, dns[SOCKET_ADDRESSES];
        uint64_t received, sent, received_bytes, sent_bytes, copied, runts, full, dropped, resets;
        uint64_t heap_used, heap_most, heap_size;
        /* Microseconds since 1970 when the clock was 0, as the time servers `ntp` have said; 0: none has. */
        uint64_t epoch;
        struct socket_name ntp[SOCKET_TIMES];
        char line[SOCKET_LINES]
                 [SOCKET_LINE_MAX]; /* the last things it had to say: number n in entry n mod SOCKET_LINES */
        uint32_t lines;             /* how many they were */
};

struct socket_link {
        enum socket_side side;
        char *memory;
        struct ring in, out; /* bells */
        uint32_t told;       /* those that the other side was woken for, or need not be */
};

/* The memory: a page for who starts the server, then what is here.  In all 2 MiB. */
enum { SOCKET_START = 4096, SOCKET_MEMORY = 2 << 20 };

/* One side of zeroed memory. */
void socket_link_open(struct socket_link *link, void *memory, enum socket_side side);

struct socket_info *socket_info(const struct socket_link *link);
struct socket_record *socket_record(const struct socket_link *link, uint32_t number);

/* The stream that the client writes (`out`) or reads, as this side sees it. */
void socket_stream_open(const struct socket_link *link, uint32_t number, bool out, struct ring *stream);

/* Client: empty both streams and the record of a number that nobody uses. */
void socket_clear(const struct socket_link *link, uint32_t number);

/* Client: ask; `serial` not 0 and another than the last one.  Has it been answered?  Then the result. */
void socket_ask(const struct socket_link *link, uint32_t number, const struct socket_request *request);
bool socket_answered(const struct socket_link *link, uint32_t number, uint32_t serial, int32_t *result);

/* Server: a request with another serial than `last`?  Then a copy of it.  And the answer to one. */
bool socket_asked(const struct socket_link *link, uint32_t number, uint32_t last,
                  struct socket_request *request);
void socket_answer(const struct socket_link *link, uint32_t number, uint32_t serial, int32_t result);

/* Something has changed at this socket: the other side should look.  Later: must it be signalled?  Never if no bell was rung since. */
void socket_ring(struct socket_link *link, uint32_t number);
bool socket_must_wake(struct socket_link *link);

/* The next socket where something has changed, -1: none.  Before waiting: true if there is still none. */
int socket_rung(struct socket_link *link);
bool socket_may_sleep(struct socket_link *link);
