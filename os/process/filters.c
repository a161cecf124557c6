/* SPDX-License-Identifier: BSD-2-Clause */
/* See filters.h: their records, and how a call is judged. */
#include "os/process/filters.h"

static struct filter filters[FILTERS];

enum { SHARED = 0xffff0000u }; /* of an answer: what becomes of the call */

static struct filter *take_record(int kin)
{
        struct filter *free = NULL;
        unsigned has = 0;

        for (struct filter *f = filters; f < filters + FILTERS; f++) {
                if (!f->users)
                        free = f;
                else
                        has += f->kin == kin;
        }
        return has < FILTERS_KIN ? free : NULL;
}

void filter_drop(struct filter *f)
{
        while (f && --f->users == 0) {
                for (unsigned i = 0; i < FILTER_FRAMES; i++)
                        frame_drop(f->frame[i]);
                f = f->below;
        }
}

long filter_make(const struct process *p, unsigned steps, struct filter **made)
{
        struct filter *below = p->filters.last, *f = take_record(p->family);
        uint32_t all = (below ? below->all : 0) + steps + FILTER_EXTRA;

        if (!f || all > FILTER_CHAIN_STEPS + FILTER_EXTRA)
                return -SOS_ENOMEM;
        *f = (struct filter){.users = 1, .kin = p->family, .steps = (uint16_t)steps, .all = all};
        for (unsigned i = 0; i * FRAME_STEPS < steps; i++) {
                f->frame[i] = frame_take();
                if (f->frame[i])
                        continue;
                filter_drop(f);
                return -SOS_ENOMEM;
        }
        *made = f;
        return 0;
}

void filter_put(struct process *p, struct filter *f)
{
        f->below = p->filters.last; /* the thread's use of that becomes this one's */
        f->chain = (uint16_t)(f->below ? f->below->chain + 1 : 1);
        p->filters.last = f;
}

unsigned filters_mark(struct filter *last)
{
        static unsigned mark;

        mark++;
        for (; last; last = last->below)
                last->mark = mark;
        return mark;
}

void filters_inherit(struct process *to, const struct process *from)
{
        struct filter *f = from->filters.last;

        if (f)
                f->users++;
        filter_drop(to->filters.last);
        to->filters = from->filters;
}

void filters_end(struct process *p)
{
        filter_drop(p->filters.last);
        p->filters.last = NULL;
        p->filters.strict = false;
}

/* --- running them --- */

/* All have the same look, so that the step's code chooses one without comparisons. */
typedef uint32_t computation(uint32_t a, uint32_t with);

static uint32_t add(uint32_t a, uint32_t with)
{
        return a + with;
}
static uint32_t subtract(uint32_t a, uint32_t with)
{
        return a - with;
}
static uint32_t multiply(uint32_t a, uint32_t with)
{
        return a * with;
}
static uint32_t divide(uint32_t a, uint32_t with)
{
        return a / with;
}
static uint32_t either(uint32_t a, uint32_t with)
{
        return a | with;
}
static uint32_t both(uint32_t a, uint32_t with)
{
        return a & with;
}
static uint32_t left(uint32_t a, uint32_t with)
{
        return a << with % 32;
}
static uint32_t right(uint32_t a, uint32_t with)
{
        return a >> with % 32;
}
static uint32_t negate(uint32_t a, uint32_t with)
{
        (void)with;
        return -a;
}
static uint32_t differs(uint32_t a, uint32_t with)
{
        return a ^ with;
}

enum { DIVIDES = 3 };
static computation *const computations[16] = {add,  subtract, multiply, divide, either,
                                              both, left,     right,    negate, [10] = differs};

/* How many steps are left out. */
static uint32_t jump(uint32_t a, uint32_t with, const struct filter_step *s)
{
        enum { ALWAYS = 0x00, EQUAL = 0x10, GREATER = 0x20, NOT_LESS = 0x30 };

        switch (s->code & 0xf0) {
        case ALWAYS:
                return s->value;
        case EQUAL:
                return a == with ? s->yes : s->no;
        case GREATER:
                return a > with ? s->yes : s->no;
        case NOT_LESS:
                return a >= with ? s->yes : s->no;
        default: /* a bit of both is set */
                return a & with ? s->yes : s->no;
        }
}

static uint32_t load(const uint32_t memory[FILTER_WORDS], const struct filter_step *s,
                     const struct filter_data *data)
{
        switch (s->code & 0xe0) {
        case STEP_LOAD:
                return ((const uint32_t *)(const void *)data)[s->value / sizeof(uint32_t)];
        case STEP_LENGTH:
                return sizeof(*data);
        case STEP_MEMORY:
                return memory[s->value];
        default:
                return s->value;
        }
}

static uint32_t run(const struct filter *f, const struct filter_data *data)
{
        uint32_t a = 0, x = 0, with, memory[FILTER_WORDS];
        unsigned n = 0;

        for (const struct filter_step *s = filter_step(f, 0);;
             s = n % FRAME_STEPS ? s + 1 : filter_step(f, n)) {
                n++; /* the step behind this one */
                with = s->code & WITH_X ? x : s->value;
                switch (s->code & KIND) {
                case LOADS:
                        a = load(memory, s, data);
                        break;
                case LOADS_X:
                        x = load(memory, s, data);
                        break;
                case STORES:
                        memory[s->value] = a;
                        break;
                case STORES_X:
                        memory[s->value] = x;
                        break;
                case COMPUTES:
                        if (!with && s->code >> 4 == DIVIDES)
                                return FILTER_KILLS_THREAD;
                        a = computations[s->code >> 4](a, with);
                        break;
                case JUMPS:
                        n += jump(a, with, s);
                        s = filter_step(f, n - 1); /* what the next one comes behind */
                        break;
                case RETURNS:
                        return s->code == RETURNS_A ? a : s->value;
                default:
                        *(s->code == MOVES_TO_X ? &x : &a) = s->code == MOVES_TO_X ? a : x;
                }
        }
}

uint32_t filters_ask(const struct filter *last, const struct filter_data *data, const struct filter **by)
{
        uint32_t result = FILTER_ALLOWS;

        *by = last;
        for (const struct filter *f = last; f; f = f->below) {
                uint32_t answer = run(f, data);

                if ((int32_t)(answer & SHARED) >= (int32_t)(result & SHARED))
                        continue;
                result = answer;
                *by = f;
        }
        return result;
}
