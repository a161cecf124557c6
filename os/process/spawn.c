/* SPDX-License-Identifier: BSD-2-Clause */
/* Starting programs by their names. */
#include "base/text.h"
#include "os/process/process_parts.h"

/* A path, or the name of something in /bin. */
static struct node *find_program(const struct user *who, const char *path)
{
        static const char *const places[] = {"/", "/bin", "/usr/bin"};
        struct node_place place = {.node = NULL};

        for (unsigned i = 0; i < sizeof(places) / sizeof(*places) && !place.node; i++) {
                struct node *from = node_find(node_root(), places[i]);

                if (!from || (i && strchr(path, '/')) ||
                    node_walk_within(who, from, path, NODE_FOLLOW, 0, &place))
                        place.node = NULL;
        }
        return place.node;
}

/* Who is above all modes is told what is wrong with the file instead. */
static bool may_run(const struct user *who, const struct node *n)
{
        return !who || user_can(who, CAPABLE_OVERRIDE) || rights_allow(who, n, RIGHT_EXECUTE);
}

static const char environment[] = "PATH=/bin:/usr/bin:/\0HOME=/tmp\0TERM=vt100";

int process_spawn(const struct sos_spawn *what, int maker, bool serial)
{
        char strings[SOS_NAME_MAX + SOS_ARGUMENTS_MAX];
        struct process *starter = process_find(maker);
        const struct user *who = starter ? &starter->user : NULL;
        struct node *n = find_program(who, what->program);
        int parent = what->detached ? 0 : maker;
        struct process_plan plan = {
                .name = what->name,
                .arguments = strings,
                .argument_count = 1,
                .priority = what->priority,
                .budget_us = what->budget_us,
                .period_us = what->period_us,
                .parent = parent,
                .maker = maker,
                .group = parent && starter && !starter->kind.serial ? starter->group : 0,
                .serial = serial,
                .number = serial ? TASK_FIRST : 0,
                .tell_budget = what->tell_budget,
                .environment = environment,
                .environment_count = 3,
                .environment_bytes = sizeof(environment),
        };
        size_t used = strlen(what->name) + 1;

        if (!n || !may_run(who, n))
                return n ? -SOS_EACCES : -SOS_ENOENT;
        memcpy(strings, what->name, used);
        memcpy(strings + used, what->arguments, what->argument_bytes);
        for (unsigned long i = 0; i < what->argument_bytes; i++)
                plan.argument_count += what->arguments[i] == '\0';
        plan.argument_bytes = used + what->argument_bytes;
        plan.program = n;
        return process_make(&plan);
}
