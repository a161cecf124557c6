/* SPDX-License-Identifier: BSD-2-Clause */
/* See pty.h.  What is typed becomes lines in pty_keys.c.
 *
 * Owns the table of terminals. */
#include "os/files/pty.h"
#include "base/text.h"
#include "os/files/pty_parts.h"
#include "sos/proto.h"

static struct pty ptys[PTYS];

/* As Linux begins: lines, echo, signals. */
const struct pty_settings pty_usual = {.input = INPUT_CR_IS_NL | INPUT_FLOW,
                                       .output = OUTPUT_PROCESS | OUTPUT_NL_IS_CR_NL,
                                       .control = 0xbf,
                                       .local = LOCAL_SIGNALS | LOCAL_LINES | LOCAL_ECHO | LOCAL_ECHO_ERASE |
                                                LOCAL_ECHO_KILL | LOCAL_ECHO_CONTROL |
                                                0x8800 /* ECHOKE, IEXTEN */,
                                       .key = {3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22}};

static bool give_memory(struct pty *p)
{
        p->in = pipe_make();
        p->out = p->in ? pipe_make() : NULL;
        p->line = p->out ? frame_take() : 0;
        if (p->line) {
                pipe_open(p->in, true, true);
                pipe_open(p->out, true, true);
                return true;
        }
        if (p->out)
                pipe_close(p->out, false, false);
        if (p->in)
                pipe_close(p->in, false, false);
        p->in = p->out = NULL;
        return false;
}

/* Both pipes have both ends, so that neither ends before we close it. */
static void take_memory(struct pty *p)
{
        frame_drop(p->line);
        pipe_close(p->in, true, true);
        pipe_close(p->out, true, true);
        p->in = p->out = NULL;
}

struct pty *pty_make(void)
{
        unsigned number = 0;
        char path[24];
        struct pty *p;

        while (number < PTYS && ptys[number].in)
                number++;
        p = &ptys[number];
        if (number == PTYS)
                return NULL;
        *p = (struct pty){.settings = pty_usual, .locked = true, .masters = 1};
        if (!give_memory(p))
                return NULL;
        p->node =
                node_make(node_root(), text_print(path, sizeof(path), "/dev/pts/%u", number), NODE_TERMINAL);
        if (!p->node) {
                take_memory(p);
                return NULL;
        }
        p->node->number = (int)number;
        node_open(p->node);
        return p;
}

long pty_open_slave(struct node *n, struct pty **found)
{
        struct pty *p = &ptys[n->number];

        if (p->locked || !p->masters || p->node != n)
                return -SOS_EIO;
        p->slaves++;
        p->came = true;
        *found = p;
        return 0;
}

void pty_ask_signal(struct pty *p, int signal)
{
        if (p->signals < PTY_SIGNALS)
                p->signal[p->signals++] = (uint8_t)signal;
        pty_signals_wait = true;
}

/* Tell the programs on it that the other side is gone: a signal, the end of input, errors. */
static void hang_up(struct pty *p)
{
        node_vanish(p->node);
        p->hangs_up = p->session;
        if (p->group) {
                pty_ask_signal(p, PTY_SIGHUP);
                pty_ask_signal(p, PTY_SIGCONT);
        }
        pty_signals_wait |= p->hangs_up;
        wait_wake(&p->in->filled);
        wait_wake(&p->out->drained);
}

void pty_close(struct pty *p, bool master)
{
        if (master && !--p->masters)
                hang_up(p);
        if (!master && !--p->slaves)
                wait_wake(&p->out->filled);
        if (p->masters || p->slaves)
                return;
        node_close(p->node);
        take_memory(p);
}

/* --- moving bytes --- */

/* Bytes of the input up to the end of a line, or to where a read ends; 0 with `at_stop`: there is such a place at once. */
static size_t line_there(const struct pty *p, const char *bytes, size_t there, bool *at_stop)
{
        enum { VEOL = 11 };
        size_t most = p->stops && p->stop[0] < there ? p->stop[0] : there, n = 0;
        char other = p->settings.key[VEOL] ? (char)p->settings.key[VEOL] : '\n';

        while (n < most && bytes[n] != '\n' && bytes[n] != other)
                n++;
        n += n < most;
        *at_stop = p->stops && n == p->stop[0];
        return n;
}

static void forget_stop(struct pty *p)
{
        p->stops--;
        memmove(p->stop, p->stop + 1, p->stops * sizeof(p->stop[0]));
}

static long read_line(struct pty *p, char *to, size_t size)
{
        long there = pipe_peek(p->in, 0, to, size);
        bool at_stop = false;
        size_t n = line_there(p, to, there > 0 ? (size_t)there : 0, &at_stop);

        pipe_take(p->in, n);
        for (unsigned i = 0; i < p->stops; i++)
                p->stop[i] -= (uint32_t)n;
        if (at_stop)
                forget_stop(p);
        return n || at_stop ? (long)n : FILE_BLOCKS;
}

static long read_slave(struct pty *p, char *to, size_t size)
{
        const struct pty_waiting w = pty_waiting(p);
        long n = p->settings.local & LOCAL_LINES ? read_line(p, to, size) : pipe_peek(p->in, 0, to, size);

        if (!(p->settings.local & LOCAL_LINES) && n > 0)
                pipe_take(p->in, (size_t)n);
        if (n != FILE_BLOCKS)
                return n;
        return !p->masters || (!w.lines && !w.least && !w.tenths) ? 0 : FILE_BLOCKS;
}

/* What it has not been told yet, or bytes behind a 0. */
static long read_packet(struct pty *p, char *to, size_t size)
{
        long n = p->news || !size ? 0 : pipe_peek(p->out, 0, to + 1, size - 1);

        if (n < 0 || !size)
                return n;
        *to = (char)p->news;
        p->news = 0;
        pipe_take(p->out, (size_t)n);
        return n + 1;
}

long pty_read(struct pty *p, bool master, char *to, size_t size)
{
        long n;

        if (!master)
                return read_slave(p, to, size);
        n = p->packets ? read_packet(p, to, size) : pipe_peek(p->out, 0, to, size);
        if (n > 0 && !p->packets)
                pipe_take(p->out, (size_t)n);
        return n == FILE_BLOCKS && pty_alone(p, true) ? -SOS_EIO : n;
}

/* A newline begins a line, where the terminal needs to be told. */
static bool put_output(struct pty *p, char c)
{
        bool both =
                c == '\n' && p->settings.output & OUTPUT_PROCESS && p->settings.output & OUTPUT_NL_IS_CR_NL;

        return pipe_room(p->out) >= 2 &&
               pipe_write(p->out, both ? "\r\n" : &c, both ? 2 : 1) == (both ? 2 : 1);
}

static long write_slave(struct pty *p, const char *from, size_t size)
{
        size_t n = 0;

        if (!p->masters)
                return -SOS_EIO;
        while (!p->halted && n < size && n < PTY_STEP && put_output(p, from[n]))
                n++;
        return n || !size ? (long)n : FILE_BLOCKS;
}

long pty_write(struct pty *p, bool master, const char *from, size_t size)
{
        size_t n = 0;

        if (!master)
                return write_slave(p, from, size);
        while (!p->holds_typing && n < size && n < PTY_STEP && pty_key(p, from[n]))
                n++;
        return n || !size ? (long)n : FILE_BLOCKS;
}

struct pty_waiting pty_waiting(const struct pty *p)
{
        return (struct pty_waiting){.lines = p->settings.local & LOCAL_LINES,
                                    .least = p->settings.key[KEY_LEAST],
                                    .tenths = p->settings.key[KEY_TENTHS]};
}

/* A slave that waits for several bytes, without a time, cannot be read before. */
static unsigned least_there(const struct pty *p)
{
        const struct pty_waiting w = pty_waiting(p);

        return w.lines || w.tenths ? 0 : w.least;
}

static bool readable(const struct pty *p, bool master)
{
        const struct pipe *pipe = master ? p->out : p->in;

        if (pty_alone(p, master))
                return true;
        if (master)
                return p->news || pipe->head != pipe->tail;
        return pty_there(p, false) >= least_there(p) && (pipe->head != pipe->tail || p->stops);
}

bool pty_ready(const struct pty *p, bool master, bool write)
{
        if (!write)
                return readable(p, master);
        return pipe_room(master ? p->in : p->out) > PTY_LINE && !(master ? p->holds_typing : p->halted);
}

bool pty_alone(const struct pty *p, bool master)
{
        return master ? p->came && !p->slaves : !p->masters;
}

struct wait_queue *pty_queue(struct pty *p, bool master, bool write)
{
        struct pipe *pipe = master == write ? p->in : p->out;

        return write ? &pipe->drained : &pipe->filled;
}

uint32_t pty_there(const struct pty *p, bool master)
{
        return master ? p->out->tail - p->out->head : p->in->tail - p->in->head;
}

/* --- sessions --- */

struct pty *pty_of_session(int session)
{
        for (unsigned i = 0; i < PTYS; i++) {
                if (ptys[i].in && ptys[i].masters && ptys[i].session == session)
                        return &ptys[i];
        }
        return NULL;
}

int pty_session_ends(int session)
{
        struct pty *p = pty_of_session(session);
        int group = p ? p->group : 0;

        if (p)
                p->session = p->group = 0;
        return group;
}

/* --- signals --- */

bool pty_signals_wait;

static bool take_signal(struct pty *p, int *signal, int *group, int *session)
{
        *group = *session = 0;
        if (p->hangs_up) {
                p->hangs_up = false;
                *signal = PTY_SIGHUP;
                *session = p->session;
                return true;
        }
        if (!p->signals)
                return false;
        *signal = p->signal[0];
        *group = p->group;
        p->signals--;
        memmove(p->signal, p->signal + 1, p->signals);
        return true;
}

bool pty_signal(int *signal, int *group, int *session)
{
        for (unsigned i = 0; i < PTYS; i++) {
                if (take_signal(&ptys[i], signal, group, session))
                        return true;
        }
        pty_signals_wait = false;
        return false;
}
