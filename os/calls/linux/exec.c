/* SPDX-License-Identifier: BSD-2-Clause */
/* Running another program: its arguments are read, the other threads end, and the old memory goes before it begins. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/process/image.h"
#include "os/process/signal.h"

enum { STRINGS_BYTES = 3072, STRINGS_MAX = 100 };

/* Strings of the old program, kept while the new one is made. */
struct strings {
        char bytes[STRINGS_BYTES];
        size_t used;
        unsigned count;
};

static long add_string(struct process *p, struct strings *s, seL4_Word va)
{
        if (s->count == STRINGS_MAX ||
            !space_read_string(p->space, va, s->bytes + s->used, STRINGS_BYTES - s->used))
                return -SOS_E2BIG;
        s->used += strlen(s->bytes + s->used) + 1;
        s->count++;
        return 0;
}

static long read_strings(struct process *p, struct strings *s, seL4_Word va)
{
        long error = 0;

        s->used = 0;
        s->count = 0;
        for (; va && !error; va += sizeof(seL4_Word)) {
                seL4_Word string;

                if (!space_read(p->space, va, &string, sizeof(string)))
                        return -SOS_EFAULT;
                if (!string)
                        break;
                error = add_string(p, s, string);
        }
        return error;
}

/* The old program's memory goes; then the new one begins. */
static long finish_exec(struct process *p)
{
        process_free_old(p);
        if (!space_end_some(p->call.space))
                return call_pauses(p);
        p->call.space = NULL;
        wait_wake(&p->ended); /* a parent may wait for its memory */
        process_start(p);
        return call_gone(p);
}

/* It has no threads but this one, and none that ends. */
static bool process_alone(const struct process *p)
{
        const struct process *l = p->leader;

        return p == l ? l->threads == 1 : l->threads == 2 && l->state == PROCESS_HOLLOW;
}

/* From here on there is no way back: the others end. */
static long wait_alone(struct process *p, struct node *program)
{
        struct process *l = p->leader;
        int error = l->executing ? 0 : image_check(program);

        if (error)
                return error;
        l->executing = p;
        p->call.whole = true;
        if (!thread_stop_others(p))
                return call_pauses(p);
        return call_waits(p, &l->fewer);
}

static long begin_exec(struct process *p, const struct process_plan *plan)
{
        struct process *l = p->leader;
        long error = process_exec(p, plan);

        if (error && l->executing) { /* the other threads have gone */
                process_kill(p, SIGNAL_KILL);
                return call_gone(p);
        }
        if (error)
                return error;
        wait_ring(&l->call.waiter);
        l->call.more = true;
        if (p != l)
                return call_gone(p);
        return call_waits(p, NULL);
}

long posix_execve(struct process *p)
{
        static struct strings arguments, environment;
        char path[PATH_MAX];
        struct process_plan plan = {
                .arguments = arguments.bytes, .environment = environment.bytes, .name = path};
        struct node *n;
        long error;

        if (p->call.space)
                return finish_exec(p);
        error = posix_path(p, p->call.argument[0], path);
        if (error)
                return error;
        n = strcmp(path, "/proc/self/exe") ? node_find(p->place->directory, path) : p->space->program;
        if (!n || !node_executable(n))
                return n ? -SOS_EACCES : -SOS_ENOENT;
        error = read_strings(p, &arguments, p->call.argument[1]);
        if (!error)
                error = read_strings(p, &environment, p->call.argument[2]);
        if (error)
                return error;
        plan.argument_count = arguments.count;
        plan.environment_count = environment.count;
        plan.program = n;
        return process_alone(p) ? begin_exec(p, &plan) : wait_alone(p, n);
}
