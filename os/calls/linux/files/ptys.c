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
        if (!master)
                pty_tell(t, (which != OUT ? PTY_FLUSHED_INPUT : 0) | (which != IN ? PTY_FLUSHED_OUTPUT : 0),
                         0);
        return 0;
}

/* tcflow. */
static long flow(struct process *p, struct pty *t, bool master)
{
        enum { HOLD, LET_GO, ASK_STOP, ASK_START };
        seL4_Word what = p->call.argument[2];

        if (what > ASK_START)
                return -SOS_EINVAL;
        if (what < ASK_STOP)
                pty_hold(t, master, what == HOLD);
        else
                pty_ask_flow(t, master, what == ASK_STOP);
        return 0;
}

/* A byte as if it were typed, by a program of the session whose terminal it is. */
static long type(struct process *p, struct pty *t, bool master)
{
        char c;

        if (master || t->session != p->leader->session)
                return -SOS_EPERM;
        if (!space_read(p->space, p->call.argument[2], &c, sizeof(c)))
                return -SOS_EFAULT;
        pty_key(t, c);
        return 0;
}

enum {
        TCGETS = 0x5401,
        TCSETS,
        TCSETSW,
        TCSETSF,
        TCSBRK = 0x5409,
        TCXONC,
        TCFLSH = 0x540b,
        TIOCSCTTY = 0x540e,
        TIOCGPGRP,
        TIOCSPGRP,
        TIOCOUTQ,
        TIOCSTI,
        TIOCGWINSZ = 0x5413,
        TIOCSWINSZ,
        FIONREAD = 0x541b,
        TIOCPKT = 0x5420,
        TIOCNOTTY = 0x5422,
        TIOCGSID = 0x5429,
        TIOCGPTPEER = 0x5441,
};

/* A descriptor of the other side, wherever its name is. */
static long open_peer(struct process *p, const struct pty *t)
{
        enum { NO_TERMINAL = 0400 };
        uint32_t flags = (uint32_t)p->call.argument[2];

        return posix_open_node(p, t->node, flags & (O_ACCESS | O_NONBLOCK | O_CLOEXEC | NO_TERMINAL));
}

static long set_packets(struct process *p, struct pty *t)
{
        int on;

        if (!space_read(p->space, p->call.argument[2], &on, sizeof(on)))
                return -SOS_EFAULT;
        pty_set_packets(t, on);
        return 0;
}

/* As if a key had been typed. */
static long ask_signal(const struct process *p, struct pty *t)
{
        enum { INTERRUPT = 2, QUIT, SUSPEND = 20 };
        seL4_Word signal = (uint32_t)p->call.argument[2];

        if (signal != INTERRUPT && signal != QUIT && signal != SUSPEND)
                return -SOS_EINVAL;
        if (t->group)
                pty_ask_signal(t, (int)signal);
        return 0;
}

/* Of the master alone. */
static long of_master(struct process *p, struct pty *t)
{
        enum {
                GET_NUMBER = 0x80045430u,
                SET_LOCK = 0x40045431u,
                SIGNAL = 0x40045436u,
                GET_PACKETS = 0x80045438u,
                GET_LOCK = 0x80045439u
        };

        switch ((uint32_t)p->call.argument[1]) {
        case GET_NUMBER:
                return tell_number(p, (int)pty_number(t));
        case SET_LOCK:
                return set_locked(p, t);
        case GET_LOCK:
                return tell_number(p, t->locked);
        case TIOCPKT:
                return set_packets(p, t);
        case GET_PACKETS:
                return tell_number(p, t->packets);
        case SIGNAL:
                return ask_signal(p, t);
        case TIOCGPTPEER:
                return open_peer(p, t);
        default:
                return posix_termio(p, t);
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
                return master                                         ? of_master(p, t)
                       : (uint32_t)p->call.argument[1] == TIOCGPTPEER ? -SOS_EIO
                                                                      : posix_termio(p, t);
        }
}

/* What was typed and written. */
static long of_bytes(struct process *p, struct pty *t, bool master)
{
        uint32_t request = (uint32_t)p->call.argument[1];

        switch (request) {
        case TCSBRK: /* what is written is there */
                return 0;
        case TCXONC:
                return flow(p, t, master);
        case TCFLSH:
                return flush(p, t, master);
        case TIOCSTI:
                return type(p, t, master);
        case FIONREAD:
        case TIOCOUTQ:
                return tell_number(p, (int)pty_there(t, master == (request == FIONREAD)));
        default:
                return of_owner(p, t, master);
        }
}

/* Is that something that a group in the background is stopped for?  Settings are the slave's, whoever changes them. */
static bool is_guarded(uint32_t request, bool master)
{
        if ((request >= TCSETS && request <= TCSETSF) || posix_sets_termio(request))
                return true;
        return request == TIOCSPGRP ||
               (!master && (request == TCSBRK || request == TCXONC || request == TCFLSH));
}

static long may_ask(struct process *p, const struct pty *t, uint32_t request, bool master)
{
        long error = is_guarded(request, master) ? posix_may_set_terminal(p, t) : 0;

        return error == -SOS_EIO && request == TIOCSPGRP ? -SOS_ENOTTY : error;
}

long posix_ioctl_pty(struct process *p, struct file *f)
{
        uint32_t request = (uint32_t)p->call.argument[1];
        bool master = f->kind == FILE_MASTER;
        struct pty *t = f->pty;
        long error = may_ask(p, t, request, master);

        if (error)
                return error;
        switch (request) {
        case TCGETS:
                return tell(p, &t->settings, sizeof(t->settings));
        case TCSETS:
        case TCSETSW:
        case TCSETSF:
                return set_settings(p, t, request == TCSETSF);
        case TIOCGWINSZ:
                return tell(p, t->size, sizeof(t->size));
        case TIOCSWINSZ:
                return set_size(p, t);
        default:
                return of_bytes(p, t, master);
        }
}
