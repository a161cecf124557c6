/* SPDX-License-Identifier: BSD-2-Clause */
/* Datagrams that are sent.  Others may send on the same socket, so a datagram gets into its ring in one step.  One that lies in many pieces
 * of memory, each of which may need a page first, is gathered before: step by step, in a file without a name that the call keeps. */
#include "os/calls/linux/sockets/message.h"
#include "os/files/node.h"
#include "os/net/local.h"

enum { PIECES_AT_ONCE = 16, MOST = LOCAL_BYTES };
_Static_assert((int)MOST >= (int)LOCAL_MESSAGE_MAX && (int)MOST >= (int)SOCKET_DATAGRAM_MAX, "any datagram");

static _Alignas(RING_LINE) char memory[RING_HEAD + MOST]; /* of a ring that nobody reads: for one step */

/* 0: all of it is there. */
static long gather(struct process *p, const struct message *m, struct ring *step, seL4_Word bytes)
{
        struct call *c = &p->call;
        long n;

        if (!c->gathered) {
                c->gathered = node_nameless();
                if (!c->gathered)
                        return -SOS_ENOBUFS;
                node_open(c->gathered);
                c->vector_start = 0;
        }
        if (c->vector_start < bytes) {
                n = message_copy(p, m, c->vector_start, step, 0, bytes - c->vector_start);
                if (n < 0)
                        return n;
                if (node_write(c->gathered, c->vector_start, step->items, (size_t)n) != n)
                        return -SOS_ENOMEM;
                c->vector_start += (seL4_Word)n;
                c->attempts = 0; /* it got on */
        }
        return c->vector_start < bytes ? call_pauses(p) : 0;
}

long message_put(struct process *p, const struct message *m, struct ring *ring, uint32_t ahead,
                 seL4_Word bytes)
{
        struct message whole = *m;
        struct ring step;
        long error;

        if (m->count <= PIECES_AT_ONCE || !bytes) {
                whole.at_once = true;
                return message_copy(p, &whole, 0, ring, ahead, bytes);
        }
        ring_open(&step, memory, MOST, 1, true);
        error = gather(p, m, &step, bytes);
        if (error)
                return error;
        if (node_read(p->call.gathered, 0, step.items, bytes) != (long)bytes)
                return -SOS_ENOMEM;
        ring_put_at(ring, ahead, step.items, (uint32_t)bytes);
        call_forgets(&p->call);
        return (long)bytes;
}
