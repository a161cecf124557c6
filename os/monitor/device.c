/* SPDX-License-Identifier: BSD-2-Clause */
/* See device.h. */
#include "os/monitor/device.h"
#include "os/monitor/monitor.h"

enum { DEVICES = 12 };

static struct emulated devices[DEVICES];
static unsigned count;

void device_add(const struct emulated *e)
{
        if (count == DEVICES)
                monitor_fails("it has too many devices");
        devices[count++] = *e;
}

static bool is_at(const struct emulated *e, uint64_t address, unsigned width)
{
        return address - e->base < e->size && width <= e->size - (address - e->base);
}

/* Mostly it is the one of the last access. */
const struct emulated *device_at(uint64_t address, unsigned width)
{
        static unsigned last;

        if (is_at(&devices[last], address, width))
                return &devices[last];
        for (unsigned i = 0; i < count; i++) {
                if (is_at(&devices[i], address, width)) {
                        last = i;
                        return &devices[i];
                }
        }
        return NULL;
}
