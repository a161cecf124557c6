/* SPDX-License-Identifier: BSD-2-Clause */
/* See volume.h.  Opening, what is refused, and the commit. */
#include "volume.h"

#include "volume_parts.h"

#include <e2p/e2p.h>
#include <et/com_err.h>
#include <stdio.h>
#include <string.h>

enum {
        COMPAT = EXT2_FEATURE_COMPAT_DIR_PREALLOC | EXT3_FEATURE_COMPAT_HAS_JOURNAL |
                 EXT2_FEATURE_COMPAT_EXT_ATTR | EXT2_FEATURE_COMPAT_RESIZE_INODE |
                 EXT2_FEATURE_COMPAT_DIR_INDEX | EXT4_FEATURE_COMPAT_SPARSE_SUPER2,
        INCOMPAT = EXT2_FEATURE_INCOMPAT_FILETYPE | EXT3_FEATURE_INCOMPAT_EXTENTS |
                   EXT4_FEATURE_INCOMPAT_64BIT | EXT4_FEATURE_INCOMPAT_FLEX_BG |
                   EXT2_FEATURE_INCOMPAT_META_BG,
        RO_COMPAT = EXT2_FEATURE_RO_COMPAT_SPARSE_SUPER | EXT2_FEATURE_RO_COMPAT_LARGE_FILE |
                    EXT4_FEATURE_RO_COMPAT_HUGE_FILE | EXT4_FEATURE_RO_COMPAT_GDT_CSUM |
                    EXT4_FEATURE_RO_COMPAT_DIR_NLINK | EXT4_FEATURE_RO_COMPAT_EXTRA_ISIZE |
                    EXT4_FEATURE_RO_COMPAT_METADATA_CSUM
};

ext2_filsys volume_fs;
static ext2fs_block_bitmap before; /* what the committed state uses */

/* --- what is in use --- */

static bool is_free(ext2fs_block_bitmap used, uint64_t page)
{
        unsigned each = PAGE_BYTES / volume_fs->blocksize;
        blk64_t first = page * each;

        if (first < volume_fs->super->s_first_data_block ||
            first + each > ext2fs_blocks_count(volume_fs->super))
                return false;
        return ext2fs_test_block_bitmap_range2(used, first, each);
}

static bool free_before(void *state, uint64_t page)
{
        (void)state;
        return before && is_free(before, page);
}

static bool free_after(void *state, uint64_t page)
{
        (void)state;
        return is_free(volume_fs->block_map, page);
}

static void unclean(void *state, void *bytes)
{
        struct ext2_super_block *super = bytes;

        (void)state;
        super->s_state &= (uint16_t)~EXT2_VALID_FS;
        ext2fs_superblock_csum_set(volume_fs, super);
}

static bool remember(void)
{
        if (before)
                ext2fs_free_block_bitmap(before);
        before = NULL;
        return !ext2fs_copy_bitmap(volume_fs->block_map, &before);
}

/* --- opening --- */

/* The name of the first unknown bit of `features`. */
static bool refuses(int kind, uint32_t features, uint32_t known, char *words)
{
        uint32_t bad = features & ~known;

        if (!bad)
                return false;
        snprintf(words, VOLUME_WORDS, "its feature %s is not supported (mke2fs -O ^%s makes one without)",
                 e2p_feature2string(kind, bad & -bad), e2p_feature2string(kind, bad & -bad));
        return true;
}

static bool is_ours(const struct disk *disk, const struct ext2_super_block *s, char *words)
{
        uint64_t blocks = s->s_blocks_count | (uint64_t)s->s_blocks_count_hi << 32;

        if (s->s_magic != EXT2_SUPER_MAGIC) {
                snprintf(words, VOLUME_WORDS, "there is no superblock");
        } else if (s->s_feature_incompat & EXT3_FEATURE_INCOMPAT_RECOVER) {
                snprintf(words, VOLUME_WORDS, "its journal holds changes: let e2fsck carry them out first");
        } else if (s->s_log_block_size > 2) {
                snprintf(words, VOLUME_WORDS, "its blocks are larger than 4 KiB");
        } else if (!refuses(E2P_FEATURE_INCOMPAT, s->s_feature_incompat, INCOMPAT, words) &&
                   !refuses(E2P_FEATURE_RO_INCOMPAT, s->s_feature_ro_compat, RO_COMPAT, words) &&
                   !refuses(E2P_FEATURE_COMPAT, s->s_feature_compat, COMPAT, words)) {
                if (blocks << s->s_log_block_size <= disk->pages * (PAGE_BYTES / 1024))
                        return true;
                snprintf(words, VOLUME_WORDS, "it is longer than the disk, of which only whole 4 KiB count");
        }
        return false;
}

static bool boot_is_empty(const unsigned char *zero)
{
        for (unsigned i = 0; i < BOOT_BYTES; i++) {
                if (zero[i])
                        return false;
        }
        return true;
}

/* Must it stay unchanged? */
static bool stays(const struct disk *disk, const unsigned char *zero, char *words)
{
        if (disk->read_only)
                snprintf(words, VOLUME_WORDS, "the disk is read-only");
        else if (!(volume_fs->super->s_state & EXT2_VALID_FS) || volume_fs->super->s_state & EXT2_ERROR_FS)
                snprintf(words, VOLUME_WORDS,
                         "it was not closed or has errors, and is read-only: let e2fsck repair it");
        else if (!boot_is_empty(zero))
                snprintf(words, VOLUME_WORDS,
                         "its first sector, where the log begins, is in use, and it is read-only");
        else
                return false;
        return true;
}

static bool replay(char *words)
{
        switch (pages_replay()) {
        case PAGES_KEPT:
                snprintf(words, VOLUME_WORDS, "the disk is read-only, and the last changes are in a log");
                return false;
        case PAGES_BAD:
                snprintf(words, VOLUME_WORDS, "its log cannot be carried out: let e2fsck repair it");
                return false;
        case PAGES_REPLAYED:
                snprintf(words, VOLUME_WORDS, "the last changes were in a log, and are carried out");
                break;
        case PAGES_FOREIGN:
                snprintf(words, VOLUME_WORDS, "another system has changed it; an older log is ignored");
                break;
        default:
                break;
        }
        return true;
}

static bool open_fs(bool read_only, char *words)
{
        errcode_t error = ext2fs_open("disk", EXT2_FLAG_64BITS | (read_only ? 0 : EXT2_FLAG_RW), 0, 0,
                                      volume_manager, &volume_fs);

        if (!error)
                error = ext2fs_read_bitmaps(volume_fs);
        if (error)
                snprintf(words, VOLUME_WORDS, "it cannot be read: %s", error_message(error));
        return !error;
}

static bool read_zero(const struct disk *disk, unsigned char *zero, char *words)
{
        bool good = disk->read(disk->state, 0, zero);

        if (!good)
                snprintf(words, VOLUME_WORDS, "its first page cannot be read");
        return good;
}

enum volume_state volume_open(const struct disk *disk, char words[VOLUME_WORDS])
{
        static unsigned char zero[PAGE_BYTES];
        const struct pages_use use = {
                .free_before = free_before, .free_after = free_after, .unclean = unclean};

        words[0] = '\0';
        initialize_ext2_error_table();
        pages_open(disk, &use);
        if (!read_zero(disk, zero, words) || !is_ours(disk, (const void *)(zero + SUPER_AT), words) ||
            !replay(words) || !read_zero(disk, zero, words) || !open_fs(disk->read_only, words))
                return VOLUME_REFUSED;
        if (stays(disk, zero, words))
                return VOLUME_READ_ONLY;
        return remember() ? VOLUME_GOOD : VOLUME_REFUSED;
}

void volume_close(void)
{
        if (volume_fs) {
                volume_fs->flags &= ~EXT2_FLAG_DIRTY;
                ext2fs_free(volume_fs);
        }
        volume_fs = NULL;
        if (before)
                ext2fs_free_block_bitmap(before);
        before = NULL;
        pages_close();
}

static bool add_bytes(void *state, const void *bytes, size_t size)
{
        (void)bytes;
        *(uint64_t *)state += size;
        return true;
}

uint64_t volume_room(void)
{
        uint64_t room = ext2fs_free_blocks_count(volume_fs->super) * volume_fs->blocksize, used = 0, content;

        volume_give(add_bytes, &used, &content);
        return room - room / 8 + used + content;
}

bool volume_keep(char words[VOLUME_WORDS])
{
        errcode_t error = take_result();
        enum pages_result kept = PAGES_GOOD;

        words[0] = '\0';
        if (!error && ext2fs_test_changed(volume_fs))
                error = ext2fs_flush(volume_fs);
        if (!error)
                kept = pages_commit(); /* content can change, and nothing else */
        if (error)
                snprintf(words, VOLUME_WORDS, "%s", error_message(error));
        else if (kept != PAGES_GOOD)
                snprintf(words, VOLUME_WORDS, "%s",
                         kept == PAGES_NO_ROOM ? "there is too little free space for the log"
                                               : "the disk reports an error");
        else if (!remember())
                snprintf(words, VOLUME_WORDS, "out of memory");
        return !words[0];
}
