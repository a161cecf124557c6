/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that start and end processes. */
#include "apps/sosh/shell.h"
#include "base/text.h"
#include "sos/posix.h"

enum { PRIORITY = 50, PRIORITY_MAX = 100, SLICE_US = 10000, PERIOD_MAX_MS = 1000000, KILL = 9 };

static const char *explain(long error)
{
        switch (-error) {
        case SOS_ENOENT:
                return "no such program";
        case SOS_ENOEXEC:
                return "not a program that can run here";
        case SOS_EAGAIN:
                return "too many processes";
        case SOS_ENOMEM:
                return "out of memory";
        case SOS_EINVAL:
                return "bad priority or budget";
        case SOS_E2BIG:
                return "too many arguments";
        case SOS_ENAMETOOLONG:
                return "a name has 31 characters at most";
        default:
                return "the server refused";
        }
}

static const char *last_part(const char *path)
{
        const char *part = path;

        for (; *path; path++) {
                if (path[0] == '/' && path[1])
                        part = path + 1;
        }
        return part;
}

/* A path that is too long for a name is called by its last part; false when that is too long too. */
static bool plan(struct sos_spawn *s, const char *path)
{
        *s = (struct sos_spawn){.priority = PRIORITY, .budget_us = SLICE_US, .period_us = SLICE_US};
        return string_copy(s->program, path, sizeof(s->program)) &&
               (string_copy(s->name, path, sizeof(s->name)) ||
                string_copy(s->name, last_part(path), sizeof(s->name)));
}

/* "2/10": 2 ms in every 10 ms. */
static bool read_budget(char *text, struct sos_spawn *s)
{
        char *slash = strchr(text, '/');
        uint64_t budget, period;

        if (!slash)
                return false;
        *slash = '\0';
        if (!text_number(text, &budget) || !text_number(slash + 1, &period) || budget == 0 ||
            budget > period || period > PERIOD_MAX_MS)
                return false;
        s->budget_us = budget * 1000;
        s->period_us = period * 1000;
        return true;
}

void run_spawn(int count, char **word)
{
        struct sos_spawn s;
        uint64_t priority;
        long pid;

        if (!plan(&s, word[1])) {
                serial_print("spawn: %s\n", explain(-SOS_ENAMETOOLONG));
                return;
        }
        s.detached = 1;
        for (int i = 2; i < count; i++) {
                if (text_number(word[i], &priority) && priority <= PRIORITY_MAX)
                        s.priority = priority;
                else if (!read_budget(word[i], &s)) {
                        usage("spawn");
                        return;
                }
        }
        pid = sos_spawn(&s);
        if (pid == -SOS_ENOENT) {
                memcpy(s.program, "worker", sizeof("worker"));
                pid = sos_spawn(&s);
        }
        if (pid < 0)
                serial_print("spawn: %s\n", explain(pid));
        else
                serial_print("%s is process %ld\n", s.name, pid);
}

/* By name, by number, or several as in kill(2): -1 for all, -N for the group N. */
void run_kill(int count, char **word)
{
        uint64_t number;
        bool many = word[1][0] == '-';
        long pid = text_number(word[1] + many, &number) ? (long)(many ? -number : number)
                                                        : sos_call(SOS_FIND, (unsigned long)word[1], 0, 0, 0);

        (void)count;
        if (many && pid < 0 && posix_kill(pid, KILL) == 0)
                return;
        if (pid == posix_getpid())
                serial_print("kill: that is this shell; use `exit`\n");
        else if (pid < 0 || posix_kill(pid, KILL) < 0)
                serial_print("kill: there is no process %s; see `ps`\n", word[1]);
}

/* Starts it, and unless it is detached waits for its end. */
static long run(const struct sos_spawn *s)
{
        long pid = sos_spawn(s);

        if (pid > 0 && s->detached)
                serial_print("Child pid=%ld\n", pid);
        else if (pid > 0)
                posix_wait(pid, NULL);
        return pid < 0 ? pid : 0;
}

void run_fault(int count, char **word)
{
        static const char *const kinds[] = {"vm",    "stack",   "jump", "gone",  "align",
                                            "undef", "syscall", "cap",  "budget"};
        struct sos_spawn s;
        long error;

        (void)plan(&s, "faulty");
        for (unsigned i = 0; count > 1 && i < sizeof(kinds) / sizeof(*kinds); i++) {
                if (strcmp(kinds[i], word[1]))
                        continue;
                memcpy(s.arguments, kinds[i], strlen(kinds[i]) + 1);
                if (!strcmp(word[1], "budget")) {
                        s.budget_us = 2000;
                        s.period_us = 20000;
                        s.tell_budget = 1;
                }
                error = run(&s);
                if (error < 0)
                        serial_print("fault: %s\n", explain(error));
                return;
        }
        serial_print("usage: fault [KIND], which is one of:");
        for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
                serial_print(" %s", kinds[i]);
        serial_print("\n");
}

bool run_program(int count, char **word)
{
        struct sos_spawn s;
        long error = plan(&s, word[0]) ? 0 : -SOS_ENAMETOOLONG;

        if (count > 1 && !strcmp(word[count - 1], "&")) {
                s.detached = 1;
                count--;
        }
        for (int i = 1; i < count && !error; i++) {
                size_t size = strlen(word[i]) + 1;

                if (size > sizeof(s.arguments) - s.argument_bytes) {
                        error = -SOS_E2BIG;
                        break;
                }
                memcpy(s.arguments + s.argument_bytes, word[i], size);
                s.argument_bytes += size;
        }
        error = error ? error : run(&s);
        if (error < 0 && error != -SOS_ENOENT)
                serial_print("%s: %s\n", word[0], explain(error));
        return error != -SOS_ENOENT;
}

void run_exec(int count, char **word)
{
        if (!run_program(count - 1, word + 1))
                serial_print("exec: %s: no such program\n", word[1]);
}
