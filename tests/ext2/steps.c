/* SPDX-License-Identifier: BSD-2-Clause */
/* See steps.h. */
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>

static bool inodes;

void step_know_inodes(bool know)
{
        inodes = know;
}

/* The archive as it is, or with the inodes of the disk that is open. */
static const struct bytes *with_inodes(const struct bytes *archive)
{
        static struct bytes given, known;

        given.size = 0;
        if (!inodes)
                return archive;
        if (!volume_give(bytes_add, &given, NULL))
                return NULL;
        known_archive(archive, &given, &known);
        return &known;
}

bool step_change(const struct disk *disk, const struct bytes *archive, char words[VOLUME_WORDS])
{
        bool opened = volume_open(disk, words) == VOLUME_GOOD, good;

        archive = opened ? with_inodes(archive) : NULL;
        good = archive != NULL;
        volume_take_begins();
        for (size_t at = 0, part; good && at < archive->size; at += part) {
                part = 1 + disk_random() % 9000;
                part = part < archive->size - at ? part : archive->size - at;
                good = volume_take(archive->at + at, part);
        }
        good = opened && volume_keep(words) && good; /* it says why, as in the program */
        volume_close();
        return good;
}

char *step_mounted(const struct disk *disk)
{
        static struct bytes given;
        char words[VOLUME_WORDS];
        bool good = volume_open(disk, words) == VOLUME_GOOD;

        given.size = 0;
        good = good && volume_give(bytes_add, &given, NULL);
        volume_close();
        return good ? tree_lines(&given) : NULL;
}

bool step_is_clean(const char *file)
{
        char command[500];

        snprintf(command, sizeof(command), "e2fsck -fn %s >%s.log 2>&1", file, file);
        return disk_save(file) && system(command) == 0;
}
