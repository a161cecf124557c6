/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for any of several files: poll and select. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/calls/linux/waiting/any.h"
#include "os/calls/linux/waiting/ready.h"
#include "os/core/pace.h"
#include "os/memory/seen.h"
#include "sos/clock.h"

enum { WORDS = DESCRIPTORS / 64 };

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

/* From a page that was found before, or from wherever they are. */
static bool copy_entries(struct process *p, seL4_Word va, seL4_Word count)
{
        const struct poll *seen = space_seen_bytes(p->space, va, count * sizeof(*entries), SPACE_READ);

        for (seL4_Word i = 0; seen && i < count; i++)
                __builtin_memcpy(&entries[i], &seen[i], sizeof(*entries));
        return seen || space_read(p->space, va, entries, count * sizeof(*entries));
}

/* The next ones from number `at` on, 0 when they cannot be read. */
static seL4_Word read_entries(struct process *p, seL4_Word at)
{
        seL4_Word rest = p->call.argument[1] - at, some = rest < SOME ? rest : SOME;

        if (!all_read && !copy_entries(p, p->call.argument[0] + at * sizeof(*entries), some))
                return 0;
        all_read |= p->call.argument[1] == some;
        return some;
}

/* What was found of each. */
static bool write_found(struct process *p, seL4_Word va, seL4_Word count)
{
        struct poll *seen = space_seen_bytes(p->space, va, count * sizeof(*entries), SPACE_WRITE);

        for (seL4_Word i = 0; seen && i < count; i++)
                __builtin_memcpy(&seen[i].found, &entries[i].found, sizeof(entries->found));
        return seen || space_write(p->space, va, entries, count * sizeof(*entries));
}

static uint16_t look_at(struct process *p, const struct poll *e)
{
        struct file *f = e->descriptor < 0 ? NULL : descriptor_file(p->files, (seL4_Word)e->descriptor);

        if (e->descriptor < 0)
                return 0;
        return f ? (uint16_t)ready_now(p, f, e->wanted) : READY_NOT_OPEN;
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
        return ready_cut() || !news || write_found(p, p->call.argument[0] + at * sizeof(*entries), some);
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
        long error = any_begin(p, time, p->call.argument[3], p->call.argument[4]);

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

static uint32_t wanted_events(seL4_Word i)
{
        uint32_t events = 0;

        for (int k = 0; k < SETS; k++)
                events |= is_in(selected.sets.wanted[k], i) ? meanings[k] : 0;
        return events;
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
                        ready += note_found(i, ready_now(p, f, wanted_events(i)));
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
        result = any_begin(p, time, mask[0], mask[1]);
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
