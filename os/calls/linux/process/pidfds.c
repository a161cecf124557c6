/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors of processes: getting one, waiting until its process has ended (ready.c, children.c), signals through it, and copies of the
 * descriptors that its process has.  Numbers of processes are not used again, so a descriptor never means another process. */
#include "os/calls/linux/posix.h"
#include "os/files/event.h"
#include "os/process/numbers.h"
#include "os/process/signals/signal.h"
#include "os/process/signals/signal_frame.h"

enum { INFO_BYTES = 128 };

struct file *posix_pidfd_file(struct process *target, uint32_t flags)
{
        struct file *f = event_open(FILE_PROCESS, O_RDWR | (flags & O_NONBLOCK));

        if (f && target)
                posix_pidfd_means(f, target);
        return f;
}

void posix_pidfd_means(struct file *f, struct process *target)
{
        f->event->process = target->pid;
        target->end.watched = true;
}

long posix_pidfd_open(struct process *p)
{
        int pid = (int)p->call.argument[0];
        uint32_t flags = (uint32_t)p->call.argument[1];
        struct process *target = thread_find(pid);

        if (flags & ~(uint32_t)O_NONBLOCK || pid <= 0)
                return -SOS_EINVAL;
        if (!target || target->state == PROCESS_FREE)
                return -SOS_ESRCH;
        if (target->leader != target)
                return -SOS_EINVAL;
        return posix_give(p, posix_pidfd_file(target, flags), O_CLOEXEC);
}

int posix_pidfd_process(struct process *p, seL4_Word descriptor, struct file **file)
{
        struct file *f = posix_file(p, descriptor);

        if (!f || f->kind != FILE_PROCESS)
                return -SOS_EBADF;
        if (file)
                *file = f;
        return f->event->process;
}

/* What the caller says about the signal; one that others send cannot look like the system's own. */
static long read_cause(struct process *p, bool own, struct signal_cause *cause)
{
        struct signal_frame f = {0};

        if (!space_read(p->space, p->call.argument[2], &f, INFO_BYTES))
                return -SOS_EFAULT;
        if ((int)f.signal != cause->signal)
                return -SOS_EINVAL;
        cause->code = (int)f.code;
        cause->address = f.address;
        cause->value = f.more[0];
        return !own && (cause->code >= 0 || cause->code == SENT_TO_THREAD) ? -SOS_EPERM : 0;
}

/* The process that a descriptor of its directory in /proc names for this one call; 0: it is none. */
static int process_of_directory(struct process *p, seL4_Word descriptor)
{
        const struct file *f = posix_file(p, descriptor);
        const struct node *n = f && f->kind == FILE_NODE && !file_is_place(f) ? f->node : NULL;
        bool above = n && n->kind == NODE_DIRECTORY && node_parent(n) == node_find(node_root(), "/proc");

        return above ? n->number : 0;
}

long posix_pidfd_send_signal(struct process *p)
{
        int named = process_of_directory(p, p->call.argument[0]);
        int pid = named ? named : posix_pidfd_process(p, p->call.argument[0], NULL);
        struct process *target = pid > 0 ? process_find(pid) : NULL;
        seL4_Word signal = p->call.argument[1];
        struct signal_cause cause = {
                .signal = (int)signal, .code = SENT_BY_USER, .address = user_of_cause(p)};
        long error = 0;

        if ((uint32_t)p->call.argument[3])
                return -SOS_EINVAL;
        if (pid < 0)
                return pid;
        if (p->call.argument[2])
                error = read_cause(p, target == p->leader, &cause);
        if (error)
                return error;
        if (signal > PROCESS_SIGNALS)
                return -SOS_EINVAL;
        if (!target)
                return -SOS_ESRCH;
        if (!posix_may_signal(p, target, signal))
                return -SOS_EPERM;
        return !signal || signal_send_cause(target, &cause, false) ? 0 : -SOS_EAGAIN;
}

/* Those that may look into the other one, as debuggers do; the disk is only for the program of its file system. */
long posix_pidfd_getfd(struct process *p)
{
        int pid = posix_pidfd_process(p, p->call.argument[0], NULL);
        struct process *target = pid > 0 ? process_find(pid) : NULL;
        struct file *f;

        if ((uint32_t)p->call.argument[2])
                return -SOS_EINVAL;
        if (pid < 0)
                return pid;
        if (!target || !process_lives(target) || !target->files)
                return -SOS_ESRCH;
        if (!user_may_look(p, target, CAPABLE_TRACE))
                return -SOS_EPERM;
        f = descriptor_file(target->files, (uint32_t)p->call.argument[1]);
        if (!f || f->kind == FILE_VOLUME)
                return f ? -SOS_EPERM : -SOS_EBADF;
        file_share(f);
        return posix_give(p, f, O_CLOEXEC);
}
