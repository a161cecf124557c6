/* SPDX-License-Identifier: BSD-2-Clause */
/* Pseudo terminals: the requests of ioctl to both sides, and whose terminal one is (files/pty.h). */
#include "os/calls/linux/posix.h"
#include "os/files/pty.h"
#include "os/process/signals/signal.h"

struct node *posix_terminal(const struct process *p, struct node *n)
{
        struct pty *own =
                n->kind == NODE_CONSOLE && n->number == NODE_TTY ? pty_of_session(p->leader->session) : NULL;

        return own ? own->node : n;
}

static bool may_take(const struct process *p, const struct pty *t)
{
        const struct process *l = p->leader;

        return l->session == l->pid && !t->session && !pty_of_session(l->session);
}

static void take_terminal(const struct process *p, struct pty *t)
{
        t->session = p->leader->session;
        t->group = p->leader->group;
}

void posix_take_terminal(const struct process *p, const struct file *f)
{
        if (f->kind == FILE_SLAVE && may_take(p, f->pty))
                take_terminal(p, f->pty);
}

static long tell(struct process *p, const void *what, size_t size)
{
        return space_write(p->space, p->call.argument[2], what, size) ? 0 : -SOS_EFAULT;
}

static long tell_number(struct process *p, int number)
{
        return tell(p, &number, sizeof(number));
}

static long set_settings(struct process *p, struct pty *t, bool flush)
{
        struct pty_settings s;

        if (!space_read(p->space, p->call.argument[2], &s, sizeof(s)))
                return -SOS_EFAULT;
        pty_set(t, &s, flush);
        return 0;
}

static long set_size(struct process *p, struct pty *t)
{
        uint16_t size[4];

        if (!space_read(p->space, p->call.argument[2], size, sizeof(size)))
                return -SOS_EFAULT;
        pty_resize(t, size);
        return 0;
}

static long set_locked(struct process *p, struct pty *t)
{
        int locked;

        if (!space_read(p->space, p->call.argument[2], &locked, sizeof(locked)))
                return -SOS_EFAULT;
        t->locked = locked;
        return 0;
}

/* A group of the session whose terminal it is. */
static long set_group(struct process *p, struct pty *t)
{
        long error = -SOS_ESRCH;
        int group;

        if (!space_read(p->space, p->call.argument[2], &group, sizeof(group)))
                return -SOS_EFAULT;
        if (t->session != p->leader->session)
                return -SOS_ENOTTY;
        if (group < 0)
                return -SOS_EINVAL;
        for (unsigned i = 0; i < PROCESSES; i++) {
                const struct process *each = process_entry(i);

                if (each->state == PROCESS_FREE || each->group != group)
                        continue;
                error = each->session == t->session ? 0 : -SOS_EPERM;
        }
        if (!error)
                t->group = group;
        return error;
}

static long be_controlling(const struct process *p, struct pty *t)
{
        if (t->session == p->leader->session && t->session == p->leader->pid)
                return 0;
        if (!may_take(p, t))
                return -SOS_EPERM;
        take_terminal(p, t);
        return 0;
}

/* Of a leader, with its session; what another process has is its session's. */
static long let_go(const struct process *p, const struct pty *t)
{
        if (t->session != p->leader->session || t->session != p->leader->pid)
                return -SOS_ENOTTY;
        signal_session_ends(p->leader);
        return 0;
}

static long flush(struct process *p, struct pty *t, bool master)
{
        enum { IN, OUT, BOTH };
        seL4_Word which = p->call.argument[2];

        if (which > BOTH)
                return -SOS_EINVAL;
        pty_flush(t, which == BOTH || (which == IN) != master, which == BOTH || (which == OUT) != master);
        return 0;
}

enum {
        TCGETS = 0x5401,
        TCSETS,
        TCSETSW,
        TCSETSF,
        TCSBRK = 0x5409,
        TCFLSH = 0x540b,
        TIOCSCTTY = 0x540e,
        TIOCGPGRP,
        TIOCSPGRP,
        TIOCOUTQ,
        TIOCGWINSZ = 0x5413,
        TIOCSWINSZ,
        FIONREAD = 0x541b,
        TIOCNOTTY = 0x5422,
        TIOCGSID = 0x5429,
};

/* Of the master alone. */
static long of_master(struct process *p, struct pty *t)
{
        enum { GET_NUMBER = 0x80045430u, SET_LOCK = 0x40045431u, GET_LOCK = 0x80045439u };

        switch ((uint32_t)p->call.argument[1]) {
        case GET_NUMBER:
                return tell_number(p, (int)pty_number(t));
        case SET_LOCK:
                return set_locked(p, t);
        case GET_LOCK:
                return tell_number(p, t->locked);
        default:
                return -SOS_ENOTTY;
        }
}

/* Whose it is. */
static long of_owner(struct process *p, struct pty *t, bool master)
{
        bool own = master || t->session == p->leader->session;

        switch ((uint32_t)p->call.argument[1]) {
        case TIOCSCTTY:
                return be_controlling(p, t);
        case TIOCNOTTY:
                return let_go(p, t);
        case TIOCGPGRP:
                return own ? tell_number(p, t->group) : -SOS_ENOTTY;
        case TIOCSPGRP:
                return set_group(p, t);
        case TIOCGSID:
                return own && t->session ? tell_number(p, t->session) : -SOS_ENOTTY;
        default:
                return master ? of_master(p, t) : -SOS_ENOTTY;
        }
}

long posix_ioctl_pty(struct process *p, struct file *f)
{
        uint32_t request = (uint32_t)p->call.argument[1];
        bool master = f->kind == FILE_MASTER;
        struct pty *t = f->pty;

        switch (request) {
        case TCGETS:
                return tell(p, &t->settings, sizeof(t->settings));
        case TCSETS:
        case TCSETSW:
        case TCSETSF:
                return set_settings(p, t, request == TCSETSF);
        case TCSBRK: /* what is written is there */
                return 0;
        case TCFLSH:
                return flush(p, t, master);
        case TIOCGWINSZ:
                return tell(p, t->size, sizeof(t->size));
        case TIOCSWINSZ:
                return set_size(p, t);
        case FIONREAD:
        case TIOCOUTQ:
                return tell_number(p, (int)pty_there(t, master == (request == FIONREAD)));
        default:
                return of_owner(p, t, master);
        }
}
