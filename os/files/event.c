/* SPDX-License-Identifier: BSD-2-Clause */
/* See event.h. */
#include "os/files/event.h"
#include "os/files/mqueue.h"
#include "os/files/notice.h"

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

static void give_back(struct event *set, struct watch *w)
{
        set->set.members--;
        w->file->watches--;
        w->next = free_watches;
        free_watches = w;
}

void event_close(struct file *f)
{
        struct event *e = f->event;

        while (f->kind == FILE_SET && e->set.first)
                event_unwatch(e, e->set.first);
        if (f->kind == FILE_NOTICES)
                notice_close(e);
        if (f->kind == FILE_QUEUE)
                mqueue_close(e->queue);
        wait_wake(&e->changed);
        wait_wake(&e->drained);
        e->used = false;
}

struct wait_queue *event_queue(struct file *f, bool write)
{
        struct event *e = f->event;

        if (f->kind == FILE_SIGNALS)
                return NULL;
        if (f->kind == FILE_QUEUE)
                return write ? &e->queue->drained : &e->queue->filled;
        return write ? &e->drained : &e->changed;
}

static void forget_in(struct event *set, const struct file *f)
{
        struct watch **at = &set->set.first, *w;

        while ((w = *at)) {
                if (w->file != f) {
                        at = &w->next;
                        continue;
                }
                *at = w->next;
                give_back(set, w);
        }
}

/* Only sets have watches, but which events are sets only their files know: so all files are looked at. */
void event_forget(const struct file *f)
{
        for (unsigned i = 0; i < FILES && f->watches; i++) {
                if (file_entry(i)->kind == FILE_SET)
                        forget_in(file_entry(i)->event, f);
        }
}

void event_ended(int process)
{
        for (unsigned i = 0; i < FILES; i++) {
                struct file *f = file_entry(i);

                if (f->kind == FILE_PROCESS && f->event->process == process)
                        wait_wake(&f->event->changed);
        }
}

struct watch *event_find(const struct event *set, const struct file *f, int descriptor)
{
        struct watch *w = set->set.first;

        while (w && (w->file != f || w->descriptor != descriptor))
                w = w->next;
        return w;
}

/* Where a member is linked in, or where the next one would be (NULL). */
static struct watch **place_of(struct event *set, const struct watch *w)
{
        struct watch **at = &set->set.first;

        while (*at != w)
                at = &(*at)->next;
        return at;
}

struct watch *event_watch(struct event *set, struct file *f, int descriptor)
{
        struct watch *w = free_watches;

        if (set->set.members == SET_WATCHES)
                return NULL;
        if (w)
                free_watches = w->next;
        else if (fresh_watches < WATCHES)
                w = &watches[fresh_watches++];
        if (!w)
                return NULL;
        *w = (struct watch){.file = f, .descriptor = descriptor};
        f->watches++;
        set->set.members++;
        *place_of(set, NULL) = w;
        return w;
}

void event_unwatch(struct event *set, struct watch *w)
{
        *place_of(set, w) = w->next;
        give_back(set, w);
}
