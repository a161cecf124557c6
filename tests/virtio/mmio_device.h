/* SPDX-License-Identifier: BSD-2-Clause */
/* What devices behind virtio-mmio have in common, as their drivers see it: the registers of both layouts, and queues that are read by
 * the addresses that the device was given.  It is strict: whatever a device may expect from a driver is checked at each access.  Written
 * from the tables of the standard, with numbers of its own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <virtio/virtio.h>

enum { MMIO_QUEUES = 2, MMIO_REGISTERS = 0x200 };

struct mmio_ring {
        uint32_t size;
        uint64_t descriptors, available, used;
        bool ready;
        uint16_t taken,
                done; /* entries of the available ring that were seen, of the used ring that were written */
};

struct mmio_device {
        /* What it is; set after mmio_reset. */
        uint32_t kind, queues;
        uint64_t offered, wanted;                            /* features; those that our driver may accept */
        uint32_t (*config)(uint32_t offset, unsigned bytes); /* a read of offset 0xfc or more */
        void (*notify)(unsigned queue);                      /* or NULL */
        char *memory;                                        /* of the machine, and where it lies */
        uint64_t paddr, memory_bytes;

        /* What a test wants of it. */
        bool modern;
        uint32_t queue_max;   /* 0: no queue */
        bool refuses;         /* the features */
        unsigned reset_reads; /* of the status, until the reset is over; 0: at once */
        void (*acknowledged)(
                void); /* or NULL: done once, between the driver's look at the interrupt and its acknowledgement */

        uint32_t status, interrupt, notified[MMIO_QUEUES];
        uint64_t accepted;
        struct mmio_ring ring[MMIO_QUEUES];
        struct {
                uint32_t selected, align, page_size, features_word, accepted_word, status_before;
                unsigned resetting;
        } inner;
        char registers[MMIO_REGISTERS];
};

/* The device that the accesses go to. */
extern struct mmio_device *mmio;
extern const struct virtio_access mmio_access;

/* As after power-on, with 1,024 descriptors a queue. */
void mmio_reset(struct mmio_device *d, bool modern);

/* The machine's memory, as the device reaches it. */
char *mmio_memory(uint64_t paddr, uint64_t size);
uint64_t mmio_number(uint64_t paddr, unsigned size);
void mmio_set_number(uint64_t paddr, unsigned size, uint64_t value);

/* Entries of the available ring that were not taken, and the next of them: the number of its first descriptor. */
unsigned mmio_waiting(const struct mmio_ring *r);
uint16_t mmio_take(struct mmio_ring *r);

/* An entry of the used ring, and the interrupt unless the driver wants none. */
void mmio_finish(struct mmio_ring *r, uint32_t id, uint32_t length);

/* The device has given up. */
void mmio_break(void);
