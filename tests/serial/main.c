/* SPDX-License-Identifier: BSD-2-Clause */
/* The client's half of the serial line against a driver that runs between any two of its steps, as one that is more urgent does: whatever
 * comes at whatever moment, the server is told of it, or looks at it before it waits. */
#include "os/device/serial.h"
#include "tests/lib/test.h"
#include "tests/serial/machine.h"
#include "tests/serial/writers.h"

#include <string.h>

enum { CHARACTERS = 3000, ROOM = 64 };

static struct sos_serial page;
static struct queue_serial driver;
static unsigned told;              /* by the driver */
static uint32_t sent, taken, held; /* characters: by the driver, by the server; in its own memory */
static uint32_t early, late;       /* that come before and behind what the server takes at the next look */

static void ring_the_driver(void)
{
}

static void driver_puts(uint32_t n)
{
        for (; n > 0; n--) {
                char c = (char)(sent % 251);

                if (!ring_put(&driver.out, &c))
                        return;
                sent++;
                told += ring_must_wake(&driver.out);
        }
}

static void take(uint32_t most)
{
        char c;

        while (most-- > 0 && serial_take(&c, 1) == 1) {
                CHECK_EQUAL((unsigned char)c, taken % 251);
                taken++;
        }
}

/* The server has room for some. */
static void look(void)
{
        uint32_t n = ROOM - held, before = taken;

        driver_puts(early);
        take(n);
        held += taken - before;
        driver_puts(late);
        early = late = 0;
}

static void begin(void)
{
        memset(&page, 0, sizeof(page));
        sent = taken = held = early = late = told = signals = 0;
        line_side_anew();
        CHECK(serial_open());
        serial_tell(look, AGAIN);
        serial_begins(&page, ring_the_driver);
        signals = 0;
        CHECK(queue_serial_open(&driver, page.rings, SOS_SERIAL_CHARACTERS, false));
}

/* The server waits: what has not been taken is known to be there, or it has been told. */
static void check_waits(void)
{
        if (told || signals || held == ROOM)
                return;
        CHECK_EQUAL(sent, taken);
}

static void hear(void)
{
        told = signals = 0;
        CHECK(serial_hear());
}

/* The case that was lost: a reader has taken what the signal was about, and a character comes just behind the look that finds nothing. */
static void test_behind_the_look(void)
{
        begin();
        hear();
        driver_puts(1);
        CHECK_EQUAL(told, 1);
        take(1);
        late = 1;
        hear();
        CHECK_EQUAL(taken, 2);
        CHECK_EQUAL(told, 0);
        driver_puts(1);
        CHECK_EQUAL(told, 1);
}

/* A server without room leaves what came; when somebody reads, it is told of what comes then. */
static void test_no_room(void)
{
        begin();
        hear();
        driver_puts(ROOM + 5);
        CHECK_EQUAL(told, 1);
        hear();
        CHECK_EQUAL(taken, ROOM);
        hear();
        CHECK_EQUAL(taken, ROOM);
        held = 0;
        take(ROOM); /* a reader takes all, also what waits in the ring */
        CHECK_EQUAL(sent, taken);
        CHECK(signals > 0);
        hear();
        driver_puts(1);
        CHECK_EQUAL(told, 1);
}

static void test_any_order(void)
{
        uint32_t seed = 1;

        begin();
        while (sent < CHARACTERS) {
                seed = seed * 1664525 + 1013904223;
                early = seed >> 24 & 3;
                late = seed >> 20 & 3;
                if (seed >> 16 & 1) {
                        hear();
                } else {
                        driver_puts(early + late);
                        early = late = 0;
                        if (told || signals)
                                hear();
                }
                if (seed >> 28 == 0 || held == ROOM) {
                        held = 0;
                        if (seed >> 12 & 1)
                                take(seed >> 8 & 15);
                        if (told || signals)
                                hear();
                        else if (sent != taken)
                                take(CHARACTERS);
                }
                check_waits();
        }
}

static const struct test tests[] = {
        {"a character behind the look", test_behind_the_look},
        {"no room, and a reader later", test_no_room},
        {"any order", test_any_order},
        {"writers wait for room, the driver at one moment", test_writers_at_one},
        {"the same at two moments", test_writers_at_two},
        {"the driver is ended", test_writers_ended},
        {"the driver is gone: the server reads", test_writers_gone},
        {"the driver hangs", test_writers_hang},
        {"more keys than there is room for", test_many_keys},
        {"who asks later whether there was room", test_room_is_news},
};

int main(int argc, char **argv)
{
        return test_main(TEST_LIST(tests), argc > 1 ? argv[1] : NULL);
}
