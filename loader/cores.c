/* SPDX-License-Identifier: BSD-2-Clause */
/* Which other cores there are, for an image that is built for several (spec smp.md 10). */
#include <string.h>

#include "lib/driver/fdt/fdt.h"
#include "loader/loader.h"

#define MPIDR_AFFINITY 0xff00ffffffull

/* How the core of a row is started: 0 by firmware, otherwise where it looks for an address. */
static uint64_t release[HANDOVER_CORES_MAX];

uint64_t core_release(uint64_t row)
{
        return release[row];
}

static bool is_core(const struct fdt *fdt, int node)
{
        const char *type = fdt_read_text(fdt, node, "device_type");

        return type != NULL && strcmp(type, "cpu") == 0 && fdt_is_enabled(fdt, node);
}

static void add_core(const struct fdt *fdt, int node, struct handover *h)
{
        const char *method = fdt_read_text(fdt, node, "enable-method");
        uint64_t mpidr = fdt_read_wide(fdt, node, "reg") & MPIDR_AFFINITY;
        bool table = method != NULL && strcmp(method, "spin-table") == 0;

        if (h->core_count == HANDOVER_CORES_MAX)
                return;
        release[h->core_count] = table ? fdt_read_wide(fdt, node, "cpu-release-addr") : 0;
        h->core[h->core_count++] = (struct handover_core){.mpidr = mpidr};
}

/* This core, those after it in the tree, and then those before it. */
void cores_read(const struct fdt *fdt, struct handover *h)
{
        int cpus = fdt_find_node(fdt, "/cpus"), own = -1;

        h->core_count = 0;
        if (h->options.cores <= 1)
                return;
        for (int node = fdt_find_child(fdt, cpus); node >= 0; node = fdt_find_sibling(fdt, node))
                if (is_core(fdt, node) && fdt_read_wide(fdt, node, "reg") == (this_core() & MPIDR_AFFINITY))
                        own = node;
        h->core[h->core_count++] = (struct handover_core){.mpidr = this_core() & MPIDR_AFFINITY};
        for (int node = own; node >= 0; node = fdt_find_sibling(fdt, node))
                if (node != own && is_core(fdt, node))
                        add_core(fdt, node, h);
        for (int node = fdt_find_child(fdt, cpus); node >= 0 && node != own;
             node = fdt_find_sibling(fdt, node))
                if (is_core(fdt, node))
                        add_core(fdt, node, h);
}
