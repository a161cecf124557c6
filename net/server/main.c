/* SPDX-License-Identifier: BSD-2-Clause */
/* A network server as a root task: one thread that owns the stack, the card's interrupt and a clock as two bits of one
 * notification. */
#include "net/services/services.h"

#include <bootstrap/bootstrap.h>
#include <clock/alarm.h>
#include <clock/timestamp.h>
#include <device/device.h>
#include <dma/dma.h>
#include <irq/irq.h>
#include <lwip/netif.h>
#include <sel4/report.h>
#include <sel4/start.h>
#include <threads/threads.h>

enum { PRIORITY = ALARM_PRIORITY - 1 };

static cspace_t cspace;
static vspace_t vspace;
static struct net net;
static struct alarm alarm;
static struct clock timeouts;
static seL4_CPtr signals;

void net_assertion(const char *what, const char *file, int line)
{
        report("net: %s (%s:%d)", what, file, line);
        start_exit(1);
}

static bool find_card(struct device *device)
{
        struct virtio v;
        struct fdt tree;
        int node = FDT_NONE;

        if (!device_tree(start_bootinfo(), &tree))
                return false;
        while ((node = fdt_find_next(&tree, node, "virtio,mmio")) != FDT_NONE) {
                if (device_open_node(device, &tree, node))
                        continue;
                if (virtio_open(&v, device->registers, NULL, VIRTIO_NET))
                        return true;
                device_close(device);
        }
        return false;
}

/* Prints a line for each address that we get, for people and for the tests, which wait for it. */
static void on_status(struct netif *netif, netif_nsc_reason_t reason, const netif_ext_callback_args_t *args)
{
        if (reason & LWIP_NSC_IPV4_ADDRESS_CHANGED && !ip4_addr_isany(netif_ip4_addr(netif)))
                report("net: address %s", ip4addr_ntoa(netif_ip4_addr(netif)));
        if (reason & LWIP_NSC_IPV6_ADDR_STATE_CHANGED) {
                s8_t i = args->ipv6_addr_state_changed.addr_index;

                if (ip6_addr_ispreferred(netif_ip6_addr_state(netif, i)))
                        report("net: address %s", ip6addr_ntoa(netif_ip6_addr(netif, i)));
        }
}

static int on_interrupt(void *data, seL4_Word irq, seL4_IRQHandler handler)
{
        (void)data, (void)irq, (void)handler;
        net_step(&net);
        return 0;
}

static bool start(struct device *device)
{
        static netif_ext_callback_t callback;
        struct virtio_memory memory;
        dma_addr_t piece;

        if (dma_start(&cspace))
                return false;
        piece = sos_dma_malloc(NET_MEMORY, VIRTIO_PAGE);
        memory = (struct virtio_memory){(void *)piece.vaddr, piece.paddr};
        net_stir(timestamp_ticks());
        if (!piece.vaddr || !net_start(&net, device->registers, NULL, &memory, alarm_now)) {
                report("net: the card at 0x%lx cannot be used", device->paddr);
                return false;
        }
        netif_add_ext_callback(&callback, on_status);
        net_ask_date(NULL);
        threads_start(&cspace, start_bootinfo()->schedcontrol.start, seL4_CapInitThreadTCB, false);
        seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, PRIORITY);
        irq_start(&cspace, seL4_CapIRQControl, signals);
        return services_start(&net) &&
               !alarm_open(&alarm, &cspace, start_bootinfo()->schedcontrol.start, signals) &&
               !clock_open(&timeouts, alarm_device(&alarm)) &&
               !irq_attach(device->interrupt, device->edge, on_interrupt, NULL);
}

static timestamp_t due; /* of the timeout that is set; 0: none */

static void on_timeout(uint32_t id, void *data)
{
        (void)id, (void)data;
        due = 0;
        net_step(&net);
}

/* A timeout that is already set and early enough will do: the stack then says when it wants the next one. */
static void set_timeout(void)
{
        timestamp_t at = alarm_now() + (timestamp_t)net_sleep_ms() * 1000;
        static uint32_t timeout;

        if (due && due <= at + 1000) { /* the stack counts whole milliseconds */
                return;
        }
        if (due)
                clock_cancel(&timeouts, timeout);
        due = at;
        timeout = clock_at(&timeouts, at, on_timeout, NULL);
}

/* Waits for the card, or until the stack has something to do by itself. */
static _Noreturn void serve(void)
{
        for (;;) {
                seL4_Word badge;

                set_timeout();
                seL4_Wait(signals, &badge);
                if (badge & IRQ_FLAG_BIT)
                        irq_dispatch(badge);
                if (alarm_now() >= due) { /* a request for nothing would set the alarm again */
                        clock_expire(&timeouts);
                }
        }
}

int main(void)
{
        struct device device;

#ifndef TESSERA_RELEASE /* whose kernel has no console */
        start_report_to_kernel();
#endif
        if (bootstrap(&cspace, &vspace, start_bootinfo()) ||
            !ut_new_object(&cspace, &signals, seL4_NotificationObject, 0))
                return 1;
        if (!find_card(&device) || !device.has_interrupt) {
                report("net: there is no virtio network card (QEMU: -device virtio-net-device,netdev=...)");
                return 1;
        }
        if (!start(&device)) {
                report("net: not started: no memory");
                return 1;
        }
        serve();
}
