/* SPDX-License-Identifier: BSD-2-Clause */
/* RAM and what firmware keeps of it.
 *
 * Lists of ranges are kept ascending and disjoint.  RAM is rounded inwards to whole pages, reserved ranges outwards;
 * a device's registers are never RAM, whatever a memory node says.
 */
#include <string.h>

#include "lib/driver/fdt/fdt.h"
#include "loader/loader.h"

static void list_remove(struct list l, uint64_t at)
{
        memmove(l.range + at, l.range + at + 1, (--*l.count - at) * sizeof(*l.range));
}

static void list_insert(struct list l, uint64_t at, struct handover_range r)
{
        if (*l.count == HANDOVER_RAM_MAX)
                stop("the device tree lists more than %lu ranges of memory", (uint64_t)HANDOVER_RAM_MAX);
        memmove(l.range + at + 1, l.range + at, ((*l.count)++ - at) * sizeof(*l.range));
        l.range[at] = r;
}

/* Adds a range; ranges that it touches are merged with it. */
void list_add(struct list l, struct handover_range r)
{
        uint64_t at = 0;

        if (r.start >= r.end)
                return;
        while (at < *l.count && l.range[at].end < r.start)
                at++;
        while (at < *l.count && l.range[at].start <= r.end) {
                r.start = l.range[at].start < r.start ? l.range[at].start : r.start;
                r.end = l.range[at].end > r.end ? l.range[at].end : r.end;
                list_remove(l, at);
        }
        list_insert(l, at, r);
}

void list_subtract(struct list l, struct handover_range hole)
{
        for (uint64_t i = 0; i < *l.count;) {
                struct handover_range r = l.range[i];

                if (!overlaps(r, hole)) {
                        i++;
                        continue;
                }
                list_remove(l, i);
                if (hole.end < r.end)
                        list_insert(l, i, (struct handover_range){hole.end, r.end});
                if (r.start < hole.start)
                        list_insert(l, i, (struct handover_range){r.start, hole.start});
        }
}

static struct handover_range whole_pages(struct handover_range r)
{
        return (struct handover_range){round_down(r.start, PAGE), round_up(r.end, PAGE)};
}

static bool touches(struct list l, struct handover_range r)
{
        for (uint64_t i = 0; i < *l.count; i++)
                if (overlaps(l.range[i], r))
                        return true;
        return false;
}

static void read_memory(const struct fdt *fdt, struct list ram)
{
        struct fdt_range r;

        for (unsigned i = 0; fdt_read_memory(fdt, i, &r); i++) {
                uint64_t end = r.base + r.size;

                if (end > WINDOW_SIZE)
                        say("loader: %s is RAM at 0x%lx..0x%lx: memory beyond 0x%lx is not used.\n",
                            fdt_memory_name(fdt, i), r.base, end, (uint64_t)WINDOW_SIZE);
                end = end < WINDOW_SIZE ? end : WINDOW_SIZE;
                list_add(ram, (struct handover_range){round_up(r.base, PAGE), round_down(end, PAGE)});
        }
}

static void read_reserved(const struct fdt *fdt, struct list reserved, struct list ram)
{
        struct fdt_range r;

        for (unsigned i = 0; fdt_read_reserved(fdt, i, &r); i++) {
                struct handover_range range = whole_pages((struct handover_range){r.base, r.base + r.size});

                if (touches(ram, range))
                        list_add(reserved, range);
        }
        for (uint64_t i = 0; i < *reserved.count; i++)
                list_subtract(ram, reserved.range[i]);
}

struct check {
        const struct fdt *fdt;
        struct list ram;
};

/* A bus whose window lies in a much larger range of RAM is one that the memory node should not have covered; one that is nearly as
 * large gives its children access to memory, too. */
static bool is_of_devices(struct list ram, struct handover_range window)
{
        for (uint64_t i = 0; i < *ram.count; i++)
                if (window.start >= ram.range[i].start && window.end <= ram.range[i].end)
                        return window.end - window.start < (ram.range[i].end - ram.range[i].start) / 4;
        return false;
}

/* It is only left out of RAM: user level gets it as device memory. */
static void check_place(void *context, int node, struct fdt_range place, bool window)
{
        struct check *check = context;
        struct handover_range r = whole_pages((struct handover_range){place.base, place.base + place.size});
        const char *type = fdt_read_text(check->fdt, node, "device_type");

        if (place.size == 0 || !touches(check->ram, r) || (window && !is_of_devices(check->ram, r)) ||
            (type != NULL && strcmp(type, "memory") == 0))
                return;
        say("loader: a memory node covers %s at 0x%lx..0x%lx, which is not RAM.\n",
            fdt_node_name(check->fdt, node), r.start, r.end);
        list_subtract(check->ram, r);
}

void memory_read(const struct fdt *fdt, struct handover *h)
{
        struct list ram = {h->ram, &h->ram_count}, reserved = {h->reserved, &h->reserved_count};

        read_memory(fdt, ram);
        el2_keep_guest_memory(h, ram);
        if (parking_page())
                list_add(reserved, (struct handover_range){parking_page(), parking_page() + PAGE});
        if (console_log())
                list_add(reserved, (struct handover_range){console_log(), console_log() + PAGE});
        read_reserved(fdt, reserved, ram);
        fdt_visit_places(fdt, check_place, &(struct check){fdt, ram});
}
