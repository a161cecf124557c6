/* SPDX-License-Identifier: BSD-2-Clause */
/* What is typed on a pseudo terminal: signals, flow control, a line that is edited, echo.  See pty.h.
 *
 * Echo never waits: it is lost if there is no room, because whoever types is the one who reads it. */
#include "base/text.h"
#include "os/files/pty_parts.h"

static bool is_key(const struct pty *p, unsigned key, char c)
{
        return p->settings.key[key] && (uint8_t)c == p->settings.key[key];
}

static bool is_control(char c)
{
        return (uint8_t)c < ' ' || c == 127;
}

static void echo(struct pty *p, const char *bytes, size_t size)
{
        if (pipe_room(p->out) >= size)
                pipe_write(p->out, bytes, size);
}

/* As it is shown: ^C for control characters. */
static void echo_key(struct pty *p, char c)
{
        const uint32_t local = p->settings.local;

        if (c == '\n' && local & (LOCAL_LINES & local ? LOCAL_ECHO | LOCAL_ECHO_NL : LOCAL_ECHO))
                echo(p, "\r\n", 2);
        else if (!(local & LOCAL_ECHO))
                return;
        else if (is_control(c) && c != '\t' && c != '\n' && local & LOCAL_ECHO_CONTROL)
                echo(p, (char[2]){'^', (char)(c ^ 0x40)}, 2);
        else
                echo(p, &c, 1);
}

static char *line_of(const struct pty *p)
{
        return (char *)frame_data(p->line);
}

/* The last byte goes, from the screen as well; of a character of UTF-8, where that is said to be one, all of them. */
static void erase(struct pty *p)
{
        char c;

        do
                c = line_of(p)[--p->length];
        while (p->settings.input & INPUT_UTF8 && p->length && ((uint8_t)c & 0xc0) == 0x80);
        if ((p->settings.local & (LOCAL_ECHO | LOCAL_ECHO_ERASE)) != (LOCAL_ECHO | LOCAL_ECHO_ERASE))
                return;
        echo(p, "\b \b", 3);
        if (is_control(c) && p->settings.local & LOCAL_ECHO_CONTROL)
                echo(p, "\b \b", 3);
}

static void erase_word(struct pty *p)
{
        while (p->length && line_of(p)[p->length - 1] == ' ')
                erase(p);
        while (p->length && line_of(p)[p->length - 1] != ' ')
                erase(p);
}

void pty_end_line(struct pty *p)
{
        if (p->length)
                pipe_write(p->in, line_of(p), p->length);
        p->length = 0;
}

/* A line that ended; there is room for it. */
static void end_line(struct pty *p, char c)
{
        pty_end_line(p);
        pipe_write(p->in, &c, 1);
}

/* What was edited can be read, without an end of a line; of nothing that is the end of input. */
static void end_input(struct pty *p)
{
        pty_end_line(p);
        if (p->stops == PTY_STOPS)
                return;
        p->stop[p->stops++] = p->in->tail - p->in->head;
        wait_wake(&p->in->filled);
}

static void add(struct pty *p, char c)
{
        if (p->length == PTY_LINE) {
                echo(p, "\a", 1);
                return;
        }
        line_of(p)[p->length++] = c;
        echo_key(p, c);
}

/* True: it was a key of editing. */
static bool edit(struct pty *p, char c)
{
        if (is_key(p, KEY_ERASE, c)) {
                if (p->length)
                        erase(p);
        } else if (is_key(p, KEY_WORD, c)) {
                erase_word(p);
        } else if (is_key(p, KEY_KILL, c)) {
                while (p->length)
                        erase(p);
        } else if (is_key(p, KEY_END, c)) {
                end_input(p);
        } else {
                return false;
        }
        return true;
}

static int signal_of(const struct pty *p, char c)
{
        if (!(p->settings.local & LOCAL_SIGNALS))
                return 0;
        return is_key(p, KEY_INTERRUPT, c) ? PTY_SIGINT
               : is_key(p, KEY_QUIT, c)    ? PTY_SIGQUIT
               : is_key(p, KEY_SUSPEND, c) ? PTY_SIGTSTP
                                           : 0;
}

void pty_halt(struct pty *p, bool on)
{
        if (p->halted == on || p->held)
                return;
        p->halted = on;
        pty_tell(p, on ? PTY_HALTS : PTY_GOES_ON, on ? PTY_GOES_ON : PTY_HALTS);
        if (!on)
                wait_wake(&p->out->drained);
}

/* Output that was halted goes on, too. */
static void interrupt(struct pty *p, char c, int signal)
{
        if (!(p->settings.local & LOCAL_NO_FLUSH)) {
                pty_flush(p, true, true);
                pty_tell(p, PTY_FLUSHED_INPUT | PTY_FLUSHED_OUTPUT, 0);
        }
        if (p->settings.input & INPUT_FLOW)
                pty_halt(p, false);
        echo_key(p, c);
        pty_ask_signal(p, signal);
}

/* True: it was a key of flow control. */
static bool flow(struct pty *p, char c)
{
        if (!(p->settings.input & INPUT_FLOW) || !(is_key(p, KEY_START, c) || is_key(p, KEY_STOP, c)))
                return false;
        pty_halt(p, is_key(p, KEY_STOP, c));
        return true;
}

/* Apply the settings of the input; false: the character is dropped. */
static bool changed(const struct pty *p, char *c)
{
        uint32_t input = p->settings.input;

        if (input & INPUT_STRIP)
                *c &= 0x7f;
        if (*c == '\r') {
                if (input & INPUT_NO_CR)
                        return false;
                *c = input & INPUT_CR_IS_NL ? '\n' : '\r';
        } else if (*c == '\n' && input & INPUT_NL_IS_CR) {
                *c = '\r';
        }
        return true;
}

bool pty_key(struct pty *p, char c)
{
        int signal;

        if (!changed(p, &c) || flow(p, c))
                return true;
        signal = signal_of(p, c);
        if (signal) {
                interrupt(p, c, signal);
        } else if (pipe_room(p->in) <= PTY_LINE) {
                return false;
        } else if (!(p->settings.local & LOCAL_LINES)) {
                echo_key(p, c);
                pipe_write(p->in, &c, 1);
        } else if (c == '\n' || is_key(p, KEY_EOL, c)) {
                echo_key(p, c);
                end_line(p, c);
        } else if (!edit(p, c)) {
                add(p, c);
        }
        return true;
}
