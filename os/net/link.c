/* SPDX-License-Identifier: BSD-2-Clause */
/* What the network program reports, its start and its end; see socket.h. */
#include "os/net/link.h"
#include "base/text.h"
#include "os/device/board.h"
#include "sos/clock.h"
#include "sos/proto.h"

enum {
        AGAIN_OPEN = 1,
        AGAIN_BIND,
        AGAIN_LISTEN,
        AGAIN_CONNECT,
        AGAIN_OPTION /* and the number of the option */
};

/* What to ask in that step; false: nothing. */
static bool step_again(const struct socket *s, unsigned step, struct socket_request *r)
{
        unsigned option = step - AGAIN_OPTION;

        *r = (struct socket_request){.call = SOCKET_OPTION, .value = {option}};
        switch (step) {
        case AGAIN_OPEN:
                *r = (struct socket_request){.call = SOCKET_OPEN,
                                             .value = {s->kind, s->family, s->protocol, (uint32_t)s->kin}};
                return true;
        case AGAIN_BIND:
                *r = (struct socket_request){.call = SOCKET_BIND, .name = s->bound};
                return s->bound.family;
        case AGAIN_LISTEN:
                *r = (struct socket_request){.call = SOCKET_LISTEN, .value = {s->backlog}};
                return s->listens;
        case AGAIN_CONNECT:
                *r = (struct socket_request){.call = SOCKET_CONNECT, .name = s->peer};
                return s->peer.family && s->kind != SOCKET_STREAMING;
        default:
                r->value[1] = s->option[option];
                return s->options >> option & 1;
        }
}

/* The next thing to ask for a socket that is being made again. */
static bool next_again(struct socket *s, struct socket_request *r)
{
        while (s->again && s->again < AGAIN_OPTION + SOCKET_OPTIONS) {
                if (step_again(s, s->again++, r))
                        return true;
        }
        s->again = 0;
        return false;
}

/* Continue making it again; at the end, with what it was asked when that became necessary. */
static void go_on_again(struct socket *s)
{
        struct socket_request next;

        s->anew = next_again(s, &next);
        if (!s->anew) {
                next = s->held;
                s->held.serial = 0;
        }
        if (s->anew || next.serial)
                link_ask(s, &next);
}

static void take_answer(struct socket *s)
{
        int32_t result;

        if (!s->asked.serial || !socket_answered(&net.link, s->number, s->asked.serial, &result))
                return;
        if (s->state == SOCKET_LEAVING) {
                link_free(s);
                return;
        }
        if (!s->anew) {
                s->answered = s->asked.serial;
                s->result = result < -4095 ? -SOS_EIO : result;
        }
        s->asked.serial = 0;
        if (s->anew)
                go_on_again(s);
}

static void heard(struct socket *s)
{
        if (s->state == SOCKET_FREE || s->lost)
                return;
        take_answer(s);
        wait_wake(&s->changed);
}

/* A date that a server of the network has told, if it is new and can be one: 32 bits of seconds are what their protocol has. */
static void hear_date(void)
{
        uint64_t epoch = __atomic_load_n(&socket_info(&net.link)->epoch, __ATOMIC_ACQUIRE);

        if (epoch == net.epoch || epoch / 1000000 > UINT32_MAX)
                return;
        net.epoch = epoch;
        if (epoch)
                board_learn_date(epoch + clock_us());
}

/* An honest program rings fewer times than that, because it does not run while we do. */
bool sockets_hear(void)
{
        enum { ROUNDS = 4 * SOCKET_BELLS };
        int number;

        if (net.open)
                hear_date();
        for (unsigned i = 0; net.open && i < ROUNDS; i++) {
                number = socket_rung(&net.link);
                if (number >= 0)
                        heard(&net.table[number]);
                if (net.link.in.broken)
                        return false;
                if (socket_may_sleep(&net.link)) /* one bell is the usual number */
                        return true;
        }
        return !net.open;
}

/* --- its beginning and end --- */

/* What it was asked and has not answered will be asked again, unless it is about a connection, which is over. */
static void lose(struct socket *s)
{
        if (s->state == SOCKET_LEAVING) {
                link_free(s);
                return;
        }
        if (s->accepting)
                link_free(s->accepting);
        s->accepting = NULL;
        s->lost = s->kind == SOCKET_STREAMING && !s->listens && (s->peer.family || s->connecting);
        if (s->lost) {
                s->error = SOS_ECONNRESET;
                s->connecting = false;
        } else {
                s->again = AGAIN_OPEN;
                if (!s->anew && s->asked.call != SOCKET_ACCEPT)
                        s->held = s->asked;
                if (s->held.serial && s->held.call == SOCKET_OPEN)
                        s->again = 0;
        }
        s->asked.serial = 0;
}

void sockets_lost(void)
{
        net.open = false;
        for (uint32_t i = 1; i < SOCKETS; i++) {
                if (net.table[i].state == SOCKET_FREE)
                        continue;
                lose(&net.table[i]);
                wait_wake(&net.table[i].changed);
        }
}

void sockets_gone(void)
{
        net.there = false;
        for (uint32_t i = 1; i < SOCKETS; i++) {
                struct socket *s = &net.table[i];

                s->held.serial = s->again = 0;
                s->lost = s->state == SOCKET_USED;
                s->error = s->lost ? SOS_ENETDOWN : 0;
                wait_wake(&s->changed);
        }
}

/* Streams of what was lost stay: what has come in can be read. */
void sockets_open(void *memory, void (*poke)(void))
{
        char *info, *streams;

        socket_link_open(&net.link, memory, SOCKET_CLIENT);
        info = (char *)socket_info(&net.link);
        streams = (char *)socket_record(&net.link, SOCKETS);
        memset(info, 0, (size_t)(streams - info));
        net.open = net.there = true;
        net.poke = poke;
        net.lines = 0;
        net.epoch = 0;
        for (uint32_t i = 1; i < SOCKETS; i++) {
                struct socket *s = &net.table[i];

                if (s->state != SOCKET_USED || s->lost)
                        continue;
                link_open_streams(s);
                go_on_again(s);
        }
        socket_may_sleep(&net.link);
}
