/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock over a memory-mapped timer: the SP804 of a board that QEMU emulates, found in its device tree.  Its time is compared
 * with that of the processor's counter. */
#include <bootstrap/bootstrap.h>
#include <clock/timers.h>
#include <clock/timestamp.h>
#include <device/device.h>
#include <irq/irq.h>
#include <sel4/report.h>
#include <sel4/start.h>

enum { TIMEOUTS = 300, SPREAD_US = 200000, LATE_US = 2000, LINE = 34 };

static cspace_t cspace;
static vspace_t vspace;
static struct clock timer;
static struct sp804 sp804;
static timestamp_t deadline[TIMEOUTS];
static unsigned fired, early, passed, failed;
static timestamp_t late_max;

static void check(bool ok, const char *what)
{
        passed += ok;
        failed += !ok;
        report("%s %s", ok ? "ok  " : "FAIL", what);
}

static timestamp_t now(void)
{
        return sp804_device(&sp804).now(&sp804);
}

static void note(uint32_t id, void *data)
{
        timestamp_t due = deadline[(seL4_Word)data], at = now();

        (void)id;
        fired++;
        early += at < due;
        late_max = at - due > late_max ? at - due : late_max;
}

static int ring(void *data, seL4_Word irq, seL4_IRQHandler handler)
{
        (void)data, (void)irq, (void)handler;
        sp804_acknowledge(&sp804);
        clock_expire(&timer);
        return 0;
}

static bool open(seL4_CPtr notification)
{
        struct device device;
        struct fdt fdt;

        if (!device_tree(start_bootinfo(), &fdt) ||
            device_open_compatible(&device, start_bootinfo(), "arm,sp804", 0))
                return false;
        check(device.has_interrupt && device.interrupt == LINE, "the tree has the interrupt");
        irq_start(&cspace, seL4_CapIRQControl, notification);
        return sp804_open(&sp804, device.registers,
                          fdt_read_clock(&fdt, fdt_find_next(&fdt, FDT_NONE, "arm,sp804"))) &&
               !irq_attach(device.interrupt, device.edge, ring, NULL) &&
               !clock_open(&timer, sp804_device(&sp804));
}

int main(void)
{
        timestamp_t start, counter;
        seL4_CPtr notification;
        seL4_Word badge;

        start_report_to_kernel();
        if (bootstrap(&cspace, &vspace, start_bootinfo()) ||
            !ut_new_object(&cspace, &notification, seL4_NotificationObject, 0))
                return 1;
        check(open(notification), "an SP804 as the clock's device");
        counter = timestamp_us(timestamp_get_freq());
        start = now();
        for (seL4_Word i = 0; i < TIMEOUTS; i++) {
                deadline[i] = start + 10000 + i * 7919 % SPREAD_US;
                if (!clock_at(&timer, deadline[i], note, (void *)i))
                        failed++;
        }
        while (fired < TIMEOUTS) {
                seL4_Wait(notification, &badge);
                irq_dispatch(badge);
        }
        counter = timestamp_us(timestamp_get_freq()) - counter;
        start = now() - start;
        check(!early, "300 timeouts, none early");
        report("     at most %lu microseconds late", late_max);
        check(late_max < LATE_US, "none late");
        check(counter > start ? counter - start < LATE_US : start - counter < LATE_US,
              "its time is that of the processor's counter");
        report("%u passed, %u failed", passed, failed);
        return 0;
}
