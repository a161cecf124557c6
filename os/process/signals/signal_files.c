/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals about open files, to their owners (F_SETOWN, F_SETSIG). */
#include "os/files/dnotify.h"
#include "os/files/pty.h"
#include "os/files/told.h"
#include "os/process/signals/signal.h"

/* Who named the owner must be root, or one user with it: a signal from a file is one from there. */
static bool may_hear(const struct file *f, const struct process *p)
{
        uint32_t real = p->user.user[USER_REAL], saved = p->user.user[USER_SAVED];

        return !f->owner.effective || f->owner.effective == real || f->owner.effective == saved ||
               f->owner.real == real || f->owner.real == saved;
}

static void send_thread(const struct file *f, struct process *t, const struct signal_cause *cause)
{
        if (t && thread_lives(t) && may_hear(f, t))
                signal_send_cause(t, cause, true);
}

static void send_processes(const struct file *f, const struct signal_cause *cause)
{
        bool group = f->owner.kind == OWNER_GROUP;
        int id = f->owner.id;

        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (process_lives(p) && (group ? p->group : p->pid) == id && may_hear(f, p))
                        signal_send_cause(p, cause, false);
        }
}

/* Without a signal of its own it is SIGIO, which says nothing; with one it says which file, and what. */
void signal_owner(const struct file *f, enum file_news news)
{
        static const unsigned bands[] = {
                [NEWS_READABLE] = 0x41, [NEWS_WRITABLE] = 0x304, [NEWS_MESSAGE] = 0x441};
        struct signal_cause cause = {.signal = f->owner.signal ? f->owner.signal : SIGNAL_IO,
                                     .code = f->owner.signal ? (int)news : SENT_BY_KERNEL};

        if (f->owner.signal) {
                cause.address = bands[news];
                cause.value = (seL4_Word)f->owner.descriptor;
        }
        if (!f->owner.id)
                return;
        if (f->owner.kind == OWNER_THREAD)
                send_thread(f, thread_find(f->owner.id), &cause);
        else
                send_processes(f, &cause);
}

void signal_files(void)
{
        unsigned at = 0;
        bool writable;

        for (const struct file *f; (f = file_told_next(&at, &writable)) != NULL;)
                signal_owner(f, writable ? NEWS_WRITABLE : NEWS_READABLE);
}

static void signal_directories(void)
{
        unsigned at = 0;

        for (const struct file *f; (f = dnotify_next(&at)) != NULL;)
                signal_owner(f, NEWS_MESSAGE);
}

void signal_news(void)
{
        if (pty_signals_wait)
                signal_terminals();
        if (file_told_count)
                signal_files();
        if (dnotify_due)
                signal_directories();
}
