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

const struct emulated *device_at(uint64_t address, unsigned width)
{
        for (unsigned i = 0; i < count; i++) {
                if (address - devices[i].base < devices[i].size &&
                    width <= devices[i].size - (address - devices[i].base))
                        return &devices[i];
        }
        return NULL;
}
