/* SPDX-License-Identifier: BSD-2-Clause */
/* A terminal's settings as System V had them (termio: half the bits, eight keys), and those that nobody may change. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/files/pty.h"

enum {
        TCGETA = 0x5405,
        TCSETA,
        TCSETAW,
        TCSETAF,
        TIOCGLCKTRMIOS = 0x5456,
        TIOCSLCKTRMIOS,
        HALF = 0xffff,
        KEYS = 8
};

struct termio {
        uint16_t input, output, control, local;
        uint8_t discipline, key[KEYS];
};

static long get(struct process *p, const struct pty_settings *s)
{
        struct termio t = {.input = (uint16_t)s->input,
                           .output = (uint16_t)s->output,
                           .control = (uint16_t)s->control,
                           .local = (uint16_t)s->local,
                           .discipline = s->discipline};

        memcpy(t.key, s->key, sizeof(t.key));
        return space_write(p->space, p->call.argument[2], &t, sizeof(t)) ? 0 : -SOS_EFAULT;
}

/* What it has no place for stays. */
static long set(struct process *p, struct pty *terminal, bool flush)
{
        struct pty_settings s = terminal->settings;
        struct termio t;

        if (!space_read(p->space, p->call.argument[2], &t, sizeof(t)))
                return -SOS_EFAULT;
        s.input = (s.input & ~(uint32_t)HALF) | t.input;
        s.output = (s.output & ~(uint32_t)HALF) | t.output;
        s.control = (s.control & ~(uint32_t)HALF) | t.control;
        s.local = (s.local & ~(uint32_t)HALF) | t.local;
        s.discipline = t.discipline;
        memcpy(s.key, t.key, sizeof(t.key));
        pty_set(terminal, &s, flush);
        return 0;
}

bool posix_sets_termio(uint32_t request)
{
        return request >= TCSETA && request <= TCSETAF;
}

long posix_termio(struct process *p, struct pty *t)
{
        uint32_t request = (uint32_t)p->call.argument[1];
        seL4_Word va = p->call.argument[2];

        switch (request) {
        case TCGETA:
                return get(p, &t->settings);
        case TCSETA:
        case TCSETAW:
        case TCSETAF:
                return set(p, t, request == TCSETAF);
        case TIOCGLCKTRMIOS:
                return space_write(p->space, va, &t->fixed, sizeof(t->fixed)) ? 0 : -SOS_EFAULT;
        case TIOCSLCKTRMIOS:
                return space_read(p->space, va, &t->fixed, sizeof(t->fixed)) ? 0 : -SOS_EFAULT;
        default:
                return -SOS_ENOTTY;
        }
}
