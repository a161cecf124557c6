/* SPDX-License-Identifier: BSD-2-Clause */
/* See socket.h. */
#include <socket/socket.h>

enum {
        INFO = SOCKET_START,
        BELLS = INFO + 2048,
        BELL_BYTES = RING_HEAD + SOCKET_BELLS * 8,
        RECORDS = (BELLS + 2 * BELL_BYTES + 511) / 512 * 512,
        STREAM_BYTES = RING_HEAD + SOCKET_STREAM,
        STREAMS = RECORDS + SOCKETS * (int)sizeof(struct socket_record),
};
_Static_assert(sizeof(struct socket_info) <= BELLS - INFO, "the info has its place");
_Static_assert(STREAMS + 2 * SOCKETS * STREAM_BYTES <= SOCKET_MEMORY, "everything has its place");

void socket_link_open(struct socket_link *link, void *memory, enum socket_side side)
{
        char *bells = (char *)memory + BELLS;
        bool client = side == SOCKET_CLIENT;

        *link = (struct socket_link){.side = side, .memory = memory};
        ring_open(&link->out, bells + (client ? 0 : BELL_BYTES), SOCKET_BELLS, 8, true);
        ring_open(&link->in, bells + (client ? BELL_BYTES : 0), SOCKET_BELLS, 8, false);
}

struct socket_info *socket_info(const struct socket_link *link)
{
        return (struct socket_info *)(link->memory + INFO);
}

struct socket_record *socket_record(const struct socket_link *link, uint32_t number)
{
        return (struct socket_record *)(link->memory + RECORDS) + number;
}

static char *stream_memory(const struct socket_link *link, uint32_t number, bool out)
{
        return link->memory + STREAMS + (size_t)(2 * number + out) * STREAM_BYTES;
}

void socket_stream_open(const struct socket_link *link, uint32_t number, bool out, struct ring *stream)
{
        ring_open(stream, stream_memory(link, number, out), SOCKET_STREAM, 1,
                  out == (link->side == SOCKET_CLIENT));
}

void socket_clear(const struct socket_link *link, uint32_t number)
{
        struct socket_record *r = socket_record(link, number);
        uint32_t last = r->request.serial;

        __builtin_memset(&r->status, 0, sizeof(r->status));
        __builtin_memset(stream_memory(link, number, false), 0, RING_HEAD);
        __builtin_memset(stream_memory(link, number, true), 0, RING_HEAD);
        r->request = (struct socket_request){.serial = last};
}

void socket_ask(const struct socket_link *link, uint32_t number, const struct socket_request *request)
{
        struct socket_request *shared = &socket_record(link, number)->request;

        shared->call = request->call;
        shared->name = request->name;
        for (int i = 0; i < SOCKET_VALUES; i++)
                shared->value[i] = request->value[i];
        __atomic_store_n(&shared->serial, request->serial, __ATOMIC_RELEASE);
}

bool socket_answered(const struct socket_link *link, uint32_t number, uint32_t serial, int32_t *result)
{
        struct socket_answer *shared = &socket_record(link, number)->answer;

        if (__atomic_load_n(&shared->serial, __ATOMIC_ACQUIRE) != serial)
                return false;
        *result = shared->result;
        return true;
}

bool socket_asked(const struct socket_link *link, uint32_t number, uint32_t last,
                  struct socket_request *request)
{
        const struct socket_request *shared = &socket_record(link, number)->request;
        uint32_t serial = __atomic_load_n(&shared->serial, __ATOMIC_ACQUIRE);

        if (serial == last)
                return false;
        *request = *shared;
        request->serial = serial;
        return true;
}

void socket_answer(const struct socket_link *link, uint32_t number, uint32_t serial, int32_t result)
{
        struct socket_answer *shared = &socket_record(link, number)->answer;

        shared->result = result;
        __atomic_store_n(&shared->serial, serial, __ATOMIC_RELEASE);
}

/* An exchange, so that the side that clears it sees what was changed before. */
void socket_ring(struct socket_link *link, uint32_t number)
{
        uint32_t *rung = &socket_record(link, number)->bell[link->side].rung;
        uint64_t item = number;

        if (!__atomic_exchange_n(rung, 1, __ATOMIC_SEQ_CST)) {
                (void)ring_put(&link->out, &item); /* full only if the peer lies: its own loss */
        }
}

bool socket_must_wake(struct socket_link *link)
{
        if (link->told == link->out.position)
                return false;
        link->told = link->out.position;
        return ring_must_wake(&link->out);
}

int socket_rung(struct socket_link *link)
{
        uint64_t item;

        while (!ring_is_empty(&link->in) && ring_get(&link->in, &item)) {
                if (item < SOCKETS) {
                        __atomic_exchange_n(&socket_record(link, (uint32_t)item)->bell[!link->side].rung, 0,
                                            __ATOMIC_SEQ_CST);
                        return (int)item;
                }
        }
        return -1;
}

bool socket_may_sleep(struct socket_link *link)
{
        return ring_may_sleep(&link->in);
}
