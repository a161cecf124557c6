/* SPDX-License-Identifier: BSD-2-Clause */
/* Scheduling domains and their schedule. */
#include "tools/microkit/microkit.h"

#include <stdlib.h>
#include <string.h>

enum { TICKS_PER_US_NUMERATOR = 125, TICKS_PER_US_DENOMINATOR = 2 }; /* 62.5 MHz */

static void read_domain(struct build *b, struct element *e)
{
        struct scheduling_domain *d = build_allocate(b, sizeof(*d)), **end = &b->system.domains;

        *d = (struct scheduling_domain){.at = e->at, .name = attribute_text(b, e, "name", true)};
        d->has_id = attribute_number(b, e, "id", false, &d->id);
        if (d->has_id && d->id >= SCHEDULING_MAX)
                build_error(b, e->at, "domain %llu: numbers go from 0 to %d", (unsigned long long)d->id,
                            SCHEDULING_MAX - 1);
        for (; *end != NULL; end = &(*end)->next) {
                if (d->name != NULL && (*end)->name != NULL && strcmp((*end)->name, d->name) == 0)
                        build_error(b, e->at, "there is a domain '%s' already", d->name);
                if (d->has_id && (*end)->has_id && (*end)->id == d->id)
                        build_error(b, e->at, "number %llu is that of '%s' already",
                                    (unsigned long long)d->id, (*end)->name);
        }
        attributes_end(b, e);
        if (++b->system.domain_count > SCHEDULING_MAX) {
                build_error(b, e->at, "more than %d domains", SCHEDULING_MAX);
                build_stop(b);
        }
        *end = d;
}

/* "N us" or "N ticks", in ticks of the timer; 0 after a mistake. */
static uint64_t duration(struct build *b, struct element *e)
{
        const char *text = attribute_text(b, e, "duration", true);
        unsigned long long n;
        char *end;

        if (text == NULL)
                return 0;
        n = strtoull(text, &end, 10);
        if (text[0] < '0' || text[0] > '9' || n == 0 ||
            (strcmp(end, " us") != 0 && strcmp(end, " ticks") != 0)) {
                build_error(b, e->at, "duration=\"%s\": a number above 0, a blank, and us or ticks", text);
                return 0;
        }
        if (n >= 1ull << 56 || (end[1] == 'u' && n >= (1ull << 56) / TICKS_PER_US_NUMERATOR)) {
                build_error(b, e->at, "duration=\"%s\" is longer than the kernel's 2^56 ticks", text);
                return 0;
        }
        return end[1] == 't' ? n
                             : (n * TICKS_PER_US_NUMERATOR + TICKS_PER_US_DENOMINATOR / 2) /
                                       TICKS_PER_US_DENOMINATOR;
}

static void read_schedule(struct build *b, struct element *e)
{
        struct entry **end = &b->system.entries;
        uint64_t count = 0;

        attribute_number(b, e, "start_index", false, &b->system.start_index);
        attribute_number(b, e, "index_shift", false, &b->system.index_shift);
        attributes_end(b, e);
        for (struct element *c = e->first; c != NULL; c = c->next) {
                struct entry *n = build_allocate(b, sizeof(*n));

                *n = (struct entry){.at = c->at};
                if (strcmp(c->name, "schedule_entry") == 0) {
                        n->domain_name = attribute_text(b, c, "domain", true);
                        n->duration = duration(b, c);
                } else if (strcmp(c->name, "schedule_end_marker") != 0) {
                        build_error(b, c->at, "<domain_schedule> has no element <%s>", c->name);
                }
                attributes_end(b, c);
                *end = n;
                end = &n->next;
                count++;
        }
        if (b->system.start_index >= count)
                build_error(b, e->at, "start_index %llu: the schedule has %llu entries",
                            (unsigned long long)b->system.start_index, (unsigned long long)count);
        if (count >= SCHEDULE_ENTRIES || b->system.index_shift >= SCHEDULE_ENTRIES - count)
                build_error(b, e->at, "the kernel's schedule has %d places, one of them for the end",
                            SCHEDULE_ENTRIES);
}

void read_domains(struct build *b, struct element *e)
{
        unsigned schedules = 0;

        if (b->system.has_domains)
                build_error(b, e->at, "a system has one <domains>");
        if (b->board.cores > 1)
                build_error(b, e->at,
                            "several cores have one scheduling domain: use a configuration for one core");
        b->system.has_domains = true;
        attributes_end(b, e);
        for (struct element *c = e->first; c != NULL; c = c->next) {
                if (strcmp(c->name, "domain") == 0)
                        read_domain(b, c);
                else if (strcmp(c->name, "domain_schedule") != 0)
                        build_error(b, c->at, "<domains> has no element <%s>", c->name);
                else if (schedules++ == 0)
                        read_schedule(b, c);
        }
        if (schedules != 1)
                build_error(b, e->at, "<domains> has one <domain_schedule>, not %u", schedules);
        if (b->system.domains == NULL)
                build_error(b, e->at, "<domains> has at least one <domain>");
}
