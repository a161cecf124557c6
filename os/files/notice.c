/* SPDX-License-Identifier: BSD-2-Clause */
/* See notice.h. */
#include "os/files/notice.h"
#include "base/text.h"
#include "os/files/dnotify.h"
#include "os/files/event.h"
#include "sos/proto.h"

enum { NAME_STEP = 16 };

static struct watcher {
        struct watcher *next; /* of the instance; or free */
        struct event *of;     /* NULL: unused */
        const struct node *node;
        int number;
        uint32_t wanted;
} watchers[NOTICES];
static unsigned instances, fresh,
        used; /* none was used from the first on; `used` has other listeners, too (notice_hear) */
static uint32_t cookies;

/* --- what is kept until it is read --- */

static bool same_as_last(const struct event *e, const struct notice *n, const char *name)
{
        const struct notices *q = &e->notices;
        char last[sizeof(*n) + NODE_NAME_MAX + NAME_STEP];

        if (!q->last ||
            pipe_peek(q->pipe, q->pipe->tail - q->pipe->head - q->last, last, q->last) != (long)q->last ||
            q->last != sizeof(*n) + n->bytes)
                return false;
        return !memcmp(last, n, sizeof(*n)) && (!n->bytes || !strcmp(last + sizeof(*n), name));
}

/* The room behind it is for one that says that more has happened. */
static void keep(struct event *e, int number, uint32_t what, uint32_t cookie, const char *name)
{
        struct notices *q = &e->notices;
        struct notice n = {.watch = number, .what = what, .cookie = cookie};
        char padded[NODE_NAME_MAX + NAME_STEP];

        if (name) {
                n.bytes = (uint32_t)(strlen(name) / NAME_STEP + 1) * NAME_STEP;
                memset(padded, 0, n.bytes); /* not all of it: many may watch */
                memcpy(padded, name, strlen(name));
        }
        if (same_as_last(e, &n, padded))
                return;
        if (pipe_room(q->pipe) < 2 * sizeof(n) + n.bytes) {
                if (q->over)
                        return;
                n = (struct notice){.watch = -1, .what = NOTICE_OVERFLOW};
        }
        q->over = n.what == NOTICE_OVERFLOW;
        if (pipe_write(q->pipe, (const char *)&n, sizeof(n)) != (long)sizeof(n))
                return;
        if (n.bytes)
                pipe_write(q->pipe, padded, n.bytes);
        q->last = sizeof(n) + n.bytes;
        wait_wake(&e->changed);
}

size_t notice_next(const struct event *e, size_t ahead, char *to, size_t size)
{
        const struct pipe *p = e->notices.pipe;
        struct notice n;

        if (p->tail - p->head <= ahead)
                return 0;
        pipe_peek(p, ahead, (char *)&n, sizeof(n));
        if (sizeof(n) + n.bytes <= size)
                pipe_peek(p, ahead, to, sizeof(n) + n.bytes);
        return sizeof(n) + n.bytes;
}

void notice_taken(struct event *e, size_t bytes)
{
        struct notices *q = &e->notices;

        pipe_drop(q->pipe, bytes);
        if (q->pipe->head == q->pipe->tail)
                q->last = 0;
        q->over = false;
}

/* --- watches --- */

static void forget(struct watcher *w)
{
        struct watcher **at = &w->of->notices.first;

        while (*at != w)
                at = &(*at)->next;
        *at = w->next;
        w->of = NULL;
        used--;
}

static void drop(struct watcher *w)
{
        keep(w->of, w->number, NOTICE_NO_MORE, 0, NULL);
        forget(w);
}

static void tell(struct watcher *w, uint32_t what, uint32_t cookie, const char *name)
{
        if (!(w->wanted & what & NOTICE_ALL))
                return;
        keep(w->of, w->number, what, cookie, name);
        if (w->wanted & NOTICE_ONCE)
                drop(w);
}

/* To all that watch a node; each may go during its report. */
static void tell_all(const struct node *n, uint32_t what, uint32_t cookie, const char *name)
{
        if (name)
                dnotify_tell(n, what);
        for (unsigned i = 0; used && i < fresh; i++) {
                if (watchers[i].of && watchers[i].node == n)
                        tell(&watchers[i], what, cookie, name);
        }
}

void notice(const struct node *n, uint32_t what)
{
        if (!used || !n)
                return;
        what |= n->kind == NODE_DIRECTORY ? (uint32_t)NOTICE_DIRECTORY : 0;
        if (n->in_directory)
                tell_all(node_parent(n), what, 0, n->name);
        tell_all(n, what, 0, NULL);
}

bool notice_is_heard(void)
{
        return used;
}

void notice_hear(int more)
{
        used += (unsigned)more;
}

void notice_itself(const struct node *n, uint32_t what)
{
        if (used)
                tell_all(n, what, 0, NULL);
}

void notice_entry(const struct node *directory, const char *name, uint32_t what, uint32_t cookie)
{
        if (used)
                tell_all(directory, what, cookie, name);
}

void notice_gone(const struct node *n)
{
        if (!used)
                return;
        tell_all(n, NOTICE_GONE_ITSELF, 0, NULL);
        for (unsigned i = 0; used && i < fresh; i++) {
                if (watchers[i].of && watchers[i].node == n)
                        drop(&watchers[i]);
        }
}

bool notice_is_full(void)
{
        return instances == NOTICE_INSTANCES;
}

struct file *notice_open(uint32_t flags)
{
        struct pipe *p = pipe_make();
        struct file *f = p ? event_open(FILE_NOTICES, flags) : NULL;

        if (!f) {
                if (p)
                        pipe_close(p, false, false);
                return NULL;
        }
        pipe_open(p, true, true);
        f->event->notices.pipe = p;
        instances++;
        return f;
}

void notice_close(struct event *e)
{
        while (e->notices.first)
                forget(e->notices.first);
        instances--;
        pipe_close(e->notices.pipe, true, true);
}

static struct watcher *find(const struct event *e, const struct node *n)
{
        struct watcher *w = e->notices.first;

        while (w && w->node != n)
                w = w->next;
        return w;
}

static struct watcher *take(void)
{
        for (unsigned i = 0; i < fresh; i++) {
                if (!watchers[i].of)
                        return &watchers[i];
        }
        return fresh < NOTICES ? &watchers[fresh++] : NULL;
}

long notice_watch(struct event *e, struct node *n, uint32_t wanted, bool add, bool only_new)
{
        struct watcher *w = find(e, n);

        if (w && only_new)
                return -SOS_EEXIST;
        if (w) {
                w->wanted = add ? w->wanted | wanted : wanted;
                return w->number;
        }
        w = take();
        if (!w)
                return -SOS_ENOSPC;
        *w = (struct watcher){.next = e->notices.first,
                              .of = e,
                              .node = n,
                              .number = ++e->notices.number,
                              .wanted = wanted};
        e->notices.first = w;
        used++;
        return w->number;
}

bool notice_unwatch(struct event *e, int number)
{
        struct watcher *w = e->notices.first;

        while (w && w->number != number)
                w = w->next;
        if (w)
                drop(w);
        return w;
}

uint32_t notice_cookie(void)
{
        return used ? ++cookies : 0;
}
