/* SPDX-License-Identifier: BSD-2-Clause */
/* The dump as text for people, and as JSON. */
#include "dump.h"

#include <inttypes.h>
#include <unistd.h>

enum { T_PC = 1, T_AT = 5, T_NEXT, T_BADGE, T_REPLY, T_CONTEXT, T_BOUND, T_FAULT, T_FAULT_AT };
enum { C_PERIOD, C_BUDGET, C_CONSUMED, C_THREAD, C_REPLY };

static uint64_t us(const struct dump *d, uint64_t ticks)
{
        return d->hz ? ticks / d->hz * 1000000 + ticks % d->hz * 1000000 / d->hz : ticks;
}

static const char *fault_name(uint64_t type)
{
        static const char *const names[] = {"", "capability", "unknown call", "exception",
                                            "", "timeout",    "memory"};

        return type < sizeof(names) / sizeof(*names) ? names[type] : "guest";
}

/* A column of threads on machines with several: those of guests are in no other list. */
static void text_core(const char *header, const struct thing *t, FILE *to)
{
        if (sysconf(_SC_NPROCESSORS_CONF) < 2)
                return;
        if (t)
                fprintf(to, "%4u ", thread_core(t));
        else
                fprintf(to, "%4s ", header);
}

static void text_thread(const struct dump *d, const struct thing *t, FILE *to)
{
        size_t at = 0;
        unsigned state = thread_state(t);
        const struct thing *who = dump_waker(d, t, &at), *second = who ? dump_waker(d, t, &at) : NULL;
        const char *place = thing_name(d, t->word[state == AWAITING ? T_REPLY : T_AT]);

        fprintf(to, "%-20s %4u ", thing_name(d, t->id), thread_priority(t));
        text_core(NULL, t, to);
        fprintf(to, "%-20s %-20s %-20s %" PRIx64, state_name(state), place,
                who ? thing_name(d, who->id) : "-", t->word[T_PC]);
        if (second)
                fprintf(to, " (or others)");
        if (t->word[0] >> 41 & 1)
                fprintf(to, " (waits for budget)");
        if (t->word[T_FAULT])
                fprintf(to, " (%s fault, %" PRIx64 ")", fault_name(t->word[T_FAULT]), t->word[T_FAULT_AT]);
        fputc('\n', to);
}

static void text_threads(const struct dump *d, FILE *to)
{
        fprintf(to, "%-20s %4s ", "THREAD", "PRIO");
        text_core("CORE", NULL, to);
        fprintf(to, "%-20s %-20s %-20s %s\n", "STATE", "AT", "WAITS FOR", "PC");
        for
                EACH(struct thing, t, d->things)
                {
                        if (t->kind == THREAD)
                                text_thread(d, t, to);
                }
}

static void text_contexts(const struct dump *d, FILE *to)
{
        fprintf(to, "\n%-20s %-20s %17s  %s\n", "CONTEXT", "THREAD", "BUDGET us",
                "REFILLS (us from its first one: amount)");
        for
                EACH(struct thing, t, d->things)
                {
                        if (t->kind != CONTEXT)
                                continue;
                        fprintf(to, "%-20s %-20s %8" PRIu64 "/%-8" PRIu64 " ", thing_name(d, t->id),
                                thing_name(d, t->word[C_THREAD]), us(d, t->word[C_BUDGET]),
                                us(d, t->word[C_PERIOD] ? t->word[C_PERIOD] : t->word[C_BUDGET]));
                        for (unsigned i = 0; i < t->refills; i++)
                                fprintf(to, " %" PRIu64 ":%" PRIu64, us(d, t->refill[i][0] - t->refill[0][0]),
                                        us(d, t->refill[i][1]));
                        fputc('\n', to);
                }
}

/* Those through whom a context was lent, the first lender first. */
static bool text_chain(const struct dump *d, const struct thing *context, const char *before, FILE *to)
{
        enum { LONGEST = 64 };
        const struct thing *chain[LONGEST], *reply = dump_find(d, context->word[C_REPLY]);
        unsigned count = 0;

        for (; reply && count < LONGEST; reply = dump_find(d, reply->word[2]))
                chain[count++] = reply;
        if (!count)
                return false;
        fprintf(to, "%scall chain on %s:", before, thing_name(d, context->id));
        while (count--)
                fprintf(to, " %s ->", thing_name(d, chain[count]->word[0]));
        fprintf(to, " %s\n", thing_name(d, context->word[C_THREAD]));
        return true;
}

static void text_chains(const struct dump *d, FILE *to)
{
        const char *before = "\n";

        for
                EACH(struct thing, t, d->things)
                {
                        if (t->kind == CONTEXT && text_chain(d, t, before, to))
                                before = "";
                }
}

static void text_queues(const struct dump *d, FILE *to)
{
        fprintf(to, "\n%-20s %s\n", "QUEUE", "THREADS, the first one to be served first");
        for
                EACH(struct thing, t, d->things)
                {
                        bool end = t->kind == ENDPOINT;
                        size_t left = d->things.count;

                        if ((!end && t->kind != NOTIFICATION) || !t->word[1])
                                continue;
                        fprintf(to, "%-20s %s:", thing_name(d, t->id),
                                !end         ? "listen"
                                : t->word[0] ? "send"
                                             : "receive");
                        for (const struct thing *w = dump_find(d, t->word[1]); w && left;
                             w = dump_find(d, w->word[T_NEXT]), left--)
                                fprintf(to, " %s", thing_name(d, w->id));
                        fputc('\n', to);
                }
}

static uint64_t taken_by_objects(const struct dump *d)
{
        uint64_t sum = 0;

        for
                EACH(struct capability, c, d->caps)
                {
                        if (c->kind != UNTYPED && c->original && c->bits)
                                sum += (uint64_t)1 << c->bits;
                }
        return sum;
}

static void text_memory(const struct dump *d, FILE *to)
{
        uint64_t pages = 0, last = 0;
        size_t spaces = 0;

        for
                EACH(struct mapping, m, d->mappings)
                {
                        pages += m->bytes >> 12;
                        spaces += m->space != last;
                        last = m->space;
                }
        fprintf(to,
                "\n%zu capabilities in %zu containers; %zu address spaces with %" PRIu64
                " pages; objects take %" PRIu64 " KiB\n",
                d->caps.count, d->containers.count, spaces, pages, taken_by_objects(d) >> 10);
        fprintf(to, "read in %" PRIu64 " calls; %s\n", d->calls,
                d->generations > 1 ? "others ran meanwhile" : "nobody else ran meanwhile");
}

void text_all(struct dump *d, FILE *to)
{
        text_threads(d, to);
        text_contexts(d, to);
        text_chains(d, to);
        text_queues(d, to);
        text_memory(d, to);
        fputc('\n', to);
        d->deadlocks = waits_deadlocks(d, to);
        if (!d->deadlocks)
                fputs("no deadlock\n", to);
}

/* Names come from users. */
static void json_text(const char *s, FILE *to)
{
        for (; *s; s++) {
                if (*s == '"' || *s == '\\' || (unsigned char)*s < ' ')
                        fprintf(to, "\\u%04x", (unsigned char)*s);
                else
                        fputc(*s, to);
        }
}

static void json_thing(const struct dump *d, const struct thing *t, FILE *to)
{
        fprintf(to, "\n{\"id\":\"%" PRIx64 "\",\"kind\":\"%s\",\"name\":\"", t->id, kind_name(t->kind));
        json_text(thing_name(d, t->id), to);
        fputs("\",\"words\":[", to);
        for (unsigned i = 0; i < WORDS; i++)
                fprintf(to, "%s\"%" PRIx64 "\"", i ? "," : "", t->word[i]);
        fputs("]", to);
        if (t->kind == THREAD)
                fprintf(to, ",\"state\":\"%s\",\"priority\":%u", state_name(thread_state(t)),
                        thread_priority(t));
        for (unsigned i = 0; i < t->refills; i++)
                fprintf(to, "%s[%" PRIu64 ",%" PRIu64 "]", i ? "," : ",\"refills\":[", t->refill[i][0],
                        t->refill[i][1]);
        fputs(t->refills ? "]}" : "}", to);
}

static void json_things(const struct dump *d, FILE *to)
{
        const char *comma = "";

        for
                EACH(struct thing, t, d->things)
                {
                        fputs(comma, to);
                        json_thing(d, t, to);
                        comma = ",";
                }
}

static void json_caps(const struct dump *d, FILE *to)
{
        const char *comma = "";

        for
                EACH(struct capability, c, d->caps)
                {
                        fprintf(to,
                                "%s\n{\"container\":\"%" PRIx64
                                "\",\"index\":%u,\"kind\":\"%s\",\"object\":\"%" PRIx64
                                "\",\"bits\":%u,\"info\":%u,\"word\":\"%" PRIx64 "\",\"slot\":\"%" PRIx64
                                "\",\"next\":\"%" PRIx64 "\",\"original\":%s}",
                                comma, c->container, c->index, kind_name(c->kind), c->object, c->bits,
                                c->info, c->word, c->slot, c->next, c->original ? "true" : "false");
                        comma = ",";
                }
}

void json_all(struct dump *d, FILE *to)
{
        const char *comma = "";

        fprintf(to, "{\"hz\":%" PRIu64 ",\"calls\":%" PRIu64 ",\"generations\":%" PRIu64 ",\"things\":[",
                d->hz, d->calls, d->generations);
        json_things(d, to);
        fputs("],\n\"caps\":[", to);
        json_caps(d, to);
        fputs("],\n\"mappings\":[", to);
        for
                EACH(struct mapping, m, d->mappings)
                {
                        fprintf(to,
                                "%s\n{\"space\":\"%" PRIx64 "\",\"address\":\"%" PRIx64
                                "\",\"memory\":\"%" PRIx64 "\",\"bytes\":%" PRIu64 "}",
                                comma, m->space, m->address, m->memory, m->bytes);
                        comma = ",";
                }
        fputs("]}\n", to);
}
