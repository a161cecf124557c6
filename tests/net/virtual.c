/* SPDX-License-Identifier: BSD-2-Clause */
/* Card, driver, lwIP and services as a program on this machine, for tests/net/virtual.py: frames come and go over its standard input and
 * output, and time passes only when it is told to, from one due event to the next.  So minutes take no time, and a run can be
 * repeated.
 *
 *      F length frame     a frame for the card
 *      T ms               let so much time pass, or less, if a frame goes out:      -> ms that passed, length, frame (0: none)
 *      M 1, M 0           the heap is full; it is as before again
 *      S                  -> buffers lent, bytes of the heap in use, TCP control blocks in use
 * All numbers have 32 bits, in the order of this machine; a command is a number too (its letter).
 */
#include "net/services/services.h"

#include <lwip/mem.h>
#include <lwip/memp.h>
#include <lwip/stats.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/virtio/card.h"

enum { FRAME = 2048, HELD = 4096 };

static struct net net;
static uint64_t now_us;
static void *held[HELD];

void net_assertion(const char *what, const char *file, int line)
{
        fprintf(stderr, "lwIP: %s (%s:%d)\n", what, file, line);
        abort();
}

static uint64_t now(void)
{
        return now_us;
}

static uint32_t number(void)
{
        uint32_t n;

        if (fread(&n, sizeof(n), 1, stdin) != 1)
                exit(0); /* the tester has finished */
        return n;
}

static void tell(uint32_t n)
{
        fwrite(&n, sizeof(n), 1, stdout);
}

static void take_frame(void)
{
        static uint8_t frame[FRAME];
        uint32_t length = number();

        if (length > FRAME || fread(frame, 1, length, stdin) != length)
                exit(1);
        card_receive(frame, length); /* without a buffer it is lost, as on a wire */
        net_step(&net);
}

static void pass(uint32_t most)
{
        static uint8_t frame[FRAME];
        uint32_t length, ms = 0, sleep;

        while ((length = card_sent(frame, sizeof(frame))) == 0 && ms < most) {
                sleep = net_sleep_ms();
                sleep = sleep < 1 ? 1 : sleep;
                sleep = sleep < most - ms ? sleep : most - ms;
                ms += sleep;
                now_us += sleep * 1000ull;
                net_step(&net);
        }
        net_step(&net);
        tell(ms);
        tell(length);
        fwrite(frame, 1, length, stdout);
        fflush(stdout);
}

/* Everything, in pieces that become smaller. */
static void fill_heap(void)
{
        size_t n = 0;

        for (mem_size_t size = 4096; size >= 16; size /= 2) {
                while (n < HELD && (held[n] = mem_malloc(size)) != NULL)
                        n++;
        }
}

static void empty_heap(void)
{
        for (size_t n = 0; n < HELD; n++) {
                if (held[n])
                        mem_free(held[n]);
                held[n] = NULL;
        }
}

static void tell_state(void)
{
        tell(net.lent);
        tell((uint32_t)lwip_stats.mem.used);
        tell((uint32_t)lwip_stats.memp[MEMP_TCP_PCB]->used);
        fflush(stdout);
}

int main(void)
{
        struct virtio_memory memory = {card_memory, CARD_PADDR};

        card_reset(true);
        if (!net_start(&net, card.device.registers, &mmio_access, &memory, now) || !services_start(&net))
                return 1;
        for (;;) {
                switch (number()) {
                case 'F':
                        take_frame();
                        break;
                case 'T':
                        pass(number());
                        break;
                case 'M':
                        (number() ? fill_heap : empty_heap)();
                        break;
                case 'S':
                        tell_state();
                        break;
                default:
                        return 1;
                }
        }
}
