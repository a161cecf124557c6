/* SPDX-License-Identifier: BSD-2-Clause */
/* What the starter OS and the program that reads and writes a foreign file system on its disk (drivers/ext2) say to each other: reads and
 * writes at places of the program's descriptor SOS_VOLUME.
 *
 * Below SOS_VOLUME_ARCHIVE they are pages of the disk: one whole page each, at and from a multiple of 4 KiB.
 *
 * The program reads the facts.  When the tree is wanted, it writes it to SOS_VOLUME_ARCHIVE, as a CPIO archive; then it writes
 * what became of that, a struct sos_volume_word.  From then on it reads an archive there, which waits until there are changes, and writes
 * what became of each: SOS_VOLUME_KEPT when it is on the medium.  SOS_VOLUME_FLUSH waits until what was written to the
 * disk is on its medium.
 */
#pragma once

#include <stdint.h>

#define SOS_VOLUME_ARCHIVE (1ull << 60)
#define SOS_VOLUME_FACTS   (1ull << 61)
#define SOS_VOLUME_WORD    (1ull << 62)

enum { SOS_VOLUME = 0, SOS_VOLUME_WORDS = 160 };

struct sos_volume_facts {
        uint64_t pages;
        uint32_t read_only, wants_tree;
};

enum sos_volume_what {
        SOS_VOLUME_REFUSED,   /* it is no file system, or not one for this program */
        SOS_VOLUME_READ_ONLY, /* the tree is there, and nothing will be written */
        SOS_VOLUME_MOUNTED,
        SOS_VOLUME_KEPT,
        SOS_VOLUME_FAILED, /* the disk holds what it held before */
        SOS_VOLUME_FLUSH
};

struct sos_volume_word {
        uint32_t what, unused;
        uint64_t room; /* bytes that the tree may take up */
        char words[SOS_VOLUME_WORDS];
};
