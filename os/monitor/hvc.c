/* SPDX-License-Identifier: BSD-2-Clause */
/* A console by virtio: /dev/hvc0 in Linux.  A chain of bytes is an exit, where the serial line has several for each byte.
 *
 * What does not fit while somebody reads is kept with its chain until there is room.
 */
#include "os/monitor/console.h"
#include "os/monitor/device.h"
#include "os/monitor/monitor.h"
#include "os/monitor/virtio.h"

enum { CONSOLE = 3, TYPED = 0, SAID = 1 };

static struct {
        struct virtio_slot slot;
        struct virtio_chain chain; /* that is being said */
        uint32_t done;             /* bytes of it */
        bool holds;                /* there is one */
} hvc;

/* True: all of it is said. */
static bool say_chain(void)
{
        char piece[MACHINE_AT_ONCE];
        size_t room;
        uint32_t n;

        while ((room = console_room()) > 0) {
                n = virtio_get(&hvc.chain, hvc.done, piece,
                               room < sizeof(piece) ? (uint32_t)room : sizeof(piece));
                if (n == 0)
                        return true;
                console_say(piece, n);
                hvc.done += n;
        }
        return false;
}

static void say(void)
{
        bool told = false;

        while (hvc.holds || virtio_take(&hvc.slot, SAID, &hvc.chain)) {
                hvc.done = hvc.holds ? hvc.done : 0;
                hvc.holds = !say_chain();
                if (hvc.holds)
                        break;
                virtio_give(&hvc.slot, SAID, &hvc.chain, 0);
                told = true;
        }
        if (told)
                virtio_tell(&hvc.slot);
}

static void hear(void)
{
        char typed[MACHINE_HEARD];
        struct virtio_chain c;
        uint32_t n;
        bool told = false;

        while (console_hears(CONSOLE_VIRTIO) > 0 && virtio_take(&hvc.slot, TYPED, &c)) {
                n = virtio_room(&c);
                n = n < console_hears(CONSOLE_VIRTIO) ? n : (uint32_t)console_hears(CONSOLE_VIRTIO);
                console_take(typed, n);
                virtio_give(&hvc.slot, TYPED, &c, virtio_put(&c, 0, typed, n));
                told = true;
        }
        if (told)
                virtio_tell(&hvc.slot);
}

void hvc_look(void)
{
        say();
        hear();
}

static void notify(struct virtio_slot *v, unsigned queue)
{
        (void)v;
        if (queue == SAID)
                say();
        else
                hear();
}

/* The driver starts over: the chain no longer exists. */
static void begin(struct virtio_slot *v)
{
        (void)v;
        hvc.holds = false;
}

void hvc_open(void)
{
        hvc.slot = (struct virtio_slot){.id = CONSOLE, .queues = 2, .notify = notify, .reset = begin};
        virtio_add(&hvc.slot);
}
