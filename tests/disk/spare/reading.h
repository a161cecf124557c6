/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of main.c share: the bytes of the disk, and threads that read it. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
        PAGE = 4096,
        MIB = 1 << 20,
        LARGE = 2 * MIB,
        DISK = 8 * MIB,
        HALF = DISK / 2,
        WRITERS = 8,
        READERS = 16
};

extern int disk;
extern unsigned wrong, rounds;

/* The first one is printed. */
void complain(const char *what, long seen);

unsigned draw(unsigned below);
unsigned char byte_at(uint64_t at);
bool is_disk(const unsigned char *bytes, uint64_t at, size_t size);
bool is_all(const unsigned char *bytes, unsigned char value, size_t size);
unsigned char *map(size_t size);

struct reading {
        pthread_t thread;
        unsigned char *to;
        uint64_t at;
        size_t size;
        long result;
};

/* From a place that is drawn; it has begun when `begin` returns, if the machine is not very slow.  The device takes longer. */
struct reading start_reading(unsigned char *to, size_t size);
void begin(struct reading *r);

/* All is there; or a part, where the rest may find no memory. */
void end(struct reading *r, const char *what);
void end_part(struct reading *r, const char *what);

/* Bytes of pages where `fill` was written after a read had begun; a part of the read that begins later goes to its place in them. */
bool is_late(const unsigned char *bytes, unsigned char fill, size_t size, const struct reading *r);
