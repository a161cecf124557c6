/* SPDX-License-Identifier: BSD-2-Clause */
/* gdb's requests and the answers; see stub.h.  Any other request gets an empty packet, and gdb does without it. */
#include <stdio.h>
#include <string.h>

#include "stub.h"

enum { SIGNAL_TRAP = 5, CORE_BYTES = 33 * 8 + 4, FP_BYTES = 32 * 16 + 8 };
enum { REGISTER_STATE = 33, REGISTER_V = 34, REGISTER_FPSR = 66, REGISTER_FPCR, REGISTERS };

static bool tells_breaks; /* gdb wants to know the reason for SIGTRAP */

static void say(struct packets *p, const char *text)
{
        packet_send(p, text, strlen(text));
}

static void say_done(struct packets *p, bool done)
{
        say(p, done ? "OK" : "E0e");
}

/* --- why it stopped --- */

void tell_stop(struct packets *p, const struct target *t)
{
        char text[96], met[32] = "";

        if (t->met)
                snprintf(met, sizeof(met), "%s:%llx;", t->met, (unsigned long long)t->watched);
        snprintf(text, sizeof(text), "T%02x%sthread:%x;%s", (unsigned)t->stop, met, (unsigned)t->current,
                 t->at_break && tells_breaks ? "swbreak:;" : "");
        say(p, text);
}

void tell_end(struct packets *p, int status)
{
        char text[8];

        if (status & 0x7f)
                snprintf(text, sizeof(text), "X%02x", (unsigned)signal_to_gdb(status & 0x7f));
        else
                snprintf(text, sizeof(text), "W%02x", (unsigned)status >> 8 & 0xff);
        say(p, text);
}

/* --- registers --- */

/* Where register `n`, in gdb's numbering, is stored, and its bytes; NULL: there is none. */
static void *place_of(struct debug_registers *r, uint64_t n, size_t *size)
{
        *size = n < REGISTER_STATE ? 8 : n >= REGISTER_V && n < REGISTER_FPSR ? 16 : 4;
        if (n < REGISTER_STATE)
                return n < 31 ? &r->x[n] : n == 31 ? &r->sp : &r->pc;
        if (n == REGISTER_STATE)
                return &r->state;
        if (n < REGISTER_FPSR)
                return &r->v[2 * (n - REGISTER_V)];
        return n == REGISTER_FPSR ? &r->fpsr : n == REGISTER_FPCR ? &r->fpcr : NULL;
}

static enum after get_all(struct packets *p, struct target *t)
{
        char text[2 * (CORE_BYTES + FP_BYTES)], *end = text;
        struct debug_registers r;
        size_t size;

        if (!target_get(t, t->general, &r)) {
                say(p, "E03");
                return AFTER_GO_ON;
        }
        for (unsigned n = 0; n < REGISTERS; n++) {
                void *at = place_of(&r, n, &size);

                end = hex_put(end, at, size);
        }
        packet_send(p, text, (size_t)(end - text));
        return AFTER_GO_ON;
}

static enum after set_all(struct packets *p, struct target *t)
{
        const char *text = p->data + 1;
        struct debug_registers r;
        size_t size;
        bool good = p->length == 1 + 2 * (CORE_BYTES + FP_BYTES) && target_get(t, t->general, &r);

        for (unsigned n = 0; good && n < REGISTERS; n++) {
                void *at = place_of(&r, n, &size);

                good = hex_bytes(text, at, size);
                text += 2 * size;
        }
        say_done(p, good && target_set(t, t->general, &r) == 0);
        return AFTER_GO_ON;
}

static enum after get_one(struct packets *p, struct target *t)
{
        const char *at = p->data + 1;
        struct debug_registers r;
        char text[32];
        size_t size;
        void *place = place_of(&r, hex_number(&at), &size);

        if (!place || !target_get(t, t->general, &r))
                say(p, "E03");
        else
                packet_send(p, text, (size_t)(hex_put(text, place, size) - text));
        return AFTER_GO_ON;
}

static enum after set_one(struct packets *p, struct target *t)
{
        const char *at = p->data + 1;
        struct debug_registers r;
        size_t size;
        void *place = place_of(&r, hex_number(&at), &size);

        say_done(p, place && *at == '=' && target_get(t, t->general, &r) && strlen(at + 1) >= 2 * size &&
                            hex_bytes(at + 1, place, size) && target_set(t, t->general, &r) == 0);
        return AFTER_GO_ON;
}

/* --- memory --- */

static enum after get_memory(struct packets *p, struct target *t)
{
        static unsigned char bytes[PACKET / 2];
        static char text[PACKET];
        const char *at = p->data + 1;
        uint64_t address = hex_number(&at), size = *at == ',' ? (at++, hex_number(&at)) : 0;
        long n = target_read(t, address, bytes, size < sizeof(bytes) ? size : sizeof(bytes));

        if (n < 0 || (n == 0 && size))
                say(p, "E0e");
        else
                packet_send(p, text, (size_t)(hex_put(text, bytes, (size_t)n) - text));
        return AFTER_GO_ON;
}

static size_t unescape(const char *from, size_t length, unsigned char *to, size_t size)
{
        size_t n = 0;

        for (size_t i = 0; i < length && n < size; i++)
                to[n++] = (unsigned char)(from[i] == '}' && i + 1 < length ? from[++i] ^ 0x20 : from[i]);
        return n;
}

/* M with hex digits, X with bytes. */
static enum after set_memory(struct packets *p, struct target *t)
{
        static unsigned char bytes[PACKET];
        const char *at = p->data + 1;
        uint64_t address = hex_number(&at), size = *at == ',' ? (at++, hex_number(&at)) : 0;
        size_t left = p->length - (size_t)(at + 1 - p->data);
        bool good = *at == ':' && size <= sizeof(bytes);

        if (good && p->data[0] == 'X')
                good = unescape(at + 1, left, bytes, sizeof(bytes)) == size;
        else if (good)
                good = left == 2 * size && hex_bytes(at + 1, bytes, size);
        say_done(p, good && (!size || target_write(t, address, bytes, size)));
        return AFTER_GO_ON;
}

/* Z2 to Z4, and z2 to z4: the core's, if it has them. */
static void watchpoint(struct packets *p, struct target *t, uint64_t address, uint64_t size)
{
        int kind = p->data[1] - '0';

        if (!core_debugs(t)) {
                say(p, "");
        } else if (p->data[0] == 'Z') {
                say_done(p, watch_set(t, kind, address, size));
        } else {
                watch_clear(t, kind, address, size);
                say_done(p, true);
        }
}

/* Z0,ADDRESS,4 and z0, Z2,ADDRESS,SIZE to Z4; hardware breakpoints (1) do not exist here. */
static enum after breakpoint(struct packets *p, struct target *t)
{
        const char *at = p->data + 3;
        uint64_t address = hex_number(&at), size = *at == ',' ? (at++, hex_number(&at)) : 0;

        if (p->length < 4 || p->data[2] != ',' || p->data[1] < '0' || p->data[1] == '1' || p->data[1] > '4')
                say(p, "");
        else if (p->data[1] != '0')
                watchpoint(p, t, address, size);
        else
                say_done(p, (p->data[0] == 'Z' ? break_set(t, address) : break_clear(t, address)) == 0);
        return AFTER_GO_ON;
}

/* --- threads --- */

static enum after choose(struct packets *p, struct target *t)
{
        const char *at = p->data + 2;
        int number = p->data[1] && *at != '-' ? (int)hex_number(&at) : 0;

        if (number && !target_has(t, number)) {
                say(p, "E03");
                return AFTER_GO_ON;
        }
        if (p->data[1] == 'g')
                t->general = number ? number : t->current;
        say(p, "OK");
        return AFTER_GO_ON;
}

static enum after is_alive(struct packets *p, struct target *t)
{
        const char *at = p->data + 1;

        say(p, target_has(t, (int)hex_number(&at)) ? "OK" : "E03");
        return AFTER_GO_ON;
}

/* --- gdb's questions about the stub and the program --- */

/* The rest of a text after a prefix; NULL when it has another beginning. */
static const char *behind(const char *text, const char *beginning)
{
        size_t n = strlen(beginning);

        return strncmp(text, beginning, n) ? NULL : text + n;
}

static enum after query(struct packets *p, struct target *t)
{
        char text[128];
        const char *rest;

        if (behind(p->data, "qSupported")) {
                tells_breaks = strstr(p->data, "swbreak+") != NULL;
                snprintf(text, sizeof(text),
                         "PacketSize=%x;swbreak+;vContSupported+;QStartNoAckMode+;qXfer:features:read+",
                         (unsigned)PACKET);
                say(p, text);
        } else if ((rest = behind(p->data, "qXfer:features:read:target.xml:")) != NULL) {
                describe_send(p, rest);
        } else if (behind(p->data, "qfThreadInfo")) {
                describe_threads(p, t);
        } else if (behind(p->data, "qsThreadInfo")) {
                say(p, "l");
        } else if ((rest = behind(p->data, "qThreadExtraInfo,")) != NULL) {
                describe_thread(p, rest);
        } else if (!strcmp(p->data, "qC")) {
                snprintf(text, sizeof(text), "QC%x", (unsigned)t->current);
                say(p, text);
        } else if (behind(p->data, "qAttached")) {
                say(p, t->started ? "0" : "1");
        } else {
                say(p, "");
        }
        return AFTER_GO_ON;
}

static enum after set_mode(struct packets *p, struct target *t)
{
        bool no_ack = !strcmp(p->data, "QStartNoAckMode");

        (void)t;
        say(p, no_ack ? "OK" : "");
        p->no_ack |= no_ack;
        return AFTER_GO_ON;
}

/* --- continuing --- */

static enum after go(struct packets *p, struct target *t, const struct wish *w)
{
        if (!t->lives || !run_go(t, w)) {
                say(p, "E0e");
                return AFTER_GO_ON;
        }
        return AFTER_RUNS;
}

/* :THREAD, if given; 0: all, which may also be written as -1. */
static int thread_of(const char **at)
{
        if (**at != ':')
                return 0;
        (*at)++;
        if (**at != '-')
                return (int)hex_number(at);
        *at += strspn(*at, "-1");
        return 0;
}

static void add_wish(struct wish *w, const struct target *t, char action, int thread)
{
        if (action == 's' || action == 'S')
                w->one = thread ? thread : t->current;
        else if (action != 'c' && action != 'C')
                return;
        else if (!thread)
                w->all = true;
        else if (w->count < SOME)
                w->some[w->count++] = thread;
}

/* vCont;ACTION[:THREAD]...: for each thread the first action that names it; a thread that none names stays stopped. */
static enum after go_by_actions(struct packets *p, struct target *t)
{
        const char *at = p->data + 5;
        struct wish w = {0};

        while (*at == ';' && at[1]) {
                char action = at[1];

                at += 2;
                if (action == 'C' || action == 'S')
                        w.signal = signal_from_gdb((int)hex_number(&at));
                add_wish(&w, t, action, thread_of(&at));
        }
        return go(p, t, &w);
}

static enum after many(struct packets *p, struct target *t)
{
        if (!strcmp(p->data, "vCont?")) {
                say(p, "vCont;c;C;s;S");
                return AFTER_GO_ON;
        }
        if (behind(p->data, "vCont;"))
                return go_by_actions(p, t);
        if (behind(p->data, "vKill;")) {
                say(p, "OK");
                return AFTER_KILL;
        }
        say(p, "");
        return AFTER_GO_ON;
}

/* c, s; C and S with a signal. */
static enum after go_plain(struct packets *p, struct target *t)
{
        const char *at = p->data + 1;
        bool step = p->data[0] == 's' || p->data[0] == 'S';
        struct wish w = {.one = step ? t->current : 0, .all = !step};

        if (p->data[0] == 'S' || p->data[0] == 'C')
                w.signal = signal_from_gdb((int)hex_number(&at));
        return go(p, t, &w);
}

static enum after why(struct packets *p, struct target *t)
{
        tell_stop(p, t);
        return AFTER_GO_ON;
}

static enum after detach(struct packets *p, struct target *t)
{
        (void)t;
        say(p, "OK");
        return AFTER_DETACH;
}

static enum after kill_it(struct packets *p, struct target *t)
{
        (void)p;
        (void)t;
        return AFTER_KILL;
}

enum after command(struct packets *p, struct target *t)
{
        static enum after (*const commands[128])(struct packets *, struct target *) = {
                ['?'] = why,        ['g'] = get_all,    ['G'] = set_all,    ['p'] = get_one,
                ['P'] = set_one,    ['m'] = get_memory, ['M'] = set_memory, ['X'] = set_memory,
                ['Z'] = breakpoint, ['z'] = breakpoint, ['H'] = choose,     ['T'] = is_alive,
                ['q'] = query,      ['Q'] = set_mode,   ['v'] = many,       ['c'] = go_plain,
                ['C'] = go_plain,   ['s'] = go_plain,   ['S'] = go_plain,   ['D'] = detach,
                ['k'] = kill_it,
        };
        unsigned char letter = (unsigned char)p->data[0];

        if (letter < sizeof(commands) / sizeof(*commands) && commands[letter])
                return commands[letter](p, t);
        say(p, "");
        return AFTER_GO_ON;
}
