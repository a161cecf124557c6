/* SPDX-License-Identifier: BSD-2-Clause */
/* SOS_MACHINE: virtual machines for native programs; see sos/machine.h. */
#include "os/process/machine.h"
#include "base/text.h"
#include "os/calls/native/native.h"

enum { KILLED = 9, CONSOLE_MOST = 1024 };

static bool good(const struct machine_start *s)
{
        return s->name[0] && memchr(s->name, '\0', sizeof(s->name)) &&
               s->argument_bytes <= SOS_ARGUMENTS_MAX &&
               (!s->argument_bytes || !s->arguments[s->argument_bytes - 1]);
}

static long start(struct process *p)
{
        struct machine_start s;

        if (!space_read(p->space, p->call.argument[1], &s, sizeof(s)))
                return -SOS_EFAULT;
        return good(&s) ? machine_start(&s, p->pid) : -SOS_EINVAL;
}

static long facts(struct process *p)
{
        struct machine_facts f;

        if (!machine_facts(p->call.argument[1], &f))
                return -SOS_ENOENT;
        return space_write(p->space, p->call.argument[2], &f, sizeof(f)) ? 0 : -SOS_EFAULT;
}

/* As sos_delete: the second time it is tried, what it had is given back. */
static long stop(struct process *p)
{
        struct process *monitor = machine_process(p->call.argument[1]);

        if (p->call.child)
                return process_find(p->call.child) ? call_waits(p, &process_find(p->call.child)->waits.ended)
                                                   : 0;
        if (!monitor)
                return -SOS_ESRCH;
        p->call.child = monitor->pid;
        if (process_lives(monitor))
                process_kill(monitor, KILLED);
        return call_waits(p, &monitor->waits.ended);
}

static long read_console(struct process *p)
{
        char text[CONSOLE_MOST];
        seL4_Word size = p->call.argument[3];
        long n = machine_read(p->call.argument[1], text, size < sizeof(text) ? size : sizeof(text));

        return n > 0 && !space_write(p->space, p->call.argument[2], text, (seL4_Word)n) ? -SOS_EFAULT : n;
}

static long write_console(struct process *p)
{
        char text[CONSOLE_MOST];
        seL4_Word size = p->call.argument[3] < sizeof(text) ? p->call.argument[3] : sizeof(text);

        if (!space_read(p->space, p->call.argument[2], text, size))
                return -SOS_EFAULT;
        return machine_write(p->call.argument[1], text, size);
}

/* A machine has memory and devices, and reads any file: that is up to the system's own users. */
long call_machine(struct process *p)
{
        if (p->call.argument[0] != MACHINE_FACTS && !user_can(&p->user, CAPABLE_SYSTEM))
                return -SOS_EPERM;
        switch (p->call.argument[0]) {
        case MACHINE_START:
                return start(p);
        case MACHINE_TAKE:
                return machine_take(p, p->call.argument[1]);
        case MACHINE_FACTS:
                return facts(p);
        case MACHINE_STOP:
                return stop(p);
        case MACHINE_ORDER:
                return machine_order(p->call.argument[1], p->call.argument[2]);
        case MACHINE_READ:
                return read_console(p);
        case MACHINE_WRITE:
                return write_console(p);
        case MACHINE_ALARM:
                return machine_alarm(p, p->call.argument[1]);
        case MACHINE_ADD:
                return machine_add(p);
        default:
                return -SOS_EINVAL;
        }
}
