/* SPDX-License-Identifier: BSD-2-Clause */
/* See socket.h. */
#include "base/text.h"
#include "os/net/link.h"
#include "os/net/local.h"
#include "sos/proto.h"

struct net_link net;

struct socket *socket_entry(unsigned i)
{
        return i < SOCKETS ? &net.table[i] : NULL;
}

bool sockets_serve(void)
{
        return net.open && __atomic_load_n(&socket_info(&net.link)->ready, __ATOMIC_ACQUIRE);
}

bool sockets_there(void)
{
        return net.there;
}

const struct socket_info *sockets_info(void)
{
        if (!sockets_serve())
                return NULL;
        net.info = *socket_info(&net.link);
        return &net.info;
}

const char *sockets_line(void)
{
        static char line[SOCKET_LINE_MAX];
        uint32_t lines =
                net.open ? __atomic_load_n(&socket_info(&net.link)->lines, __ATOMIC_ACQUIRE) : net.lines;

        if (lines == net.lines)
                return NULL;
        if (lines - net.lines > SOCKET_LINES)
                net.lines = lines - SOCKET_LINES;
        memcpy(line, socket_info(&net.link)->line[net.lines++ % SOCKET_LINES], sizeof(line));
        line[sizeof(line) - 1] = '\0';
        for (char *c = line; *c; c++)
                *c = *c < ' ' || *c > '~' ? '?' : *c;
        return line;
}

static void ring_for(const struct socket *s)
{
        socket_ring(&net.link, s->number);
        if (socket_must_wake(&net.link))
                net.poke();
}

static void moved(const struct socket *s, struct ring *stream)
{
        if (!s->lost && ring_must_wake(stream))
                ring_for(s);
}

void socket_took(struct socket *s)
{
        moved(s, &s->rx);
}

void socket_put(struct socket *s)
{
        moved(s, &s->tx);
}

static uint32_t look(struct ring *stream, uint32_t enough)
{
        uint32_t ready = stream->own ? ring_ready(stream) : 0;

        if (ready >= enough || !stream->own)
                return ready;
        ring_sleeps(stream);
        return ring_ready(stream);
}

uint32_t socket_ready(struct socket *s, uint32_t enough)
{
        return look(&s->rx, enough);
}

uint32_t socket_room(struct socket *s, uint32_t enough)
{
        return look(&s->tx, enough);
}

void socket_watched(struct socket *s)
{
        look(&s->rx, UINT32_MAX);
        look(&s->tx, UINT32_MAX);
}

void link_open_streams(struct socket *s)
{
        socket_clear(&net.link, s->number);
        s->record = socket_record(&net.link, s->number);
        socket_stream_open(&net.link, s->number, false, &s->rx);
        socket_stream_open(&net.link, s->number, true, &s->tx);
}

void link_ask(struct socket *s, const struct socket_request *request)
{
        s->asked = *request;
        if (!s->asked.serial)
                s->asked.serial = ++net.serial ? net.serial : ++net.serial;
        if (!s->lost && net.open) {
                socket_ask(&net.link, s->number, &s->asked);
                ring_for(s);
        }
}

/* The last ones are for other families. */
static bool has_its_share(int kin)
{
        unsigned count = 0;

        for (unsigned i = 1; i < SOCKETS; i++)
                count += net.table[i].state != SOCKET_FREE && net.table[i].kin == kin;
        return count >= SOCKETS_KIN;
}

struct socket *socket_new(unsigned kind, unsigned family, unsigned protocol, uint32_t owner, int kin)
{
        if (has_its_share(kin))
                return NULL;
        for (uint32_t i = 1; i < SOCKETS; i++) {
                struct socket *s = &net.table[i];

                if (s->state != SOCKET_FREE)
                        continue;
                *s = (struct socket){.number = i,
                                     .state = SOCKET_USED,
                                     .kind = (uint8_t)kind,
                                     .family = (uint8_t)family,
                                     .protocol = (uint8_t)protocol,
                                     .owner = owner,
                                     .kin = kin};
                link_open_streams(s);
                return s;
        }
        return NULL;
}

bool socket_request(struct socket *s, const struct socket_request *request, uint32_t *serial)
{
        if (s->asked.serial || s->again || s->held.serial)
                return false;
        s->anew = false;
        if (s->lost) { /* nobody would answer */
                *serial = s->answered = ++net.serial ? net.serial : ++net.serial;
                s->result = -SOS_ENOTCONN;
                return true;
        }
        link_ask(s, request);
        *serial = s->asked.serial;
        return true;
}

bool socket_result(const struct socket *s, uint32_t serial, long *result)
{
        if (s->asked.serial == serial || s->held.serial == serial)
                return false;
        *result = s->answered == serial ? s->result
                                        : -SOS_ECONNRESET; /* others have asked since, or it was lost */
        return true;
}

void link_free(struct socket *s)
{
        wait_wake(&s->changed);
        s->state = SOCKET_FREE;
        s->asked.serial = 0;
}

void socket_close(struct socket *s, bool reset)
{
        struct socket_request r = {.call = SOCKET_CLOSE, .value = {reset}};

        if (s->family == LOCAL) {
                local_close(s);
                return;
        }
        if (s->accepting)
                socket_close(s->accepting, true);
        s->accepting = NULL;
        wait_wake(&s->changed);
        if (s->lost) {
                link_free(s);
                return;
        }
        s->state = SOCKET_LEAVING;
        s->again = 0;
        link_ask(s, &r); /* whatever was asked before: it is about to go */
}

struct socket *socket_accept(struct socket *s, uint32_t owner, long *why)
{
        struct socket_request r = {.call = SOCKET_ACCEPT};
        struct socket *n = s->accepting;
        uint32_t serial;

        *why = 0;
        if (!n) {
                *why = s->lost ? -SOS_ENETDOWN : socket_status(s).waiting ? 0 : -SOS_EAGAIN;
                if (*why || s->asked.serial || s->again || s->held.serial)
                        return NULL;
                n = socket_new(s->kind, s->family, s->protocol, owner, s->kin);
                *why = n ? 0 : -SOS_ENFILE;
                if (!n)
                        return NULL;
                s->accepting = n;
                r.value[0] = n->number;
                socket_request(s, &r, &serial);
        }
        if (s->asked.serial)
                return NULL;
        s->accepting = NULL;
        if (s->result == 0) {
                n->peer = socket_status(n).remote;
                n->peer.family = (uint8_t)(n->family);
                return n;
        }
        *why = s->result;
        socket_close(n, true);
        return NULL;
}

struct socket_status socket_status(const struct socket *s)
{
        if (s->family == LOCAL)
                return local_status(s);
        if (s->lost)
                return (struct socket_status){.flags = SOCKET_GONE | SOCKET_ENDED};
        return s->record->status;
}

/* Of the record, which the other side may change at any time, only what is asked for is read, and once. */
static uint32_t flags_of(const struct socket *s)
{
        if (s->family == LOCAL || s->lost)
                return socket_status(s).flags;
        return __atomic_load_n(&s->record->status.flags, __ATOMIC_ACQUIRE);
}

/* An error that was told and not reported yet. */
static int told_error(const struct socket *s, uint32_t flags)
{
        const struct socket_status *status;
        bool over = flags & SOCKET_GONE && !s->error_taken;
        int error;

        if (s->family == LOCAL || s->lost)
                return 0;
        status = &s->record->status;
        if (s->kind == SOCKET_STREAMING ? !over
                                        : __atomic_load_n(&status->errors, __ATOMIC_ACQUIRE) == s->errors)
                return 0;
        error = __atomic_load_n(&status->error, __ATOMIC_RELAXED);
        return error > 0 && error < 4096 ? error : 0;
}

static int error_of(const struct socket *s, uint32_t flags)
{
        return s->error ? s->error : told_error(s, flags);
}

int socket_error(struct socket *s, bool take)
{
        int error = error_of(s, flags_of(s));

        if (take && error) {
                s->error_taken |= !s->error;
                s->errors = socket_status(s).errors;
                s->error = 0;
        }
        return error;
}

/* Neither connected, nor on the way there, nor waiting for others. */
static bool is_idle(const struct socket *s)
{
        return s->kind == SOCKET_STREAMING && s->family != LOCAL && !s->listens && !s->connecting &&
               !s->peer.family;
}

static bool is_over(const struct socket *s, uint32_t flags)
{
        return flags & SOCKET_GONE || is_idle(s) || (flags & SOCKET_ENDED && s->shut_out) ||
               (s->family == LOCAL && s->protocol != LOCAL_DATAGRAM && !s->other && !s->listens);
}

bool socket_over(const struct socket *s)
{
        return is_over(s, flags_of(s));
}

static bool is_at_end(const struct socket *s, uint32_t flags)
{
        return s->shut_in || s->rx.broken ||
               ((s->kind == SOCKET_STREAMING || s->family == LOCAL) && flags & SOCKET_ENDED);
}

bool socket_at_end(const struct socket *s)
{
        return is_at_end(s, flags_of(s));
}

static bool has_waiting(const struct socket *s)
{
        if (s->family == LOCAL || s->lost)
                return socket_status(s).waiting > 0;
        return __atomic_load_n(&s->record->status.waiting, __ATOMIC_ACQUIRE) > 0;
}

static bool may_read(struct socket *s, bool failed, bool at_end)
{
        if (s->listens)
                return s->accepting || has_waiting(s);
        return socket_ready(s, 1) > 0 || failed || at_end;
}

void socket_shared_less(struct socket *s)
{
        if (s->family == LOCAL)
                parcels_sweep();
}

static bool may_write(struct socket *s, uint32_t flags, bool failed)
{
        uint32_t enough = s->kind == SOCKET_STREAMING ? 1 : SOCKET_STREAM / 4;

        if (s->family == LOCAL)
                return local_writable(s);
        if (s->listens)
                return false;
        if (socket_room(s, enough) >= enough &&
            (s->kind != SOCKET_STREAMING || !s->connecting || flags & SOCKET_CONNECTED))
                return true;
        return s->shut_out || s->tx.broken || flags & SOCKET_GONE || failed;
}

/* Of the network's, with no end and no error in sight: what is asked about most. */
static bool is_plain(const struct socket *s)
{
        const struct socket_status *status = &s->record->status;

        return s->family != LOCAL && !s->lost && !is_idle(s) && !s->shut_in && !s->error && !s->rx.broken &&
               !(__atomic_load_n(&status->flags, __ATOMIC_ACQUIRE) & (SOCKET_GONE | SOCKET_ENDED)) &&
               (s->kind == SOCKET_STREAMING ||
                __atomic_load_n(&status->errors, __ATOMIC_ACQUIRE) == s->errors);
}

unsigned socket_signs(struct socket *s, unsigned wanted)
{
        if (wanted == SOCKET_READABLE && is_plain(s))
                return may_read(s, false, false) ? SOCKET_READABLE : 0;

        uint32_t flags = flags_of(s);
        bool failed = error_of(s, flags), at_end = is_at_end(s, flags);
        bool reads = wanted & SOCKET_READABLE && may_read(s, failed, at_end);
        bool writes = wanted & SOCKET_WRITABLE && may_write(s, flags, failed);

        return (reads ? SOCKET_READABLE : 0) | (writes ? SOCKET_WRITABLE : 0) |
               (is_over(s, flags) ? SOCKET_OVER : 0) | (failed ? SOCKET_FAILED : 0) |
               (at_end ? SOCKET_AT_END : 0);
}
