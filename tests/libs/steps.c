/* SPDX-License-Identifier: BSD-2-Clause */
/* The places, and what happens to them.  See steps.h. */
#include "steps.h"

#include <cspace/inside.h>
#include <frames/frame_table.h>
#include <irq/irq.h>

enum { THINGS = 40, ROOT_PRIORITY = 150, WARM_UP = 2 };

static const struct step_calls *const calls[KINDS] = {
        [OBJECT] = &steps_object, [PIECE] = &steps_piece,     [PAGES] = &steps_pages, [FRAME] = &steps_frame,
        [MAPPED] = &steps_mapped, [DEVICE] = &steps_device,   [SPACE] = &steps_space, [SLOTS] = &steps_slots,
        [THREAD] = &steps_thread, [PROCESS] = &steps_process, [LINE] = &steps_line,   [ALARM] = &steps_alarm,
};

static struct thing things[THINGS];
static uint64_t (*source)(uint64_t limit);
static uint32_t next_leaf;

unsigned long steps_made, steps_refused;

void steps_choose_by(uint64_t (*choose_from)(uint64_t limit))
{
        source = choose_from;
}

uint64_t choose(uint64_t limit)
{
        return source(limit);
}

seL4_Word choose_address(void)
{
        static const seL4_Word base[] = {
                0x18000000,
                PAGES_START,
                0x400000,
                0x1fd000,
                0x3ffff000,
                0x7ffffff000,
                0x8000000000,
                0x7fffffffd000,
                0x7fffffe00000,
                0x800000000000,
                0xffff0000 /* and around */,
                ~0xffful,
        };
        uint64_t n = choose(64);

        if (n >= 32)
                return n < 52 ? 0 : base[0] + (choose(2048) << seL4_PageBits);
        return base[n % (sizeof(base) / sizeof(base[0]))] + (choose(4) << seL4_PageBits) + (rarely(64));
}

size_t choose_count(void)
{
        static const size_t odd[] = {0, 511, 512, 513, 1024, 1ul << 18, 1ul << 35, 1ul << 52, ~0ul};
        uint64_t n = choose(64);

        return n < 56 ? 1 + n % 7 : odd[choose(sizeof(odd) / sizeof(odd[0]))];
}

enum vspace_flags choose_flags(void)
{
        static const enum vspace_flags flags[] = {VSPACE_RW, VSPACE_RW, VSPACE_R, VSPACE_RX};

        return flags[choose(4)];
}

struct thing *choose_thing(enum step_kind kind)
{
        uint64_t first = choose(THINGS);

        for (uint64_t i = 0; i < THINGS; i++) {
                struct thing *t = &things[(first + i) % THINGS];

                if (t->kind == kind)
                        return t;
        }
        return NULL;
}

static void make(struct thing *t, enum step_kind kind)
{
        if (calls[kind]->make(t)) {
                t->kind = kind;
                steps_made++;
        } else {
                steps_refused++;
        }
}

static bool unmake(struct thing *t)
{
        if (t->kind == NOTHING || calls[t->kind]->unmake(t))
                return false;
        t->kind = NOTHING;
        return true;
}

void steps_do(void)
{
        struct thing *t = &things[choose(THINGS)];

        if (t->kind == NOTHING)
                make(t, (enum step_kind)(1 + choose(KINDS - 1)));
        else if (choose(2))
                calls[t->kind]->use(t);
        else
                unmake(t);
}

static void audit_things(void)
{
        for (int i = 0; i < THINGS; i++) {
                struct thing *t = &things[i];

                if (t->kind == SPACE && t->space.top)
                        libs_audit_space(&t->space);
                else if (t->kind == PROCESS && t->process.has_vspace && t->process.vspace.top)
                        libs_audit_space(&t->process.vspace);
                else if (t->kind == SLOTS && cspace_alive(&t->slots, "steps"))
                        libs_audit_slots(&t->slots);
        }
}

void steps_audit(void)
{
        libs_audit_some(next_leaf++);
        audit_things();
}

/* Some things wait for others, so it goes on as long as one can be given back. */
void steps_everything_back(void)
{
        bool some = true;

        libs_inject_at(0, 0);
        while (some) {
                some = false;
                for (int i = 0; i < THINGS; i++)
                        some = unmake(&things[i]) || some;
        }
        for (int i = 0; i < THINGS; i++) {
                if (things[i].kind != NOTHING)
                        libs_note("     thing %d of kind %d is not given back", i, things[i].kind);
                CHECK_EQUAL(things[i].kind, NOTHING);
        }
        frame_table_trim();
        vspace_sweep(&vspace);
        libs_audit();
}

static uint64_t the_usual(uint64_t limit)
{
        (void)limit;
        return 0;
}

void steps_begin(const seL4_BootInfo *bi)
{
        seL4_CPtr notification;

        libs_start(bi);
        threads_start(&cspace, bi->schedcontrol.start, seL4_CapInitThreadTCB, false);
        CHECK_EQUAL(seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, ROOT_PRIORITY), 0);
        frame_table_init(&cspace, seL4_CapInitThreadVSpace);
        CHECK(ut_new_object(&cspace, &notification, seL4_NotificationObject, 0));
        irq_start(&cspace, seL4_CapIRQControl, notification);
        steps_choose_by(the_usual);
        for (int i = 0; i < WARM_UP * (KINDS - 1); i++)
                make(&things[i], (enum step_kind)(1 + i % (KINDS - 1)));
        steps_everything_back();
        steps_made = steps_refused = 0;
}
