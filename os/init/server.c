/* SPDX-License-Identifier: BSD-2-Clause */
/* See server.h. */
#include "os/init/server.h"
#include "base/text.h"
#include "cpio/cpio.h"
#include "tessera/extensions.h"

enum { REPLIES = PROCESSES + 1, REPORT_MAX = 16384 };

enum outcome { ANSWER, KEEP, GONE };

/* A call as it came in; word 0 of the answer is `result`. */
struct call {
        struct process *from;
        seL4_Word word[6];
        seL4_Word length; /* of the request, in words */
        seL4_Word result, second;
        seL4_Word words; /* of the answer */
};

static struct {
        seL4_CPtr endpoint, console;
        seL4_CPtr reply; /* for the next message */
        seL4_CPtr free[REPLIES];
        unsigned free_count;
        char report[REPORT_MAX];
        seL4_Word report_size;
} server;

void server_init(seL4_CPtr endpoint, seL4_CPtr console)
{
        server.endpoint = endpoint;
        server.console = console;
}

/* Reply objects are made when the first caller needs them, and reused. */
static seL4_CPtr take_reply(void)
{
        struct object o;

        if (server.free_count > 0)
                return server.free[--server.free_count];
        return object_make(&o, seL4_ReplyObject, seL4_ReplyBits, SLOT_REPLY) ? o.cap : seL4_CapNull;
}

static void give_reply(seL4_CPtr reply)
{
        server.free[server.free_count++] = reply;
}

/* --- console ---------------------------------------------------------------------------------------------- */

void console_write(const char *bytes, seL4_Word size)
{
        while (size > 0) {
                seL4_Word n = size < SOS_TEXT_MAX ? size : SOS_TEXT_MAX;

                memcpy(&seL4_GetIPCBuffer()->msg[2], bytes, n);
                seL4_SetMR(0, SERIAL_WRITE);
                seL4_SetMR(1, n);
                seL4_Call(server.console, seL4_MessageInfo_new(0, 0, 0, 2 + (n + 7) / 8));
                bytes += n;
                size -= n;
        }
}

void console_print(const char *format, ...)
{
        char buffer[256];
        struct text t = {buffer, sizeof(buffer), 0};
        va_list arguments;

        va_start(arguments, format);
        text_add_list(&t, format, arguments);
        va_end(arguments);
        console_write(buffer, t.length);
}

/* --- processes -------------------------------------------------------------------------------------------- */

static bool waits_for(const struct process *p, const struct process *ended)
{
        return p->state == PROCESS_WAITING &&
               (p->waits_for == ended->pid || (p->waits_for == -1 && ended->parent == p->pid));
}

static void wake(struct process *p, seL4_Word result, seL4_Word second)
{
        seL4_SetMR(0, result);
        seL4_SetMR(1, second);
        seL4_Send(p->reply, seL4_MessageInfo_new(0, 0, 0, 2));
        give_reply(p->reply);
        p->reply = seL4_CapNull;
        p->waits_for = 0;
        p->state = PROCESS_RUNNING;
}

void server_end(struct process *p, int code)
{
        int pid = p->pid;
        bool heard = false;

        if (p->reply)
                give_reply(p->reply);
        p->reply = seL4_CapNull;
        process_end(p, code);
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *other = process_entry(i);

                if (!waits_for(other, p))
                        continue;
                wake(other, (seL4_Word)pid, (seL4_Word)code);
                heard = true;
        }
        if (heard && p->state == PROCESS_ZOMBIE)
                process_forget(p);
}

int server_spawn(const struct sos_spawn *what, int parent, bool console)
{
        unsigned long size;
        const void *image = cpio_get_file(archive_start, (unsigned long)(archive_end - archive_start),
                                          what->program, &size);
        struct process_plan plan = {
                .name = what->name,
                .image = image,
                .size = size,
                .arguments = what->arguments,
                .priority = what->priority,
                .budget_us = what->budget_us,
                .period_us = what->period_us,
                .parent = parent,
                .console = console,
                .tell_budget = what->tell_budget,
        };

        return image ? process_make(&plan) : -SOS_ENOENT;
}

/* --- calls ------------------------------------------------------------------------------------------------ */

static enum outcome answer(struct call *c, long result)
{
        c->result = (seL4_Word)result;
        return ANSWER;
}

static enum outcome call_exit(struct call *c)
{
        server_end(c->from, (int)c->word[1]);
        return GONE;
}

static bool terminated(const char *s, seL4_Word size)
{
        while (size > 0) {
                if (!s[--size])
                        return true;
        }
        return false;
}

static enum outcome call_spawn(struct call *c)
{
        struct sos_spawn s;

        if (!space_read(c->from->space, c->word[1], &s, sizeof(s)))
                return answer(c, -SOS_EFAULT);
        s.arguments[SOS_ARGUMENTS_MAX - 1] = s.arguments[SOS_ARGUMENTS_MAX - 2] = '\0';
        if (!terminated(s.name, sizeof(s.name)) || !terminated(s.program, sizeof(s.program)) ||
            s.priority > CHILD_PRIORITY_MAX || s.budget_us > s.period_us)
                return answer(c, -SOS_EINVAL);
        return answer(c, server_spawn(&s, s.detached ? 0 : c->from->pid, false));
}

static enum outcome call_kill(struct call *c)
{
        struct process *p = process_find((int)c->word[1]);

        if (!p || p->state == PROCESS_ZOMBIE)
                return answer(c, -SOS_ESRCH);
        if (p == c->from)
                return call_exit(c);
        server_end(p, -1);
        return answer(c, 0);
}

static struct process *ended_child(struct process *parent, int pid)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (p->state == PROCESS_ZOMBIE && (p->pid == pid || (pid == -1 && p->parent == parent->pid)))
                        return p;
        }
        return NULL;
}

static bool has_child(const struct process *parent)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (p->state != PROCESS_FREE && p->parent == parent->pid)
                        return true;
        }
        return false;
}

static enum outcome keep(struct call *c)
{
        seL4_CPtr next = take_reply();

        if (next == seL4_CapNull)
                return answer(c, -SOS_ENOMEM);
        c->from->reply = server.reply;
        c->from->state = PROCESS_WAITING;
        server.reply = next;
        return KEEP;
}

static enum outcome call_wait(struct call *c)
{
        int pid = (int)c->word[1];
        struct process *p = ended_child(c->from, pid);

        if (p) {
                c->second = (seL4_Word)p->exit_code;
                c->words = 2;
                pid = p->pid;
                process_forget(p);
                return answer(c, pid);
        }
        if (pid == c->from->pid || (pid == -1 ? !has_child(c->from) : !process_find(pid)))
                return answer(c, -SOS_ECHILD);
        c->from->waits_for = pid;
        return keep(c);
}

static enum outcome call_find(struct call *c)
{
        char name[SOS_NAME_MAX];
        struct process *p;

        if (!space_read_string(c->from->space, c->word[1], name, sizeof(name)))
                return answer(c, -SOS_EFAULT);
        p = process_named(name);
        return answer(c, p ? p->pid : -SOS_ESRCH);
}

/* A report is made when its beginning is asked for; the rest comes from the same text. */
static enum outcome call_report(struct call *c)
{
        seL4_Word offset = c->word[2], size = c->word[4];

        if (c->word[1] >= REPORTS)
                return answer(c, -SOS_EINVAL);
        if (offset == 0)
                server.report_size = report_make((enum sos_report)c->word[1], server.report, REPORT_MAX);
        if (offset > server.report_size)
                return answer(c, -SOS_EINVAL);
        if (size > server.report_size - offset)
                size = server.report_size - offset;
        if (!space_write(c->from->space, c->word[3], server.report + offset, size))
                return answer(c, -SOS_EFAULT);
        return answer(c, (long)size);
}

/* Comes back only when the image was not packed for it. */
static enum outcome call_power_off(struct call *c)
{
        seL4_Call(seL4_CapIRQControl, seL4_MessageInfo_new(TESSERA_PowerOff, 0, 0, 0));
        return answer(c, -SOS_ENOSYS);
}

static enum outcome call_write(struct call *c)
{
        seL4_Word va = c->word[2], left = c->word[3];
        char piece[SOS_TEXT_MAX];

        if (c->word[1] != 1 && c->word[1] != 2)
                return answer(c, -SOS_EBADF);
        while (left > 0) {
                seL4_Word n = left < sizeof(piece) ? left : sizeof(piece);

                if (!space_read(c->from->space, va, piece, n))
                        return answer(c, -SOS_EFAULT);
                console_write(piece, n);
                va += n;
                left -= n;
        }
        return answer(c, (long)c->word[3]);
}

/* Answered with as many words as came: what a round trip costs, by length. */
static enum outcome call_nothing(struct call *c)
{
        c->words = c->length > 2 ? c->length : 1;
        return answer(c, 0);
}

static enum outcome call_my_id(struct call *c)
{
        return answer(c, c->from->pid);
}

static enum outcome (*const calls[SOS_CALLS])(struct call *) = {
        [SOS_NOTHING] = call_nothing,     [SOS_PARK] = keep,        [SOS_EXIT] = call_exit,
        [SOS_SPAWN] = call_spawn,         [SOS_KILL] = call_kill,   [SOS_WAIT] = call_wait,
        [SOS_FIND] = call_find,           [SOS_MY_ID] = call_my_id, [SOS_REPORT] = call_report,
        [SOS_POWER_OFF] = call_power_off, [SOS_WRITE] = call_write,
};

static enum outcome dispatch(struct process *from, seL4_MessageInfo_t *info)
{
        struct call c = {.from = from, .length = seL4_MessageInfo_get_length(*info), .words = 1};
        enum outcome o;

        for (int i = 0; i < 6; i++)
                c.word[i] = seL4_GetMR(i);
        if (c.word[0] >= SOS_CALLS || seL4_MessageInfo_get_label(*info))
                o = answer(&c, -SOS_ENOSYS);
        else
                o = calls[c.word[0]](&c);
        if (o != ANSWER)
                return o;
        seL4_SetMR(0, c.result);
        if (c.words > 1)
                seL4_SetMR(1, c.second);
        *info = seL4_MessageInfo_new(0, 0, 0, c.words);
        return ANSWER;
}

static enum outcome handle(seL4_Word badge, seL4_MessageInfo_t *info)
{
        struct process *p = process_find((int)(badge & ~BADGE_FAULT));

        if (!p || p->state != PROCESS_RUNNING)
                return GONE;
        if (!(badge & BADGE_FAULT))
                return dispatch(p, info);
        if (fault_handle(p, *info, info))
                return ANSWER;
        server_end(p, -1);
        return GONE;
}

_Noreturn void server_run(void)
{
        seL4_MessageInfo_t info;
        seL4_Word badge;

        server.reply = take_reply();
        info = seL4_Recv(server.endpoint, &badge, server.reply);
        for (;;) {
                if (handle(badge, &info) == ANSWER)
                        info = seL4_ReplyRecv(server.endpoint, info, &badge, server.reply);
                else
                        info = seL4_Recv(server.endpoint, &badge, server.reply);
        }
}
