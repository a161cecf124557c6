/* SPDX-License-Identifier: BSD-2-Clause */
/* What the starter OS and the program that reads and writes a foreign file system on its disk (drivers/ext2) say to each other: reads and
 * writes at places of the program's descriptor SOS_VOLUME.
 *
 * Below SOS_VOLUME_ARCHIVE they are pages of the disk: one whole page each, at and from a multiple of 4 KiB.
 *
 * The program reads the facts.  When the tree is wanted, it writes it to SOS_VOLUME_ARCHIVE, as a CPIO archive without the content of files
 * (SOS_VOLUME_SAME); then it writes what became of that, a struct sos_volume_word.  From then on it reads what is to be done at
 * SOS_VOLUME_JOB, which waits until there is something:
 * - pages of a file are wanted: it writes each to SOS_VOLUME_CONTENT + its position in the file, a whole page, with zeros behind the file's
 *   end.  Pages that it leaves out cannot be read.
 * - there are changes: it reads an archive at SOS_VOLUME_ARCHIVE, and writes what became of it; SOS_VOLUME_KEPT when it is on the medium.
 *   Before that it writes the inodes of new files to SOS_VOLUME_INODES.
 * SOS_VOLUME_FLUSH waits until what was written to the disk is on its medium.
 */
#pragma once

#include <stdint.h>

#define SOS_VOLUME_ARCHIVE (1ull << 60)
#define SOS_VOLUME_FACTS   (1ull << 61)
#define SOS_VOLUME_WORD    (1ull << 62)
#define SOS_VOLUME_JOB     (SOS_VOLUME_FACTS + (1ull << 58))
#define SOS_VOLUME_INODES  (SOS_VOLUME_FACTS + (2ull << 58))
#define SOS_VOLUME_CONTENT (1ull << 59)

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

/* What an archive has of a file, in the field for its checksum: all of its content, and nobody knows which inode it is; or the inode is
 * known (it is the field SOS_VOLUME_INODE_FIELD; 0: it is a new file), and there is all of it, or nothing, for it has not changed, or
 * so many pages (SOS_VOLUME_PAGES_FIELD), each behind its number, 8 bytes; the others below page SOS_VOLUME_UNCUT_FIELD have not
 * changed, and those from there on are zeros. */
enum sos_volume_way { SOS_VOLUME_WHOLE, SOS_VOLUME_KNOWN, SOS_VOLUME_SAME, SOS_VOLUME_SOME };
enum {
        SOS_VOLUME_UNCUT_FIELD = 7,
        SOS_VOLUME_INODE_FIELD = 9,
        SOS_VOLUME_PAGES_FIELD = 10,
        SOS_VOLUME_WAY_FIELD = 12,
        SOS_VOLUME_PAGE_HEAD = 8
};

/* Names in the root that begin so are of files that are open and have no name any more: they are not in the tree, and the next change
 * removes them. */
#define SOS_VOLUME_REMOVED ".tessera-removed-"

struct sos_volume_job {
        uint32_t changes, inode; /* `changes`: the rest says nothing */
        uint64_t page, count;
};

/* The file with that number in the archive has this inode. */
struct sos_volume_inode {
        uint32_t number, inode;
};
