/* SPDX-License-Identifier: BSD-2-Clause */
/* A virtio network card as its driver sees it: as strict as mmio_device.h, and it lies when told to.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <virtio/net.h>

#include "mmio_device.h"

enum { CARD_MEMORY = 1 << 20 };
#define CARD_PADDR 0x40000000ull

struct card {
        struct mmio_device device;
        bool no_notify; /* it asks not to be notified */
};
extern struct card card;
extern char card_memory[CARD_MEMORY];

/* As after power-on: 1,024 descriptors, a MAC, some features that nobody asked for. */
void card_reset(bool modern);

/* A frame comes in from the wire, behind a header of `header` bytes (as the layout has it); false: no buffer. */
bool card_receive(const void *frame, uint32_t length);

/* The next frame that goes out; its length, 0: none. */
uint32_t card_sent(void *frame, uint32_t room);

/* An entry of queue 0 or 1 that the driver has not earned; the index moved by `by`. */
void card_lie(unsigned queue, uint32_t id, uint32_t length, uint16_t by);

/* Buffers that wait for frames; frames that wait to go. */
unsigned card_waiting(unsigned queue);
