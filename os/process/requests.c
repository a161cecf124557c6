/* SPDX-License-Identifier: BSD-2-Clause */
/* See requests.h. */
#include "os/process/requests.h"
#include "os/core/cores.h"
#include "os/files/event.h"

static struct request_context contexts[REQUEST_CONTEXTS];
static unsigned promised; /* what all of them asked for */

/* As many as Linux has room for: twice what was asked for, a few for each core, and what is left of the last page of its ring; of these it
 * hands out equal parts to the cores. */
static unsigned room_for(unsigned asked)
{
        enum { RESULT = 32, HEAD = 32, FOR_CORE = 4 };
        unsigned parts = FOR_CORE * cores_count(), least = asked > parts ? asked : parts;
        unsigned bytes = HEAD + RESULT * (2 * least + 2);
        unsigned room = ((bytes + PAGE - 1) / PAGE * PAGE - HEAD) / RESULT - 1;

        return room / parts * parts;
}

/* The last ones are for other families, and so are the last requests. */
static bool has_its_share(int kin, unsigned asked)
{
        unsigned count = 0;

        for (unsigned i = 0; i < REQUEST_CONTEXTS; i++) {
                if (!contexts[i].space || contexts[i].kin != kin)
                        continue;
                count++;
                asked += contexts[i].asked;
        }
        return count >= REQUEST_CONTEXTS_KIN || asked > REQUESTS_KIN;
}

struct request_context *requests_open(const struct space *s, int kin, seL4_Word va, unsigned asked)
{
        if (asked > REQUESTS_MOST - promised || has_its_share(kin, asked))
                return NULL;
        for (unsigned i = 0; i < REQUEST_CONTEXTS; i++) {
                if (contexts[i].space)
                        continue;
                contexts[i] = (struct request_context){
                        .space = s->number, .kin = kin, .va = va, .asked = asked, .room = room_for(asked)};
                promised += asked;
                return &contexts[i];
        }
        return NULL;
}

struct request_context *requests_find(const struct space *s, seL4_Word va)
{
        for (unsigned i = 0; i < REQUEST_CONTEXTS; i++) {
                if (contexts[i].space == s->number && contexts[i].va == va)
                        return &contexts[i];
        }
        return NULL;
}

static void drop_event(struct request_record *r)
{
        if (r->event)
                file_close(r->event);
        r->event = NULL;
}

/* Those who were about to carry one out have ended. */
void requests_close(struct request_context *c)
{
        for (uint16_t n = 1; c->going && n <= c->used; n++)
                drop_event(request_record(c, n));
        for (unsigned i = 0; i < REQUEST_FRAMES; i++)
                frame_drop(c->frame[i]);
        promised -= c->asked;
        c->space = 0;
        wait_wake(&c->changed);
}

void requests_end(const struct space *s)
{
        for (unsigned i = 0; promised && s->users == 1 && i < REQUEST_CONTEXTS; i++) {
                if (contexts[i].space == s->number)
                        requests_close(&contexts[i]);
        }
}

struct request_record *request_record(const struct request_context *c, uint16_t number)
{
        frame_id f = c->frame[(number - 1) / REQUEST_RECORDS];

        return (struct request_record *)frame_look(f) + (number - 1) % REQUEST_RECORDS;
}

/* One that was never used; 0: there is no memory. */
static uint16_t take_fresh(struct request_context *c)
{
        frame_id *f = &c->frame[c->used / REQUEST_RECORDS];

        if (!*f)
                *f = frame_take();
        return *f ? (uint16_t)++c->used : 0;
}

uint16_t requests_take(struct request_context *c)
{
        uint16_t number = c->free;

        if (c->going + c->count >= c->room)
                return 0;
        if (number)
                c->free = request_record(c, number)->next;
        else
                number = take_fresh(c);
        if (number) {
                *request_record(c, number) = (struct request_record){0};
                c->going++;
        }
        return number;
}

static void give_back(struct request_context *c, uint16_t number)
{
        request_record(c, number)->next = c->free;
        c->free = number;
}

static void goes_no_more(struct request_context *c, uint16_t number)
{
        drop_event(request_record(c, number));
        c->going--;
        wait_wake(&c->changed);
}

void requests_refuse(struct request_context *c, uint16_t number)
{
        goes_no_more(c, number);
        give_back(c, number);
}

static void tell(struct event *counter)
{
        if (counter->counter.count < UINT64_MAX)
                counter->counter.count++;
        wait_wake(&counter->changed);
}

void requests_finish(struct request_context *c, uint16_t number, int64_t value)
{
        struct request_record *r = request_record(c, number);

        r->value = value;
        r->next = 0;
        if (c->count++)
                request_record(c, c->last)->next = number;
        else
                c->first = number;
        c->last = number;
        if (r->event)
                tell(r->event->event);
        goes_no_more(c, number);
}

bool requests_first(const struct request_context *c, struct request_result *result)
{
        const struct request_record *r = c->count ? request_record(c, c->first) : NULL;

        if (r)
                *result = (struct request_result){.data = r->data, .request = r->request, .value = r->value};
        return r;
}

void requests_fetched(struct request_context *c)
{
        uint16_t first = c->first;

        c->first = request_record(c, first)->next;
        c->count--;
        give_back(c, first);
}
