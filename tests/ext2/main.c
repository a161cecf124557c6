/* SPDX-License-Identifier: BSD-2-Clause */
/* The ext2 program's file system on the host, over a disk that loses its power.
 *
 * give IMAGE          the tree as an archive, on the standard output
 * take IMAGE          makes the tree match the archive on the standard input
 * cuts IMAGE FILE SEED HISTORIES
 *                     random changes, each until the power goes at a random operation, also while a log is carried
 *                     out; each time the disk is mounted, has the tree before or after the change
 *                     (after it, when it was told to be kept), and is written to FILE for e2fsck -fn, which must find nothing
 * flushes IMAGE FILE SEED CHANGES
 *                     the power goes at each flush, with the worst orders of the writes before it; and with each flush left out, which
 *                     must be noticed
 * errors IMAGE FILE SEED CHANGES
 *                     each request of a change fails, alone
 */
#include "disk.h"
#include "steps.h"
#include "volume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool print(void *state, const void *bytes, size_t size)
{
        return fwrite(bytes, 1, size, state) == size;
}

static int give(const struct disk *disk)
{
        char words[VOLUME_WORDS];
        enum volume_state state = volume_open(disk, words);

        fprintf(stderr, "%s%s\n",
                state == VOLUME_GOOD        ? "good"
                : state == VOLUME_READ_ONLY ? "read-only: "
                                            : "refused: ",
                words);
        return state == VOLUME_REFUSED || !volume_give(print, stdout, NULL);
}

static int take(const struct disk *disk, const char *file)
{
        static char data[10000];
        char words[VOLUME_WORDS];
        size_t size;

        if (volume_open(disk, words) != VOLUME_GOOD) {
                fprintf(stderr, "%s\n", words);
                return 1;
        }
        volume_take_begins();
        while ((size = fread(data, 1, sizeof(data), stdin)) > 0 && volume_take(data, size))
                ;
        if (volume_keep(words))
                return !disk_save(file);
        fprintf(stderr, "%s\n", words);
        return 1;
}

/* --- cuts --- */

static struct bytes archive;

/* Mounted after the power has come back; it may fail again during that. */
static char *mounted_after_cut(const struct disk *disk, bool interrupted)
{
        disk_power_on(DISK_ANY);
        if (interrupted) {
                disk_cut_after(1 + disk_random() % 12);
                free(step_mounted(disk));
                disk_power_on(DISK_ANY);
        }
        return step_mounted(disk);
}

/* For people: writes both trees beside the image. */
static void show(const char *file, const char *before, const char *after, const char *now)
{
        const char *text[] = {before, after, now ? now : ""}, *name[] = {"before", "wanted", "found"};
        char path[500];

        for (unsigned i = 0; i < 3; i++) {
                FILE *f;

                snprintf(path, sizeof(path), "%s.%s", file, name[i]);
                f = fopen(path, "w");
                if (f && fputs(text[i], f) >= 0)
                        fclose(f);
        }
}

/* One change and one cut; `before`: the lines of the disk before, then those after. */
static const char *step(const struct disk *disk, const char *file, char **before)
{
        char words[VOLUME_WORDS], *after, *now;
        const char *wrong = NULL;
        bool kept;

        tree_change();
        tree_archive(&archive);
        after = tree_lines(&archive);
        disk_cut_after(disk_random() % 4 ? 1 + disk_random() % 80 : 0);
        kept = step_change(disk, &archive, words);
        if (!kept && !disk_is_cut())
                printf("%s\n", words);
        wrong = !kept && !disk_is_cut() ? "a change is refused" : NULL;
        now = mounted_after_cut(disk, disk_random() % 2);
        if (!wrong && !now)
                wrong = "it cannot be mounted";
        if (!wrong && kept && strcmp(now, after))
                wrong = "what was kept is not there";
        if (!wrong && strcmp(now, after) && strcmp(now, *before))
                wrong = "it is neither the tree before nor the one after";
        if (!wrong && !step_is_clean(file))
                wrong = "e2fsck -fn finds something";
        if (wrong && disk_save(file))
                show(file, *before, after, now);
        free(*before);
        free(after);
        *before = now;
        return wrong;
}

static bool history(const char *image, const char *file, uint64_t seed)
{
        const struct disk *disk = disk_load(image);
        char *lines = disk ? step_mounted(disk) : NULL;
        const char *wrong = lines ? NULL : "the image cannot be mounted";

        disk_seed(seed);
        tree_begin();
        step_know_inodes(seed % 2);
        for (unsigned i = 0; i < 10 && !wrong; i++)
                wrong = step(disk, file, &lines);
        free(lines);
        if (wrong)
                printf("FAIL history %lu: %s (%s, %s.log)\n", (unsigned long)seed, wrong, file, file);
        return !wrong;
}

static int cuts(char **argument, uint64_t seed, unsigned count)
{
        for (unsigned i = 0; i < count; i++) {
                if (!history(argument[2], argument[3], seed + i))
                        return 1;
        }
        printf("%u changes, each with a cut or none: tree and e2fsck -fn\n", 10 * count);
        return 0;
}

int main(int count, char **argument)
{
        uint64_t seed = count == 6 ? strtoull(argument[4], NULL, 0) : 0;
        unsigned changes = count == 6 ? (unsigned)atoi(argument[5]) : 0;

        if (count == 6 && !strcmp(argument[1], "cuts"))
                return cuts(argument, seed, changes);
        if (count == 6 && !strcmp(argument[1], "flushes"))
                return sweep_flushes(disk_load(argument[2]), argument[3], seed, changes);
        if (count == 6 && !strcmp(argument[1], "errors"))
                return sweep_errors(disk_load(argument[2]), argument[3], seed, changes);
        if (count == 3 && !strcmp(argument[1], "give") && disk_load(argument[2]))
                return give(disk_load(argument[2]));
        if (count == 3 && !strcmp(argument[1], "take") && disk_load(argument[2]))
                return take(disk_load(argument[2]), argument[2]);
        fprintf(stderr, "usage: ext2 give IMAGE | take IMAGE | cuts IMAGE FILE SEED HISTORIES |\n"
                        "            flushes IMAGE FILE SEED CHANGES | errors IMAGE FILE SEED CHANGES\n");
        return 2;
}
