/* SPDX-License-Identifier: BSD-2-Clause */
/* See told.h. */
#include "os/files/told.h"
#include "sos/proto.h"

unsigned file_told_count;

static struct told {
        struct file *file; /* NULL: unused record */
        uint64_t seen[2];  /* how often its queues for reading and writing had been woken */
} told[TOLD];

static struct told *find(const struct file *f)
{
        for (unsigned i = 0; i < TOLD; i++) {
                if (told[i].file == f)
                        return &told[i];
        }
        return NULL;
}

static bool can_tell(const struct file *f)
{
        return f->pipe || f->socket || f->pty || f->kind == FILE_CONSOLE;
}

/* Was the queue woken since?  That is seen now. */
static bool has_news(struct told *t, bool write)
{
        uint64_t events = file_events(t->file, write);
        bool news = events != t->seen[write];

        t->seen[write] = events;
        return news;
}

long file_told_set(struct file *f, bool on)
{
        struct told *t;

        if (on == f->told || !can_tell(f))
                return 0;
        t = find(on ? NULL : f);
        if (!t)
                return -SOS_ENOLCK;
        f->told = on;
        t->file = on ? f : NULL;
        file_told_count += on ? 1 : -1u;
        if (on) {
                has_news(t, false);
                has_news(t, true);
        }
        return 0;
}

void file_told_forget(struct file *f)
{
        if (f->told)
                file_told_set(f, false);
}

static bool reads(const struct file *f)
{
        return (f->flags & O_ACCESS) != O_WRONLY;
}

static bool writes(const struct file *f)
{
        return f->flags & O_ACCESS;
}

struct file *file_told_next(unsigned *at, bool *writable)
{
        while (*at < TOLD) {
                struct told *t = &told[(*at)++];
                bool to_read, to_write;

                if (!t->file)
                        continue;
                to_read = has_news(t, false) && reads(t->file);
                to_write = has_news(t, true) && writes(t->file);
                if (to_read && (file_ready(t->file, false) || file_alone(t->file)))
                        *writable = false;
                else if (to_write && (file_ready(t->file, true) || file_alone(t->file)))
                        *writable = true;
                else
                        continue;
                return t->file;
        }
        return NULL;
}
