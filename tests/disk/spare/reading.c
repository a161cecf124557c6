/* SPDX-License-Identifier: BSD-2-Clause */
/* See reading.h. */
#include "tests/disk/spare/reading.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int disk;
unsigned wrong, rounds;
static uint64_t seed = 7;

void complain(const char *what, long seen)
{
        if (!wrong++)
                printf("%s: %ld (errno %d)\n", what, seen, errno);
}

unsigned draw(unsigned below)
{
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        return (unsigned)(seed >> 33) % below;
}

unsigned char byte_at(uint64_t at)
{
        return (unsigned char)((at / 8 + 1) * 0x9e3779b97f4a7c15u >> at % 8 * 8);
}

bool is_disk(const unsigned char *bytes, uint64_t at, size_t size)
{
        for (size_t i = 0; i < size; i++) {
                if (bytes[i] != byte_at(at + i))
                        return false;
        }
        return true;
}

bool is_all(const unsigned char *bytes, unsigned char value, size_t size)
{
        for (size_t i = 0; i < size; i++) {
                if (bytes[i] != value)
                        return false;
        }
        return true;
}

unsigned char *map(size_t size)
{
        unsigned char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (at == MAP_FAILED)
                complain("mmap", (long)size);
        return at;
}

/* --- threads that read --- */

static void *read_it(void *what)
{
        struct reading *r = what;

        r->result = pread(disk, r->to, r->size, (off_t)r->at);
        return NULL;
}

/* It has begun when the caller goes on, if the machine is not very slow; the device takes longer. */
struct reading start_reading(unsigned char *to, size_t size)
{
        struct reading r = {
                .to = to, .at = (uint64_t)draw(HALF / PAGE - (unsigned)(size / PAGE)) * PAGE, .size = size};

        return r;
}

void begin(struct reading *r)
{
        pthread_create(&r->thread, NULL, read_it, r);
        usleep(500 + draw(2000));
}

void end(struct reading *r, const char *what)
{
        pthread_join(r->thread, NULL);
        if (r->result != (long)r->size || !is_disk(r->to, r->at, r->size))
                complain(what, r->result);
}

/* The same where a part of the read that begins later may find no memory. */
void end_part(struct reading *r, const char *what)
{
        pthread_join(r->thread, NULL);
        if (r->result == 0 || (r->result > 0 && !is_disk(r->to, r->at, (size_t)r->result)))
                complain(what, r->result);
}

/* Bytes of pages where `fill` was written after a read had begun; a part of the read that begins later goes to its place in them. */
bool is_late(const unsigned char *bytes, unsigned char fill, size_t size, const struct reading *r)
{
        for (size_t k = 0; k < size; k++) {
                if (bytes[k] != fill && bytes[k] != byte_at(r->at + (uint64_t)(bytes - r->to) + k))
                        return false;
        }
        return true;
}
