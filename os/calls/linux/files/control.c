/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations on descriptors and open files themselves: copies, flags, locks, the room of a pipe; and the requests of ioctl that
 * any open file answers. */
#include "os/calls/linux/posix.h"
#include "os/files/event.h"
#include "os/files/told.h"
#include "os/process/signals/signal.h"

enum { O_LARGEFILE = 0400000, O_ASYNC = 020000, O_NOATIME = 01000000 };
enum {
        F_DUPFD = 0,
        F_GETFD = 1,
        F_SETFD = 2,
        F_GETFL = 3,
        F_SETFL = 4,
        F_DUPFD_CLOEXEC = 1030,
        F_SETPIPE_SZ = 1031,
        F_GETPIPE_SZ = 1032,
        F_ADD_SEALS = 1033,
        F_GET_SEALS = 1034
};

static long duplicate(struct process *p, seL4_Word descriptor, long to, uint32_t flags)
{
        struct file *f = posix_file(p, descriptor);

        if (!f || to < 0)
                return f ? to : -SOS_EBADF;
        file_share(f);
        return posix_give_at(p, f, to, flags);
}

long posix_dup(struct process *p)
{
        return duplicate(p, p->call.argument[0], posix_lowest(p, 0), 0);
}

static long duplicate_from(struct process *p, seL4_Word descriptor, seL4_Word from, uint32_t flags)
{
        if (p->kind.foreign && from >= p->files->limit)
                return -SOS_EINVAL;
        return duplicate(p, descriptor, posix_lowest(p, from), flags);
}

long posix_dup3(struct process *p)
{
        seL4_Word from = p->call.argument[0], to = p->call.argument[1];
        struct file *old = posix_file(p, to);
        long error;

        if (from == to || p->call.argument[2] & ~(seL4_Word)O_CLOEXEC)
                return -SOS_EINVAL;
        if (!posix_file(p, from) || to >= p->files->limit)
                return -SOS_EBADF;
        error = duplicate(p, from, (long)to, (uint32_t)p->call.argument[2]);
        if (old && error >= 0)
                posix_let_go(p, old);
        return error;
}

static long lock(struct process *p, struct file *f, seL4_Word command)
{
        enum { GETLK = 5, SETLK = 6, SETLKW = 7, OFD_GETLK = 36, OFD_SETLK = 37, OFD_SETLKW = 38 };
        bool of_file = command >= OFD_GETLK;

        if ((command < GETLK || command > SETLKW) && (command < OFD_GETLK || command > OFD_SETLKW))
                return -SOS_EINVAL;
        return posix_lock(p, f, (enum lock_call)(command - (of_file ? OFD_GETLK : GETLK)), of_file);
}

/* The most is what /proc/sys/fs/pipe-max-size says. */
static long pipe_size(const struct file *f, bool set, uint32_t wanted)
{
        enum { HALF = 1u << 31 };

        if (!f->pipe || f->event)
                return -SOS_EBADF;
        if (!set)
                return f->pipe->pages * (long)PAGE;
        return wanted > HALF ? -SOS_EINVAL : pipe_resize(f->pipe, wanted);
}

/* Only memfd_create makes files that can be sealed, and their seals stay. */
static long add_seals(struct file *f, seL4_Word seals)
{
        struct node *n = f->node;

        if (!(f->flags & O_ACCESS))
                return -SOS_EPERM;
        if (!n || !n->memory_only || seals & ~(seL4_Word)NODE_SEALS)
                return -SOS_EINVAL;
        if (n->seals & NODE_SEAL_SEAL)
                return -SOS_EPERM;
        if (seals & NODE_SEAL_WRITE && n->mapped_for_writing)
                return -SOS_EBUSY;
        n->seals |= (uint8_t)seals;
        return 0;
}

/* What a file that is open as a place only is asked for as well. */
static bool is_of_descriptor(seL4_Word command)
{
        return command <= F_GETFL || command == F_DUPFD_CLOEXEC;
}

static long control_descriptor(struct process *p, seL4_Word command)
{
        seL4_Word descriptor = p->call.argument[0];
        uint32_t value = (uint32_t)p->call.argument[2];

        switch (command) {
        case F_DUPFD:
                return duplicate_from(p, descriptor, value, 0);
        case F_DUPFD_CLOEXEC:
                return duplicate_from(p, descriptor, value, O_CLOEXEC);
        case F_GETFD:
                return descriptor_on_exec(p->files, descriptor);
        default: /* F_SETFD */
                descriptor_set_on_exec(p->files, descriptor, value & 1);
                return 0;
        }
}

static long get_flags(const struct file *f)
{
        return (long)(f->flags & ~(uint32_t)O_CLOEXEC) | O_LARGEFILE | (f->told ? O_ASYNC : 0);
}

static long set_flags(const struct process *p, struct file *f, uint32_t value)
{
        const uint32_t changeable = O_APPEND | O_NONBLOCK | O_NOATIME | (f->pipe ? O_DIRECT : 0);
        long error;

        if (value & ~f->flags & O_NOATIME && f->node && !rights_own(&p->user, f->node))
                return -SOS_EPERM;
        error = file_told_set(f, value & O_ASYNC);

        if (!error)
                f->flags = (f->flags & ~changeable) | (value & changeable);
        return error;
}

static long control_file(struct process *p, struct file *f, seL4_Word command)
{
        seL4_Word value = p->call.argument[2];

        switch (command) {
        case F_GETFL:
                return get_flags(f);
        case F_SETFL:
                return set_flags(p, f, (uint32_t)value);
        case F_SETPIPE_SZ:
        case F_GETPIPE_SZ:
                return pipe_size(f, command == F_SETPIPE_SZ, (uint32_t)value);
        case F_ADD_SEALS:
                return add_seals(f, value);
        case F_GET_SEALS:
                return f->node && f->node->memory_only ? f->node->seals : -SOS_EINVAL;
        default:
                return posix_is_of_owner(command) ? posix_control_owner(p, f, command) : lock(p, f, command);
        }
}

long posix_fcntl(struct process *p)
{
        seL4_Word command = (uint32_t)p->call.argument[1];
        struct file *f = posix_file(p, p->call.argument[0]);

        if (!f || (file_is_place(f) && !is_of_descriptor(command)))
                return -SOS_EBADF;
        return command <= F_SETFD || command == F_DUPFD_CLOEXEC ? control_descriptor(p, command)
                                                                : control_file(p, f, command);
}

/* --- ioctl --- */

/* Bytes that a read would give at once; -SOS_ENOTTY: such a file cannot tell. */
static long bytes_there(const struct file *f)
{
        if (f->kind == FILE_NOTICES)
                return (long)(f->event->notices.pipe->tail - f->event->notices.pipe->head);
        if (f->pipe)
                return (long)(f->pipe->tail - f->pipe->head);
        if (f->kind != FILE_NODE || f->node->kind == NODE_DIRECTORY)
                return -SOS_ENOTTY;
        return f->offset < f->node->size ? (long)(f->node->size - f->offset) : 0;
}

static long tell_bytes(struct process *p, const struct file *f)
{
        long bytes = bytes_there(f);
        int there = (int)bytes;

        if (bytes < 0)
                return bytes;
        return space_write(p->space, p->call.argument[2], &there, sizeof(there)) ? 0 : -SOS_EFAULT;
}

enum {
        FIONREAD = 0x541b,
        FIONBIO = 0x5421,
        FIONCLEX = 0x5450,
        FIOCLEX = 0x5451,
        FIOASYNC = 0x5452,
        FIOSETOWN = 0x8901,
        SIOCSPGRP = 0x8902,
        FIOGETOWN = 0x8903,
        SIOCGPGRP = 0x8904
};

/* Requests with a number at an address: whether it blocks, whether its owner is told, who that is. */
static bool has_number(seL4_Word request)
{
        return request == FIONBIO || request == FIOASYNC || request == FIOSETOWN || request == SIOCSPGRP;
}

static long set_number(struct process *p, struct file *f, seL4_Word request)
{
        int value;

        if (!space_read(p->space, p->call.argument[2], &value, sizeof(value)))
                return -SOS_EFAULT;
        if (request == FIOASYNC)
                return file_told_set(f, value);
        if (request != FIONBIO)
                return posix_set_owner(p, f, value);
        f->flags = (f->flags & ~(uint32_t)O_NONBLOCK) | (value ? (uint32_t)O_NONBLOCK : 0);
        return 0;
}

/* -SOS_ENOSYS: it is none of these; only sockets tell and set owners in this way. */
static long handle_number(struct process *p, struct file *f, seL4_Word request)
{
        int owner = posix_owner(f);

        if (has_number(request) && (f->socket || request == FIONBIO || request == FIOASYNC))
                return set_number(p, f, request);
        if (!f->socket || (request != FIOGETOWN && request != SIOCGPGRP))
                return -SOS_ENOSYS;
        return space_write(p->space, p->call.argument[2], &owner, sizeof(owner)) ? 0 : -SOS_EFAULT;
}

long posix_ioctl(struct process *p)
{
        struct file *f = posix_file(p, p->call.argument[0]);
        seL4_Word request = (uint32_t)p->call.argument[1];
        long done;

        if (!f || file_is_place(f))
                return -SOS_EBADF;
        if (request == FIOCLEX || request == FIONCLEX) {
                descriptor_set_on_exec(p->files, p->call.argument[0], request == FIOCLEX);
                return 0;
        }
        done = handle_number(p, f, request);
        if (done != -SOS_ENOSYS)
                return done;
        if (f->socket)
                return posix_ioctl_socket(p, f);
        if (f->pty)
                return posix_ioctl_pty(p, f);
        if (f->kind == FILE_CONSOLE)
                return posix_ioctl_terminal(p);
        return request == FIONREAD ? tell_bytes(p, f) : -SOS_ENOTTY;
}
