/* SPDX-License-Identifier: BSD-2-Clause */
/* A virtio network card as its driver sees it: registers of both layouts and two queues, which it reads by the addresses
 * that it was given.  It is strict: what a device may expect of a driver is checked at each access.  And it lies when told to.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <virtio/net.h>

enum { CARD_MEMORY = 1 << 20 };
#define CARD_PADDR 0x40000000ull

struct card {
        bool modern;
        uint32_t queue_max; /* what it offers; 0: no queue */
        uint64_t offered;
        bool refuses;         /* the features */
        unsigned reset_reads; /* of the status, until the reset is over; 0: at once */
        bool no_notify;       /* it asks not to be notified */
        uint32_t status, interrupt, notified[2];
        uint64_t accepted;
};
extern struct card card;
extern char card_memory[CARD_MEMORY];
extern const struct virtio_access card_access;
extern char card_registers[0x200];

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

void card_break(void);
