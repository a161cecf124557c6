/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory: retype, reset, mapping and what the TLB may remember. */
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tests/sim/scenarios.h"
#include "vm/pte.h"

enum { VA = 0x30000000, RIGHTS_RW = 3, RIGHTS_R = 2 };

static void boots_as_documented(void)
{
        struct thread *t = small_machine();
        const struct bootinfo *info = user_bootinfo();

        CHECK_EQUAL(t->priority, 255);
        CHECK_EQUAL(t->context.pc, 0x400000);
        CHECK_EQUAL(t->context.x[0], 0x402000);
        CHECK_EQUAL(info->ipc_buffer, 0x401000);
        CHECK_EQUAL(info->cnode_bits, 10);
        CHECK_EQUAL(info->untyped.end, info->empty.start);
        CHECK_EQUAL(cap_kind(user_cap(SLOT_INIT_TCB)), CAP_TCB);
        CHECK(sim_touch(0x400000, HOST_FETCH, NULL));
        CHECK(sim_touch(0x402000, HOST_READ, NULL));
        CHECK_EQUAL(host_translate(0x402000, HOST_FETCH).ok, false);
}

static void every_type_can_be_made(void)
{
        static const struct {
                word type, bits;
                enum cap_kind kind;
        } rows[] = {
                {OBJECT_UNTYPED, 5, CAP_UNTYPED},   {OBJECT_TCB, 0, CAP_TCB},
                {OBJECT_ENDPOINT, 0, CAP_ENDPOINT}, {OBJECT_NOTIFICATION, 0, CAP_NOTIFICATION},
                {OBJECT_CNODE, 3, CAP_CNODE},       {OBJECT_SCHED_CONTEXT, 7, CAP_SCHED_CONTEXT},
                {OBJECT_REPLY, 0, CAP_REPLY},       {OBJECT_VSPACE, 0, CAP_VSPACE},
                {OBJECT_SMALL_PAGE, 0, CAP_FRAME},  {OBJECT_PAGE_TABLE, 0, CAP_PAGE_TABLE},
                {OBJECT_LARGE_PAGE, 0, CAP_FRAME},
        };

        small_machine();
        for (word i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                CHECK_EQUAL(user_retype(user_memory(), rows[i].type, rows[i].bits, FREE + i, 1), 0);
                CHECK_EQUAL(cap_kind(user_cap(FREE + i)), rows[i].kind);
        }
        CHECK_EQUAL(user_revoke(user_memory()), 0);
        CHECK(cap_is_null(user_cap(FREE)));
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_HUGE_PAGE, 0, FREE, 1), ERROR_MEMORY);
}

static void retype_until_full(void)
{
        word untyped = FREE, slot = FREE + 1;

        small_machine();
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, 12, untyped, 1), 0);
        CHECK_EQUAL(user_retype(untyped, OBJECT_TCB, 0, slot, 2), 0);
        CHECK_EQUAL(untyped_bits(user_cap(untyped)), 12);
        CHECK_EQUAL(user_retype(untyped, OBJECT_ENDPOINT, 0, slot + 2, 1), ERROR_MEMORY);
        CHECK_EQUAL(user_word(0), 0);
        CHECK_EQUAL(user_delete(slot), 0);
        CHECK_EQUAL(user_retype(untyped, OBJECT_ENDPOINT, 0, slot + 2, 1), ERROR_MEMORY);
        CHECK_EQUAL(user_delete(slot + 1), 0);
        CHECK_EQUAL(user_retype(untyped, OBJECT_ENDPOINT, 0, slot, 256), 0);
}

static void memory_is_zero_when_used_again(void)
{
        word untyped = FREE, frame = FREE + 1;

        small_machine();
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_UNTYPED, 12, untyped, 1), 0);
        CHECK_EQUAL(user_retype(untyped, OBJECT_SMALL_PAGE, 0, frame, 1), 0);
        word *page = window(cap_address(user_cap(frame)));
        for (word i = 0; i < 512; i++)
                page[i] = ~i;
        CHECK_EQUAL(user_delete(frame), 0);
        CHECK_EQUAL(user_retype(untyped, OBJECT_ENDPOINT, 0, frame, 1), 0);
        CHECK_EQUAL(page[0], 0);
        CHECK_EQUAL(page[1], 0);
        CHECK_EQUAL(user_delete(frame), 0);
        CHECK_EQUAL(user_retype(untyped, OBJECT_SMALL_PAGE, 0, frame, 1), 0);
        for (word i = 0; i < 512; i++)
                CHECK_EQUAL(page[i], 0);
}

/* Level 1 to 3 tables for VA, in slots FREE.., and a frame behind them. */
static word map_frame_at_va(word rights)
{
        word frame = FREE + 3;

        for (word i = 0; i < 3; i++) {
                CHECK_EQUAL(user_retype(user_memory(), OBJECT_PAGE_TABLE, 0, FREE + i, 1), 0);
                word error = user_map_table(FREE + i, VA);
                CHECK(error == 0 || error == ERROR_DELETE_FIRST);
        }
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_SMALL_PAGE, 0, frame, 1), 0);
        CHECK_EQUAL(user_map(frame, VA, rights), 0);
        return frame;
}

static void mapping_reaches_memory(void)
{
        word paddr;

        small_machine();
        word frame = map_frame_at_va(RIGHTS_RW);
        CHECK(sim_touch(VA + 8, HOST_WRITE, &paddr));
        CHECK_EQUAL(paddr, cap_address(user_cap(frame)) + 8);
}

static void unmapping_forgets(void)
{
        small_machine();
        word frame = map_frame_at_va(RIGHTS_RW);
        CHECK(sim_touch(VA, HOST_READ, NULL));
        CHECK_EQUAL(user_invoke(frame, &(struct message){.label = LABEL_PAGE_UNMAP}), 0);
        CHECK(!host_translate(VA, HOST_READ).ok);
}

static void remapping_read_only_forgets(void)
{
        small_machine();
        word frame = map_frame_at_va(RIGHTS_RW);
        CHECK(sim_touch(VA, HOST_WRITE, NULL));
        CHECK_EQUAL(user_map(frame, VA, RIGHTS_R), 0);
        CHECK(host_translate(VA, HOST_READ).ok);
        CHECK(!host_translate(VA, HOST_WRITE).ok);
}

static void deleting_a_table_forgets(void)
{
        small_machine();
        map_frame_at_va(RIGHTS_RW);
        CHECK(sim_touch(VA, HOST_READ, NULL));
        for (word i = 0; i < 3; i++)
                CHECK_EQUAL(user_delete(FREE + i), 0);
        CHECK(!host_translate(VA, HOST_READ).ok);
}

static void revoking_the_memory_forgets(void)
{
        small_machine();
        map_frame_at_va(RIGHTS_RW);
        CHECK(sim_touch(VA, HOST_READ, NULL));
        CHECK_EQUAL(user_revoke(user_memory()), 0);
        CHECK(!host_translate(VA, HOST_READ).ok);
}

static void losing_the_pool_loses_the_space(void)
{
        struct thread *t = small_machine();

        CHECK(sim_touch(0x402000, HOST_READ, NULL));
        CHECK_EQUAL(user_delete(SLOT_INIT_ASID_POOL), 0);
        CHECK_EQUAL(host_space_root(), 0);
        CHECK(!sim_touch(0x402000, HOST_READ, NULL));
        CHECK(sim_current() == NULL && t->state == INACTIVE);
}

/* What the caches were told to write to memory since the last check. */
static struct {
        word start, bytes;
} cleaned;

static void note_clean(enum host_cache how, const void *start, word size)
{
        if (how != HOST_CACHE_CLEAN)
                return;
        if (paddr_of(start) != cleaned.start + cleaned.bytes) {
                cleaned.start = paddr_of(start);
                cleaned.bytes = 0;
        }
        cleaned.bytes += size;
}

/* An uncached alias of a new frame must see its zeros; device memory is never touched (known bug of 13.0). */
static void new_frames_are_clean_to_memory(void)
{
        word device = 0;

        small_machine();
        for (word i = 0; i < user_bootinfo()->untyped.end - user_bootinfo()->untyped.start; i++) {
                struct cap c = user_cap(user_bootinfo()->untyped.start + i);

                if (untyped_is_device(c) && untyped_bits(c) >= PAGE_BITS && untyped_bits(c) < PAGE_BITS + 9)
                        device = user_bootinfo()->untyped.start + i;
        }
        CHECK(device);
        host_cache_hook = note_clean;
        cleaned.bytes = 0;
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_LARGE_PAGE, 0, FREE, 1), 0);
        CHECK_EQUAL(cleaned.start, cap_address(user_cap(FREE)));
        CHECK_EQUAL(cleaned.bytes, bit(PAGE_BITS + 9));
        cleaned.start = cleaned.bytes = 0;
        CHECK_EQUAL(user_retype(user_memory(), OBJECT_SMALL_PAGE, 0, FREE + 1, 2), 0);
        CHECK_EQUAL(cleaned.start, cap_address(user_cap(FREE + 1)));
        CHECK_EQUAL(cleaned.bytes, 2 << PAGE_BITS);
        cleaned.bytes = 0;
        CHECK_EQUAL(user_retype(device, OBJECT_SMALL_PAGE, 0, FREE + 3, 1), 0);
        CHECK_EQUAL(cleaned.bytes, 0);
        host_cache_hook = NULL;
}

const struct test memory_tests[] = {
        {"boots_as_documented", boots_as_documented},
        {"every_type_can_be_made", every_type_can_be_made},
        {"retype_until_full", retype_until_full},
        {"memory_is_zero_when_used_again", memory_is_zero_when_used_again},
        {"mapping_reaches_memory", mapping_reaches_memory},
        {"unmapping_forgets", unmapping_forgets},
        {"remapping_read_only_forgets", remapping_read_only_forgets},
        {"deleting_a_table_forgets", deleting_a_table_forgets},
        {"revoking_the_memory_forgets", revoking_the_memory_forgets},
        {"losing_the_pool_loses_the_space", losing_the_pool_loses_the_space},
        {"new_frames_are_clean_to_memory", new_frames_are_clean_to_memory},
};
const word memory_test_count = sizeof(memory_tests) / sizeof(memory_tests[0]);
