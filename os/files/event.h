/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are there to be waited for: counters, timers, signals, processes, and sets of other files (eventfd, timerfd, signalfd, pidfd
 * and epoll of Linux).  What reading them gives is in calls/linux/waiting/events.c, since it depends on who reads.
 *
 * A watch is one member of a set: a file under the number that it had.  It goes when the file is closed for good.
 */
#pragma once

#include "os/files/file.h"

enum { EVENTS = 1024, WATCHES = 8192, SET_WATCHES = 1024 };

struct watch {
        struct watch *next; /* in its set, in the order in which they are looked at */
        struct file *file;
        int descriptor;
        uint32_t wanted; /* 0: it was reported once, and gets nothing more */
        uint64_t data;
        uint64_t seen
                [2];    /* how often the queues for reading and writing had been woken when it was reported */
        bool told;      /* it was */
        uint64_t stood; /* where somebody waits already (calls/linux/waiting/ready.c) */
};

/* What an instance of inotify has (notice.h): its watches, and what was not read yet. */
struct notices {
        struct watcher *first;
        struct pipe *pipe;
        size_t last; /* bytes of the last one in the pipe */
        int number;  /* of the last watch */
        bool over;   /* there was no room */
};

struct event {
        bool used;
        struct wait_queue changed, drained; /* those that wait until they can read; or write */
        union {
                struct {
                        uint64_t count;
                        bool semaphore;
                } counter;
                struct {
                        uint64_t at, interval; /* microseconds, 0: not set; not again */
                        bool date;
                } timer;
                uint64_t signals; /* bit n-1 for signal n */
                int process;      /* its number */
                struct mqueue *queue;
                struct {
                        struct watch *first;
                        unsigned members;
                        unsigned
                                above; /* sets in sets in which it is, or was since ready.c measured last, so deep */
                        uint64_t looked, entered, stood,
                                walked; /* where somebody has been already (calls/linux/waiting/ready.c) */
                        unsigned walked_at;
                        bool found;
                } set;
                struct notices notices;
        };
};

/* A file of kind FILE_COUNTER to FILE_SET; NULL when there are too many. */
struct file *event_open(enum file_kind kind, uint32_t flags);

/* Its last user has gone.  And: a watched file is closed for good. */
void event_close(struct file *f);
void event_forget(const struct file *f);

/* A process that somebody has a file of has ended.  Cost: all files. */
void event_ended(int process);

/* As file_queue. */
struct wait_queue *event_queue(struct file *f, bool write);

struct watch *event_find(const struct event *set, const struct file *f, int descriptor);

/* Add a member (NULL: there are too many), and remove one. */
struct watch *event_watch(struct event *set, struct file *f, int descriptor);
void event_unwatch(struct event *set, struct watch *w);
