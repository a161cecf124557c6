/* SPDX-License-Identifier: BSD-2-Clause */
/* What messages between processes carry besides bytes: open files, and who sends. */
#include "base/text.h"
#include "os/calls/linux/sockets/locals.h"

/* As Linux has them in memory; the next one begins at a multiple of 8. */
struct item {
        seL4_Word bytes; /* with this head */
        uint32_t level, type;
};
struct credentials {
        int32_t pid;
        uint32_t user, group;
};

enum {
        SOL_SOCKET = 1,
        SCM_RIGHTS = 1,
        SCM_CREDENTIALS = 2,
        CONTROL_MAX = 20480,
        TRUNCATED = 8,
        NOBODY = 65534
};

static seL4_Word padded(seL4_Word bytes)
{
        return (bytes + 7) & ~7ul;
}

/* --- what a program passes on --- */

static long read_files(struct process *p, seL4_Word va, seL4_Word bytes, struct control *control)
{
        int32_t descriptor[PARCEL_FILES_MAX];
        unsigned count = (unsigned)(bytes / sizeof(*descriptor));

        if (count > PARCEL_FILES_MAX - control->count)
                return -SOS_EINVAL;
        if (!space_read(p->space, va, descriptor, count * sizeof(*descriptor)))
                return -SOS_EFAULT;
        for (unsigned i = 0; i < count; i++) {
                struct file *f = posix_file(p, (seL4_Word)descriptor[i]);

                if (!f)
                        return -SOS_EBADF;
                control->file[control->count++] = f;
        }
        return 0;
}

static bool is_own(const uint32_t *ids, uint32_t id)
{
        return id == ids[USER_REAL] || id == ids[USER_EFFECTIVE] || id == ids[USER_SAVED];
}

/* A program says who it is: nobody else. */
static long read_credentials(struct process *p, seL4_Word va, seL4_Word bytes, struct control *control)
{
        struct credentials c;

        if (bytes != sizeof(c))
                return -SOS_EINVAL;
        if (!space_read(p->space, va, &c, sizeof(c)))
                return -SOS_EFAULT;
        if (c.pid != p->leader->pid || !is_own(p->user.user, c.user) || !is_own(p->user.group, c.group))
                return -SOS_EPERM;
        control->by = (struct sender){c.pid, c.user, c.group};
        return 0;
}

long control_read(struct process *p, seL4_Word va, seL4_Word bytes, struct control *control)
{
        seL4_Word at = 0;
        struct item item;
        long error = 0;

        control->count = 0;
        control->by.pid = 0;
        if (bytes > CONTROL_MAX)
                return -SOS_ENOBUFS;
        while (!error && at + sizeof(item) <= bytes) {
                if (!space_read(p->space, va + at, &item, sizeof(item)))
                        return -SOS_EFAULT;
                if (item.bytes < sizeof(item) || item.bytes > bytes - at)
                        return -SOS_EINVAL;
                if (item.level == SOL_SOCKET && item.type == SCM_RIGHTS)
                        error = read_files(p, va + at + sizeof(item), item.bytes - sizeof(item), control);
                else if (item.level == SOL_SOCKET && item.type == SCM_CREDENTIALS)
                        error = read_credentials(p, va + at + sizeof(item), item.bytes - sizeof(item),
                                                 control);
                else if (item.level == SOL_SOCKET)
                        error = -SOS_EINVAL;
                at += padded(item.bytes);
        }
        return error;
}

/* --- what arrives --- */

/* What is written where, as far as there is room. */
struct out {
        seL4_Word va, size, done;
        uint32_t *told;
};

static bool put(struct process *p, struct out *o, uint32_t type, const void *data, seL4_Word bytes)
{
        struct item item = {.bytes = sizeof(item) + bytes, .level = SOL_SOCKET, .type = type};
        seL4_Word padded_bytes = padded(item.bytes);

        if (o->size - o->done < sizeof(item)) {
                *o->told |= TRUNCATED;
                return true;
        }
        if (o->size - o->done < item.bytes) {
                *o->told |= TRUNCATED;
                item.bytes = o->size - o->done;
        }
        if (!space_write(p->space, o->va + o->done, &item, sizeof(item)) ||
            !space_write(p->space, o->va + o->done + sizeof(item), data, item.bytes - sizeof(item)))
                return false;
        o->done += padded_bytes < o->size - o->done ? padded_bytes : o->size - o->done;
        return true;
}

/* As many of the files as there are descriptors, and room for their numbers. */
static bool put_files(struct process *p, struct out *o, const struct parcel *parcel, bool close_on_exec)
{
        int32_t descriptor[PARCEL_FILES_MAX];
        seL4_Word room = o->size - o->done;
        unsigned most =
                room < sizeof(struct item) ? 0 : (unsigned)((room - sizeof(struct item)) / sizeof(int32_t));
        unsigned count = 0;

        for (; count < parcel->files && count < most; count++) {
                struct file *f = parcel_file(parcel, count);
                long n;

                file_share(f);
                n = posix_give(p, f, close_on_exec ? O_CLOEXEC : 0);
                if (n < 0)
                        break;
                descriptor[count] = (int32_t)n;
        }
        if (count < parcel->files)
                *o->told |= TRUNCATED;
        return count == 0 || put(p, o, SCM_RIGHTS, descriptor, count * sizeof(*descriptor));
}

long control_write(struct process *p, const struct message *m, const struct arrived *arrived, seL4_Word va,
                   seL4_Word *bytes, uint32_t *told)
{
        bool known = arrived->by.pid;
        struct credentials c = {arrived->by.pid, known ? arrived->by.user : NOBODY,
                                known ? arrived->by.group : NOBODY};
        struct out o = {.va = va, .size = va ? *bytes : 0, .told = told};
        bool good = true;

        *told |= (uint32_t)m->flags & MSG_CMSG_CLOEXEC;
        if (m->s->passes)
                good = put(p, &o, SCM_CREDENTIALS, &c, sizeof(c));
        if (good && arrived->parcel)
                good = put_files(p, &o, arrived->parcel, m->flags & MSG_CMSG_CLOEXEC);
        *bytes = o.done;
        return good ? 0 : -SOS_EFAULT;
}
