/* SPDX-License-Identifier: BSD-2-Clause */
/* Random sequences of calls to all libraries, with random failures of kernel calls.
 *
 * The model is what must hold, not what must happen: a call succeeds or gives an error; the audits find no contradiction
 * at any step; and when all is given back (with the failures switched off) nothing is missing.
 */
#include "libs.h"

#include <aos/mapping.h>
#include <threads/threads.h>

enum { THINGS = 40, STEPS = 1500, FEW_STEPS = 40, LEVELS = 6 };

enum kind { NOTHING, OBJECT, PAGES, SPACE, SLOTS, THREAD, DEVICE, PIECE, KINDS };

struct thing {
        enum kind kind;
        seL4_CPtr cap;
        ut_t *ut;
        char *pages;
        size_t count;
        vspace_t space;
        cspace_t slots;
        thread_t *thread;
};

static struct thing things[THINGS];
static unsigned long made, refused;

static void idle(void *arg)
{
        (void)arg;
}

static bool make_object(struct thing *t)
{
        static const seL4_Word type[] = {seL4_EndpointObject,      seL4_TCBObject,
                                         seL4_NotificationObject,  seL4_ReplyObject,
                                         seL4_ARM_PageTableObject, seL4_ARM_LargePageObject};

        t->ut = ut_new_object(&cspace, &t->cap, type[libs_random() % 6], 0);
        return t->ut;
}

static bool make_pages(struct thing *t)
{
        t->count = 1 + libs_random() % 6;
        t->pages =
                vspace_new_pages(&vspace, libs_random() % 3 ? 0 : 0x18000000 + (libs_random() % 2000) * 4096,
                                 t->count, VSPACE_RW);
        if (t->pages) {
                t->pages[0] = 1;
        }
        return t->pages;
}

static bool make_space(struct thing *t)
{
        if (vspace_create(&t->space, &cspace)) {
                return false;
        }
        for (int i = 0; i < 4; i++) {
                vspace_new_pages(&t->space, 0x400000 + (libs_random() << 12 & 0x7fff00000ul),
                                 1 + libs_random() % 3, VSPACE_RX);
        }
        libs_audit_space(&t->space);
        return true;
}

static bool make_slots(struct thing *t)
{
        bool two = libs_random() % 2;

        if (two ? cspace_create_two_level(&cspace, &t->slots, bootstrap_alloc(&cspace))
                : cspace_create_one_level(&cspace, &t->slots)) {
                return false;
        }
        for (unsigned i = libs_random() % 300; i > 0; i--) {
                seL4_CPtr slot = cspace_alloc_slot(&t->slots);

                if (slot && i % 50 == 0) {
                        cspace_copy(&t->slots, slot, &cspace, seL4_CapInitThreadTCB, seL4_AllRights);
                }
        }
        return true;
}

static bool make_thread(struct thing *t)
{
        thread_config_t config = thread_defaults("random", idle, NULL);

        config.prio = libs_random() % 2 ? 200 : 50;
        config.passive = libs_random() % 4 == 0;
        config.extra_refills = (uint8_t)(libs_random() % 9);
        config.stack_bytes = (1 + libs_random() % 5) * 4096;
        config.fault_ep = 0;
        t->thread = thread_create_ex(&config);
        return t->thread;
}

static bool make_device(struct thing *t)
{
        t->count = 1 + libs_random() % 9000;
        t->pages = sos_map_device(&cspace, 0x0a000000 + libs_random() % 20000, t->count);
        return t->pages;
}

static bool make_piece(struct thing *t)
{
        t->ut = ut_alloc(UT_MIN_BITS + libs_random() % 17, &cspace);
        return t->ut;
}

static bool make(struct thing *t, enum kind kind)
{
        static bool (*const maker[KINDS])(struct thing *) = {
                NULL, make_object, make_pages, make_space, make_slots, make_thread, make_device, make_piece,
        };

        return maker[kind](t);
}

/* Page by page, each until it is gone: a page of somebody else may come to the place of one that went. */
static int unmake_pages(struct thing *t, bool device)
{
        seL4_Word first = (seL4_Word)t->pages & ~0xffful;
        seL4_Word end = device ? (seL4_Word)t->pages + t->count : first + (t->count << 12);

        for (; first < end; first += 4096) {
                int attempts = 0;

                while (vspace_lookup(&vspace, first).kind == VSPACE_PAGE && attempts++ < 100) {
                        (void)(device ? vspace_unmap_device(&vspace, first, 1)
                                      : vspace_unmap(&vspace, first, 1));
                }
                CHECK(attempts < 100);
        }
        return 0;
}

/* 0 when it is gone; a refusal (an injected failure) leaves the rest for another attempt. */
static int unmake(struct thing *t)
{
        switch (t->kind) {
        case OBJECT:
                return (int)ut_free_object(&cspace, t->cap, t->ut);
        case PAGES:
                return unmake_pages(t, false);
        case SPACE:
                return vspace_destroy(&t->space);
        case SLOTS:
                return (int)cspace_destroy_checked(&t->slots);
        case THREAD:
                thread_destroy(t->thread);
                return 0;
        case DEVICE:
                return unmake_pages(t, true);
        case PIECE:
                return (int)ut_free_checked(t->ut);
        default:
                return 0;
        }
}

static void step(void)
{
        struct thing *t = &things[libs_random() % THINGS];

        if (t->kind == NOTHING) {
                enum kind kind = (enum kind)(1 + libs_random() % (KINDS - 1));

                if (make(t, kind)) {
                        t->kind = kind;
                        made++;
                } else {
                        refused++;
                }
        } else if (!unmake(t)) {
                t->kind = NOTHING;
        }
}

static void everything_back(void)
{
        libs_inject(0, 1);
        for (int i = 0; i < THINGS; i++) {
                int err = unmake(&things[i]);

                if (err) {
                        libs_note("     thing %d of kind %d is not given back: %d", i, things[i].kind, err);
                }
                CHECK_EQUAL(err, 0);
                things[i].kind = NOTHING;
        }
        vspace_sweep(&vspace);
}

static void play(const seL4_BootInfo *bi, unsigned one_in, int steps)
{
        struct libs_balance before;

        libs_start(bi);
        threads_start(&cspace, bi->schedcontrol.start, seL4_CapInitThreadTCB, false);
        CHECK_EQUAL(seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 150), 0);
        for (int round = 0; round < LEVELS; round++) {
                if (round == 1) {
                        before = libs_balance(); /* what is kept for good is there now */
                }
                libs_inject(one_in, (uint64_t)round + one_in);
                for (int i = 0; i < steps; i++) {
                        step();
                        if (i % 16 == 0) {
                                libs_audit();
                        }
                }
                everything_back();
                libs_audit();
                if (round > 0) {
                        libs_check_balance(before);
                }
        }
        libs_note("     %lu things made, %lu refused", made, refused);
}

static void without_failures(const seL4_BootInfo *bi)
{
        play(bi, 0, STEPS);
        CHECK(made > 1000);
}

static void few_failures(const seL4_BootInfo *bi)
{
        play(bi, 100, STEPS);
        CHECK(refused > 50);
}

static void many_failures(const seL4_BootInfo *bi)
{
        play(bi, 12, STEPS);
        CHECK(refused > 500);
}

/* The kernel checks its whole state after each entry, which takes its time. */
static void with_the_kernels_checker(const seL4_BootInfo *bi)
{
        play(bi, 30, FEW_STEPS);
        CHECK(refused > 5);
}

const struct libs_case random_cases[] = {
        {"random: all libraries together", without_failures, 128, true},
        {"random: one kernel call in 100 fails", few_failures, 128, true},
        {"random: one kernel call in 12 fails", many_failures, 128, true},
        {"random: with the kernel's checker", with_the_kernels_checker, 32, false},
};
LIBS_COUNT(random_cases);
