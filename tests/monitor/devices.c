/* SPDX-License-Identifier: BSD-2-Clause */
/* A hostile guest at its virtio devices: whatever it writes into registers, rings and descriptors, the monitor touches no memory but
 * the guest's, no sector but the disk's, comes to an end, and the device works again after a reset. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "os/monitor/device.h"
#include "os/monitor/monitor.h"
#include "os/monitor/virtio.h"
#include "sos/posix.h"
#include "tests/lib/test.h"
#include "tests/monitor/cases.h"

enum { RAM = 1 << 20, SECTOR = 512, SECTORS = 64, BEFORE = 8, AFTER = 8, ROUNDS = 10000, SIZE = 8 };
enum {
        QUEUE_SELECT = 0x30,
        QUEUE_SIZE = 0x38,
        QUEUE_READY = 0x44,
        NOTIFY = 0x50,
        ACKNOWLEDGE = 0x64,
        STATUS = 0x70,
        DESCRIPTORS = 0x80,
        AVAILABLE = 0x90,
        USED = 0xa0,
        WANTS_RESET = 0x40
};
enum { TABLE = 0x1000, OFFERED = 0x2000, DONE = 0x3000, HEADS = 0x4000, DATA = 0x8000 };
enum { READ, WRITE, NEXT = 1, WRITABLE = 2 };

struct descriptor {
        uint64_t at;
        uint32_t bytes;
        uint16_t flags, next;
};

static unsigned char file[(BEFORE + SECTORS + AFTER) * SECTOR];
static long place;
static unsigned long calls, moved;
static unsigned char *ram;

/* --- the file --- */

long posix_open(const char *path, int flags)
{
        (void)path, (void)flags;
        return 3;
}

long posix_seek(int number, long offset, int whence)
{
        CHECK_EQUAL(number, 3);
        place = whence ? (long)sizeof(file) : offset;
        return place;
}

/* The part of the disk, and nothing before and behind it. */
static unsigned char *move(size_t size)
{
        unsigned char *at = file + place;

        CHECK(place >= BEFORE * SECTOR && size <= sizeof(file) &&
              (size_t)place + size <= (BEFORE + SECTORS) * SECTOR);
        place += (long)size;
        moved += size;
        calls++;
        return at;
}

long posix_read(int number, void *to, size_t size)
{
        (void)number;
        memcpy(to, move(size), size);
        return (long)size;
}

long posix_write(int number, const void *from, size_t size)
{
        (void)number;
        memcpy(move(size), from, size);
        return (long)size;
}

long posix_fsync(int number)
{
        (void)number;
        return 0;
}

/* --- the guest --- */

static void set(unsigned offset, uint32_t value)
{
        world_store(SLOT + offset, 4, value);
}

static void set_address(unsigned offset, uint64_t at)
{
        set(offset, (uint32_t)at);
        set(offset + 4, (uint32_t)(at >> 32));
}

static uint16_t *half(unsigned at)
{
        return (uint16_t *)(ram + at);
}

static void describe(unsigned index, uint64_t at, uint32_t bytes, unsigned flags)
{
        const struct descriptor d = {at, bytes, (uint16_t)flags, (uint16_t)(index + 1)};

        memcpy(ram + TABLE + index * sizeof(d), &d, sizeof(d));
}

/* A driver as it should be: three descriptors for each request. */
static void begin(void)
{
        set(STATUS, 0);
        memset(ram, 0, RAM);
        set(QUEUE_SELECT, 0);
        set(QUEUE_SIZE, SIZE);
        set_address(DESCRIPTORS, MACHINE_RAM + TABLE);
        set_address(AVAILABLE, MACHINE_RAM + OFFERED);
        set_address(USED, MACHINE_RAM + DONE);
        set(QUEUE_READY, 1);
}

static void request(unsigned first, uint32_t type, uint64_t sector, uint64_t data, uint32_t bytes)
{
        unsigned head = HEADS + first * 32;

        memcpy(ram + head, &(uint64_t){type}, 8);
        memcpy(ram + head + 8, &sector, 8);
        ram[head + 16] = 0xff;
        describe(first, MACHINE_RAM + head, 16, NEXT);
        describe(first + 1, data, bytes, NEXT | (type == READ ? WRITABLE : 0));
        describe(first + 2, MACHINE_RAM + head + 16, 1, WRITABLE);
}

static void works_after_reset(void)
{
        begin();
        request(0, READ, 5, MACHINE_RAM + DATA, SECTOR);
        half(OFFERED)[1] = 1;
        set(NOTIFY, 0);
        CHECK_EQUAL(half(DONE)[1], 1);
        CHECK_EQUAL(ram[HEADS + 16], 0);
        CHECK(!memcmp(ram + DATA, file + (BEFORE + 5) * SECTOR, SECTOR));
        set(ACKNOWLEDGE, 1);
}

/* Memory beside the guest's is no memory. */
static void open_disk(void)
{
        const struct settings s = {.disk = "/tmp/disk", .disk_start = BEFORE, .disk_sectors = SECTORS};
        unsigned char *all = mmap((void *)(MACHINE_RAM_VIEW - RAM), 3 * RAM, PROT_NONE,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

        CHECK(all != MAP_FAILED);
        ram = all + RAM;
        CHECK(!mprotect(ram, RAM, PROT_READ | PROT_WRITE));
        monitor.ram_bytes = RAM;
        for (size_t i = 0; i < sizeof(file); i++)
                file[i] = (unsigned char)(i * 7 + i / SECTOR);
        world_open();
        disk_open(&s);
        alarm(60); /* a notification that never ends */
}

/* --- cases --- */

/* Each request reads another index for the ring of offers than the one that the monitor is at, so there would always be one more. */
void offers_without_end(void)
{
        open_disk();
        for (unsigned i = 0; i < SECTOR / 2; i++)
                ((uint16_t *)(file + BEFORE * SECTOR))[i] = 0x8000;
        for (unsigned i = 0; i < SECTOR / 2; i++)
                ((uint16_t *)(file + (BEFORE + 1) * SECTOR))[i] = 0x8001;
        begin();
        set(QUEUE_SIZE, 6);
        request(0, READ, 0, MACHINE_RAM + OFFERED + 2, 2);
        request(3, READ, 1, MACHINE_RAM + OFFERED + 2, 2);
        for (unsigned i = 0; i < 6; i++)
                half(OFFERED)[2 + i] = i % 2 ? 3 : 0;
        half(OFFERED)[1] = 1;
        calls = 0;
        set(NOTIFY, 0);
        CHECK(calls <= 6);
        CHECK(world_load(SLOT + STATUS, 4) & WANTS_RESET);
        works_after_reset();
}

static uint64_t somewhere(void)
{
        const uint64_t at[] = {MACHINE_RAM + world_random(RAM),
                               MACHINE_RAM + world_random(RAM / 16) * 16,
                               MACHINE_RAM + DATA,
                               MACHINE_RAM + OFFERED + world_random(64),
                               MACHINE_RAM + DONE + world_random(64),
                               MACHINE_RAM + TABLE + world_random(256),
                               MACHINE_RAM + RAM - world_random(64),
                               MACHINE_RAM - world_random(64),
                               0 - world_random(64),
                               world_random(UINT64_MAX)};

        return at[world_random(sizeof(at) / sizeof(*at))];
}

static uint32_t length(void)
{
        const uint64_t bytes[] = {SECTOR,
                                  16,
                                  1,
                                  0,
                                  world_random(4 * SECTOR),
                                  RAM,
                                  UINT32_MAX - world_random(64),
                                  world_random(1ull << 32)};

        return (uint32_t)bytes[world_random(sizeof(bytes) / sizeof(*bytes))];
}

static void spoil(void)
{
        unsigned first = (unsigned)world_random(SIZE - 3);
        struct descriptor d = {somewhere(), length(), (uint16_t)world_random(4),
                               (uint16_t)world_random(SIZE + 2)};

        switch (world_random(20)) {
        case 0:
                set_address((unsigned[]){DESCRIPTORS, AVAILABLE, USED}[world_random(3)], somewhere());
                break;
        case 1:
                set(QUEUE_SIZE, (uint32_t)(world_random(2) ? world_random(140) : world_random(1ull << 32)));
                break;
        case 2:
                set((unsigned)world_random(SLOT_BYTES / 4) * 4, (uint32_t)world_random(1ull << 32));
                break;
        case 3:
        case 4:
                memcpy(ram + TABLE + world_random(SIZE) * sizeof(d), &d, sizeof(d));
                break;
        case 5:
                half(OFFERED)[world_random(2 + SIZE)] = (uint16_t)world_random(1 << 16);
                break;
        default:
                request(first, (uint32_t)(world_random(3) ? world_random(2) : world_random(10)),
                        world_random(4) ? world_random(SECTORS) : world_random(UINT64_MAX),
                        world_random(2) ? MACHINE_RAM + DATA : somewhere(),
                        world_random(2) ? SECTOR : length());
                half(OFFERED)[2 + half(OFFERED)[1] % SIZE] = (uint16_t)first;
                half(OFFERED)[1]++;
        }
}

void nonsense_in_queues(void)
{
        unsigned long served = 0;

        open_disk();
        for (unsigned i = 0; i < ROUNDS; i++) {
                begin();
                for (uint64_t left = 1 + world_random(12); left > 0; left--) {
                        spoil();
                        calls = 0;
                        if (world_random(2))
                                set(NOTIFY, world_random(8) ? 0 : (uint32_t)world_random(3));
                        CHECK(calls <= VIRTIO_QUEUE_MOST * VIRTIO_PARTS);
                        served += calls;
                }
                works_after_reset();
        }
        CHECK(served > ROUNDS / 4); /* some of it is well enough formed to be carried out */
}
