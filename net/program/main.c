/* SPDX-License-Identifier: BSD-2-Clause */
/* The network as a program of the starter OS: the card, lwIP, and sockets in memory shared with the server.
 *
 * It has what sos/driver.h names and nothing else.  One thread owns the stack; the card's interrupt, the clients' bell and the alarm are
 * bits of one notification.
 */
#include "net/program/guests.h"
#include "net/program/info.h"
#include "net/program/sockets.h"
#include "net/stack/stack.h"

#include <lwip/netif.h>
#include <sel4/sel4.h>
#include <sel4/start.h>

#include "sos/clock.h"
#include "sos/driver.h"

static struct net net;

/* Only the exit can still report it. */
void net_assertion(const char *what, const char *file, int line)
{
        info_say("%s (%s:%d)", what, file, line);
        __builtin_trap();
}

/* Prints a line for the address that people want to know; the others are in the info. */
static void on_status(struct netif *netif, netif_nsc_reason_t reason, const netif_ext_callback_args_t *args)
{
        (void)args;
        info_changed();
        if (reason & LWIP_NSC_IPV4_ADDRESS_CHANGED && !ip4_addr_isany(netif_ip4_addr(netif)))
                info_say("address %s", ip4addr_ntoa(netif_ip4_addr(netif)));
}

static bool start(const struct driver_start *begin)
{
        static netif_ext_callback_t callback;
        struct virtio_memory memory = {(void *)DRIVER_MEMORY, begin->memory_paddr};
        volatile void *registers = (volatile char *)DRIVER_REGISTERS + begin->registers;

        net_stir(clock_ticks());
        if (begin->memory_bytes < NET_MEMORY || !net_start(&net, registers, NULL, &memory, clock_us))
                return false;
        netif_add_ext_callback(&callback, on_status);
        net_ask_date(begin->setting[0] ? begin->setting : NULL);
        unreachable_open();
        guests_open(&net, begin->guests);
        seL4_IRQHandler_Ack(DRIVER_INTERRUPT);
        return true;
}

/* A timeout that is already set and early enough will do: the stack then says when it wants the next one.  True: the other side must
 * look. */
static bool set_alarm(bool rung)
{
        static uint64_t due; /* 0: none */
        uint64_t at = net_step_us() + (uint64_t)net_sleep_ms() * 1000;

        due = rung ? 0 : due;
        if (due && due <= at + 1000) { /* the stack counts whole milliseconds */
                return false;
        }
        due = at;
        driver_alarm_set(at);
        return true;
}

/* The outcome.  True: the other side must look. */
static bool tell(void)
{
        info_update(&net);
        sockets_tell();
        return socket_must_wake(&sockets_link);
}

/* What it was woken by. */
struct reason {
        seL4_Word badge;
        bool bell; /* of the server alone, which has no badge; false when it has not waited */
};

/* First what came from the card, then what the clients ask for, then the results of both.  With nothing but the bell, card and timers are
 * left alone: they ring themselves. */
static bool step(struct reason reason)
{
        if (reason.bell)
                net_begin(&net);
        else
                net_step(&net);
        if (reason.badge & DRIVER_BADGE_INTERRUPT)
                seL4_IRQHandler_Ack(DRIVER_INTERRUPT);
        if (reason.badge & DRIVER_BADGE_ALARM)
                info_may_have_changed();
        guests_serve();
        sockets_serve();
        net_loop();
        virtio_net_kick(&net.card);
        guests_tell();
        return tell();
}

/* A signal, if it is due, and waiting for the next one are one call: the other side is more urgent, and runs while this one waits
 * already. */
static struct reason wait(bool wakes)
{
        seL4_Word badge = 0;
        bool sleeps = guests_may_sleep() && socket_may_sleep(&sockets_link);

        if (wakes && sleeps)
                seL4_NBSendWait(DRIVER_CLIENT, seL4_MessageInfo_new(0, 0, 0, 0), DRIVER_SIGNALS, &badge);
        else if (sleeps)
                seL4_Wait(DRIVER_SIGNALS, &badge);
        else if (wakes)
                seL4_Signal(DRIVER_CLIENT);
        return (struct reason){badge, sleeps && !badge};
}

int main(void)
{
        struct reason reason = {0};

        sockets_open((void *)DRIVER_SHARED);
        if (!start((const struct driver_start *)DRIVER_SHARED)) {
                info_say("the card cannot be used");
                for (;;)
                        wait(tell());
        }
        info_ready();
        for (;;) {
                bool wakes = step(reason);

                wakes |= set_alarm(reason.badge & DRIVER_BADGE_ALARM);
                reason = wait(wakes);
        }
}
