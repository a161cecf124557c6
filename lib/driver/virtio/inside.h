/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers and structures in memory that only this library touches. */
#pragma once

#include <virtio/virtio.h>

#define MAGIC 0x74726976u

enum {
        REG_MAGIC = 0x00,
        REG_VERSION = 0x04,
        REG_DEVICE = 0x08,
        REG_FEATURES = 0x10,
        REG_FEATURES_WORD = 0x14,
        REG_ACCEPTED = 0x20,
        REG_ACCEPTED_WORD = 0x24,
        REG_PAGE_SIZE = 0x28, /* legacy */
        REG_QUEUE = 0x30,
        REG_QUEUE_MAX = 0x34,
        REG_QUEUE_SIZE = 0x38,
        REG_QUEUE_ALIGN = 0x3c, /* legacy */
        REG_QUEUE_PAGE = 0x40,  /* legacy */
        REG_QUEUE_READY = 0x44, /* modern */
        REG_NOTIFY = 0x50,
        REG_INTERRUPT = 0x60,
        REG_INTERRUPT_ACK = 0x64,
        REG_STATUS = 0x70,
        REG_DESCRIPTORS = 0x80, /* modern, as the next two: low word, high word */
        REG_AVAILABLE = 0x90,
        REG_USED = 0xa0,
        REG_GENERATION = 0xfc, /* modern: another number after each change of what follows */
        REG_CONFIG = 0x100,
};

enum {
        STATUS_ACKNOWLEDGE = 1,
        STATUS_DRIVER = 2,
        STATUS_DRIVER_OK = 4,
        STATUS_FEATURES_OK = 8,
        STATUS_NEEDS_RESET = 64,
};

enum { FLAG_NEXT = 1, FLAG_DEVICE_WRITES = 2 };
enum { NO_INTERRUPT = 1, NO_NOTIFY = 1 }; /* flags of the two rings */

struct virtio_descriptor {
        uint64_t address;
        uint32_t length;
        uint16_t flags, next;
};

struct virtio_available {
        uint16_t flags, index, entry[];
};

struct virtio_used_entry {
        uint32_t id, length;
};

struct virtio_used {
        volatile uint16_t flags, index;
        volatile struct virtio_used_entry entry[];
};

uint32_t virtio_get(const struct virtio *v, uint32_t offset);
void virtio_put(const struct virtio *v, uint32_t offset, uint32_t value);
