/* SPDX-License-Identifier: BSD-2-Clause */
/* Running another program: its arguments are read, the other threads end, and the old memory is freed before it begins. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"
#include "os/process/debug.h"
#include "os/process/futex.h"
#include "os/process/image.h"
#include "os/process/numbers.h"
#include "os/process/requests.h"
#include "os/process/signals/signal.h"
#include "os/process/tracee.h"
#include "sos/clock.h"

/* Arguments and environment, each; before the first argument there is room for those of interpreters. */
enum { STRINGS_BYTES = 128 << 10, STRINGS_MAX = 16384, SCRIPTS = 4, SCRIPT_HEAD = 256, PREFIX = 4096 };
enum { STACK_WINDOW = 640 << 10 }; /* arguments, environment and their addresses */

struct strings {
        char bytes[PREFIX + STRINGS_BYTES];
        size_t start, end;
        size_t first; /* bytes of the first one */
        size_t part;  /* of the next one, that were read */
        unsigned count;
        bool whole; /* all were read */
};

/* The strings of an old program, kept until they are on the stack of the new one; for one program at a time. */
static struct {
        int owner;            /* the thread whose call it is, 0: nobody's */
        struct node *program; /* what will run, once that is known; kept open */
        struct strings arguments, environment;
        struct image_stack stack; /* made of them; its window, which is ours until it is in the space */
        bool stacked;             /* it was begun */
        char window[STACK_WINDOW] __attribute__((aligned(16)));
        struct wait_queue free;
} exec;

static bool is_owned(void)
{
        const struct process *p = exec.owner ? thread_find(exec.owner) : NULL;

        return p && thread_lives(p) && (p->call.number == LINUX_EXECVE || p->call.number == LINUX_EXECVEAT);
}

static void clear(struct strings *s)
{
        s->start = s->end = PREFIX;
        s->first = s->part = 0;
        s->count = 0;
        s->whole = false;
}

static void disown(void)
{
        if (exec.program)
                node_rest(exec.program);
        exec.program = NULL;
        exec.stacked = false;
        exec.owner = 0;
        wait_wake(&exec.free);
}

/* Whose strings are read from now on; false: it waits, and looks again for one that was ended meanwhile. */
static bool own(struct process *p)
{
        enum { AGAIN_US = 10000 };

        if (exec.owner == p->pid && !p->call.first)
                return true;
        if (exec.owner != p->pid && is_owned()) {
                wait_at(&p->call.waiter, &exec.free);
                call_until(p, clock_us() + AGAIN_US);
                return false;
        }
        disown();
        exec.owner = p->pid;
        clear(&exec.arguments);
        clear(&exec.environment);
        return true;
}

/* Some of the string at `va`: what of it lies in one page. */
static long add_part(struct process *p, struct strings *s, seL4_Word va)
{
        seL4_Word from = va + s->part, most = PAGE - from % PAGE, room = sizeof(s->bytes) - s->end - s->part;
        char *to = s->bytes + s->end + s->part, byte;

        if (s->count == STRINGS_MAX || room == 0)
                return -SOS_E2BIG;
        most = most < room ? most : room;
        if (!space_read_string(p->space, from, to, most)) {
                s->part += most;
                return space_read(p->space, from, &byte, 1) ? 0 : -SOS_EFAULT;
        }
        s->part += strlen(to) + 1;
        if (!s->count)
                s->first = s->part;
        s->end += s->part;
        s->part = 0;
        s->count++;
        return 0;
}

/* In pieces; where it is, the count says. */
static long read_strings(struct process *p, struct strings *s, seL4_Word va)
{
        while (va && !s->whole) {
                seL4_Word string;
                long error;

                if (!space_read(p->space, va + s->count * sizeof(string), &string, sizeof(string)))
                        return -SOS_EFAULT;
                s->whole = !string;
                error = string ? add_part(p, s, string) : 0;
                if (error)
                        return error;
                p->call.progress++;
                if (!s->whole && pace_is_over())
                        return call_pauses(p);
        }
        s->whole = true;
        return 0;
}

static bool prepend(struct strings *s, const char *string)
{
        size_t size = strlen(string) + 1;

        if (size > s->start)
                return false;
        s->start -= size;
        memcpy(s->bytes + s->start, string, size);
        s->first = size;
        s->count++;
        return true;
}

/* The first line of a script, as Linux takes it apart: what runs it, and one argument at most (NULL: none). */
struct script {
        char line[SCRIPT_HEAD];
        char *program, *argument;
};

static bool is_blank(char c)
{
        return c == ' ' || c == '\t';
}

static char *behind_blanks(char *at)
{
        while (is_blank(*at))
                at++;
        return at;
}

/* False: it is no script. */
static bool read_script(struct node *n, struct script *s)
{
        long size = node_read(n, 0, s->line, SCRIPT_HEAD - 1);
        char *end;

        if (size < 3 || s->line[0] != '#' || s->line[1] != '!')
                return false;
        s->line[size] = '\0';
        end = strchr(s->line, '\n');
        if (!end)
                end = s->line + size;
        for (*end = '\0'; end > s->line && is_blank(end[-1]); end--)
                end[-1] = '\0';
        s->program = end = behind_blanks(s->line + 2);
        while (*end && !is_blank(*end))
                end++;
        s->argument = behind_blanks(end);
        if (!*s->argument)
                s->argument = NULL;
        *end = '\0';
        return *s->program;
}

/* What runs a script gets its name instead of the first argument. */
static long push_script(struct strings *s, const struct script *script, const char *path)
{
        if (s->count) {
                s->start += s->first;
                s->count--;
        }
        return prepend(s, path) && (!script->argument || prepend(s, script->argument)) &&
                               prepend(s, script->program)
                       ? 0
                       : -SOS_E2BIG;
}

static long find(struct process *p, const char *path, struct node **n)
{
        struct node_place place = {.node = p->space->program};
        long error = strcmp(path, "/proc/self/exe")
                             ? node_walk_within(&p->user, p->place->directory, path, NODE_FOLLOW, 0, &place)
                             : 0;

        *n = place.node;
        return error || place.node ? error : -SOS_ENOENT;
}

static bool may_run(const struct process *p, const struct node *n)
{
        return node_executable(n) && rights_allow(&p->user, n, RIGHT_EXECUTE);
}

/* The program that runs `n`, which is called `path`: itself, or what a script names. */
static long interpret(struct process *p, struct node **n, const char *path)
{
        static struct script script[SCRIPTS + 1];
        unsigned depth = 0;
        long error = 0;

        for (; !error && read_script(*n, &script[depth]); depth++) {
                if (depth == SCRIPTS)
                        return -SOS_ELOOP;
                error = push_script(&exec.arguments, &script[depth], path);
                path = script[depth].program;
                error = error ? error : find(p, path, n);
                if (!error && !may_run(p, *n))
                        error = -SOS_EACCES;
        }
        return error;
}

/* From here on the call can no longer be refused. */
static long end_instead(struct process *p)
{
        process_kill(p, SIGNAL_KILL);
        return call_gone(p);
}

/* The new program's stack gets its content, the old one's locks and memory go; then the new one begins. */
static long finish_exec(struct process *p)
{
        if (exec.owner == p->pid) {
                enum space_copied put = image_stack_put_some(&exec.stack, p->space);

                if (put == SPACE_COPIES_ON)
                        return call_pauses(p);
                if (put == SPACE_COPY_FAILS)
                        return !p->call.error && call_awaits(-SOS_ENOMEM) ? -SOS_ENOMEM : end_instead(p);
                disown();
        }
        if (!futex_program_ends(p, p->call.space))
                return call_pauses(p);
        process_free_old(p);
        if (!descriptors_exec_some(p->files))
                return call_pauses(p);
        requests_end(p->call.space);
        if (!space_end_some(p->call.space))
                return call_pauses(p);
        p->call.space = NULL;
        wait_wake(&p->waits.ended); /* a parent may wait for its memory */
        debug_new_program(p);
        if (p->tracee.tracer)
                tracee_program(p);
        process_start(p);
        return call_gone(p);
}

/* It has no threads but this one, and none that ends. */
static bool process_alone(const struct process *p)
{
        const struct process *l = p->leader;

        return p == l ? l->ring.threads == 1 : l->ring.threads == 2 && l->state == PROCESS_HOLLOW;
}

/* From here on there is no way back: the other threads end. */
static long wait_alone(struct process *p, struct node *program)
{
        struct process *l = p->leader;
        int error = l->end.executing ? 0 : image_check(program);

        if (error)
                return error;
        l->end.executing = p;
        p->call.whole = true;
        if (!thread_stop_others(p))
                return call_pauses(p);
        return call_waits(p, &l->waits.fewer);
}

/* The strings are the leader's from now on, until they are on the stack. */
static long begin_exec(struct process *p, const struct process_plan *plan)
{
        struct process *l = p->leader;
        long error = process_exec(p, plan);

        if (error) {
                disown();
                return l->end.executing ? end_instead(p) : error; /* the other threads may have gone */
        }
        exec.owner = l->pid;
        wait_ring(&l->call.waiter);
        l->call.more = true;
        if (p != l)
                return call_gone(p);
        return call_waits(p, NULL);
}

static bool is_written(const struct node *n)
{
        return n->writers || n->mapped_for_writing;
}

/* Nobody writes it, nor what interprets it. */
static long interpret_at_rest(struct process *p, struct node **n, char path[PATH_MAX])
{
        long error = is_written(*n) ? -SOS_ETXTBSY : interpret(p, n, path);

        return error ? error : is_written(*n) ? -SOS_ETXTBSY : 0;
}

/* Everything that can be checked before anything changes. */
static long prepare(struct process *p, char path[PATH_MAX])
{
        bool at = p->call.number == LINUX_EXECVEAT;
        const seL4_Word *argument = p->call.argument + at; /* the path; addresses of strings behind it */
        long error = at ? posix_exec_name(p, path) : posix_path(p, argument[0], path);
        struct node *n;

        if (error || exec.program)
                return error;
        error = at ? posix_exec_find(p, &n) : find(p, path, &n);
        if (!error && !may_run(p, n))
                error = -SOS_EACCES;
        if (!error)
                error = read_strings(p, &exec.arguments, argument[1]);
        if (!error)
                error = read_strings(p, &exec.environment, argument[2]);
        if (!error)
                error = interpret_at_rest(p, &n, path);
        if (!error) {
                exec.program = n;
                node_run(n); /* from now on nobody writes it */
        }
        return error;
}

static struct process_plan plan_of(const char *path, seL4_Word stack_bytes)
{
        const struct strings *a = &exec.arguments, *e = &exec.environment;

        return (struct process_plan){.name = path,
                                     .program = exec.program,
                                     .arguments = a->bytes + a->start,
                                     .argument_count = a->count,
                                     .argument_bytes = a->end - a->start,
                                     .environment = e->bytes + e->start,
                                     .environment_count = e->count,
                                     .environment_bytes = e->end - e->start,
                                     .stack = &exec.stack,
                                     .stack_bytes = stack_bytes};
}

/* The stack, in its window. */
static long lay_stack(struct process *p, const struct process_plan *plan)
{
        if (!exec.stacked)
                image_stack_begin(&exec.stack, plan, exec.window, sizeof(exec.window));
        exec.stacked = true;
        if (!image_stack_some(&exec.stack, plan))
                return call_pauses(p);
        return exec.stack.sp ? 0 : -SOS_E2BIG;
}

long posix_execve(struct process *p)
{
        char path[PATH_MAX];
        struct process_plan plan;
        long result;

        if (p->call.space)
                return finish_exec(p);
        if (!own(p))
                return CALL_NO_VALUE;
        result = prepare(p, path);
        plan = plan_of(path, limits_stack(p));
        if (!result)
                result = lay_stack(p, &plan);
        if (!result && process_alone(p))
                return begin_exec(p, &plan);
        if (!result)
                result = wait_alone(p, plan.program);
        if (p->call.result.kind == CALL_ANSWERS && !call_awaits(result))
                disown();
        return result;
}
