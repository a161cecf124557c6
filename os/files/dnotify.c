/* SPDX-License-Identifier: BSD-2-Clause */
/* See dnotify.h.  Owns the records; one without a file is unused. */
#include "os/files/dnotify.h"
#include "os/files/notice.h"
#include "sos/proto.h"

unsigned dnotify_count, dnotify_due;

static struct dnotify {
        const struct file *file; /* NULL: unused */
        int by;
        uint32_t wanted;
        bool due; /* its owner has not been told */
        bool last;
} dnotifies[DNOTIFIES];

static struct dnotify *find(const struct file *f, int by)
{
        for (unsigned i = 0; i < DNOTIFIES; i++) {
                if (dnotifies[i].file == f && (!f || dnotifies[i].by == by))
                        return &dnotifies[i];
        }
        return NULL;
}

static void forget(struct dnotify *d)
{
        dnotify_count--;
        dnotify_due -= d->due;
        notice_hear(-1);
        *d = (struct dnotify){0};
}

long dnotify_set(struct file *f, int by, uint32_t wanted)
{
        struct dnotify *d = find(f, by);

        if (!(wanted & DNOTIFY_ALL)) {
                dnotify_forget(f, by);
                return 0;
        }
        if (!d) {
                d = find(NULL, 0);
                if (!d)
                        return -SOS_ENOSPC;
                *d = (struct dnotify){.file = f, .by = by};
                dnotify_count++;
                notice_hear(1);
        }
        d->wanted |= wanted & (DNOTIFY_ALL | DNOTIFY_AGAIN);
        d->last = false;
        return 0;
}

void dnotify_forget(const struct file *f, int by)
{
        struct dnotify *d = dnotify_count ? find(f, by) : NULL;

        if (d)
                forget(d);
}

void dnotify_forget_all(const struct file *f)
{
        for (unsigned i = 0; dnotify_count && i < DNOTIFIES; i++) {
                if (dnotifies[i].file == f)
                        forget(&dnotifies[i]);
        }
}

/* The same in the words of F_NOTIFY. */
static uint32_t in_its_words(uint32_t what)
{
        return (what & NOTICE_READ ? DNOTIFY_READ : 0u) | (what & NOTICE_WRITTEN ? DNOTIFY_WRITTEN : 0u) |
               (what & NOTICE_CHANGED ? DNOTIFY_CHANGED : 0u) |
               (what & (NOTICE_MADE | NOTICE_MOVED_TO) ? DNOTIFY_MADE : 0u) |
               (what & (NOTICE_REMOVED | NOTICE_MOVED_FROM) ? DNOTIFY_REMOVED : 0u) |
               (what & NOTICE_MOVED_FROM ? DNOTIFY_RENAMED : 0u);
}

void dnotify_tell(const struct node *directory, uint32_t what)
{
        uint32_t news = in_its_words(what);

        for (unsigned i = 0; dnotify_count && i < DNOTIFIES; i++) {
                struct dnotify *d = &dnotifies[i];

                if (!d->file || d->last || d->file->node != directory || !(d->wanted & news))
                        continue;
                dnotify_due += !d->due;
                d->due = true;
                d->last = !(d->wanted & DNOTIFY_AGAIN);
        }
}

const struct file *dnotify_next(unsigned *at)
{
        while (*at < DNOTIFIES) {
                struct dnotify *d = &dnotifies[(*at)++];
                const struct file *f = d->file;

                if (!d->due)
                        continue;
                d->due = false;
                dnotify_due--;
                if (d->last)
                        forget(d);
                return f;
        }
        return NULL;
}
