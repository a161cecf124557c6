/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of files, epoll: what is in them, and waiting for any of that. */
#include "os/calls/linux/posix.h"
#include "os/calls/linux/waiting/any.h"
#include "os/calls/linux/waiting/ready.h"
#include "sos/clock.h"

struct epoll_event {
        uint32_t events, pad;
        uint64_t data;
};

static struct file *set_of(struct process *p, seL4_Word descriptor)
{
        struct file *f = posix_file(p, descriptor);

        return f && f->kind == FILE_SET ? f : NULL;
}

long posix_epoll_create1(struct process *p)
{
        if (p->call.argument[0] & ~(seL4_Word)O_CLOEXEC)
                return -SOS_EINVAL;
        return posix_give(p, event_open(FILE_SET, O_RDWR), (uint32_t)p->call.argument[0]);
}

/* Linux wakes one of those who wait for it, if it can; here all look, which it allows, too. */
enum { EXCLUSIVE = 1 << 28, EXCLUSIVE_WITH = (int)0xb000001d };

/* What cannot be said of a member that is there (w), or is to come. */
static bool bad_events(const struct watch *w, const struct file *f, uint32_t events, bool modify)
{
        return modify ? (w && w->wanted & EXCLUSIVE) || events & EXCLUSIVE
                      : events & EXCLUSIVE && (f->kind == FILE_SET || events & ~(uint32_t)EXCLUSIVE_WITH);
}

static long change_set(struct process *p, struct file *set, struct file *f, const struct epoll_event *e)
{
        enum { ADD = 1, DELETE = 2, MODIFY = 3 };
        int descriptor = (int)p->call.argument[2];
        struct watch *w = event_find(set->event, f, descriptor);

        if (p->call.argument[1] != DELETE && bad_events(w, f, e->events, p->call.argument[1] == MODIFY))
                return -SOS_EINVAL;
        if (p->call.argument[1] == ADD) {
                if (w)
                        return -SOS_EEXIST;
                if (f->kind == FILE_SET && ready_loops(f, set))
                        return -SOS_ELOOP;
                w = event_watch(set->event, f, descriptor);
                if (!w)
                        return -SOS_ENOSPC;
        }
        if (!w)
                return -SOS_ENOENT;
        if (p->call.argument[1] == DELETE) {
                event_unwatch(set->event, w);
                return 0;
        }
        w->wanted = e->events | READY_ERROR | READY_HANGUP;
        w->data = e->data;
        w->told = false;
        wait_wake(&set->event->changed);
        return 0;
}

long posix_epoll_ctl(struct process *p)
{
        enum { DELETE = 2, LAST = 3 };
        struct file *set = posix_file(p, p->call.argument[0]), *f = posix_file(p, p->call.argument[2]);
        struct epoll_event e = {0};

        if (!set || !f)
                return -SOS_EBADF;
        if (p->call.argument[1] != DELETE && !space_read(p->space, p->call.argument[3], &e, sizeof(e)))
                return -SOS_EFAULT;
        if (f->kind == FILE_NODE || f->kind == FILE_REPORT || f->kind == FILE_NULL)
                return -SOS_EPERM;
        if (set->kind != FILE_SET || set == f || p->call.argument[1] - 1 >= LAST)
                return -SOS_EINVAL;
        return change_set(p, set, f, &e);
}

static bool tell_event(struct process *p, unsigned index, uint32_t found, uint64_t data)
{
        struct epoll_event e = {.events = found, .data = data};

        return space_write(p->space, p->call.argument[1] + index * sizeof(e), &e, sizeof(e));
}

static long check_set(struct process *p)
{
        struct file *set = set_of(p, p->call.argument[0]);
        seL4_Word most = p->call.argument[2];
        long count = set ? ready_members(p, set->event, most < SET_WATCHES ? (unsigned)most : SET_WATCHES,
                                         tell_event)
                         : -SOS_EBADF;

        return count == 0 && ready_cut() ? any_pauses(p) : count;
}

static long stand_at_set(struct process *p)
{
        struct file *set = set_of(p, p->call.argument[0]);

        if (!set)
                return -SOS_EBADF;
        return ready_wait(p, set, &p->call.until_us) ? 0 : any_pauses(p);
}

static const struct any any_member = {check_set, stand_at_set};

static long wait_for_set(struct process *p)
{
        seL4_Word most = p->call.argument[2];

        if (!set_of(p, p->call.argument[0]))
                return posix_file(p, p->call.argument[0]) ? -SOS_EINVAL : -SOS_EBADF;
        if (most == 0 || (int)most < 0)
                return -SOS_EINVAL;
        return any_wait(p, &any_member);
}

long posix_epoll_pwait(struct process *p)
{
        int milliseconds = (int)p->call.argument[3];
        long error = any_begin(p, 0, p->call.argument[4], p->call.argument[5]);

        if (!error && milliseconds >= 0 && !p->call.end_us)
                p->call.end_us = clock_us() + (seL4_Word)milliseconds * 1000;
        return error ? error : wait_for_set(p);
}

long posix_epoll_pwait2(struct process *p)
{
        long error = any_begin(p, p->call.argument[3], p->call.argument[4], p->call.argument[5]);

        return error ? error : wait_for_set(p);
}
