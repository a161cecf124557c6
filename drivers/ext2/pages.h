/* SPDX-License-Identifier: BSD-2-Clause */
/* A disk in pages of 4 KiB, whose changes stay in memory until they are committed, all or none of them.
 *
 * A commit: pages that nothing refers to in the committed state go to their places, and all others into a log, which occupies
 * space that neither state uses; flush; page 0, with the log's head in its first sector and a superblock marked as unclean; flush: from
 * here on the new state is the valid one; the pages of the log go to their places; flush; page 0 in its final form, without a head; flush.
 * A disk that lost its power holds the old state, or a log that pages_replay carries out.  Writes of one page are taken to be whole
 * or not at all; those between two flushes may get lost, or come in any order.
 *
 * Not for several threads.  Memory: changed pages that must wait for a commit, and at most PAGES_CLEAN others.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
        PAGE_BYTES = 4096,
        PAGES_CLEAN = 1024,
        PAGES_EARLY = 1024,
        BOOT_BYTES = 512,
        SUPER_AT = 1024,
        SUPER_BYTES = 1024
};

/* The device: each returns false on an error.  `flush` ends when all writes before it are on the medium. */
struct disk {
        uint64_t pages;
        bool read_only;
        void *state;
        bool (*read)(void *state, uint64_t page, void *to);
        bool (*write)(void *state, uint64_t page, const void *from);
        bool (*flush)(void *state);
};

struct page;

/* What is in use, which the file system knows: in the committed state, and in the next one; and how its superblock says
 * that it is not clean. */
struct pages_use {
        void *state;
        bool (*free_before)(void *state, uint64_t page);
        bool (*free_after)(void *state, uint64_t page);
        void (*unclean)(void *state, void *super);
};

void pages_open(const struct disk *disk, const struct pages_use *use);
void pages_close(void); /* uncommitted changes are discarded */

bool pages_read(uint64_t at, void *to, uint64_t size);
bool pages_write(uint64_t at, const void *from, uint64_t size);

enum pages_result { PAGES_GOOD, PAGES_ERROR, PAGES_NO_ROOM };
enum pages_result pages_commit(void);

/* At the beginning, before anything is read.  PAGES_FOREIGN: another system has written to the disk since; the log is forgotten.
 * PAGES_KEPT: there is one, and the disk is read-only. */
enum pages_found { PAGES_NOTHING, PAGES_REPLAYED, PAGES_FOREIGN, PAGES_KEPT, PAGES_BAD };
enum pages_found pages_replay(void);
