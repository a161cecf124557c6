/* SPDX-License-Identifier: BSD-2-Clause */
/* The console as a terminal. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/process/signals/signal.h"

enum {
        TCGETS = 0x5401,
        TCSETS = 0x5402,
        TCSETSF = 0x5404,
        TIOCGPGRP = 0x540f,
        TIOCSPGRP = 0x5410,
        TIOCGWINSZ = 0x5413,
        FIONREAD = 0x541b,
        ICANON = 2,
        ISIG_ECHO = 0x8a39 & ~ICANON,
        ROWS = 24,
        COLUMNS = 80,
};

struct terminal {
        uint32_t input, output, control, local;
        uint8_t line, key[19];
};

static long get_terminal(struct process *p)
{
        struct terminal t = {
                .input = 0x500, .output = 5, .control = 0xbf, .local = ISIG_ECHO, .key = {3, 28, 127, 21, 4}};

        if (!console_is_raw())
                t.local |= ICANON;
        return space_write(p->space, p->call.argument[2], &t, sizeof(t)) ? 0 : -SOS_EFAULT;
}

static long set_terminal(struct process *p)
{
        struct terminal t;

        if (!space_read(p->space, p->call.argument[2], &t, sizeof(t)))
                return -SOS_EFAULT;
        console_raw(!(t.local & ICANON));
        return 0;
}

/* For a terminal that has not reported its size: the usual size. */
static long get_size(struct process *p)
{
        unsigned told = console_size();
        const uint16_t size[4] = {told ? (uint16_t)(told >> 16) : ROWS, told ? (uint16_t)told : COLUMNS};

        return space_write(p->space, p->call.argument[2], size, sizeof(size)) ? 0 : -SOS_EFAULT;
}

long posix_ioctl_terminal(struct process *p)
{
        int group = signal_foreground_group(), there;

        switch ((uint32_t)p->call.argument[1]) {
        case TCGETS:
                return get_terminal(p);
        case TCSETS:
        case TCSETS + 1:
        case TCSETSF:
                return set_terminal(p);
        case TIOCGPGRP:
                return space_write(p->space, p->call.argument[2], &group, sizeof(group)) ? 0 : -SOS_EFAULT;
        case TIOCSPGRP:
                if (!space_read(p->space, p->call.argument[2], &group, sizeof(group)))
                        return -SOS_EFAULT;
                signal_foreground(group);
                return 0;
        case TIOCGWINSZ:
                return get_size(p);
        case FIONREAD: /* what the console has is not counted: one byte, or none */
                there = console_ready();
                return space_write(p->space, p->call.argument[2], &there, sizeof(there)) ? 0 : -SOS_EFAULT;
        default:
                return -SOS_ENOTTY;
        }
}
