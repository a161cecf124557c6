/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for any of several files: poll, select and epoll. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/calls/linux/waiting/any.h"
#include "os/calls/linux/waiting/ready.h"
#include "os/core/pace.h"
#include "os/process/signals/signal.h"
#include "sos/clock.h"

enum { MASK_BYTES = 8, WORDS = DESCRIPTORS / 64 };

/* --- what they have in common --- */

/* The time at `va` (0: none) is what to wait at most; the mask at `mask` holds meanwhile.  0 or -SOS_E*. */
static long begin(struct process *p, seL4_Word va, seL4_Word mask, seL4_Word bytes)
{
        long error = va && !p->call.end_us ? posix_deadline(p, va, false, false) : 0;

        if (!error && mask && bytes != MASK_BYTES)
                error = -SOS_EINVAL;
        if (!error && !signal_other_mask(p, mask))
                error = -SOS_EFAULT;
        return error;
}

/* What is left of the time is written where it was read, at each try, unless the program wants it to stay (personality). */
static long tell_rest(struct process *p, seL4_Word va, long result)
{
        enum { TIMES_STAY = 0x4000000 };
        uint64_t now = va ? clock_us() : 0, left = p->call.end_us > now ? p->call.end_us - now : 0;
        int64_t time[2] = {(int64_t)(left / 1000000), (int64_t)(left % 1000000 * 1000)};

        if (va && p->call.end_us && !(p->leader->traits.persona & TIMES_STAY))
                space_write(p->space, va, time, sizeof(time));
        return result;
}

/* --- poll --- */

enum { SOME = 64 }; /* entries that are in our memory at a time */

struct poll {
        int descriptor;
        uint16_t wanted, found;
};

static struct poll entries[SOME];
static bool all_read; /* they are all of this try's */

/* The next ones from number `at` on, 0 when they cannot be read. */
static seL4_Word read_entries(struct process *p, seL4_Word at)
{
        seL4_Word rest = p->call.argument[1] - at, some = rest < SOME ? rest : SOME;

        if (!all_read && !space_read(p->space, p->call.argument[0] + at * sizeof(*entries), entries,
                                     some * sizeof(*entries)))
                return 0;
        all_read |= p->call.argument[1] == some;
        return some;
}

static uint16_t look_at(struct process *p, const struct poll *e)
{
        struct file *f = e->descriptor < 0 ? NULL : descriptor_file(p->files, (seL4_Word)e->descriptor);

        if (e->descriptor < 0)
                return 0;
        return f ? (uint16_t)(ready_now(p, f) & (e->wanted | READY_ERROR | READY_HANGUP)) : READY_NOT_OPEN;
}

/* Check some of them; results are written where they have changed. */
static bool check_some(struct process *p, seL4_Word at, seL4_Word some, seL4_Word *ready)
{
        bool news = false;

        for (seL4_Word i = 0; i < some; i++) {
                uint16_t found = look_at(p, &entries[i]);

                news |= found != entries[i].found;
                entries[i].found = found;
                *ready += found != 0;
        }
        return ready_cut() || !news ||
               space_write(p->space, p->call.argument[0] + at * sizeof(*entries), entries,
                           some * sizeof(*entries));
}

/* In pieces: p->call.progress entries were looked at, p->call.vector_start of them are ready. */
static long check_entries(struct process *p)
{
        struct call *c = &p->call;

        while (c->progress < c->argument[1]) {
                seL4_Word some = read_entries(p, c->progress), ready = c->vector_start;

                if (!some || !check_some(p, c->progress, some, &ready))
                        return -SOS_EFAULT;
                if (!ready_cut()) {
                        c->vector_start = ready;
                        c->progress += some;
                }
                if (ready_cut() || (c->progress < c->argument[1] && pace_is_over()))
                        return any_pauses(p);
        }
        return (long)c->vector_start;
}

static bool stand_at_entry(struct process *p, const struct poll *e)
{
        struct file *f = e->descriptor < 0 ? NULL : descriptor_file(p->files, (seL4_Word)e->descriptor);

        return !f || ready_wait(p, f, &p->call.until_us);
}

static long stand_at_entries(struct process *p)
{
        struct call *c = &p->call;

        while (c->progress < c->argument[1]) {
                seL4_Word some = read_entries(p, c->progress);

                if (!some)
                        return -SOS_EFAULT;
                for (seL4_Word i = 0; i < some; i++) {
                        if (!stand_at_entry(p, &entries[i]) ||
                            (++c->progress < c->argument[1] && pace_is_over()))
                                return any_pauses(p);
                }
        }
        return 0;
}

static const struct any any_entry = {check_entries, stand_at_entries};

long posix_ppoll(struct process *p)
{
        seL4_Word time = p->call.argument[2];
        long error = begin(p, time, p->call.argument[3], p->call.argument[4]);

        if (error || p->call.argument[1] > p->files->limit)
                return error ? error : -SOS_EINVAL;
        all_read = false;
        return tell_rest(p, time, any_wait(p, &any_entry));
}

/* --- select --- */

enum { SETS = 3 };

static const uint32_t meanings[SETS] = {READY_IN | READY_IN_NORMAL | READY_HANGUP | READY_ERROR,
                                        READY_OUT | READY_OUT_NORMAL | READY_ERROR, READY_PRIORITY};

struct sets {
        uint64_t wanted[SETS][WORDS], found[SETS][WORDS];
};

static bool is_in(const uint64_t *set, seL4_Word i)
{
        return set[i / 64] >> i % 64 & 1;
}

static bool read_sets(struct process *p, struct sets *s, seL4_Word count)
{
        memset(s, 0, sizeof(*s));
        for (int i = 0; i < SETS; i++) {
                seL4_Word va = p->call.argument[1 + i];

                if (va && !space_read(p->space, va, s->wanted[i], (count + 63) / 64 * 8))
                        return false;
        }
        return true;
}

static bool write_sets(struct process *p, const struct sets *s, seL4_Word count)
{
        for (int i = 0; i < SETS; i++) {
                seL4_Word va = p->call.argument[1 + i];

                if (va && !space_write(p->space, va, s->found[i], (count + 63) / 64 * 8))
                        return false;
        }
        return true;
}

/* Those of the present try, and their number. */
static struct {
        struct sets sets;
        seL4_Word count;
} selected;

static bool is_wanted(seL4_Word i)
{
        const struct sets *s = &selected.sets;

        return is_in(s->wanted[0], i) || is_in(s->wanted[1], i) || is_in(s->wanted[2], i);
}

static long note_found(seL4_Word i, uint32_t now)
{
        struct sets *s = &selected.sets;
        long ready = 0;

        for (int k = 0; k < SETS; k++) {
                if (!is_in(s->wanted[k], i) || !(now & meanings[k]))
                        continue;
                s->found[k][i / 64] |= 1ull << i % 64;
                ready++;
        }
        return ready;
}

static long check_selected(struct process *p)
{
        long ready = 0;

        for (seL4_Word i = 0; i < selected.count; i++) {
                struct file *f = is_wanted(i) ? descriptor_file(p->files, i) : NULL;

                if (f)
                        ready += note_found(i, ready_now(p, f));
                else if (is_wanted(i))
                        return -SOS_EBADF;
        }
        return ready_cut() ? any_pauses(p) : ready;
}

static long stand_at_selected(struct process *p)
{
        struct call *c = &p->call;

        while (c->progress < selected.count) {
                struct file *f = is_wanted(c->progress) ? descriptor_file(p->files, c->progress) : NULL;

                if (f && !ready_wait(p, f, &c->until_us))
                        return any_pauses(p);
                if (++c->progress < selected.count && pace_is_over())
                        return any_pauses(p);
        }
        return 0;
}

static const struct any any_selected = {check_selected, stand_at_selected};

long posix_pselect6(struct process *p)
{
        seL4_Word count = p->call.argument[0], time = p->call.argument[4], mask[2] = {0};
        long result;

        if ((int)count < 0)
                return -SOS_EINVAL;
        count = count < p->files->limit ? count : p->files->limit;
        if (p->call.argument[5] && !space_read(p->space, p->call.argument[5], mask, sizeof(mask)))
                return -SOS_EFAULT;
        result = begin(p, time, mask[0], mask[1]);
        if (result)
                return result;
        if (!read_sets(p, &selected.sets, count))
                return -SOS_EFAULT;
        selected.count = count;
        result = any_wait(p, &any_selected);
        if (result >= 0 && !write_sets(p, &selected.sets, count))
                return -SOS_EFAULT;
        return tell_rest(p, time, result);
}

/* --- epoll --- */

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
        long error = begin(p, 0, p->call.argument[4], p->call.argument[5]);

        if (!error && milliseconds >= 0 && !p->call.end_us)
                p->call.end_us = clock_us() + (seL4_Word)milliseconds * 1000;
        return error ? error : wait_for_set(p);
}

long posix_epoll_pwait2(struct process *p)
{
        long error = begin(p, p->call.argument[3], p->call.argument[4], p->call.argument[5]);

        return error ? error : wait_for_set(p);
}
