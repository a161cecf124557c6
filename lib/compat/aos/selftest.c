/* SPDX-License-Identifier: BSD-2-Clause */
/* What the course's server checks when it starts. */
#include <frames/frame_table.h>
#include <sel4/report.h>
#include <sel4/start.h>
#include <tests.h>

#ifdef __aarch64__

enum { FRAMES = 10, EXIT_FAILED = 134 };

static void must(bool good, const char *what)
{
        if (!good) {
                report("run_tests: %s", what);
                start_exit(EXIT_FAILED);
        }
}

static void test_slots(cspace_t *c)
{
        seL4_CPtr slot = cspace_alloc_slot(c);
        size_t used = cspace_used_slots(c);

        must(slot != seL4_CapNull, "no slot");
        cspace_free_slot(c, slot);
        must(cspace_alloc_slot(c) == slot, "a slot that was freed does not come back");
        cspace_free_slot(c, slot);
        must(cspace_used_slots(c) == used - 1, "slots are miscounted");
}

static void test_derived(cspace_t *c, int (*create)(cspace_t *by, cspace_t *target))
{
        static cspace_t derived;
        unsigned count = 0;

        must(create(c, &derived) == 0, "no derived CSpace");
        test_slots(&derived);
        while (count < 64 && cspace_alloc_slot(&derived))
                count++;
        must(count == 64, "a CSpace cannot be made");
        must(cspace_destroy_checked(&derived) == CSPACE_NOERROR, "a CSpace cannot be destroyed");
}

static int create_two_level(cspace_t *by, cspace_t *target)
{
        return cspace_create_two_level(by, target, by->alloc);
}

static void fill(frame_ref_t frame)
{
        unsigned char *data = frame_data(frame);

        data[0] = (unsigned char)frame;
        data[(1 << seL4_PageBits) - 1] = (unsigned char)~frame;
}

static bool is_filled(frame_ref_t frame)
{
        const unsigned char *data = frame_data(frame);

        return data[0] == (unsigned char)frame && data[(1 << seL4_PageBits) - 1] == (unsigned char)~frame;
}

static void test_frames(void)
{
        frame_ref_t frame[FRAMES];
        size_t sum = 0;

        for (int i = 0; i < FRAMES; i++) {
                frame[i] = alloc_frame();
                must(frame[i] != NULL_FRAME, "no frame");
                fill(frame[i]);
                sum += frame[i];
        }
        for (int i = 0; i < FRAMES; i++) {
                must(is_filled(frame[i]), "two frames share memory");
                free_frame(frame[i]);
        }
        for (int i = 0; i < FRAMES; i++) {
                frame[i] = alloc_frame();
                sum -= frame[i];
        }
        must(sum == 0, "frames other than those that were freed");
        for (int i = 0; i < FRAMES; i++)
                free_frame(frame[i]);
}

void run_tests(cspace_t *cspace)
{
        test_slots(cspace);
        test_derived(cspace, cspace_create_one_level);
        test_derived(cspace, create_two_level);
        test_derived(cspace, cspace_create);
        test_frames();
        must(!ut_audit() && !cspace_audit_all(cspace) && !vspace_audit(vspace_own()), "the books are wrong");
}

#endif
