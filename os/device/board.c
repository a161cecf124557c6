/* SPDX-License-Identifier: BSD-2-Clause */
/* See board.h. */
#include "os/device/board.h"
#include "base/text.h"
#include "os/core/object.h"
#include "sel4/report.h"
#include "sos/clock.h"

static struct {
        struct fdt fdt;
        bool has_tree;
        int virtio; /* the last node that board_virtio answered */
        unsigned virtio_count;
        uint64_t epoch;
        uint64_t *told; /* where it is written as well */
} board = {.virtio = FDT_NONE};

void board_open(const seL4_BootInfo *info)
{
        board.has_tree = device_tree(info, &board.fdt);
        if (!board.has_tree)
                report("board: no device tree in the boot information; no device can be found");
}

void board_say_missing(void)
{
        if (!board.has_tree)
                return;
        if (fdt_find_next(&board.fdt, FDT_NONE, "arm,pl031") < 0)
                report("board: no known real-time clock; dates count from 1970");
        if (fdt_find_next(&board.fdt, FDT_NONE, "virtio,mmio") < 0)
                report("board: no virtio-mmio; there is no disk and no network card");
}

void board_learn_date(uint64_t us)
{
        uint64_t up = clock_us();

        board.epoch = us > up ? us - up : 0;
        if (board.told)
                __atomic_store_n(board.told, board.epoch, __ATOMIC_RELAXED);
}

void board_tell_epoch(uint64_t *place)
{
        board.told = place;
        __atomic_store_n(place, board.epoch, __ATOMIC_RELAXED);
}

uint64_t board_epoch(void)
{
        return board.epoch;
}

uint64_t board_date_us(void)
{
        return board.epoch + clock_us();
}

/* Where that word begins; NULL: it is not there. */
static const char *find_word(const char *word, size_t length, bool whole)
{
        const char *at = board.has_tree
                                 ? fdt_read_text(&board.fdt, fdt_find_node(&board.fdt, "/chosen"), "bootargs")
                                 : NULL;

        while (at && *at) {
                while (*at == ' ')
                        at++;
                if (!strncmp(at, word, length) && (!whole || at[length] == ' ' || !at[length]))
                        return at;
                at = strchr(at, ' ');
        }
        return NULL;
}

bool board_started_with(const char *word)
{
        return find_word(word, strlen(word), true);
}

void board_setting(const char *name, char *value, size_t size)
{
        const char *at = find_word(name, strlen(name), false);
        size_t n = 0;

        for (at = at ? at + strlen(name) : ""; *at && *at != ' ' && n + 1 < size; at++)
                value[n++] = *at;
        value[n] = '\0';
}

bool board_serial(struct serial_device *serial)
{
        int node = board.has_tree ? fdt_find_console(&board.fdt, uart_is_known) : FDT_NONE;

        if (board.has_tree && node < 0)
                report("board: the device tree names no console");
        if (node < 0)
                return false;
        serial->compatible = fdt_first_compatible(&board.fdt, node);
        if (!uart_line_of(&board.fdt, node, &serial->line)) {
                report("board: no driver for the console, a %s", serial->compatible);
                return false;
        }
        if (device_open_node(&serial->device, &board.fdt, node)) {
                report("board: the console, a %s, has no registers that we can use", serial->compatible);
                return false;
        }
        if (!serial->device.has_interrupt)
                report("board: the console's interrupt %s%s; input is polled",
                       serial->device.controller ? "belongs to a " : "is not known",
                       serial->device.controller ? serial->device.controller : "");
        return true;
}

bool board_device(const char *compatible, struct device *device)
{
        int node = board.has_tree ? fdt_find_next(&board.fdt, FDT_NONE, compatible) : FDT_NONE;

        return node >= 0 && !device_open_node(device, &board.fdt, node);
}

/* With rising indices, each node is looked for once; a lower one starts the search again. */
bool board_virtio(unsigned index, struct device *device)
{
        if (!board.has_tree)
                return false;
        if (index + 1 < board.virtio_count || board.virtio < 0) {
                board.virtio = FDT_NONE;
                board.virtio_count = 0;
        }
        while (board.virtio_count <= index) {
                board.virtio = fdt_find_next(&board.fdt, board.virtio, "virtio,mmio");
                if (board.virtio < 0)
                        return false;
                board.virtio_count++;
        }
        return !device_open_node(device, &board.fdt, board.virtio);
}

unsigned board_gic(uintptr_t *interface)
{
        enum { INTERFACE = 3 /* of the controller's registers */ };
        int node = board.has_tree ? fdt_find_next(&board.fdt, FDT_NONE, "arm,gic-v3") : FDT_NONE;
        struct fdt_range range;

        if (node >= 0)
                return 3;
        node = board.has_tree ? fdt_find_next(&board.fdt, FDT_NONE, "arm,cortex-a15-gic") : FDT_NONE;
        if (node < 0 && board.has_tree)
                node = fdt_find_next(&board.fdt, FDT_NONE, "arm,gic-400");
        if (node < 0 || !fdt_read_reg(&board.fdt, node, INTERFACE, &range))
                return 0;
        *interface = range.base;
        return 2;
}

bool board_memory(unsigned index, uintptr_t *start, size_t *bytes)
{
        struct fdt_range range;

        if (!board.has_tree || !fdt_read_memory(&board.fdt, index, &range))
                return false;
        *start = range.base;
        *bytes = range.size;
        return true;
}
