/* SPDX-License-Identifier: BSD-2-Clause */
/* The block driver against a model of its device, the label of the disk, and the rules of swap. */
#include <string.h>

#include "client_test.h"
#include "model.h"
#include "os/device/label.h"
#include "swap_test.h"
#include "tests/lib/test.h"

enum { RING_PAGE = 5, MANY = 50 };

static struct virtio_block driver;
static const struct virtio_memory ring = {model_memory[RING_PAGE], MODEL_MEMORY + RING_PAGE *BLOCK_SIZE};
static struct block_request request[MANY];
static unsigned ended[MANY], good_ends, ends, again;

static void done(struct block_request *r, bool good)
{
        ended[r - request]++;
        ends++;
        good_ends += good;
        if (again > 0) {
                again--;
                virtio_block_submit(&driver, r);
        }
}

static void hear(void)
{
        virtio_block_interrupt(&driver);
        virtio_block_kick(&driver);
}

static void connect(bool modern)
{
        model_reset(modern);
        memset(ended, 0, sizeof(ended));
        ends = good_ends = again = 0;
        memset(model_memory[RING_PAGE], 0xa5,
               BLOCK_SIZE); /* as left by a device that was at work until its reset */
        driver = model_driver();
        CHECK(virtio_block_start(&driver, &ring));
        CHECK_EQUAL(driver.blocks, MODEL_BLOCKS);
        CHECK(driver.can_flush);
}

static void submit_many(unsigned i, enum block_operation operation, uint64_t block, unsigned page,
                        uint16_t count)
{
        request[i] = (struct block_request){.operation = operation,
                                            .count = count,
                                            .block = block,
                                            .paddr = model_paddr(page),
                                            .done = done};
        virtio_block_submit(&driver, &request[i]);
}

static void submit(unsigned i, enum block_operation operation, uint64_t block, unsigned page)
{
        submit_many(i, operation, block, page, operation != BLOCK_FLUSH);
        virtio_block_kick(&driver);
}

static void both(void (*run)(void))
{
        for (int modern = 0; modern < 2; modern++) {
                connect(modern);
                run();
        }
}

static void write_and_read(void)
{
        memset(model_memory[8], 'w', BLOCK_SIZE);
        submit(0, BLOCK_WRITE, 63, 8);
        CHECK_EQUAL(ends, 0);
        model_answer(0, true);
        CHECK_EQUAL(ends, 0);
        hear();
        CHECK_EQUAL(model.device.interrupt, 0);
        CHECK(ended[0] == 1 && good_ends == 1);
        CHECK(model.block[63][0] == 'w' && model.block[63][BLOCK_SIZE - 1] == 'w' && !model.block[62][0]);
        submit(1, BLOCK_READ, 63, 9);
        submit(2, BLOCK_FLUSH, 0, 0);
        model_answer(0, true);
        model_answer(0, true);
        hear();
        CHECK(!memcmp(model_memory[9], model_memory[8], BLOCK_SIZE));
        CHECK(ends == 3 && good_ends == 3 && model.flushes == 1 && model.flushed_at_writes == 1);
}

/* More requests than the device can hold, answered last first: each ends once. */
static void many(void)
{
        for (unsigned i = 0; i < MANY; i++)
                submit(i, BLOCK_WRITE, i, 10);
        CHECK_EQUAL(model.pending, VIRTIO_BLOCK_SLOTS);
        while (model.pending > 0) {
                model_answer(model.pending - 1, true);
                hear();
        }
        CHECK(ends == MANY && good_ends == MANY && model.writes == MANY);
        for (unsigned i = 0; i < MANY; i++)
                CHECK_EQUAL(ended[i], 1);
}

/* All answers before one interrupt, more rounds than the rings have entries. */
static void rounds(void)
{
        for (unsigned round = 0; round < 20; round++) {
                for (unsigned i = 0; i < VIRTIO_BLOCK_SLOTS; i++)
                        submit(i, BLOCK_READ, i, 10);
                while (model.pending > 0)
                        model_answer(round % model.pending, true);
                hear();
        }
        CHECK(ends == 20 * VIRTIO_BLOCK_SLOTS && good_ends == ends);
        hear(); /* for nothing */
        CHECK_EQUAL(ends, 20 * VIRTIO_BLOCK_SLOTS);
}

static void submit_from_done(void)
{
        again = 100;
        submit(0, BLOCK_WRITE, 1, 10);
        while (model.pending > 0) {
                model_answer(0, true);
                hear();
        }
        CHECK(ended[0] == 101 && again == 0);
}

static void errors_are_results(void)
{
        submit(0, BLOCK_READ, 1, 10);
        submit(1, BLOCK_WRITE, 2, 10);
        model_answer(1, false);
        model_answer(0, true);
        hear();
        CHECK(ends == 2 && good_ends == 1);
}

static void lies_end_nothing(void)
{
        submit(0, BLOCK_READ, 1, 10);
        model_lie(1);
        model_lie(3);
        model_lie(0xffffffff);
        model_lie(VIRTIO_BLOCK_SLOTS * (VIRTIO_BLOCK_JOINED + 2));
        hear();
        CHECK_EQUAL(ends, 0);
        model_answer(0, true);
        hear();
        CHECK(ended[0] == 1 && good_ends == 1);
}

/* Several blocks are one request; requests that follow each other, before the device hears of them, are one for it. */
static void joined(void)
{
        for (unsigned block = 0; block < MODEL_BLOCKS; block++)
                memset(model.block[block], (int)block, BLOCK_SIZE);
        submit_many(0, BLOCK_READ, 3, 8, 4);
        submit_many(1, BLOCK_READ, 7, 30, 1);
        submit_many(2, BLOCK_READ, 8, 20, 2);
        submit_many(3, BLOCK_READ, 11, 22, 1);  /* not the next one */
        submit_many(4, BLOCK_WRITE, 12, 23, 1); /* another operation */
        submit(5, BLOCK_WRITE, 13, 24);
        submit(6, BLOCK_WRITE, 14, 25); /* the device has heard of those before */
        CHECK_EQUAL(model.pending, 4);
        while (model.pending > 0)
                model_answer(0, true);
        hear();
        CHECK(ends == 7 && good_ends == 7 && model.chains == 4 && model.writes == 3);
        for (unsigned i = 0; i < 4; i++)
                CHECK_EQUAL(model_memory[8 + i][1], 3 + i);
        CHECK(model_memory[30][0] == 7 && model_memory[20][0] == 8 && model_memory[21][9] == 9 &&
              model_memory[22][0] == 11 && !model.block[13][0]);
}

/* Of a chain that fails each request is tried alone, and only those that fail then have failed. */
static void errors_of_one(void)
{
        for (unsigned i = 0; i < 4; i++)
                submit_many(i, BLOCK_WRITE, i, 8, 1);
        virtio_block_kick(&driver);
        CHECK_EQUAL(model.pending, 1);
        model_answer(0, false);
        hear();
        CHECK(ends == 0 && model.pending == 4);
        model_answer(2, false);
        while (model.pending > 0)
                model_answer(0, true);
        hear();
        CHECK(ends == 4 && good_ends == 3 && ended[2] == 1 && model.writes == 3 && model.pending == 0);
        submit_many(0, BLOCK_WRITE, 0, 8, 1);
        submit_many(1, BLOCK_WRITE, 1, 8, 1);
        mmio_break();
        hear();
        CHECK(ends == 6 && good_ends == 3);
}

static void a_broken_device_fails_all(void)
{
        for (unsigned i = 0; i < MANY; i++)
                submit(i, BLOCK_WRITE, i, 10);
        again = 10; /* including those that are retried */
        mmio_break();
        hear();
        CHECK(ends == MANY + 10 && good_ends == 0);
        submit(0, BLOCK_READ, 0, 10);
        CHECK_EQUAL(ends, MANY + 11);
}

static void answer(void)
{
        model_answer(0, true);
}

/* Nothing would tell of it later. */
static void answered_before_the_acknowledgement(void)
{
        submit(0, BLOCK_WRITE, 1, 8);
        submit(1, BLOCK_WRITE, 2, 8);
        answer();
        model.device.acknowledged = answer;
        hear();
        CHECK(ends == 2 || model.device.interrupt);
}

static void test_acknowledged(void)
{
        both(answered_before_the_acknowledgement);
}

static void test_write_and_read(void)
{
        both(write_and_read);
}

static void test_many(void)
{
        both(many);
}

static void test_rounds(void)
{
        both(rounds);
}

static void test_submit_from_done(void)
{
        both(submit_from_done);
}

static void test_errors(void)
{
        both(errors_are_results);
}

static void test_lies(void)
{
        both(lies_end_nothing);
}

static void test_joined(void)
{
        both(joined);
}

static void test_errors_of_one(void)
{
        both(errors_of_one);
}

static void test_broken(void)
{
        both(a_broken_device_fails_all);
}

/* Without a cache there is nothing to flush, and no such request: completed requests are written. */
static void test_no_cache(void)
{
        model_reset(true);
        model.device.offered &= ~(uint64_t)(1 << 9);
        ends = good_ends = again = 0;
        driver = model_driver();
        CHECK(virtio_block_start(&driver, &ring) && !driver.can_flush);
        submit(0, BLOCK_FLUSH, 0, 0);
        CHECK(ends == 1 && good_ends == 1 && model.pending == 0);
        submit(1, BLOCK_WRITE, 3, 8);
        CHECK(ends == 1 && model.pending == 1);
        mmio_break();
        virtio_block_interrupt(&driver);
        submit(0, BLOCK_FLUSH, 0, 0);
        CHECK(ends == 3 && good_ends == 1);
}

static void test_refusals(void)
{
        model_reset(true);
        model.device.refuses = true;
        driver = model_driver();
        CHECK(!virtio_block_start(&driver, &ring));
        for (uint32_t max = 0; max < 4; max++) {
                model_reset(false);
                model.device.queue_max = max;
                driver = model_driver();
                CHECK(!virtio_block_start(&driver, &ring));
        }
        model_reset(true);
        model.device.status = 0xf;
        model.device.reset_reads = UINT32_MAX;
        driver = model_driver();
        CHECK(!virtio_block_start(&driver, &ring));
}

/* A device that takes fewer requests at once than the driver has: all end, and the rings go round. */
static void test_short_queues(void)
{
        static const uint32_t limits[] = {4, 5, 7, 8, 16, 64, 96, 127, 128, 1024};

        for (unsigned i = 0; i < 2 * sizeof(limits) / sizeof(*limits); i++) {
                model_reset(i % 2);
                model.device.queue_max = limits[i / 2];
                memset(ended, 0, sizeof(ended));
                ends = good_ends = again = 0;
                driver = model_driver();
                CHECK(virtio_block_start(&driver, &ring));
                CHECK(driver.queue.size <= limits[i / 2] &&
                      2 * driver.queue.size > (limits[i / 2] < 128 ? limits[i / 2] : 128));
                for (unsigned round = 0; round < 10; round++) {
                        for (unsigned r = 0; r < MANY; r++)
                                submit(r, BLOCK_WRITE, r, 10);
                        CHECK_EQUAL(model.pending, driver.queue.slots);
                        while (model.pending > 0) {
                                model_answer(round % model.pending, true);
                                hear();
                        }
                }
                CHECK(ends == 10 * MANY && good_ends == ends && model.writes == ends);
        }
}

/* No register is touched before the reset is over (the model checks it). */
static void test_slow_reset(void)
{
        for (unsigned reads = 0; reads < 200; reads += 1 + reads / 2) {
                model_reset(reads % 2);
                model.device.status = 0xf;
                model.device.reset_reads = reads;
                driver = model_driver();
                CHECK(virtio_block_start(&driver, &ring));
                CHECK_EQUAL(driver.blocks, MODEL_BLOCKS);
        }
}

/* Both halves are of one capacity, however often it changes while they are read. */
static void test_capacity_that_changes(void)
{
        for (unsigned changes = 1; changes < 20; changes++) {
                model_reset(changes % 2);
                model.capacity = 0x7f00000000 | (changes & 2 ? 0x80 : 0xffffff80);
                model.changes = changes;
                driver = model_driver();
                CHECK(virtio_block_start(&driver, &ring));
                CHECK_EQUAL(model.changes, 0);
                CHECK_EQUAL(driver.blocks, MODEL_BLOCKS);
        }
}

static void test_labels(void)
{
        char block[BLOCK_SIZE];
        struct disk_areas a, b;

        for (uint64_t blocks = 0; blocks < 20000; blocks += blocks < 40 ? 1 : 997) {
                CHECK_EQUAL(label_make(block, blocks, &a), blocks >= 5);
                if (blocks < 5)
                        continue;
                CHECK(label_read(block, blocks, &b) && !memcmp(&a, &b, sizeof(a)));
                CHECK(label_read(block, blocks + 1, &b));
                CHECK(!label_read(block, blocks - 1, &b));
                CHECK(a.half[0] >= 1 && a.half[1] == a.half[0] + a.half_blocks);
                CHECK(a.half[1] + a.half_blocks <= blocks && a.swap + a.swap_blocks <= blocks);
                CHECK_EQUAL(a.swap_blocks > 0, blocks >= 8192);
                CHECK(a.swap_blocks == 0 || a.swap == a.half[1] + a.half_blocks);
        }
        for (unsigned bit = 0; bit < 8 * sizeof(struct disk_label); bit++) {
                block[bit / 8] ^= (char)(1 << bit % 8);
                CHECK(!label_read(block, 20000, &b));
                block[bit / 8] ^= (char)(1 << bit % 8);
        }
}

/* A right sum over areas that overlap or leave the device. */
static void test_bad_areas(void)
{
        static const struct disk_areas bad[] = {
                {{0, 10}, 9, 0, 0},          {{1, 5}, 9, 0, 0},          {{1, 10}, 9, 15, 5},
                {{1, 10}, 1, 0, 0},          {{1, 95}, 9, 0, 0},         {{1, 10}, 9, 90, 20},
                {{1, 10}, UINT64_MAX, 0, 0}, {{1, UINT64_MAX}, 9, 0, 0}, {{1, 10}, 9, UINT64_MAX, UINT64_MAX},
        };
        struct disk_label l = {.magic = LABEL_MAGIC, .blocks = 100};
        struct disk_areas out;

        for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
                char block[BLOCK_SIZE] = {0};

                l.areas = bad[i];
                l.sum = disk_sum(LABEL_MAGIC, &l, sizeof(l) - sizeof(l.sum));
                memcpy(block, &l, sizeof(l));
                CHECK(!label_read(block, 100, &out));
        }
}

int main(int count, char **argument)
{
        static const struct test tests[] = {
                {"a block is written and read", test_write_and_read},
                {"an answer just before the acknowledgement", test_acknowledged},
                {"more requests than the device takes", test_many},
                {"the rings go round", test_rounds},
                {"an end may submit again", test_submit_from_done},
                {"errors of the device are results", test_errors},
                {"requests that follow each other", test_joined},
                {"an error of one of them", test_errors_of_one},
                {"answers that nobody asked for", test_lies},
                {"a device that gives up", test_broken},
                {"a device without a cache", test_no_cache},
                {"a device that cannot be used", test_refusals},
                {"a device with a short queue", test_short_queues},
                {"a reset that takes its time", test_slow_reset},
                {"a capacity that changes while it is read", test_capacity_that_changes},
                {"what a driver that dies had is asked of the next one in order", test_client_order},
                {"drivers that die at any moment", test_client_deaths},
                {"a driver that lies", test_client_lies},
                {"a driver that answers nothing", test_client_hangs},
                {"a driver that does less than it says", test_client_short},
                {"no driver any more", test_client_gone},
                {"labels", test_labels},
                {"labels that lie", test_bad_areas},
                {"blocks of the swap area", test_blocks},
                {"blocks in random order", test_blocks_at_random},
                {"what the clock may evict", test_clock_rules},
                {"a second chance", test_clock_chance},
        };

        return test_main(TEST_LIST(tests), count > 1 ? argument[1] : NULL);
}
