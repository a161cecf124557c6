/* SPDX-License-Identifier: BSD-2-Clause */
/* See event.h. */
#include "os/files/event.h"

static struct event events[EVENTS];
static struct watch watches[WATCHES];
static struct watch *free_watches; /* those that were used */
static unsigned fresh_watches, fresh_events;

static struct event *take(void)
{
        for (unsigned i = 0; i < fresh_events; i++) {
                if (!events[i].used)
                        return &events[i];
        }
        return fresh_events < EVENTS ? &events[fresh_events++] : NULL;
}

struct file *event_open(enum file_kind kind, uint32_t flags)
{
        struct event *e = take();
        struct file *f = e ? file_new(kind, flags) : NULL;

        if (!f)
                return NULL;
        *e = (struct event){.used = true};
        f->event = e;
        return f;
}

static void give_back(struct watch *w)
{
        w->file->watches--;
        w->next = free_watches;
        free_watches = w;
}

void event_close(struct event *e, bool set)
{
        while (set && e->first)
                event_unwatch(e, e->first);
        e->used = false;
}

/* Only sets have watches, but which events are sets only their files know: so all files are looked at. */
void event_forget(const struct file *f)
{
        for (unsigned i = 0; i < FILES && f->watches; i++) {
                struct file *set = file_entry(i);
                struct watch *w, *next;

                for (w = set->kind == FILE_SET ? set->event->first : NULL; w; w = next) {
                        next = w->next;
                        if (w->file == f)
                                event_unwatch(set->event, w);
                }
        }
}

struct watch *event_find(const struct event *set, const struct file *f, int descriptor)
{
        struct watch *w = set->first;

        while (w && (w->file != f || w->descriptor != descriptor))
                w = w->next;
        return w;
}

static struct watch **end(struct event *set)
{
        struct watch **at = &set->first;

        while (*at)
                at = &(*at)->next;
        return at;
}

static void unlink(struct event *set, struct watch *w)
{
        struct watch **at = &set->first;

        while (*at != w)
                at = &(*at)->next;
        *at = w->next;
}

struct watch *event_watch(struct event *set, struct file *f, int descriptor)
{
        struct watch *w = free_watches;

        if (w)
                free_watches = w->next;
        else if (fresh_watches < WATCHES)
                w = &watches[fresh_watches++];
        if (!w)
                return NULL;
        *w = (struct watch){.file = f, .descriptor = descriptor};
        f->watches++;
        *end(set) = w;
        return w;
}

void event_unwatch(struct event *set, struct watch *w)
{
        unlink(set, w);
        give_back(w);
}

void event_behind(struct event *set, struct watch *w)
{
        unlink(set, w);
        w->next = NULL;
        *end(set) = w;
}
