/* SPDX-License-Identifier: BSD-2-Clause */
/* The console as a terminal, and waiting for any of several files. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/process/signal.h"
#include "sos/clock.h"

enum {
        TCGETS = 0x5401,
        TCSETS = 0x5402,
        TCSETSF = 0x5404,
        TIOCGPGRP = 0x540f,
        TIOCSPGRP = 0x5410,
        TIOCGWINSZ = 0x5413,
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

/* Of a terminal that has not told, what most have. */
static long get_size(struct process *p)
{
        unsigned told = console_size();
        const uint16_t size[4] = {told ? (uint16_t)(told >> 16) : ROWS, told ? (uint16_t)told : COLUMNS};

        return space_write(p->space, p->call.argument[2], size, sizeof(size)) ? 0 : -SOS_EFAULT;
}

long posix_ioctl(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);
        int group = signal_foreground_group();

        if (!f || f->kind != FILE_CONSOLE)
                return f ? -SOS_ENOTTY : -SOS_EBADF;
        switch (p->call.argument[1]) {
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
        default:
                return -SOS_ENOTTY;
        }
}

enum { POLLIN = 1, POLLOUT = 4, POLLERR = 8, POLLHUP = 16, POLLNVAL = 32, POLL_MAX = 32 };

struct poll {
        int descriptor;
        uint16_t wanted, found;
};

static bool check(struct process *p, struct poll *entry)
{
        struct file *f = posix_file(p, (seL4_Word)(unsigned)entry->descriptor);

        entry->found = 0;
        if (entry->descriptor < 0)
                return false;
        if (!f)
                entry->found = POLLNVAL;
        else if (file_alone(f))
                entry->found = f->kind == FILE_PIPE_READ ? POLLHUP : POLLERR;
        if (f && entry->wanted & POLLIN && file_ready(f, false))
                entry->found |= POLLIN;
        if (f && entry->wanted & POLLOUT && file_ready(f, true))
                entry->found |= POLLOUT;
        return entry->found;
}

static bool poll_is_over(struct process *p)
{
        int64_t time[2];

        if (!p->call.argument[2])
                return false;
        if (p->call.end_us == 0) {
                if (!space_read(p->space, p->call.argument[2], time, sizeof(time)))
                        return true;
                p->call.end_us = clock_us() + (seL4_Word)time[0] * 1000000 + (seL4_Word)time[1] / 1000;
        }
        return clock_us() >= p->call.end_us;
}

static long wait_for_any(struct process *p, const struct poll *entry, seL4_Word count)
{
        for (seL4_Word i = 0; i < count; i++) {
                struct file *f = posix_file(p, (seL4_Word)(unsigned)entry[i].descriptor);
                struct wait_queue *q = f ? file_queue(f, false) : NULL;

                if (q)
                        wait_at(&p->call.waiter, q);
        }
        return p->call.end_us ? call_until(p, p->call.end_us) : call_waits(p, NULL);
}

long posix_ppoll(struct process *p)
{
        struct poll entry[POLL_MAX];
        seL4_Word count = p->call.argument[1];
        long ready = 0;

        if (count > POLL_MAX)
                return -SOS_EINVAL;
        if (p->call.first && !signal_other_mask(p, p->call.argument[3]))
                return -SOS_EFAULT;
        if (!space_read(p->space, p->call.argument[0], entry, count * sizeof(*entry)))
                return -SOS_EFAULT;
        for (seL4_Word i = 0; i < count; i++)
                ready += check(p, &entry[i]);
        if (ready == 0 && !poll_is_over(p))
                return wait_for_any(p, entry, count);
        return space_write(p->space, p->call.argument[0], entry, count * sizeof(*entry)) ? ready
                                                                                         : -SOS_EFAULT;
}
