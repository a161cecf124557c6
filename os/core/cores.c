/* SPDX-License-Identifier: BSD-2-Clause */
/* See cores.h. */
#include "os/core/cores.h"
#include "base/text.h"

static struct {
        seL4_CPtr control; /* of core 0; the others are behind it */
        unsigned count;
} cores = {.count = 1};

/* Who is where: the drivers, and other servers that are programs.  The server itself and its services are on core 0, where the kernel
 * starts the root task. */
static const struct {
        const char *name;
        uint32_t set; /* with a bit for each core that it may be on */
} table[] = {
        {"timer", CORE_OF_SERVER}, {"serial", CORE_OF_SERVER},
        {"rtc", CORE_OF_SERVER},   {"block", CORE_OF_SERVER},
        {"net", CORE_OF_SERVER},   {"ext2", CORE_ANY}, /* it uses the calls of programs, and nothing else */
        {"vmm", CORE_ANY}, /* its pages are shared as between cores; its guest is where it is */
};

void cores_open(const seL4_BootInfo *info)
{
        cores.control = info->schedcontrol.start;
        cores.count = info->numNodes < CORES_MAX ? (unsigned)info->numNodes : CORES_MAX;
}

unsigned cores_count(void)
{
        return cores.count;
}

uint32_t cores_all(void)
{
        return (1u << cores.count) - 1;
}

seL4_CPtr core_control(unsigned core)
{
        return cores.control + core;
}

uint32_t cores_of_server(const char *name)
{
        for (unsigned i = 0; i < sizeof(table) / sizeof(*table); i++) {
                if (!strcmp(table[i].name, name) && table[i].set & cores_all())
                        return table[i].set & cores_all();
        }
        return cores_all();
}
