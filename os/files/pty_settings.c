/* SPDX-License-Identifier: BSD-2-Clause */
/* Pseudo terminals: settings, flow, and what a master with packets is told.  See pty.h. */
#include "base/text.h"
#include "os/files/pty_parts.h"

void pty_flush(struct pty *p, bool in, bool out)
{
        if (in) {
                p->length = p->stops = 0;
                pipe_take(p->in, p->in->tail - p->in->head);
        }
        if (out)
                pipe_take(p->out, p->out->tail - p->out->head);
}

void pty_tell(struct pty *p, unsigned news, unsigned instead_of)
{
        if (!p->packets)
                return;
        p->news = (uint8_t)((p->news & ~instead_of) | news);
        wait_wake(&p->out->filled);
}

/* Ctrl-S and Ctrl-Q are the keys of flow control. */
static bool has_usual_flow(const struct pty_settings *s)
{
        enum { CTRL_Q = 17, CTRL_S = 19 };

        return s->input & INPUT_FLOW && s->key[KEY_STOP] == CTRL_S && s->key[KEY_START] == CTRL_Q;
}

static void tell_settings(struct pty *p, const struct pty_settings *new)
{
        bool usual_now = has_usual_flow(new);

        if (usual_now != has_usual_flow(&p->settings))
                pty_tell(p, usual_now ? PTY_USUAL_FLOW : PTY_OTHER_FLOW, PTY_USUAL_FLOW | PTY_OTHER_FLOW);
        if ((new->local | p->settings.local) & LOCAL_EXTERNAL)
                pty_tell(p, PTY_SETTINGS, 0);
}

/* Bits that are fixed stay as they are, and so do fixed keys. */
static struct pty_settings allowed(const struct pty *p, const struct pty_settings *new)
{
        const struct pty_settings *old = &p->settings, *fixed = &p->fixed;
        struct pty_settings s = *new;

        s.input ^= (s.input ^ old->input) & fixed->input;
        s.output ^= (s.output ^ old->output) & fixed->output;
        s.control ^= (s.control ^ old->control) & fixed->control;
        s.local ^= (s.local ^ old->local) & fixed->local;
        if (fixed->discipline)
                s.discipline = old->discipline;
        for (unsigned i = 0; i < sizeof(s.key); i++) {
                if (fixed->key[i])
                        s.key[i] = old->key[i];
        }
        return s;
}

void pty_set(struct pty *p, const struct pty_settings *wanted, bool flush)
{
        struct pty_settings new = allowed(p, wanted);
        const struct pty_settings *settings = &new;
        bool lines = settings->local & LOCAL_LINES;

        if (flush) {
                pty_flush(p, true, false);
                pty_tell(p, PTY_FLUSHED_INPUT, 0);
        }
        tell_settings(p, settings);
        p->settings = *settings;
        if (!lines) { /* typed bytes are kept unchanged */
                p->stops = 0;
                pty_end_line(p);
        }
        if (!(settings->input & INPUT_FLOW))
                pty_halt(p, false);
        wait_wake(&p->in->filled);
}

void pty_hold(struct pty *p, bool master, bool on)
{
        if (master) {
                p->holds_typing = on;
                wait_wake(&p->in->drained);
        } else if (on) {
                pty_halt(p, true);
                p->held = true;
        } else if (p->held) {
                p->held = false;
                pty_halt(p, false);
        }
}

void pty_ask_flow(struct pty *p, bool master, bool stop)
{
        const struct pty_settings *s = master ? &pty_usual : &p->settings;
        char key = (char)s->key[stop ? KEY_STOP : KEY_START];

        if (!key)
                return;
        if (master)
                pty_key(p, key);
        else
                pipe_write(p->out, &key, 1);
}

void pty_set_packets(struct pty *p, bool on)
{
        if (on && !p->packets)
                p->news = 0;
        p->packets = on;
}

void pty_resize(struct pty *p, const uint16_t size[4])
{
        bool other = memcmp(p->size, size, sizeof(p->size));

        memcpy(p->size, size, sizeof(p->size));
        if (other && p->group)
                pty_ask_signal(p, PTY_SIGWINCH);
}
