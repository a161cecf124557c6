/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls that only native programs have; see sos/proto.h. */
#include "os/calls/native/native.h"
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/device/serial.h"
#include "os/files/store.h"
#include "os/process/sharing.h"
#include "tessera/extensions.h"

static bool terminated(const char *s, size_t size)
{
        while (size > 0) {
                if (!s[--size])
                        return true;
        }
        return false;
}

static long call_nothing(struct process *p)
{
        (void)p;
        return 0;
}

static long call_park(struct process *p)
{
        return call_waits(p, NULL);
}

/* Up to an empty one; more than there is room for when none ends them. */
static unsigned long argument_bytes(const char *arguments)
{
        unsigned long n = 0;

        while (n < SOS_ARGUMENTS_MAX && arguments[n]) {
                while (n < SOS_ARGUMENTS_MAX && arguments[n])
                        n++;
                n++;
        }
        return n;
}

static long call_spawn(struct process *p)
{
        struct sos_spawn s;

        if (!space_read(p->space, p->call.argument[0], &s, sizeof(s)))
                return -SOS_EFAULT;
        if (s.argument_bytes == 0)
                s.argument_bytes = argument_bytes(s.arguments);
        if (s.argument_bytes > SOS_ARGUMENTS_MAX)
                return -SOS_E2BIG;
        if ((s.argument_bytes && s.arguments[s.argument_bytes - 1]) || !terminated(s.name, sizeof(s.name)) ||
            !terminated(s.program, sizeof(s.program)) || s.priority > CHILD_PRIORITY_MAX ||
            s.budget_us > s.period_us)
                return -SOS_EINVAL;
        return call_gives_turn(p) ? CALL_NO_VALUE : process_spawn(&s, p->pid, false);
}

static long call_find(struct process *p)
{
        char name[SOS_NAME_MAX];
        struct process *found;

        if (!space_read_string(p->space, p->call.argument[0], name, sizeof(name)))
                return -SOS_EFAULT;
        found = process_named(name);
        return found ? found->pid : -SOS_ESRCH;
}

static long call_status(struct process *p)
{
        long count = 0;

        for (unsigned i = 0; i < PROCESSES && (seL4_Word)count < p->call.argument[1]; i++) {
                struct process *other = process_entry(i);
                struct sos_status s = {.pid = other->pid,
                                       .started_ms = (unsigned)(other->time.started_us / 1000)};

                if (other->state == PROCESS_FREE)
                        continue;
                s.pages = other->space ? other->space->resident : 0;
                memcpy(s.command, other->name, sizeof(s.command));
                if (!space_write(p->space, p->call.argument[0] + (seL4_Word)count * sizeof(s), &s, sizeof(s)))
                        return -SOS_EFAULT;
                count++;
        }
        return count;
}

/* Files are written first.  Returns only if the image was packed without this right. */
static long call_power_off(struct process *p)
{
        if (!user_can(&p->user, CAPABLE_BOOT))
                return -SOS_EPERM;
        if (store_hurry())
                return call_waits(p, store_queue());
        serial_finish();
        seL4_Call(seL4_CapIRQControl, seL4_MessageInfo_new(TESSERA_PowerOff, 0, 0, 0));
        return -SOS_ENOSYS;
}

long call_native(struct process *p)
{
        static long (*const calls[SOS_CALLS])(struct process *) = {
                [SOS_NOTHING] = call_nothing, [SOS_PARK] = call_park,       [SOS_SPAWN] = call_spawn,
                [SOS_FIND] = call_find,       [SOS_STATUS] = call_status,   [SOS_POWER_OFF] = call_power_off,
                [SOS_CREATE] = sos_create,    [SOS_DELETE] = sos_delete,    [SOS_WAIT] = sos_wait,
                [SOS_SLEEP] = sos_sleep,      [SOS_STAT] = sos_file_stat,   [SOS_DIRENT] = sos_dirent,
                [SOS_SHARE] = sos_share,      [SOS_MACHINE] = call_machine, [SOS_CONSOLE] = call_console,
        };

        return p->call.number < SOS_CALLS ? calls[p->call.number](p) : -SOS_ENOSYS;
}
