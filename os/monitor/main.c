/* SPDX-License-Identifier: BSD-2-Clause */
/* The monitor's start and its loop; see monitor.h. */
#include "base/text.h"
#include "os/monitor/console.h"
#include "os/monitor/device.h"
#include "os/monitor/irq.h"
#include "os/monitor/monitor.h"
#include "os/monitor/settings.h"
#include "sos/clock.h"
#include "sos/sos_calls.h"

struct monitor monitor = {.page = (struct machine_page *)MACHINE_SHARED};

/* The reader of the console gets all of it, if that does not take long. */
static void drain(void)
{
        enum { PAUSE_US = 20000, PAUSES = 50 };
        seL4_Word badge;

        for (unsigned i = 0;
             i < PAUSES && monitor.page->server.attached && monitor.page->said != monitor.page->server.read;
             i++) {
                monitor_alarm(clock_us() + PAUSE_US);
                seL4_Wait(MACHINE_SIGNALS, &badge);
        }
}

_Noreturn void monitor_ends(enum machine_state state, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        text_line(monitor.page->message, sizeof(monitor.page->message), format, arguments);
        va_end(arguments);
        processors_end();
        drain();
        monitor.page->state = state;
        sos_exit(state != MACHINE_AGAIN);
}

void monitor_alarm(uint64_t us)
{
        sos_call(SOS_MACHINE, MACHINE_ALARM, us, 0, 0);
}

bool monitor_gets_processor(void)
{
        return !sos_call(SOS_MACHINE, MACHINE_ADD, 0, 0, 0);
}

/* The server has stopped the processors already, or lets them go on. */
static void obey(void)
{
        monitor.page->state = monitor.page->server.order == MACHINE_PAUSE ? MACHINE_PAUSED : MACHINE_RUNS;
}

static void hear(seL4_Word badge)
{
        obey();
        serial_look();
        hvc_look();
        card_look();
        processors_look(badge);
}

static _Noreturn void serve(void)
{
        for (;;) {
                seL4_Word badge = 0;
                seL4_MessageInfo_t info = processors_await(&badge);

                if (badge & MACHINE_BADGE_FAULT)
                        exits_handle(info);
                else
                        hear(badge);
        }
}

/* Everything that can fail is done before the guest begins. */
int main(int count, char **word)
{
        struct settings s;
        uint64_t entry, tree;

        monitor.name = word[0];
        monitor.page->state = MACHINE_STARTS;
        settings_read(&s, count, word);
        if (s.disk)
                disk_open(&s);
        if (sos_call(SOS_MACHINE, MACHINE_TAKE, s.mib >> (MACHINE_PIECE_BITS - 20), 0, 0))
                monitor_fails("there are no %lu MiB for it; see `vm list`", s.mib);
        processors_open(s.processors);
        console_on(s.virtio_console ? CONSOLE_VIRTIO : CONSOLE_SERIAL);
        hvc_open();
        card_open();
        guest_make(s.mib * MIB);
        image_load(&s, &entry, &tree);
        gic_open(monitor.page->server.gic);
        serial_open();
        if (!processor_start(&monitor.processor[0], entry, tree))
                monitor_fails("its processor cannot be started");
        monitor.page->state = MACHINE_RUNS;
        serve();
}
